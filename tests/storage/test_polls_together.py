"""Polls that are killed, locked out, or stored by two processes at once."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
import textwrap
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain import DEFAULT_COMMUNITY, EpisodeImport, ShowId
from bot.errors import StorageLocked
from bot.feed_memory import FeedState, PollChanges
from storage import open_storage
from tests.storage.build import MEMBER, shelved

ROOT = Path(__file__).resolve().parents[2]

POLLS = """
    import asyncio, sys
    from datetime import UTC, datetime
    from bot.domain import EpisodeImport, ShowId
    from bot.feed_memory import FeedState, KnownItem, PollChanges, Resource, ShowFacts
    from storage import open_storage

    NOW = datetime(2024, 5, 1, tzinfo=UTC)

    def poll(show, turn, name, count):
        keys = [f"{name}{n}" for n in range(count)]
        return PollChanges(
            FeedState(ShowId(show), f"https://f.example/{turn}"),
            tuple(EpisodeImport(key, f"Turn {turn}", people=(f"Turn {turn}",)) for key in keys),
            tuple(KnownItem(key, key, NOW, NOW, titles=(f"Turn {turn}",)) for key in keys),
            tuple(Resource(key, "audio", f"https://a.example/{turn}") for key in keys),
            ShowFacts(summary=f"Turn {turn}"),
        )

    async def main(path, show, name, turns, count):
        storage = await open_storage("sqlite:///" + path)
        print("ready", flush=True)
        for turn in range(int(turns)):
            await storage.apply_poll(poll(show, turn, name, int(count)))
        await storage.close()

    asyncio.run(main(*sys.argv[1:]))
"""


def polling(path: Path, show: ShowId, name: str, turns: int, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", textwrap.dedent(POLLS), str(path), show, name, str(turns), str(count)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


async def made(path: Path) -> ShowId:
    storage = await open_storage(f"sqlite:///{path}")
    show = await shelved(storage)
    await storage.close()
    return show.id


def test_a_kill_in_the_middle_of_a_poll_leaves_nothing_half(tmp_path: Path) -> None:
    path = tmp_path / "killed.db"
    show = asyncio.run(made(path))
    for delay_s in (0.2, 0.33, 0.47, 0.6):
        child = polling(path, show, "e", 10**6, 400)
        assert child.stdout is not None
        child.stdout.readline()
        with pytest.raises(subprocess.TimeoutExpired):
            child.wait(delay_s)
        child.kill()
        child.communicate()
        asyncio.run(whole(path, show))


async def whole(path: Path, show: ShowId) -> None:
    """All of one poll, or nothing at all."""
    storage = await open_storage(f"sqlite:///{path}")
    episodes, items = await storage.episodes(MEMBER), await storage.known_items(show)
    resources, state = await storage.resources(show), await storage.feed(show)
    [home] = await storage.shows(MEMBER)
    turns = {each.title for each in episodes} | {name for each in episodes for name in each.people}
    turns |= {name for each in items for name in each.titles} | ({home.summary} if home.summary else set())
    assert len(episodes) == len(items) == (400 if state else 0)
    if state:
        turn = int(state.url.rpartition("/")[2])
        assert turns == {f"Turn {turn}"}
        assert len(resources) % 400 == 0
    changes = await storage.changes_since(0, limit=10**6)
    assert [each.n for each in changes] == list(range(1, len(changes) + 1))
    await storage.close()


def test_two_processes_store_their_polls_side_by_side(tmp_path: Path) -> None:
    path = tmp_path / "two.db"
    show = asyncio.run(made(path))
    running = [polling(path, show, name, 15, 30) for name in ("a", "b")]
    assert [each.communicate(timeout=60)[1] for each in running] == ["", ""]
    asyncio.run(both(path, show))


async def both(path: Path, show: ShowId) -> None:
    storage = await open_storage(f"sqlite:///{path}")
    episodes = await storage.episodes(MEMBER)
    assert {each.key for each in episodes} == {f"{name}{n}" for name in "ab" for n in range(30)}
    assert {each.title for each in episodes} == {"Turn 14"}
    assert len(await storage.known_items(show)) == 60
    changes = await storage.changes_since(0, limit=10**6)
    assert [each.n for each in changes] == list(range(1, len(changes) + 1))
    assert await storage.last_change() == len(changes)
    await storage.close()


async def test_a_poll_that_meets_another_process_writing_says_so(tmp_path: Path) -> None:
    path = tmp_path / "locked.db"
    show = await made(path)
    storage = await open_storage(f"sqlite:///{path}", busy_s=0.1)
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    changes = PollChanges(FeedState(show, "https://f.example/"), (EpisodeImport("one", "One"),))
    try:
        for write in (
            storage.apply_poll(changes),
            storage.put_feed(changes.state),
            storage.note_polls([changes.state]),
            storage.note_resources(show, []),
            storage.drop_feed(show, "main"),
            storage.store_fetched(show, changes.episodes[0], []),
        ):
            with pytest.raises(StorageLocked, match="another process"):
                await write
        assert await storage.feeds() == []
    finally:
        holder.execute("ROLLBACK")
        holder.close()
    await storage.apply_poll(changes)
    assert await storage.feed(show) == changes.state
    await storage.close()


async def test_a_cancelled_poll_leaves_nothing_and_blocks_nobody(tmp_path: Path) -> None:
    storage = await open_storage(f"sqlite:///{tmp_path}/cut.db")
    home = await shelved(storage)
    changes = PollChanges(
        FeedState(home.id, "https://f.example/"), tuple(EpisodeImport(f"e{n}", "E") for n in range(300))
    )
    for rounds in range(10):
        task = asyncio.create_task(storage.apply_poll(replace(changes, state=replace(changes.state, failures=rounds))))
        for _ in range(rounds):
            await asyncio.sleep(0.001)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        state = await storage.feed(home.id)
        assert len(await storage.episodes(MEMBER)) == (300 if state else 0)
    await storage.apply_poll(changes)
    assert len(await storage.episodes(MEMBER)) == 300
    assert (await storage.save_episode(DEFAULT_COMMUNITY, home.id, EpisodeImport("e0", "E"))).outcome == "same"
    await storage.close()
