"""The peer: take what is due, send it, then mark it. No reading back, nothing written down before the request."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace

from bot.alert_ports import Messenger, Sent
from bot.alerts import LEASE_S, Lane
from bot.errors import StorageConflict
from bot.ports import Clock, Storage
from bot.services.posts import NoPost, PostMaker


class Naive:
    """Looks like the outbox from outside. ``at_once``: so many places side by side."""

    def __init__(
        self,
        storage: Storage,
        messengers: Mapping[str, Messenger],
        posts: PostMaker,
        clock: Clock,
        run: str,
        at_once: int = 100,
    ) -> None:
        self._storage, self._messengers, self._posts, self._clock = storage, messengers, posts, clock
        self._name, self._at_once = run, at_once

    async def run(self) -> None:
        while True:
            lanes = await self._storage.claim_lanes(
                self._name, self._clock.now(), LEASE_S, self._at_once, list(self._messengers)
            )
            await asyncio.gather(*map(self._empty, lanes))
            if not lanes:
                await asyncio.sleep(1.0)

    def wake(self) -> None:
        """It looks by itself."""

    async def _empty(self, lane: Lane) -> None:
        try:
            for alert in await self._storage.queue(lane.place):
                post = await self._posts.make(alert, None)
                assert not isinstance(post, NoPost), post
                outcome = await self._messengers[lane.place.platform].send(lane.place, post)
                if not isinstance(outcome, Sent):
                    break
                done = replace(alert, state="posted", reason="sent", message=outcome.message, posted_at=outcome.at)
                await self._storage.advance([done], self._name, self._clock.now())
            await self._storage.release_lane(lane.place, self._name)
        except StorageConflict:
            return  # another run has it now
