"""REST under /channels, with threads, forums and direct messages: rights first, then what was asked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from tests.fakes.discord_wire import permissions as may
from tests.fakes.discord_wire.bodies import HAS_THREAD, only_own
from tests.fakes.discord_wire.call import Call, Routes
from tests.fakes.discord_wire.posting import Posting, lacks, rights_for
from tests.fakes.discord_wire.problems import (
    Errors,
    Json,
    Problem,
    busy,
    missing_permissions,
    unknown,
    wrong_channel_type,
)
from tests.fakes.discord_wire.state import ANNOUNCEMENT, ANNOUNCEMENT_THREAD, DM, FORUM, THREAD, Channel, Message, State

PUBLISHES, PUBLISHES_IN = 10, timedelta(hours=1)
#: The application may read all words: in full, or as a small bot.
MESSAGE_CONTENT_FLAGS = 3 << 18
CROSSPOSTED, REQUIRES_TAG = 1 << 0, 1 << 4


class Channels:
    """``visible_s``: how long until history shows a new message."""

    def __init__(self, state: State, posting: Posting) -> None:
        self._state, self._posting = state, posting
        self.visible_s = 0.0

    def routes(self) -> Routes:
        channel, message = "/channels/{channel}", "/channels/{channel}/messages/{message}"
        return {
            f"GET {channel}": lambda call: self._channel(call).data,
            f"PATCH {channel}": self._change,
            f"DELETE {channel}": self._drop,
            f"GET {channel}/messages": self._history,
            f"POST {channel}/messages": self._send,
            f"GET {message}": lambda call: self._seen(self._readable(call)),
            f"PATCH {message}": self._edit,
            f"DELETE {message}": self._delete,
            f"POST {message}/crosspost": self._crosspost,
            f"POST {message}/threads": self._thread_from,
            f"POST {channel}/threads": self._thread,
            f"GET {channel}/threads/archived/public": self._archived,
            f"PUT {channel}/thread-members/@me": lambda call: None,
            f"POST {channel}/typing": lambda call: self._may(call, "send_messages") and None,
            "GET /guilds/{guild}/threads/active": self._active,
            "POST /users/@me/channels": self._direct,
        }

    # -- who may

    def _channel(self, call: Call) -> Channel:
        return self._state.known_channel(call.ids["channel"])

    def _may(self, call: Call, *names: str) -> Channel:
        channel = self._channel(call)
        wanted = ["send_messages_in_threads" if one == "send_messages" and channel.is_thread else one for one in names]
        if lacks(self._state.bot_may(channel), wanted):
            raise missing_permissions()
        return channel

    def _message(self, call: Call) -> Message:
        self._channel(call)
        return self._state.message(call.ids["channel"], call.ids["message"])

    def _readable(self, call: Call) -> Message:
        self._may(call, "read_message_history")
        return self._message(call)

    def _seen(self, message: Message) -> Json:
        return self._state.seen(message.data, every_word=bool(int(self._state.app["flags"]) & MESSAGE_CONTENT_FLAGS))

    # -- messages

    def _send(self, call: Call) -> Json:
        channel = self._may(call, "send_messages", *rights_for(call.payload, call.files))
        if channel.kind == FORUM:
            raise Problem(400, 50008, "Cannot send messages in a non-text channel")
        if channel.kind == DM and channel.data["recipients"][0]["id"] in self._state.closed_dms:
            raise Problem(403, 50007, "Cannot send messages to this user")
        if channel.is_thread and channel.data["thread_metadata"]["locked"]:
            self._may(call, "manage_threads")
        made = self._posting.remembered(channel, call.payload)
        if made is None:
            made = self._posting.create(channel, call.payload, call.files)
            self._posting.remember(channel, call.payload, made)
        nonce = call.payload.get("nonce")
        return made.data | ({"nonce": nonce} if nonce is not None else {})

    def _edit(self, call: Call) -> Json:
        message = self._message(call)
        only_own(message.data["author"], self._state.bot)
        channel = self._may(call, *rights_for(call.payload, call.files))
        if channel.is_thread and channel.data["thread_metadata"]["archived"]:
            raise Problem(400, 50083, "Thread is archived")
        return self._posting.edit(message, channel, call.payload, call.files).data

    def _delete(self, call: Call) -> None:
        message = self._message(call)
        if message.data["author"]["id"] != self._state.bot["id"]:
            self._may(call, "manage_messages")
        self._posting.delete(message, self._channel(call))

    def _history(self, call: Call) -> list[Json]:
        channel = self._channel(call)
        if not may.has(self._state.bot_may(channel), "read_message_history"):
            return []
        until = self._state.now() - timedelta(seconds=self.visible_s)
        found = [one for one in channel.messages.values() if one.at <= until or not self.visible_s]
        return [self._seen(one) for one in _page(found, call, call.number("limit", 50, 100))]

    def _crosspost(self, call: Call) -> Json:
        message, channel = self._message(call), self._channel(call)
        if channel.kind != ANNOUNCEMENT:
            raise wrong_channel_type()
        own = message.data["author"]["id"] == self._state.bot["id"]
        self._may(call, "send_messages", *([] if own else ["manage_messages"]))
        if message.flags & CROSSPOSTED:
            raise Problem(400, 40033, "This message has already been crossposted")
        now = self._state.now()
        channel.publishes = [at for at in channel.publishes if now - at < PUBLISHES_IN]
        if len(channel.publishes) >= PUBLISHES:
            raise busy((channel.publishes[0] + PUBLISHES_IN - now).total_seconds(), "shared")
        channel.publishes.append(now)
        message.data["flags"] |= CROSSPOSTED
        self._state.event("MESSAGE_UPDATE", message.data | {"guild_id": channel.guild}, channel.guild)
        return message.data

    # -- threads

    def _thread_from(self, call: Call) -> Json:
        message = self._message(call)
        channel = self._may(call, "create_public_threads")
        if channel.kind == FORUM or channel.is_thread or not channel.guild:
            raise wrong_channel_type()
        if message.id in self._state.channels:
            raise Problem(400, 160004, "A thread has already been created for this message")
        kind = ANNOUNCEMENT_THREAD if channel.kind == ANNOUNCEMENT else THREAD
        thread = self._begin(channel, call.payload, kind, message.id)
        message.data["flags"] |= HAS_THREAD
        message.data["thread"] = thread.data
        return self._told(thread)

    def _thread(self, call: Call) -> Json:
        """A forum's post with its first message, or a thread of its own."""
        channel, body = self._channel(call), call.payload
        if channel.kind != FORUM:
            self._may(call, "create_public_threads")
            return self._told(self._begin(channel, body, THREAD))
        said = body.get("message") or {}
        self._may(call, "send_messages", *rights_for(said, call.files))
        self._check_tags(channel, body)
        thread = self._begin(channel, body, THREAD)
        try:
            message = self._posting.create(thread, said, call.files, how="forum", id=thread.id)
        except Problem:
            del self._state.channels[thread.id]
            raise
        return self._told(thread) | {"message": message.data}

    def _check_tags(self, forum: Channel, body: Json) -> None:
        known, given = {one["id"] for one in forum.data["available_tags"]}, body.get("applied_tags") or []
        if forum.data["flags"] & REQUIRES_TAG and not given:
            raise Problem(400, 40067, "A tag is required to create a forum post in this channel")
        errors = Errors()
        errors.count("applied_tags", given, 5)
        if any(str(one) not in known for one in given):
            errors.add("applied_tags", "CHANNEL_INVALID_TAG", "Unknown tag")
        errors.check()

    def _begin(self, parent: Channel, body: Json, kind: int, id: str = "") -> Channel:
        errors = Errors()
        errors.length("name", body.get("name"), 100, 1)
        errors.check()
        state, now = self._state, self._state.now()
        made = Channel({
            "id": id or state.snowflake(), "type": kind, "guild_id": parent.guild, "parent_id": parent.id,
            "name": body["name"], "owner_id": state.bot["id"], "last_message_id": None, "message_count": 0,
            "member_count": 1, "total_message_sent": 0, "rate_limit_per_user": 0, "flags": 0,
            "applied_tags": [str(one) for one in body.get("applied_tags") or []],
            "thread_metadata": {
                "archived": False, "locked": False, "auto_archive_duration": body.get("auto_archive_duration") or 4320,
                "archive_timestamp": now.isoformat(), "create_timestamp": now.isoformat(),
            },
        })  # fmt: skip
        state.channels[made.id] = made
        return made

    def _told(self, thread: Channel) -> Json:
        body = thread.data | {"member": self._membership(thread)}
        self._state.event("THREAD_CREATE", body | {"newly_created": True}, thread.guild)
        return body

    def _membership(self, thread: Channel) -> Json:
        at = thread.data["thread_metadata"]["create_timestamp"]
        return {"id": thread.id, "user_id": self._state.bot["id"], "join_timestamp": at, "flags": 0}

    def _active(self, call: Call) -> Json:
        guild = self._state.known_guild(call.ids["guild"])
        return self._listed(one for one in self._state.channels_of(guild) if one.is_thread and not _archived(one))

    def _archived(self, call: Call) -> Json:
        parent = self._may(call, "read_message_history")
        before = call.query.get("before", "").replace(" ", "+")
        until = datetime.fromisoformat(before) if before else self._state.now() + timedelta(seconds=1)
        found = [one for one in self._state.threads_of(parent.id) if _archived(one) and _archived_at(one) < until]
        found.sort(key=_archived_at, reverse=True)
        limit = call.number("limit", 50, 100)
        return self._listed(found[:limit]) | {"has_more": len(found) > limit}

    def _listed(self, threads: Iterable[Channel]) -> Json:
        seen = [one for one in threads if may.has(self._state.bot_may(one), "view_channel")]
        mine = [self._membership(one) for one in seen if one.data["owner_id"] == self._state.bot["id"]]
        return {"threads": [one.data for one in seen], "members": mine}

    # -- the channel itself

    def _change(self, call: Call) -> Json:
        channel, body = self._channel(call), call.payload
        own = channel.is_thread and channel.data["owner_id"] == self._state.bot["id"]
        if not own or body.get("locked"):
            self._may(call, "manage_threads" if channel.is_thread else "manage_channels")
        meta = channel.data.get("thread_metadata", {})
        for name in body.keys() & {"archived", "locked", "auto_archive_duration"}:
            meta[name] = body[name]
        if "archived" in body:
            meta["archive_timestamp"] = self._state.now().isoformat()
        for name in body.keys() & {"name", "topic", "applied_tags"}:
            channel.data[name] = body[name]
        self._state.event("THREAD_UPDATE" if channel.is_thread else "CHANNEL_UPDATE", channel.data, channel.guild)
        return channel.data

    def _drop(self, call: Call) -> Json:
        channel = self._channel(call)
        self._may(call, "manage_threads" if channel.is_thread else "manage_channels")
        self._state.drop_channel(channel)
        return channel.data

    def _direct(self, call: Call) -> Json:
        id = str(call.payload.get("recipient_id", ""))
        if id == self._state.bot["id"] or id not in self._state.users:
            raise Problem(400, 50033, "Invalid Recipient(s)") if id else unknown("User")
        return self._state.dm(id).data


def _archived(thread: Channel) -> bool:
    return bool(thread.data["thread_metadata"]["archived"])


def _archived_at(thread: Channel) -> datetime:
    return datetime.fromisoformat(thread.data["thread_metadata"]["archive_timestamp"])


def _page(messages: list[Message], call: Call, limit: int) -> list[Message]:
    """Newest first; after an id: those right after it."""
    ordered = sorted(messages, key=lambda one: int(one.id), reverse=True)
    query: dict[str, Any] = dict(call.query)
    if "around" in query:
        return sorted(ordered, key=lambda one: abs(int(one.id) - int(query["around"])))[:limit]
    if "before" in query:
        return [one for one in ordered if int(one.id) < int(query["before"])][:limit]
    if "after" in query:
        return [one for one in ordered if int(one.id) > int(query["after"])][-limit:]
    return ordered[:limit]
