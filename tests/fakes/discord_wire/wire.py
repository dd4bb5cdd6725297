"""One fake Discord, put together: state, REST, gateway, people. Nothing is decided here."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from bot.ports import Clock
from tests.fakes.discord_wire.channels import Channels
from tests.fakes.discord_wire.commands import Commands
from tests.fakes.discord_wire.faults import RateLimits, WireFaults
from tests.fakes.discord_wire.gateway import Gateway
from tests.fakes.discord_wire.guilds import Guilds
from tests.fakes.discord_wire.interactions import Interactions
from tests.fakes.discord_wire.log import Log
from tests.fakes.discord_wire.people import Answered, Opened, People
from tests.fakes.discord_wire.permissions import EVERYONE, bits
from tests.fakes.discord_wire.posting import Posting
from tests.fakes.discord_wire.problems import Json
from tests.fakes.discord_wire.server import BASE, Server
from tests.fakes.discord_wire.state import Channel, Guild, Message, State


class Wire:
    """``async with wire(): …`` starts one. What it knows is in ``state``; what was asked and posted in ``log``.

    ``furnish`` makes a server to play in; ``faults`` and ``limits`` break and slow it; ``gateway`` drops sockets.
    """

    def __init__(self, clock: Clock | None = None, *, log: Log | None = None) -> None:
        self.state = State(clock)
        self.log = log or Log()
        self.faults, self.limits = WireFaults(), RateLimits()
        self.posting = Posting(self.state, self.log)
        self.channels = Channels(self.state, self.posting)
        self.commands, self.guilds = Commands(self.state), Guilds(self.state)
        self.interactions = Interactions(self.state, self.posting)
        self.people = People(self.state, self.commands, self.interactions, self.posting)
        self.gateway = Gateway(self.state, self.guilds)
        self._server = Server(self.state, self.log, self.faults, self.limits)

    @property
    def app(self) -> Any:
        """The aiohttp application, for more routes before the start."""
        return self._server.app

    @property
    def api_url(self) -> str:
        return f"http://127.0.0.1:{self._server.port}{BASE}"

    @property
    def gateway_url(self) -> str:
        return f"ws://127.0.0.1:{self._server.port}/gateway"

    @property
    def token(self) -> str:
        return self.state.token

    async def start(self, port: int = 0) -> None:
        for part in (self.guilds, self.channels, self.commands, self.interactions):
            self._server.add(part.routes())
        self.gateway.add_to(self._server.app)
        await self._server.start(port)
        self.guilds.gateway_url = self.gateway_url

    async def stop(self) -> None:
        await self.gateway.close(1001)
        await self._server.stop()

    @contextmanager
    def pointed(self) -> Iterator[None]:
        """discord.py talks to this one meanwhile."""
        from discord.gateway import DiscordWebSocket
        from discord.http import Route
        from yarl import URL

        before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = self.api_url, URL(self.gateway_url)
        try:
            yield
        finally:
            Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = before

    # -- worlds

    def furnish(self, name: str = "Listeners", *, permissions: int = EVERYONE) -> Room:
        """A server with the bot, a member and a moderator (Manage Server)."""
        guild = self.state.guild(name, permissions=permissions)
        member, moderator = self.state.user("ada"), self.state.user("mo")
        self.state.join(guild, member)
        self.state.join(guild, moderator, self.state.role(guild, "Mods", bits("manage_guild"))["id"])
        general = self.state.channels[guild.data["system_channel_id"]]
        return Room(guild, general, member, moderator)

    def join_guild(self, name: str, *, by: str = "", permissions: int = EVERYONE, owner: Json | None = None) -> Guild:
        """The bot is added to another server; ``by``: the id of whoever added it (the audit log's BOT_ADD)."""
        return self.state.guild(name, permissions=permissions, by=by, owner=owner)

    def delete_channel(self, channel: Channel) -> None:
        self.state.drop_channel(channel)

    def delete_message(self, message: Message) -> None:
        """A moderator takes it away."""
        self.posting.delete(message, self.state.channels[str(message.data["channel_id"])])

    # -- people

    async def slash(self, user: Json, channel: Channel, command: str, /, **given: Any) -> Answered:
        return await self.people.slash(user, channel, command, **given)

    async def complete(
        self, user: Json, channel: Channel, command: str, option: str, typed: str = "", /, **given: Any
    ) -> Answered:
        return await self.people.complete(user, channel, command, option, typed, **given)

    async def press(self, message: Message | None, button: str, user: Json | None = None) -> Answered:
        return await self.people.press(_there(message), button, user)

    async def choose(
        self, message: Message | None, *values: str, user: Json | None = None, select: str = ""
    ) -> Answered:
        return await self.people.choose(_there(message), *values, user=user, select=select)

    async def submit(self, modal: Opened | None, given: dict[str, Any]) -> Answered:
        return await self.people.submit(modal, given)

    async def menu(self, user: Json, message: Message, command: str) -> Answered:
        return await self.people.menu(user, message, command)

    async def say(
        self, user: Json, channel: Channel, text: str, *, reply_to: Message | None = None, ping: bool = True
    ) -> Message:
        return await self.people.say(user, channel, text, reply_to=reply_to, ping=ping)


class Room:
    """A small server: ``guild``, ``general``, ``member`` and ``moderator``."""

    def __init__(self, guild: Guild, general: Channel, member: Json, moderator: Json) -> None:
        self.guild, self.general, self.member, self.moderator = guild, general, member, moderator


def _there(message: Message | None) -> Message:
    assert message is not None, "there is no such message"
    return message


@asynccontextmanager
async def wire(clock: Clock | None = None, *, port: int = 0, log_file: Path | None = None) -> AsyncIterator[Wire]:
    """A running fake Discord, with discord.py pointed at it."""
    made = Wire(clock, log=Log(log_file))
    await made.start(port)
    try:
        with made.pointed():
            yield made
    finally:
        await made.stop()
