"""An outbox over real storage and fake platforms in one loop, on virtual or real time, and what is counted of it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

from benchmarks.alerts_naive import Naive
from benchmarks.alerts_posts import plain_posts
from benchmarks.alerts_room import furnish, keys, release, shared_out, shows_for
from bot.domain import DEFAULT_COMMUNITY, Place, ShowId
from bot.ports import Storage
from bot.services.outbox import Outbox
from storage import open_storage
from tests.fake_platform import FakeMessenger, FakePlatform
from tests.platform_room import Accepted
from tests.virtual_time import START, LoopClock

MEMORY = "sqlite:///:memory:"


@dataclass(slots=True)
class Stage:
    """What is acted on: shows, their places, the platforms by name. ``outbox`` works between ``start`` and ``stop``."""

    storage: Storage
    platforms: Mapping[str, FakePlatform]
    where: Sequence[Place]
    clock: LoopClock
    shows: Sequence[ShowId]
    naive: bool = False
    warm: bool = False
    outbox: Outbox | Naive = field(init=False)
    running: asyncio.Task[None] = field(init=False)
    released: int = 0
    released_at: list[datetime] = field(default_factory=list)
    started: int = 0

    def start(self) -> None:
        """As a new run: every place is read back before anything is sent there."""
        self.started += 1
        messengers = {name: FakeMessenger(one) for name, one in self.platforms.items()}
        name = f"run{self.started}"
        if self.naive:
            self.outbox = Naive(self.storage, messengers, plain_posts(), self.clock, name)
        else:
            self.outbox = Outbox(self.storage, messengers, plain_posts(), self.clock, name, warm=self.warm)
        self.running = asyncio.create_task(self.outbox.run())

    async def stop(self) -> None:
        """What the outbox raised comes out."""
        self.running.cancel()
        await asyncio.gather(self.running, return_exceptions=True)
        if not self.running.cancelled() and (error := self.running.exception()):
            raise error

    async def release(self, count: int = 1) -> None:
        """A poll that sees so many more episodes."""
        self.released += count
        self.released_at += [self.clock.now()] * count
        for show, out in shared_out(self.released, self.shows).items():
            await release(self.storage, show, out, self.clock.now())
        self.outbox.wake()

    def keys(self) -> dict[tuple[Place, ShowId], list[str]]:
        return keys(self.shows, self.where, self.released)

    def posted(self) -> int:
        return sum(len(one.log) for one in self.platforms.values())

    async def until_quiet(self, within: timedelta, look_s: float = 30.0, settled_s: float = 120.0) -> None:
        """Until no place has anything to do, and longer than anything late can take; or until patience ends."""
        ends = self.clock.now() + within
        while self.clock.now() < ends and await self.storage.next_lane_at(list(self.platforms)) is not None:  # noqa: ASYNC110
            await asyncio.sleep(look_s)
        await asyncio.sleep(settled_s)

    async def until_read(self, within_s: float) -> None:
        """Until every place was read back by this run while nothing was to be sent. Raises TimeoutError."""
        async with asyncio.timeout(within_s):
            while await self.storage.unread_places(f"run{self.started}", list(self.platforms)):  # noqa: ASYNC110
                await asyncio.sleep(0.5)

    async def until_posted(self, count: int, within_s: float) -> None:
        """Until the platforms have accepted so many in all. Raises TimeoutError."""
        async with asyncio.timeout(within_s):
            while self.posted() < count:  # noqa: ASYNC110 - the platform tells nobody
                await asyncio.sleep(0.02)


@asynccontextmanager
async def staged(
    platforms: Sequence[FakePlatform],
    where: Sequence[Place],
    url: str = MEMORY,
    *,
    episodes: int = 1,
    naive: bool = False,
    warm: bool = False,
) -> AsyncIterator[Stage]:
    """A furnished database and a running outbox, until the block ends; shows for so many ``episodes``. ``warm``: as
    bot.app runs it, reading places back while nothing is to be sent. What the outbox raises comes out."""
    clock, shows = LoopClock(START), shows_for(episodes)
    storage = await open_storage(url)
    try:
        await furnish(storage, shows, where, clock.now())
        stage = Stage(storage, {one.profile.platform: one for one in platforms}, where, clock, shows, naive, warm)
        stage.start()
        try:
            yield stage
        finally:
            await stage.stop()
    finally:
        await storage.close()


@dataclass(frozen=True, slots=True)
class Told:
    """What the platforms' logs and the database say after all is quiet."""

    alerts: int
    lost: int
    doubled: int
    out_of_order: int
    states: Mapping[str, int]
    busiest: int
    busiest_slack_place: int
    avoidable: float
    avoided: Mapping[int, int]
    injected: Mapping[str, int]
    requests: int
    longest_wait: timedelta

    @property
    def held(self) -> int:
        return self.states.get("held", 0)


async def told(stage: Stage) -> Told:
    wanted, platforms = stage.keys(), list(stage.platforms.values())
    expected = [key for one in wanted.values() for key in one]
    by_key = {one.key: one.at for platform in reversed(platforms) for one in reversed(platform.log)}
    alerts = await stage.storage.alerts(DEFAULT_COMMUNITY, limit=len(expected) * 2 + 100)
    arrivals = sum(len(one.arrivals) for one in platforms)
    slack = stage.platforms.get("slack")
    return Told(
        len(expected),
        sum(key not in by_key for key in expected),
        sum(len(one.doubled()) for one in platforms),
        sum(_inversions(one, by_key) for one in wanted.values()),
        Counter(one.state for one in alerts if one.kind == "new"),
        max(one.busiest() for one in platforms),
        slack.busiest_place() if slack else 0,
        sum(sum(one.avoidable.values()) for one in platforms) / max(1, arrivals),
        sum((one.avoidable for one in platforms), Counter()),
        sum((one.injected for one in platforms), Counter()),
        arrivals,
        max(_waits(stage, wanted, by_key), default=timedelta(0)),
    )


def _inversions(wanted: Sequence[str], by_key: Mapping[str, datetime]) -> int:
    return sum(one > after for one, after in pairwise([by_key[key] for key in wanted if key in by_key]))


def _waits(
    stage: Stage, wanted: Mapping[tuple[Place, ShowId], list[str]], by_key: Mapping[str, datetime]
) -> list[timedelta]:
    count = len(stage.shows)
    return [
        by_key[key] - stage.released_at[n * count + stage.shows.index(show)]
        for (_, show), by_place in wanted.items()
        for n, key in enumerate(by_place)
        if key in by_key
    ]


def rate(log: Sequence[Accepted]) -> float:
    """Posts a second, from the first to the last accepted."""
    return (len(log) - 1) / (log[-1].at - log[0].at).total_seconds()
