"""Telling Discord which commands there are: only when they changed, and never in the way of people who ask."""

from __future__ import annotations

import asyncio
import hashlib
import json
from typing import TYPE_CHECKING, Any

import aiohttp
import discord
from discord import app_commands

from bot.errors import StorageError
from bot.logs import get_logger

if TYPE_CHECKING:
    from adapters.discord.tree import Tree
    from bot.ports import Storage
    from bot.services import Services

log = get_logger(__name__)

#: discord.py waits out rate limits by itself; longer than this the next start tries again.
GIVE_UP_S = 60.0

#: The scope of the commands that are everywhere.
EVERYWHERE = "global"

_REFUSED = (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError, StorageError)


async def sync(tree: Tree, services: Services, dev_server: str = "") -> str:
    """Bring Discord's commands up to date, also in the development server, where changes show at once.

    "same" (nothing was sent), "synced", or "failed": said in one log line, tried again at the next start.
    """
    try:
        async with asyncio.timeout(GIVE_UP_S):
            await tree.set_up()
            done = [await _global(tree, services.storage), await _dev_servers(tree, services.storage, dev_server)]
    except _REFUSED as error:
        log.error("commands not synced", reason=_reason(error), next="the next start tries again")
        return "failed"
    return "synced" if any(done) else "same"


async def payload_of(tree: Tree, server: discord.abc.Snowflake | None = None) -> list[dict[str, Any]]:
    """What Discord would be sent, translations included, in an order that does not depend on ours."""
    commands = tree.get_commands(guild=server)
    made = [
        await one.get_translated_payload(tree, tree.translator) if tree.translator else one.to_dict(tree)
        for one in commands
    ]
    return sorted(made, key=lambda one: (one["type"], one["name"]))


async def _global(tree: Tree, storage: Storage) -> bool:
    return await _sent(tree, storage, EVERYWHERE, None)


async def _dev_servers(tree: Tree, storage: Storage, wanted: str) -> bool:
    """The development server has copies of all commands; one that was it before has none left."""
    key = f"discord|tree|{tree.client.application_id}|servers"
    before = set((await storage.cached(key) or "").split())
    now = {wanted} if wanted else set()
    if before | now != before:  # written first: copies that nobody knows of would stay for ever
        await storage.cache(key, " ".join(sorted(before | now)))
    sent = False
    for id in sorted(before - now):
        server = discord.Object(int(id))
        tree.clear_commands(guild=server)
        sent |= await _sent(tree, storage, id, server)
    if wanted:
        tree.copy_global_to(guild=discord.Object(int(wanted)))
        sent |= await _sent(tree, storage, wanted, discord.Object(int(wanted)))
    if before - now:
        await storage.cache(key, " ".join(sorted(now)))
    return sent


async def _sent(tree: Tree, storage: Storage, scope: str, server: discord.abc.Snowflake | None) -> bool:
    """Whether this scope's commands had changed and were sent."""
    key = f"discord|tree|{tree.client.application_id}|{scope}"
    hash = _hash(await payload_of(tree, server))
    if await storage.cached(key) == hash:
        return False
    await tree.sync(guild=server)
    await storage.cache(key, hash)
    log.info("commands synced", scope=scope, commands=len(tree.get_commands(guild=server)))
    return True


def _hash(payload: list[dict[str, Any]]) -> str:
    return hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()


def _reason(error: BaseException) -> str:
    if isinstance(error, app_commands.CommandSyncFailure):
        return " ".join(str(error).split())[:1000]
    return " ".join(f"{type(error).__name__}: {error}".split())[:300]
