"""Places that are closed, cannot be read, are quiet or paused; platforms that refuse the token. On virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.alerts import Options
from bot.domain import DEFAULT_COMMUNITY, Ruling, Setting
from bot.rules.alert_keys import subscription_id
from bot.rules.subscription_options import read, write
from tests.fake_platform import FakePlatform
from tests.services.outbox_room import OutboxRoom, outbox_room, play
from tests.virtual_time import START

MANY = Options(START, burst_cap=20)


async def change(room: OutboxRoom, to: Callable[[Options], Options], n: int = 0) -> None:
    """Another wish of the n-th place."""
    id = subscription_id(room.show, room.where[n])
    found = await room.storage.subscription(DEFAULT_COMMUNITY, id)
    assert found is not None
    await room.storage.put(DEFAULT_COMMUNITY, replace(found, options=write(to(read(found.options)))), "moderator")


@pytest.mark.parametrize("how", ["gone", "forbidden"])
def test_a_closed_place_is_paused_told_once_and_asked_no_more(how: str) -> None:
    async def scene() -> None:
        async with outbox_room(FakePlatform(), 3) as room:
            await room.release()
            await room.until_quiet()
            closed = room.platform.room(room.where[0])
            closed.gone, closed.can_post = how == "gone", False
            await room.release()
            await room.until_quiet(timedelta(hours=1))
            asked = len(room.platform.arrivals)
            await room.release()
            await asyncio.sleep(3600)
            assert len(room.platform.arrivals) == asked + 2  # the two others
            [line] = await room.troubles()
            assert str(room.where[0]) in line
            assert "post here" in line
            found = await room.storage.subscription(DEFAULT_COMMUNITY, subscription_id(room.show, room.where[0]))
            assert found is not None
            assert read(found.options).paused_by == "bot"
            assert room.platform.avoidable_share() == 0
            # It is opened again, and a moderator resumes: everything arrives.
            closed.gone, closed.can_post = False, True
            await change(room, lambda one: replace(one, paused="", paused_by=""))
            await room.storage.free_place(room.where[0], room.clock.now())
            await room.until_quiet()
            room.check_once()
            assert await room.troubles() == []

    play(scene)


def test_in_a_place_that_cannot_be_read_alerts_are_held_with_what_is_missing() -> None:
    async def scene() -> None:
        async with outbox_room(FakePlatform(), 2) as room:
            room.platform.room(room.where[0]).can_read = False
            await room.release(2)
            await room.until_quiet()
            assert await room.states() == {"held": 2, "posted": 2}
            assert "cannot be read back" in (await room.alerts())[0].reason
            [line] = await room.troubles()
            assert "read back" in line
            assert room.platform.answered[403] == 1

    play(scene)


def test_what_a_moderator_lets_go_is_posted_although_nothing_can_be_read() -> None:
    async def scene() -> None:
        async with outbox_room(FakePlatform()) as room:
            room.platform.room(room.where[0]).can_read = False
            await room.release()
            await room.until_quiet()
            [held] = await room.alerts()
            await room.storage.put(DEFAULT_COMMUNITY, Ruling(held.id, "post"), "moderator")
            await room.until_quiet()
            room.check_once()

    play(scene)


def test_an_alert_of_unknown_outcome_in_a_place_that_became_unreadable_is_held() -> None:
    async def scene() -> None:
        async with outbox_room(FakePlatform()) as room:
            await room.release()
            await room.until_quiet()
            there = room.platform.room(room.where[0])
            room.platform.faults.shares = {"lost_answer": 1.0}
            room.platform.faults.methods = frozenset(("send",))
            room.platform.event_s = 10_000.0  # nobody tells
            there.can_read = False
            await room.release()
            await room.until_quiet()
            assert await room.states() == {"posted": 1, "held": 1}

    play(scene)


def test_a_token_that_is_refused_rests_the_platform_and_is_told_once() -> None:
    async def scene() -> None:
        async with outbox_room(FakePlatform(), 30) as room:
            await room.release()
            await room.until_quiet()
            room.platform.token_ok = False
            await room.release()
            await asyncio.sleep(4 * 3600)
            # What was on its way at first, then one each time: after 5, 15, 35, 75, 135, 195 minutes.
            assert room.platform.answered[401] <= 15 + 6
            [line] = await room.troubles()
            assert "token" in line
            room.platform.token_ok = True
            await room.until_quiet(timedelta(hours=3))
            room.check_once()
            assert await room.troubles() == []

    play(scene)


def test_quiet_hours_are_waited_for_and_then_all_comes_in_order() -> None:
    async def scene() -> None:
        async with outbox_room(FakePlatform(), 2, options=MANY) as room:
            quiet = Setting("|quiet", "quiet", "09:00-17:00")
            await room.storage.put(DEFAULT_COMMUNITY, quiet, "moderator")
            await room.release(2)
            await asyncio.sleep(3600)
            await room.release(2)
            await asyncio.sleep(6.9 * 3600)
            assert room.platform.log == []
            await room.until_quiet()
            room.check_once()
            assert room.platform.log[0].at >= START + timedelta(hours=8)
            assert room.platform.log[-1].at < START + timedelta(hours=8, minutes=1)
            story = await room.storage.alert_story((await room.alerts())[0].id)
            assert len([one for one in story if "quiet hours" in one.reason]) == 1

    play(scene)


def test_quiet_hours_that_are_lifted_end_within_a_quarter_of_an_hour() -> None:
    async def scene() -> None:
        async with outbox_room(FakePlatform()) as room:
            await room.storage.put(DEFAULT_COMMUNITY, Setting("|quiet", "quiet", "09:00-17:00"), "moderator")
            await room.release()
            await asyncio.sleep(3600)
            await room.storage.drop(DEFAULT_COMMUNITY, "setting", "|quiet", "moderator")
            await room.until_quiet()
            room.check_once()
            assert room.platform.log[0].at < START + timedelta(hours=1, minutes=16)

    play(scene)


def test_a_delay_is_kept() -> None:
    async def scene() -> None:
        async with outbox_room(FakePlatform(), options=Options(START, delay_min=30)) as room:
            await room.release()
            await room.until_quiet()
            assert timedelta(minutes=30) <= room.platform.log[0].at - START < timedelta(minutes=31)

    play(scene)


def test_what_was_paused_by_a_moderator_is_skipped_when_its_turn_comes() -> None:
    async def scene() -> None:
        async with outbox_room(FakePlatform(), options=Options(START, delay_min=5)) as room:
            await room.release()
            await change(room, lambda one: replace(one, paused="summer break", paused_by="moderator"))
            await room.until_quiet()
            [one] = await room.alerts()
            assert (one.state, "summer break" in one.reason, room.platform.log) == ("skipped", True, [])

    play(scene)


def test_what_the_bot_paused_waits_and_is_posted_when_it_is_resumed() -> None:
    async def scene() -> None:
        async with outbox_room(FakePlatform(), options=MANY) as room:
            await change(room, lambda one: replace(one, paused="the place was gone", paused_by="bot"))
            await room.release(3)
            await asyncio.sleep(7200)
            assert room.platform.log == []
            await change(room, lambda one: replace(one, paused="", paused_by=""))
            await room.until_quiet()
            room.check_once()

    play(scene)


def test_who_unsubscribed_meanwhile_is_not_told() -> None:
    async def scene() -> None:
        async with outbox_room(FakePlatform(), 2, options=Options(START, delay_min=5)) as room:
            await room.release()
            id = subscription_id(room.show, room.where[0])
            await room.storage.drop(DEFAULT_COMMUNITY, "subscription", id, "moderator")
            await room.until_quiet()
            assert await room.states() == {"skipped": 1, "posted": 1}

    play(scene)
