"""Feeds whose time has come, claimed by lease and polled. Which they are stands in storage; nothing is kept here."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.errors import PullquoteError
from bot.logs import get_logger

if TYPE_CHECKING:
    from bot.ports import Clock, Storage
    from bot.services.poller import Poller

log = get_logger(__name__)

#: So many feeds are claimed at a time, for so long. Many at a time, so that a few that stall hold up no others; and a
#: lease that lapses does no harm: what two find is stored once.
CLAIM, LEASE_S = 500, 300.0
#: So many claims are worked on at a time, so that slow feeds hold up no others.
AT_ONCE = 3
#: So long does the end wait for polls that are on their way.
END_S = 3.0


class Polls:
    """Polls what is due, ``tick`` by ``tick``, as the run ``run``."""

    def __init__(self, storage: Storage, poller: Poller, clock: Clock, run: str) -> None:
        self._storage = storage
        self._poller = poller
        self._clock = clock
        self._run = run
        self._busy: set[asyncio.Task[None]] = set()
        self._looks: set[asyncio.Task[None]] = set()
        self._ended = False

    async def tick(self) -> None:
        """Begin to poll what is due, if anything is; a cheap look otherwise."""
        if self._ended or len(self._busy) >= AT_ONCE:
            return
        due = await self._storage.next_feed_at()
        if due is not None and due <= self._clock.now():
            task = asyncio.create_task(self._drain())
            self._busy.add(task)
            task.add_done_callback(self._busy.discard)

    def wake(self) -> None:
        """A feed has become due: look now."""
        task = asyncio.create_task(self._look())
        self._looks.add(task)
        task.add_done_callback(self._looks.discard)

    async def _look(self) -> None:
        try:
            await self.tick()
        except PullquoteError as error:
            log.warning("polling waits", error=str(error))  # the next tick looks again

    async def caught_up(self, within_s: float) -> bool:
        """Poll all that is due now; False when it is not done in time, and goes on."""
        await self.tick()
        if not self._busy:
            return True
        _, late = await asyncio.wait(self._busy, timeout=within_s)
        return not late

    async def stop(self) -> None:
        """Claim no more; polls that are on their way may end in peace for a moment. What they found is stored whole or
        not at all, and what was claimed is due again when its lease ends."""
        self._ended = True
        busy = self._busy | self._looks
        if busy:
            _, late = await asyncio.wait(busy, timeout=END_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _drain(self) -> None:
        """Claim and poll until nothing is due."""
        try:
            while not self._ended:
                states = await self._storage.claim_feeds(self._run, self._clock.now(), LEASE_S, CLAIM)
                if not states:
                    return
                reports = await self._poller.poll(states)
                new = sum(len(one.new) for one in reports)
                log.info("feeds polled", feeds=len(reports), new=new)
        except PullquoteError as error:
            # The database may be busy or full for a while; what is due stays due.
            log.warning("polling waits", error=str(error))
        except Exception as error:
            log.error("polling failed", exc_info=error)
