"""What everybody in the outbox shares: the run's name, the gates, waiting that ends when the outbox stops, and writes
that are repeated until they are there. No decision about an alert lives here."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, TypeVar

from bot.alert_ports import Outcome, Page, Refused, Unclear
from bot.alerts import REQUEST_S
from bot.errors import StorageConflict, StorageError
from bot.logs import get_logger
from bot.rules import retries
from bot.services.pacing import Gate

if TYPE_CHECKING:
    from bot.alert_ports import Messenger
    from bot.domain import Place
    from bot.ports import Clock, Storage
    from bot.services.posts import PostMaker

log = get_logger(__name__)
T = TypeVar("T")
Answer = TypeVar("Answer", bound=Outcome | Page)

#: A failed write is repeated after this at most, and, while the outbox stops, for so long.
WRITE_AGAIN_S, LAST_WRITES_S = 15.0, 10.0
#: The time of day and the loop's drift apart by so much only when the clock is set.
CLOCK_SET_S = 5.0


@dataclass(slots=True)
class Platform:
    """One platform as this process knows it. ``refused``, ``downs``: refusals of the token, and failed connections, in
    a row, the last one at ``failed_at`` (loop time). ``behind``: how much older than our request posts seem to be,
    since clocks differ; None = not known."""

    messenger: Messenger
    gate: Gate
    refused: int = 0
    downs: int = 0
    failed_at: float = 0.0
    behind: timedelta | None = None
    _set_at: float = 0.0

    def usual(self, now: datetime) -> timedelta | None:
        """``behind``, unless the clock was set or the machine slept since it was measured."""
        set_at = now.timestamp() - asyncio.get_running_loop().time()
        if abs(set_at - self._set_at) > CLOCK_SET_S:
            self._set_at, self.behind = set_at, None
        return self.behind

    def measured(self, behind: timedelta) -> None:
        self.behind = behind if self.behind is None else min(self.behind, behind)

    def works(self) -> None:
        self.refused = self.downs = 0


@dataclass(slots=True)
class Desk:
    storage: Storage
    posts: PostMaker
    clock: Clock
    run: str
    platforms: Mapping[str, Platform]
    random: Random
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    #: Work was stored, or there is room for more: look now.
    awake: asyncio.Event = field(default_factory=asyncio.Event)
    #: Places that cannot be read back: why, and until when that is believed (loop time).
    unreadable: dict[Place, tuple[str, float]] = field(default_factory=dict)
    #: Places where this run met a twin.
    silenced: set[Place] = field(default_factory=set)
    #: Messages of twins that moderators were told of: when they resume, these are no news.
    noticed: set[str] = field(default_factory=set)
    #: Since when reading a place has failed, and how often in a row.
    unread: dict[Place, tuple[float, int]] = field(default_factory=dict)
    #: Before then (loop time, which nobody sets) it does not show what became of the last request in a place.
    unclear_until: dict[Place, float] = field(default_factory=dict)
    #: The time of day less the loop's, and since when (loop time) it has been the same.
    _set_at: float = float("-inf")
    _steady_since: float = 0.0
    _ill: bool = False

    # -- storage

    def storage_failed(self, error: StorageError) -> None:
        """Said once, until it works again."""
        if not self._ill:
            self._ill = True
            log.error("alerts wait for the database", error=str(error))

    def storage_works(self) -> None:
        if self._ill:
            self._ill = False
            log.info("the database works again")

    async def written(self, write: Callable[[], Awaitable[T]]) -> T:
        """Repeat a write until it is there. Raises StorageConflict at once, and any StorageError when the outbox has
        been stopping for a while."""
        failures, loop = 0, asyncio.get_running_loop()
        given_up = float("inf")
        while True:
            try:
                made = await write()
            except StorageConflict:
                raise
            except StorageError as error:
                self.storage_failed(error)
                failures += 1
                if self.stopping.is_set():
                    given_up = min(given_up, loop.time() + LAST_WRITES_S)
                    if loop.time() >= given_up:
                        raise
                    await asyncio.sleep(0.5)
                else:
                    await self.sleep(retries.backoff_s(failures, longest_s=WRITE_AGAIN_S))
            else:
                self.storage_works()
                return made

    # -- waiting

    def unclear_s(self, place: Place) -> float:
        """How long it cannot show yet that a request of unknown outcome came to nothing there, whatever the time of day
        says: when such a request left is known by the time of day alone, so that must have run evenly for as long as
        one takes to show, counted from this run's start."""
        now = asyncio.get_running_loop().time()
        shown_s = REQUEST_S + self.platforms[place.platform].gate.limits.settle_s
        return max(self.unclear_until.get(place, now), self.steady_since() + shown_s) - now

    def steady_since(self) -> float:
        """Since when (loop time) the time of day runs evenly, as far as was seen: nobody set it, nothing slept. To be
        asked often."""
        now = asyncio.get_running_loop().time()
        set_at = self.clock.now().timestamp() - now
        if abs(set_at - self._set_at) > CLOCK_SET_S:
            self._set_at, self._steady_since = set_at, now
        return self._steady_since

    async def sleep(self, seconds: float) -> None:
        """At most so long; shorter when the outbox stops."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.stopping.wait()

    # -- asking a platform

    async def answered(self, name: str, request: Callable[[], Awaitable[Answer]]) -> Answer | Unclear | Refused:
        """The answer, at the latest a little after the messenger should have given up, and what it says of the whole
        platform taken note of."""
        try:
            async with asyncio.timeout(REQUEST_S + 1):
                answer: Answer | Unclear = await request()
        except TimeoutError:
            answer = Unclear(f"no answer within {REQUEST_S:g} s")
        except Exception as error:  # a messenger raises nothing; if it does, nobody knows what was done
            log.error("a messenger failed", platform=name, exc_info=error)
            answer = Unclear(f"failed on our side: {type(error).__name__}")
        self._note(self.platforms[name], answer)
        return answer

    def _note(self, platform: Platform, answer: Outcome | Page) -> None:
        if not isinstance(answer, Refused):
            if not isinstance(answer, Unclear):
                platform.works()
            return
        if platform.gate.resting_s > 0 and answer.why != "busy":
            return  # one of several that were on their way together
        if answer.why in ("unauthorised", "down"):
            platform.failed_at = asyncio.get_running_loop().time()
        if answer.why == "unauthorised":
            platform.refused += 1
            platform.gate.rest(
                retries.backoff_s(platform.refused, first_s=retries.TOKEN_FIRST_S, longest_s=retries.TOKEN_LONGEST_S)
            )
        elif answer.why == "down":
            platform.downs += 1
            platform.gate.rest(retries.backoff_s(platform.downs, self.random.random(), longest_s=60.0))
        elif answer.why == "busy" and answer.everywhere:
            platform.gate.rest(retries.wait_s(1, self.random.random(), answer.retry_after_s or 1.0))
