"""What Discord knows: users, servers, roles, channels, messages. Made and looked up here; nothing is judged or sent."""

from __future__ import annotations

import itertools
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.ports import Clock
from tests.fakes.discord_wire import permissions as may
from tests.fakes.discord_wire.problems import Json, missing_access, unknown

EPOCH = datetime(2015, 1, 1, tzinfo=UTC)
TEXT, DM, ANNOUNCEMENT, ANNOUNCEMENT_THREAD, THREAD, FORUM = 0, 1, 5, 10, 11, 15
KINDS = {"text": TEXT, "announcement": ANNOUNCEMENT, "forum": FORUM}
THREADS = (ANNOUNCEMENT_THREAD, THREAD, 12)


class WallClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(slots=True)
class Message:
    """``data`` is what Discord serves (never a nonce). ``notified``: user ids, ``&role`` and ``everyone`` that were
    really pinged. ``only_for``: who alone sees an ephemeral one."""

    data: Json
    at: datetime
    notified: list[str] = field(default_factory=list)
    only_for: str = ""
    edits: int = 0
    deleted: bool = False
    allowed_mentions: Json | None = None

    @property
    def id(self) -> str:
        return str(self.data["id"])

    @property
    def flags(self) -> int:
        return int(self.data["flags"])


@dataclass(slots=True)
class Channel:
    data: Json
    messages: dict[str, Message] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)
    #: (author, nonce) → when, and which message.
    nonces: dict[tuple[str, str], tuple[datetime, str]] = field(default_factory=dict)
    publishes: list[datetime] = field(default_factory=list)

    @property
    def id(self) -> str:
        return str(self.data["id"])

    @property
    def kind(self) -> int:
        return int(self.data["type"])

    @property
    def guild(self) -> str:
        return str(self.data.get("guild_id") or "")

    @property
    def is_thread(self) -> bool:
        return self.kind in THREADS


@dataclass(slots=True)
class Guild:
    data: Json
    roles: dict[str, Json] = field(default_factory=dict)
    members: dict[str, Json] = field(default_factory=dict)
    audit: list[Json] = field(default_factory=list)

    @property
    def id(self) -> str:
        return str(self.data["id"])


class State:
    """Everything of one fake Discord. ``tell`` is called with every event: name, payload, server id or ""."""

    def __init__(self, clock: Clock | None = None, token: str = "") -> None:
        self.clock: Clock = clock or WallClock()
        self.users: dict[str, Json] = {}
        self.guilds: dict[str, Guild] = {}
        self.channels: dict[str, Channel] = {}
        #: Ephemeral messages, which no channel lists.
        self.ephemeral: dict[str, Message] = {}
        self.files: dict[str, tuple[str, bytes]] = {}
        self.closed_dms: set[str] = set()
        #: Who has installed the app for themselves.
        self.installs: set[str] = set()
        self.tell: list[Callable[[str, Json, str], None]] = []
        self.cdn = ""
        self._last = 0
        self.bot = self.user("Pullquote", bot=True)
        self.owner = self.user("olga")
        self.token = token or f"{b64encode(self.bot['id'].encode()).decode()}.wire.token"
        self.app: Json = {
            "id": self.bot["id"], "name": "Pullquote", "icon": None, "description": "", "bot_public": False,
            "bot_require_code_grant": False, "owner": self.owner, "team": None, "flags": 0, "verify_key": "0" * 64,
            "interactions_endpoint_url": None, "role_connections_verification_url": None, "redirect_uris": [],
            "rpc_origins": [], "tags": [], "integration_types_config": {"0": {}, "1": {}},
            "approximate_user_install_count": 0, "bot": self.bot, "summary": "",
        }  # fmt: skip

    # -- ids and times

    def now(self) -> datetime:
        return self.clock.now()

    def snowflake(self, at: datetime | None = None) -> str:
        """Unique and rising, with the time in it."""
        milliseconds = int(((at or self.now()) - EPOCH) / timedelta(milliseconds=1))
        self._last = max(self._last + 1, milliseconds << 22)
        return str(self._last)

    # -- who

    def user(self, name: str, *, bot: bool = False) -> Json:
        made: Json = {
            "id": self.snowflake(), "username": name.lower(), "global_name": name, "discriminator": "0",
            "avatar": None, "bot": bot, "system": False, "public_flags": 0, "banner": None, "accent_color": None,
        }  # fmt: skip
        self.users[made["id"]] = made
        return made

    def person(self, id: str) -> Json:
        if id not in self.users:
            raise unknown("User")
        return self.users[id]

    # -- servers

    def guild(
        self, name: str, *, owner: Json | None = None, bot: bool = True, permissions: int = may.EVERYONE, by: str = ""
    ) -> Guild:
        """A new server with #general; with the bot in it (``permissions`` of its own role) unless told otherwise."""
        owner = owner or self.user(f"{name}-owner")
        id = self.snowflake()
        guild = Guild({
            "id": id, "name": name, "owner_id": owner["id"], "icon": None, "splash": None, "discovery_splash": None,
            "description": None, "features": [], "emojis": [], "stickers": [], "banner": None, "afk_channel_id": None,
            "afk_timeout": 300, "system_channel_id": None, "system_channel_flags": 0, "rules_channel_id": None,
            "verification_level": 0, "default_message_notifications": 1, "explicit_content_filter": 0, "mfa_level": 0,
            "premium_tier": 0, "premium_progress_bar_enabled": False, "nsfw_level": 0, "vanity_url_code": None,
            "preferred_locale": "en-US", "public_updates_channel_id": None, "application_id": None, "region": "",
        })  # fmt: skip
        self.guilds[id] = guild
        guild.roles[id] = self._role(id, "@everyone", may.EVERYONE, 0)
        self.join(guild, owner)
        guild.data["system_channel_id"] = self.channel(guild, "general").id
        if bot:
            self.add_bot(guild, permissions, by or owner["id"])
        return guild

    def add_bot(self, guild: Guild, permissions: int, by: str) -> None:
        """The bot joins: its own role, the audit log's line, GUILD_CREATE."""
        role = self.role(guild, self.app["name"], permissions)
        role["managed"] = True
        self.join(guild, self.bot, role["id"])
        entry = {"id": self.snowflake(), "user_id": by, "target_id": self.bot["id"], "action_type": 28}
        guild.audit.append(entry)
        self._event("GUILD_CREATE", self.guild_payload(guild), guild.id)

    def role(self, guild: Guild, name: str, permissions: int = 0, *, mentionable: bool = False) -> Json:
        made = self._role(self.snowflake(), name, permissions, len(guild.roles), mentionable=mentionable)
        guild.roles[made["id"]] = made
        self._event("GUILD_ROLE_CREATE", {"guild_id": guild.id, "role": made}, guild.id)
        return made

    def _role(self, id: str, name: str, permissions: int, position: int, *, mentionable: bool = False) -> Json:
        return {
            "id": id, "name": name, "color": 0, "colors": {"primary_color": 0}, "hoist": False, "icon": None,
            "unicode_emoji": None, "position": position, "permissions": str(permissions), "managed": False,
            "mentionable": mentionable, "flags": 0,
        }  # fmt: skip

    def give(self, guild: Guild, user: str, role: str) -> None:
        """A role; the bot hears of its own, intents or not."""
        member = guild.members[user]
        member["roles"].append(role)
        if user == self.bot["id"]:
            self._event("GUILD_MEMBER_UPDATE", member | {"guild_id": guild.id}, guild.id)

    def join(self, guild: Guild, user: Json, *roles: str) -> Json:
        made: Json = {
            "user": user, "nick": None, "avatar": None, "roles": list(roles), "joined_at": self.now().isoformat(),
            "premium_since": None, "deaf": False, "mute": False, "flags": 0, "pending": False,
            "communication_disabled_until": None,
        }  # fmt: skip
        guild.members[user["id"]] = made
        return made

    def known_guild(self, id: str) -> Guild:
        """A server that the bot is in."""
        if id not in self.guilds:
            raise unknown("Guild")
        if self.bot["id"] not in self.guilds[id].members:
            raise missing_access()
        return self.guilds[id]

    def bots_guilds(self) -> list[Guild]:
        return [one for one in self.guilds.values() if self.bot["id"] in one.members]

    def leave(self, guild: Guild) -> None:
        """The bot is thrown out."""
        del guild.members[self.bot["id"]]
        self._event("GUILD_DELETE", {"id": guild.id}, guild.id)

    # -- channels

    def channel(self, guild: Guild, name: str, kind: str = "text", *, tags: Iterable[str] = ()) -> Channel:
        """``kind``: text, announcement or forum (with these tags)."""
        id = self.snowflake()
        data: Json = {
            "id": id, "type": KINDS[kind], "guild_id": guild.id, "name": name, "position": len(self.channels),
            "permission_overwrites": [], "nsfw": False, "topic": None, "parent_id": None, "last_message_id": None,
            "rate_limit_per_user": 0, "flags": 0,
        }  # fmt: skip
        if kind == "forum":
            data["available_tags"] = [
                {"id": self.snowflake(), "name": tag, "moderated": False, "emoji_id": None, "emoji_name": None}
                for tag in tags
            ]
            data |= {"default_reaction_emoji": None, "default_sort_order": None, "default_forum_layout": 0}
        made = self.channels[id] = Channel(data)
        self._event("CHANNEL_CREATE", data, guild.id)
        return made

    def overwrite(self, channel: Channel, target: str, *, allow: int = 0, deny: int = 0) -> None:
        """For a role's or a member's id."""
        kind = 0 if target in self.guilds[channel.guild].roles else 1
        kept = [one for one in channel.data["permission_overwrites"] if one["id"] != target]
        new = {"id": target, "type": kind, "allow": str(allow), "deny": str(deny)}
        channel.data["permission_overwrites"] = [*kept, new]
        self._event("CHANNEL_UPDATE", channel.data, channel.guild)

    def drop_channel(self, channel: Channel) -> None:
        """With its threads."""
        for one in [*self.threads_of(channel.id), channel]:
            del self.channels[one.id]
            self._event("THREAD_DELETE" if one.is_thread else "CHANNEL_DELETE", one.data, one.guild)

    def dm(self, user: str) -> Channel:
        """The bot's direct channel with somebody."""
        for one in self.channels.values():
            if one.kind == DM and one.data["recipients"][0]["id"] == user:
                return one
        id = self.snowflake()
        data = {"id": id, "type": DM, "recipients": [self.person(user)], "last_message_id": None, "flags": 0}
        self.channels[id] = Channel(data)
        return self.channels[id]

    def threads_of(self, parent: str) -> list[Channel]:
        return [one for one in self.channels.values() if one.is_thread and one.data["parent_id"] == parent]

    def channels_of(self, guild: Guild) -> Iterator[Channel]:
        return (one for one in self.channels.values() if one.guild == guild.id)

    def known_channel(self, id: str) -> Channel:
        """One that is there and that the bot may see."""
        if id not in self.channels:
            raise unknown("Channel")
        channel = self.channels[id]
        if channel.guild and not may.has(self.bot_may(channel), "view_channel"):
            raise missing_access()
        return channel

    def message(self, channel: str, id: str) -> Message:
        found = self.known_channel(channel).messages.get(id)
        if found is None:
            raise unknown("Message")
        return found

    # -- permissions

    def may(self, user: str, channel: Channel) -> int:
        """As a number of Discord's; in a thread, what the channel around it says; in a DM, everything usual."""
        if not channel.guild:
            return may.EVERYONE
        guild = self.guilds[channel.guild]
        member = guild.members.get(user)
        if member is None:
            return 0
        given = may.of_guild(guild.data, guild.roles.values(), member, user)
        around = self.channels.get(str(channel.data.get("parent_id")), channel) if channel.is_thread else channel
        return may.in_channel(given, guild.id, around.data["permission_overwrites"], member, user)

    def bot_may(self, channel: Channel) -> int:
        return self.may(self.bot["id"], channel)

    # -- payloads

    def seen(self, message: Json, *, every_word: bool) -> Json:
        """As the bot reads it: without the privileged intent, words only of mentions, DMs and its own messages."""
        if every_word:
            return message
        seen = message if self._may_read(message) else message | BLANK
        replied = seen.get("referenced_message")
        return seen if not replied or self._may_read(replied) else seen | {"referenced_message": replied | BLANK}

    def _may_read(self, message: Json) -> bool:
        bot, channel = self.bot["id"], self.channels.get(str(message["channel_id"]))
        direct = channel is not None and not channel.guild
        return direct or message["author"]["id"] == bot or any(one["id"] == bot for one in message["mentions"])

    def guild_payload(self, guild: Guild) -> Json:
        """As GUILD_CREATE has it, without the members intent: the bot alone."""
        channels = list(self.channels_of(guild))
        threads = [one.data for one in channels if one.is_thread and not one.data["thread_metadata"]["archived"]]
        return self.guild_body(guild) | {
            "channels": [one.data for one in channels if not one.is_thread], "threads": threads,
            "members": [guild.members[self.bot["id"]]], "member_count": len(guild.members), "large": False,
            "joined_at": guild.members[self.bot["id"]]["joined_at"], "voice_states": [],
            "presences": [], "stage_instances": [], "guild_scheduled_events": [], "soundboard_sounds": [],
        }  # fmt: skip

    def guild_body(self, guild: Guild) -> Json:
        return guild.data | {"roles": list(guild.roles.values())}

    def _event(self, name: str, payload: Any, guild: str = "") -> None:
        there = guild not in self.guilds or self.bot["id"] in self.guilds[guild].members
        if not there and name not in ("GUILD_DELETE", "INTERACTION_CREATE"):
            return
        for told in self.tell:
            told(name, payload, guild)

    def event(self, name: str, payload: Json, guild: str = "") -> None:
        """Tell the gateway; a server without the bot is not told of."""
        self._event(name, payload, guild)


#: What a message shows to a bot that may not read it.
BLANK: Json = {"content": "", "embeds": [], "attachments": [], "components": []}


def numbered() -> Callable[[], int]:
    """The next component id of one message."""
    counter = itertools.count(1)
    return lambda: next(counter)
