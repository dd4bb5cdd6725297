"""What becomes of presses: the answer, where it is shown and to whom. Driven through the real client."""

from __future__ import annotations

import discord
import pytest

from adapters.discord import codes
from adapters.discord.render import rendered
from bot.domain import DEFAULT_COMMUNITY
from bot.reply import Action, Choice, Choices, Reply
from tests.adapters.discord.acting import (
    answer_of,
    button,
    callbacks,
    page,
    page_turned,
    press_at_once,
    put_up,
    staged,
    texts,
)
from tests.adapters.discord.room import Room


@pytest.fixture
def stage(room: Room) -> Room:
    return staged(room)


async def test_a_press_is_answered_to_who_pressed(stage: Room) -> None:
    result = await stage.mia.click(await button(stage, "say", {"words": "hello"}), label="Press")
    answer = answer_of(result)
    assert (answer.content, answer.ephemeral, result.deferred) == ("hello", True, False)


async def test_a_public_answer_is_a_new_message_and_the_old_one_stays(stage: Room) -> None:
    message = await button(stage, "tell all", {"words": "hear"})
    answer = answer_of(await stage.mia.click(message, label="Press"))
    assert answer.id != message.id
    assert (answer.content, answer.ephemeral) == ("hear", False)


async def test_on_a_public_message_others_are_answered_privately(stage: Room) -> None:
    """Also where the place wants public answers: nobody floods a channel through an old message."""
    asked = answer_of(await stage.mia.click(await button(stage, "open"), label="Press"))
    assert not asked.ephemeral
    assert not answer_of(await stage.mia.click(asked.message, label="Press")).ephemeral
    assert answer_of(await stage.max.click(asked.message, label="Press")).ephemeral


async def test_a_menu_opens_what_was_chosen(stage: Room) -> None:
    options = tuple(Choice(word, Action(word, "say", {"words": word})) for word in ("one", "two"))
    message = await put_up(stage, Reply("Choose", choices=Choices("Which one", options)))
    chosen = await codes.code_of(options[1].action, stage.services, DEFAULT_COMMUNITY)
    assert answer_of(await stage.mia.select(message, [chosen])).content == "two"


async def test_a_button_that_found_no_room_is_in_a_menu(stage: Room) -> None:
    actions = tuple(Action(f"b{n}", "say", {"words": f"w{n}"}) for n in range(40))
    message = await put_up(stage, Reply("Many", actions=actions))
    rows = stage.env.backend.get_message(message.channel.id, message.id).components
    [menu] = [row["components"][0] for row in rows if row["components"][0]["type"] == 3]
    last = await codes.code_of(actions[-1], stage.services, DEFAULT_COMMUNITY)
    result = await stage.mia.select(message, [last], custom_id=menu["custom_id"])
    assert answer_of(result).content == "w39"


@pytest.mark.parametrize(
    "custom_id",
    [
        " ",
        "x",
        "v0|say",
        "v1|",
        "v1|say|words",
        "v1|#aaaaaaaaaaaa",
        "v1|nothing",
        "~v1|say|x=1",
        "menu|0",
        "%%%",
        "v1|%FF",
    ],
)
async def test_what_cannot_be_read_is_answered_kindly_and_privately(stage: Room, custom_id: str) -> None:
    message = await button(stage, "say", {"words": "x"})
    stored = stage.env.backend.get_message(message.channel.id, message.id)
    stored.components[0]["components"][0]["custom_id"] = custom_id
    answer = answer_of(await stage.mia.click(message, custom_id=custom_id))
    assert answer.ephemeral
    assert "too old" in answer.content


async def test_buttons_work_after_a_restart(stage: Room) -> None:
    long = "a text that does not fit into a button " * 5
    message = await put_up(stage, Reply("x", actions=(Action("Press", "say", {"words": long}),)))
    await stage.env.restart_bot(stage.client)
    assert answer_of(await stage.mia.click(message, label="Press")).content == long


async def test_discord_py_remembers_no_message_of_ours(stage: Room) -> None:
    """Else a hundred thousand answers with buttons stay in memory."""
    message = await button(stage, "page")
    first = answer_of(await stage.mia.click(message, label="Press"))
    await stage.mia.click(first.message, label="On")
    await stage.mia.click(await button(stage, "ask"), label="Press")
    store = stage.client._connection._view_store
    assert (store._views, store._synced_message_views, store._modals) == ({}, {}, {})


async def test_two_presses_at_once_are_both_answered(stage: Room) -> None:
    shown = await page_turned(stage, 1)
    before = len(stage.env.http_requests)
    message = await button(stage, "tell all", {"words": "twice"})
    for _ in range(2):
        press_at_once(stage, shown, "On")
        press_at_once(stage, message, "Press")
    await stage.env.settle()
    assert sorted(callbacks(stage, before)) == [4, 4, 7, 7]


# --- pages ------------------------------------------------------------------------------------------------------


async def test_a_page_is_turned_in_place_where_only_its_reader_sees_it(stage: Room) -> None:
    first = answer_of(await stage.mia.click(await button(stage, "page"), label="Press"))
    await stage.mia.click(first.message, label="On")
    last = await stage.mia.click(first.message, label="On")
    assert (answer_of(last).id, last.followups) == (first.id, [])
    assert "Page 3" in texts(first.components)


async def test_a_page_that_others_see_is_not_turned_under_their_eyes(stage: Room) -> None:
    message = await put_up(stage, Reply(title="Page 1", actions=(Action("On", "page", {"n": "2"}, turn=True),)))
    answer = answer_of(await stage.mia.click(message, label="On"))
    assert (answer.id != message.id, answer.ephemeral) == (True, True)
    assert "Page 2" in texts(answer.components)


async def test_what_went_wrong_does_not_take_a_pages_place(stage: Room) -> None:
    first = answer_of(await stage.mia.click(await button(stage, "page", {"n": "3"}), label="Press"))
    answer = answer_of(await stage.mia.click(first.message, label="On"))
    assert answer.content == "There is no such page."
    assert "Page 3" in texts(first.components)


async def test_another_kind_of_message_is_another_message(stage: Room) -> None:
    """Components v2 can be set on a message and never unset."""
    more = Action("Press", "page", {"n": "2"}, turn=True)
    sent = await _sent_directly(stage, more)
    answer = answer_of(await stage.mia.user.click(sent, label="Press"))
    assert "Page 2" in texts(answer.components)
    assert stage.env.backend.get_message(sent.channel.id, sent.id).content == "Press it."


async def test_in_direct_messages_answers_stay_and_pages_are_turned_in_place(stage: Room) -> None:
    reply = await page.run(stage.world.context, n=1)
    sent = await (await stage.client.create_dm(discord.Object(stage.mia.id))).send(
        **(await rendered(reply, stage.services, DEFAULT_COMMUNITY)).kwargs()
    )
    result = await stage.mia.user.click(sent, label="On")
    assert answer_of(result).id == sent.id
    assert "Page 2" in texts(stage.env.backend.get_message(sent.channel.id, sent.id).components)
    kept = await stage.mia.user.click(
        await _sent_directly(stage, Action("Press", "say", {"words": "x"})), label="Press"
    )
    assert not answer_of(kept).ephemeral


async def _sent_directly(stage: Room, action: Action) -> discord.Message:
    """A message of ours to mia alone."""
    made = await rendered(Reply("Press it.", actions=(action,)), stage.services, DEFAULT_COMMUNITY)
    return await (await stage.client.create_dm(discord.Object(stage.mia.id))).send(**made.kwargs())
