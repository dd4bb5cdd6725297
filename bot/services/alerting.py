"""Alerts while the program runs: feeds are polled by the clock, what is due is posted, posts grow, hubs are heard.

It begins with the feeds that are due, so that nothing is sent by what was known yesterday, and ends in order: no feed
is claimed any more, the port closes, what is on its way to a platform is finished.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from importlib import import_module
from typing import TYPE_CHECKING

from bot.domain import DEFAULT_COMMUNITY
from bot.errors import PullquoteError, SettingsError
from bot.logs import get_logger

if TYPE_CHECKING:
    from bot.scheduler.clock import Ticks
    from bot.scheduler.poll import Polls
    from bot.services import Services
    from bot.services.alert_work import AlertWork
    from bot.web_ports import Route

log = get_logger(__name__)

#: Opens the web port for as long as the block runs; SettingsError when it cannot be had.
Port = Callable[[Sequence["Route"]], AbstractAsyncContextManager[object]]

#: How often feeds are looked for that are due, and changes that posts follow; how often hubs are asked (seconds).
POLL_S, GROW_S, HUBS_S = 5.0, 5.0, 300.0
#: So long at most does sending wait for the feeds that are due at the start.
FIRST_S = 120.0
_LOADED = ("bot.scheduler.clock", "bot.scheduler.poll", "bot.services.outbox", "bot.services.growth")


async def alerting(services: Services, port: Port | None = None) -> None:
    """All of it, until cancelled."""
    for name in _LOADED:  # a tenth of a second each, off the loop: who asks meanwhile does not wait
        await asyncio.to_thread(import_module, name)
    from bot.scheduler.clock import Ticks
    from bot.scheduler.poll import Polls

    work = services.alerts
    polls = Polls(services.storage, services.poller, services.clock, work.run)
    async with AsyncExitStack() as ends:
        sending = asyncio.create_task(_told("outbox", work.outbox.run))
        ends.push_async_callback(_finished, sending)
        await _open(port, services, ends)
        ends.push_async_callback(polls.stop)
        first = asyncio.create_task(_first(work, polls))
        ends.callback(first.cancel)
        ticks = Ticks()
        ends.push_async_callback(ticks.stop)
        _set(ticks, services, work, polls)
        ticks.start()
        await asyncio.Event().wait()


async def settled(services: Services, within_s: float) -> bool:
    """Wait until nothing is due in any place of the community; False when something still is after so long."""
    try:
        async with asyncio.timeout(within_s):
            while await _is_due(services):  # noqa: ASYNC110 - another process may be the one that posts
                await asyncio.sleep(0.1)
    except TimeoutError:
        return False
    return True


async def _is_due(services: Services) -> bool:
    """Whether a place that may be posted in has something due, be it worked on just now or not."""
    now, platforms = services.clock.now(), services.alerts.messengers
    return any(
        one.due_at is not None and one.due_at <= now and not (one.blocked or one.silenced)
        for one in await services.storage.lanes(DEFAULT_COMMUNITY)
        if one.place.platform in platforms
    )


async def _first(work: AlertWork, polls: Polls) -> None:
    """Poll what is due, then let the outbox send."""

    async def catch_up() -> None:
        if not await polls.caught_up(FIRST_S):
            log.warning("feeds that are due are slow: sending begins without them", seconds=FIRST_S)

    await _told("first polls", catch_up)
    work.first_polls.set()


async def _open(port: Port | None, services: Services, ends: AsyncExitStack) -> None:
    """The web port; without it nobody is heard, and all else goes on."""
    if port is not None:
        from bot.services.health import Health

        routes = (*services.alerts.hubs.routes(), *Health(services.storage, services.clock).routes())
        try:
            await ends.enter_async_context(port(routes))
        except SettingsError as error:
            log.error("the web port stays closed", error=str(error))


def _set(ticks: Ticks, services: Services, work: AlertWork, polls: Polls) -> None:
    work.hubs.wake = polls.wake
    ticks.every(POLL_S, "poll", polls.tick)
    ticks.every(GROW_S, "growth", work.growth.follow, jitter_s=1)
    ticks.every(HUBS_S, "hubs", lambda: work.hubs.renew(services.clock.now()), jitter_s=30, at_once=True)


async def _finished(sending: asyncio.Task[None]) -> None:
    """Told to end, it finishes what is on its way, for as long as an end may take."""
    from bot.services.outbox import STOP_S

    sending.cancel()
    await asyncio.wait([sending], timeout=STOP_S + 1.0)
    if not sending.done():
        log.warning("the outbox did not end in time: what was on its way is looked for at the next start")
        sending.cancel()
        await asyncio.wait([sending], timeout=1.0)


async def _told(name: str, work: Callable[[], Awaitable[object]]) -> None:
    try:
        await work()
    except PullquoteError as error:
        log.error("background work stopped", work=name, error=str(error))
    except Exception as error:
        log.error("background work failed", work=name, exc_info=error)
