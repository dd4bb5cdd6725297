"""The application's commands: what Discord accepts of them, and what it has stored, everywhere and per server."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from tests.fakes.discord_wire.call import Call, Routes
from tests.fakes.discord_wire.problems import Errors, Json, Problem, missing_access, unknown
from tests.fakes.discord_wire.state import State

NAME = re.compile(r"^[-_'\w]{1,32}$")
CHAT, USER, MESSAGE = 1, 2, 3
SUB, GROUP = 1, 2
SIZE = 8000


class Commands:
    """``puts``: how often the whole list was written, by "" (everywhere) or server id."""

    def __init__(self, state: State) -> None:
        self._state = state
        self.kept: dict[str, list[Json]] = {}
        self.puts: Counter[str] = Counter()

    def routes(self) -> Routes:
        made: Routes = {"GET /applications/{app}/guilds/{guild}/commands/permissions": lambda call: []}
        for base in ("/applications/{app}/commands", "/applications/{app}/guilds/{guild}/commands"):
            made |= {
                f"GET {base}": lambda call: self.kept.get(self._scope(call), []),
                f"PUT {base}": self._put,
                f"POST {base}": self._add,
                f"GET {base}/{{command}}": self._one,
                f"DELETE {base}/{{command}}": self._drop,
            }
        return made

    def find(self, name: str, guild: str, kind: int = CHAT) -> Json | None:
        """The command that people see there: the server's own before the one of everywhere."""
        for scope in (guild, "") if guild else ("",):
            for one in self.kept.get(scope, []):
                if (one["name"], one["type"]) == (name, kind):
                    return one
        return None

    def _scope(self, call: Call) -> str:
        if call.ids["app"] != self._state.app["id"]:
            raise missing_access()
        guild = call.ids.get("guild", "")
        if guild:
            self._state.known_guild(guild)
        return guild

    def _put(self, call: Call) -> list[Json]:
        scope = self._scope(call)
        given = call.body if isinstance(call.body, list) else []
        check_commands(given)
        self.puts[scope] += 1
        before = {(one["name"], one["type"]): one for one in self.kept.get(scope, [])}
        self.kept[scope] = [self._stored(one, scope, before.get((one["name"], one.get("type", CHAT)))) for one in given]
        return self.kept[scope]

    def _add(self, call: Call) -> Json:
        scope, one = self._scope(call), call.payload
        others = [kept for kept in self.kept.get(scope, []) if kept["name"] != one.get("name")]
        check_commands([*others, one])
        made = self._stored(one, scope, None)
        self.kept[scope] = [*others, made]
        return made

    def _one(self, call: Call) -> Json:
        for one in self.kept.get(self._scope(call), []):
            if one["id"] == call.ids["command"]:
                return one
        raise unknown("Application Command")

    def _drop(self, call: Call) -> None:
        gone = self._one(call)
        self.kept[self._scope(call)].remove(gone)

    def _stored(self, given: Json, scope: str, before: Json | None) -> Json:
        made: Json = {
            "type": CHAT, "description": "", "options": [], "default_member_permissions": None, "nsfw": False,
            "contexts": None, "dm_permission": True, **given,
        }  # fmt: skip
        made["integration_types"] = given.get("integration_types") or [0]
        made |= {"id": before["id"] if before else self._state.snowflake(), "application_id": self._state.app["id"]}
        same = before is not None and _bare(before) == _bare(made)
        made["version"] = before["version"] if before and same else self._state.snowflake()
        return made | ({"guild_id": scope} if scope else {})


def _bare(command: Json) -> Json:
    return {name: value for name, value in command.items() if name not in ("id", "version", "guild_id")}


# --- what is accepted -----------------------------------------------------------------------------------------


def check_commands(given: list[Any]) -> None:
    """A whole list: 100 slash commands, 15 of each menu (Discord docs, 2025), unique names."""
    errors = Errors()
    kinds = Counter(int(one.get("type", CHAT)) for one in given)
    if kinds[CHAT] > 100:
        raise Problem(400, 30032, "Maximum number of application commands reached (100)")
    if max(kinds[USER], kinds[MESSAGE]) > 15:
        raise Problem(400, 30032, "Maximum number of context menu commands reached (15)")
    seen: set[tuple[object, int]] = set()
    for n, one in enumerate(given):
        key = (one.get("name"), int(one.get("type", CHAT)))
        if key in seen:
            said = "Application command names must be unique"
            errors.add(f"{n}.name", "APPLICATION_COMMANDS_DUPLICATE_NAME", said)
        seen.add(key)
        _check_command(one, str(n), errors)
    errors.check()


def _check_command(one: Json, path: str, errors: Errors) -> None:
    if one.get("type", CHAT) != CHAT:
        errors.length(f"{path}.name", one.get("name"), 32, 1)
        errors.length(f"{path}.description", one.get("description"), 0)
        return
    _names(one, path, errors)
    _options(one.get("options") or [], path, errors, depth=0)
    if _size(one) > SIZE:
        said = f"Command exceeds maximum size of {SIZE}"
        errors.add(path, "APPLICATION_COMMAND_TOO_LARGE", said)


def _names(one: Json, path: str, errors: Errors) -> None:
    for name, said in [("name", one.get("name")), *_localised(one, "name")]:
        if not isinstance(said, str) or not NAME.match(said) or said != said.lower():
            said = "String value did not match validation regex."
            errors.add(f"{path}.{name}", "STRING_TYPE_REGEX", said)
    for name, said in [("description", one.get("description")), *_localised(one, "description")]:
        errors.length(f"{path}.{name}", said, 100, 1)


def _localised(one: Json, name: str) -> list[tuple[str, Any]]:
    return [(f"{name}_localizations.{key}", said) for key, said in (one.get(f"{name}_localizations") or {}).items()]


def _options(options: list[Json], path: str, errors: Errors, depth: int) -> None:
    errors.count(f"{path}.options", options, 25)
    kinds = [int(one.get("type") or 0) for one in options]
    subs = sum(kind in (SUB, GROUP) for kind in kinds)
    if subs not in (0, len(options)) or (subs and depth > 1) or (depth == 1 and GROUP in kinds):
        said = "Sub-command and sub-command group option types are mutually exclusive to all other types"
        errors.add(f"{path}.options", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", said)
    names = [one.get("name") for one in options]
    if len(set(names)) < len(names):
        errors.add(f"{path}.options", "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", "Option name already exists")
    optional = False
    for n, one in enumerate(options):
        at = f"{path}.options.{n}"
        _names(one, at, errors)
        if one.get("type") in (SUB, GROUP):
            _options(one.get("options") or [], at, errors, depth + 1)
            continue
        if one.get("required") and optional:
            said = "Required options must be placed before non-required options"
            errors.add(at, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", said)
        optional = optional or not one.get("required")
        _value_option(one, at, errors)


def _value_option(one: Json, path: str, errors: Errors) -> None:
    if one.get("type") not in range(3, 12):
        errors.add(f"{path}.type", "BASE_TYPE_CHOICES", "Value must be one of {1, …, 11}.")
    choices = errors.count(f"{path}.choices", one.get("choices"), 25)
    for n, choice in enumerate(choices):
        errors.length(f"{path}.choices.{n}.name", choice.get("name"), 100, 1)
        if one.get("type") == 3:
            errors.length(f"{path}.choices.{n}.value", choice.get("value"), 100, 1)
    if choices and one.get("autocomplete"):
        said = "Autocomplete cannot be set to true if choices are present"
        errors.add(path, "APPLICATION_COMMAND_OPTIONS_CHOICES_AUTOCOMPLETE", said)
    for name, least, most in (("min_length", 0, 6000), ("max_length", 1, 6000)):
        if one.get(name) is not None and not least <= one[name] <= most:
            errors.add(f"{path}.{name}", "NUMBER_TYPE_MAX", f"int value should be between {least} and {most}.")


def _size(one: Json) -> int:
    """Characters of names, descriptions and choices' values, of the longest localisation (Discord docs, 2025)."""
    total = 0
    for name in ("name", "description"):
        total += max(len(str(said or "")) for _, said in [("", one.get(name)), *_localised(one, name)])
    for choice in one.get("choices") or []:
        names = [choice.get("name"), *(choice.get("name_localizations") or {}).values()]
        total += max(len(str(said or "")) for said in names) + len(str(choice.get("value", "")))
    return total + sum(_size(option) for option in one.get("options") or [])
