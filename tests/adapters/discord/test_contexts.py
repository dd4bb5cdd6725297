"""Who asks, where and with which rights: interactions and messages, as Discord sends them, become contexts."""

from __future__ import annotations

import discord
import pytest

from adapters.discord.client import INTENTS
from adapters.discord.contexts import of_interaction
from bot.domain import DEFAULT_COMMUNITY, Grant, Person, Place, Role, Setting
from bot.reply import Reply
from bot.services.linking import is_unlinked
from bot.services.preferences import setting_id
from tests.adapters.discord.interaction_made import ADMINISTRATOR, MANAGE, SEND, SEND_IN_THREADS, asked
from tests.adapters.discord.room import Room

ELSEWHERE = 4242


@pytest.mark.parametrize(
    ("rights", "role"),
    [
        pytest.param(SEND, Role.member, id="nothing"),
        pytest.param(MANAGE, Role.admin, id="manage-server"),
        pytest.param(ADMINISTRATOR, Role.admin, id="administrator"),
    ],
)
async def test_the_servers_rights_give_a_role_in_its_community(room: Room, rights: int, role: Role) -> None:
    ctx = await of_interaction(asked(room, server=room.guild.id, rights=rights), room.services)
    assert (ctx.role, ctx.community, ctx.direct) == (role, DEFAULT_COMMUNITY, False)
    assert ctx.place == Place("discord", str(room.guild.id), "77")


async def test_a_grant_to_one_of_their_roles_raises_somebody(room: Room) -> None:
    await room.world.storage.put(DEFAULT_COMMUNITY, Grant("discord:900", "discord:900", Role.editor), "test")
    ctx = await of_interaction(asked(room, server=room.guild.id, roles=("900",)), room.services)
    assert ctx.role == Role.editor
    assert ctx.platform_roles == {"900"}


async def test_rights_in_a_server_that_is_not_linked_count_for_nothing(room: Room) -> None:
    """The bot is a member there, and nobody linked it."""
    other = asked(room, server=ELSEWHERE, rights=ADMINISTRATOR, owners={"0": str(ELSEWHERE)}, roles=("900",))
    await room.world.storage.put(DEFAULT_COMMUNITY, Grant("discord:900", "discord:900", Role.admin), "test")
    ctx = await of_interaction(other, room.services)
    assert is_unlinked(ctx.community)
    assert ctx.platform_roles == frozenset()


async def test_a_user_install_in_a_foreign_server_is_the_persons_own_place(room: Room) -> None:
    mine = asked(room, server=ELSEWHERE, rights=ADMINISTRATOR, owners={"1": str(room.mia.id)}, roles=("900",))
    ctx = await of_interaction(mine, room.services)
    assert (ctx.role, ctx.direct, ctx.platform_roles) == (Role.member, True, frozenset())
    assert ctx.place == Place("discord", f"@{room.mia.id}", "77")
    assert ctx.community == DEFAULT_COMMUNITY


async def test_a_user_install_brings_no_rights_into_a_linked_server_where_the_bot_is_not(room: Room) -> None:
    """A server that the bot was removed from stays linked; its admins' rights end with the bot's membership."""
    await room.world.storage.link_workspace(DEFAULT_COMMUNITY, "discord", str(ELSEWHERE))
    mine = asked(room, server=ELSEWHERE, rights=ADMINISTRATOR, owners={"1": str(room.mia.id)})
    ctx = await of_interaction(mine, room.services)
    assert (ctx.role, ctx.direct) == (Role.member, True)


async def test_without_word_of_who_installed_it_membership_decides(room: Room) -> None:
    here = await of_interaction(asked(room, server=room.guild.id, rights=MANAGE), room.services)
    there = await of_interaction(asked(room, server=ELSEWHERE, rights=MANAGE), room.services)
    assert (here.role, here.direct) == (Role.admin, False)
    assert (there.role, there.direct) == (Role.member, True)


async def test_a_direct_message_is_the_persons_own_place(room: Room) -> None:
    ctx = await of_interaction(asked(room), room.services)
    assert ctx.place == Place("discord", f"@{room.mia.id}", "77")
    assert (ctx.role, ctx.direct, ctx.community, ctx.may_write) == (Role.member, True, DEFAULT_COMMUNITY, True)


async def test_a_grant_holds_in_direct_messages_too(room: Room) -> None:
    mia = f"discord:{room.mia.id}"
    await room.world.storage.put(DEFAULT_COMMUNITY, Grant(mia, mia, Role.admin), "test")
    assert (await of_interaction(asked(room), room.services)).role == Role.admin


@pytest.mark.parametrize(
    ("rights", "kind", "may"),
    [
        pytest.param(SEND, 0, True, id="channel"),
        pytest.param(SEND_IN_THREADS, 0, False, id="only-in-threads"),
        pytest.param(SEND, 11, False, id="thread-closed-to-them"),
        pytest.param(SEND_IN_THREADS, 11, True, id="thread"),
        pytest.param(ADMINISTRATOR, 0, True, id="administrator"),
    ],
)
async def test_who_may_not_write_here_is_known(room: Room, rights: int, kind: int, may: bool) -> None:
    channel = {"id": "77", "type": kind, "name": "x", "parent_id": str(room.general.id), "position": 0}
    if kind == 11:
        channel |= {
            "owner_id": "1", "message_count": 0, "member_count": 1,
            "thread_metadata": {"archived": False, "auto_archive_duration": 60,
                                "archive_timestamp": "2024-01-01T00:00:00+00:00"},
        }  # fmt: skip
    ctx = await of_interaction(asked(room, server=room.guild.id, rights=rights, channel=channel), room.services)
    assert ctx.may_write is may


async def test_the_language_is_the_persons_and_the_zone_the_places(room: Room) -> None:
    zone = Setting(setting_id("", "timezone"), "timezone", "Europe/Lisbon")
    await room.world.storage.put(DEFAULT_COMMUNITY, zone, "test")
    ctx = await of_interaction(asked(room, server=room.guild.id), room.services)
    assert (ctx.locale, ctx.timezone.key) == ("de", "Europe/Lisbon")


@pytest.mark.parametrize(
    ("chosen", "kept"),
    [
        pytest.param("M\u202eia\x00 \ud800", "Mia \ufffd", id="what-nobody-sees"),
        pytest.param("\u3164\u200b", "mia", id="nothing-to-be-seen"),
        pytest.param("@everyone", "@\u200beveryone", id="everybody"),
        pytest.param("M" * 5000, "M" * 99 + "…", id="endless"),
    ],
)
async def test_a_name_is_kept_so_that_it_can_be_stored_and_seen(room: Room, chosen: str, kept: str) -> None:
    user = {"id": str(room.mia.id), "username": "mia", "discriminator": "0", "avatar": None, "global_name": chosen}
    ctx = await of_interaction(asked(room, user=user), room.services)
    assert ctx.person == Person("discord", str(room.mia.id), kept)


async def test_a_person_can_be_written_to_directly(room: Room) -> None:
    ctx = await of_interaction(asked(room, server=room.guild.id), room.services)
    assert await ctx.tell(ctx.person, Reply("Your words were kept."))
    [said] = room.mia.user.dm_channel.history()
    assert "Your words were kept." in str(said.components) + said.content


async def test_nobody_is_told_who_is_not_of_this_platform(room: Room) -> None:
    ctx = await of_interaction(asked(room, server=room.guild.id), room.services)
    assert not await ctx.tell(Person("slack", "U1"), Reply("x"))
    assert not await ctx.tell(Person("discord", "mia"), Reply("x"))


async def test_closed_direct_messages_are_told_as_such(room: Room) -> None:
    bot = room.env.create_user("another", bot=True)  # nobody may write to a bot: the same refusal
    ctx = await of_interaction(asked(room, server=room.guild.id), room.services)
    assert not await ctx.tell(Person("discord", str(bot.id)), Reply("x"))


def test_nothing_privileged_is_asked_for() -> None:
    assert not INTENTS.value & discord.Intents(members=True, presences=True, message_content=True).value
