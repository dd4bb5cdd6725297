"""Words in chat over the real discord.py: mentions, direct messages and replies are answered, other talk is not."""

from __future__ import annotations

from datetime import UTC, datetime

import discord

from adapters.discord.chat import EACH, EVERYBODY, MOST, WITHIN, Pace
from adapters.discord.codes import components_in
from bot import texts_discord, texts_messages
from bot.domain import DEFAULT_COMMUNITY, Grant, Role
from bot.services.first_admin import code
from tests.adapters.discord.room import Room

LINE = "I lit a fire on the rocks"


def answers(room: Room) -> list[discord.Message]:
    """What the bot said in #general, oldest first."""
    assert room.client.user is not None
    return [one for one in room.general.history() if one.author.id == room.client.user.id]


def me(room: Room) -> str:
    assert room.client.user is not None
    return room.client.user.mention


async def test_a_mention_with_words_is_answered_by_the_line(room: Room) -> None:
    asked = await room.mia.send(room.general, f"{me(room)} {LINE}")
    [said] = answers(room)
    assert "lit a fire on the rocks" in said.content
    assert said.reference is not None
    assert said.reference.message_id == asked.id


async def test_the_answer_pings_nobody(room: Room) -> None:
    await room.mia.send(room.general, f"{me(room)} {LINE}")
    sent = [one for one in room.env.http_requests if one.path == f"/channels/{room.general.id}/messages"]
    assert sent[-1].json is not None
    allowed = sent[-1].json["allowed_mentions"]
    assert (allowed["parse"], allowed["replied_user"]) == ([], False)


async def test_talk_without_a_mention_is_left_alone(room: Room) -> None:
    await room.mia.send(room.general, LINE)
    assert answers(room) == []


async def test_a_mention_alone_says_how_to_ask(room: Room) -> None:
    await room.mia.send(room.general, me(room))
    [said] = answers(room)
    assert said.content or said.components


async def test_words_that_nothing_fits_are_answered_when_we_were_mentioned(room: Room) -> None:
    await room.mia.send(room.general, f"{me(room)} purple submarines dance")
    assert len(answers(room)) == 1


async def test_a_direct_message_needs_no_mention(room: Room) -> None:
    await room.mia.send_dm(LINE)
    said = room.mia.user.dm_channel.history()[-1]
    assert said.author.id != room.mia.id
    assert "lit a fire on the rocks" in said.content


async def test_a_direct_message_never_shows_a_private_show(room: Room) -> None:
    await room.mia.send_dm("the merger with the canning factory will be announced")
    said = room.mia.user.dm_channel.history()[-1]
    assert "Christmas" not in said.content + str(said.components) + str([one.to_dict() for one in said.embeds])


async def test_another_bot_is_never_answered(room: Room) -> None:
    robot = room.guild.add_member(room.env.create_user("robot", bot=True))
    await robot.send(room.general, f"{me(room)} {LINE}")
    assert answers(room) == []


async def test_a_flood_of_mentions_is_no_flood_of_answers(room: Room) -> None:
    for _ in range(12):
        await room.mia.send(room.general, f"{me(room)} {LINE}")
    said = [one.content for one in answers(room)]
    assert len(said) == EACH + 1
    assert said[-1] == texts_discord.TOO_MANY
    await room.env.advance_time(60)
    await room.mia.send(room.general, f"{me(room)} {LINE}")
    assert "lit a fire" in answers(room)[-1].content


async def test_many_people_in_one_channel_flood_it_no_more_than_one(room: Room) -> None:
    for n in range(8):
        friend = room.guild.add_member(room.env.create_user(f"friend{n}"))
        for _ in range(2):
            await friend.send(room.general, f"{me(room)} {LINE}")
    assert len(answers(room)) == EVERYBODY


def test_a_crowd_lets_nobody_ask_more_and_is_forgotten_afterwards() -> None:
    pace, at = Pace(), datetime(2024, 1, 1, tzinfo=UTC)
    for n in range(MOST + 50):
        pace.allows(n, -n, at)
    assert [pace.allows(10**6, -(10**6 + n), at) for n in range(EACH + 1)] == [True] * EACH + [None]
    pace.allows(1, -1, at + 2 * WITHIN)
    assert len(pace._times) == 2


async def test_a_reply_keeps_the_episode_of_the_answer(room: Room) -> None:
    await room.mia.send(room.general, f"{me(room)} {LINE}")
    await room.mia.send(room.general, f"{me(room)} chapters", reply_to=answers(room)[0])
    said = answers(room)[-1]
    assert "Lamps and lighthouses" in said.content + str([one.to_dict() for one in said.components + said.embeds])


async def test_talk_in_reply_to_us_that_asks_nothing_is_left_alone(room: Room) -> None:
    await room.mia.send(room.general, f"{me(room)} {LINE}")
    for talk in ("what a lovely evening, friends", "thanks!", "lantern", "hello there"):
        await room.mia.send(room.general, talk, reply_to=answers(room)[0])
    assert len(answers(room)) == 1


async def test_a_reply_that_asks_is_answered_without_a_mention(room: Room) -> None:
    await room.mia.send(room.general, f"{me(room)} {LINE}")
    await room.mia.send(room.general, "chapters", reply_to=answers(room)[0])
    assert len(answers(room)) == 2


async def test_a_moderators_command_is_answered_in_a_direct_message(room: Room) -> None:
    await room.max.send(room.general, f"{me(room)} /pullquote alerts list")
    assert [one.content for one in answers(room)] == [texts_discord.ANSWERED_DIRECTLY]
    assert len(room.max.user.dm_channel.history()) == 1


async def test_a_member_is_told_here_that_a_command_is_not_theirs(room: Room) -> None:
    await room.mia.send(room.general, f"{me(room)} /pullquote alerts list")
    [said] = answers(room)
    assert said.content != texts_discord.ANSWERED_DIRECTLY
    assert "admin" in said.content + str([one.to_dict() for one in said.components])


async def test_a_channel_where_we_may_not_write_breaks_nothing(room: Room) -> None:
    room.env.inject_error("POST", f"/channels/{room.general.id}/messages", status=403, code=50013)
    await room.mia.send(room.general, f"{me(room)} {LINE}")
    assert answers(room) == []
    await room.mia.send(room.general, f"{me(room)} {LINE}")
    assert len(answers(room)) == 1


async def test_in_a_server_that_is_not_linked_words_find_nothing(room: Room) -> None:
    other = room.env.create_guild("Elsewhere")
    channel = other.create_text_channel("talk")
    boss = other.add_member(room.env.create_user("boss"))
    await boss.send(channel, f"{me(room)} {LINE}")
    [said] = [one for one in channel.history() if one.author.id != boss.id]
    assert "link" in said.content + str([one.to_dict() for one in said.components])
    assert "fire" not in said.content


async def test_the_first_admin_claims_in_a_direct_message(room: Room) -> None:
    fresh = await code(room.world.storage, DEFAULT_COMMUNITY, room.world.clock)
    await room.mia.send_dm(f"claim {fresh}")
    [grant] = await room.world.storage.records(DEFAULT_COMMUNITY, "grant")
    assert isinstance(grant, Grant)
    assert (grant.subject, grant.role) == (f"discord:{room.mia.id}", Role.admin)


def pressable(message: discord.Message) -> list[str]:
    """Labels of buttons and names of menus."""
    found = components_in([one.to_dict() for one in message.components])
    return [str(one.get("label") or one.get("placeholder")) for one in found if one.get("custom_id")]


async def test_a_form_that_words_lead_to_is_opened_by_a_button(room: Room) -> None:
    await room.mia.send(room.general, f"{me(room)} /wrong {LINE}")
    [said] = answers(room)
    assert pressable(said) == [texts_messages.OPEN_FORM]
    pressed = await room.mia.click(said, label=texts_messages.OPEN_FORM)
    assert pressed.modal is not None


FIX = f'/pullquote fix "{LINE}" text:"I lit a lamp on the rocks and waved a lantern until dawn."'


async def test_what_a_server_allows_is_not_offered_in_a_direct_message(room: Room) -> None:
    """Rights of a server end there: whatever was pressed would be refused."""
    await room.max.send(room.general, f"{me(room)} {FIX}")
    [said] = room.max.user.dm_channel.history()
    assert "lit a fire" in said.content
    assert pressable(said) == []


async def test_who_was_granted_a_role_may_press_in_a_direct_message(room: Room) -> None:
    boss = f"discord:{room.max.id}"
    await room.world.storage.put(DEFAULT_COMMUNITY, Grant(boss, boss, Role.admin), "test")
    await room.max.send(room.general, f"{me(room)} {FIX}")
    [said] = room.max.user.dm_channel.history()
    assert pressable(said)
