"""The index follows storage: over a real storage in memory and a real index."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest

from bot.domain import DEFAULT_COMMUNITY, EpisodeId, Level, Show, ShowId, Withhold
from bot.errors import IndexBusy
from bot.ports import IndexQuery, QuoteIndex, Storage
from bot.services.follower import catch_up_if_free, follow, keeper, rebuild, waiting
from storage import open_storage
from storage.index import open_index
from tests.storage import build

TALK: build.Turns = (("Ann", "A kite is only a wing that somebody forgot."), ("Bo", "Paper tears in the rain."))
OTHER: build.Turns = (("Ann", "Nobody expects a lighthouse to answer the telephone."),)


@pytest.fixture
async def storage() -> AsyncIterator[Storage]:
    opened = await open_storage("sqlite:///:memory:")
    yield opened
    await opened.close()


@pytest.fixture
def index(tmp_path: Path) -> QuoteIndex:
    return open_index(tmp_path / "index")


async def kept(storage: Storage, key: str, talk: build.Turns = TALK) -> EpisodeId:
    return await build.stored(storage, build.episode_import(key, talk))


async def found(storage: Storage, index: QuoteIndex, words: str) -> set[EpisodeId]:
    shows = frozenset(show.id for show in await storage.shows(build.OPERATOR))
    return {one.episode for one in index.candidates(IndexQuery(words, shows))}


async def test_what_is_stored_waits_until_it_is_indexed(storage: Storage, index: QuoteIndex) -> None:
    one = await kept(storage, "one")
    assert await waiting(storage, index) == 1
    assert await catch_up_if_free(storage, index)
    assert await waiting(storage, index) == 0
    assert await found(storage, index, "kite") == {one}


async def test_an_episode_that_changed_many_times_is_counted_once(storage: Storage, index: QuoteIndex) -> None:
    one = await kept(storage, "one")
    await kept(storage, "one", OTHER)
    assert await waiting(storage, index) == 1
    await catch_up_if_free(storage, index)
    assert await found(storage, index, "telephone") == {one}
    assert await found(storage, index, "kite") == set()


async def test_an_overlay_needs_no_writer(storage: Storage, index: QuoteIndex) -> None:
    one = await kept(storage, "one")
    await catch_up_if_free(storage, index)
    await storage.put(DEFAULT_COMMUNITY, Withhold("w", Level.hidden, episode=one), "console:ann")
    assert await waiting(storage, index) == 0
    holder = keeper(storage, index)
    try:
        assert await catch_up_if_free(storage, index)
    finally:
        holder.close()


async def test_what_waits_is_left_to_whoever_holds_the_lock(storage: Storage, index: QuoteIndex) -> None:
    await kept(storage, "one")
    holder = keeper(storage, index)
    try:
        assert not await catch_up_if_free(storage, index)
        with pytest.raises(IndexBusy):
            await rebuild(storage, index)
    finally:
        holder.close()


async def test_catching_up_twice_does_nothing_more(storage: Storage, index: QuoteIndex) -> None:
    await kept(storage, "one")
    holder = keeper(storage, index)
    try:
        assert (await holder.catch_up(), await holder.catch_up()) == (1, 0)
    finally:
        holder.close()
    assert index.seen() == await storage.last_change()


async def test_an_index_ahead_of_its_storage_is_made_again(storage: Storage, index: QuoteIndex) -> None:
    stranger = await open_storage("sqlite:///:memory:")
    for key in ("x", "y", "z"):
        await kept(stranger, key, OTHER)
    await catch_up_if_free(stranger, index)
    await stranger.close()
    one = await kept(storage, "one")
    assert index.seen() > await storage.last_change()
    assert await waiting(storage, index) == 1
    assert await catch_up_if_free(storage, index)
    assert index.seen() == await storage.last_change()
    assert await found(storage, index, "kite") == {one}
    assert await found(storage, index, "telephone") == set()


async def test_a_rebuild_holds_what_storage_holds_and_nothing_else(storage: Storage, index: QuoteIndex) -> None:
    one, two = await kept(storage, "one"), await kept(storage, "two", OTHER)
    counted: list[tuple[int, int]] = []
    assert await rebuild(storage, index, lambda done, total: counted.append((done, total))) == 2
    assert counted == [(1, 2), (2, 2)]
    assert index.seen() == await storage.last_change()
    assert (await found(storage, index, "kite"), await found(storage, index, "telephone")) == ({one}, {two})


async def test_an_episode_put_from_memory_and_changed_since_is_read_again(storage: Storage, index: QuoteIndex) -> None:
    holder = keeper(storage, index)
    try:
        one = await kept(storage, "one")
        raw = await storage.indexed_episode(one)
        assert raw is not None
        await holder.put(raw)
        await kept(storage, "one", OTHER)
        await holder.catch_up()
    finally:
        holder.close()
    assert await found(storage, index, "telephone") == {one}
    assert await found(storage, index, "kite") == set()


async def test_a_show_without_lines_makes_no_work(storage: Storage, index: QuoteIndex) -> None:
    await storage.put_show(DEFAULT_COMMUNITY, Show(ShowId("silent"), "silent", "Silent"))
    assert await waiting(storage, index) == 0
    assert await rebuild(storage, index) == 0


async def test_the_follower_takes_the_lock_when_it_is_free_and_follows(storage: Storage, index: QuoteIndex) -> None:
    task = asyncio.create_task(follow(storage, index))
    try:
        one = await kept(storage, "one")
        async with asyncio.timeout(5):
            while index.seen() < await storage.last_change():  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        assert await found(storage, index, "kite") == {one}
        with pytest.raises(IndexBusy):
            keeper(storage, index)
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    keeper(storage, index).close()
