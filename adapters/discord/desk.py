"""Discord's account, asked over REST alone while setting up and by ``doctor``. Nothing is posted or answered here."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import Any, Literal, TypeVar

import discord

from adapters.discord.gateway import is_lost, refusal
from adapters.discord.permissions import BITS, NEEDED
from bot import texts_discord
from bot import texts_setup as texts
from bot.desk_ports import Account, Channel, Finding, Workspace
from bot.errors import SurfaceError

T = TypeVar("T")

_SCOPES = ("bot", "applications.commands")
#: Servers on one page (Discord docs, 2025-01).
_PAGE = 200
_KINDS: dict[int, Literal["text", "announcement", "forum"]] = {0: "text", 5: "announcement", 15: "forum"}


class DiscordDesk:
    """A ``bot.desk_ports.Desk`` over a client that is logged in. ``web_url`` is where people authorise bots."""

    platform = "discord"

    def __init__(self, client: discord.Client, web_url: str) -> None:
        self._client = client
        self._web_url = web_url

    async def account(self) -> Account:
        info = await _asked(self._client.application_info())
        user = self._client.user
        name = str(user) if user else info.name
        return Account(str(info.id), name, info.name, invitation(self._web_url, info.id), info.bot_public)

    async def workspaces(self) -> list[Workspace]:
        found: list[Workspace] = []
        after = None
        while True:
            page: list[Any] = await _asked(self._client.http.get_guilds(_PAGE, after=after))
            found += [Workspace(str(one["id"]), str(one["name"])) for one in page]
            if len(page) < _PAGE:
                return sorted(found, key=lambda one: one.name.casefold())
            after = page[-1]["id"]

    async def channels(self, workspace: str) -> list[Channel]:
        guild = await _asked(self._client.fetch_guild(int(workspace), with_counts=False))
        me = await _asked(guild.fetch_member(self._client.user.id if self._client.user else 0))
        known = await _asked(guild.fetch_channels())
        sorted_known = sorted(known, key=lambda one: (one.category.position if one.category else -1, one.position))
        return [
            Channel(str(one.id), one.name, _KINDS[one.type.value], _is_private(one, guild))
            for one in sorted_known
            if one.type.value in _KINDS and one.permissions_for(me).view_channel
        ]

    async def findings(self) -> list[Finding]:
        gateway: dict[str, Any] = await _asked(self._client.http.request(discord.http.Route("GET", "/gateway/bot")))
        limit = gateway.get("session_start_limit", {})
        left, total = int(limit.get("remaining", 1)), int(limit.get("total", 1))
        told = texts.sessions_found(left, total, int(gateway.get("shards", 1)))
        return [Finding("ok" if left > 0 else "bad", "discord: connection", told)]

    async def commands(self) -> int:
        """How many commands the platform knows for everywhere."""
        id = self._client.application_id or 0
        return len(await _asked(self._client.http.get_global_commands(id)))


def invitation(web_url: str, application: int) -> str:
    """The address that adds the bot to a server with exactly what it needs."""
    permissions = sum(BITS[name] for name in NEEDED)
    return (
        f"{web_url.rstrip('/')}/oauth2/authorize?client_id={application}&permissions={permissions}"
        f"&integration_type=0&scope={'+'.join(_SCOPES)}"
    )


def _is_private(channel: discord.abc.GuildChannel, guild: discord.Guild) -> bool:
    """Whether somebody without any role does not see it."""
    return not channel.permissions_for(guild.default_role).view_channel


async def _asked(work: Awaitable[T]) -> T:
    """What Discord answers. Raises SurfaceError for whatever keeps it from answering."""
    try:
        return await work
    except Exception as error:
        refused = refusal(error)
        if refused is None and not is_lost(error):
            raise
        raise refused or SurfaceError(texts_discord.unreached(str(error) or type(error).__name__)) from error


@asynccontextmanager
async def desk_of(surface: Any, web_url: str) -> AsyncIterator[DiscordDesk]:
    """The desk of a surface that is not connected; logged in and closed again."""
    try:
        yield DiscordDesk(await surface.login(), web_url)
    finally:
        await surface.close()
