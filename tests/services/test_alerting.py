"""While the program runs: what is due is polled before anything is sent, the port opens, and all ends in order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest

from bot.alerts import Alert
from bot.commands.registry import load
from bot.domain import DEFAULT_COMMUNITY, Place
from bot.errors import SettingsError
from bot.feed_ports import Fetched, Request
from bot.services import Services
from bot.services import alerting as module
from bot.services.alerting import settled
from bot.services.background import running
from bot.services.episodes import Episodes
from bot.services.feed_work import FeedWork
from bot.services.quotes import Quotes
from bot.services.random_lines import RandomLines
from bot.services.summaries import Summaries
from bot.web_ports import Route
from storage.index import open_index
from tests import feeds_made as made
from tests import virtual_time
from tests.commands.world import alert_work, console_platform
from tests.fake_platform import FakePlatform
from tests.services.feed_room import BASE, FEED, Room, room
from tests.services.test_poller import items
from tests.services.test_poller_news import subscribe

HALL = Place("console", "local", "hall")


class Scene:
    """A show that is subscribed to, and everything that runs."""

    def __init__(self, feeds: Room, services: Services, platform: FakePlatform) -> None:
        self.feeds = feeds
        self.services = services
        self.platform = platform

    async def alert(self) -> list[Alert]:
        return await self.feeds.storage.alerts(DEFAULT_COMMUNITY)

    async def posted(self, count: int) -> None:
        async with asyncio.timeout(30):
            while len(self.platform.log) < count:  # noqa: ASYNC110 - the platform tells nobody
                await asyncio.sleep(0.01)


@pytest.fixture
async def scene(tmp_path: object) -> AsyncIterator[Scene]:
    async with room() as feeds:
        index = open_index(tmp_path / "index")  # type: ignore[operator]
        platform = console_platform(feeds.clock)
        quotes = Quotes(feeds.storage, index)
        work = alert_work(feeds.storage, feeds.web, feeds.clock, platform)
        services = Services(
            storage=feeds.storage,
            index=index,
            quotes=quotes,
            random_lines=RandomLines(feeds.storage, quotes),
            summaries=Summaries(feeds.storage),
            episodes=Episodes(feeds.storage, feeds.clock),
            feed_work=lambda: FeedWork(feeds.shows, feeds.poller, feeds.resources),
            alert_work=lambda: work,
            clock=feeds.clock,
            registry=load(),
        )
        show = await feeds.add(made.feed(BASE, items(3)))
        await subscribe(feeds, show, HALL)
        yield Scene(feeds, services, platform)
        index.close()


async def test_a_feed_that_is_due_is_polled_and_posted_without_being_asked(scene: Scene) -> None:
    scene.feeds.web.put(FEED, made.feed(BASE, items(4)))
    scene.feeds.clock.pass_hours(3)
    async with running(scene.services):
        await scene.posted(1)
    assert [one.state for one in await scene.alert()] == ["posted"]
    assert not [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]


async def test_nothing_is_sent_before_the_feeds_that_are_due_were_polled(scene: Scene) -> None:
    await scene.feeds.poll(made.feed(BASE, items(4)))
    scene.feeds.clock.pass_hours(3)
    opened, asked = asyncio.Event(), asyncio.Event()
    fetch = scene.feeds.web.fetch

    async def slow(request: Request) -> Fetched:
        asked.set()
        await opened.wait()
        return await fetch(request)

    scene.feeds.web.fetch = slow  # type: ignore[method-assign]
    async with running(scene.services):
        async with asyncio.timeout(30):
            await asked.wait()
        await asyncio.sleep(0.2)
        assert scene.platform.log == []
        opened.set()
        await scene.posted(1)


async def test_a_feed_that_never_answers_holds_up_sending_for_a_while_only(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FIRST_S", 0.1)
    monkeypatch.setattr("bot.scheduler.poll.END_S", 0.1)
    await scene.feeds.poll(made.feed(BASE, items(4)))
    scene.feeds.clock.pass_hours(3)

    async def never(request: Request) -> Fetched:
        await asyncio.Event().wait()
        raise AssertionError("unreachable")

    scene.feeds.web.fetch = never  # type: ignore[method-assign]
    async with running(scene.services):
        await scene.posted(1)
    assert not [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]


async def test_the_port_is_open_while_it_runs(scene: Scene) -> None:
    seen: list[str] = []
    is_open = asyncio.Event()

    @asynccontextmanager
    async def port(routes: Sequence[Route]) -> AsyncIterator[None]:
        seen.extend(route.path for route in routes)
        is_open.set()
        try:
            yield
        finally:
            seen.append("closed")

    async with running(scene.services, port):
        async with asyncio.timeout(30):
            await is_open.wait()
    assert "/websub/{id}" in seen
    assert seen[-1] == "closed"


async def test_a_port_that_cannot_be_had_stops_nothing_else(scene: Scene) -> None:
    @asynccontextmanager
    async def port(routes: Sequence[Route]) -> AsyncIterator[None]:
        raise SettingsError("the port is taken")
        yield

    await scene.feeds.poll(made.feed(BASE, items(4)))
    async with running(scene.services, port):
        await scene.posted(1)


async def test_settled_waits_for_what_is_due_and_not_for_ever(scene: Scene) -> None:
    assert await settled(scene.services, 30)
    await scene.feeds.poll(made.feed(BASE, items(4)))
    assert not await settled(scene.services, 0.1)
    async with running(scene.services):
        assert await settled(scene.services, 30)
    assert len(scene.platform.log) == 1


@pytest.mark.parametrize(
    ("request_s", "waited_s"),
    [pytest.param(2.0, 2.0, id="a-usual-request"), pytest.param(60.0, 3.5, id="a-platform-that-hangs")],
)
def test_what_is_on_its_way_is_waited_for_as_long_as_an_end_may_take(request_s: float, waited_s: float) -> None:
    async def scene() -> float:
        async def send() -> None:
            try:
                await asyncio.Event().wait()
            finally:
                await asyncio.sleep(request_s)

        sending = asyncio.create_task(send())
        await asyncio.sleep(0)
        began = asyncio.get_running_loop().time()
        await module._finished(sending)
        return asyncio.get_running_loop().time() - began

    assert virtual_time.run(scene()) == pytest.approx(waited_s, abs=0.1)
