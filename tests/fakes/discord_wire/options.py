"""What a person's client sends for a command: options typed by the stored declaration, people and channels resolved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.discord_wire.commands import GROUP, SUB
from tests.fakes.discord_wire.problems import Json
from tests.fakes.discord_wire.state import Channel, State

STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = range(3, 12)


class NotSendable(AssertionError):
    """Discord's client would not let a person do that: the test asks for something that cannot happen."""


@dataclass(slots=True)
class Sheet:
    """Options as they are sent, and what they name. ``typing``: the option that is being completed."""

    state: State
    guild: str
    typing: str = ""
    resolved: Json = field(default_factory=dict)
    option: Json | None = None

    def fill(self, command: Json, path: list[str], given: Mapping[str, Any]) -> list[Json]:
        """The ``options`` of the interaction; ``path`` leads through groups to the subcommand."""
        options = command.get("options") or []
        if path:
            inner = next((one for one in options if one["name"] == path[0] and one["type"] in (SUB, GROUP)), None)
            if inner is None:
                raise NotSendable(f"/{command['name']} has no {path[0]}")
            return [{"name": inner["name"], "type": inner["type"], "options": self.fill(inner, path[1:], given)}]
        if any(one["type"] in (SUB, GROUP) for one in options):
            raise NotSendable(f"/{command['name']} needs one of {[one['name'] for one in options]}")
        return self._values(command, options, given)

    def _values(self, command: Json, options: list[Json], given: Mapping[str, Any]) -> list[Json]:
        known = {one["name"]: one for one in options}
        named = {name if name in known else name.rstrip("_").replace("_", "-"): value for name, value in given.items()}
        if unknown := named.keys() - known.keys():
            raise NotSendable(f"/{command['name']} has no {sorted(unknown)}, only {sorted(known)}")
        missing = [one["name"] for one in options if one.get("required") and one["name"] not in named]
        if missing and not self.typing:
            raise NotSendable(f"/{command['name']} needs {missing}")
        return [self._value(known[name], value) for name, value in named.items() if value is not None]

    def _value(self, option: Json, value: Any) -> Json:
        made: Json = {"name": option["name"], "type": option["type"]}
        if option["name"] == self.typing:
            if not option.get("autocomplete"):
                raise NotSendable(f"{option['name']} completes nothing")
            self.option = option
            return made | {"value": str(value), "focused": True}
        sent = self._named(option, value) if option["type"] in RESOLVED else value
        if option["type"] not in RESOLVED and not self.typing:
            _check(option, sent)
        return made | {"value": sent}

    def _named(self, option: Json, value: Any) -> str:
        kinds: dict[int, Callable[[Any], tuple[str, str, Json]]] = {
            USER: self._user, MENTIONABLE: self._user, CHANNEL: self._channel, ROLE: self._role,
            ATTACHMENT: self._attachment,
        }  # fmt: skip
        where, id, body = kinds[option["type"]](value)
        if where == "channels" and (allowed := option.get("channel_types")) and body["type"] not in allowed:
            raise NotSendable(f"{option['name']} takes channels of types {allowed}, not {body['type']}")
        self.resolved.setdefault(where, {})[id] = body
        return id

    def _user(self, value: Any) -> tuple[str, str, Json]:
        id = str(value["id"] if isinstance(value, dict) else value)
        guild = self.state.guilds.get(self.guild)
        if guild and id in guild.members:
            member = {name: one for name, one in guild.members[id].items() if name not in ("user", "deaf", "mute")}
            self.resolved.setdefault("members", {})[id] = member | {"permissions": "0"}
        return "users", id, self.state.person(id)

    def _channel(self, value: Any) -> tuple[str, str, Json]:
        channel = value if isinstance(value, Channel) else self.state.channels[str(value)]
        shown = ("id", "name", "type", "parent_id", "thread_metadata")
        body = {name: channel.data[name] for name in shown if name in channel.data}
        return "channels", channel.id, body | {"permissions": str(self.state.bot_may(channel))}

    def _role(self, value: Any) -> tuple[str, str, Json]:
        id = str(value["id"] if isinstance(value, dict) else value)
        return "roles", id, self.state.guilds[self.guild].roles[id]

    def _attachment(self, value: tuple[str, bytes]) -> tuple[str, str, Json]:
        """Of a name and its bytes."""
        name, content = value
        id = self.state.snowflake()
        self.state.files[id] = ("application/octet-stream", content)
        url = f"{self.state.cdn}/attachments/0/{id}/{name}"
        body = {"id": id, "filename": name, "size": len(content), "url": url, "proxy_url": url, "ephemeral": True}
        return "attachments", id, body


RESOLVED = (USER, CHANNEL, ROLE, MENTIONABLE, ATTACHMENT)


def _check(option: Json, value: Any) -> None:
    """As the client does before it sends."""
    name, kind = option["name"], option["type"]
    fits = {
        STRING: isinstance(value, str),
        INTEGER: isinstance(value, int) and not isinstance(value, bool),
        BOOLEAN: isinstance(value, bool),
        NUMBER: isinstance(value, int | float) and not isinstance(value, bool),
    }[kind]
    choices = [one["value"] for one in option.get("choices") or []]
    if not fits or (choices and value not in choices):
        raise NotSendable(f"{name} cannot be {value!r}" + (f", only {choices}" if choices else ""))
    size = len(value) if isinstance(value, str) else value
    least = option.get("min_length", 0) if kind == STRING else option.get("min_value", size)
    most = option.get("max_length", 6000) if kind == STRING else option.get("max_value", size)
    if not least <= size <= most:
        raise NotSendable(f"{name} is too short or too long: {value!r}")
