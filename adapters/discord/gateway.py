"""How discord.py is set up before it connects, and what its endings mean. The only place that knows its insides: its
addresses, its log, the close codes of the gateway; nothing is answered here."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal

import aiohttp
import discord
import yarl
from discord.backoff import ExponentialBackoff
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot import texts_discord
from bot.errors import SurfaceError
from bot.logs import get_logger
from bot.rules.shards import read_shards

if TYPE_CHECKING:
    from bot.settings import Settings

log = get_logger(__name__)

#: Between two attempts to connect, in seconds.
LONGEST_WAIT_S = 60.0

#: What a lost or missing network raises; discord.py lets all of these through.
LOST = (OSError, aiohttp.ClientError, TimeoutError, discord.GatewayNotFound)
#: Tasks of discord.py in which commands are run and events handled: it names them so (2.7.1, client.py and tree.py).
_ANSWERING = ("CommandTree-invoker", "discord.py: on_")
#: What a server that only speaks Discord's language may leave out of an interaction, though discord.py reads it.
_LEFT_OUT: dict[str, Any] = {"attachment_size_limit": 10 * 2**20, "version": 1}
#: Nothing of these is begun any more once the bot is told to end.
_ASKING = ("INTERACTION_CREATE", "MESSAGE_CREATE")


def set_addresses(settings: Settings) -> None:
    """Where Discord is: for the whole process, since discord.py keeps it in its classes."""
    Route.BASE = settings.discord_api_url.rstrip("/")
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(settings.discord_gateway_url)


class Patience(ExponentialBackoff[Literal[False]]):
    """discord.py's waits between two attempts to connect, which grow to 17 minutes: nobody waits so long for a bot
    whose network is back."""

    def delay(self) -> float:
        return min(float(super().delay()), LONGEST_WAIT_S)


def bound_waits() -> None:
    """For the whole process, since discord.py's loops make them by this name."""
    for module in (discord.client, discord.shard):
        module.__dict__["ExponentialBackoff"] = Patience


def sharding(shards: str) -> dict[str, Any]:
    """Options of AutoShardedClient for a setting that was checked."""
    read = read_shards(shards)
    return {"shard_count": read.count, "shard_ids": list(read.ids) or None}


def unknown_application(client: discord.Client) -> discord.AppInfo:
    """The application of a bot of which only its account is known; nobody is its owner, and anybody may add it."""
    assert client.user is not None
    me = {"id": str(client.user.id), "username": client.user.name, "discriminator": "0", "avatar": None}
    data: Any = {
        "id": me["id"], "name": me["username"], "description": "", "icon": None, "verify_key": "", "owner": me,
        "bot_public": True, "bot_require_code_grant": False,
    }  # fmt: skip
    return discord.AppInfo(client._connection, data)


# --- events ------------------------------------------------------------------------------------------


def guard(client: discord.Client) -> None:
    """An event that discord.py cannot read is one line in the log; without this it would end the connection."""
    parsers = client._connection.parsers
    for name, parse in list(parsers.items()):
        parsers[name] = _guarded(name, parse)


def hush(client: discord.Client) -> None:
    """Take no request any more; what was begun goes on."""
    for name in _ASKING:
        client._connection.parsers[name] = _unheard


def answering() -> set[asyncio.Task[Any]]:
    """The tasks in which people are being answered just now."""
    return {task for task in asyncio.all_tasks() if task.get_name().startswith(_ANSWERING)}


def _unheard(data: Any) -> None:
    """Nobody listens any more."""


def _guarded(name: str, parse: Callable[[Any], None]) -> Callable[[Any], None]:
    def guarded(data: Any) -> None:
        if name == "INTERACTION_CREATE":
            data = {**_LEFT_OUT, **data}
        try:
            parse(data)
        except Exception as error:
            log.error("an event of Discord cannot be read", event_type=name, exc_info=error)

    return guarded


# --- endings -----------------------------------------------------------------------------------------


def refusal(error: Exception) -> SurfaceError | None:
    """What asking again would not help against, in words for the operator; None for what may pass."""
    if isinstance(error, discord.LoginFailure):
        return SurfaceError(texts_discord.BAD_TOKEN)
    if isinstance(error, discord.PrivilegedIntentsRequired):
        return SurfaceError(texts_discord.CLOSED[4014])
    if isinstance(error, discord.ConnectionClosed):
        return SurfaceError(texts_discord.CLOSED.get(error.code, texts_discord.closed(error.code)))
    if isinstance(error, discord.HTTPException) and 400 <= error.status < 500 and error.status != 429:
        return SurfaceError(texts_discord.refused(error.status, error.text))
    return None


def is_lost(error: Exception) -> bool:
    """Whether the network or Discord is away for a while."""
    return isinstance(error, LOST) or (
        isinstance(error, discord.HTTPException) and error.status in (429, *range(500, 600))
    )


# --- discord.py's own log ----------------------------------------------------------------------------


def take_over_log() -> None:
    """What discord.py logs becomes lines of ours: secrets masked, and no traceback for a lost network."""
    library = logging.getLogger("discord")
    if not any(isinstance(one, _Told) for one in library.handlers):
        library.addHandler(_Told(logging.WARNING))
        library.propagate = False


class _Told(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        values: dict[str, Any] = {"said": record.getMessage(), "library": record.name}
        if isinstance(error, (*LOST, discord.DiscordException)):
            values["error"] = f"{type(error).__name__}: {error}"
        elif error is not None:
            values["exc_info"] = error
        (log.error if record.levelno >= logging.ERROR else log.warning)("discord.py", **values)
