"""A server that the bot came to: it joins the community where only people who may speak for the bot could have added
it, and whoever added it gets one private welcome. Nothing is said in public."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from adapters.discord import gateway
from adapters.discord.contexts import PLATFORM, person_of, tell
from bot import texts_discord
from bot.domain import Person, Place
from bot.logs import get_logger
from bot.reply import Reply
from bot.services.linking import unlinked
from bot.services.workspaces import join

if TYPE_CHECKING:
    from bot.services import Services

log = get_logger(__name__)

#: So far back in the audit log is looked for who added the bot: the entry is new, others are written meanwhile.
ENTRIES = 20


async def arrived(client: discord.Client, guild: discord.Guild, services: Services, *, quiet: bool = False) -> None:
    """Once a server, however often the bot starts. ``quiet``: it joins, and nobody is written to."""
    met = f"{PLATFORM}|met|{guild.id}"
    if await services.storage.cached(met):
        return
    by = await _who_added(client, guild)
    community = await join(services.storage, PLATFORM, str(guild.id), trusted=_speaks_for(client, guild, by))
    await services.storage.cache(met, "1")  # before the welcome: rather none than two
    log.info("in a new server", server=str(guild.id), linked=community is not None)
    to = by or _owner(guild)
    if to is None or quiet:
        return
    reply = Reply(texts_discord.welcome(guild.name, linked=community is not None), title=texts_discord.WELCOME_TITLE)
    await tell(client, services, community or unlinked(Place(PLATFORM, str(guild.id), "")), to, reply)


def _speaks_for(client: discord.Client, guild: discord.Guild, by: Person | None) -> bool:
    """Whether only people of the application could have added it: it is not public, or one of them did or owns the
    server. Where Discord does not say whose the application is, nobody is trusted."""
    application = client.application
    if application is None:
        return False
    team = {one.id for one in application.team.members} if application.team else set()
    people = {str(id) for id in (*team, application.owner.id)}
    return not application.bot_public or str(guild.owner_id) in people or (by is not None and by.id in people)


async def _who_added(client: discord.Client, guild: discord.Guild) -> Person | None:
    """By the server's audit log; None where it may not be read or has nothing."""
    if client.user is None or guild.me is None or not guild.me.guild_permissions.view_audit_log:
        return None
    try:
        async for entry in guild.audit_logs(limit=ENTRIES, action=discord.AuditLogAction.bot_add):
            if entry.target is not None and entry.target.id == client.user.id and entry.user_id is not None:
                return Person(PLATFORM, str(entry.user_id), entry.user.display_name if entry.user else "")
    except (discord.HTTPException, *gateway.LOST) as error:
        log.info("the audit log cannot be read", server=str(guild.id), error=str(error))
    return None


def _owner(guild: discord.Guild) -> Person | None:
    """The server's owner; None where Discord does not say."""
    if not guild.owner_id:
        return None
    return person_of(guild.owner) if guild.owner else Person(PLATFORM, str(guild.owner_id))
