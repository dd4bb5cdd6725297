"""Words and presses while things go wrong on the way: each is answered once, or not at all where it was taken back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.discord.reading import found_in
from bot.domain import DEFAULT_COMMUNITY, Place
from tests.adapters.discord.attack import Attacked, attacked
from tests.fakes.discord_wire.state import Message

LINE = "lit a fire on the rocks"


@pytest.fixture
async def it(tmp_path: Path) -> AsyncIterator[Attacked]:
    async with attacked(tmp_path) as made:
        yield made


def answers(it: Attacked) -> list[Message]:
    said = it.home.general.messages.values()
    return [one for one in said if one.data["author"]["id"] == it.bot["id"]]


@pytest.mark.parametrize("fault", ["reset_before", "reset_after", "error_after", "refused"])
async def test_an_answer_that_the_network_swallows_is_said_once(it: Attacked, fault: str) -> None:
    it.wire.faults.next(fault, "POST /channels")  # type: ignore[arg-type]
    await it.say(it.mia, it.home.general, LINE)
    [said] = answers(it)
    assert LINE in said.data["content"]


@pytest.mark.parametrize("fault", ["reset_before", "reset_after"])
async def test_an_answer_to_a_command_that_the_network_swallows_is_there_once(it: Attacked, fault: str) -> None:
    it.wire.faults.next(fault, "POST /interactions")  # type: ignore[arg-type]
    got = await it.wire.slash(it.mia, it.home.general, "quote", words=LINE)
    assert got.kind == "message"
    assert LINE in got.text
    assert got.followups == []


async def test_a_question_that_was_taken_back_is_not_answered(it: Attacked) -> None:
    """Below nothing, an answer would pass for a post: the buttons of some carry a post's key."""
    asked = await it.wire.say(it.mia, it.home.general, f"<@{it.bot['id']}> {LINE}")
    it.wire.delete_message(asked)
    await it.settled()
    assert answers(it) == []


async def test_no_answer_to_words_passes_for_a_post(it: Attacked) -> None:
    await it.say(it.mia, it.home.general, LINE)
    [said] = answers(it)
    button = {"type": 2, "style": 2, "label": "x", "custom_id": "v1|post|key=abcdefghijklmnopqrstuvwx|kind=new"}
    told = said.data | {"components": [{"type": 1, "components": [button]}]}
    assert found_in(told, it.bot["id"]) is None
    bare = {name: one for name, one in told.items() if name != "message_reference"} | {"type": 0}
    assert found_in(bare, it.bot["id"]) is not None


async def test_a_storm_of_presses_of_one_button_is_answered_each_time(it: Attacked) -> None:
    got = await it.wire.slash(it.mia, it.home.general, "quote", words=LINE)
    pressed = await asyncio.gather(*(it.wire.press(got.message, "More context") for _ in range(60)))
    assert {one.kind for one in pressed} == {"message"}
    assert all(one.private for one in pressed)
    assert it.wire.refused() == []


async def test_a_server_that_throws_the_bot_out_and_takes_it_back_is_welcomed_once_and_stays_linked(
    it: Attacked,
) -> None:
    guild = it.home.guild
    owner = it.wire.state.dm(guild.data["owner_id"])
    before = len(owner.messages)
    it.wire.state.leave(guild)
    it.wire.state.add_bot(guild, 0, it.mo["id"])
    await asyncio.sleep(0.3)
    await it.settled()
    assert len(owner.messages) + len(it.wire.state.dm(it.mo["id"]).messages) == before
    assert await it.world.storage.community_of("discord", guild.id) == DEFAULT_COMMUNITY
    assert LINE in (await it.wire.slash(it.mia, it.home.general, "quote", words=LINE)).text


async def test_a_server_that_is_away_for_a_while_is_answered_all_the_same(it: Attacked) -> None:
    guild = it.home.guild
    it.wire.gateway.event("GUILD_DELETE", {"id": guild.id, "unavailable": True}, guild.id)
    assert LINE in (await it.wire.slash(it.mia, it.home.general, "quote", words=LINE)).text
    it.wire.gateway.event("GUILD_CREATE", it.wire.state.guild_payload(guild), guild.id)
    assert LINE in (await it.wire.slash(it.mia, it.home.general, "quote", words=LINE)).text


async def test_rights_follow_a_server_that_is_linked_while_people_ask(it: Attacked) -> None:
    """Before and after, each request counts for one community only."""
    general, storage = it.general(it.stranger), it.world.storage

    async def asked() -> str:
        return (await it.slash(it.mo, general, "quote", {"words": LINE})).text

    async def linked() -> None:
        await storage.link_workspace(DEFAULT_COMMUNITY, "discord", it.stranger.id)

    texts = await asyncio.gather(*(asked() for _ in range(10)), linked(), *(asked() for _ in range(10)))
    told = [one for one in texts if one is not None]
    assert all((LINE in one) is not ("not linked" in one) for one in told)
    assert LINE in await asked()
    place = Place("discord", it.stranger.id, general.id)
    assert await storage.community_of(place.platform, place.workspace) == DEFAULT_COMMUNITY
