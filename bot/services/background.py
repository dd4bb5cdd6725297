"""What goes on while people ask: the index follows, transcripts are fetched, chapter summaries are made before anybody
wants them, and feeds are polled and posted about (``alerting``). Members' questions come first."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from bot.domain import DEFAULT_COMMUNITY, EpisodeId, Role, Viewer
from bot.errors import PullquoteError
from bot.logs import get_logger
from bot.services.alerting import alerting
from bot.services.follower import follow
from bot.services.politeness import Hosts

if TYPE_CHECKING:
    from bot.services import Services
    from bot.services.alerting import Port

log = get_logger(__name__)

#: Where the preparer stands in the changes, kept in storage's cache.
_CURSOR = "summaries|seen"
#: Between two looks, and between two episodes at least: members' questions come first.
LOOK_EVERY_S, BREATH_S = 5.0, 0.05
#: After each episode it rests so many times as long as that took: a fifth of a core, whatever was imported.
REST = 4.0
#: Resources that one round of fetching takes on, how many episodes at a time, the pause between two requests to one
#: host, and how long a fault of the database is waited out.
FETCHES, FETCHES_AT_ONCE, PAUSE_S, SETBACK_S = 60, 2, 0.2, 30.0


@asynccontextmanager
async def running(services: Services, port: Port | None = None) -> AsyncIterator[None]:
    """Background work for as long as the block runs; its end waits for what is being written and sent. ``port`` opens
    the web port, where there is one."""
    sending = asyncio.create_task(_kept("alerts", alerting(services, port)))
    tasks = [
        asyncio.create_task(_kept("index", follow(services.storage, services.index))),
        asyncio.create_task(_kept("summaries", prepare_summaries(services))),
        asyncio.create_task(_kept("transcripts", fetch_resources(services))),
    ]
    try:
        yield
    finally:
        await _ended([sending])
        await _ended(tasks)


async def _ended(tasks: Sequence[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _kept(name: str, work: Coroutine[object, object, None]) -> None:
    """A failure of background work is told, and takes no question down with it."""
    try:
        await work
    except PullquoteError as error:
        log.error("background work stopped", work=name, error=str(error))
    except Exception as error:
        log.error("background work failed", work=name, exc_info=error)


async def fetch_resources(services: Services) -> None:
    """Transcripts, chapters and audio tags of every show, newest episodes first, a few at a time and with pauses."""
    hosts = Hosts(FETCHES_AT_ONCE, per_host=1, pause_s=PAUSE_S)
    while True:
        try:
            landed = await services.resources.fetch(limit=FETCHES, at_once=FETCHES_AT_ONCE, hosts=hosts)
        except PullquoteError as error:
            # The database may be busy or full for a while; what is due stays due.
            log.warning("fetching waits", error=str(error))
            wait = SETBACK_S
        else:
            wait = PAUSE_S if landed.episodes else LOOK_EVERY_S
        await asyncio.sleep(wait)


async def prepare_summaries(services: Services) -> None:
    """After an import by any process: the summaries of every changed episode with chapters, once each."""
    while True:
        await prepare_once(services)
        await asyncio.sleep(LOOK_EVERY_S)


async def prepare_once(services: Services) -> int:
    """Follow the changes that came since the last time; how many episodes were prepared."""
    storage = services.storage
    seen = int(await storage.cached(_CURSOR) or 0)
    changes = await storage.changes_since(seen, 10_000)
    if not changes:
        return 0
    todo: dict[EpisodeId, None] = {}
    for change in changes:
        if change.episode:
            todo[change.episode] = None
    viewer = Viewer(DEFAULT_COMMUNITY, Role.operator)
    for id in todo:
        episode = await storage.episode(viewer, id)
        if episode:
            began = time.perf_counter()
            await services.summaries.prepare(viewer, episode)
            await asyncio.sleep(max(BREATH_S, REST * (time.perf_counter() - began)))
    await storage.cache(_CURSOR, str(changes[-1].n))
    return len(todo)
