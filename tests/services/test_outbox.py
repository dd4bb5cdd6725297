"""Alerts reach their places once and in order, whatever the platform and the process do. On virtual time."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from random import Random
from typing import Literal

import pytest

from bot.alerts import Options
from tests.fake_platform import DISCORD, SLACK, FakePlatform, Faults, Outage, each
from tests.platform_faults import FaultKind
from tests.platform_limits import Profile
from tests.services.outbox_room import outbox_room, play
from tests.virtual_time import START

#: No nonce: nothing but reading back keeps posts from being doubled.
BARE = Profile("discord", DISCORD.limits, DISCORD.overall, DISCORD.place_posts)
MANY = Options(START, burst_cap=20)


def test_an_episode_is_posted_in_every_place_and_settled() -> None:
    async def scene() -> None:
        async with outbox_room(FakePlatform(), 5) as room:
            await room.release()
            await room.until_quiet()
            room.check_once()
            assert await room.states() == {"posted": 5}
            one = (await room.alerts())[0]
            assert one.message == room.platform.posts(one.id)[0].message
            assert (one.attempts, one.tried_at, bool(one.digest)) == (1, None, True)
            assert [step.state for step in await room.storage.alert_story(one.id)] == ["waiting", "sending", "posted"]

    play(scene)


@pytest.mark.parametrize("profile", [BARE, SLACK], ids=["without a nonce", "slack"])
@pytest.mark.parametrize(
    "fault",
    ["error_before", "error_after", "reset_before", "reset_after", "lost_answer", "stall", "stall_accepted", "busy"],
)
def test_each_fault_alone_loses_and_doubles_nothing(profile: Profile, fault: FaultKind) -> None:
    async def scene() -> None:
        faults = Faults({fault: 0.4}, methods=frozenset(("send",)))
        async with outbox_room(FakePlatform(profile, faults=faults, visible_s=3.0), 4) as room:
            for _ in range(3):
                await room.release()
            await room.until_quiet()
            room.check_once()
            assert await room.states() == {"posted": 12}
            assert room.platform.injected[fault] > 0

    play(scene)


def test_faults_of_every_kind_and_request_lose_double_and_hold_nothing() -> None:
    async def scene() -> None:
        faults = Faults(each(0.1, stalls=0.05), seed=7)
        async with outbox_room(FakePlatform(BARE, faults=faults, visible_s=5.0), 10, options=MANY) as room:
            await room.release(6)
            await room.until_quiet()
            room.check_once()
            assert await room.states() == {"posted": 60}
            assert room.platform.busiest() <= 50
            assert room.platform.avoidable_share() < 0.01

    play(scene)


def test_clocks_that_differ_by_minutes_change_nothing() -> None:
    async def scene(ahead: timedelta) -> None:
        faults = Faults({"lost_answer": 0.3, "reset_before": 0.2})
        async with outbox_room(FakePlatform(BARE, faults=faults, skew=ahead), 3, options=MANY) as room:
            await room.release(4)
            await room.until_quiet()
            room.check_once()

    for minutes in (-4, 4):
        play(lambda minutes=minutes: scene(timedelta(minutes=minutes)))  # type: ignore[misc]


@pytest.mark.parametrize("seed", range(6))
def test_a_process_that_dies_again_and_again_loses_and_doubles_nothing(seed: int) -> None:
    async def scene() -> None:
        random = Random(seed)
        faults = Faults(each(0.05), seed=seed)
        async with outbox_room(FakePlatform(BARE, faults=faults, visible_s=2.0), 6, options=MANY) as room:
            for _ in range(12):
                await room.release(random.randint(0, 1))
                await asyncio.sleep(random.choice([0.01, 0.3, 1.0, 70.0]) * random.random())
                await room.crash()
                room.start()
            await room.until_quiet()
            room.check_once()
            assert set(await room.states()) == {"posted"}

    play(scene)


def test_after_hours_down_everything_arrives_in_order() -> None:
    async def scene(kind: Literal["refused", "errors"], hours: int) -> None:
        outage = Outage(START, START + timedelta(hours=hours), kind)
        async with outbox_room(FakePlatform(BARE, faults=Faults(outages=[outage])), 4, options=MANY) as room:
            for _ in range(3):
                await room.release(2)
                await asyncio.sleep(3600)
            await room.until_quiet(timedelta(hours=24))
            room.check_once()
            assert max(one.at for one in room.platform.log) < START + timedelta(hours=hours, minutes=15)

    play(lambda: scene("refused", 12))
    play(lambda: scene("errors", 4))


def test_a_platform_that_is_down_is_asked_once_a_minute_for_all_places() -> None:
    async def scene() -> None:
        outage = Outage(START, START + timedelta(hours=12))
        async with outbox_room(FakePlatform(faults=Faults(outages=[outage])), 40) as room:
            await room.release()
            await asyncio.sleep(1800)
            asked = len(room.platform.arrivals)
            await asyncio.sleep(1800)
            assert 20 <= len(room.platform.arrivals) - asked <= 60

    play(scene)


def test_what_cannot_be_posted_in_time_expires_with_the_reason() -> None:
    async def scene() -> None:
        outage = Outage(START, START + timedelta(hours=30), "refused")
        brief = Options(START, age_days=1)
        async with outbox_room(FakePlatform(faults=Faults(outages=[outage])), options=brief) as room:
            await room.release()
            await room.until_quiet(timedelta(days=4))
            [one] = await room.alerts()
            assert (one.state, "too old by now" in one.reason) == ("expired", True)
            assert room.platform.log == []

    play(scene)


def test_a_stalled_place_keeps_no_other_waiting() -> None:
    async def scene() -> None:
        async with outbox_room(FakePlatform(), 60) as room:
            room.platform.room(room.where[0]).stalled = True
            await room.release()
            await asyncio.sleep(8.0)
            assert len(room.platform.log) == 59

    play(scene)


def test_many_stalled_places_keep_no_other_waiting() -> None:
    """More than are taken at a time: those whose answer is awaited take nobody's room."""

    async def scene() -> None:
        async with outbox_room(FakePlatform(), 300) as room:
            for place in room.where[:200]:
                room.platform.room(place).stalled = True
            await room.release()
            await asyncio.sleep(15.0)
            assert len(room.platform.log) == 100

    play(scene)


def test_a_stop_finishes_what_is_on_its_way_and_gives_the_places_back() -> None:
    async def scene() -> None:
        faults = Faults(latency_s=(2.0, 2.0))
        async with outbox_room(FakePlatform(faults=faults), 5) as room:
            await room.release()
            await asyncio.sleep(3.5)  # read, and sent, and not answered
            await room.stop()
            states = await room.states()
            assert set(states) <= {"posted", "waiting"}
            assert states["posted"] == len(room.platform.log) > 0
            assert all(lane.leased_by == "" for lane in await room.storage.lanes((await room.alerts())[0].community))
            room.start()
            await room.until_quiet()
            room.check_once()

    play(scene)


def test_nothing_is_sent_before_the_first_polls() -> None:
    async def scene() -> None:
        polled = asyncio.Event()
        async with outbox_room(FakePlatform(), 2, first_polls=polled) as room:
            await room.release()
            await asyncio.sleep(600)
            assert room.platform.arrivals == []
            polled.set()
            await room.until_quiet()
            room.check_once()

    play(scene)


def test_a_second_process_over_the_same_database_takes_over_and_is_no_twin() -> None:
    async def scene() -> None:
        async with outbox_room(FakePlatform(BARE, faults=Faults(each(0.05))), 8, options=MANY) as room:
            first = room.task
            room.start()
            for _ in range(5):
                await room.release(2)
                await asyncio.sleep(3.0)
            await room.until_quiet(settled_s=400.0)
            room.check_once()
            assert await room.troubles() == []
            assert first is not None
            first.cancel()
            await asyncio.gather(first, return_exceptions=True)

    play(scene)


def test_what_another_process_stores_is_seen_within_two_seconds() -> None:
    async def scene() -> None:
        async with outbox_room(FakePlatform()) as room:
            await room.release()
            await room.until_quiet()
            outbox, room.outbox = room.outbox, None  # so that nobody wakes it
            began = room.clock.now()
            await room.release()
            await room.until_quiet()
            assert room.platform.log[-1].at - began < timedelta(seconds=2)
            room.outbox = outbox

    play(scene)


def test_slack_gets_one_post_a_second_and_place_and_discord_fifty_in_all() -> None:
    async def scene(profile: Profile) -> None:
        async with outbox_room(FakePlatform(profile), 50, options=MANY) as room:
            await room.release(6)
            await room.until_quiet()
            room.check_once()
            assert room.platform.avoidable_share() == 0
            assert room.platform.busiest() <= 50
            assert profile is not SLACK or room.platform.busiest_place() == 1

    play(lambda: scene(SLACK))
    play(lambda: scene(DISCORD))


def test_fifty_a_second_are_nearly_used_and_never_exceeded() -> None:
    async def scene() -> None:
        async with outbox_room(FakePlatform(), 400) as room:
            await room.release()
            await room.until_quiet()
            before, began = len(room.platform.log), room.clock.now()
            await room.release()
            while len(room.platform.log) < before + 400:  # noqa: ASYNC110 - the platform tells nobody
                await asyncio.sleep(0.05)
            took = (room.clock.now() - began).total_seconds()
            assert 400 / took >= 45.5
            assert room.platform.answered[429] == 0

    play(scene)
