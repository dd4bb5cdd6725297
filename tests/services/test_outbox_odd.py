"""Faults that nobody thought of end no delivery, no watch and no chore, and moderators are told of posts that cannot be
made. On virtual time."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot.alerts import Alert, Chore, Options
from bot.domain import DEFAULT_COMMUNITY, EpisodeImport, Ruling
from tests.commands.world import LIGHTHOUSES
from tests.fake_platform import DISCORD, FakeMessenger, FakePlatform, fake_post
from tests.platform_limits import Profile
from tests.services.outbox_room import OutboxRoom, outbox_room, play
from tests.storage.build import transcript
from tests.virtual_time import START

BARE = Profile("discord", DISCORD.limits, DISCORD.overall, DISCORD.place_posts)
MANY = Options(START, burst_cap=20)


def odd_once(room: OutboxRoom, method: str) -> None:
    """The next call of storage fails in a way that storage never fails."""
    usual = getattr(room.storage, method)

    async def odd(*_: Any, **__: Any) -> None:
        setattr(room.storage, method, usual)
        raise MemoryError("odd")

    setattr(room.storage, method, odd)


class Poison:
    """Posts of some alerts cannot be made, as long as they are in ``keys``."""

    def __init__(self, room: OutboxRoom) -> None:
        assert room.outbox is not None
        posts = room.outbox._desk.posts
        self.keys: set[str] = set()
        self._make, posts.make = posts.make, self.make  # type: ignore[method-assign]

    async def make(self, alert: Alert, options: Options | None) -> Any:
        if alert.id in self.keys:
            raise ValueError("poison")
        return await self._make(alert, options)


@pytest.mark.parametrize("method", ["next_lane_at", "claim_lanes", "queue"])
def test_an_odd_error_is_survived(method: str) -> None:
    async def scene() -> None:
        async with outbox_room(FakePlatform(BARE)) as room:
            odd_once(room, method)
            await room.release()
            await room.until_quiet()
            room.check_once()

    play(scene)


def test_who_looks_for_twins_survives_an_odd_error() -> None:
    async def scene() -> None:
        platform = FakePlatform(BARE)
        async with outbox_room(platform) as room:
            await room.release()
            await room.until_quiet()
            await FakeMessenger(platform).send(room.where[0], fake_post("q" * 24))
            odd_once(room, "alert")
            await asyncio.sleep(300)
            [line] = await room.troubles()
            assert "Another copy" in line

    play(scene)


def test_a_post_that_can_never_be_judged_keeps_no_twin_unnoticed() -> None:
    async def scene() -> None:
        platform = FakePlatform(BARE)
        async with outbox_room(platform) as room:
            await room.release()
            await room.until_quiet()
            usual = room.storage.alert

            async def odd(id: str) -> Alert | None:
                if id == "o" * 24:
                    raise MemoryError("odd")
                return await usual(id)

            room.storage.alert = odd  # type: ignore[method-assign]
            await FakeMessenger(platform).send(room.where[0], fake_post("o" * 24))
            await asyncio.sleep(10)
            await FakeMessenger(platform).send(room.where[0], fake_post("q" * 24))
            await asyncio.sleep(300)
            [line] = await room.troubles()
            assert "Another copy" in line

    play(scene)


def test_what_moderators_can_never_be_told_keeps_nothing_waiting() -> None:
    async def scene() -> None:
        async with outbox_room(FakePlatform(BARE)) as room:
            assert room.outbox is not None

            async def never() -> None:
                raise LookupError("the community is gone")

            room.outbox._notices._owed.append(never)
            await room.release()
            await room.until_quiet()
            room.check_once()

    play(scene)


def test_moderators_are_told_once_of_posts_that_cannot_be_made_and_when_none_is_held_any_more() -> None:
    async def scene() -> None:
        async with outbox_room(FakePlatform(BARE), options=MANY) as room:
            poison = Poison(room)
            room.released = 3
            first, second, _ = room.keys()
            room.released, poison.keys = 0, {first, second}
            await room.release(3)
            await room.until_quiet()
            assert await room.states() == {"held": 2, "posted": 1}
            [line] = await room.troubles()
            assert "cannot be made" in line
            told = [one for one in await room.storage.alerts(DEFAULT_COMMUNITY) if one.kind == "trouble"]
            assert len(told) == 1
            poison.keys = set()
            for n, key in enumerate((first, second), 1):
                await room.storage.put(DEFAULT_COMMUNITY, Ruling(key, "post"), "moderator")
                await room.until_quiet()
                assert len(await room.troubles()) == 2 - n
                await asyncio.sleep(120)

    play(scene)


def test_a_chore_whose_post_cannot_be_made_is_put_off_and_others_are_done() -> None:
    async def scene() -> None:
        async with outbox_room(FakePlatform(BARE), options=MANY) as room:
            await room.release(2)
            await room.until_quiet()
            poison = Poison(room)
            poison.keys = {room.keys()[0]}
            now = room.clock.now()
            for n, one in enumerate(await room.alerts()):
                changed = EpisodeImport(f"ep-{n}", "The whistle", guid=f"{room.show}-{n}")
                await room.storage.save_episode(DEFAULT_COMMUNITY, room.show, changed)
                due = now + timedelta(seconds=n)
                await room.storage.put_chores([Chore(one.id, "edit", due, now + timedelta(days=3))])
            await asyncio.sleep(600)
            assert edited(room) == [False, True]
            poison.keys = set()
            await room.until_quiet(within=timedelta(hours=30))
            assert edited(room) == [True, True]

    play(scene)


def edited(room: OutboxRoom) -> list[bool]:
    return ["The whistle" in one.text for one in room.platform.room(room.where[0]).messages.values()]


def test_a_transcript_that_comes_after_the_thread_is_told_there_once() -> None:
    async def scene() -> None:
        from bot.services.growth import Growth

        wish = Options(START, thread="thread", burst_cap=20)
        async with outbox_room(FakePlatform(BARE), options=wish) as room:
            await room.release()
            await room.until_quiet()
            assert room.outbox is not None
            growth = Growth(room.storage, room.outbox._desk.posts, room.clock)
            await growth.follow()
            changed = EpisodeImport("ep-0", "Episode", guid=f"{room.show}-0", transcript=transcript(LIGHTHOUSES))
            await room.storage.save_episode(DEFAULT_COMMUNITY, room.show, changed)
            for _ in range(3):
                await growth.follow()
                await room.until_quiet()
            words = [a for a in await room.storage.alerts(DEFAULT_COMMUNITY) if a.kind == "transcript"]
            [one] = await room.alerts()
            assert [(word.state, word.place.channel) for word in words] == [("posted", one.thread)]
            assert len(room.platform.order(words[0].place)) == 1

    play(scene)
