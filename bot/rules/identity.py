"""Which files are one episode, and which stored episode they are: pure decisions, each with a reason and confidence.

An episode's key is the title, as a slug, of the page that itself holds the transcript, else the transcript file's stem,
else the notes' stem, else the feed title's slug; it never changes. Later files join by guid, key, title + date or
number; a number alone joins only where it is unique on both sides, and never two transcripts.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.domain import Episode, Parsed
from bot.rules.words import slug

_TRAILING_NUMBER = re.compile(r"(?:^|[^0-9])0*(\d{1,5})$")
_LEADING_NUMBER = re.compile(r"^(?:ep(?:isode)?[ ._-]*)?0*(\d{1,5})(?=[ ._-])", re.IGNORECASE)

#: Two dates this far apart are not one episode's.
SAME_RELEASE = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Piece:
    """One file, or one item of a feed. ``stem`` is its file's name without folder and ending; None for a feed item.

    ``key`` is set when a map file says which episode it is.
    """

    file: str
    stem: str | None
    parsed: Parsed
    key: str | None = None

    @property
    def has_transcript(self) -> bool:
        return bool(self.parsed.turns)


@dataclass(frozen=True, slots=True)
class Group:
    """One episode of an import: its key, its pieces, the stored episode it is, and why they were joined."""

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
    published: object


def number_of(piece: Piece) -> int | None:
    """The episode number that the file states, else the one in its stem (``Syntax58``, ``058 - Advice``)."""
    if piece.parsed.number is not None:
        return piece.parsed.number
    if piece.stem is None:
        return None
    found = _LEADING_NUMBER.search(piece.stem) or _TRAILING_NUMBER.search(piece.stem)
    return int(found.group(1)) if found else None


def key_of(piece: Piece) -> str:
    """The key that this piece would give an episode of its own."""
    if piece.key:
        return piece.key
    title = piece.parsed.title
    if title and (piece.stem is None or (piece.parsed.format == "page" and piece.has_transcript)):
        return slug(title) or "episode"
    return piece.stem or slug(piece.parsed.guid or "") or "episode"


def group_pieces(pieces: Sequence[Piece], stored: Sequence[Episode]) -> list[Group]:
    """Every piece in exactly one group, transcripts first; groups in the order of their first piece."""
    ordered = sorted(pieces, key=lambda piece: (not piece.has_transcript, piece.stem is None))
    numbers = Counter((piece.has_transcript, number_of(piece)) for piece in pieces)
    groups: list[Group] = []
    finder = _Finder()
    for episode in stored:
        groups.append(Group(episode.key, (), episode))
        finder.add(len(groups) - 1, names_of_episode(episode))
    for piece in ordered:
        unique_number = numbers[(piece.has_transcript, number_of(piece))] == 1
        found = finder.find(piece, unique_number)
        if found is None:
            groups.append(Group(_free_key(key_of(piece), groups), (piece,)))
            finder.add(len(groups) - 1, names_of(piece))
            continue
        at, reason, confidence = found
        group = groups[at]
        groups[at] = replace(
            group,
            pieces=(*group.pieces, piece),
            reason=reason if len(group.pieces) or group.existing else group.reason,
            confidence=min(group.confidence, confidence),
        )
        finder.add(at, names_of(piece))
    return [group for group in groups if group.pieces]


def names_of(piece: Piece) -> _Names:
    parsed = piece.parsed
    keys = {key_of(piece), *([piece.stem] if piece.stem and not piece.key else [])}
    title = slug(parsed.title) if parsed.title else None
    return _Names(frozenset(keys), parsed.guid, title, number_of(piece), parsed.published)


def names_of_episode(episode: Episode) -> _Names:
    return _Names(frozenset({episode.key}), episode.guid, slug(episode.title), episode.number, episode.published)


class _Finder:
    """Looks groups up by every name that they have."""

    def __init__(self) -> None:
        self._by: dict[tuple[str, object], list[int]] = defaultdict(list)
        self._names: dict[int, list[_Names]] = defaultdict(list)
        self._transcripts: set[int] = set()

    def add(self, at: int, names: _Names) -> None:
        self._names[at].append(names)
        for pair in _pairs(names):
            if at not in self._by[pair]:
                self._by[pair].append(at)

    def find(self, piece: Piece, unique_number: bool) -> tuple[int, str, float] | None:
        """The group that this piece belongs to, with reason and confidence; None = an episode of its own."""
        names = names_of(piece)
        if names.guid and (hit := self._only(("guid", names.guid))) is not None:
            return hit, "same guid", 1.0
        for key in sorted(names.keys):
            if (hit := self._only(("key", key))) is not None:
                return hit, f"same key {key}", 1.0
        if piece.key:
            return None
        if names.title and (hit := self._only(("title", names.title))) is not None and self._dates_agree(hit, names):
            return hit, "same title", 0.9
        if names.number is not None and unique_number and not piece.has_transcript:
            hit = self._only(("number", names.number))
            if hit is not None and self._dates_agree(hit, names):
                return hit, f"same number {names.number}", 0.8
        if piece.has_transcript and names.number is not None and unique_number:
            return self._untranscribed(names)
        return None

    def _untranscribed(self, names: _Names) -> tuple[int, str, float] | None:
        """A transcript may join what is stored without one, never another transcript, by number alone."""
        hit = self._only(("number", names.number))
        if hit is None or hit in self._transcripts or not self._lacks_transcript(hit):
            return None
        self._transcripts.add(hit)
        return hit, f"same number {names.number}", 0.8

    def _lacks_transcript(self, at: int) -> bool:
        return at in self._without_lines

    @property
    def _without_lines(self) -> set[int]:
        return self.__dict__.setdefault("_lineless", set())

    def _only(self, pair: tuple[str, object]) -> int | None:
        found = self._by.get(pair, [])
        return found[0] if len(found) == 1 else None

    def _dates_agree(self, at: int, names: _Names) -> bool:
        dates = [known.published for known in self._names[at] if known.published is not None]
        if names.published is None or not dates:
            return True
        return any(abs(date - names.published) <= SAME_RELEASE for date in dates)  # type: ignore[operator]


def _pairs(names: _Names) -> Iterable[tuple[str, object]]:
    if names.guid:
        yield "guid", names.guid
    for key in names.keys:
        yield "key", key
    if names.title:
        yield "title", names.title
    if names.number is not None:
        yield "number", names.number


def _free_key(key: str, groups: Sequence[Group]) -> str:
    taken = {group.key for group in groups}
    if key not in taken:
        return key
    return next(f"{key}-{n}" for n in range(2, len(taken) + 3) if f"{key}-{n}" not in taken)
