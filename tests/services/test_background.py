"""Background work: summaries are made once before anybody asks, and a failure takes no question down with it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from adapters.workers import Inline
from bot.commands.registry import load
from bot.ports import Storage
from bot.services import Services
from bot.services.background import prepare_once, running
from bot.services.discovery import Discovery
from bot.services.episodes import Episodes
from bot.services.feed_work import FeedWork
from bot.services.poller import Poller
from bot.services.quotes import Quotes
from bot.services.random_lines import RandomLines
from bot.services.resources import Resources
from bot.services.shows import Shows
from bot.services.summaries import Summaries
from storage import open_storage
from storage.index import open_index
from tests.commands.world import alert_work, console_platform
from tests.fake_web import FakeWeb
from tests.storage import build

CHAPTERS = build.chapters((0.0, "The lamp"), (20.0, "The fire"))


class Noon:
    """A clock that stands still."""

    def now(self) -> datetime:
        return datetime(2024, 5, 1, 12, tzinfo=UTC)


class Counted(Summaries):
    """Summaries that count how often they are prepared."""

    def __init__(self, storage: Storage) -> None:
        super().__init__(storage)
        self.prepared: list[str] = []

    async def prepare(self, viewer: object, episode: object) -> None:
        self.prepared.append(episode.key)  # type: ignore[attr-defined]
        await super().prepare(viewer, episode)  # type: ignore[arg-type]


@pytest.fixture
async def services(tmp_path: Path) -> AsyncIterator[Services]:
    storage = await open_storage("sqlite:///:memory:")
    index = open_index(tmp_path / "index")
    quotes, clock, web = Quotes(storage, index), Noon(), FakeWeb()
    poller = Poller(storage, web, Inline(), clock)
    shows = Shows(storage, Discovery(web, Inline(), 2**20), poller, clock)
    feeds = FeedWork(shows, poller, Resources(storage, web, Inline(), clock))
    yield Services(
        storage=storage,
        index=index,
        quotes=quotes,
        random_lines=RandomLines(storage, quotes),
        summaries=Counted(storage),
        episodes=Episodes(storage, clock),
        feed_work=lambda: feeds,
        alert_work=cache(lambda: alert_work(storage, web, clock, console_platform(clock))),
        clock=clock,
        registry=load(),
    )
    index.close()
    await storage.close()


def prepared(services: Services) -> list[str]:
    assert isinstance(services.summaries, Counted)
    return services.summaries.prepared


async def test_each_changed_episode_is_prepared_once(services: Services) -> None:
    for key in ("one", "two"):
        await build.stored(services.storage, build.episode_import(key, chapters=CHAPTERS))
    assert await prepare_once(services) == 2
    assert sorted(prepared(services)) == ["one", "two"]
    assert await prepare_once(services) == 0
    assert len(prepared(services)) == 2


async def test_only_what_changed_since_is_prepared_again(services: Services) -> None:
    for key in ("one", "two"):
        await build.stored(services.storage, build.episode_import(key, chapters=CHAPTERS))
    await prepare_once(services)
    await build.stored(services.storage, build.episode_import("two", (("Ann", "All new."),), chapters=CHAPTERS))
    await prepare_once(services)
    assert prepared(services)[2:] == ["two"]


async def test_the_place_in_the_changes_outlives_the_process(services: Services) -> None:
    await build.stored(services.storage, build.episode_import("one", chapters=CHAPTERS))
    await prepare_once(services)
    kept = await services.storage.cached("summaries|seen")
    assert kept == str(await services.storage.last_change())


async def test_a_prepared_summary_is_what_is_shown(services: Services) -> None:
    id = await build.stored(services.storage, build.episode_import("one", chapters=CHAPTERS))
    await prepare_once(services)
    before = await services.storage.last_change()
    episode = await services.storage.episode(build.MEMBER, id)
    assert episode is not None
    chapters = await services.storage.chapters(build.MEMBER, id)
    shown = await services.summaries.of(build.MEMBER, episode, chapters)
    assert [one.chapter.title for one in shown] == ["The lamp", "The fire"]
    assert await services.storage.last_change() == before


async def test_what_is_stored_while_people_ask_becomes_searchable(services: Services) -> None:
    async with running(services):
        await build.stored(services.storage, build.episode_import("one", chapters=CHAPTERS))
        async with asyncio.timeout(5):
            while services.index.seen() < await services.storage.last_change():  # noqa: ASYNC110
                await asyncio.sleep(0.05)
    services.index.writer().close()


async def test_a_second_process_runs_although_the_index_is_held(services: Services) -> None:
    holder = services.index.writer()
    async with running(services):
        await asyncio.sleep(0.05)
    holder.close()
    assert not [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
