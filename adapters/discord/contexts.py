"""Who asks on Discord, where, and with which rights: an interaction or a message becomes a ``Context``.

What differs between servers, threads, direct messages and user installs is decided here and nowhere else. A server's
rights count only where the bot itself is a member and only for the community that the server is linked to.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Required, TypedDict, Unpack

import aiohttp
import discord

from adapters.discord.escape import bare_line
from adapters.discord.limits import cut
from bot.context import ChatMessage, Context
from bot.domain import CommunityId, EpisodeId, Person, Place, Role
from bot.errors import PullquoteError
from bot.logs import get_logger
from bot.rules.ids import new_id
from bot.services.linking import unlinked
from bot.services.preferences import place_zone
from bot.services.roles import role_of
from bot.services.workspaces import DIRECT, community_at

if TYPE_CHECKING:
    from bot.ports import Storage
    from bot.reply import Reply
    from bot.services import Services

log = get_logger(__name__)

PLATFORM = "discord"
#: So long is tried to write to a person directly.
TELL_S = 10.0
#: More than Discord allows a name.
LONGEST_NAME = 100


class _More(TypedDict, total=False):
    """What else the two ways of asking know; as in ``Context``."""

    direct: Required[bool]
    public: bool
    locale: str
    may_write: bool
    message: ChatMessage | None


async def of_interaction(
    interaction: discord.Interaction, services: Services, message: ChatMessage | None = None
) -> Context:
    """A slash command, a press, a form or a message's menu. In a server that is linked to no community it is
    ``unlinked``, where ``dispatch`` lets nothing pass but linking."""
    user, rights = interaction.user, interaction.permissions
    server = _server_of(interaction)
    place = _place(server, user.id, interaction.channel_id)
    thread = interaction.channel if isinstance(interaction.channel, discord.Thread) else None
    return await _made(
        interaction.client,
        services,
        user,
        place,
        given=_given(rights) if server else Role.member,
        direct=server is None,
        locale=str(interaction.locale),
        may_write=_may_write(interaction, in_thread=thread is not None),
        thread=str(thread.id) if thread and server else "",
        message=message,
    )


async def of_message(message: discord.Message, services: Services, *, codes: Sequence[str] = ()) -> Context:
    """Words in chat. In a server the answer is seen by everybody there. ``codes`` are the custom_ids of the message of
    ours that this one replies to."""
    author, channel = message.author, message.channel
    server = message.guild.id if message.guild else None
    rights = author.guild_permissions if isinstance(author, discord.Member) else discord.Permissions.none()
    thread = channel if isinstance(channel, discord.Thread) else None
    replied = message.reference.message_id if message.reference else None
    return await _made(
        message_client(message),
        services,
        author,
        _place(server, author.id, channel.id),
        given=_given(rights) if server else Role.member,
        direct=server is None,
        public=server is not None,
        may_write=server is not None,
        thread=str(thread.id) if thread else "",
        codes=codes,
        replied=str(replied or ""),
    )


async def _made(
    client: discord.Client,
    services: Services,
    user: discord.User | discord.Member,
    place: Place,
    *,
    given: Role,
    thread: str,
    codes: Sequence[str] = (),
    replied: str = "",
    **more: Unpack[_More],
) -> Context:
    """One request of a person in a place, with what storage knows of both."""
    storage, person = services.storage, person_of(user)
    community = await _community(client, storage, place)
    roles = _roles(user) if community and not more["direct"] else frozenset[str]()
    if community is None:
        return Context(services, person, given, unlinked(place), place, new_id(), **more)
    return Context(
        services,
        person,
        await role_of(storage, community, person, roles, given),
        community,
        place,
        new_id(),
        episode=await _at_hand(services, community, place, thread, codes, replied),
        platform_roles=roles,
        timezone=await place_zone(storage, community, place),
        tell=partial(tell, client, services, community),
        **more,
    )


async def _community(client: discord.Client, storage: Storage, place: Place) -> CommunityId | None:
    """Whose the place is. At a first start of all people may be faster than the joining of their server."""
    found = await community_at(storage, PLATFORM, place.workspace)
    joined: asyncio.Event | None = getattr(client, "joined", None)
    if found is None and joined is not None and not joined.is_set():
        await joined.wait()
        found = await community_at(storage, PLATFORM, place.workspace)
    return found


async def _at_hand(
    services: Services, community: CommunityId, place: Place, thread: str, codes: Sequence[str], replied: str
) -> EpisodeId | None:
    """The episode that the thread is about, or the message of ours that was replied to."""
    if not (thread or codes or replied):
        return None
    from bot.services.at_hand import episode_of

    return await episode_of(services, community, place, codes=codes, message=replied, thread=thread)


def person_of(user: discord.abc.User) -> Person:
    """Names are their owners' to choose: what is kept of one can be stored and seen, else it is the account's."""
    return Person(PLATFORM, str(user.id), cut(bare_line(user.display_name), LONGEST_NAME) or user.name)


def _place(server: int | None, person: int, channel: int | None) -> Place:
    return Place(PLATFORM, str(server) if server else f"{DIRECT}{person}", str(channel or 0))


def _server_of(interaction: discord.Interaction) -> int | None:
    """The server that was asked in, where the bot is a member; a mere user install is its user's own workspace."""
    server = interaction.guild_id
    if server is None:
        return None
    # Servers that only speak Discord's language may not say who installed the bot: then membership decides.
    by_whom = interaction._integration_owners
    installed = by_whom.get(0) == server if by_whom else interaction.client.get_guild(server) is not None
    return server if installed else None


def _given(rights: discord.Permissions) -> Role:
    """What the server's rights give in its community."""
    return Role.admin if rights.administrator or rights.manage_guild else Role.member


def _may_write(interaction: discord.Interaction, *, in_thread: bool) -> bool:
    """Whether something can be said to others there in this person's name; in the conversation with the bot there are
    none, in a group's there are."""
    if interaction.guild_id is None:
        return not interaction.context.dm_channel
    rights = interaction.permissions
    writes = rights.send_messages_in_threads if in_thread else rights.send_messages
    return rights.administrator or writes


def _roles(user: discord.User | discord.Member) -> frozenset[str]:
    """Bare role ids as Discord sent them: ``Member.roles`` leaves out those that are not in the cache yet."""
    return frozenset(map(str, user._roles)) if isinstance(user, discord.Member) else frozenset()


async def tell(
    client: discord.Client, services: Services, community: CommunityId, person: Person, reply: Reply
) -> bool:
    """Write to a person directly; False where they, or Discord, do not let us."""
    from adapters.discord.render import rendered

    if person.platform != PLATFORM or not person.id.isdecimal():
        return False
    try:
        async with asyncio.timeout(TELL_S):
            channel = await client.create_dm(discord.Object(int(person.id)))
            await channel.send(**(await rendered(reply, services, community)).kwargs("send"))
    except (discord.HTTPException, aiohttp.ClientError, OSError, PullquoteError) as error:
        log.info("not told directly", person=str(person), error=str(error) or type(error).__name__)
        return False
    return True


def message_client(message: discord.Message) -> discord.Client:
    """The client that a message came to; discord.py keeps it out of its public names."""
    return message._state._get_client()
