"""Our messenger over the real discord.py and a Discord on loopback, and posts to send with it. No test enters here."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import discord

from adapters.discord.attempts import trace
from adapters.discord.messenger import DiscordMessenger
from bot.alert_ports import Outcome, Refused, Sent
from bot.domain import Place
from bot.posts import Post
from bot.rules.alert_keys import alert_id
from tests.fakes.discord_wire.state import Channel, Message
from tests.fakes.discord_wire.wire import Room, Wire, wire
from tests.platform_messenger import fake_post


@dataclass(frozen=True, slots=True)
class PostWorld:
    """``room`` is a server with the bot in it; ``here`` its #general."""

    wire: Wire
    room: Room
    client: discord.Client
    messenger: DiscordMessenger

    @property
    def here(self) -> Place:
        return self.place(self.room.general)

    def place(self, channel: Channel) -> Place:
        return Place("discord", channel.guild, channel.id)

    def channel(self, name: str, kind: str = "text", **more: Any) -> Channel:
        return self.wire.state.channel(self.room.guild, name, kind, **more)

    def bot_role(self) -> dict[str, Any]:
        [id] = self.room.guild.members[self.wire.state.bot["id"]]["roles"]
        return self.room.guild.roles[id]

    def messages(self, place: Place) -> list[Message]:
        return list(self.wire.state.channels[place.channel].messages.values())


def new_client() -> discord.Client:
    return discord.Client(
        intents=discord.Intents(guilds=True, guild_messages=True, dm_messages=True),
        http_trace=trace(),
        max_messages=None,
        member_cache_flags=discord.MemberCacheFlags.none(),
        chunk_guilds_at_startup=False,
        allowed_mentions=discord.AllowedMentions.none(),
    )


@asynccontextmanager
async def post_world(
    *, connected: bool = False, deadline_s: float = 20.0, permissions: int | None = None
) -> AsyncIterator[PostWorld]:
    """``connected``: the gateway too, not REST alone."""
    async with wire() as made:
        room = made.furnish() if permissions is None else made.furnish(permissions=permissions)
        client = new_client()
        await client.login(made.token)
        messenger = DiscordMessenger(client, deadline_s=deadline_s)
        client.event(_telling(messenger))
        task = asyncio.create_task(client.connect()) if connected else None
        try:
            if task is not None:
                async with asyncio.timeout(30):
                    await client.wait_until_ready()
            yield PostWorld(made, room, client, messenger)
        finally:
            await messenger.close()
            await client.close()
            if task is not None:
                await asyncio.gather(task, return_exceptions=True)


def _telling(messenger: DiscordMessenger) -> Any:
    async def on_message(message: discord.Message) -> None:
        messenger.saw(message)

    return on_message


def key(n: int | str) -> str:
    return alert_id(Place("discord", "1", "2"), None, str(n), "new")


def a_post(n: int | str = 1, text: str = "A new episode", **more: Any) -> Post:
    return fake_post(key(n), text, **more)


def sent(outcome: Outcome) -> Sent:
    assert isinstance(outcome, Sent), outcome
    return outcome


def refused(outcome: object) -> Refused:
    assert isinstance(outcome, Refused), outcome
    return outcome
