"""Which files are one episode, and which stored episode they are: pure decisions, each with a reason and confidence.

An episode's key is the title, as a slug, of the page that itself holds the transcript, else the transcript file's stem,
else the notes' stem, else the feed title's slug; it never changes. Later files join by guid, key, title + date or
number. A number alone joins only where it is unique on both sides, and never two transcripts.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain import Episode, Parsed
from bot.rules.words import slug

_TRAILING_NUMBER = re.compile(r"(?:^|[^0-9])0*(\d{1,5})$")
_LEADING_NUMBER = re.compile(r"^(?:ep(?:isode)?[ ._-]*)?0*(\d{1,5})(?=[ ._-])", re.IGNORECASE)

#: Two dates this far apart are not one episode's.
SAME_RELEASE = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Piece:
    """One file, or one item of a feed. ``stem`` is its file's name without folder and ending; None for a feed item.

    ``key`` is set when a map file says which episode it is; ``show_title`` is a feed's own title.
    """

    file: str
    stem: str | None
    parsed: Parsed
    key: str | None = None
    show_title: str | None = None

    @property
    def has_transcript(self) -> bool:
        return bool(self.parsed.turns)


@dataclass(frozen=True, slots=True)
class Group:
    """One episode of an import: its key, its pieces, the stored episode that it is, and why they were joined."""

    key: str
    pieces: tuple[Piece, ...]
    existing: Episode | None = None
    reason: str = "new"
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class _Names:
    """All that can tell which episode something is."""

    keys: frozenset[str]
    guid: str | None
    title: str | None
    number: int | None
    published: datetime | None


def number_of(piece: Piece) -> int | None:
    """The episode number that the file states, else the one in its stem (``Syntax58``, ``058 - Advice``)."""
    if piece.parsed.number is not None or piece.stem is None:
        return piece.parsed.number
    found = _LEADING_NUMBER.search(piece.stem) or _TRAILING_NUMBER.search(piece.stem)
    return int(found.group(1)) if found else None


def key_of(piece: Piece) -> str:
    """The key that this piece would give to an episode of its own."""
    if piece.key:
        return piece.key
    title = piece.parsed.title
    if title and (piece.stem is None or (piece.parsed.format == "page" and piece.has_transcript)):
        return slug(title) or "episode"
    return piece.stem or slug(piece.parsed.guid or "") or "episode"


def group_pieces(pieces: Sequence[Piece], stored: Sequence[Episode]) -> list[Group]:
    """Every piece in exactly one group, in the order of the groups' first pieces; transcripts found episodes first,
    because their names are the keys."""
    groups = _Groups(stored, Counter((piece.has_transcript, number_of(piece)) for piece in pieces))
    for piece in sorted(pieces, key=lambda one: (not one.has_transcript, one.stem is None)):
        groups.place(piece)
    return groups.filled()


class _Groups:
    """The groups so far, found by every name that they have."""

    def __init__(self, stored: Sequence[Episode], numbers: Counter[tuple[bool, int | None]]) -> None:
        self._numbers = numbers
        self._groups: list[Group] = []
        self._by: dict[tuple[str, object], list[int]] = defaultdict(list)
        self._dates: dict[int, list[datetime]] = defaultdict(list)
        self._transcribed: set[int] = set()
        for episode in stored:
            self._add(Group(episode.key, (), episode), _names_of_episode(episode), bool(episode.lines))

    def filled(self) -> list[Group]:
        return [group for group in self._groups if group.pieces]

    def place(self, piece: Piece) -> None:
        names = _names_of(piece)
        found = self._find(piece, names)
        if found is None:
            self._add(Group(self._free(key_of(piece)), (piece,)), names, piece.has_transcript)
            return
        at, reason, confidence = found
        group = self._groups[at]
        self._groups[at] = replace(
            group,
            pieces=(*group.pieces, piece),
            reason=reason if confidence <= group.confidence else group.reason,
            confidence=min(group.confidence, confidence),
        )
        self._learn(at, names, piece.has_transcript)

    def _add(self, group: Group, names: _Names, transcribed: bool) -> None:
        self._groups.append(group)
        self._learn(len(self._groups) - 1, names, transcribed)

    def _learn(self, at: int, names: _Names, transcribed: bool) -> None:
        for pair in _pairs(names):
            if at not in self._by[pair]:
                self._by[pair].append(at)
        if names.published:
            self._dates[at].append(names.published)
        if transcribed:
            self._transcribed.add(at)

    def _find(self, piece: Piece, names: _Names) -> tuple[int, str, float] | None:
        """The group that this piece belongs to, with reason and confidence; None = an episode of its own."""
        if names.guid and (at := self._only("guid", names.guid)) is not None:
            return at, "same guid", 1.0
        for key in sorted(names.keys):
            if (at := self._only("key", key)) is not None:
                return at, f"same key {key}", 1.0
        if piece.key:
            return None
        at = self._only("title", names.title) if names.title else None
        if at is not None and self._dates_agree(at, names):
            return at, "same title", 0.9
        return self._by_number(piece, names)

    def _by_number(self, piece: Piece, names: _Names) -> tuple[int, str, float] | None:
        if names.number is None or self._numbers[(piece.has_transcript, names.number)] != 1:
            return None
        at = self._only("number", names.number)
        if at is None or (piece.has_transcript and at in self._transcribed) or not self._dates_agree(at, names):
            return None
        return at, f"same number {names.number}", 0.8

    def _only(self, kind: str, name: object) -> int | None:
        found = self._by.get((kind, name), [])
        return found[0] if len(found) == 1 else None

    def _dates_agree(self, at: int, names: _Names) -> bool:
        dates = self._dates[at]
        if names.published is None or not dates:
            return True
        return any(abs(date - names.published) <= SAME_RELEASE for date in dates)

    def _free(self, key: str) -> str:
        taken = {group.key for group in self._groups}
        if key not in taken:
            return key
        return next(f"{key}-{n}" for n in range(2, len(taken) + 3) if f"{key}-{n}" not in taken)


def _names_of(piece: Piece) -> _Names:
    parsed = piece.parsed
    keys = {key_of(piece), *([piece.stem] if piece.stem and not piece.key else [])}
    title = slug(parsed.title) if parsed.title else None
    return _Names(frozenset(keys), parsed.guid, title, number_of(piece), parsed.published)


def _names_of_episode(episode: Episode) -> _Names:
    return _Names(frozenset({episode.key}), episode.guid, slug(episode.title), episode.number, episode.published)


def _pairs(names: _Names) -> Iterable[tuple[str, object]]:
    if names.guid:
        yield "guid", names.guid
    for key in names.keys:
        yield "key", key
    if names.title:
        yield "title", names.title
    if names.number is not None:
        yield "number", names.number
