"""A full, locked or read-only disk: every write of alerts refuses loudly, leaves nothing half done, and works after."""

from __future__ import annotations

import resource
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.alert_ports import AlertStore
from bot.alerts import Alert, Chore, Hub
from bot.domain import Person, Ruling, Show
from bot.errors import StorageError, StorageFull, StorageLocked, StorageReadOnly
from bot.feed_memory import FeedState
from bot.ports import Storage
from storage import open_storage
from tests.storage.alerting import (
    BOTH,
    DAY,
    HALL,
    LEASE_S,
    MINUTE,
    NOON,
    OURS,
    ROOM,
    RUN,
    SLACK,
    TWIN,
    alert,
    claimed,
    held,
    news,
    sent,
    stored,
    subscribed,
    turned,
)
from tests.storage.build import shelved
from tests.storage.contract.test_announcing import polled

WAITS, POSTED, HELD = alert("waits"), alert("posted"), alert("held", ROOM)


@dataclass(frozen=True)
class World:
    """HALL is this run's, with one posted and one being sent; ROOM has a held one; SLACK is due and nobody's."""

    storage: Storage
    show: Show
    path: Path

    async def alert(self, one: Alert) -> Alert:
        return await stored(self.storage, one.id)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    path = tmp_path / "alerts.db"
    storage = await open_storage(f"sqlite:///{path}", busy_s=0.05)
    show = await shelved(storage)
    await storage.put_feed(FeedState(show.id, "https://f.example/", next_at=NOON))
    await storage.put(OURS, subscribed(show), "mod")
    await held(storage, HELD)
    await storage.add_alerts([POSTED, WAITS], NOON)
    await claimed(storage)
    await sent(storage, POSTED)
    await turned(storage, WAITS, "sending", tried_at=NOON)
    await storage.vouch(HALL, RUN, NOON)
    await storage.put_chores([Chore(POSTED.id, "edit", NOON, NOON + DAY)])
    await storage.put_hub(Hub("hub1", show.id, "main", "https://h.example/", "https://f.example/", "s"))
    await storage.make_code(OURS, "right", NOON)
    await storage.set_troubles("feed:x:main", ["It fails."], [OURS], NOON)
    await storage.add_alerts([alert("due", SLACK)], NOON)
    yield World(storage, show, path)
    await storage.close()


Write = Callable[[World], Awaitable[object]]


async def _advance(w: World) -> object:
    after = replace(await w.alert(WAITS), state="posted", reason="posted", message="m", posted_at=NOON)
    return await w.storage.advance([after], RUN, NOON, [Chore(WAITS.id, "thread", NOON, NOON + DAY)])


async def _end_chore(w: World) -> None:
    done = replace(await w.alert(POSTED), state="deleted", reason="taken away")
    await w.storage.end_chore(Chore(POSTED.id, "edit", NOON, NOON + DAY), done)


WRITES: dict[str, Write] = {
    "add_alerts": lambda w: w.storage.add_alerts([alert("new"), alert("new", ROOM)], NOON),
    "claim_lanes": lambda w: w.storage.claim_lanes(TWIN, NOON, LEASE_S, 9, BOTH),
    "claim_lanes of a lost run": lambda w: w.storage.claim_lanes(TWIN, NOON + DAY, LEASE_S, 9, BOTH),
    "advance": _advance,
    "keep_lane": lambda w: w.storage.keep_lane(HALL, RUN, NOON + 9 * MINUTE),
    "vouch": lambda w: w.storage.vouch(HALL, RUN, NOON + DAY),
    "release_lane": lambda w: w.storage.release_lane(HALL, RUN),
    "block_place": lambda w: w.storage.block_place(HALL, "gone", NOON),
    "silence_place": lambda w: w.storage.silence_place(HALL, "a twin", NOON),
    "put_chores": lambda w: w.storage.put_chores([Chore(POSTED.id, "publish", NOON, NOON + DAY)]),
    "end_chore": _end_chore,
    "set_troubles": lambda w: w.storage.set_troubles("feed:x:main", ["Worse."], [OURS], NOON, "over"),
    "wish": lambda w: w.storage.wish(POSTED.id, Person("discord", "7", "Mel")),
    "make_code": lambda w: w.storage.make_code(OURS, "other", NOON),
    "use_code": lambda w: w.storage.use_code(OURS, Person("discord", "7"), "right", NOON),
    "claim_feeds": lambda w: w.storage.claim_feeds(RUN, NOON, LEASE_S, 9),
    "hint_feed": lambda w: w.storage.hint_feed(w.show.id, "main", NOON - DAY),
    "put_hub": lambda w: w.storage.put_hub(Hub("hub2", w.show.id, "main", "https://h.example/", "t", "s2")),
    "drop_hub": lambda w: w.storage.drop_hub(w.show.id, "main"),
    "free_place": lambda w: w.storage.free_place(HALL, NOON),
    "claim_place": lambda w: w.storage.claim_place(ROOM, RUN, NOON, LEASE_S),
    "a ruling": lambda w: w.storage.put(OURS, Ruling(HELD.id, "post"), "mod"),
    "apply_poll": lambda w: w.storage.apply_poll(polled(w.show, news(), news("two"))),
}
#: Reads; everything else of the Protocol has its case above.
READS = {
    "alert", "alerts", "alert_story", "alerts_of_episodes", "posts_since", "next_lane_at", "lane", "lanes", "queue",
    "chores", "troubles", "communities_of", "subscriptions_to", "subscription", "wishes", "next_feed_at", "hub", "hubs",
    "due_hubs", "unread_places", "finding",
}  # fmt: skip


def test_every_write_of_the_protocol_has_its_case() -> None:
    assert {name for name in vars(AlertStore) if not name.startswith("_")} - READS <= set(WRITES)


@contextmanager
def full(w: World) -> Iterator[None]:
    """No file may grow beyond the log's present end."""
    log = w.path.with_name(w.path.name + "-wal")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (log.stat().st_size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def locked(w: World) -> Iterator[None]:
    other = sqlite3.connect(w.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


def everything(path: Path) -> list[str]:
    """Every row of every table, read by somebody else."""
    raw = sqlite3.connect(path)
    try:
        return list(raw.iterdump())
    finally:
        raw.close()


async def refused(w: World, write: Write, error: type[StorageError], fault: AbstractContextManager[None]) -> None:
    """The write fails as it should, nothing of it is there, and it works once the fault is gone."""
    before = everything(w.path)
    with fault, pytest.raises(error):
        await write(w)
    assert everything(w.path) == before
    await write(w)
    assert everything(w.path) != before


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
async def test_a_full_disk_is_said_and_nothing_is_lost(world: World, write: Write) -> None:
    await refused(world, write, StorageFull, full(world))


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
async def test_a_locked_database_is_said_and_nothing_is_lost(world: World, write: Write) -> None:
    await refused(world, write, StorageLocked, locked(world))


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
async def test_a_read_only_database_is_said_and_nothing_is_lost(world: World, write: Write) -> None:
    writer = world.storage._db.writer  # type: ignore[attr-defined]
    before = everything(world.path)
    await writer.execute_fetchall("PRAGMA query_only = ON")
    with pytest.raises(StorageReadOnly):
        await write(world)
    await writer.execute_fetchall("PRAGMA query_only = OFF")
    assert everything(world.path) == before
    await write(world)


#: Pages run out in the middle of a write: some rows are written before the error.
GROWING: dict[str, Write] = {
    "add_alerts": lambda w: w.storage.add_alerts([alert(f"n{n}", text="x" * 900) for n in range(200)], NOON),
    "set_troubles": lambda w: w.storage.set_troubles("feed:y:main", [f"{n}" * 900 for n in range(99)], [OURS], NOON),
    "put_chores": lambda w: w.storage.put_chores(
        [Chore(one.id, "edit", NOON, NOON + DAY, error="x" * 9000) for one in (POSTED, WAITS, HELD)]
    ),
    "apply_poll": lambda w: w.storage.apply_poll(polled(w.show, *(news(f"k{n}" + "x" * 900) for n in range(99)))),
}


@pytest.mark.parametrize("write", GROWING.values(), ids=GROWING)
async def test_a_disk_that_fills_up_meanwhile_leaves_nothing_half(world: World, write: Write) -> None:
    writer = world.storage._db.writer  # type: ignore[attr-defined]
    [(pages,)] = await writer.execute_fetchall("PRAGMA page_count")
    before = everything(world.path)
    for more in (1, 3, 5):
        await writer.execute_fetchall(f"PRAGMA max_page_count = {pages + more}")
        with pytest.raises(StorageFull):
            await write(world)
        assert everything(world.path) == before
    await writer.execute_fetchall("PRAGMA max_page_count = 1000000")
    await write(world)
    assert everything(world.path) != before
