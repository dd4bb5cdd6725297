"""The change counter: in commit order, without gaps, whoever writes."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.domain import DEFAULT_COMMUNITY, Change, Level, Place, Setting, Withhold
from bot.errors import NotFound
from bot.ports import LineRange, Storage
from storage import open_storage
from tests.storage.build import MEMBER, episode_import, shelved, show, stored


async def test_a_new_database_has_seen_nothing(storage: Storage) -> None:
    assert await storage.last_change() == 0
    assert await storage.changes_since(0) == []


async def test_every_write_is_numbered(storage: Storage) -> None:
    id = await stored(storage)
    anchor = await storage.anchor(MEMBER, LineRange(id, 3, 3))
    assert anchor is not None
    await storage.put(DEFAULT_COMMUNITY, Withhold("w1", Level.hidden, anchor=anchor), "mod")
    await storage.undo(DEFAULT_COMMUNITY, None, "mod")
    await storage.put(DEFAULT_COMMUNITY, Setting("|a", "a", "1"), "mod")
    assert await storage.changes_since(0) == [
        Change(1, "overlay", None),
        Change(2, "transcript", id),
        Change(3, "overlay", id),
        Change(4, "overlay", id),
        Change(5, "overlay", None),
    ]
    assert await storage.changes_since(2, limit=1) == [Change(3, "overlay", id)]
    assert await storage.last_change() == 5


async def test_what_nothing_follows_is_not_numbered(storage: Storage) -> None:
    id = await stored(storage)
    anchor = await storage.anchor(MEMBER, LineRange(id, 3, 3))
    assert anchor is not None
    n = await storage.last_change()
    await storage.note_shown(DEFAULT_COMMUNITY, Place("d", "1", "2"), anchor)
    await storage.save_state(DEFAULT_COMMUNITY, "x")
    await storage.cache("k", "v")
    assert await storage.last_change() == n


async def test_a_refused_write_takes_no_number(storage: Storage) -> None:
    with pytest.raises(NotFound):
        await storage.save_episode(DEFAULT_COMMUNITY, show().id, episode_import())
    assert await storage.last_change() == 0


async def test_a_follower_misses_nothing_of_many_writers(storage: Storage) -> None:
    home = await shelved(storage)
    seen: list[Change] = []

    async def write(writer: int) -> None:
        for n in range(6):
            await storage.save_episode(DEFAULT_COMMUNITY, home.id, episode_import(f"{writer}-{n}"))

    async def follow() -> None:
        while len(seen) < 25:
            seen.extend(await storage.changes_since(seen[-1].n if seen else 0, limit=3))
            await asyncio.sleep(0)

    await asyncio.gather(follow(), *(write(writer) for writer in range(4)))
    assert [each.n for each in seen] == list(range(1, 26))
    assert len({each.episode for each in seen}) == 25


async def test_two_connections_never_share_a_number(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/two.db"
    one, two = await open_storage(url), await open_storage(url)
    try:
        home = await shelved(one)

        async def write(storage: Storage, name: str) -> None:
            for n in range(10):
                await storage.save_episode(DEFAULT_COMMUNITY, home.id, episode_import(f"{name}-{n}"))

        await asyncio.gather(write(one, "a"), write(two, "b"))
        changes = await two.changes_since(0)
        assert [each.n for each in changes] == list(range(1, 22))
        assert await one.last_change() == 21
        assert len(await one.episodes(MEMBER)) == 20
    finally:
        await one.close()
        await two.close()


async def test_a_cancelled_write_leaves_nothing_and_blocks_nobody(storage: Storage) -> None:
    home = await shelved(storage)
    n = await storage.last_change()
    for rounds in range(12):
        task = asyncio.create_task(storage.save_episode(DEFAULT_COMMUNITY, home.id, episode_import(f"cut-{rounds}")))
        for _ in range(rounds):
            await asyncio.sleep(0.0005)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        for episode in await storage.episodes(MEMBER):
            assert len(await storage.lines(MEMBER, episode.id)) == 8
    assert await storage.last_change() == n + len(await storage.episodes(MEMBER))
    await stored(storage)
