"""The fake Discord as a process that no kill reaches, every post on disk at once; and a worker's connection to it.

``python -m benchmarks.crash_wire`` with a JSON ``Stage`` and a number of places runs it. Workers post with the real
discord.py and the real messenger, over real sockets, in the harness's fast time.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.crash_platform import LATENCY_S, SHARES, VISIBLE_S, Stage
from benchmarks.crash_time import run_fast
from bot.domain import Place
from bot.rules.alert_keys import key_in
from tests.fakes.discord_wire.log import Log, Posted
from tests.fakes.discord_wire.permissions import EVERYONE, bits
from tests.fakes.discord_wire.wire import Wire
from tests.platform_faults import Faults

if TYPE_CHECKING:
    import discord

    from bot.alert_ports import Messenger

#: Kinds of channels, in turn: forums know no nonce.
KINDS = ("text", "forum", "text", "announcement")
#: Real silence on the gateway means nothing where a minute is a second.
PATIENT_S = 1e6


def world_file(stage: Stage) -> Path:
    return Path(stage.folder) / "discord.json"


def wired_places(stage: Stage) -> list[Place]:
    """Those of the running process."""
    world = json.loads(world_file(stage).read_text())
    return [Place("discord", world["guild"], channel) for channel in world["channels"]]


# --- the process ----------------------------------------------------------------------------------------------


class KeyLog(Log):
    """Writes down the key of every post, as the harness reads it."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(keep=False)
        self._to = stage.log

    def post(self, one: Posted) -> None:
        key, kind = next(filter(None, map(key_in, one.custom_ids)), ("", ""))
        line = {"at": one.at.isoformat(), "key": key, "kind": kind, "message": one.message, "channel": one.channel}
        with self._to.open("ab") as file:
            file.write(json.dumps(line).encode() + b"\n")


async def serve(stage: Stage, places: int) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    loop.add_reader(sys.stdin, stop.set)  # whoever started this is gone
    wire = Wire(stage.clock(), log=KeyLog(stage))
    wire.channels.visible_s = VISIBLE_S
    wire.faults.background = Faults(SHARES, latency_s=LATENCY_S, seed=stage.seed)
    guild = wire.state.guild("Hall", permissions=EVERYONE | bits("manage_messages"))
    channels = [wire.state.channel(guild, f"room-{n}", KINDS[n % len(KINDS)]).id for n in range(places)]
    await wire.start()
    world = {"api": wire.api_url, "gateway": wire.gateway_url, "token": wire.token}
    world_file(stage).write_text(json.dumps(world | {"guild": guild.id, "channels": channels}))
    print("ready", flush=True)
    await stop.wait()
    await wire.stop()


# --- what a worker posts through ------------------------------------------------------------------------------


@asynccontextmanager
async def connected(stage: Stage) -> AsyncIterator[Messenger]:
    """The real messenger of a client that is logged in, and whose gateway connects meanwhile."""
    import discord
    import yarl
    from discord.gateway import DiscordWebSocket
    from discord.http import Route

    from adapters.discord.attempts import trace
    from adapters.discord.messenger import DiscordMessenger

    world = json.loads(world_file(stage).read_text())
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = world["api"], yarl.URL(world["gateway"])

    class Client(discord.Client):
        async def on_message(self, message: discord.Message) -> None:
            messenger.saw(message)

    intents = discord.Intents(guilds=True, guild_messages=True)
    options: dict[str, Any] = {"http_trace": trace(), "heartbeat_timeout": PATIENT_S, "max_messages": None}
    client = Client(intents=intents, **options)
    messenger = DiscordMessenger(client)
    await _log_in(client, world["token"])
    listening = asyncio.ensure_future(client.connect())
    try:
        yield messenger
    finally:
        await messenger.close()
        await client.close()
        listening.cancel()
        with suppress(asyncio.CancelledError):
            await listening


async def _log_in(client: discord.Client, token: str) -> None:
    """Again and again: aiohttp's half a minute to connect is less than a second here, and machines are busy."""
    import aiohttp

    for last in (False, False, False, True):
        try:
            await client.login(token)
            return
        except (OSError, TimeoutError, aiohttp.ClientError):
            await client.http.close()
            if last:
                raise


def main() -> None:
    stage = Stage(**json.loads(sys.argv[1]))
    run_fast(serve(stage, int(sys.argv[2])), stage.rate)


if __name__ == "__main__":
    main()
