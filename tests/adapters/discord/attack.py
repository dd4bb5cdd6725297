"""A Discord on loopback with our running bot in servers of two communities, and everything that it says written down.
No test enters here."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from adapters.discord.client import DiscordSurface
from bot.commands.codec import write
from bot.commands.registry import load
from bot.domain import DEFAULT_COMMUNITY, Place
from bot.settings import Settings
from storage import open_storage
from tests.adapters.discord.room import _alert_work
from tests.commands.world import OTHER, World, world_of
from tests.fakes.discord_wire.call import Call, Handler, Routes
from tests.fakes.discord_wire.interactions import COMMAND, COMPONENT
from tests.fakes.discord_wire.people import Answered
from tests.fakes.discord_wire.permissions import bits
from tests.fakes.discord_wire.problems import Json, Problem
from tests.fakes.discord_wire.state import Channel, Guild, Message
from tests.fakes.discord_wire.wire import Room, Wire

#: Tables that hold what a community owns; whoever may change nothing leaves them alone.
OWNED = (
    "workspaces", "shows", "shelves", "private_places", "private_roles", "episodes", "lines", "aliases", "fixes",
    "withholds", "nicknames", "settings", "grants", "subscriptions", "joinings", "rulings", "history", "feeds",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """One request that the bot made: ``status`` is what it was answered with."""

    route: str
    ids: Mapping[str, str]
    body: Any
    status: int
    problem: Json

    @property
    def text(self) -> str:
        return json.dumps(self.body, ensure_ascii=False)


class Recorded(Wire):
    """A Discord that writes down what it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[Said] = []
        add = self._server.add
        self._server.add = lambda routes: add(self._noted(routes))  # type: ignore[method-assign]

    def _noted(self, routes: Routes) -> Routes:
        return {route: self._noting(route, handler) for route, handler in routes.items()}

    def _noting(self, route: str, handler: Handler) -> Handler:
        def noting(call: Call) -> Any:
            try:
                answer = handler(call)
            except Problem as problem:
                self.said.append(Said(route, call.ids, call.body, problem.status, problem.body))
                raise
            self.said.append(Said(route, call.ids, call.body, 200, {}))
            return answer

        return noting

    def refused(self) -> list[Said]:
        return [one for one in self.said if one.status == 400]


@dataclass(slots=True)
class Attacked:
    """``home`` is linked to the world's community, where ``board`` (a role in ``home``) and its channel see a private
    show; ``other`` to another community; ``stranger`` to none; in ``foreign`` the bot is not. ``mo`` is a moderator of
    every server, ``mia`` a member of all."""

    wire: Recorded
    surface: DiscordSurface
    world: World
    path: Path
    home: Room
    board: Channel
    other: Guild
    stranger: Guild
    foreign: Guild
    mia: Json
    mo: Json
    made: list[Message] = field(default_factory=list)

    def general(self, guild: Guild) -> Channel:
        return self.wire.state.channels[guild.data["system_channel_id"]]

    @property
    def bot(self) -> Json:
        return self.wire.state.bot

    def owned(self) -> str:
        """What the communities own, as it stands in the database."""
        with sqlite3.connect(f"file:{self.path}?mode=ro", uri=True) as db:
            return repr([(name, db.execute(f"SELECT * FROM {name}").fetchall()) for name in OWNED])

    def ours(self, channel: Channel, code: str) -> Message:
        """A message of ours with one button of this code, as it was sent however long ago."""
        row = {"type": 1, "components": [{"type": 2, "style": 2, "label": "Press", "custom_id": code}]}
        return self.wire.posting.create(channel, {"content": "Here", "components": [row]}, author=self.bot)

    async def press(self, user: Json, channel: Channel, name: str, args: Mapping[str, str]) -> Answered:
        """A press whose code anybody wrote."""
        code = write(name, args)
        message = self.ours(channel, "v1|help")
        data = {"component_type": 2, "custom_id": code}
        return await self.wire.people._act(COMPONENT, user, channel, data, source=message)

    async def slash(self, user: Json, channel: Channel, name: str, args: Mapping[str, Any]) -> Answered:
        """A slash command that the client should not have offered."""
        command = load().get(name)
        assert command is not None
        words = command.call.removeprefix("/").split()
        options: list[Json] = [{"name": key, "type": 3, "value": value} for key, value in args.items()]
        for word in reversed(words[1:]):
            options = [{"name": word, "type": 1 if word == words[-1] else 2, "options": options}]
        data = {"id": "1", "name": words[0], "type": 1, "options": options, "resolved": {}}
        return await self.wire.people._act(COMMAND, user, channel, data, name=name)

    async def say(self, user: Json, channel: Channel, text: str, **more: Any) -> None:
        """Words to the bot; whatever comes of it has come when this returns."""
        mention = "" if not channel.guild else f"<@{self.bot['id']}> "
        await self.wire.say(user, channel, f"{mention}{text}", **more)
        await self.settled()

    async def settled(self) -> None:
        from adapters.discord.gateway import answering

        await asyncio.sleep(0.02)
        async with asyncio.timeout(30):
            while answering():  # noqa: ASYNC110 - tasks come and go
                await asyncio.sleep(0.005)

    def since(self, mark: int) -> str:
        return "\n".join(one.text for one in self.wire.said[mark:])


@asynccontextmanager
async def attacked(folder: Path) -> AsyncIterator[Attacked]:
    path = folder / "attacked.db"
    storage = await open_storage(f"sqlite:///{path}")
    world = await world_of(storage, folder)
    wire = Recorded()
    await wire.start()
    try:
        with wire.pointed():
            async with _inside(wire, world, path) as made:
                yield made
    finally:
        await wire.stop()
        world.index.close()
        await storage.close()


@asynccontextmanager
async def _inside(wire: Recorded, world: World, path: Path) -> AsyncIterator[Attacked]:
    wire.state.app["bot_public"] = True
    home = wire.furnish("Home")
    board = wire.state.channel(home.guild, "board")
    other = wire.state.guild("Other")
    await world.storage.link_workspace(DEFAULT_COMMUNITY, "discord", home.guild.id)
    await world.storage.link_workspace(DEFAULT_COMMUNITY, "discord", "@")
    await world.storage.link_workspace(OTHER, "discord", other.id)
    stranger, foreign = wire.state.guild("Stranger"), wire.state.guild("Foreign", bot=False)
    mia, mo = home.member, home.moderator
    for guild in (other, stranger, foreign):
        wire.state.join(guild, mia)
        wire.state.join(guild, mo, wire.state.role(guild, "Mods", bits("manage_guild"))["id"])
    await _vault_in(world, Place("discord", home.guild.id, board.id))
    settings = Settings(discord_token=wire.token, discord_api_url=wire.api_url, discord_gateway_url=wire.gateway_url)
    surface = DiscordSurface(settings)
    services = replace(world.services, alert_work=cache(lambda: _alert_work(world, surface.messenger)))
    ready = asyncio.Event()
    task = asyncio.create_task(surface.run(services, ready.set))
    try:
        async with asyncio.timeout(30):
            await ready.wait()
            while not wire.commands.puts.get(""):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.3)  # welcomes
        yield Attacked(wire, surface, world, path, home, board, other, stranger, foreign, mia, mo)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _vault_in(world: World, place: Place) -> None:
    """The private show is told in one channel only."""
    from bot.domain import Role

    everything = replace(world.context.viewer, role=Role.operator)
    vault = next(one for one in await world.storage.shows(everything) if one.slug == "vault")
    await world.storage.put_show(DEFAULT_COMMUNITY, replace(vault, places=(place,), roles=("777",)))


def every_text(body: Any) -> Iterator[str]:
    """Every text in a body, however deep."""
    if isinstance(body, str):
        yield body
    elif isinstance(body, Mapping):
        for one in body.values():
            yield from every_text(one)
    elif isinstance(body, list):
        for one in body:
            yield from every_text(one)


async def until(true: Callable[[], object]) -> None:
    async with asyncio.timeout(30):
        while not true():  # noqa: ASYNC110 - what is waited for happens in the fake, which has no event for it
            await asyncio.sleep(0.01)
