"""Which files are one episode, and which stored episode they are: pure decisions, each with a reason and confidence.

An episode's key is the title, as a slug, of the page that itself holds the transcript, else the transcript file's stem,
else the notes' stem, else the feed title's slug; it never changes. Later files join by guid, key, title + date or
number. A number alone joins only where it is unique on both sides, and never two transcripts.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain import Episode, Parsed
from bot.rules.file_names import told
from bot.rules.words import slug

#: Two dates this far apart are not one episode's.
SAME_RELEASE = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Piece:
    """One file, or one item of a feed. ``stem`` is its file's name without folder and ending; None for a feed item.

    ``key`` is set when a map file says which episode it is, ``own`` when it says that it is an episode of its own;
    ``show_title`` is a feed's own title.
    """

    file: str
    stem: str | None
    parsed: Parsed
    key: str | None = None
    show_title: str | None = None
    own: bool = False

    @property
    def has_transcript(self) -> bool:
        return bool(self.parsed.turns)


@dataclass(frozen=True, slots=True)
class Group:
    """One episode of an import: its key, its pieces, the stored episode that it is, and why they were joined.

    ``unsure``: it is probably the episode ``best`` (a key), perhaps the one ``also``: nobody has said so yet, and
    ``key`` is what it would be as an episode of its own. ``exact`` is false when it was found by likeness alone.
    """

    key: str
    pieces: tuple[Piece, ...]
    existing: Episode | None = None
    reason: str = "new"
    confidence: float = 1.0
    unsure: bool = False
    best: str | None = None
    title: str | None = None
    also: str | None = None
    exact: bool = True


@dataclass(frozen=True, slots=True)
class _Names:
    """All that can tell which episode something is."""

    keys: frozenset[str]
    guid: str | None
    title: str | None
    number: int | None
    published: datetime | None
    season: int | None = None


def number_of(piece: Piece) -> int | None:
    """The episode number that the file states, else the one in its stem (``Syntax58``, ``058 - Ads``, ``S02E05``)."""
    if piece.parsed.number is not None or piece.stem is None:
        return piece.parsed.number
    return told(piece.stem).number


def season_of(piece: Piece) -> int | None:
    """The season that the file states, else the one in its stem."""
    if piece.parsed.season is not None or piece.stem is None:
        return piece.parsed.season
    return told(piece.stem).season


def key_of(piece: Piece) -> str:
    """The key that this piece would give to an episode of its own."""
    if piece.key:
        return piece.key
    title = piece.parsed.title
    if title and (piece.stem is None or (piece.parsed.format == "page" and piece.has_transcript)):
        return slug(title) or "episode"
    return piece.stem or slug(piece.parsed.guid or "") or "episode"


def group_pieces(pieces: Sequence[Piece], stored: Sequence[Episode], show_words: Collection[str] = ()) -> list[Group]:
    """Every piece in exactly one group, in the order of the groups' first pieces.

    In a show without a feed, transcripts found episodes first, because their names are the keys. Where a feed is known
    (stored with guids, or among the pieces) its episodes are there first, and every file is looked for among them by
    all that it tells (``bot.rules.feed_groups``); ``show_words`` are the words of the show's name.
    """
    if any(episode.guid for episode in stored) or any(piece.stem is None for piece in pieces):
        from bot.rules.feed_groups import with_feed  # imports this module

        return with_feed(pieces, stored, show_words)
    return by_names(pieces, stored)


def by_names(pieces: Sequence[Piece], stored: Sequence[Episode]) -> list[Group]:
    """As ``group_pieces``, by guid, key, title and number alone."""
    groups = Groups(stored, numbers_of(pieces))
    for piece in sorted(pieces, key=lambda one: (not one.has_transcript, one.stem is None)):
        groups.place(piece)
    return groups.filled()


Numbers = Counter[tuple[bool, int | None]]


def numbers_of(pieces: Sequence[Piece]) -> Numbers:
    """How often each number is there, among transcripts and among other files."""
    return Counter((piece.has_transcript, number_of(piece)) for piece in pieces)


class Groups:
    """The groups so far, found by every name that they have."""

    def __init__(self, stored: Sequence[Episode], numbers: Numbers) -> None:
        self._numbers = numbers
        self.all: list[Group] = []
        self._by: dict[tuple[str, object], list[int]] = defaultdict(list)
        self._dates: dict[int, list[datetime]] = defaultdict(list)
        self._seasons: dict[int, set[int]] = defaultdict(set)
        self._transcribed: set[int] = set()
        self._reserved: set[str] = set()
        for episode in stored:
            self._add(Group(episode.key, (), episode), _names_of_episode(episode), bool(episode.lines))

    def filled(self) -> list[Group]:
        return [group for group in self.all if group.pieces]

    def place(self, piece: Piece) -> None:
        names = _names_of(piece)
        found = None if piece.own else self._find(piece, names)
        if found is None:
            self._add(Group(self._free(key_of(piece)), (piece,)), names, piece.has_transcript)
        else:
            self.join(found[0], piece, found[1], found[2])

    def find_and_join(self, piece: Piece) -> bool:
        """Put a piece into the group that its names are; False when there is none."""
        found = self._find(piece, _names_of(piece))
        if found:
            self.join(found[0], piece, found[1], found[2])
        return found is not None

    def exactly(self, pieces: Sequence[Piece]) -> tuple[int, str, float] | None:
        """The group that these pieces name themselves: by guid or key, or by a map."""
        for piece in pieces:
            if (found := self._exact(piece, _names_of(piece))) is not None:
                return found
        return None

    def titled(self, pieces: Sequence[Piece]) -> int | None:
        """The group that has no transcript yet and the very title that stands in one of these files."""
        for piece in pieces:
            names = _names_of(piece)
            at = self._only("title", names.title) if names.title else None
            if at is not None and at not in self._transcribed and self._dates_agree(at, names):
                return at
        return None

    def free(self, key: str) -> str:
        """A key that no group has, which is from now on taken."""
        made = self._free(key)
        self._reserved.add(made)
        return made

    def join(self, at: int, piece: Piece, reason: str, confidence: float, *, exact: bool = True) -> None:
        """Put a piece into a group; the weakest reason is the group's."""
        group = self.all[at]
        self.all[at] = replace(
            group,
            pieces=(*group.pieces, piece),
            reason=reason if confidence <= group.confidence else group.reason,
            confidence=min(group.confidence, confidence),
            exact=group.exact and exact,
        )
        self._learn(at, _names_of(piece), piece.has_transcript)

    def named(self, at: int, key: str) -> None:
        """A group that is not stored yet takes its transcript's key, unless it is taken."""
        group = self.all[at]
        if group.existing is None and key != group.key:
            self.all[at] = replace(group, key=self._free(key))

    def new(self, pieces: Sequence[Piece], key: str, reason: str = "new", confidence: float = 1.0) -> int:
        """A group of its own; answers where it stands."""
        first = pieces[0]
        self._add(Group(self._free(key), (first,), None, reason, confidence), _names_of(first), first.has_transcript)
        for piece in pieces[1:]:
            self.join(len(self.all) - 1, piece, reason, confidence)
        return len(self.all) - 1

    def _add(self, group: Group, names: _Names, transcribed: bool) -> None:
        self.all.append(group)
        self._learn(len(self.all) - 1, names, transcribed)

    def _learn(self, at: int, names: _Names, transcribed: bool) -> None:
        for pair in _pairs(names):
            if at not in self._by[pair]:
                self._by[pair].append(at)
        if names.published:
            self._dates[at].append(names.published)
        if names.season is not None:
            self._seasons[at].add(names.season)
        if transcribed:
            self._transcribed.add(at)

    def _find(self, piece: Piece, names: _Names) -> tuple[int, str, float] | None:
        """The group that this piece belongs to, with reason and confidence; None = an episode of its own."""
        if (found := self._exact(piece, names)) is not None:
            return found
        if piece.key:
            return None
        at = self._only("title", names.title) if names.title else None
        if at is not None and self._dates_agree(at, names):
            return at, "same title", 0.9
        return self._by_number(piece, names)

    def _exact(self, piece: Piece, names: _Names) -> tuple[int, str, float] | None:
        if names.guid and (at := self._only("guid", names.guid)) is not None:
            return at, "same guid", 1.0
        for key in sorted(names.keys):
            if (at := self._only("key", key)) is not None:
                return at, f"same key {key}", 1.0
        return None

    def _by_number(self, piece: Piece, names: _Names) -> tuple[int, str, float] | None:
        if names.number is None or self._numbers[(piece.has_transcript, names.number)] != 1:
            return None
        at = self._only("number", names.number)
        if at is None or (piece.has_transcript and at in self._transcribed) or not self._dates_agree(at, names):
            return None
        if names.season is not None and self._seasons[at] - {names.season}:
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
        taken = {group.key for group in self.all} | self._reserved
        if key not in taken:
            return key
        return next(f"{key}-{n}" for n in range(2, len(taken) + 3) if f"{key}-{n}" not in taken)


def _names_of(piece: Piece) -> _Names:
    parsed = piece.parsed
    keys = {key_of(piece), *([piece.stem] if piece.stem and not piece.key else [])}
    title = slug(parsed.title) if parsed.title else None
    return _Names(frozenset(keys), parsed.guid, title, number_of(piece), parsed.published, season_of(piece))


def _names_of_episode(episode: Episode) -> _Names:
    return _Names(
        frozenset({episode.key}), episode.guid, slug(episode.title), episode.number, episode.published, episode.season
    )


def _pairs(names: _Names) -> Iterable[tuple[str, object]]:
    if names.guid:
        yield "guid", names.guid
    for key in names.keys:
        yield "key", key
    if names.title:
        yield "title", names.title
    if names.number is not None:
        yield "number", names.number
