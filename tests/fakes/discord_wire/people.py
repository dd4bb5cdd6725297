"""What people do in Discord's client: type commands, press, choose, fill in, say; and what they then see."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from tests.fakes.discord_wire import permissions as may
from tests.fakes.discord_wire.bodies import EPHEMERAL
from tests.fakes.discord_wire.commands import CHAT, MESSAGE, Commands
from tests.fakes.discord_wire.components import BUTTON, ENTITY_SELECTS, INPUT, LINK, SELECT, TEXT, every
from tests.fakes.discord_wire.interactions import (
    AUTOCOMPLETE,
    CHOICES,
    COMMAND,
    COMPONENT,
    DEFER,
    DEFER_UPDATE,
    FIRST_S,
    MODAL,
    MODAL_SUBMIT,
    UPDATE,
    Interaction,
    Interactions,
)
from tests.fakes.discord_wire.options import NotSendable, Sheet
from tests.fakes.discord_wire.posting import Posting
from tests.fakes.discord_wire.problems import Json
from tests.fakes.discord_wire.state import DM, Channel, Message, State

#: How long a deferred answer is waited for, in seconds.
SETTLES_S = 30.0
#: And what a deferred update changes, which may be nothing.
UPDATES_S = 5.0
Kind = Literal["message", "deferred", "update", "deferred_update", "modal", "choices", "nothing"]
KINDS: dict[int, Kind] = {
    4: "message", DEFER: "deferred", DEFER_UPDATE: "deferred_update", UPDATE: "update", CHOICES: "choices",
    MODAL: "modal",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Opened:
    """A modal on somebody's screen. ``source``: the message whose button opened it."""

    data: Json
    user: Json
    channel: Channel
    source: Message | None


@dataclass(slots=True)
class Answered:
    """What one interaction came to. ``kind`` "nothing": "the application did not respond". ``elapsed_s``: until the
    first answer; ``settled_s``: until there was something to read."""

    interaction: Interaction

    @property
    def kind(self) -> Kind:
        return KINDS[self.interaction.answer[0]] if self.interaction.answer else "nothing"

    @property
    def elapsed_s(self) -> float:
        return self.interaction.elapsed_s

    @property
    def settled_s(self) -> float:
        return self.interaction.settled_s

    @property
    def deferred(self) -> bool:
        return self.kind in ("deferred", "deferred_update")

    @property
    def message(self) -> Message | None:
        """The answer as it stands now; for an update, the message that was pressed."""
        return self.interaction.original

    @property
    def followups(self) -> list[Message]:
        return self.interaction.followups

    @property
    def private(self) -> bool:
        return bool(self.message and self.message.flags & EPHEMERAL)

    @property
    def text(self) -> str:
        return shown(self.message) if self.message else ""

    @property
    def choices(self) -> list[Json]:
        return list(self.interaction.answer[1].get("choices") or []) if self.interaction.answer else []

    @property
    def modal(self) -> Opened | None:
        one = self.interaction
        if one.answer is None or one.answer[0] != MODAL:
            return None
        return Opened(one.answer[1], one.user, one.channel, one.source)

    async def until_followup(self, count: int = 1, seconds: float = SETTLES_S) -> Message:
        """The last of so many follow-ups, once they are there."""
        async with asyncio.timeout(seconds):
            while len(self.followups) < count:
                self.interaction.changed.clear()
                await self.interaction.changed.wait()
        return self.followups[count - 1]


def shown(message: Message) -> str:
    """All words of a message: content, embeds, texts of components v2, labels of buttons."""
    data = message.data
    said = [str(data["content"])]
    for embed in data["embeds"]:
        said += [str(embed.get(name) or "") for name in ("title", "description")]
        said += [f"{one['name']} {one['value']}" for one in embed.get("fields") or []]
        said.append(str((embed.get("footer") or {}).get("text") or ""))
    for one in every(data["components"]):
        said.append(str(one.get("content") or one.get("label") or "") if one["type"] in (TEXT, BUTTON) else "")
    return "\n".join(filter(None, said))


def buttons(message: Message) -> list[str]:
    return [str(one.get("label") or "") for one in every(message.data["components"]) if one["type"] == BUTTON]


class People:
    """The driver. ``user`` is what ``State.user`` gave, ``channel`` a ``Channel``; a DM's is ``state.dm(user["id"])``.
    ``locale``: of whoever acts, unless the user has one."""

    def __init__(self, state: State, commands: Commands, interactions: Interactions, posting: Posting) -> None:
        self._state, self._commands = state, commands
        self._interactions, self._posting = interactions, posting
        self.locale = "en-US"

    # -- commands

    async def slash(self, user: Json, channel: Channel, command: str, /, **given: Any) -> Answered:
        """``"quote"`` or ``"pullquote alerts pause"``, with its options by name."""
        data, sheet = self._command(user, channel, command, given)
        return await self._act(COMMAND, user, channel, data | {"resolved": sheet.resolved}, name=command)

    async def complete(
        self, user: Json, channel: Channel, command: str, option: str, typed: str = "", /, **given: Any
    ) -> Answered:
        """What is offered while somebody types this option."""
        data, sheet = self._command(user, channel, command, {**given, option: typed}, typing=option)
        return await self._act(AUTOCOMPLETE, user, channel, data, name=command, option=sheet.option)

    async def menu(self, user: Json, message: Message, command: str) -> Answered:
        """An app's command on a message."""
        channel = self._state.channels[str(message.data["channel_id"])]
        found = self._allowed(user, channel, command, MESSAGE)
        data = {"id": found["id"], "name": command, "type": MESSAGE, "target_id": message.id}
        data |= {"resolved": {"messages": {message.id: message.data}}}
        return await self._act(COMMAND, user, channel, data, name=command)

    def _command(
        self, user: Json, channel: Channel, name: str, given: Mapping[str, Any], typing: str = ""
    ) -> tuple[Json, Sheet]:
        first, *path = name.split()
        found = self._allowed(user, channel, first, CHAT)
        sheet = Sheet(self._state, channel.guild, typing)
        options = sheet.fill(found, path, given)
        return {"id": found["id"], "name": first, "type": CHAT, "options": options}, sheet

    def _allowed(self, user: Json, channel: Channel, name: str, kind: int) -> Json:
        found = self._commands.find(name, channel.guild, kind)
        if found is None:
            raise NotSendable(f"there is no command {name!r}: is the tree synced?")
        contexts = found["contexts"]
        context, installed = self._context(channel), self._installed(channel)
        if contexts is not None and context not in contexts:
            raise NotSendable(f"{name} is not offered in context {context}, only in {contexts}")
        if contexts is None and context == 1 and not found["dm_permission"]:
            raise NotSendable(f"{name} is not offered in direct messages")
        if not installed and 1 not in found["integration_types"]:
            raise NotSendable(f"{name} cannot be installed by a user")
        needed = found["default_member_permissions"]
        if needed is not None and channel.guild:
            rights = self._state.may(user["id"], channel)
            if rights & int(needed) != int(needed) or (needed == "0" and not may.has(rights, "administrator")):
                raise NotSendable(f"{name} is hidden from {user['username']}")
        return found

    def _installed(self, channel: Channel) -> bool:
        guild = self._state.guilds.get(channel.guild)
        return guild is None or self._state.bot["id"] in guild.members

    def _context(self, channel: Channel) -> int:
        return 0 if channel.guild else 1 if channel.kind == DM else 2

    # -- components and modals

    async def press(self, message: Message, button: str, user: Json | None = None) -> Answered:
        """A button by its label or custom_id; whoever sees an ephemeral message is ``user``, else name one."""
        found = self._component(message, button, (BUTTON,))
        if found.get("disabled") or found.get("style") == LINK:
            raise NotSendable(f"{button} cannot be pressed")
        return await self._use(message, {"component_type": BUTTON, "custom_id": found["custom_id"]}, user)

    async def choose(self, message: Message, *values: str, user: Json | None = None, select: str = "") -> Answered:
        """Values or labels of the one select of the message, or of the one with this custom_id."""
        found = self._component(message, select, (SELECT, *ENTITY_SELECTS))
        known = {one["label"]: one["value"] for one in found.get("options") or []}
        sent = [known.get(one, one) for one in values]
        if found["type"] == SELECT and not set(sent) <= set(known.values()):
            raise NotSendable(f"{values} are not all among {list(known)}")
        data = {"component_type": found["type"], "custom_id": found["custom_id"], "values": sent, "resolved": {}}
        return await self._use(message, data, user)

    def _component(self, message: Message, name: str, kinds: tuple[int, ...]) -> Json:
        if message.deleted:
            raise NotSendable("that message is no more")
        found = [one for one in every(message.data["components"]) if one["type"] in kinds]
        for one in found:
            if name in (one.get("custom_id"), one.get("label")) or (not name and len(found) == 1):
                return one
        raise NotSendable(f"{name!r} is not on that message, only {[one.get('label') for one in found]}")

    async def _use(self, message: Message, data: Json, user: Json | None) -> Answered:
        user = user or self._state.users.get(message.only_for)
        if user is None:
            raise NotSendable("who presses?")
        if message.only_for not in ("", user["id"]):
            raise NotSendable(f"{user['username']} does not see that message")
        channel = self._state.channels[str(message.data["channel_id"])]
        return await self._act(COMPONENT, user, channel, data, source=message)

    async def submit(self, modal: Opened | None, given: Mapping[str, Any]) -> Answered:
        """Fill in an open modal, by custom_id or label; what is not named keeps its value."""
        if modal is None:
            raise NotSendable("no modal was opened")
        rows = [self._filled(one, given) for one in modal.data["components"]]
        names = {name for one in every(modal.data["components"]) for name in (one.get("custom_id"), one.get("label"))}
        if strange := given.keys() - names:
            raise NotSendable(f"the modal has no {sorted(strange)}")
        data = {"custom_id": modal.data["custom_id"], "components": rows, "resolved": {}}
        return await self._act(MODAL_SUBMIT, modal.user, modal.channel, data, source=modal.source)

    def _filled(self, top: Json, given: Mapping[str, Any]) -> Json:
        if top["type"] == TEXT:
            return {"type": TEXT, "id": top.get("id", 0)}
        inner = top["component"] if "component" in top else top["components"][0]
        label = top.get("label") or inner.get("label")
        value = given.get(inner["custom_id"], given.get(str(label)))
        made: Json = {"type": inner["type"], "id": inner.get("id", 0), "custom_id": inner["custom_id"]}
        if inner["type"] == INPUT:
            made["value"] = _typed(inner, value)
        else:
            defaults = [one["value"] for one in inner.get("options") or [] if one.get("default")]
            made["values"] = defaults if value is None else [value] if isinstance(value, str) else list(value)
        if "component" in top:
            return {"type": top["type"], "id": top.get("id", 0), "component": made}
        return {"type": top["type"], "id": top.get("id", 0), "components": [made]}

    # -- words

    async def say(
        self, user: Json, channel: Channel, text: str, *, reply_to: Message | None = None, ping: bool = True
    ) -> Message:
        """A message of a person's; a reply pings its author unless told otherwise."""
        body: Json = {"content": text}
        if reply_to is not None:
            body["message_reference"] = {"message_id": reply_to.id, "guild_id": channel.guild or None}
            body["allowed_mentions"] = {"parse": ["users", "roles", "everyone"], "replied_user": ping}
        return self._posting.create(channel, body, author=user)

    # -- one interaction

    async def _act(self, kind: int, user: Json, channel: Channel, data: Json, **more: Any) -> Answered:
        one = self._interactions.begin(kind, channel, user, member_of=self._installed(channel), **more)
        self._state.event("INTERACTION_CREATE", self._payload(one, data), channel.guild)
        await self._until(one, lambda: one.answer is not None, FIRST_S)
        if one.answer is not None:
            await self._until(one, lambda: one.settled, UPDATES_S if one.answer[0] == DEFER_UPDATE else SETTLES_S)
        return Answered(one)

    async def _until(self, one: Interaction, ready: Any, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                while not ready():
                    one.changed.clear()
                    await one.changed.wait()
        except TimeoutError:
            return

    def _payload(self, one: Interaction, data: Json) -> Json:
        channel, state = one.channel, self._state
        guild = state.guilds.get(channel.guild)
        owners = {"0": channel.guild or "0"} if one.member_of else {}
        if not one.member_of or one.user["id"] in state.installs:
            owners["1"] = one.user["id"]
        made: Json = {
            "id": one.id, "application_id": state.app["id"], "type": one.kind, "token": one.token, "version": 1,
            "data": data, "channel_id": channel.id, "channel": self._shown(channel), "entitlements": [],
            "locale": one.user.get("locale", self.locale), "context": self._context(channel),
            "app_permissions": str(state.bot_may(channel) if one.member_of else may.EVERYONE),
            "authorizing_integration_owners": owners, "attachment_size_limit": 10 * 2**20,
        }  # fmt: skip
        if one.source is not None:
            made["message"] = one.source.data
        if guild is None:
            return made | {"user": one.user}
        rights = str(state.may(one.user["id"], channel))
        locale = guild.data["preferred_locale"]
        about = {"id": guild.id, "locale": locale, "features": guild.data["features"]}
        member = guild.members[one.user["id"]] | {"permissions": rights}
        return made | {"guild_id": guild.id, "guild": about, "guild_locale": locale, "member": member}

    def _shown(self, channel: Channel) -> Json:
        hidden = ("permission_overwrites",)
        return {name: value for name, value in channel.data.items() if name not in hidden} | {
            "permissions": str(self._state.bot_may(channel))
        }


def _typed(field: Json, value: Any) -> str:
    """What the client lets through."""
    said = str(field.get("value") or "") if value is None else str(value)
    least = field.get("min_length") or (1 if field.get("required", True) else 0)
    if (said and len(said) < least) or (not said and field.get("required", True)):
        raise NotSendable(f"{field['custom_id']} needs at least {least} characters")
    if len(said) > (field.get("max_length") or 4000):
        raise NotSendable(f"{field['custom_id']} takes at most {field.get('max_length')} characters")
    return said
