"""Moderators name channels and roles as they see them: completion offers them, commands take them."""

from __future__ import annotations

from typing import Any

import discord
import simcord

from bot.domain import DEFAULT_COMMUNITY, Subscription
from bot.rules import subscription_options
from tests.adapters.discord.room import Room

SHOW = "harbour"


async def offered(room: Room, option: str, typed: str = "") -> list[str]:
    found = await room.max.autocomplete(room.general, "pullquote subscribe", option, typed, show=SHOW)
    return [one["value"] for one in found]


async def subscribed(room: Room, **given: Any) -> str:
    result = await room.max.slash(room.general, "pullquote subscribe", show=SHOW, **given)
    assert result.acknowledged
    return said(result)


def said(result: simcord.InteractionResult) -> str:
    message = result.response
    assert message is not None
    parts = [str(message.content), *(str(one.description) for one in message.embeds)]
    return "\n".join(parts)


async def subscription(room: Room) -> Subscription | None:
    found = await room.services.storage.records(DEFAULT_COMMUNITY, "subscription")
    return next((one for one in found if isinstance(one, Subscription)), None)


async def test_channels_are_offered_by_name_and_taken_by_it(room: Room) -> None:
    assert {"here", "#general", "#staff"} <= set(await offered(room, "place"))
    assert (await offered(room, "place", "sta"))[0] == "#staff"
    await subscribed(room, place="#staff")
    made = await subscription(room)
    assert made is not None
    assert made.place == f"discord/{room.guild.id}/{room.staff.id}"


async def test_a_channel_may_be_named_without_its_sign(room: Room) -> None:
    await subscribed(room, place="Staff")
    made = await subscription(room)
    assert made is not None
    assert made.place.endswith(str(room.staff.id))


async def test_channels_of_one_name_are_asked_about(room: Room) -> None:
    room.guild.create_text_channel("staff")
    await room.env.settle()
    answer = await subscribed(room, place="#staff")
    assert "Several channels" in answer
    assert await subscription(room) is None


async def test_a_channel_that_is_not_there_is_named(room: Room) -> None:
    assert "#nowhere" in await subscribed(room, place="#nowhere")
    assert await subscription(room) is None


async def test_roles_are_offered_by_name_and_kept_by_id(room: Room) -> None:
    role = room.guild.create_role("Listeners", mentionable=True, permissions=discord.Permissions.none())
    await room.env.settle()
    found = await offered(room, "mention")
    assert {"none", "@Listeners", "@Managers"} <= set(found)
    assert not any("everyone" in one for one in found)
    await subscribed(room, place="here", mention="@listeners")
    made = await subscription(room)
    assert made is not None
    assert subscription_options.read(made.options).mention == str(role.id)


async def test_everyone_is_no_role_to_mention(room: Room) -> None:
    for words in ("@everyone", "everyone", "@here", str(room.guild.id)):
        await subscribed(room, place="here", mention=words)
        assert await subscription(room) is None


async def test_a_missing_permission_is_told_before_anything_is_subscribed(room: Room) -> None:
    guild = room.client.get_guild(room.guild.id)
    assert guild is not None
    shut: dict[Any, discord.PermissionOverwrite] = {
        guild.default_role: discord.PermissionOverwrite(send_messages=False)
    }
    room.guild.create_text_channel("closed", overwrites=shut)
    await room.env.settle()
    answer = await subscribed(room, place="#closed")
    assert "Send Messages: denied to" in answer
    assert "in Edit Channel of #closed" in answer
    assert await subscription(room) is None


async def test_places_are_shown_by_name_to_who_chooses_them(room: Room) -> None:
    assert "#staff" in await subscribed(room, place="#staff")
    found = await room.max.slash(room.general, "pullquote alerts pause", show=SHOW)
    assert "#staff" in said(found)
