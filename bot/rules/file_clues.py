"""What tells which episode a file is, and what an episode is known by: two frozen values. Nothing is decided here."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import pairwise

from bot.domain import Episode, EpisodeKind, Parsed, Turn
from bot.rules.file_names import NOISE, Told, told
from bot.rules.labels import is_generic
from bot.rules.words import tokens

Bigram = tuple[str, str]

#: How many words of a transcript's beginning are looked through for a guest's name.
_OPENING = 1500
_LEADING_NUMBER = re.compile(r"^\W*#?\s*(\d{1,5})\s*[-:.|–—)\]]")
_NAME = re.compile(r"[^\W\d_a-zß-ÿ][\w'’-]*")
#: Words that no title is told from another by.
_COMMON = (
    "a an the and or of in on at to for with by from as is it its this that how why what who when where we you i my "
    "our your interview talk chat featuring feat ft guest special part vs "
    "und der die das mit von le la les el los de des du"
)
COMMON = NOISE | frozenset(_COMMON.split())


@dataclass(frozen=True, slots=True)
class Clues:
    """What one file tells. ``ends_s``: the last time of its transcript; ``spoken``: its words.

    ``titles`` are the compared words of its name and of the title inside it. ``people``: full names that it gives;
    ``opening``: neighbouring words of its beginning.
    """

    numbers: tuple[int, ...] = ()
    season: int | None = None
    marked: bool = False
    part: int | None = None
    dates: tuple[date, ...] = ()
    titles: tuple[tuple[str, ...], ...] = ()
    kind: EpisodeKind = "full"
    people: tuple[str, ...] = ()
    opening: frozenset[Bigram] = frozenset()
    ends_s: float | None = None
    spoken: int = 0
    #: Which of the words that were asked for its transcript says.
    says: frozenset[str] = frozenset()

    @property
    def empty(self) -> bool:
        """Whether nothing in it tells one episode from another."""
        worded = any(len(word) > 1 for title in self.titles for word in title)
        return not (self.numbers or self.dates or worded or self.people or self.ends_s)


@dataclass(frozen=True, slots=True)
class Known:
    """What one episode is known by. ``title`` holds its compared words, ``names`` the neighbouring words of names in
    its title and of its people, each with how it is written. ``position``: its place among the full ones, from 1."""

    numbers: tuple[int, ...] = ()
    season: int | None = None
    title: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    names: tuple[tuple[Bigram, str], ...] = ()
    part: int | None = None
    day: date | None = None
    duration_s: float | None = None
    kind: EpisodeKind = "full"
    repeat: bool = False
    position: int | None = None


def clues_of(stem: str, parsed: Parsed, listen_for: Collection[str] = frozenset()) -> Clues:
    """All that the file's name (without ending) and its content tell; ``listen_for``: words of episodes' titles."""
    name = told(stem)
    inner = told(parsed.title) if parsed.title and not is_stem_like(parsed.title) else None
    stated = parsed.number
    number = stated if stated is not None else name.number if name.number is not None else _marked(inner)
    dates = (parsed.published.astimezone(UTC).date(),) if parsed.published else name.dates
    titles = tuple(dict.fromkeys(filter(None, (name.tokens, inner.tokens if inner else ()))))
    return Clues(
        (number,) if number is not None else (),
        parsed.season if parsed.season is not None else name.season,
        stated is not None or name.marked,
        name.part or (inner.part if inner else None),
        dates or (inner.dates if inner else ()),
        tuple(tuple(word for word in title if not _is_digits(word)) for title in titles),
        _kind_of(stem, parsed.title),
        _people(parsed),
        _opening(parsed.turns),
        _ends(parsed.turns),
        sum(turn.text.count(" ") + 1 for turn in parsed.turns),
        frozenset(word for turn in parsed.turns for word in tokens(turn.text) if word in listen_for),
    )


def known_by(
    title: str,
    *,
    number: int | None = None,
    season: int | None = None,
    people: Sequence[str] = (),
    published: datetime | None = None,
    duration_s: float | None = None,
    kind: EpisodeKind = "full",
) -> Known:
    """What an episode or a feed's item is known by; a number may also stand in its title."""
    named = told(title)
    leading = _LEADING_NUMBER.match(title)
    inner = int(leading[1]) if leading else named.number if named.marked else None
    numbers = tuple(dict.fromkeys(one for one in (number, inner) if one is not None))
    words = frozenset(word for word in named.tokens if not _is_digits(word)) or frozenset(tokens(title))
    return Known(
        numbers,
        season if season is not None else named.season,
        words,
        frozenset(word for name in people for word in tokens(name)),
        _names(title, people),
        named.part,
        published.astimezone(UTC).date() if published else None,
        duration_s if duration_s and duration_s > 0 else None,
        kind if kind != "full" else _kind_of(title),
        re.search(r"\b(?:re-?run|re-?broadcast|encore|re-?air|from the archives?|wiederholung)\b", title, re.I)
        is not None,
    )


def known_episode(episode: Episode) -> Known:
    return known_by(
        episode.title,
        number=episode.number,
        season=episode.season,
        people=episode.people,
        published=episode.published,
        duration_s=episode.duration_s,
        kind=episode.kind,
    )


def is_stem_like(title: str) -> bool:
    """Whether a title inside a file is only a file's name again (``ep042_final_v2``, ``Word - ep42.docx``)."""
    plain = title.strip()
    if re.search(r"\.(?:docx?|txt|srt|vtt|mp3|wav|m4a|rtf|pdf|html?)$", plain, re.I):
        return True
    return " " not in plain and ("_" in plain or any(sign.isdigit() for sign in plain))


def _marked(name: Told | None) -> int | None:
    return name.number if name and name.marked else None


def _is_digits(word: str) -> bool:
    return word.isdecimal() and len(word) > 4


def _kind_of(*names: str | None) -> EpisodeKind:
    words = {word for name in names if name for word in tokens(name)}
    if words & {"trailer", "teaser", "preview"}:
        return "trailer"
    return "bonus" if words & {"bonus", "extra", "outtakes"} else "full"


def _people(parsed: Parsed) -> tuple[str, ...]:
    spoken = dict.fromkeys(turn.speaker for turn in parsed.turns if turn.speaker and not is_generic(turn.speaker))
    names = (*parsed.people, *list(spoken)[:40])
    return tuple(dict.fromkeys(name for name in names if len(tokens(name)) >= 2))


def _opening(turns: Sequence[Turn]) -> frozenset[Bigram]:
    words: list[str] = []
    for turn in turns:
        words.extend(tokens(turn.text[:20_000]))
        if len(words) >= _OPENING:
            break
    return frozenset(pairwise(words[:_OPENING]))


def _ends(turns: Sequence[Turn]) -> float | None:
    """The last time that the transcript knows."""
    times = [time for turn in turns[-20:] for time in (turn.start_s, turn.end_s, *(at for _, at in turn.marks)) if time]
    return max(times, default=None)


def _names(title: str, people: Iterable[str]) -> tuple[tuple[Bigram, str], ...]:
    """Neighbouring capitalised words of the title, and the names of people."""
    found: dict[Bigram, str] = {}
    for name in people:
        parts = tokens(name)
        if len(parts) >= 2:
            found[(parts[0], parts[1])] = name
    words = re.findall(r"[\w'’-]+|[^\w\s]", title)
    for one, other in pairwise(words):
        if _NAME.fullmatch(one) and _NAME.fullmatch(other):
            pair = (*tokens(one)[:1], *tokens(other)[:1])
            if len(pair) == 2 and not set(pair) & COMMON:
                found.setdefault((pair[0], pair[1]), f"{one} {other}")
    return tuple(found.items())
