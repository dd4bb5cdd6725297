"""The index follows storage: whoever holds the writer lock makes what changed searchable. No search here."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.domain import EpisodeId, IndexedEpisode
from bot.errors import IndexBusy
from bot.logs import get_logger

if TYPE_CHECKING:
    from bot.ports import IndexWriter, QuoteIndex, Storage

log = get_logger(__name__)

#: Episodes between two commits of a long catch-up: a kill loses no more than these.
COMMIT_EVERY = 500
#: The promise is 2 s from a change to search; half of it is waiting, half is work.
FOLLOW_EVERY_S = 1.0

#: Called with (done, total).
Count = Callable[[int, int], None]


def _silent(done: int, total: int) -> None:
    """Nobody watches."""


@dataclass(slots=True)
class Keeper:
    """The holder of the writer lock. ``fresh`` are episodes put in from memory: their first change needs no reading."""

    storage: Storage
    index: QuoteIndex
    writer: IndexWriter
    fresh: set[EpisodeId] = field(default_factory=set)

    async def put(self, episode: IndexedEpisode) -> None:
        """Index an episode that is in memory; seen by readers after the next ``catch_up``."""
        await asyncio.to_thread(self.writer.replace, episode)
        self.fresh.add(episode.id)

    async def catch_up(self, count: Count = _silent) -> int:
        """Index all that changed since the last commit; how many episodes that were."""
        seen = self.index.seen()
        last = await self.storage.last_change()
        if seen > last:
            # The index of another database, or of this one before it was restored: nothing in it can be trusted.
            await asyncio.to_thread(self.writer.clear)
            seen = 0
        elif seen == last:
            return 0
        return await self._follow(seen, count)

    async def _follow(self, seen: int, count: Count) -> int:
        todo: dict[EpisodeId, int] = {}
        last = seen
        while changes := await self.storage.changes_since(last, 10_000):
            for change in changes:
                if change.episode and change.kind in ("transcript", "removed"):
                    todo[change.episode] = todo.get(change.episode, 0) + 1
            last = changes[-1].n
        for done, (episode, times) in enumerate(todo.items(), 1):
            if episode not in self.fresh or times > 1:
                await self.refresh(episode)
            count(done, len(todo))
            if done % COMMIT_EVERY == 0:
                # Not yet ``last``: what is behind this number is done again after a kill, which does no harm.
                await asyncio.to_thread(self.writer.commit, seen)
        await asyncio.to_thread(self.writer.commit, last)
        self.fresh.clear()
        return len(todo)

    async def refresh(self, id: EpisodeId) -> None:
        """Index one episode as storage has it now."""
        episode = await self.storage.indexed_episode(id)
        if episode is None:
            await asyncio.to_thread(self.writer.remove, id)
        else:
            await asyncio.to_thread(self.writer.replace, episode)

    def close(self) -> None:
        self.writer.close()


def keeper(storage: Storage, index: QuoteIndex) -> Keeper:
    """Take the writer lock. Raises IndexBusy when another process holds it."""
    return Keeper(storage, index, index.writer())


async def rebuild(storage: Storage, index: QuoteIndex, count: Count = _silent) -> int:
    """Make the whole index again from storage; how many episodes. Raises IndexBusy."""
    holder = await asyncio.to_thread(keeper, storage, index)
    try:
        last = await storage.last_change()
        await asyncio.to_thread(holder.writer.clear)
        episodes = await storage.indexed_episodes()
        for done, episode in enumerate(episodes, 1):
            await holder.refresh(episode)
            count(done, len(episodes))
        await asyncio.to_thread(holder.writer.commit, last)
        return len(episodes)
    finally:
        holder.close()


async def waiting(storage: Storage, index: QuoteIndex) -> int:
    """How many episodes wait to be indexed; overlays need no index, they are laid on when a line is read."""
    seen, last = index.seen(), await storage.last_change()
    if seen > last:
        return len(await storage.indexed_episodes())
    if seen == last:
        return 0
    changes = await storage.changes_since(seen, last - seen)
    return len({one.episode for one in changes if one.kind in ("transcript", "removed")})


async def catch_up_if_free(storage: Storage, index: QuoteIndex, count: Count = _silent) -> bool:
    """Bring the index up to date if episodes wait; False when another process holds the lock (it will follow)."""
    if not await waiting(storage, index):
        return True
    try:
        holder = await asyncio.to_thread(keeper, storage, index)
    except IndexBusy:
        return False
    try:
        await holder.catch_up(count)
    finally:
        holder.close()
    return True


async def follow(storage: Storage, index: QuoteIndex) -> None:
    """Hold the lock and follow the changes until cancelled; wait for the lock while another process holds it."""
    while True:
        try:
            holder = await asyncio.to_thread(keeper, storage, index)
        except IndexBusy:
            await asyncio.sleep(FOLLOW_EVERY_S)
            continue
        try:
            while True:
                if await holder.catch_up():
                    log.info("index follows", seen=index.seen())
                await asyncio.sleep(FOLLOW_EVERY_S)
        finally:
            holder.close()
