"""A new server: it joins where only the bot's own people could have added it, and whoever did is welcomed once."""

from __future__ import annotations

from typing import Any

import discord
import simcord

from bot.domain import DEFAULT_COMMUNITY
from bot.services.linking import link_code
from tests.adapters.discord.room import Room


def welcomes(user: Any) -> list[str]:
    """What the bot wrote to a person directly."""
    return [one.content + str([part.to_dict() for part in one.components]) for one in user.dm_channel.history()]


def said_in(channel: simcord.ChannelHandle) -> list[discord.Message]:
    return list(channel.history())


async def community_of(room: Room, guild: Any) -> str | None:
    return await room.world.storage.community_of("discord", str(guild.id))


async def came_to(room: Room, owner: Any, name: str = "New Harbour") -> Any:
    """The bot is added to a server while it runs."""
    guild = room.env.create_guild(name, owner=owner)
    await room.env.settle()
    return guild


async def test_the_owner_is_welcomed_where_nobody_else_is_known_to_have_added_us(room: Room) -> None:
    owner = room.env.create_user("olga")
    await came_to(room, owner)
    [said] = welcomes(owner)
    assert "New Harbour" in said
    assert all(step in said for step in ("show add", "subscribe", "/quote"))


async def test_nothing_is_said_in_public(room: Room) -> None:
    owner = room.env.create_user("olga")
    guild = await came_to(room, owner)
    talk = guild.create_text_channel("talk")
    await room.env.settle()
    assert said_in(talk) == []


async def test_a_welcome_is_given_once_however_often_the_bot_starts(room: Room) -> None:
    owner = room.env.create_user("olga")
    await came_to(room, owner)
    before = len(welcomes(owner))
    room.client._met.clear()  # type: ignore[attr-defined] # what this run remembers, as after a new start
    for guild in room.client.guilds:
        await room.client._meet(guild)  # type: ignore[attr-defined]
    await room.env.settle()
    assert len(welcomes(owner)) == before == 1


async def test_closed_direct_messages_leave_it_at_that(room: Room) -> None:
    owner = room.env.create_user("olga")
    room.env.inject_error("POST", "/channels/*/messages", status=403, code=50007, times=None)
    guild = await came_to(room, owner)
    assert [one for channel in guild.channels for one in getattr(channel, "history", list)()] == []


async def test_a_stranger_cannot_add_the_bot_to_the_community(room: Room) -> None:
    """The application of this room is public and belongs to nobody of that server."""
    owner = room.env.create_user("olga")
    guild = await came_to(room, owner)
    assert await community_of(room, guild) is None
    assert "/pullquote link CODE" in welcomes(owner)[0]


async def test_a_bot_that_only_its_owner_can_add_joins_by_itself(room: Room) -> None:
    assert room.client.application is not None
    room.client.application.bot_public = False
    guild = await came_to(room, room.env.create_user("olga"))
    assert await community_of(room, guild) == DEFAULT_COMMUNITY


async def test_a_server_of_the_applications_owner_joins_by_itself(room: Room) -> None:
    assert room.client.application is not None
    owner = room.env.create_user("olga")
    room.client.application.owner = discord.Object(owner.id)  # type: ignore[assignment]
    assert await community_of(room, await came_to(room, owner)) == DEFAULT_COMMUNITY


async def test_a_code_of_the_community_links_a_server(room: Room) -> None:
    """Typed by somebody with Manage Server there; a member's word links nothing."""
    other = room.env.create_guild("Elsewhere")
    talk = other.create_text_channel("talk")
    manager = other.create_role("Managers", permissions=discord.Permissions(manage_guild=True))
    boss = other.add_member(room.env.create_user("boss"), roles=[manager])
    friend = other.add_member(room.env.create_user("friend"))
    code = await link_code(room.world.storage, DEFAULT_COMMUNITY, room.world.clock)
    assert room.client.user is not None
    for who, linked in ((friend, None), (boss, DEFAULT_COMMUNITY)):
        await who.send(talk, f"{room.client.user.mention} link {code}")
        assert await community_of(room, other) == linked
