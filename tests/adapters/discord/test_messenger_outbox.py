"""The real outbox over our messenger, the real discord.py and a Discord on loopback: lost 0, doubled 0, in order.

On virtual time. A forum has no nonce, so there reading back alone keeps posts from being doubled.
"""

from __future__ import annotations

import asyncio
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from benchmarks.alerts_room import furnish, release
from bot.alerts import Options
from bot.domain import DEFAULT_COMMUNITY
from storage import open_storage
from tests.adapters.discord.outbox_world import SEND, outbox_world, play
from tests.fakes.discord_wire.permissions import bits
from tests.platform_faults import FaultKind, Faults, Outage
from tests.virtual_time import START

KINDS = pytest.mark.parametrize("kind", ["text", "forum"])


@KINDS
def test_episodes_are_posted_once_in_every_place_and_settled(kind: str) -> None:
    async def scene() -> None:
        async with outbox_world(kind, 3) as world:
            await world.start()
            await world.release(4)
            await world.until_quiet()
            world.check_once()
            assert await world.states() == {"posted": 12}
            assert all((one.thread != "") is (kind == "forum") for one in await world.alerts())

    play(scene)


@KINDS
@pytest.mark.parametrize(
    "fault",
    ["error_before", "error_after", "reset_before", "reset_after", "lost_answer", "stall", "stall_accepted", "busy"],
)
def test_each_fault_alone_loses_and_doubles_nothing(kind: str, fault: FaultKind) -> None:
    async def scene() -> None:
        async with outbox_world(kind) as world:
            background = Faults({fault: 0.4}, methods=frozenset((SEND[kind],)), seed=3)
            world.wire.faults.background = background
            await world.start()
            for _ in range(3):
                await world.release()
            await world.until_quiet()
            world.check_once()
            assert await world.states() == {"posted": 6}
            stories = [await world.story(one) for one in await world.alerts()]
            assert any(one.count("sending") > 1 or "unknown" in one for one in stories)

    play(scene)


@KINDS
def test_faults_of_every_kind_on_every_request_lose_and_double_nothing(kind: str) -> None:
    async def scene() -> None:
        async with outbox_world(kind, 3) as world:
            share: dict[FaultKind, float] = dict.fromkeys(
                ["error_before", "error_after", "reset_before", "reset_after", "lost_answer", "stall_accepted", "busy"],
                0.05,
            )
            world.wire.faults.background = Faults(share, seed=11)
            await world.start()
            await world.release(5)
            await world.until_quiet(timedelta(hours=12))
            world.check_once()
            assert await world.states() == {"posted": 15}

    play(scene)


@KINDS
def test_crashes_at_any_moment_lose_and_double_nothing(kind: str) -> None:
    async def scene() -> None:
        async with outbox_world(kind) as world:
            world.wire.faults.background = Faults(
                {"lost_answer": 0.2, "error_after": 0.1}, latency_s=(0.05, 0.4), seed=5
            )
            for n in range(12):
                await world.start()
                await world.release()
                await asyncio.sleep(0.03 + 0.11 * n)
                await world.crash()
                await asyncio.sleep(70.0 if n % 3 else 400.0)  # beyond the lease, sometimes beyond the nonce
            await world.start()
            await world.until_quiet(timedelta(hours=12))
            world.check_once()

    play(scene)


@KINDS
def test_a_restored_database_finds_its_posts_again(kind: str, tmp_path: Path) -> None:
    async def scene() -> None:
        live, kept = tmp_path / "live.db", tmp_path / "kept.db"
        async with outbox_world(kind, url=f"sqlite:///{live}") as world:
            await world.start()
            await world.release(2)
            await world.until_quiet()
            await world.stop()
            await world.storage.close()
            shutil.copy(live, kept)
            world.storage = await open_storage(f"sqlite:///{live}", busy_s=0.2)
            await world.start()
            await world.release(3)
            await world.until_quiet()
            await world.stop()
            await world.storage.close()
            world.storage = await open_storage(f"sqlite:///{kept}", busy_s=0.2)
            await release(world.storage, world.show, world.released, world.clock.now())
            await world.start()
            await world.release(1)
            await world.until_quiet()
            world.check_once()
            assert await world.states() == {"posted": 12}

    play(scene)


def test_an_outage_is_waited_out() -> None:
    async def scene() -> None:
        async with outbox_world("text") as world:
            began = world.clock.now()
            part = timedelta(minutes=2)
            outages = [Outage(began, began + part), Outage(began + part, began + 2 * part, "errors")]
            await world.start()
            world.wire.faults.background = Faults(outages=outages, latency_s=(0.0, 0.0))
            await world.release(3)
            await world.until_quiet(timedelta(hours=6))
            world.check_once()

    play(scene)


def test_the_limits_are_kept_with_room_and_what_is_refused_is_waited_for() -> None:
    async def scene() -> None:
        async with outbox_world("text", 4) as world:
            world.wire.limits.like_discord()
            await world.start()
            await world.release(15)
            await world.until_quiet()
            world.check_once()
            assert world.wire.log.answered[429] == 0

    play(scene)


def test_a_post_that_was_taken_away_before_its_answer_came_is_not_posted_again() -> None:
    async def scene() -> None:
        async with outbox_world("text", 1) as world:
            await world.start()
            world.wire.faults.next("lost_answer", SEND["text"])
            await world.release()
            await asyncio.sleep(10)
            [message] = world.wire.state.channels[world.where[0].channel].messages.values()
            world.wire.delete_message(message)
            await world.until_quiet()
            world.check_once()
            assert await world.states() == {"deleted": 1}

    play(scene)


def test_a_place_that_is_closed_is_told_with_what_to_do_and_others_go_on() -> None:
    async def scene() -> None:
        async with outbox_world("text", 2) as world:
            closed = world.wire.state.channels[world.where[0].channel]
            world.wire.state.overwrite(closed, closed.guild, deny=bits("send_messages"))
            await world.start()
            await world.release()
            await asyncio.sleep(60)
            [trouble] = await world.storage.troubles(DEFAULT_COMMUNITY)
            assert "#news-0" in trouble.what
            assert "Send Messages: denied to @everyone in Edit Channel of #news-0" in trouble.what
            assert world.posted(world.where[1]) == world.keys(world.where[1])
            lane = await world.storage.lane(world.where[0])
            assert lane is not None
            assert lane.blocked

    play(scene)


def test_chores_are_done_through_discord() -> None:
    async def scene() -> None:
        async with outbox_world("announcement", 1) as world:
            wish: dict[str, Any] = {"thread": "thread", "publish": True}
            await furnish(
                world.storage, [world.show], world.where, world.clock.now(), Options(START, burst_cap=20, **wish)
            )
            await world.start()
            await world.release()
            await world.until_quiet()
            [alert] = await world.alerts()
            channel = world.wire.state.channels[world.where[0].channel]
            assert channel.messages[alert.message].flags & 1
            assert world.wire.state.channels[alert.thread].data["parent_id"] == channel.id

    play(scene)


def test_a_limit_on_publishing_keeps_no_post_waiting() -> None:
    async def scene() -> None:
        async with outbox_world("announcement", 1) as world:
            wish = Options(START, burst_cap=20, publish=True)
            await furnish(world.storage, [world.show], world.where, world.clock.now(), wish)
            channel = world.wire.state.channels[world.where[0].channel]
            channel.publishes = [world.clock.now() - timedelta(minutes=55)] * 10  # by people, almost an hour ago
            await world.start()
            await world.release(2)
            await asyncio.sleep(30)
            await world.release(2)
            await asyncio.sleep(60)
            assert world.posted(world.where[0]) == world.keys(world.where[0])
            assert not any(one.flags & 1 for one in channel.messages.values())
            await world.until_quiet(timedelta(hours=8))
            assert all(one.flags & 1 for one in channel.messages.values())

    play(scene)
