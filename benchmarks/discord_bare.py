"""The peer of ``benchmarks.discord``: as little of a bot as discord.py allows.

``discord_bare API GATEWAY TOKEN`` answers ``/hello``; with a data folder as fourth word also ``/find``, whose handler
awaits the same search as ``/quote``.
"""

from __future__ import annotations

import asyncio
import sys
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

if TYPE_CHECKING:
    from bot.services import Services


class Bare(discord.Client):
    def __init__(self, services: Services | None) -> None:
        super().__init__(intents=discord.Intents(guilds=True), guild_ready_timeout=0.2)
        self.tree = discord.app_commands.CommandTree(self)
        self.tree.command(name="hello", description="Says hello")(hello)
        if services is not None:
            self.tree.command(name="find", description="Finds a line")(finder(services))

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def on_ready(self) -> None:
        print("ready", flush=True)


async def hello(interaction: discord.Interaction) -> None:
    await interaction.response.send_message("hello", ephemeral=True)


def finder(services: Services):  # type: ignore[no-untyped-def]  # discord.py reads the signature of what comes back
    from bot.domain import DEFAULT_COMMUNITY, Viewer
    from bot.services.quotes import Ask

    viewer = Viewer(DEFAULT_COMMUNITY)

    async def find(interaction: discord.Interaction, words: str) -> None:
        found = await services.quotes.find(viewer, Ask(words, limit=2))
        await interaction.response.send_message(found.hits[0].text[:2000], ephemeral=True)

    return find


async def main(api: str, gateway: str, token: str, data: str = "") -> None:
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = api, yarl.URL(gateway)
    async with AsyncExitStack() as ends:
        services = None
        if data:
            from bot.app import open_app

            settings = {"PULLQUOTE_DATA_DIR": str(Path(data)), "PULLQUOTE_LOG_LEVEL": "error"}
            services = await ends.enter_async_context(open_app(settings).services())
        async with Bare(services) as client:
            await client.start(token)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
