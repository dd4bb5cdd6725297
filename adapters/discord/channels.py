"""What is known of Discord's channels, as plain values: from the gateway, else by one request. Decides nothing."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import discord

from adapters.discord.attempts import Answer, Attempts
from adapters.discord.refusals import refusal
from bot import texts_places as texts
from bot.alert_ports import Named, Refused, Unclear

if TYPE_CHECKING:
    from discord.http import HTTPClient

#: Discord's numbers for kinds of channels.
TEXT, DIRECT, VOICE, GROUP, CATEGORY, NEWS, STAGE, FORUM, MEDIA = 0, 1, 2, 3, 4, 5, 13, 15, 16
THREADS: Final = frozenset((10, 11, 12))
FORUMS: Final = frozenset((FORUM, MEDIA))
#: As ``Check.kind`` calls them; what is not here takes no posts.
KINDS: Mapping[int, str] = {
    TEXT: "text",
    NEWS: "announcement",
    DIRECT: "direct",
    FORUM: "forum",
    MEDIA: "forum",
    **dict.fromkeys(THREADS, "thread"),
}
#: A forum whose posts each need a tag has this flag.
_TAG_FLAG: Final = 1 << 4
#: Channels that are remembered, and for how long one that is no longer told of by the gateway is believed (seconds).
_KEPT, _FRESH_S = 5000, 900.0
#: Look-ups leave so far apart (seconds): before the gateway is connected every place needs one.
_APART_S: Final = 0.05


@dataclass(frozen=True, slots=True)
class Overwrite:
    """Permissions that a channel gives and takes: of a role, or of one member."""

    id: str
    member: bool
    allow: int
    deny: int


@dataclass(frozen=True, slots=True)
class Tag:
    id: str
    name: str
    moderated: bool = False


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel or thread. ``type`` is Discord's number; ``parent``: a thread's channel, or a channel's category;
    ``server`` is "" in direct messages."""

    id: str
    type: int
    server: str = ""
    name: str = ""
    parent: str = ""
    archived: bool = False
    locked: bool = False
    tags: tuple[Tag, ...] = ()
    needs_tag: bool = False
    overwrites: tuple[Overwrite, ...] = ()

    @property
    def is_forum(self) -> bool:
        return self.type in FORUMS

    @property
    def is_thread(self) -> bool:
        return self.type in THREADS

    @property
    def shown(self) -> str:
        return f"#{self.name}" if self.name else texts.NAMELESS.format(id=self.id)

    def tag(self, wanted: str) -> Tag | None:
        """By id or by name, in any case."""
        bare = wanted.strip().casefold()
        by_id = [one for one in self.tags if one.id == bare]
        return next(iter([*by_id, *(one for one in self.tags if one.name.casefold() == bare)]), None)


def of_payload(data: Mapping[str, Any]) -> Channel:
    """A channel as Discord's HTTP tells it."""
    thread = data.get("thread_metadata") or {}
    return Channel(
        id=str(data["id"]),
        type=int(data["type"]),
        server=str(data.get("guild_id") or ""),
        name=str(data.get("name") or ""),
        parent=str(data.get("parent_id") or ""),
        archived=bool(thread.get("archived")),
        locked=bool(thread.get("locked")),
        tags=tuple(map(_tag, data.get("available_tags") or ())),
        needs_tag=bool(int(data.get("flags") or 0) & _TAG_FLAG),
        overwrites=tuple(
            Overwrite(str(one["id"]), str(one.get("type")) in ("1", "member"), int(one["allow"]), int(one["deny"]))
            for one in data.get("permission_overwrites") or ()
        ),
    )


def _tag(data: Mapping[str, Any]) -> Tag:
    return Tag(str(data["id"]), str(data["name"]), bool(data.get("moderated")))


def of_cache(channel: discord.abc.GuildChannel | discord.Thread) -> Channel:
    """A channel as the gateway keeps it."""
    known = Channel(str(channel.id), channel.type.value, str(channel.guild.id), channel.name, _parent(channel))
    if isinstance(channel, discord.Thread):
        return replace(known, archived=channel.archived, locked=channel.locked)
    overwrites = tuple(_overwrites(channel))
    if isinstance(channel, discord.ForumChannel):
        tags = tuple(Tag(str(one.id), one.name, one.moderated) for one in channel.available_tags)
        return replace(known, tags=tags, needs_tag=channel.flags.require_tag, overwrites=overwrites)
    return replace(known, overwrites=overwrites)


def _parent(channel: discord.abc.GuildChannel | discord.Thread) -> str:
    parent = channel.parent_id if isinstance(channel, discord.Thread) else channel.category_id
    return str(parent or "")


def _overwrites(channel: discord.abc.GuildChannel) -> Iterable[Overwrite]:
    for whom, overwrite in channel.overwrites.items():
        allow, deny = overwrite.pair()
        role = isinstance(whom, discord.Role) or getattr(whom, "type", None) is discord.Role
        yield Overwrite(str(whom.id), not role, allow.value, deny.value)


class Channels:
    """Looks channels up. ``names`` are remembered also of what is gone since."""

    def __init__(self, client: discord.Client, attempts: Attempts) -> None:
        self._client = client
        self._attempts = attempts
        self._fetched: OrderedDict[str, tuple[float, Channel]] = OrderedDict()
        self._names: OrderedDict[str, str] = OrderedDict()
        #: When the next look-up may leave (loop time).
        self._next = 0.0

    async def of(self, id: str, ends: float, *, fresh: bool = False) -> Channel | Refused | Unclear:
        """The channel. ``fresh``: not as it was asked for some time ago."""
        cached = self.cached(id)
        if cached is not None:
            return cached
        at, kept = self._fetched.get(id, (-_FRESH_S, None))
        if kept is not None and not fresh and asyncio.get_running_loop().time() - at < _FRESH_S:
            return kept
        return await self.fetched(id, ends)

    def cached(self, id: str) -> Channel | None:
        """As the gateway tells it, while it does."""
        found = self._client.get_channel(int(id)) if self._client.is_ready() else None
        if not isinstance(found, (discord.abc.GuildChannel, discord.Thread)):
            return None
        known = of_cache(found)
        self._name(known)
        return known

    async def fetched(self, id: str, ends: float) -> Channel | Refused | Unclear:
        """As Discord tells it now."""

        def get(http: HTTPClient) -> Any:
            return http.get_channel(id)

        if not await self._turn(ends):
            return Refused("busy", texts.MANY_LOOK_UPS)
        answer = await self._attempts.ask(get, ends)
        if not isinstance(answer, Answer):
            return answer
        if not answer.good:
            return refusal(answer)
        try:
            found = of_payload(answer.body)
        except (TypeError, KeyError, ValueError, AttributeError):
            return Unclear(texts.UNREADABLE_ANSWER)
        self.remember(found)
        return found

    async def _turn(self, ends: float) -> bool:
        """Look-ups come beside what the outbox paces: evenly, so that both together stay below the limit."""
        now = asyncio.get_running_loop().time()
        at = max(now, self._next)
        if at > ends:
            return False
        self._next = at + _APART_S
        await asyncio.sleep(at - now)
        return True

    def remember(self, channel: Channel) -> None:
        _keep(self._fetched, channel.id, (asyncio.get_running_loop().time(), channel))
        self._name(channel)

    def forget(self, id: str) -> None:
        self._fetched.pop(id, None)

    def name(self, id: str) -> str:
        """``#news``, also when it is gone, if it was ever seen."""
        known = self.cached(id)
        return known.shown if known else self._names.get(id, texts.NAMELESS.format(id=id))

    def server_name(self, id: str) -> str:
        guild = self._client.get_guild(int(id))
        return guild.name if guild else self._names.get(f"server {id}", "")

    def _name(self, channel: Channel) -> None:
        if channel.name:
            _keep(self._names, channel.id, channel.shown)
        guild = self._client.get_guild(int(channel.server)) if channel.server else None
        if guild is not None and guild.name:
            _keep(self._names, f"server {guild.id}", guild.name)

    # -- by name, for completion

    def named(self, server: str) -> list[Named]:
        """Channels of a server that can be posted in and that the bot sees, as ``#name``, in Discord's order."""
        guild = self._guild(server)
        if guild is None:
            return []
        seen = [one for one in guild.channels if one.type.value in KINDS and one.permissions_for(guild.me).view_channel]
        ordered = sorted(seen, key=_order)
        return [Named(str(one.id), f"#{one.name}", one.category.name if one.category else "") for one in ordered]

    def roles(self, server: str) -> list[Named]:
        """Roles of a server that may be mentioned, as ``@name``, the highest first; never everyone."""
        guild = self._guild(server)
        roles = reversed(guild.roles) if guild else ()
        return [Named(str(one.id), f"@{one.name}") for one in roles if not one.is_default()]

    def _guild(self, server: str) -> discord.Guild | None:
        return self._client.get_guild(int(server)) if server.isdecimal() else None


def _order(channel: discord.abc.GuildChannel) -> tuple[int, int, int]:
    category = channel.category
    return (category.position if category else -1, channel.position, channel.id)


def _keep(kept: OrderedDict[str, Any], key: str, value: Any) -> None:
    kept.pop(key, None)
    kept[key] = value
    if len(kept) > _KEPT:
        kept.popitem(last=False)
