"""Older databases that are put back, other copies of the bot, and moderators who delete. On virtual time."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.alerts import Options
from bot.domain import DEFAULT_COMMUNITY, Place, Subscription
from bot.rules.alert_keys import subscription_id
from bot.rules.subscription_options import read, write
from storage import open_storage
from tests.fake_platform import DISCORD, FakeMessenger, FakePlatform, Faults, each, fake_post
from tests.platform_limits import Profile
from tests.services.outbox_room import OutboxRoom, outbox_room, play
from tests.virtual_time import START

BARE = Profile("discord", DISCORD.limits, DISCORD.overall, DISCORD.place_posts)
MANY = Options(START, burst_cap=20)


def copy(source: Path, target: Path) -> None:
    """As an operator backs a running database up."""
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)


async def put_back(room: OutboxRoom, backup: Path) -> None:
    """Stop, put an older copy in place of the database, start: feeds are polled first, as at every start."""
    await room.stop()
    await room.storage.close()
    room.storage = await open_storage(f"sqlite:///{backup}", busy_s=0.2)
    polled = asyncio.Event()
    room.start(first_polls=polled)
    await room.release(0)
    polled.set()


@pytest.mark.parametrize("seed", range(3))
def test_an_older_database_put_back_loses_and_doubles_nothing(tmp_path: Path, seed: int) -> None:
    async def scene() -> None:
        file, backup = tmp_path / "now.db", tmp_path / "old.db"
        platform = FakePlatform(BARE, faults=Faults(each(0.05), seed=seed), visible_s=2.0)
        async with outbox_room(platform, 4, url=f"sqlite:///{file}", options=MANY) as room:
            await room.release(3)
            await asyncio.sleep(seed * 0.3)  # also while something is on its way
            copy(file, backup)
            await room.release(4)
            await room.until_quiet()
            await asyncio.sleep(3600)
            await put_back(room, backup)
            await room.release(2)
            await room.until_quiet(settled_s=600.0)
            room.check_once()
            assert await room.states() == {"posted": 36}
            assert await room.troubles() == []

    play(scene)


def test_posts_of_known_episodes_whose_alerts_are_not_known_are_adopted() -> None:
    """A new database with the same token: its baseline knows the episodes, and nothing is a twin's."""

    async def scene() -> None:
        platform = FakePlatform(BARE)
        async with outbox_room(platform, 2, options=MANY) as old:
            await old.release(2)
            await old.until_quiet()
        async with outbox_room(platform, 2, start=False) as room:
            # What the baseline stores: the episodes, and no alert.
            for place in room.where:
                await room.storage.drop(DEFAULT_COMMUNITY, "subscription", subscription_id(room.show, place), "me")
            await room.release(2)
            await furnish_again(room)
            room.start()
            await room.release(1)
            await room.until_quiet()
            assert await room.troubles() == []
            assert await room.states() == {"posted": 6}
            room.check_once()

    play(scene)


async def change(room: OutboxRoom, to: Callable[[Options], Options], n: int) -> None:
    """Another wish of the n-th place."""
    found = await room.storage.subscription(DEFAULT_COMMUNITY, subscription_id(room.show, room.where[n]))
    assert found is not None
    await room.storage.put(DEFAULT_COMMUNITY, replace(found, options=write(to(read(found.options)))), "moderator")


async def furnish_again(room: OutboxRoom) -> None:
    for place in room.where:
        made = Subscription(subscription_id(room.show, place), room.show, str(place), write(MANY))
        await room.storage.put(DEFAULT_COMMUNITY, made, "me")


def test_two_live_copies_never_post_twice_and_both_notice() -> None:
    async def scene() -> None:
        platform = FakePlatform(DISCORD, faults=Faults(latency_s=(0.02, 0.1)))
        async with outbox_room(platform, 4, options=MANY) as one, outbox_room(platform, 4, options=MANY) as other:
            for n, room in ((0, one), (1, one), (2, other), (3, other)):  # each is the faster one somewhere
                await change(room, lambda was: replace(was, delay_min=1), n)
            for _ in range(3):
                await one.release()
                await other.release()
                await asyncio.sleep(400)
            assert platform.doubled() == []
            for room in (one, other):
                told = await room.troubles()
                assert told
                assert all("Another copy" in line for line in told)
            for n in (0, 1):  # where one of them is silent, the other goes on
                assert len(platform.order(one.where[n])) == 3

    play(scene)


def test_a_post_that_nothing_here_announced_silences_the_place_until_a_moderator_resumes() -> None:
    async def scene() -> None:
        platform = FakePlatform(BARE)
        async with outbox_room(platform, 2) as room:
            await room.release()
            await room.until_quiet()
            await FakeMessenger(platform).send(room.where[0], fake_post("q" * 24))
            await asyncio.sleep(60)
            [line] = await room.troubles()
            assert str(room.where[0]) in line
            await room.release()
            await asyncio.sleep(600)
            assert await room.states() == {"posted": 3, "waiting": 1}
            await room.storage.free_place(room.where[0], room.clock.now())
            await room.until_quiet()
            assert await room.states() == {"posted": 4}
            assert await room.troubles() == []

    play(scene)


def test_a_foreign_post_found_at_the_start_silences_and_is_asked_about_once() -> None:
    async def scene() -> None:
        platform = FakePlatform(BARE)
        async with outbox_room(platform, start=False) as room:
            await FakeMessenger(platform).send(room.where[0], fake_post("q" * 24))
            room.start()
            await room.release()
            await asyncio.sleep(60)
            assert await room.states() == {"waiting": 1}
            await room.storage.free_place(room.where[0], room.clock.now())
            await room.until_quiet()
            assert await room.states() == {"posted": 1}

    play(scene)


def test_a_test_post_is_no_twins() -> None:
    async def scene() -> None:
        platform = FakePlatform(BARE)
        async with outbox_room(platform) as room:
            await room.release()
            await FakeMessenger(platform).send(room.where[0], fake_post("q" * 24, kind="test"))
            await room.until_quiet()
            await room.stop()
            room.start()
            await room.release()
            await room.until_quiet()
            assert await room.troubles() == []
            assert await room.states() == {"posted": 2}

    play(scene)


def test_an_event_settles_what_has_no_answer_at_once() -> None:
    async def scene() -> None:
        faults = Faults({"lost_answer": 1.0}, methods=frozenset(("send",)))
        async with outbox_room(FakePlatform(BARE, faults=faults)) as room:
            await room.release()
            await room.until_quiet(settled_s=0.0)
            [one] = await room.alerts()
            assert (one.state, "told of it" in one.reason) == ("posted", True)
            room.check_once()

    play(scene)


def test_a_post_that_a_moderator_deletes_stays_deleted() -> None:
    async def scene() -> None:
        async with outbox_room(FakePlatform(BARE)) as room:
            await room.release()
            await room.until_quiet()
            room.platform.delete(room.where[0], (await room.alerts())[0].message)
            await room.crash()
            room.start()
            await room.release()
            await room.until_quiet()
            room.check_once()

    play(scene)


def test_an_answer_that_its_post_was_deleted_is_the_end_of_it() -> None:
    """The platform knows the key, accepted it, lost the answer; a moderator was faster than the reading."""

    async def scene() -> None:
        platform = FakePlatform(DISCORD, event_s=10_000.0)
        platform.faults = Faults({"lost_answer": 1.0}, methods=frozenset(("send",)))
        async with outbox_room(platform) as room:
            await room.release()
            while not platform.log:  # noqa: ASYNC110 - the platform tells nobody
                await asyncio.sleep(0.1)
            platform.delete(room.where[0], platform.log[0].message)
            platform.faults.shares = {}
            await room.until_quiet()
            assert (await room.alerts())[0].state == "deleted"
            assert len(platform.log) == 1

    play(scene)


def test_an_answer_with_a_post_that_was_there_before_tells_of_a_twin() -> None:
    """No event came, but the platform knows the key and answers with an older post."""

    async def scene() -> None:
        platform = FakePlatform(DISCORD, event_s=10_000.0, skew=timedelta(minutes=2))
        async with outbox_room(platform) as room:
            await room.release()
            await room.until_quiet()
            room.released += 1
            await FakeMessenger(platform).send(room.where[0], fake_post(room.keys()[-1]))
            await asyncio.sleep(90)
            await room.release(0)
            await room.until_quiet()
            assert platform.doubled() == []
            [line] = await room.troubles()
            assert "before I sent it" in line
            assert await room.states() == {"posted": 2}

    play(scene)


def test_an_event_of_a_place_that_is_not_known_harms_nothing() -> None:
    async def scene() -> None:
        platform = FakePlatform(BARE)
        async with outbox_room(platform) as room:
            await FakeMessenger(platform).send(Place("discord", "other", "x"), fake_post("q" * 24))
            await room.release()
            await room.until_quiet()
            room.check_once()

    play(scene)
