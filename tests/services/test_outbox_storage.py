"""A database that is locked or cannot be written: nothing is sent that was not written before, and nothing is lost."""

from __future__ import annotations

import asyncio
import io
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.alerts import Options
from bot.logs import set_up_logs
from tests.fake_platform import DISCORD, FakePlatform, Faults
from tests.platform_limits import Profile
from tests.services.outbox_room import OutboxRoom, outbox_room, play
from tests.virtual_time import START

BARE = Profile("discord", DISCORD.limits, DISCORD.overall, DISCORD.place_posts)
MANY = Options(START, burst_cap=20)


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Another process writes all the time."""
    other = sqlite3.connect(file, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        yield
    finally:
        other.rollback()
        other.close()


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """What is logged meanwhile, wherever earlier tests let it go to."""
    stream = io.StringIO()
    set_up_logs("info", "json", (), stream)
    yield stream
    set_up_logs("info", "auto", ())


def test_nothing_is_sent_while_the_database_is_locked_and_all_of_it_after(tmp_path: Path, logged: io.StringIO) -> None:
    async def scene() -> None:
        file = tmp_path / "a.db"
        async with outbox_room(FakePlatform(BARE), 3, url=f"sqlite:///{file}", options=MANY) as room:
            await room.release()
            await room.until_quiet()
            await room.release(2)
            with locked(file):
                await asyncio.sleep(600)
                sent = len(room.platform.log)
                assert sent <= 3 + 1
            await room.until_quiet()
            room.check_once()

    play(scene)
    assert logged.getvalue().count("alerts wait for the database") == 1


@pytest.mark.parametrize("minutes", [0.5, 3.0])
def test_an_outcome_that_cannot_be_written_is_written_later(tmp_path: Path, minutes: float) -> None:
    async def scene() -> None:
        file = tmp_path / "a.db"
        platform = FakePlatform(BARE, faults=Faults(latency_s=(2.0, 2.0)))
        async with outbox_room(platform, 2, url=f"sqlite:///{file}", options=MANY) as room:
            await room.release()
            await until_sending(room)
            with locked(file):
                await asyncio.sleep(minutes * 60)
                assert len(platform.log) == 2
            await room.until_quiet()
            await room.release()
            await room.until_quiet()
            room.check_once()
            assert await room.states() == {"posted": 4}

    play(scene)


def test_when_the_process_dies_with_an_unwritten_outcome_it_is_read_back(tmp_path: Path) -> None:
    async def scene() -> None:
        file = tmp_path / "a.db"
        platform = FakePlatform(BARE, faults=Faults(latency_s=(2.0, 2.0)))
        async with outbox_room(platform, 2, url=f"sqlite:///{file}", options=MANY) as room:
            await room.release()
            await until_sending(room)
            with locked(file):
                await asyncio.sleep(30)
                await room.crash()
            room.start()
            await room.until_quiet()
            room.check_once()
            assert await room.states() == {"posted": 2}

    play(scene)


async def until_sending(room: OutboxRoom) -> None:
    async with asyncio.timeout(60):
        while (await room.states())["sending"] < len(room.where):  # noqa: ASYNC110 - storage tells nobody
            await asyncio.sleep(0.05)
