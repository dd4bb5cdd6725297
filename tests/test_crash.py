"""Killed at random moments, a database file that breaks, an older backup: every alert is told once and only once.

The short version of ``benchmarks/crash.py``, and of ``benchmarks/alerts_faults.py`` on virtual time.
"""

from __future__ import annotations

import asyncio
import io
import json
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from benchmarks.alerts_faults import DOWN, Trial, try_
from benchmarks.alerts_room import places
from benchmarks.alerts_stage import Stage, staged, told
from benchmarks.crash_run import Plan, crash
from bot.errors import StorageError
from bot.logs import set_up_logs
from storage.database import Database
from tests.fake_platform import FakePlatform
from tests.virtual_time import run

A_WHILE_S = 600.0
SHORT = {"life_s": (0.0, 0.35), "busy_s": (0.0, 0.15), "pause_s": (0.0, 0.1)}


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short path: a Unix socket's has at most 108 characters."""
    with TemporaryDirectory(prefix="pq-") as made:
        yield Path(made)


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    set_up_logs("info", "json", (), stream)
    yield stream
    set_up_logs("info", "auto", ())


# --- killed ---------------------------------------------------------------------------------------------------


def test_sixty_kills_lose_and_double_nothing(folder: Path) -> None:
    counted = crash(Plan(kills=60, episodes=30, places=10, **SHORT), folder)  # type: ignore[arg-type]
    assert counted.flawless, counted
    assert (counted.kills, counted.states, counted.out_of_order) == (60, {"posted": 300}, 0)
    assert counted.stopped_places == []


def test_two_workers_on_one_file_and_kills_tell_everything_once(folder: Path) -> None:
    plan = Plan(kills=10, episodes=12, places=6, workers=2, rate=40.0, long_share=0.0, seed=2)
    counted = crash(plan, folder)
    assert counted.flawless, counted
    assert (counted.states, counted.stopped_places) == ({"posted": 72}, [])


def test_older_backups_put_back_double_and_lose_nothing(folder: Path) -> None:
    plan = Plan(kills=12, episodes=24, places=6, restores=2, long_share=0.0, seed=3, **SHORT)  # type: ignore[arg-type]
    counted = crash(plan, folder)
    assert counted.flawless, counted
    assert (counted.restores, counted.states, counted.stopped_places) == (2, {"posted": 144}, [])


def test_the_harness_sees_what_sending_before_marking_doubles(folder: Path) -> None:
    plan = Plan(kills=15, episodes=16, places=10, naive=True, long_share=0.0, **SHORT)  # type: ignore[arg-type]
    counted = crash(plan, folder)
    assert counted.doubled > 0
    assert not counted.flawless


def test_kills_over_discords_wire_lose_and_double_nothing(folder: Path) -> None:
    """The real discord.py and our messenger over real sockets: texts, announcements, a forum (which knows no nonce)."""
    plan = Plan(kills=8, episodes=6, places=4, wire=True, rate=40.0, long_share=0.0, life_s=(0.0, 0.8))
    counted = crash(plan, folder)
    assert counted.flawless, counted
    assert (counted.kills, counted.states, counted.stopped_places) == (8, {"posted": 24}, [])


# --- platforms that fail, on virtual time ---------------------------------------------------------------------


def test_posts_through_failing_platforms_are_neither_lost_nor_doubled_nor_held() -> None:
    got = try_(Trial(episodes=15, places=20, share=0.05))
    assert (got.lost, got.doubled, got.held, got.out_of_order) == (0, 0, 0, 0)
    assert got.states == {"posted": 300}
    assert got.busiest <= 50
    assert got.busiest_slack_place <= 1
    assert got.avoidable < 0.01


def test_four_requests_of_five_failing_only_makes_it_slower() -> None:
    got = try_(Trial(episodes=5, places=10, share=0.20, stalls=0.05, seed=2))
    assert (got.lost, got.doubled, got.held, got.out_of_order) == (0, 0, 0, 0)
    assert got.avoidable < 0.01


def test_what_came_out_while_a_platform_was_down_for_twelve_hours_comes_after_in_order() -> None:
    got = try_(Trial(episodes=15, places=4, share=0.0, every_s=3600.0, outages=DOWN, profiles=("discord",)))
    assert (got.lost, got.doubled, got.held, got.out_of_order) == (0, 0, 0, 0)
    assert timedelta(hours=11) < got.longest_wait < timedelta(hours=13)


def test_what_a_moderator_deleted_stays_deleted_after_a_restart() -> None:
    async def main() -> None:
        where = places("discord", 3) + places("slack", 3)
        async with staged([FakePlatform("discord"), FakePlatform("slack")], where, episodes=20) as stage:
            await stage.release(5)
            await stage.until_quiet(timedelta(hours=1))
            for place in where:
                platform = stage.platforms[place.platform]
                for message in list(platform.room(place).messages)[2:]:
                    platform.delete(place, message)
            await stage.stop()
            stage.start()
            await stage.release(5)
            await stage.until_quiet(timedelta(hours=1))
            got = await told(stage)
            assert (got.alerts, got.lost, got.doubled, got.held, got.out_of_order) == (60, 0, 0, 0, 0)

    run(main())


# --- a database file that breaks ------------------------------------------------------------------------------


async def _full(stage: Stage) -> Callable[[], Awaitable[None]]:
    """No page more than there are."""
    db = _database(stage)
    [(pages,)] = await db.writer.execute_fetchall("PRAGMA page_count")
    await db.writer.execute_fetchall(f"PRAGMA max_page_count = {pages}")

    async def mend() -> None:
        await db.writer.execute_fetchall("PRAGMA max_page_count = 1000000")

    return mend


async def _read_only(stage: Stage) -> Callable[[], Awaitable[None]]:
    db = _database(stage)
    await db.writer.execute_fetchall("PRAGMA query_only = ON")

    async def mend() -> None:
        await db.writer.execute_fetchall("PRAGMA query_only = OFF")

    return mend


async def _locked(stage: Stage) -> Callable[[], Awaitable[None]]:
    """Another program writes for a while."""
    db = _database(stage)
    await db.writer.execute_fetchall("PRAGMA busy_timeout = 20")
    other = sqlite3.connect(db.where, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    async def mend() -> None:
        other.execute("ROLLBACK")
        other.close()

    return mend


@pytest.mark.parametrize("harm", [_full, _read_only, _locked], ids=["full", "read-only", "locked"])
def test_a_database_that_cannot_be_written_stops_posts_and_loses_none(
    harm: Callable[[Stage], Awaitable[Callable[[], Awaitable[None]]]], tmp_path: Path, logged: io.StringIO
) -> None:
    async def main() -> None:
        where = places("discord", 3) + places("slack", 3)
        platforms = [FakePlatform("discord"), FakePlatform("slack")]
        async with staged(platforms, where, f"sqlite:///{tmp_path / 'p.db'}", episodes=60) as stage:
            await stage.release(30)
            await asyncio.sleep(5)
            mend = await harm(stage)
            await asyncio.sleep(60)
            before = stage.posted()
            with pytest.raises(StorageError):
                await stage.release(30)
            await asyncio.sleep(A_WHILE_S)
            assert 0 < before < 180
            assert stage.posted() - before <= len(where)  # at most what was on its way
            await mend()
            await stage.release(0)
            await stage.until_quiet(timedelta(days=1))
            got = await told(stage)
            assert (got.alerts, got.lost, got.doubled, got.held, got.out_of_order) == (360, 0, 0, 0, 0)

    run(main())
    said = [json.loads(line)["event"] for line in logged.getvalue().splitlines()]
    assert said.count("alerts wait for the database") == said.count("the database works again") >= 1


def _database(stage: Stage) -> Database:
    database: Database = stage.storage._db  # type: ignore[attr-defined]
    return database
