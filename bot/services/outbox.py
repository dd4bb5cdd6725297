"""The outbox: takes the places whose turn it is, lets each be worked on by itself, and stops in order.

Nothing about an alert is decided here (``bot.rules.delivery``), and nothing is sent here (``outbox_lane``).
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from bot.alerts import LEASE_S, REQUEST_S
from bot.domain import CommunityId, Place
from bot.errors import StorageError
from bot.logs import get_logger
from bot.rules import retries
from bot.rules.ids import new_id
from bot.services.outbox_desk import Desk, Platform
from bot.services.outbox_lane import LEASE_MARGIN_S, LaneOver, Work
from bot.services.outbox_notices import Notices
from bot.services.outbox_warming import AT_ONCE as AT_ONCE_WARM
from bot.services.outbox_warming import Warming
from bot.services.pacing import SHORT_REST_S, Gate, Resting, Urgency
from bot.services.sentry import Sentry

if TYPE_CHECKING:
    from bot.alert_ports import Messenger
    from bot.alerts import Lane
    from bot.ports import Clock, Storage
    from bot.services.posts import PostMaker

log = get_logger(__name__)

#: Places are taken for so many seconds' worth of requests; so often is looked for what other processes stored.
AHEAD_S, LOOK_S = 2.0, 1.0
#: And so often when every platform rests.
RESTING_LOOK_S = 15.0
#: Between two looks, so that what ends at the same time is looked at once.
BREATH_S = 0.02
#: Places worked on at once, stalled ones included.
AT_ONCE = 2000
#: How long a stop waits for what is on its way: a program that is told to end has 5 s in all. What took longer may be
#: there, so the next start looks before it sends.
STOP_S = 2.5


class Outbox:
    """Delivers alerts. ``run`` names this start of this process. ``first_polls`` is waited for before anything is
    sent: what was announced before a restore is derived again by them, and then found. ``warm``: places are read back
    while nothing is to be sent."""

    def __init__(
        self,
        storage: Storage,
        messengers: Mapping[str, Messenger],
        posts: PostMaker,
        clock: Clock,
        run: str | None = None,
        *,
        first_polls: asyncio.Event | None = None,
        seed: int | None = None,
        warm: bool = False,
    ) -> None:
        platforms = {name: Platform(one, Gate(one.limits)) for name, one in messengers.items()}
        self._desk = Desk(storage, posts, clock, run or new_id(), platforms, Random(seed))
        self._first_polls = first_polls
        self._notices = Notices(self._desk, self._communities)
        self._sentry = Sentry(self._desk, self._silence)
        self._warming = Warming(self._desk, self._begin_warm, self._warm_room) if warm else None
        self._works: dict[Place, tuple[Work, asyncio.Task[None]]] = {}
        #: Lanes that could not be given back yet.
        self._owed: set[Place] = set()
        self._watching = False
        self._extra: asyncio.Task[None] | None = None

    @property
    def run_id(self) -> str:
        return self._desk.run

    def wake(self) -> None:
        """Something was stored: look now."""
        self._desk.awake.set()

    async def turn(self, platform: str, urgency: Urgency = "send") -> None:
        """For whoever else asks a platform (a test, a check): wait until one request may be made. Raises Resting."""
        gate = self._desk.platforms[platform].gate
        await gate.turn(urgency)
        await gate.depart()

    async def run(self) -> None:
        """Until cancelled. Then takes nothing more, finishes what is on its way, and gives the places back."""
        self._watch()
        main = asyncio.create_task(self._main(), name="outbox")
        sentry = asyncio.create_task(self._sentry.run(), name="outbox sentry")
        sentry.add_done_callback(_told)
        try:
            await asyncio.shield(main)
        finally:
            self._desk.stopping.set()
            self._desk.awake.set()
            for platform in self._desk.platforms.values():
                platform.gate.rest(STOP_S)
            with suppress(TimeoutError):
                async with asyncio.timeout(STOP_S):
                    await self._finish(main)
            sentry.cancel()
            if self._extra is not None:
                self._extra.cancel()

    async def _finish(self, main: asyncio.Task[None]) -> None:
        await asyncio.gather(main, *(task for _, task in self._works.values()), return_exceptions=True)
        with suppress(StorageError):
            await self._give_back()

    def _watch(self) -> None:
        if not self._watching:
            self._watching = True
            for platform in self._desk.platforms.values():
                platform.messenger.watch(self._sentry.seen)

    # -- rounds

    async def _main(self) -> None:
        desk, failures = self._desk, 0
        await self._wait_for_polls()
        if self._warming is not None:
            self._extra = asyncio.create_task(self._warming.run(), name="outbox warming")
            self._extra.add_done_callback(_told)
        while not desk.stopping.is_set():
            desk.awake.clear()
            try:
                pause = await self._round()
            except StorageError as error:
                desk.storage_failed(error)
                failures += 1
                pause = retries.backoff_s(failures, longest_s=30.0)
                await desk.sleep(pause)
                continue
            except Exception as error:  # a fault that nobody thought of ends no delivery
                log.error("a round of the outbox failed", exc_info=error)
                failures += 1
                await desk.sleep(retries.backoff_s(failures, longest_s=30.0))
                continue
            if failures:
                failures = 0
                desk.storage_works()
            await asyncio.sleep(BREATH_S)
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await desk.awake.wait()

    async def _wait_for_polls(self) -> None:
        if self._first_polls is None:
            return
        waits = [asyncio.ensure_future(self._first_polls.wait()), asyncio.ensure_future(self._desk.stopping.wait())]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for one in waits:
            one.cancel()

    async def _round(self) -> float:
        """Take what is due; how long to pause unless woken."""
        self._desk.steady_since()
        await self._keep_leases()
        await self._give_back()
        await self._notices.catch_up()
        pauses = [await self._take(name, platform) for name, platform in self._desk.platforms.items()]
        return max(0.02, min([RESTING_LOOK_S, *pauses]))

    async def _take(self, name: str, platform: Platform) -> float:
        """Take places of one platform and begin to work on them; when to look again, in seconds."""
        resting, room = platform.gate.resting_s, self._room(name, platform)
        if resting > SHORT_REST_S:
            return resting
        if room <= 0:
            return LOOK_S  # woken when there is room
        now = self._desk.clock.now()
        at = await self._desk.storage.next_lane_at([name])
        if at is None or at > now:
            return LOOK_S if at is None else min(LOOK_S, (at - now).total_seconds() + 0.001)
        lanes = await self._desk.storage.claim_lanes(self._desk.run, now, LEASE_S, room, [name])
        for lane in lanes:
            self._begin(lane)
        return 0.0 if lanes else 0.2

    def _room(self, name: str, platform: Platform) -> int:
        """As many as may be asked in the next seconds, a good few at a time; those whose answer is awaited do not
        count."""
        own = [work for place, (work, _) in self._works.items() if place.platform == name]
        if platform.refused or platform.downs:
            # One alone finds out whether it works again.
            return 1 - sum(work.begun >= platform.failed_at for work in own)
        waiting = sum(not work.busy for work in own)
        ahead = max(4, math.ceil(platform.gate.limits.per_s * AHEAD_S))
        return min(ahead - waiting, AT_ONCE - len(own)) if waiting <= ahead * 3 / 4 else 0

    # -- one place

    def _warm_room(self, name: str) -> int:
        """How many more places may be read that nothing is to be sent to; none while there is anything else to do."""
        platform = self._desk.platforms[name]
        own = [work for place, (work, _) in self._works.items() if place.platform == name]
        if platform.refused or platform.downs or platform.gate.resting_s > 0 or any(one.idle is None for one in own):
            return 0
        return AT_ONCE_WARM - len(own)

    def _begin_warm(self, lane: Lane) -> None:
        name, works = lane.place.platform, self._works

        def idle() -> bool:
            return all(one.idle is not None for place, (one, _) in works.items() if place.platform == name)

        self._begin(lane, idle)

    def _begin(self, lane: Lane, idle: Callable[[], bool] | None = None) -> None:
        kept = self._works.get(lane.place)
        if kept is not None:  # its lease lapsed while it was worked on here, and it fell to this run again
            return
        self._desk.silenced.discard(lane.place)
        assert lane.leased_until is not None
        begun = asyncio.get_running_loop().time()
        work = Work(self._desk, self._notices, self._sentry, lane, lane.leased_until, begun, idle=idle)
        task = asyncio.create_task(self._work(work), name=f"lane {lane.place}")
        self._works[lane.place] = work, task
        task.add_done_callback(lambda _: self._ended(lane.place))

    def _ended(self, place: Place) -> None:
        del self._works[place]
        self._desk.awake.set()

    async def _work(self, work: Work) -> None:
        place = work.lane.place
        try:
            if work.idle is None:
                await work.run()
            else:
                await self._warm(work)
        except (Resting, LaneOver):
            pass
        except StorageError as error:
            self._desk.storage_failed(error)
        except Exception as error:  # a bug in one place is no other's: its lease runs out, then it is tried again
            log.error("work on a place failed", place=str(place), exc_info=error)
            return
        try:
            await self._desk.storage.release_lane(place, self._desk.run)
        except StorageError as error:
            self._desk.storage_failed(error)
            self._owed.add(place)

    async def _warm(self, work: Work) -> None:
        from bot.services.outbox_reading import warm_up

        if not await warm_up(work) and self._warming is not None:
            self._warming.again(work.lane.place)

    async def _give_back(self) -> None:
        for place in list(self._owed):
            if place not in self._works:
                await self._desk.storage.release_lane(place, self._desk.run)
            self._owed.discard(place)

    async def _keep_leases(self) -> None:
        """Long before they end, so that what is only waited for is nobody else's."""
        now = self._desk.clock.now()
        for work, _ in list(self._works.values()):
            if (work.until - now).total_seconds() < REQUEST_S + LEASE_MARGIN_S:
                until = now + timedelta(seconds=LEASE_S)
                if await self._desk.storage.keep_lane(work.lane.place, self._desk.run, until):
                    work.until = max(work.until, until)

    # -- what others ask

    def _communities(self, platform: str) -> set[CommunityId]:
        return {work.lane.community for place, (work, _) in self._works.items() if place.platform == platform}

    async def _silence(self, place: Place, community: CommunityId, why: str) -> None:
        self._desk.silenced.add(place)
        await self._notices.silenced(place, community, why)
        self._desk.silenced.add(place)  # it may have been taken again before that was written


def _told(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and task.exception() is not None:
        log.error("work beside the outbox ended", work=task.get_name(), exc_info=task.exception())
