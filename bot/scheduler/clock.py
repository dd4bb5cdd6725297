"""APScheduler 3 as a clock and nothing more: something every few seconds, one at a time, and an end in order.

A late tick is not dropped (its default grace of one second would), missed ones count as one, and nothing is kept: what
is due stands in storage.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.errors import PullquoteError
from bot.logs import get_logger

log = get_logger(__name__)

#: Work that a tick does.
Work = Callable[[], Awaitable[object]]
#: So long does the end wait for ticks that run; then they are cancelled.
END_S = 3.0


class Ticks:
    """Ticks of one event loop. A tick that fails is logged and comes again."""

    def __init__(self) -> None:
        # What its executor tells of late and lost ticks is no news here: one at a time is what was asked for.
        logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
        make: Any = AsyncIOScheduler  # untyped, as all of it
        self._scheduler = make(
            timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )
        self._running: set[asyncio.Task[object]] = set()

    def every(self, seconds: float, name: str, work: Work, *, jitter_s: int = 0, at_once: bool = False) -> None:
        """Do it again and again, never twice at a time; ``jitter_s`` moves each tick by up to so many seconds,
        ``at_once`` has the first one now."""

        async def tick() -> None:
            task = asyncio.current_task()
            assert task
            self._running.add(task)
            try:
                await _guarded(name, work)
            finally:
                self._running.discard(task)

        first = {"next_run_time": datetime.now(UTC)} if at_once else {}
        self._scheduler.add_job(
            tick, "interval", seconds=seconds, id=name, name=name, jitter=jitter_s or None,
            start_date=datetime.now(UTC) + timedelta(seconds=seconds), **first,
        )  # fmt: skip

    def start(self) -> None:
        """From here on the clock runs; inside a running loop."""
        self._scheduler.start()

    async def stop(self) -> None:
        """No tick begins any more; those that run may end in peace for a moment."""
        if self._scheduler.running:
            self._scheduler.pause()
        me = asyncio.current_task()
        left = {task for task in self._running if task is not me}
        if left:
            _, late = await asyncio.wait(left, timeout=END_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
            await asyncio.sleep(0)  # its shutdown is a call on the loop


async def _guarded(name: str, work: Work) -> None:
    try:
        await work()
    except PullquoteError as error:
        # The database may be busy or full for a while; what is due stays due.
        log.warning("a tick waits", tick=name, error=str(error))
    except Exception as error:
        log.error("a tick failed", tick=name, exc_info=error)
