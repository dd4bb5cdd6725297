"""Slash commands and completion as people use them, over the real discord.py."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

import pytest
import simcord
from structlog.testing import capture_logs

from adapters.discord.client import client_of
from bot import texts_commands
from bot.commands.declare import Arg, Command, command
from bot.commands.registry import Registry, load
from bot.context import Context
from bot.domain import Chapter
from bot.files import LARGEST, Upload
from bot.reply import Reply
from bot.settings import Settings
from tests.adapters.discord.room import Room
from tests.commands.world import lighthouses

LONG = "How the lamp was lit again when nobody on the mainland believed that a keeper could swim so far in such a storm"
LONGER = f"{LONG}, and what came of it"


@command("weigh", "Weigh a file")
async def weigh(ctx: Context, file: Annotated[Upload, Arg("A file")]) -> Reply:
    return Reply(f"{file.name}: {len(file.data)} bytes")


async def broken(ctx: Context, typed: str) -> list[str]:
    raise ZeroDivisionError


async def hostile(ctx: Context, typed: str) -> list[str]:
    return ["\u202eevil\u0000 @everyone", "\u200b", " ", "x" * 300, "\ud800", *map(str, range(40))]


@command("pick", "Pick something")
async def pick(
    ctx: Context,
    one: Annotated[str | None, Arg("One", complete=broken)] = None,
    two: Annotated[str | None, Arg("Two", complete=hostile)] = None,
    sure: Annotated[bool, Arg("Really")] = False,
    count: Annotated[int, Arg("How many", range=(1, 9))] = 3,
) -> Reply:
    return Reply(f"{two} {sure} {count}")


async def with_commands(room: Room, *commands: Command) -> None:
    services = replace(room.services, registry=Registry(commands))
    await room.env.restart_bot(client_of(Settings(), services))


def said(result: Any) -> str:
    assert result.response is not None
    return str(result.response.content)


async def names(room: Room, command: str, option: str, typed: str, **filled: Any) -> list[str]:
    found = await room.mia.autocomplete(room.general, command, option, typed, **filled)
    return [one["name"] for one in found]


# --- asking -----------------------------------------------------------------------------------------


async def test_typed_options_arrive_typed(room: Room) -> None:
    await with_commands(room, pick)
    assert said(await room.mia.slash(room.general, "pick", two="b", sure=True, count=7)) == "b True 7"
    assert said(await room.mia.slash(room.general, "pick")) == "None False 3"


async def test_a_file_arrives_with_its_name_and_bytes(room: Room) -> None:
    await with_commands(room, weigh)
    assert said(await room.mia.slash(room.general, "weigh", file=("a.csv", b"12345"))) == "a.csv: 5 bytes"


async def test_a_file_that_is_too_large_is_refused_before_it_is_fetched(room: Room) -> None:
    await with_commands(room, weigh)
    with capture_logs():
        answer = said(await room.mia.slash(room.general, "weigh", file=("big.csv", bytes(LARGEST + 1))))
    assert "at most 8 MiB" in answer
    assert "bytes" not in answer


async def test_a_file_that_is_gone_is_asked_for_again(room: Room) -> None:
    await with_commands(room, weigh)
    room.env.backend.cdn.get = lambda url: None  # type: ignore[method-assign]
    assert "once more" in said(await room.mia.slash(room.general, "weigh", file=("a.csv", b"12345")))


async def test_a_member_who_is_shown_moderators_commands_is_told_the_missing_role(room: Room) -> None:
    [id] = [int(one["id"]) for (name, _), one in room.env.backend.commands[None].items() if name == "pullquote"]
    shown = {"id": str(room.mia.id), "type": 2, "permission": True}
    room.env.backend.set_command_permissions(room.guild.id, id, [shown])
    answer = await room.mia.slash(room.general, "pullquote status")
    assert "editor" in said(answer)
    assert answer.ephemeral


async def test_moderators_commands_are_hidden_from_members(room: Room) -> None:
    assert not [name for name in room.mia.available_commands(room.general) if name.startswith("pullquote")]
    assert "pullquote status" in room.max.available_commands(room.general)


async def test_members_ask_in_direct_messages_and_find_no_moderators_commands_there(room: Room) -> None:
    offered = room.mia.user.available_commands()
    assert "quote" in offered
    assert not [name for name in offered if name.startswith("pullquote")]
    assert "fire on the rocks" in said(await room.mia.user.slash("quote", words="lit a fire on the rocks"))


async def test_a_command_of_an_older_version_is_answered_kindly(room: Room) -> None:
    room.env.inject_error("PUT", "/applications/*/commands", status=500)
    with capture_logs() as logs:
        await with_commands(room, pick)
        answer = await room.mia.slash(room.general, "shows")
    assert said(answer) == texts_commands.OUTDATED
    assert answer.ephemeral
    assert [one["event"] for one in logs if one["event"] == "command not run"] == ["command not run"]


async def test_a_completion_of_an_older_version_offers_nothing(room: Room) -> None:
    room.env.inject_error("PUT", "/applications/*/commands", status=500)
    with capture_logs():
        await with_commands(room, pick)
        assert await names(room, "quote", "show", "har") == []


# --- completion -------------------------------------------------------------------------------------


async def test_shows_episodes_speakers_and_chapters_are_completed(room: Room) -> None:
    assert await names(room, "quote", "show", "harb") == ["harbour"]
    assert await names(room, "quote", "episode", "lamps") == ["Lamps and lighthouses"]
    assert await names(room, "quote", "speaker", "b") == ["Bo"]
    await room.mia.slash(room.general, "chapters", episode="Lamps and lighthouses")
    assert await names(room, "chapter", "chapter", "nine") == ["Nine winters of keeping a lamp"]


async def test_a_private_show_is_completed_for_nobody_elsewhere(room: Room) -> None:
    assert await names(room, "quote", "show", "vault") == []
    assert await names(room, "quote", "episode", "merger") == []
    assert await names(room, "quote", "speaker", "dee") == []


async def test_another_communitys_show_is_completed_for_nobody_here(room: Room) -> None:
    assert await names(room, "quote", "show", "orchard") == []


@pytest.fixture
async def unlinked(room: Room) -> simcord.GuildHandle:
    """A server that our community does not know."""
    return room.env.create_guild("Elsewhere")


async def test_a_server_that_is_not_linked_is_offered_nothing(room: Room, unlinked: simcord.GuildHandle) -> None:
    channel, visitor = unlinked.create_text_channel("general"), unlinked.add_member(room.mia.user)
    await room.env.settle()
    assert await visitor.autocomplete(channel, "quote", "show", "har") == []


async def test_a_moderators_completion_is_for_moderators(room: Room) -> None:
    found = await room.max.autocomplete(room.general, "pullquote show set", "show", "harb")
    assert [one["value"] for one in found] == ["harbour"]


async def test_a_long_name_is_cut_and_still_finds_what_it_names(room: Room) -> None:
    old = lighthouses()
    long = tuple(
        Chapter(n, start, None, title, "rss") for n, (start, title) in enumerate(((0.0, LONG), (9.0, LONGER)), 1)
    )
    await room.world.save(replace(old, chapters=long))
    await room.mia.slash(room.general, "chapters", episode="Lamps and lighthouses")
    found = await room.mia.autocomplete(room.general, "chapter", "chapter", "how the lamp")
    assert len(found) == 2
    assert all(len(one["name"]) <= 100 and len(one["value"]) <= 100 for one in found)
    assert len({one["value"] for one in found}) == 2
    for one, title in zip(found, (LONG, LONGER), strict=True):
        assert one["name"].endswith("…")
        answer = await room.mia.slash(room.general, "chapter", chapter=one["value"])
        assert answer.response is not None
        shown = answer.response.message
        assert title in f"{shown.content} {[one.to_dict() for one in shown.embeds]} {answer.response.components}"


async def test_a_broken_completion_offers_nothing_and_is_one_log_line(room: Room) -> None:
    await with_commands(room, pick)
    with capture_logs() as logs:
        assert await names(room, "pick", "one", "x") == []
    assert [one["event"] for one in logs if one["log_level"] == "error"] == ["completion failed"]


async def test_hostile_names_are_cleaned_and_at_most_25(room: Room) -> None:
    await with_commands(room, pick)
    found = await room.mia.autocomplete(room.general, "pick", "two", "")
    assert len(found) == 25
    assert found[0]["name"] == "evil @everyone"
    assert all(one["name"].isprintable() and one["name"].strip() for one in found)
    assert all(len(one["name"]) <= 100 and 1 <= len(one["value"]) <= 100 for one in found)


async def test_an_error_of_the_database_offers_nothing(room: Room) -> None:
    await room.world.storage.close()
    with capture_logs() as logs:
        assert await names(room, "quote", "show", "har") == []
    assert [one["event"] for one in logs if one["log_level"] == "error"] == ["completion failed"]


def test_every_completed_parameter_has_a_completer_that_takes_what_discord_sends() -> None:
    completed = [param for one in load().all() for param in one.params if param.arg.complete]
    assert completed
    assert all(param.type is str and not param.choices for param in completed)
