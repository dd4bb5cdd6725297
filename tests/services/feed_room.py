"""A show with a feed over a real database and a made-up web, for the tests of polling and fetching."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from adapters.workers import Inline
from bot.domain import DEFAULT_COMMUNITY, Episode, Place, Role, Show, Viewer
from bot.feed_memory import FeedState
from bot.ports import Storage
from bot.services.discovery import Discovery
from bot.services.poll_reports import PollReport
from bot.services.poller import Poller
from bot.services.resources import Resources
from bot.services.shows import Shows, Wish
from storage import open_storage
from tests.commands.world import Times
from tests.fake_web import FakeWeb
from tests.virtual_time import START, LoopClock

BASE = "https://kettle.example"
FEED = f"{BASE}/feed.xml"
OPERATOR = Viewer(DEFAULT_COMMUNITY, Role.operator)
HERE = Place("console", "local", "console")


class Passing(Times):
    """The time of a virtual loop (``tests.virtual_time``), which passes by itself from ``start`` on, and jumps."""

    def __init__(self, start: datetime = START) -> None:
        self._loop = LoopClock(start)

    def now(self) -> datetime:
        return self._loop.now()

    def pass_hours(self, hours: float) -> None:
        self._loop.start += timedelta(hours=hours)


@dataclass(frozen=True, slots=True)
class Room:
    """What polling needs, and shortcuts to what it left."""

    storage: Storage
    web: FakeWeb
    clock: Times
    poller: Poller
    resources: Resources
    shows: Shows

    async def add(self, body: str | bytes | None = None, url: str = FEED) -> Show:
        if body is not None:
            self.web.put(url, body)
        return (await self.shows.add(DEFAULT_COMMUNITY, Wish(url, place=HERE))).show

    async def poll(self, body: str | bytes | None = None, url: str = FEED) -> PollReport:
        """An hour later, with what the feed says then."""
        self.clock.pass_hours(1)
        if body is not None:
            self.web.put(url, body)
        [report] = await self.poller.poll(await self.storage.feeds())
        return report

    async def state(self) -> FeedState:
        [state] = await self.storage.feeds()
        return state

    async def episodes(self) -> list[Episode]:
        return await self.storage.episodes(OPERATOR)

    async def said(self, key: str) -> list[str]:
        """The lines of an episode, as anybody sees them."""
        episode = next(one for one in await self.episodes() if one.key == key)
        return [line.text for line in await self.storage.lines(OPERATOR, episode.id)]


@asynccontextmanager
async def room(
    clock: Times | None = None, url: str = "sqlite:///:memory:", on_news: Callable[[], None] = lambda: None
) -> AsyncIterator[Room]:
    storage = await open_storage(url)
    web, clock, offload = FakeWeb(), clock or Times(), Inline()
    poller = Poller(storage, web, offload, clock, chance=lambda: 0.0, on_news=on_news)
    shows = Shows(storage, Discovery(web, offload, 25 * 2**20), poller, clock)
    try:
        yield Room(storage, web, clock, poller, Resources(storage, web, offload, clock), shows)
    finally:
        await storage.close()
