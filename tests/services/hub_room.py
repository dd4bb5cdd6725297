"""Hubs over a real database, a real web port, a real fetcher and a hub on loopback. No test enters here."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import aiohttp

from adapters.fetch import open_fetcher
from adapters.web import serve
from bot.alerts import Hub
from bot.domain import Show
from bot.errors import StorageLocked
from bot.feed_memory import FeedState
from bot.feed_ports import Fetcher
from bot.ports import Storage
from bot.rules.addresses import read_allow_list
from bot.services.health import Health
from bot.services.hubs import Hubs
from bot.web_ports import Answer, Incoming, Route
from storage import open_storage
from tests.commands.world import Times
from tests.fake_hub import FakeHub, hub_running
from tests.storage.build import shelved

TOPIC = "https://kettle.example/feed.xml"
DAY = timedelta(days=1)


@dataclass
class Room:
    """Everything but the poller: ``woken`` counts how often it would be woken."""

    storage: Storage
    hub: FakeHub
    clock: Times
    fetcher: Fetcher
    hubs: Hubs
    public_url: str
    limit: int = 100_000
    woken: list[datetime] = field(default_factory=list)

    async def feed(self, slug: str = "kettle", **given: object) -> Show:
        """A show with a feed that names the hub, polled an hour ago and due in an hour."""
        show = await shelved(self.storage, slug)
        state = FeedState(show.id, TOPIC, hub=self.hub.url, topic=TOPIC, next_at=self.clock.at + timedelta(hours=1))
        await self.storage.put_feed(replace(state, **given))  # type: ignore[arg-type]
        return show

    async def change(self, show: Show, **given: object) -> None:
        state = await self.storage.feed(show.id)
        assert state
        await self.storage.put_feed(replace(state, **given))  # type: ignore[arg-type]

    async def renew(self) -> int:
        asked = await self.hubs.renew(self.clock.at)
        await self.hub.settled()
        return asked

    async def stored(self) -> Hub:
        [hub] = await self.storage.hubs()
        return hub

    async def due(self, show: Show) -> datetime | None:
        state = await self.storage.feed(show.id)
        assert state
        return state.next_at

    def restart(self, public_url: str = "") -> None:
        """Another process over the same database."""
        self.hubs = self.made(public_url or self.public_url)

    def made(self, public_url: str) -> Hubs:
        allowed = read_allow_list(f"127.0.0.1:{self.hub.port}")
        return Hubs(
            self.storage, self.fetcher, self.clock, public_url,
            allowed=allowed, body_limit=self.limit, wake=lambda: self.woken.append(self.clock.at),
        )  # fmt: skip

    async def get(self, path: str, **query: str) -> tuple[int, str, str]:
        async with (
            aiohttp.ClientSession() as client,
            client.get(self.public_url + path, params={f"hub.{name}": value for name, value in query.items()}) as got,
        ):
            return got.status, await got.text(), got.headers["Content-Type"]


class Locked:
    """A database that another process holds."""

    def __getattr__(self, name: str) -> Callable[..., Awaitable[None]]:
        async def refuse(*given: object) -> None:
            raise StorageLocked("another process holds it")

        return refuse


def late(room: Callable[[], Room], index: int) -> Callable[[Incoming], Awaitable[Answer]]:
    """The route of whichever ``Hubs`` the room has by then."""

    async def handle(incoming: Incoming) -> Answer:
        return await room().hubs.routes()[index].handler(incoming)

    return handle


@asynccontextmanager
async def entered() -> AsyncIterator[Room]:
    rooms: list[Room] = []
    storage, clock = await open_storage("sqlite:///:memory:"), Times()
    path = "/websub/{id}"
    routes = [Route("GET", path, late(lambda: rooms[0], 0)), Route("POST", path, late(lambda: rooms[0], 1), 100_000)]
    try:
        async with hub_running() as hub, serve("127.0.0.1", 0, [*routes, *Health(storage, clock).routes()]) as site:
            fetcher = open_fetcher("x", f"127.0.0.1:{hub.port}")
            url = f"http://127.0.0.1:{site.port}"
            rooms.append(Room(storage, hub, clock, fetcher, Hubs(storage, fetcher, clock, ""), url))
            rooms[0].restart()
            yield rooms[0]
            await fetcher.close()
    finally:
        await storage.close()
