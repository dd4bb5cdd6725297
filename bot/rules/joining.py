"""What a group of files makes of one episode: which piece gives which part, and what stored parts stay. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from bot.domain import Chapter, Edition, EpisodeImport, Highlight, Line, Parsed, Problem, Transcript
from bot.rules.highlights import align_highlights
from bot.rules.identity import Group, Piece, number_of
from bot.rules.lines import transcript_of

T = TypeVar("T")

#: Where chapters come from, best first; derived ones never replace published ones.
SOURCES = ("json", "feed", "page", "notes")
_CHAPTERS_OF = {"json-chapters": "json", "feed": "feed", "page": "page"}
#: Which of several transcripts of one episode is kept.
_TRANSCRIPTS = ("page", "json-transcript", "vtt", "srt", "html-transcript", "speaker-markdown", "timed-text")
_SMALL = frozenset(("a", "an", "and", "at", "by", "for", "in", "of", "on", "or", "the", "to", "with"))


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


def title_from(key: str) -> str:
    """A title for an episode that came without one: ``practical-ai-200`` -> ``Practical AI 200``."""
    words = re.sub(r"[-_\s]+", " ", re.sub(r"(?<=[A-Za-z])(?=\d+$)", " ", key)).split()
    named = [
        word.upper() if word in ("ai", "js", "css", "tv", "uk", "us") else word if word in _SMALL and at else _up(word)
        for at, word in enumerate(words)
    ]
    return " ".join(named) or key


def _up(word: str) -> str:
    return word[:1].upper() + word[1:]


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
    title = _first(one.title for one in parsed) or (existing.title if existing else title_from(group.key))
    number = _first(number_of(piece) for piece in group.pieces)
    return EpisodeImport(
        key=group.key,
        title=title,
        number=number if number is not None else existing.number if existing else None,
        season=existing.season if existing else None,
        guid=_first(one.guid for one in parsed) or (existing.guid if existing else None),
        published=published or (existing.published if existing else None),
        duration_s=duration if duration is not None else existing.duration_s if existing else None,
        summary=_first(one.summary or None for one in parsed),
        people=_longest(one.people for one in parsed) or None,
        editions=editions or None,
        chapters=_chapters(parsed, duration, stored_chapters),
        highlights=_aligned(highlights, lines) if highlights else None,
        transcript=transcript,
    )


def _aligned(highlights: Sequence[Highlight], lines: Sequence[Line]) -> tuple[Highlight, ...]:
    return align_highlights(highlights, lines) if lines else tuple(highlights)


def _chapters(
    parsed: Sequence[Parsed], duration_s: float | None, stored: Sequence[Chapter]
) -> tuple[Chapter, ...] | None:
    ranked = sorted((one for one in parsed if one.chapters), key=lambda one: SOURCES.index(_source(one)))
    if not ranked:
        return None
    best = ranked[0]
    if stored and SOURCES.index(_known(stored[0].source)) < SOURCES.index(_source(best)):
        return None
    return numbered(best.chapters, _source(best), duration_s)


def numbered(chapters: Sequence[Chapter], source: str, duration_s: float | None) -> tuple[Chapter, ...]:
    """Sorted by time, counted from 1, each ending where the next begins."""
    ordered = sorted(chapters, key=lambda one: one.start_s)
    if not ordered:
        return ()
    ends = [*(one.start_s for one in ordered[1:]), duration_s]
    return tuple(
        replace(one, n=n, end_s=_end(one, following), source=source)
        for n, (one, following) in enumerate(zip(ordered, ends, strict=True), 1)
    )


def _end(chapter: Chapter, following: float | None) -> float | None:
    end = chapter.end_s if chapter.end_s is not None and chapter.end_s > chapter.start_s else None
    if following is not None and following >= chapter.start_s:
        return min(end, following) if end is not None else following
    return end


def _editions(parsed: Sequence[Parsed], stored: Sequence[Edition]) -> tuple[Edition, ...]:
    """New ones first, one of each kind; a stored kind that nothing new replaces stays."""
    found: dict[str, Edition] = {}
    for one in (*(edition for each in parsed for edition in each.editions), *stored):
        found.setdefault(one.kind, one)
    return tuple(found.values())


def _source(parsed: Parsed) -> str:
    return _CHAPTERS_OF.get(parsed.format, "notes")


def _known(source: str) -> str:
    return source if source in SOURCES else "notes"


def _first(values: Iterable[T | None]) -> T | None:
    return next((value for value in values if value is not None), None)


def _longest(values: Iterable[tuple[T, ...]]) -> tuple[T, ...]:
    return max(values, key=len, default=())
