"""What episodes are called, kept in memory: completions, names that are exactly one episode's, how many a show has.

Kept by what decides who may meet a title: the community and the very shows that the viewer may see there. Before each
use the number of the last change is read from storage, which every process moves in the transaction that changes
something. Where it has moved, the episodes named by the changes are read again, and everything is when anything else
changed (a shelf, a withhold, a private show): at once, so that nobody meets what they may not. What only came or was
renamed may be some moments late while imports and polls change much, so that following never takes most of the time.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from bot.domain import CommunityId, Episode, EpisodeId, ShowId, Viewer
from bot.rules.references import ID_MARK, callings, exact_names

if TYPE_CHECKING:
    from bot.ports import Storage

#: Episodes that are kept in all; the titles of a longer shelf are read each time. One takes about 1.5 kB.
MOST_KEPT = 20_000
#: From so many changes on everything is read again.
_MANY = 200
#: Changes that are looked through at a time; and after following, what only came or was renamed waits so many times as
#: long as that took, in seconds at most.
_LOOKED, _REST, _LATEST_S = 10_000, 5.0, 2.0
#: Kinds of change that take nothing away from anybody.
_HARMLESS = ("episode", "transcript")
_NEVER = datetime.min.replace(tzinfo=UTC)

_Key = tuple[CommunityId, frozenset[ShowId]]


@dataclass(frozen=True, slots=True)
class Name:
    """What an episode is called among those that the viewer sees; ``words`` is what typed words are looked for in."""

    name: str
    words: str


@dataclass(frozen=True, slots=True)
class _Called:
    """One episode's names, shortest first, as ``bot.rules.references`` makes them."""

    show: ShowId
    key: str
    order: tuple[datetime, int]
    callings: tuple[str, ...]
    folded: tuple[str, ...]
    exact: tuple[str, ...]

    @classmethod
    def of(cls, episode: Episode) -> _Called:
        names = callings(episode)
        number = -1 if episode.number is None else episode.number
        folded = tuple(name.casefold() for name in names)
        order = (episode.published or _NEVER, number)
        return cls(episode.show, episode.key, order, names, folded, exact_names(episode))


@dataclass
class _Shelf:
    """Everything that viewers with the same shows see, at change ``n``."""

    n: int
    called: dict[EpisodeId, _Called] = field(default_factory=dict)
    #: Who speaks in a show (None = in all of them), most words first; filled as it is asked for.
    voices: dict[ShowId | None, tuple[str, ...]] = field(default_factory=dict)
    #: Changes up to this number are known to be harmless; and when it is worth following them (``perf_counter``).
    looked: int = 0
    due: float = 0.0

    @cached_property
    def names(self) -> tuple[Name, ...]:
        """Newest first."""
        shared = Counter(name for one in self.called.values() for name in set(one.folded))
        newest = sorted(self.called.values(), key=lambda one: (*one.order, one.key), reverse=True)
        return tuple(_name(one, shared) for one in newest)

    @cached_property
    def counts(self) -> Mapping[ShowId, int]:
        return Counter(one.show for one in self.called.values())

    @cached_property
    def exact(self) -> Mapping[str, Sequence[EpisodeId]]:
        found: dict[str, list[EpisodeId]] = {}
        for id, one in self.called.items():
            for name in set(one.exact):
                found.setdefault(name, []).append(id)
        return found


class Titles:
    """Holds the names of what was asked for last, for as many viewers as see the same."""

    def __init__(self, storage: Storage, late_s: float = _LATEST_S) -> None:
        """``late_s``: how late at most what came or was renamed may be, in seconds."""
        self._storage = storage
        self._late_s = late_s
        self._shelves: dict[_Key, _Shelf] = {}
        self._reading = asyncio.Lock()

    async def names(self, viewer: Viewer) -> Sequence[Name]:
        """Of all episodes that the viewer may see, newest first."""
        return (await self._shelf(viewer)).names

    async def counts(self, viewer: Viewer) -> Mapping[ShowId, int]:
        """How many episodes the viewer may see of each show."""
        return (await self._shelf(viewer)).counts

    async def facts(self, viewer: Viewer, shows: Sequence[ShowId], voices: int) -> list[tuple[int, tuple[str, ...]]]:
        """Of each show, how many episodes the viewer may see and the names of so many who speak most."""
        shelf = await self._shelf(viewer)
        return [(shelf.counts.get(show, 0), (await self._voices(shelf, viewer, show))[:voices]) for show in shows]

    async def speakers(self, viewer: Viewer) -> Sequence[str]:
        """The names of all who speak in what the viewer may see, most words first."""
        return await self._voices(await self._shelf(viewer), viewer, None)

    async def _voices(self, shelf: _Shelf, viewer: Viewer, show: ShowId | None) -> tuple[str, ...]:
        if show not in shelf.voices:
            spoken = await self._storage.speakers(viewer, show)
            shelf.voices[show] = tuple(one.name for one in spoken if one.name)
        return shelf.voices[show]

    async def exactly(self, viewer: Viewer, words: str) -> Sequence[EpisodeId]:
        """The episodes with this very key, ``show/key``, guid or name; several where they share it."""
        return (await self._shelf(viewer)).exact.get(words.strip().casefold(), ())

    async def _shelf(self, viewer: Viewer) -> _Shelf:
        n = await self._storage.last_change()
        key = (viewer.community, frozenset(show.id for show in await self._storage.shows(viewer)))
        kept = self._shelves.get(key)
        if kept is None or kept.n < n:
            async with self._reading:  # whoever waited here finds what the one before has read
                kept = self._shelves.get(key)
                if kept is None or (kept.n < n and not await self._may_wait(kept)):
                    began = time.perf_counter()
                    kept = await self._followed(viewer, kept, n) if kept else await self._read(viewer, n)
                    took_s = time.perf_counter() - began
                    kept.looked, kept.due = n, time.perf_counter() + min(_REST * took_s, self._late_s)
        self._keep(key, kept)
        return kept

    async def _may_wait(self, kept: _Shelf) -> bool:
        """Whether it was followed only just now, and nothing since then took anything away."""
        if time.perf_counter() >= kept.due:
            return False
        changes = await self._storage.changes_since(kept.looked, _LOOKED)
        if len(changes) >= _LOOKED or any(one.kind not in _HARMLESS or one.episode is None for one in changes):
            return False
        kept.looked = changes[-1].n if changes else kept.looked
        return True

    def _keep(self, key: _Key, shelf: _Shelf) -> None:
        self._shelves.pop(key, None)
        if len(shelf.called) <= MOST_KEPT:
            self._shelves[key] = shelf
        while sum(len(each.called) for each in self._shelves.values()) > MOST_KEPT:
            self._shelves.pop(next(iter(self._shelves)))

    async def _read(self, viewer: Viewer, n: int) -> _Shelf:
        episodes = await self._storage.episodes(viewer)
        return _Shelf(n, {one.id: _Called.of(one) for one in episodes})

    async def _followed(self, viewer: Viewer, kept: _Shelf, n: int) -> _Shelf:
        """``n`` was read before these changes are: whatever came in between is looked at once more the next time."""
        changes = await self._storage.changes_since(kept.n, _MANY)
        ids = {change.episode for change in changes if change.kind in _HARMLESS}
        if len(changes) >= _MANY or None in ids or any(one.kind not in _HARMLESS for one in changes):
            return await self._read(viewer, n)
        now = await self._changed(viewer, kept.called, [id for id in ids if id is not None])
        said_as_before = all(one.kind == "episode" for one in changes)
        return _Shelf(n, now, dict(kept.voices) if said_as_before else {})

    async def _changed(
        self, viewer: Viewer, called: Mapping[EpisodeId, _Called], ids: Iterable[EpisodeId]
    ) -> dict[EpisodeId, _Called]:
        now = dict(called)
        for id in ids:
            episode = await self._storage.episode(viewer, id)
            if episode is None or episode.id != id:
                now.pop(id, None)
            if episode is not None:
                now[episode.id] = _Called.of(episode)
        return now


def _name(called: _Called, shared: Mapping[str, int]) -> Name:
    """The shortest name that no other episode has."""
    pairs = zip(called.callings, called.folded, strict=True)
    name = next(name for name, folded in pairs if shared[folded] <= 1 or name[0] == ID_MARK)
    return Name(name, f"{name} {called.key}".casefold())
