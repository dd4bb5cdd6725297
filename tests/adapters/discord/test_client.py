"""The connection's life with the real discord.py over real sockets: start, loss, refusal, order of the end."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import cache

import discord as library
import pytest

from adapters.discord.client import DiscordSurface
from bot import texts_discord
from bot.alert_ports import Sent
from bot.domain import DEFAULT_COMMUNITY, CommunityId, Place
from bot.errors import SurfaceError
from bot.posts import Post
from bot.settings import Settings
from tests.adapters.discord.room import _alert_work
from tests.commands.world import World
from tests.fakes.discord_wire.permissions import EVERYONE, bits
from tests.fakes.discord_wire.wire import Wire, wire

LINE = "lit a fire on the rocks"
IDENTIFY, RESUME = 2, 6


@dataclass(slots=True)
class Bot:
    """A surface that runs: ``ready_s`` from its start to people being told."""

    surface: DiscordSurface
    task: asyncio.Task[None]
    ready: asyncio.Event
    ready_s: float = 0.0

    async def until_ready(self) -> None:
        waits = {self.task, asyncio.ensure_future(self.ready.wait())}
        async with asyncio.timeout(30):
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        if self.task.done():
            self.task.result()

    async def end(self) -> float:
        """Tell it to end; how long that took."""
        began = time.monotonic()
        self.task.cancel()
        async with asyncio.timeout(30):
            await asyncio.gather(self.task, return_exceptions=True)
        return time.monotonic() - began


@pytest.fixture
async def discord() -> AsyncIterator[Wire]:
    async with wire() as made:
        yield made


def addresses(discord: Wire) -> dict[str, str]:
    return {
        "discord_token": discord.token, "discord_api_url": discord.api_url, "discord_gateway_url": discord.gateway_url,
    }  # fmt: skip


@asynccontextmanager
async def bot(discord: Wire, world: World, *, wait: bool = True, **settings: str) -> AsyncIterator[Bot]:
    settings = {**addresses(discord), **settings}
    surface = DiscordSurface(Settings(**settings))  # type: ignore[arg-type]
    services = replace(world.services, alert_work=cache(lambda: _alert_work(world, surface.messenger)))
    began, ready = time.monotonic(), asyncio.Event()
    made = Bot(surface, asyncio.create_task(surface.run(services, ready.set)), ready)
    try:
        if wait:
            await made.until_ready()
            made.ready_s = time.monotonic() - began
        yield made
    finally:
        await made.end()


def me(discord: Wire) -> str:
    return str(discord.state.bot["id"])


async def until(true: Callable[[], object]) -> None:
    async with asyncio.timeout(30):
        while not true():  # noqa: ASYNC110 - what is waited for happens in the fake, which has no event for it
            await asyncio.sleep(0.01)


async def refusal(made: Bot) -> str:
    with pytest.raises(SurfaceError) as refused:
        async with asyncio.timeout(30):
            await made.task
    return str(refused.value)


# --- start --------------------------------------------------------------------------------------------


async def test_people_can_ask_within_two_seconds_of_the_start(discord: Wire, world: World) -> None:
    room = discord.furnish()
    async with bot(discord, world) as made:
        assert made.ready_s < 2.0
        await until(lambda: discord.commands.puts.get(""))
        said = await discord.slash(room.member, room.general, "quote", words=LINE)
        assert LINE in said.text
        assert said.private


async def test_nothing_privileged_is_asked_of_the_gateway(discord: Wire, world: World) -> None:
    discord.furnish()
    async with bot(discord, world):
        [intents] = [data["intents"] for op, data in discord.gateway.seen if op == IDENTIFY]
    assert intents & ((1 << 1) | (1 << 8) | (1 << 15)) == 0


async def test_the_servers_of_the_first_start_join_and_later_ones_do_not(discord: Wire, world: World) -> None:
    discord.state.app["bot_public"] = True
    first = discord.furnish("First")
    async with bot(discord, world):
        pass
    second = discord.furnish("Second")
    async with bot(discord, world):
        await discord.say(second.member, second.general, f"<@{me(discord)}> {LINE}")
        await until(lambda: len(second.general.messages) > 1)
    assert await world.storage.community_of("discord", first.guild.id) == DEFAULT_COMMUNITY
    assert await world.storage.community_of("discord", second.guild.id) is None
    [said] = [one.data for one in second.general.messages.values() if one.data["author"]["id"] == me(discord)]
    assert "/pullquote link" in json.dumps(said)
    assert LINE not in json.dumps({**said, "referenced_message": None})


async def test_a_server_without_optional_addresses_is_good_enough(world: World) -> None:
    """One that only speaks Discord's language: it knows neither applications nor how many starts are left."""
    discord = Wire()
    missing = ("GET /oauth2/applications/@me", "GET /applications/@me", "GET /gateway/bot")
    known = {route: answer for route, answer in discord.guilds.routes().items() if route not in missing}
    discord.guilds.routes = lambda: known  # type: ignore[method-assign]
    await discord.start()
    try:
        room = discord.furnish()
        async with bot(discord, world):
            await discord.say(room.member, room.general, f"<@{me(discord)}> {LINE}")
            await until(lambda: len(room.general.messages) > 1)
    finally:
        await discord.stop()


async def test_a_network_that_comes_later_is_waited_for(world: World) -> None:
    async with wire() as discord:
        port = int(discord.api_url.split(":")[2].split("/")[0])
        token, settings = discord.token, Settings(**addresses(discord))  # type: ignore[arg-type]
    surface, ready = DiscordSurface(settings), asyncio.Event()
    services = replace(world.services, alert_work=cache(lambda: _alert_work(world, surface.messenger)))
    made = Bot(surface, asyncio.create_task(surface.run(services, ready.set)), ready)
    await asyncio.sleep(0.2)
    assert not made.task.done()
    async with wire(port=port) as discord:
        discord.state.token = token
        room = discord.furnish()
        await made.until_ready()
        await discord.say(room.member, room.general, f"<@{me(discord)}> {LINE}")
        await until(lambda: len(room.general.messages) > 1)
        await made.end()


async def test_whoever_added_the_bot_is_welcomed_where_the_audit_log_may_be_read(discord: Wire, world: World) -> None:
    discord.furnish()
    adder, owner = discord.state.user("adder"), discord.state.user("owner")
    async with bot(discord, world):
        discord.join_guild("Read", by=adder["id"], permissions=EVERYONE | bits("view_audit_log"), owner=owner)
        await until(lambda: discord.state.dm(adder["id"]).messages)
        discord.join_guild("Unread", by=adder["id"], owner=owner)
        await until(lambda: discord.state.dm(owner["id"]).messages)
    assert len(discord.state.dm(adder["id"]).messages) == len(discord.state.dm(owner["id"]).messages) == 1


# --- refusals -----------------------------------------------------------------------------------------


async def test_a_bad_token_is_one_clear_line_after_one_request(discord: Wire, world: World) -> None:
    secret = "not.the.right-token-at-all"
    async with bot(discord, world, wait=False, discord_token=secret) as made:
        said = await refusal(made)
    assert said == texts_discord.BAD_TOKEN
    assert secret not in said
    assert len(discord.log.asked) == 1


async def test_a_token_that_is_revoked_ends_a_running_bot_at_once(discord: Wire, world: World) -> None:
    discord.furnish()
    async with bot(discord, world) as made:
        discord.state.token = "another"
        before = len(discord.log.asked)
        discord.gateway.drop()
        assert await refusal(made) == texts_discord.BAD_TOKEN
    assert len(discord.log.asked) == before
    assert discord.gateway.count(RESUME) == 1


@pytest.mark.parametrize("code", [4004, 4010, 4011, 4012, 4013, 4014])
async def test_a_gateway_that_closes_for_good_is_not_asked_again(discord: Wire, world: World, code: int) -> None:
    discord.furnish()
    async with bot(discord, world) as made:
        await discord.gateway.close(code)
        assert await refusal(made) == texts_discord.CLOSED[code]
    assert (discord.gateway.count(IDENTIFY), discord.gateway.count(RESUME)) == (1, 0)


async def test_an_application_that_is_gone_is_told(discord: Wire, world: World) -> None:
    async with bot(discord, world, wait=False, discord_api_url=discord.api_url + "/nowhere") as made:
        assert "404" in await refusal(made)


# --- loss ---------------------------------------------------------------------------------------------


async def test_a_lost_connection_is_resumed_and_nothing_said_meanwhile_is_lost(discord: Wire, world: World) -> None:
    room = discord.furnish()
    async with bot(discord, world):
        discord.gateway.drop()
        await discord.say(room.member, room.general, f"<@{me(discord)}> {LINE}")
        await until(lambda: len(room.general.messages) > 1)
    assert (discord.gateway.count(IDENTIFY), discord.gateway.count(RESUME)) == (1, 1)


async def test_a_request_to_reconnect_is_followed(discord: Wire, world: World) -> None:
    room = discord.furnish()
    async with bot(discord, world):
        discord.gateway.reconnect()
        await discord.gateway.until(lambda g: g.count(RESUME) == 1 and bool(g.live))
        await discord.say(room.member, room.general, f"<@{me(discord)}> {LINE}")
        await until(lambda: len(room.general.messages) > 1)


async def test_an_event_that_cannot_be_read_ends_nothing(discord: Wire, world: World) -> None:
    room = discord.furnish()
    async with bot(discord, world):
        discord.gateway.event("GUILD_ROLE_CREATE", {"guild_id": room.guild.id, "role": {"no": "id"}}, room.guild.id)
        discord.gateway.event("CHANNEL_CREATE", {"guild_id": room.guild.id, "type": "x"}, room.guild.id)
        await discord.say(room.member, room.general, f"<@{me(discord)}> {LINE}")
        await until(lambda: len(room.general.messages) > 1)
    assert (discord.gateway.count(IDENTIFY), discord.gateway.count(RESUME)) == (1, 0)


async def test_after_a_long_outage_nobody_waits_more_than_a_minute(discord: Wire) -> None:
    """discord.py's own waits grow to 17 minutes."""
    DiscordSurface(Settings(**addresses(discord)))  # type: ignore[arg-type]
    for waits in (library.client.ExponentialBackoff(), library.shard.ExponentialBackoff()):  # type: ignore[attr-defined]
        assert 8.0 < max(waits.delay() for _ in range(200)) <= 60.0


async def test_no_starts_left_is_waited_out(discord: Wire, world: World) -> None:
    discord.furnish()
    discord.guilds.starts_left = 0
    async with bot(discord, world, wait=False) as made:
        await until(lambda: discord.log.count("GET /gateway/bot") == 1)
        await asyncio.sleep(0.2)
        assert not made.task.done()
        assert discord.gateway.count(IDENTIFY) == 0


# --- shards -------------------------------------------------------------------------------------------


async def test_a_process_holds_the_shards_that_it_was_given(discord: Wire, world: World) -> None:
    discord.furnish()
    async with bot(discord, world, discord_shards="1/2"):
        shards = [data["shard"] for op, data in discord.gateway.seen if op == IDENTIFY]
    assert shards == [[1, 2]]


async def test_auto_holds_as_many_as_discord_advises(discord: Wire, world: World) -> None:
    discord.furnish()
    discord.guilds.shards = 1
    async with bot(discord, world, discord_shards="auto"):
        shards = [data["shard"] for op, data in discord.gateway.seen if op == IDENTIFY]
    assert shards == [[0, 1]]


# --- the end ------------------------------------------------------------------------------------------


async def test_what_was_asked_is_answered_before_the_end(discord: Wire, world: World) -> None:
    room = discord.furnish()
    async with bot(discord, world) as made:
        await until(lambda: discord.commands.puts.get(""))
        discord.faults.next("slow", "POST /interactions", seconds=0.5)
        asking = asyncio.create_task(discord.slash(room.member, room.general, "quote", words=LINE))
        await until(lambda: not discord.faults.planned)  # the request is on its way
        assert await made.end() < 5.0
        assert LINE in (await asking).text


async def test_after_it_is_told_to_end_nothing_new_is_begun(discord: Wire, world: World) -> None:
    room = discord.furnish()
    async with bot(discord, world) as made:
        made.surface.hush()
        await discord.say(room.member, room.general, f"<@{me(discord)}> {LINE}")
        await asyncio.sleep(0.3)
        assert len(room.general.messages) == 1


async def test_a_discord_that_hangs_does_not_hold_up_the_end(discord: Wire, world: World) -> None:
    room = discord.furnish()
    async with bot(discord, world) as made:
        discord.faults.next("stall", "POST /channels")
        await discord.say(room.member, room.general, f"<@{me(discord)}> {LINE}")
        await until(lambda: not discord.faults.planned)  # the request is on its way
        assert await made.end() < 5.0


async def test_posting_works_until_the_end_though_nobody_is_heard(discord: Wire, world: World) -> None:
    room = discord.furnish()
    async with bot(discord, world) as made:
        made.surface.hush()
        place = Place("discord", room.guild.id, room.general.id)
        assert isinstance(await made.surface.messenger.send(place, Post("New: a kettle")), Sent)


async def test_whoever_asks_while_the_first_servers_join_is_answered(
    discord: Wire, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of many servers, joining takes a while."""
    room, link = discord.furnish(), world.storage.link_workspace

    async def slow(community: CommunityId, platform: str, workspace: str) -> None:
        await asyncio.sleep(0.5)
        await link(community, platform, workspace)

    monkeypatch.setattr(world.storage, "link_workspace", slow)
    async with bot(discord, world, wait=False):
        await discord.gateway.until(lambda g: bool(g.live))
        await discord.say(room.member, room.general, f"<@{me(discord)}> {LINE}")
        await until(lambda: len(room.general.messages) > 1)
    [said] = [one for one in room.general.messages.values() if one.data["author"]["id"] == me(discord)]
    assert LINE in said.data["content"]
