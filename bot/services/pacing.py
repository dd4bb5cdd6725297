"""One gate for each platform: every request waits here for its turn, so that no limit is ever hit.

Who is asked first: posts, then reading back, then chores; but nobody waits for ever. Times are the loop's.
"""

from __future__ import annotations

import asyncio
import heapq
from collections import deque
from itertools import count
from typing import Literal

from bot.alerts import Limits
from bot.domain import Place
from bot.rules import rates

Urgency = Literal["send", "read", "chore"]
#: A read goes before posts that came so much later, and so on.
_PATIENCE_S: dict[Urgency, float] = {"send": 0.0, "read": 2.0, "chore": 20.0}
#: Whoever would have to wait longer than this for a resting platform gives up the place instead.
SHORT_REST_S = 5.0
#: How far ahead of their leaving requests may be prepared.
_PREPARED_S = 0.25
#: Places whose last posts are remembered.
_PLACES = 20_000


class Resting(Exception):
    """The platform is not to be asked for a while."""


class Gate:
    """The pace of one platform in this process."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._pace, self._departures = rates.overall(limits), rates.departures(limits)
        self._place, self._publish = rates.in_place(limits), rates.publishing(limits)
        self._leaving = rates.leaving(limits)
        self._turn = self._departure = 0.0
        #: When the last ones left; those about to leave, one after the other.
        self._left: deque[float] = deque(maxlen=self._leaving.most)
        self._door = asyncio.Lock()
        self._at_door = 0
        self._rest_until = 0.0
        self._waiters: list[tuple[float, int, asyncio.Future[None]]] = []
        self._number = count()
        self._timer: asyncio.TimerHandle | None = None
        self._posted: dict[Place, deque[float]] = {}
        self._published: dict[Place, deque[float]] = {}
        self._place_rests: dict[Place, float] = {}

    # -- the whole platform

    @property
    def resting_s(self) -> float:
        """How long the platform still rests; 0 when it does not."""
        return max(0.0, self._rest_until - _now())

    def rest(self, seconds: float) -> None:
        """Ask nothing before that has passed. Those who wait are sent away when it is long."""
        self._rest_until = max(self._rest_until, _now() + seconds)
        if self.resting_s > SHORT_REST_S:
            for _, _, waiter in self._waiters:
                if not waiter.done():
                    waiter.set_exception(Resting())
                    waiter.exception()  # its task may have been cancelled: then nobody asks
            self._waiters.clear()
        self._set_timer()

    async def turn(self, urgency: Urgency) -> None:
        """Wait until one request may be prepared. Raises Resting."""
        if self.resting_s > SHORT_REST_S:
            raise Resting
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiters, (_now() + _PATIENCE_S[urgency], next(self._number), waiter))
        self._set_timer()
        await waiter

    async def depart(self) -> None:
        """Between the preparation (a write that may have been slow) and the request itself: those that were prepared
        together do not leave together. Raises Resting."""
        self._at_door += 1
        try:
            async with self._door:
                while (at := self._leaves_at()) > _now():  # noqa: ASYNC110 - time is what is waited for
                    await asyncio.sleep(at - _now())
                if self.resting_s > SHORT_REST_S:
                    raise Resting
                # When it leaves in truth, since a loop that stood still lets out several at once.
                self._left.append(_now())
                self._departure = self._departures.taken(self._departure, _now())
        finally:
            self._at_door -= 1

    def _leaves_at(self) -> float:
        if self.resting_s > SHORT_REST_S:
            return 0.0
        return max(self._departures.free_at(self._departure), self._leaving.free_at(self._left))

    def _free_at(self) -> float:
        # Nobody is let in while those before have not left: a queue there would never shrink.
        return max(self._pace.free_at(self._turn), self._queue_ends() - _PREPARED_S, self._rest_until)

    def _queue_ends(self) -> float:
        """When those at the door have left."""
        return max(self._departure, _now()) + self._at_door * self._departures.every_s

    def _set_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._waiters:
            at = max(self._free_at(), _now())
            self._timer = asyncio.get_running_loop().call_at(at, self._let_in)

    def _let_in(self) -> None:
        self._timer = None
        now = _now()
        while self._waiters and self._free_at() <= now:
            _, _, waiter = heapq.heappop(self._waiters)
            if not waiter.done():
                waiter.set_result(None)
                self._turn = self._pace.taken(self._turn, now)
        self._set_timer()

    # -- one place

    def place_free_s(self, place: Place) -> float:
        """How long until something may be posted in the place."""
        free_at = max(self._place.free_at(self._posted.get(place, ())), self._place_rests.get(place, 0.0))
        return max(0.0, free_at - _now())

    def rest_place(self, place: Place, seconds: float) -> None:
        """The platform asked for a pause in this place alone."""
        now = _now()
        self._place_rests = {one: until for one, until in self._place_rests.items() if until > now}
        self._place_rests[place] = now + seconds

    def noted(self, place: Place) -> None:
        """A post there was answered now: the platform counted it at this time or before."""
        _note(self._posted, place, self._place.most)

    def publish_free_s(self, place: Place) -> float:
        return max(0.0, self._publish.free_at(self._published.get(place, ())) - _now())

    def noted_publish(self, place: Place) -> None:
        _note(self._published, place, self._publish.most)


def _note(times: dict[Place, deque[float]], place: Place, most: int) -> None:
    row = times.pop(place, None) or deque(maxlen=most)
    row.append(_now())
    times[place] = row  # the latest at the end, so that the first one is the oldest
    if len(times) > _PLACES:
        del times[next(iter(times))]


def _now() -> float:
    return asyncio.get_running_loop().time()
