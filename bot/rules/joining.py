"""What a group of files makes of one episode: which piece gives which part, and what stored parts stay. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from bot.domain import Chapter, Edition, EpisodeImport, Highlight, Line, Parsed, Problem, Transcript
from bot.rules.chapter_sources import chosen
from bot.rules.file_clues import is_stem_like
from bot.rules.highlights import align_highlights
from bot.rules.identity import Group, Piece, number_of, season_of
from bot.rules.lines import transcript_of
from bot.rules.titles import is_made, title_from

T = TypeVar("T")

_CHAPTERS_OF = {"json-chapters": "json", "page": "page"}
#: Which of several transcripts of one episode is kept.
_TRANSCRIPTS = ("page", "json-transcript", "vtt", "srt", "sbv", "html-transcript", "speaker-markdown", "timed-text")

#: What hosts put between an episode's name and the ending: ``late.chapters.json``, ``late.en.vtt``.
_MIDDLE = re.compile(r"[.](?:chapters?|transcripts?|captions?|subtitles?|en|[a-z]{2}-[A-Z]{2})$", re.IGNORECASE)
#: Nobody says this much in one cue or turn: four hours of talk, in characters.
LONGEST_TURN = 200_000


def bare_stem(stem: str) -> str:
    """The stem without what only says which kind of file it is."""
    return _MIDDLE.sub("", stem) or stem


def without_monsters(parsed: Parsed) -> tuple[Parsed, list[Problem]]:
    """The file without turns that no person can have said, and a problem for each."""
    kept = tuple(turn for turn in parsed.turns if len(turn.text) <= LONGEST_TURN)
    gone = [turn for turn in parsed.turns if len(turn.text) > LONGEST_TURN]
    problems = [
        Problem(f"one cue or turn of {len(turn.text):,} characters is left out: no one says that at once")
        for turn in gone[:20]
    ]
    return (replace(parsed, turns=kept) if gone else parsed), problems


def tells_of_an_episode(parsed: Parsed) -> bool:
    """Whether a file without words or times at least names an episode: source code and letters do not."""
    if parsed.turns or parsed.chapters:
        return True
    named = parsed.number is not None or parsed.guid or parsed.published or parsed.editions
    return bool(parsed.title and named)


def transcript_piece(group: Group) -> tuple[Piece | None, list[Problem]]:
    """The piece whose transcript is kept, and a problem for each other transcript of the same episode."""
    having = sorted(
        (piece for piece in group.pieces if piece.has_transcript),
        key=lambda piece: _TRANSCRIPTS.index(piece.parsed.format) if piece.parsed.format in _TRANSCRIPTS else 99,
    )
    if not having:
        return None, []
    kept = having[0]
    rest = [
        Problem(f"another transcript of the same episode; {kept.file} is kept", None, one.file) for one in having[1:]
    ]
    return kept, rest


def transcript_for(group: Group, piece: Piece) -> Transcript:
    """The piece cut into lines, with the duration that any piece knows."""
    parsed = piece.parsed
    duration = _first(one.parsed.duration_s for one in group.pieces)
    return transcript_of(parsed.turns, duration_s=duration, language=parsed.language or "en", made=parsed.made)


def episode_import(
    group: Group, transcript: Transcript | None, stored_lines: Sequence[Line], stored_chapters: Sequence[Chapter]
) -> EpisodeImport:
    """One episode from its pieces. What no piece says is None, which leaves the stored part as it is."""
    parsed = [piece.parsed for piece in group.pieces]
    existing = group.existing
    lines = transcript.lines if transcript else stored_lines
    highlights = _longest(one.highlights for one in parsed)
    published = _first(one.published for one in parsed)
    duration = _first(one.duration_s for one in parsed)
    editions = _editions(parsed, existing.editions if existing else ())
    number = _first(number_of(piece) for piece in group.pieces)
    season = _first(season_of(piece) for piece in group.pieces)
    return EpisodeImport(
        key=group.key,
        title=_title(group),
        number=number if number is not None else existing.number if existing else None,
        season=season if season is not None else existing.season if existing else None,
        guid=_first(one.guid for one in parsed) or (existing.guid if existing else None),
        published=published or (existing.published if existing else None),
        duration_s=duration if duration is not None else existing.duration_s if existing else None,
        summary=_first(one.summary or None for one in parsed),
        people=_longest(one.people for one in parsed) or None,
        editions=editions or None,
        chapters=chosen([offer for one in parsed if (offer := _offer(one))], stored_chapters, duration),
        highlights=_aligned(highlights, lines) if highlights else None,
        transcript=transcript,
    )


def _title(group: Group) -> str:
    """The feed's title, else the stored one of a feed's episode, else a file's own, else one made of the key.

    A made title gives way to every real one, whichever came first; a file's name inside a file is none.
    """
    items = [piece.parsed.title for piece in group.pieces if piece.stem is None]
    files = [
        piece.parsed.title
        for piece in group.pieces
        if piece.stem is not None and piece.parsed.title and not is_stem_like(piece.parsed.title)
    ]
    stored = group.existing
    real = stored.title if stored and not is_made(stored.title, stored.key) else None
    known = (real, *files) if stored and stored.guid else (*files, real)
    return _first(title or None for title in (*items, *known)) or (stored.title if stored else title_from(group.key))


def _aligned(highlights: Sequence[Highlight], lines: Sequence[Line]) -> tuple[Highlight, ...]:
    return align_highlights(highlights, lines) if lines else tuple(highlights)


def _offer(parsed: Parsed) -> tuple[Chapter, ...]:
    """The file's chapters, each saying where it comes from; what a parser says itself stands."""
    source = _CHAPTERS_OF.get(parsed.format)
    return tuple(replace(one, source=source) if source and one.source == "notes" else one for one in parsed.chapters)


def _editions(parsed: Sequence[Parsed], stored: Sequence[Edition]) -> tuple[Edition, ...]:
    """New ones first, one of each kind; a stored kind that nothing new replaces stays."""
    found: dict[str, Edition] = {}
    for one in (*(edition for each in parsed for edition in each.editions), *stored):
        found.setdefault(one.kind, one)
    return tuple(found.values())


def _first(values: Iterable[T | None]) -> T | None:
    return next((value for value in values if value is not None), None)


def _longest(values: Iterable[tuple[T, ...]]) -> tuple[T, ...]:
    return max(values, key=len, default=())
