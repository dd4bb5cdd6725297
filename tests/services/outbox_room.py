"""An outbox over real storage and a fake platform on virtual time: start, crash, release episodes, count posts."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from benchmarks.alerts_room import furnish, identity, places, release
from bot.alerts import Alert, Options
from bot.domain import DEFAULT_COMMUNITY, Place, ShowId
from bot.ports import Storage
from bot.rules.alert_keys import alert_id
from bot.services.outbox import Outbox
from bot.services.posts import PostMaker
from storage import open_storage
from tests.fake_platform import FakeMessenger, FakePlatform
from tests.virtual_time import START, LoopClock, run

MEMORY = "sqlite:///:memory:"


@dataclass(slots=True)
class OutboxRoom:
    """One database and the process that works on it."""

    storage: Storage
    platform: FakePlatform
    where: Sequence[Place]
    clock: LoopClock = field(default_factory=LoopClock)
    show: ShowId = ShowId("show00000000")
    released: int = 0
    runs: int = 0
    outbox: Outbox | None = None
    task: asyncio.Task[None] | None = None

    def start(self, **more: Any) -> Outbox:
        """As a process starts: a run of its own, a messenger of its own."""
        self.runs += 1
        platform, name = FakeMessenger(self.platform), self.platform.profile.platform
        posts = PostMaker(self.storage, self.clock)
        run = f"{id(self)}-{self.runs}"
        self.outbox = Outbox(self.storage, {name: platform}, posts, self.clock, run=run, seed=self.runs, **more)
        self.task = asyncio.create_task(self.outbox.run(), name="outbox run")
        return self.outbox

    async def crash(self) -> None:
        """Whatever is awaited is never come back to; nothing is given back, and nothing more is written."""
        ours = [one for one in asyncio.all_tasks() if one.get_name().startswith(("lane ", "outbox"))]
        for one in ours:
            one.cancel()
        await asyncio.gather(*ours, return_exceptions=True)

    async def stop(self) -> None:
        assert self.task is not None
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)

    async def release(self, count: int = 1) -> None:
        self.released += count
        await release(self.storage, self.show, self.released, self.clock.now())
        if self.outbox is not None:
            self.outbox.wake()

    def keys(self, place: Place | None = None) -> list[str]:
        """Those of everything released, oldest first."""
        where = self.where if place is None else [place]
        return [alert_id(one, self.show, identity(self.show, n), "new") for one in where for n in range(self.released)]

    async def alerts(self) -> list[Alert]:
        """Of new episodes, oldest first."""
        found = await self.storage.alerts(DEFAULT_COMMUNITY, limit=100_000)
        return [one for one in reversed(found) if one.kind == "new"]

    async def states(self) -> Counter[str]:
        return Counter(one.state for one in await self.alerts())

    async def troubles(self) -> list[str]:
        return [one.what for one in await self.storage.troubles(DEFAULT_COMMUNITY)]

    async def until_quiet(self, within: timedelta = timedelta(hours=2), settled_s: float = 60.0) -> None:
        """Until nothing is due any more, and longer than anything late can take."""
        ends = self.clock.now() + within
        while await self.storage.next_lane_at([self.platform.profile.platform]) is not None:
            assert self.clock.now() < ends, await self.states()
            await asyncio.sleep(5.0)
        await asyncio.sleep(settled_s)

    def check_once(self) -> None:
        """Lost 0, doubled 0, in order."""
        assert self.platform.doubled() == []
        assert self.platform.lost(self.keys()) == []
        for place in self.where:
            assert self.platform.order(place) == self.keys(place)


@asynccontextmanager
async def outbox_room(
    platform: FakePlatform,
    count: int = 1,
    *,
    url: str = MEMORY,
    options: Options | None = None,
    start: bool = True,
    **more: Any,
) -> AsyncIterator[OutboxRoom]:
    """``count`` places that follow one show, and a running outbox."""
    storage = await open_storage(url, busy_s=0.2)
    room = OutboxRoom(storage, platform, places(platform.profile.platform, count))
    try:
        await furnish(storage, [room.show], room.where, room.clock.now(), options)
        if start:
            room.start(**more)
        yield room
    finally:
        if room.task is not None and not room.task.done():
            await room.stop()
        await room.storage.close()


def play(scene: Callable[[], Awaitable[None]]) -> None:
    """Run a scene on virtual time."""

    async def main() -> None:
        await scene()

    run(main(), START, patience_s=60.0)
