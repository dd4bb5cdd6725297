"""The time of day is set while requests are on their way: what may arrive late is not looked for too early. Leases last
as long as what they protect. On virtual time."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.alerts import LEASE_S, REQUEST_S, Limits
from tests.fake_platform import DISCORD, FakePlatform, Faults
from tests.platform_limits import Profile
from tests.services.outbox_room import OutboxRoom, outbox_room, play
from tests.virtual_time import LoopClock

BARE = Profile("discord", DISCORD.limits, DISCORD.overall, DISCORD.place_posts)
SENDS = frozenset(("send",))
HOUR = timedelta(hours=1)


def late() -> FakePlatform:
    """Accepts a post some time after it stopped answering, knows no keys, and tells of nothing."""
    return FakePlatform(BARE, LoopClock(), Faults({"stall_accepted": 1.0}, methods=SENDS), event_s=10_000.0)


async def until_it_is(state: str, room: OutboxRoom) -> None:
    await room.release()
    while (await room.alerts())[0].state != state:  # noqa: ASYNC110 - nobody tells
        await asyncio.sleep(0.1)


async def ends_well(room: OutboxRoom) -> None:
    room.platform.faults.shares = {}
    await room.until_quiet()
    assert (len(room.platform.log), await room.states()) == (1, {"posted": 1})


def test_a_run_that_starts_under_a_clock_set_forward_waits_for_what_the_last_one_left() -> None:
    async def scene() -> None:
        async with outbox_room(late()) as room:
            await until_it_is("unknown", room)
            await room.crash()
            room.clock.start += HOUR
            room.start()
            await ends_well(room)

    play(scene)


def test_a_run_that_warms_up_under_a_clock_set_forward_waits_too() -> None:
    async def scene() -> None:
        async with outbox_room(late()) as room:
            await until_it_is("unknown", room)
            await room.crash()
            room.clock.start += HOUR
            room.start(warm=True)
            await ends_well(room)

    play(scene)


def test_a_clock_set_forward_while_a_request_is_on_its_way_makes_no_other_run_read_too_early() -> None:
    """The lease of the one that sends seems to have lapsed at once; the other has run for long."""

    async def scene() -> None:
        async with outbox_room(late()) as room:
            sender = room.task
            assert room.outbox is not None
            await until_it_is("sending", room)
            room.start()
            other = room.task
            room.clock.start += HOUR
            await ends_well(room)
            room.task = sender
            await room.stop()
            room.task = other

    play(scene)


def test_an_alert_left_long_ago_is_read_for_a_little_after_a_start() -> None:
    async def scene() -> None:
        async with outbox_room(FakePlatform(BARE, LoopClock(), Faults({"stall": 1.0}, methods=SENDS))) as room:
            await until_it_is("sending", room)
            await room.crash()
            await asyncio.sleep(7200)
            room.platform.faults.shares = {}
            began = asyncio.get_running_loop().time()
            room.start()
            while not room.platform.log:  # noqa: ASYNC110 - the platform tells nobody
                await asyncio.sleep(0.5)
            waited_s = asyncio.get_running_loop().time() - began
            assert REQUEST_S <= waited_s < REQUEST_S + BARE.limits.settle_s + 10
            await room.until_quiet()
            room.check_once()

    play(scene)


def test_when_a_request_leaves_the_lease_lasts_until_its_post_can_be_read() -> None:
    """Also where that takes longer than a lease."""

    async def scene() -> None:
        limits = Limits(50.0, 1.0, place_burst=5, settle_s=LEASE_S * 2)
        slow = Profile("discord", limits, DISCORD.overall, DISCORD.place_posts)
        async with outbox_room(FakePlatform(slow, LoopClock(), Faults(latency_s=(0.5, 0.5)))) as room:
            await until_it_is("sending", room)
            lane = await room.storage.lane(room.where[0])
            assert lane is not None
            assert lane.leased_until is not None
            left = lane.leased_until - room.clock.now()
            assert left >= timedelta(seconds=REQUEST_S + limits.settle_s)
            await room.until_quiet()
            room.check_once()

    play(scene)
