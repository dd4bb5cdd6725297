"""A run dies at each call it makes of the database and the platform; the next one delivers once. On virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest

from bot.alerts import Options
from bot.domain import DEFAULT_COMMUNITY, Ruling
from bot.services.outbox import Outbox
from bot.services.posts import PostMaker
from bot.services.subscriptions import HELD
from tests.fake_platform import DISCORD, SLACK, FakeMessenger, FakePlatform, Faults
from tests.platform_limits import Profile
from tests.services.dying import Death, How
from tests.services.outbox_room import OutboxRoom, outbox_room, play
from tests.virtual_time import START

#: No nonce: nothing but reading back keeps posts from being doubled.
BARE = Profile("discord", DISCORD.limits, DISCORD.overall, DISCORD.place_posts)
#: A run that is not dead by then has nothing left to do (seconds).
QUIET_S = 40.0


async def released(room: OutboxRoom) -> None:
    """One episode."""
    await room.release()


async def unreadable(room: OutboxRoom) -> None:
    """The place cannot be read: what is held, a moderator lets go, or says that it is there."""
    room.platform.room(room.where[0]).can_read = False
    await room.release()
    await asyncio.sleep(QUIET_S / 2)
    await _rule(room)


async def _rule(room: OutboxRoom) -> None:
    for one in await room.storage.alerts(DEFAULT_COMMUNITY, states=HELD):
        if one.kind == "new":
            ruling = Ruling(one.id, "there" if room.platform.posts(one.id) else "post")
            await room.storage.put(DEFAULT_COMMUNITY, ruling, "moderator")


@dataclass(frozen=True)
class Story:
    tell: Callable[[OutboxRoom], Coroutine[Any, Any, None]]
    profile: Profile
    lost_answers: float = 0.0

    def dies(self, at: int, how: How) -> list[str]:
        """The story with a death at this call (0 = none), checked; the calls of the run that died."""
        death = Death(at, how)

        async def scene() -> None:
            faults = Faults({"reset_after": self.lost_answers}, methods=frozenset(("send",)))
            platform = FakePlatform(self.profile, faults=faults, visible_s=2.0)
            publishes = self.profile.publishes
            options = Options(START, thread="thread" if publishes else "none", publish=publishes)
            async with outbox_room(platform, options=options, start=False) as room:
                await self._play(room, death)

        play(scene)
        return death.calls

    async def _play(self, room: OutboxRoom, death: Death) -> None:
        room.platform.room(room.where[0]).kind = "announcement"
        _start(room, death)
        script = asyncio.create_task(self.tell(room))
        with suppress(TimeoutError):
            async with asyncio.timeout(QUIET_S):
                await death.died.wait()
        await _kill(room, death)
        room.start()
        await script
        await room.until_quiet()
        await _rule(room)
        await room.until_quiet()
        await self._check(room, f"died {death.how} call {death.at}: {death.calls[-3:]}")

    async def _check(self, room: OutboxRoom, when: str) -> None:
        [place] = room.where
        assert room.platform.order(place) == room.keys(place), when
        assert await room.states() == {"posted": 1}, when
        lane = await room.storage.lane(place)
        assert lane is not None, when
        assert (lane.silenced, lane.blocked) == ("", ""), when
        [message] = room.platform.room(place).messages.values()
        [alert] = await room.alerts()
        if self.profile.publishes and alert.message:  # one that a moderator said is there has none
            assert (bool(message.thread), message.published) == (True, True), when


def _start(room: OutboxRoom, death: Death) -> None:
    """A run that may die."""
    storage, name = death.of(room.storage), room.platform.profile.platform
    messenger = death.of(FakeMessenger(room.platform), "platform ")
    posts = PostMaker(storage, room.clock)
    room.outbox = Outbox(storage, {name: messenger}, posts, room.clock, run="mortal", seed=1)
    room.task = asyncio.create_task(room.outbox.run(), name="outbox run")


async def _kill(room: OutboxRoom, death: Death) -> None:
    death.dead = True
    await room.crash()
    room.outbox = None


STORIES = {
    "an answer lost": Story(released, BARE, lost_answers=0.6),
    "slack": Story(released, SLACK),
    "cannot be read": Story(unreadable, BARE),
}


def deaths(calls: list[str]) -> list[tuple[int, How]]:
    """After each call, which is before the next one; a request also while it is on its way. Looking whether something
    is due counts once."""
    chosen: list[tuple[int, How]] = []
    for at, name in enumerate(calls, 1):
        if name != "next_lane_at" or name not in calls[: at - 1]:
            chosen += [(at, "after")]
        if name == "platform send":
            chosen += [(at, "before"), (at, "late")]
    return chosen


@pytest.mark.parametrize("name", STORIES)
def test_a_death_at_any_call_loses_and_doubles_nothing(name: str) -> None:
    story = STORIES[name]
    calls = story.dies(0, "before")
    assert "platform send" in calls
    broken = [why for at, how in deaths(calls) if (why := _why(partial(story.dies, at, how)))]
    assert broken == []


def _why(play_it: Callable[[], object]) -> str:
    try:
        play_it()
    except AssertionError as error:
        return str(error).splitlines()[0]
    return ""
