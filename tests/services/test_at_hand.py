"""Which episode a message is about: by the codes of its buttons, else by the post that it is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.commands.codec import encode, write
from bot.domain import DEFAULT_COMMUNITY, EpisodeId, Place
from bot.reply import Action, Reply
from bot.rules.alert_keys import COMMAND, post_args
from bot.services.at_hand import episode_of
from storage import open_storage
from tests.commands.world import OTHER, World, world_of
from tests.storage.alerting import NOON, alert

HERE = Place("discord", "guild", "hall")
POST = EpisodeId("epaaaaaaaaaa")


@pytest.fixture
async def member(tmp_path: Path) -> AsyncIterator[World]:
    storage = await open_storage("sqlite:///:memory:")
    world = await world_of(storage, tmp_path)
    yield world
    world.index.close()
    await storage.close()


async def at_hand(world: World, *codes: str, **ids: str) -> EpisodeId | None:
    return await episode_of(world.services, world.context.community, HERE, codes=codes, **ids)


async def codes_of(world: World, reply: Reply) -> list[str]:
    menu = [one.action for one in reply.choices.options] if reply.choices else []
    return [await encode(one, world.storage, world.context.community) for one in (*menu, *reply.actions)]


@pytest.mark.parametrize("line", ["/quote nine winters", "/chapters lighthouses", "/episode lighthouses", "/chapter 1"])
async def test_an_answers_buttons_tell_its_episode(member: World, line: str) -> None:
    episode = await member.services.episodes.resolve(member.context, "lighthouses")
    await member.ask("/episode lighthouses")
    codes = await codes_of(member, await member.ask(line))
    assert await at_hand(member, *codes) == episode.id
    assert await at_hand(member, *(f"~{code}" for code in codes)) == episode.id


async def test_stored_state_is_read_too(member: World) -> None:
    args = {"episode": "id:epaaaaaaaaaa", "words": "long " * 40}
    code = await encode(Action("", "match", args), member.storage, DEFAULT_COMMUNITY)
    assert code.startswith("v1|#")
    assert await at_hand(member, code) == POST
    assert await at_hand(member.as_(community=OTHER), code) is None


async def test_a_posts_button_message_and_thread_tell_its_episode(member: World) -> None:
    one = replace(alert(place=HERE, episode=POST), message="100", thread="t100", state="posted", posted_at=NOON)
    await member.storage.add_alerts([one], NOON)
    button = write(COMMAND, post_args(one.id, one.kind, "chapters"))
    assert await at_hand(member, button) == POST
    assert await at_hand(member, message="100") == POST
    assert await at_hand(member, thread="t100") == POST
    assert await at_hand(member, message="1", thread="2") is None
    other = member.as_(community=OTHER)
    assert (await at_hand(other, button), await at_hand(other, message="100")) == (None, None)


@pytest.mark.parametrize(
    "code", ["", "~", "nonsense", "v2|quote|episode=id%3Aepaaaaaaaaaa", "v1|#nobody", "v1|help", "é" * 90]
)
async def test_what_cannot_be_read_tells_nothing(member: World, code: str) -> None:
    assert await at_hand(member, code) is None
