"""How messages come to be, change and go: built as Discord builds them, told to the gateway, written in the log."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tests.fakes.discord_wire import permissions as may
from tests.fakes.discord_wire.bodies import EPHEMERAL, LOADING, SILENT, SUPPRESS_EMBEDS, V2, check_message
from tests.fakes.discord_wire.components import every
from tests.fakes.discord_wire.log import Log, Posted
from tests.fakes.discord_wire.mentions import named, notified
from tests.fakes.discord_wire.problems import Json, Problem, unknown
from tests.fakes.discord_wire.state import Channel, Message, State, numbered

#: What a bot may set itself.
SETTABLE = EPHEMERAL | SUPPRESS_EMBEDS | SILENT | V2
NONCE_S = 180.0


@dataclass(frozen=True, slots=True)
class Upload:
    index: int
    filename: str
    kind: str
    content: bytes


class Posting:
    """``nonce_s``: how long a nonce is remembered ("the past few minutes")."""

    def __init__(self, state: State, log: Log, nonce_s: float = NONCE_S) -> None:
        self._state, self._log, self.nonce_s = state, log, nonce_s

    # -- making

    def create(
        self,
        channel: Channel,
        payload: Json,
        files: Sequence[Upload] = (),
        *,
        author: Json | None = None,
        how: str = "message",
        ephemeral_for: str = "",
        extra: Json | None = None,
        id: str = "",
    ) -> Message:
        """A new message in a channel; ``ephemeral_for``: whom alone it is shown to. ``how`` as in ``Posted``."""
        state, author = self._state, author or self._state.bot
        flags = int(payload.get("flags") or 0) & SETTABLE
        if author is state.bot:
            check_message(payload, flags=flags, files=len(files))
        now = state.now()
        id = id or state.snowflake(now)
        data = self._built(id, channel, author, payload, files, flags) | (extra or {})
        made = Message(data, now, only_for=ephemeral_for, allowed_mentions=payload.get("allowed_mentions"))
        self._name_people(made, channel, author)
        self._keep(made, channel)
        if author is state.bot:
            self._write(made, channel, how)
        self._tell("MESSAGE_CREATE", made, channel, payload.get("nonce"))
        return made

    def placeholder(self, channel: Channel, ephemeral_for: str, extra: Json) -> Message:
        """ "… is thinking": what a deferred answer is until its first text."""
        state = self._state
        id = state.snowflake()
        flags = LOADING | (EPHEMERAL if ephemeral_for else 0)
        made = Message(self._built(id, channel, state.bot, {}, (), flags) | extra, state.now(), only_for=ephemeral_for)
        self._keep(made, channel)
        self._tell("MESSAGE_CREATE", made, channel)
        return made

    def _built(
        self, id: str, channel: Channel, author: Json, payload: Json, files: Sequence[Upload], flags: int
    ) -> Json:
        data: Json = {
            "id": id, "channel_id": channel.id, "author": author, "content": payload.get("content") or "",
            "timestamp": self._state.now().isoformat(), "edited_timestamp": None, "tts": False,
            "mention_everyone": False, "mentions": [], "mention_roles": [], "mention_channels": [],
            "attachments": self._attached(channel, payload, files, []), "reactions": [], "pinned": False, "type": 0,
            "embeds": [], "components": [], "flags": flags,
        }  # fmt: skip
        if reference := payload.get("message_reference"):
            found = channel.messages.get(str(reference["message_id"]))
            if found is not None:
                data |= {"type": 19, "message_reference": {**reference, "channel_id": channel.id, "type": 0}}
                data["referenced_message"] = found.data
            elif reference.get("fail_if_not_exists", True):
                raise Problem(400, 50035, "Invalid Form Body", REPLY_GONE)
        self._dress(data, payload)
        return data

    def _dress(self, data: Json, payload: Json) -> None:
        """Embeds and components as Discord gives them back."""
        if payload.get("embeds") is not None:
            urls = {one["filename"]: one["url"] for one in data["attachments"]}
            data["embeds"] = [_embed(one, urls) for one in payload["embeds"]]
        if payload.get("components") is not None:
            data["components"] = with_ids(payload["components"])

    def _attached(self, channel: Channel, payload: Json, files: Sequence[Upload], kept: list[Json]) -> list[Json]:
        """New files, and of those that were there the ones that the body still lists."""
        listed = payload.get("attachments")
        said = {str(one["id"]): one for one in listed or []}
        still = [one for one in kept if listed is None or one["id"] in said]
        return [*still, *(self._stored(channel, one, said.get(str(one.index), {})) for one in files)]

    def _stored(self, channel: Channel, file: Upload, said: Json) -> Json:
        id = self._state.snowflake()
        name = str(said.get("filename") or file.filename)
        self._state.files[id] = (file.kind, file.content)
        url = f"{self._state.cdn}/attachments/{channel.id}/{id}/{name}"
        made: Json = {"id": id, "filename": name, "size": len(file.content), "url": url, "proxy_url": url}
        if said.get("description"):
            made["description"] = said["description"]
        if file.content.startswith(b"\x89PNG\r\n\x1a\n"):
            width, height = struct.unpack(">II", file.content[16:24])
            made |= {"content_type": "image/png", "width": width, "height": height}
        return made

    def _name_people(self, made: Message, channel: Channel, author: Json) -> None:
        state = self._state
        guild = state.guilds.get(channel.guild)
        people, roles, everybody = named(made.data, state.users, guild)
        made.data["mentions"] = [state.users[one] for one in people]
        made.data["mention_roles"], made.data["mention_everyone"] = roles, everybody
        replied = made.data.get("referenced_message")
        allowed = made.allowed_mentions
        if replied and (allowed is None or allowed.get("replied_user")) and replied["author"]["id"] not in people:
            made.data["mentions"].append(replied["author"])
        if made.only_for or made.flags & LOADING:
            return
        rights = state.may(author["id"], channel)
        to = replied["author"]["id"] if replied else ""
        made.notified = notified(made.data, allowed, state.users, guild, rights, to)

    def _keep(self, made: Message, channel: Channel) -> None:
        if made.only_for:
            self._state.ephemeral[made.id] = made
            return
        channel.messages[made.id] = made
        channel.data["last_message_id"] = made.id
        if channel.is_thread:
            channel.data["message_count"] = channel.data.get("message_count", 0) + 1
            meta = channel.data["thread_metadata"]
            if meta["archived"] and not meta["locked"]:
                meta["archived"] = False

    def _write(self, made: Message, channel: Channel, how: str) -> None:
        if made.flags & LOADING:
            return
        names = tuple(str(one["custom_id"]) for one in every(made.data["components"]) if one.get("custom_id"))
        said = str(made.data["content"])
        self._log.post(
            Posted(
                made.at, how, channel.guild, channel.id, made.id, said, names, tuple(made.notified), bool(made.only_for)
            )
        )

    def _tell(self, name: str, made: Message, channel: Channel, nonce: object = None) -> None:
        if made.only_for:
            return
        told = dict(made.data)
        if channel.guild:
            member = self._state.guilds[channel.guild].members.get(made.data["author"]["id"])
            told |= {"guild_id": channel.guild} | (
                {"member": {k: v for k, v in member.items() if k != "user"}} if member else {}
            )
        if nonce is not None:
            told["nonce"] = nonce
        self._state.event(name, told, channel.guild)

    # -- nonces

    def remembered(self, channel: Channel, payload: Json) -> Message | None:
        """What this nonce made before, if ``enforce_nonce`` asks; 10008 when it was deleted (discord.py #10116)."""
        if not payload.get("enforce_nonce") or payload.get("nonce") is None:
            return None
        at, id = channel.nonces.get((self._state.bot["id"], str(payload["nonce"])), (None, ""))
        if at is None or self._state.now() - at >= timedelta(seconds=self.nonce_s):
            return None
        if id in channel.deleted:
            raise unknown("Message")
        return channel.messages[id]

    def remember(self, channel: Channel, payload: Json, made: Message) -> None:
        if payload.get("nonce") is not None:
            channel.nonces[self._state.bot["id"], str(payload["nonce"])] = (made.at, made.id)

    # -- changing

    def edit(self, message: Message, channel: Channel, payload: Json, files: Sequence[Upload] = ()) -> Message:
        """Fields that are not named stay; components v2 is never unset."""
        data = message.data
        thinking = bool(message.flags & LOADING)
        asked = int(payload["flags"]) & SETTABLE if payload.get("flags") is not None else message.flags
        sticky = message.flags & ~(SUPPRESS_EMBEDS | LOADING)
        flags = sticky | (asked & (SUPPRESS_EMBEDS | V2))
        attached = self._attached(channel, payload, files, data["attachments"])
        result = {name: payload.get(name, data[name]) for name in ("content", "embeds", "components")}
        check_message(result, flags=flags, files=len(attached), fresh=not flags & V2)
        data |= {"content": result["content"] or "", "flags": flags, "attachments": attached}
        data["edited_timestamp"] = None if thinking else self._state.now().isoformat()
        self._dress(data, {name: payload.get(name) or [] for name in ("embeds", "components") if name in payload})
        message.edits += not thinking
        if thinking:  # now it is posted
            message.allowed_mentions = payload.get("allowed_mentions")
            self._name_people(message, channel, data["author"])
            self._write(message, channel, "answer")
        self._tell("MESSAGE_UPDATE", message, channel)
        return message

    def delete(self, message: Message, channel: Channel) -> None:
        message.deleted = True
        if message.only_for:
            self._state.ephemeral.pop(message.id, None)
            return
        channel.messages.pop(message.id, None)
        channel.deleted.add(message.id)
        body: Json = {"id": message.id, "channel_id": channel.id}
        self._state.event(
            "MESSAGE_DELETE", body | ({"guild_id": channel.guild} if channel.guild else {}), channel.guild
        )


REPLY_GONE: Json = {
    "message_reference": {"_errors": [{"code": "REPLIES_UNKNOWN_MESSAGE", "message": "Unknown message"}]}
}


def _embed(one: Json, urls: dict[str, str]) -> Json:
    made: Json = {"type": "rich", **one}
    for name in ("image", "thumbnail"):
        url = str((one.get(name) or {}).get("url", ""))
        if url.startswith("attachment://"):
            made[name] = {**one[name], "url": urls.get(url.removeprefix("attachment://"), url)}
    return made


def with_ids(components: Any) -> list[Json]:
    """Each with the number that Discord gives where there is none, in reading order."""
    return _numbered(components, numbered())


def _numbered(components: Any, number: Callable[[], int]) -> list[Json]:
    made = []
    for one in components:
        new = {"id": number(), **one}
        if isinstance(one.get("components"), list):
            new["components"] = _numbered(one["components"], number)
        for name in ("accessory", "component"):
            if isinstance(one.get(name), dict):
                [new[name]] = _numbered([one[name]], number)
        made.append(new)
    return made


def rights_for(payload: Json, files: Sequence[Upload]) -> list[str]:
    """What a message needs beside the right to write."""
    needed = ["embed_links"] if payload.get("embeds") else []
    return needed + (["attach_files"] if files else [])


def lacks(rights: int, names: Sequence[str]) -> bool:
    return any(not may.has(rights, name) for name in names)
