"""People use a small real bot over the fake: commands, completion, buttons, modals, menus, words, privacy."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from typing import Any

import discord
import pytest
from discord import app_commands

from tests.fakes.discord_bot import SmallBot, running
from tests.fakes.discord_wire.options import NotSendable
from tests.fakes.discord_wire.people import buttons
from tests.fakes.discord_wire.wire import Room, Wire, wire

Asked = discord.Interaction[Any]


class Answering(SmallBot):
    """Commands for each thing that the fake must do."""

    def __init__(self) -> None:
        super().__init__()
        self.errors: list[int] = []
        self.seen: list[Asked] = []
        for one in (_quote, _late, _deferred, _files):
            self.tree.command(name=one.__name__.strip("_"), description="For a test")(one)
        self.tree.context_menu(name="Find this quote")(_menu)
        group = app_commands.Group(
            name="pullquote", description="For moderators", default_permissions=discord.Permissions(manage_guild=True)
        )
        group.command(name="pause", description="For a test")(_pause)
        self.tree.add_command(group)

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def on_interaction(self, asked: Asked) -> None:
        self.seen.append(asked)
        data: Any = asked.data
        if asked.type is discord.InteractionType.component:
            await self._pressed(asked, data)
        elif asked.type is discord.InteractionType.modal_submit:
            [row] = data["components"]
            await asked.response.edit_message(content=f"because {row['components'][0]['value']}", view=None)

    async def _pressed(self, asked: Asked, data: Any) -> None:
        if data["custom_id"] == "why":
            modal = discord.ui.Modal(title="Why?", custom_id="reason")
            modal.add_item(discord.ui.TextInput(label="Reason", custom_id="text", max_length=20))
            await asked.response.send_modal(modal)
        elif data["custom_id"] == "pick":
            await asked.response.edit_message(content=f"picked {data['values'][0]}")
        else:
            await asked.response.defer()
            await asked.edit_original_response(content="turned")


# --- its commands -------------------------------------------------------------------------------------------


async def _shows(asked: Asked, typed: str) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=f"{typed} show", value=typed)]


@app_commands.autocomplete(show=_shows)
async def _quote(asked: Asked, words: str, show: str = "", number: int = 0) -> None:
    view = discord.ui.View(timeout=None)
    for name in ("Why", "Turn"):
        view.add_item(discord.ui.Button(label=name, custom_id=name.lower()))
    options = [discord.SelectOption(label="Chapter 1", value="c1"), discord.SelectOption(label="2", value="c2")]
    view.add_item(discord.ui.Select(custom_id="pick", options=options))
    await asked.response.send_message(f"{words} {show} {number}", view=view, ephemeral=words == "secretly")


async def _late(asked: Asked) -> None:
    await asyncio.sleep(3.1)
    try:
        await asked.response.send_message("too late")
    except discord.NotFound as problem:
        _bot(asked).errors.append(problem.code)
    _bot(asked).note("late")


async def _deferred(asked: Asked, private: bool) -> None:
    await asked.response.defer(ephemeral=private)
    try:
        await _bot(asked).http.request(_callback(asked), json={"type": 5})
    except discord.HTTPException as problem:
        _bot(asked).errors.append(problem.code)
    await asked.followup.send("first", ephemeral=not private)
    await asked.followup.send("second", ephemeral=True)


async def _files(asked: Asked, file: discord.Attachment) -> None:
    said = await file.read()
    picture = discord.File(_bytes(said[::-1]), "back.txt", description="backwards")
    await asked.response.send_message("there", file=picture)


def _callback(asked: Asked) -> discord.http.Route:
    path = "/interactions/{webhook_id}/{webhook_token}/callback"
    return discord.http.Route("POST", path, webhook_id=asked.id, webhook_token=asked.token)


def _bytes(said: bytes) -> Any:
    return io.BytesIO(said)


def _bot(asked: Asked) -> Answering:
    assert isinstance(asked.client, Answering)
    return asked.client


async def _menu(asked: Asked, message: discord.Message) -> None:
    await asked.response.send_message(f"found: {message.content}", ephemeral=True)


async def _pause(asked: Asked) -> None:
    await asked.response.send_message("paused")


@pytest.fixture
async def played() -> AsyncIterator[tuple[Wire, Room, Answering]]:
    async with wire() as w:
        room, bot = w.furnish(), Answering()
        async with running(w, bot):
            yield w, room, bot


Played = tuple[Wire, Room, Answering]


async def test_a_slash_command_carries_typed_options_and_is_answered(played: Played) -> None:
    w, room, _ = played
    got = await w.slash(room.member, room.general, "quote", words="fire ready aim", number=7)
    assert got.message is not None
    assert (got.kind, got.private, got.message.data["content"]) == ("message", False, "fire ready aim  7")
    assert buttons(got.message) == ["Why", "Turn"]
    assert got.message.id in room.general.messages
    assert 0 < got.elapsed_s < 3
    assert w.commands.puts == {"": 1}


async def test_what_discords_client_would_not_send_is_no_interaction(played: Played) -> None:
    w, room, _ = played
    wrong: list[tuple[str, dict[str, object]]] = [
        ("quote", {}), ("quote", {"words": "x", "number": "seven"}), ("quote", {"words": "x", "pages": 1}),
        ("nothing", {}), ("pullquote pause", {}),
    ]  # fmt: skip
    for command, given in wrong:
        with pytest.raises(NotSendable):
            await w.slash(room.member, room.general, command, **given)
    assert (await w.slash(room.moderator, room.general, "pullquote pause")).text == "paused"


async def test_completion_offers_what_the_bot_says(played: Played) -> None:
    w, room, _ = played
    got = await w.complete(room.member, room.general, "quote", "show", "cha", words="x")
    assert (got.kind, got.choices) == ("choices", [{"name": "cha show", "value": "cha"}])


async def test_a_private_answer_is_seen_by_one_person_and_never_fetched(played: Played) -> None:
    w, room, bot = played
    got = await w.slash(room.member, room.general, "quote", words="secretly")
    assert got.private
    assert got.message is not None
    assert got.message.only_for == room.member["id"]
    assert room.general.messages == {}
    with pytest.raises(NotSendable):
        await w.press(got.message, "Turn", room.moderator)
    with pytest.raises(discord.NotFound) as problem:
        await bot.channel(room.general.id).fetch_message(int(got.message.id))
    assert problem.value.code == 10008


async def test_a_button_opens_a_modal_whose_answer_changes_the_message(played: Played) -> None:
    w, room, _ = played
    got = await w.slash(room.member, room.general, "quote", words="secretly")
    opened = await w.press(got.message, "Why")
    assert opened.kind == "modal"
    with pytest.raises(NotSendable):
        await w.submit(opened.modal, {"Reason": "x" * 21})
    done = await w.submit(opened.modal, {"Reason": "it is wrong"})
    assert (done.kind, done.text, done.message) == ("update", "because it is wrong", got.message)
    with pytest.raises(NotSendable):
        await w.press(got.message, "Turn")


async def test_a_button_turns_a_page_and_a_select_is_chosen_by_label(played: Played) -> None:
    w, room, _ = played
    got = await w.slash(room.member, room.general, "quote", words="openly")
    turned = await w.press(got.message, "turn", room.moderator)
    assert (turned.kind, turned.text.splitlines()[0]) == ("deferred_update", "turned")
    picked = await w.choose(got.message, "Chapter 1", user=room.member)
    assert picked.text.startswith("picked c1")
    with pytest.raises(NotSendable):
        await w.choose(got.message, "c9", user=room.member)


async def test_an_answer_after_three_seconds_is_refused_with_10062(played: Played) -> None:
    w, room, bot = played
    got = await w.slash(room.member, room.general, "late")
    assert got.kind == "nothing"
    await bot.until("late")
    assert bot.errors == [10062]
    assert w.log.posted == []


@pytest.mark.parametrize("private", [True, False])
async def test_the_first_follow_up_keeps_the_privacy_of_the_defer(played: Played, private: bool) -> None:
    w, room, bot = played
    got = await w.slash(room.member, room.general, "deferred", private=private)
    assert (got.kind, got.text, got.private) == ("deferred", "first", private)
    second = await got.until_followup()
    assert (second.data["content"], bool(second.only_for)) == ("second", True)
    assert bot.errors == [40060]


async def test_files_come_and_go_with_their_words(played: Played) -> None:
    w, room, _ = played
    got = await w.slash(room.member, room.general, "files", file=("notes.txt", b"abc"))
    assert got.message is not None
    [file] = got.message.data["attachments"]
    assert (file["filename"], file["description"], w.state.files[file["id"]][1]) == ("back.txt", "backwards", b"cba")


async def test_a_message_menu_reads_the_message(played: Played) -> None:
    w, room, _ = played
    said = await w.say(room.member, room.general, "fire, ready, aim")
    assert (await w.menu(room.member, said, "Find this quote")).text == "found: fire, ready, aim"


async def test_words_reach_the_bot_in_mentions_replies_and_direct_messages_only(played: Played) -> None:
    w, room, bot = played
    posted = await bot.channel(room.general.id).send("a post")
    to = room.general.messages[str(posted.id)]
    await w.say(room.member, room.general, "nothing for you")
    await w.say(room.member, room.general, f"<@{w.state.bot['id']}> hello")
    await w.say(room.member, room.general, "and a reply", reply_to=to)
    await w.say(room.member, room.general, "a silent reply", reply_to=to, ping=False)
    await w.say(room.member, w.state.dm(room.member["id"]), "privately")
    await bot.until("message privately")
    heard = [one.content for one in bot.heard[1:]]
    assert heard == ["", f"<@{w.state.bot['id']}> hello", "and a reply", "", "privately"]
    assert bot.heard[3].reference is not None
    assert isinstance(bot.heard[3].reference.resolved, discord.Message)
    assert bot.heard[3].reference.resolved.content == "a post"
    assert to.notified == []


async def test_a_user_install_works_where_the_bot_is_not_and_says_so(played: Played) -> None:
    w, room, bot = played
    elsewhere = w.state.guild("Elsewhere", bot=False)
    w.state.join(elsewhere, room.member)
    there = w.state.channels[elsewhere.data["system_channel_id"]]
    with pytest.raises(NotSendable):
        await w.slash(room.member, there, "quote", words="x")
    w.commands.find("quote", "")["integration_types"] = [0, 1]  # type: ignore[index]
    got = await w.slash(room.member, there, "quote", words="far")
    assert got.kind == "message"
    [asked] = [one for one in bot.seen if one.guild_id == int(elsewhere.id)]
    assert asked.is_user_integration()
    assert not asked.is_guild_integration()


async def test_where_both_are_installed_the_interaction_says_both(played: Played) -> None:
    w, room, bot = played
    w.state.installs.add(room.member["id"])
    await w.slash(room.member, room.general, "quote", words="x")
    await w.slash(room.member, w.state.dm(room.member["id"]), "quote", words="x")
    assert [one.is_user_integration() for one in bot.seen[-2:]] == [True, True]
    assert [one.is_guild_integration() for one in bot.seen[-2:]] == [True, False]  # a direct message is in no server
    assert [one.context.dm_channel for one in bot.seen[-2:]] == [False, True]
