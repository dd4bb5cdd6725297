"""The command tree is sent to Discord when it changed, and only then."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from adapters.discord.client import client_of
from bot.commands import registry
from bot.commands.registry import Registry
from bot.settings import Settings
from tests.adapters.discord.room import Room

if TYPE_CHECKING:
    from collections.abc import MutableMapping
    from typing import Any


def puts(room: Room) -> list[str]:
    """The paths that command lists were put to."""
    return [one.path.split("/commands")[0].split("/", 3)[3:][0] if "/guilds/" in one.path else "global"
            for one in room.env.http_requests if one.method == "PUT" and one.path.endswith("/commands")]  # fmt: skip


async def restarted(room: Room, dev_server: str = "", *, without: str = "") -> list[str]:
    """What a new process puts there; ``without`` leaves a command out, as a new version might."""
    before = len(puts(room))
    services = room.services
    if without:
        services = replace(services, registry=Registry(one for one in registry.load().all() if one.name != without))
    client = client_of(Settings(discord_dev_server=dev_server), services)
    await room.env.restart_bot(client)
    return puts(room)[before:]


def listed(room: Room, guild_id: int | None) -> set[str]:
    return {name for name, _ in room.env.backend.commands.get(guild_id, {})}


async def test_the_first_start_sends_all_commands(room: Room) -> None:
    assert puts(room) == ["global"]
    assert listed(room, None) >= {"quote", "pullquote"}


async def test_a_start_with_the_same_commands_sends_nothing(room: Room) -> None:
    assert await restarted(room) == []
    assert await restarted(room) == []


async def test_a_changed_command_is_sent_once(room: Room) -> None:
    assert await restarted(room, without="shows") == ["global"]
    assert "shows" not in listed(room, None)
    assert await restarted(room, without="shows") == []


async def test_a_development_server_has_them_at_once_and_the_rest_is_left_alone(room: Room) -> None:
    server = room.guild.id
    assert await restarted(room, str(server)) == [f"guilds/{server}"]
    assert listed(room, server) == listed(room, None)
    assert await restarted(room, str(server)) == []


async def test_a_development_server_that_is_none_any_more_loses_its_copies(room: Room) -> None:
    server = room.guild.id
    await restarted(room, str(server))
    assert await restarted(room) == [f"guilds/{server}"]
    assert listed(room, server) == set()
    assert await restarted(room) == []
    assert await restarted(room, str(server)) == [f"guilds/{server}"], "and gets them again when it is one again"


async def test_another_development_server_takes_over(room: Room) -> None:
    other = room.env.create_guild("Workshop").id
    await restarted(room, str(room.guild.id))
    assert await restarted(room, str(other)) == [f"guilds/{room.guild.id}", f"guilds/{other}"]
    assert (listed(room, room.guild.id), bool(listed(room, other))) == (set(), True)


@pytest.mark.parametrize("status", [400, 403, 500])
async def test_a_refused_sync_is_one_line_and_is_tried_again(unopened: Room, status: int) -> None:
    unopened.env.inject_error("PUT", "/applications/*/commands", status=status)
    with capture_logs() as logs:
        await unopened.env.start()
    assert [one["event"] for one in errors_of(logs)] == ["commands not synced"]
    assert "retr" not in str(errors_of(logs)).lower()
    assert listed(unopened, None) == set()
    assert await restarted(unopened) == ["global"]
    assert listed(unopened, None) >= {"quote", "pullquote"}
    await unopened.env.shutdown()


async def test_presses_and_words_work_while_the_sync_is_refused(unopened: Room) -> None:
    unopened.env.inject_error("PUT", "/applications/*/commands", status=403)
    with capture_logs():
        await unopened.env.start()
    assert unopened.client.is_ready()
    await unopened.env.shutdown()


def errors_of(logs: list[MutableMapping[str, Any]]) -> list[MutableMapping[str, Any]]:
    return [one for one in logs if one["log_level"] in ("warning", "error")]
