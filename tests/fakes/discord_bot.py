"""A small bot with the real discord.py, for the tests of the fake Discord itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import discord
from discord import app_commands

from tests.fakes.discord_wire.wire import Wire

#: A guard: nothing here takes that long.
GUARD_S = 30.0


def intents() -> discord.Intents:
    made = discord.Intents.none()
    made.guilds = made.guild_messages = made.dm_messages = True
    return made


class SmallBot(discord.Client):
    """Notes what it hears; ``told`` are names of events in their order."""

    def __init__(self, **options: Any) -> None:
        given: dict[str, Any] = {"intents": intents(), "guild_ready_timeout": 0.1} | options
        super().__init__(max_messages=None, **given)
        self.tree = app_commands.CommandTree(self)
        self.told: list[str] = []
        self.heard: list[discord.Message] = []
        self._changed = asyncio.Event()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """No five seconds between two sessions."""

    def note(self, what: str) -> None:
        self.told.append(what)
        self._changed.set()

    async def until(self, what: str, times: int = 1) -> None:
        async with asyncio.timeout(GUARD_S):
            while self.told.count(what) < times:
                self._changed.clear()
                await self._changed.wait()

    async def on_ready(self) -> None:
        self.note("ready")

    async def on_resumed(self) -> None:
        self.note("resumed")

    async def on_message(self, message: discord.Message) -> None:
        self.heard.append(message)
        self.note(f"message {message.content}".strip())

    async def on_guild_join(self, guild: discord.Guild) -> None:
        self.note(f"joined {guild.name}")

    async def on_guild_channel_delete(self, channel: Any) -> None:
        self.note(f"deleted {channel.name}")

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        self.note(f"left {guild.name}")

    async def on_raw_message_edit(self, told: discord.RawMessageUpdateEvent) -> None:
        self.note(f"edited {told.message.content}")

    async def on_raw_message_delete(self, told: discord.RawMessageDeleteEvent) -> None:
        self.note("gone")

    async def on_thread_create(self, thread: discord.Thread) -> None:
        self.note(f"thread {thread.name}")

    def channel(self, id: str) -> Any:
        """As the bot finds it without having seen it."""
        return self.get_partial_messageable(int(id))


@asynccontextmanager
async def running(wire: Wire, bot: discord.Client, *, seconds: float = GUARD_S) -> AsyncIterator[asyncio.Task[None]]:
    """The bot, connected and ready, as the task that ends when it does; closed afterwards."""
    task = asyncio.create_task(bot.start(wire.token))
    waiting = asyncio.create_task(_ready(bot, task))
    try:
        await asyncio.wait({task, waiting}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            task.result()
        yield task
    finally:
        waiting.cancel()
        await bot.close()
        with suppress(asyncio.CancelledError):
            await task


async def _ready(bot: discord.Client, task: asyncio.Task[None]) -> None:
    """``wait_until_ready`` may be asked only after the login."""
    while not bot.is_ready() and not task.done():  # noqa: ASYNC110
        await asyncio.sleep(0.01)
