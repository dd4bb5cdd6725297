"""What the bot may do in a channel, what it lacks there, and where it is given. Values in, words out; no request.

The order is Discord's ("Permissions → Permission Overwrites"): the roles together, then the channel's overwrites of
everyone, of the roles together, of the member. Threads take their channel's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import discord

from adapters.discord.channels import Channel, Overwrite
from bot import texts_places as texts

#: What the bot needs in a server, and nothing else: to see and read back its channels, to post there and in threads.
NEEDED = (
    "view_channel",
    "send_messages",
    "send_messages_in_threads",
    "create_public_threads",
    "embed_links",
    "attach_files",
    "read_message_history",
)
BITS: Mapping[str, int] = {
    name: getattr(discord.Permissions, name).flag for name in (*NEEDED, "mention_everyone", "manage_threads")
}
ADMINISTRATOR: Final = discord.Permissions.administrator.flag
EVERYTHING: Final = discord.Permissions.all().value


@dataclass(frozen=True, slots=True)
class Role:
    id: str
    name: str
    permissions: int
    mentionable: bool = False
    #: The bot whose own role this is.
    bot: str = ""
    position: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """The bot in a server: ``roles`` are the server's, ``own`` the ids of the bot's, everyone's role included."""

    server: str
    me: str
    roles: Mapping[str, Role]
    own: frozenset[str]
    owner: bool = False
    timed_out_until: datetime | None = None
    name: str = ""

    @property
    def base(self) -> int:
        given = 0
        for id in self.own:
            given |= self.roles[id].permissions if id in self.roles else 0
        return EVERYTHING if self.owner or given & ADMINISTRATOR else given

    @property
    def role_name(self) -> str:
        """What to look for in lists of roles: the bot's own role, else its highest."""
        mine = [self.roles[id] for id in self.own if id in self.roles and id != self.server]
        ranked = sorted(mine, key=lambda one: (one.bot == self.me, one.position))
        return ranked[-1].name if ranked else self.name or "Pullquote"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a subscription wants of a place, as ``Messenger.check`` is asked."""

    thread: str = "none"
    mention: bool = False
    publish: bool = False
    role: str = ""
    tag: str | None = None


def given(standing: Standing, channel: Channel) -> int:
    """The permissions that the bot has in a channel (of a thread: ask for its parent)."""
    allowed = standing.base
    if allowed & ADMINISTRATOR:
        return EVERYTHING
    for step in _steps(standing, channel.overwrites):
        deny = allow = 0
        for one in step:
            deny |= one.deny
            allow |= one.allow
        allowed = (allowed & ~deny) | allow
    return allowed


def may(standing: Standing, channel: Channel, name: str) -> bool:
    """One permission, with what it depends on: who cannot see a channel can do nothing in it."""
    has = given(standing, channel)
    return bool(has & BITS["view_channel"]) and bool(has & BITS[name])


def _steps(standing: Standing, overwrites: Sequence[Overwrite]) -> list[list[Overwrite]]:
    """Everyone's, the roles', the member's."""
    own = standing.own - {standing.server}
    return [
        [one for one in overwrites if not one.member and one.id == standing.server],
        [one for one in overwrites if not one.member and one.id in own],
        [one for one in overwrites if one.member and one.id == standing.me],
    ]


# --- what is lacking ------------------------------------------------------------------------------------------


def lacking(standing: Standing, place: Channel, parent: Channel, category: Channel | None, wanted: Wanted) -> list[str]:
    """One line for each thing that is missing in ``place``, with where to give it. ``parent`` is the place itself, or
    the channel of a thread."""
    has = given(standing, parent)
    names = [name for name in needed(place, wanted) if not has & BITS[name]]
    lines = [_line(standing, parent, category, name, place) for name in names]
    if standing.timed_out_until is not None and not has & ADMINISTRATOR:
        lines.insert(0, texts.TIMED_OUT.format(until=f"{standing.timed_out_until:%Y-%m-%d %H:%M} UTC"))
    if place.is_thread and place.locked and not has & BITS["manage_threads"]:
        lines.append(texts.LOCKED.format(channel=place.shown))
    return lines + _mention(standing, parent, category, wanted, has) + _tags(place, wanted, has)


def needed(place: Channel, wanted: Wanted) -> list[str]:
    """Names of the permissions, in the order in which they are told."""
    names = ["view_channel", "send_messages_in_threads" if place.is_thread else "send_messages"]
    if wanted.thread == "thread" and not place.is_forum and not place.is_thread:
        names.append("create_public_threads")
    if place.is_forum or "create_public_threads" in names:
        names.append("send_messages_in_threads")
    return [*names, "embed_links", "attach_files", "read_message_history"]


def _line(standing: Standing, parent: Channel, category: Channel | None, name: str, place: Channel) -> str:
    where = _where(standing, parent, category, name)
    return texts.lacks("create_posts" if name == "send_messages" and place.is_forum else name, where)


def _where(standing: Standing, channel: Channel, category: Channel | None, name: str) -> str:
    """Where the permission was taken away last, else where it can be given."""
    culprits: list[Overwrite] = []
    for step in _steps(standing, channel.overwrites):
        if any(one.allow & BITS[name] for one in step):
            culprits = []
        elif denying := [one for one in step if one.deny & BITS[name]]:
            culprits = denying
    if not culprits:
        return texts.allow_in_channel(channel.shown, standing.role_name)
    who = " and ".join(_who(standing, one) for one in culprits)
    if category is not None and _same(channel.overwrites, category.overwrites):
        return texts.denied_in_category(category.name, channel.shown, who)
    return texts.denied_in_channel(channel.shown, who)


def _who(standing: Standing, one: Overwrite) -> str:
    if one.member:
        return standing.name or "me"
    if one.id == standing.server:
        return "@everyone"
    return f"@{standing.roles[one.id].name}" if one.id in standing.roles else "a role of mine"


def _same(ours: Sequence[Overwrite], theirs: Sequence[Overwrite]) -> bool:
    return bool(theirs) and set(ours) == set(theirs)


def _mention(standing: Standing, parent: Channel, category: Channel | None, wanted: Wanted, has: int) -> list[str]:
    if not wanted.mention:
        return []
    role = standing.roles.get(wanted.role)
    if wanted.role and (role is None or role.id == standing.server):
        return [texts.NO_ROLE]
    if has & BITS["mention_everyone"] or (role is not None and role.mentionable):
        return []
    line = texts.lacks("mention_everyone", _where(standing, parent, category, "mention_everyone"))
    return [texts.or_mentionable(line, f"@{role.name}" if role else "the role")]


def _tags(place: Channel, wanted: Wanted, has: int) -> list[str]:
    if not place.is_forum or wanted.tag is None:
        return []
    known = ", ".join(one.name for one in place.tags[:20])
    if not wanted.tag:
        return [texts.FORUM_TAG.format(channel=place.shown, known=known)] if place.needs_tag else []
    tag = place.tag(wanted.tag)
    if tag is None:
        return [texts.UNKNOWN_TAG.format(channel=place.shown, tag=wanted.tag[:50], known=known or "its own tags")]
    if tag.moderated and not has & BITS["manage_threads"]:
        return [texts.MODERATED_TAG.format(channel=place.shown, tag=tag.name)]
    return []


# --- where it comes from --------------------------------------------------------------------------------------


def of_cache(guild: discord.Guild) -> Standing:
    """As the gateway tells it."""
    me = guild.me
    roles = {str(one.id): _role(one) for one in guild.roles}
    own = frozenset({str(one.id) for one in me.roles} | {str(guild.id)})
    until = me.timed_out_until if me.is_timed_out() else None
    return Standing(str(guild.id), str(me.id), roles, own, guild.owner_id == me.id, until, me.display_name)


def _role(role: discord.Role) -> Role:
    bot = str(role.tags.bot_id) if role.tags and role.tags.bot_id else ""
    return Role(str(role.id), role.name, role.permissions.value, role.mentionable, bot, role.position)


def of_payloads(guild: Mapping[str, Any], member: Mapping[str, Any], me: str, now: datetime) -> Standing:
    """As Discord's HTTP tells it: the server with its roles, and the bot's membership."""
    server = str(guild["id"])
    roles = {str(one["id"]): _told_role(one) for one in guild["roles"]}
    own = frozenset({*map(str, member["roles"]), server})
    until = discord.utils.parse_time(member.get("communication_disabled_until"))
    name = member.get("nick") or (member.get("user") or {}).get("username") or ""
    silent = until if until is not None and until > now else None
    return Standing(server, me, roles, own, str(guild.get("owner_id")) == me, silent, str(name))


def _told_role(data: Mapping[str, Any]) -> Role:
    bot = str((data.get("tags") or {}).get("bot_id") or "")
    return Role(
        str(data["id"]),
        str(data.get("name") or ""),
        int(data["permissions"]),
        bool(data.get("mentionable")),
        bot,
        int(data.get("position") or 0),
    )
