"""Reads places back before anything is to be sent there, while nothing else is to do: what is announced later is sent
at once. Each place once a run; it yields to whatever is due."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.alerts import LEASE_S
from bot.errors import StorageError
from bot.services.outbox_desk import Desk

if TYPE_CHECKING:
    from bot.alerts import Lane
    from bot.domain import Place

#: Places a second at most, and as a share of what a platform allows; places at once.
PER_S, SHARE, AT_ONCE = 20.0, 0.4, 4
#: How often is looked whether a platform is idle; for places that are new (seconds).
IDLE_LOOK_S, AGAIN_S = 0.1, 600.0


class Warming:
    """``begin`` reads a claimed place back; ``room``: how many more of a platform's places may be read now, none while
    anything else is done there."""

    def __init__(self, desk: Desk, begin: Callable[[Lane], None], room: Callable[[str], int]) -> None:
        self._desk = desk
        self._begin = begin
        self._room = room
        self._tried: set[Place] = set()

    def again(self, place: Place) -> None:
        """Something else came up: it was not read."""
        self._tried.discard(place)

    async def run(self) -> None:
        """Until the outbox stops."""
        while not self._desk.stopping.is_set():
            for name in self._desk.platforms:
                try:
                    await self._read(name)
                except StorageError as error:
                    self._desk.storage_failed(error)
            await self._desk.sleep(AGAIN_S)

    async def _read(self, name: str) -> None:
        desk, platform = self._desk, self._desk.platforms[name]
        for place in await desk.storage.unread_places(desk.run, [name]):
            if place in self._tried:
                continue
            while self._room(name) <= 0 and not desk.stopping.is_set():
                await desk.sleep(IDLE_LOOK_S)
            if desk.stopping.is_set():
                return
            lane = await desk.storage.claim_place(place, desk.run, desk.clock.now(), LEASE_S)
            self._tried.add(place)
            if lane is not None:
                self._begin(lane)
                await desk.sleep(1 / min(PER_S, platform.gate.limits.per_s * SHARE))
