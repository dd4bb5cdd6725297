"""Places are read back while nothing is to be sent; and what nobody thought of stops nothing. On virtual time."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.alerts import Alert
from bot.posts import Post
from tests.fake_platform import FakeMessenger, FakePlatform, Faults, fake_post
from tests.platform_limits import DISCORD, Profile
from tests.services.outbox_room import outbox_room, play
from tests.virtual_time import LoopClock

BARE = Profile("discord", DISCORD.limits, DISCORD.overall, DISCORD.place_posts)


def methods(platform: FakePlatform) -> list[str]:
    return [method for _, method, _ in platform.arrivals]


def test_what_is_announced_after_a_quiet_moment_is_sent_without_reading_first() -> None:
    async def scene() -> None:
        async with outbox_room(FakePlatform(BARE), 40, warm=True) as room:
            await asyncio.sleep(30)
            assert methods(room.platform) == ["history"] * 40
            assert room.platform.busiest() <= 20
            await asyncio.sleep(3600)
            assert len(room.platform.arrivals) == 40
            await room.release()
            await room.until_quiet()
            assert methods(room.platform)[40:] == ["send"] * 40
            room.check_once()

    play(scene)


def test_places_that_are_closed_are_not_read_and_two_processes_read_each_once() -> None:
    async def scene() -> None:
        async with outbox_room(FakePlatform(BARE), 6, start=False) as room:
            await room.storage.silence_place(room.where[0], "a twin", room.clock.now())
            await room.storage.block_place(room.where[1], "gone", room.clock.now())
            room.start(warm=True)
            await asyncio.sleep(30)
            assert {place for _, _, place in room.platform.arrivals} == set(room.where[2:])
            assert len(room.platform.arrivals) == 4

    play(scene)


def test_a_post_that_nothing_explains_yet_is_left_to_whoever_sends() -> None:
    async def scene() -> None:
        platform = FakePlatform(BARE)
        async with outbox_room(platform, start=False) as room:
            room.released = 1
            await FakeMessenger(platform).send(room.where[0], fake_post(room.keys()[0]))
            room.start(warm=True)
            await asyncio.sleep(30)
            assert methods(platform) == ["send", "history"]
            assert await room.troubles() == []
            room.released = 0
            await room.release()
            await room.until_quiet()
            assert await room.states() == {"posted": 1}
            assert (platform.doubled(), await room.troubles()) == ([], [])

    play(scene)


def test_a_message_to_moderators_that_was_seen_and_taken_away_is_never_sent_again() -> None:
    async def scene() -> None:
        platform = FakePlatform(BARE, faults=Faults({"lost_answer": 1.0}, methods=frozenset(("send",))))
        async with outbox_room(platform) as room:
            await room.release()
            await room.until_quiet()
            [told] = await room.alerts()
            now = room.clock.now()
            fresh = Alert(
                "w" * 24, told.community, told.place, "trouble", "x", "waiting", "", now, now, now,
                now.replace(year=now.year + 1), text="Something is wrong.",
            )  # fmt: skip
            await room.storage.add_alerts([fresh], now)
            while len(platform.log) < 2:  # noqa: ASYNC110 - the platform tells nobody
                await asyncio.sleep(0.1)
            await asyncio.sleep(6)
            platform.delete(told.place, platform.log[1].message)
            await room.until_quiet()
            assert len(platform.log) == 2

    play(scene)


def test_one_odd_error_does_not_end_the_outbox_for_good() -> None:
    async def scene() -> None:
        async with outbox_room(FakePlatform(BARE)) as room:
            usual = room.storage.next_lane_at

            async def odd(*_: Any) -> None:
                room.storage.next_lane_at = usual  # type: ignore[method-assign]
                raise MemoryError("odd")

            room.storage.next_lane_at = odd  # type: ignore[assignment, method-assign]
            await room.release()
            await room.until_quiet()
            room.check_once()

    play(scene)


def test_a_post_that_cannot_be_made_is_held_and_delays_no_others() -> None:
    async def scene() -> None:
        async with outbox_room(FakePlatform(BARE)) as room:
            assert room.outbox is not None
            posts = room.outbox._desk.posts
            usual = posts.make

            async def poison(alert: Alert, options: Any) -> Any:
                if alert.id == room.keys()[0]:
                    raise ValueError("poison")
                made = await usual(alert, options)
                return replace(made) if isinstance(made, Post) else made

            posts.make = poison  # type: ignore[method-assign]
            await room.release(3)
            await room.until_quiet()
            assert await room.states() == {"held": 1, "posted": 2}

    play(scene)


def test_a_clock_that_is_set_forward_makes_no_reading_too_early() -> None:
    async def scene() -> None:
        platform = FakePlatform(BARE, LoopClock(), Faults({"stall_accepted": 1.0}, methods=frozenset(("send",))))
        async with outbox_room(platform) as room:
            platform.event_s = 10_000.0
            await room.release()
            while (await room.alerts())[0].state != "unknown":  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.1)
            platform.faults.shares = {}
            room.clock.start += timedelta(hours=1)
            await room.until_quiet()
            assert (len(platform.log), await room.states()) == (1, {"posted": 1})

    play(scene)
