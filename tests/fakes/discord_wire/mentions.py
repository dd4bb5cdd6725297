"""Whom a message names, and whom of them it really notifies. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tests.fakes.discord_wire import permissions as may
from tests.fakes.discord_wire.components import TEXT, every
from tests.fakes.discord_wire.problems import Json
from tests.fakes.discord_wire.state import Guild

USER, ROLE, EVERYONE = re.compile(r"<@!?(\d+)>"), re.compile(r"<@&(\d+)>"), re.compile(r"@(everyone|here)\b")
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)


def words_of(data: Json) -> str:
    """What can mention: the content, and the texts of components v2; not embeds, not code."""
    shown = [str(data.get("content") or "")]
    shown += [str(one.get("content") or "") for one in every(data.get("components")) if one.get("type") == TEXT]
    return CODE.sub("", "\n".join(shown))


def named(data: Json, users: Iterable[str], guild: Guild | None) -> tuple[list[str], list[str], bool]:
    """Users, roles, and whether everybody is named."""
    said, known = words_of(data), set(users)
    people = [one for one in dict.fromkeys(USER.findall(said)) if one in known]
    roles = [one for one in dict.fromkeys(ROLE.findall(said)) if guild is not None and one in guild.roles]
    return people, roles, bool(EVERYONE.search(said))


def notified(
    data: Json, allowed: Json | None, users: Iterable[str], guild: Guild | None, rights: int, replied: str = ""
) -> list[str]:
    """User ids, ``&role`` ids and ``everyone`` that get a notification; ``rights`` are the author's."""
    people, roles, everybody = named(data, users, guild)
    if allowed is not None:
        parse = allowed.get("parse") or []
        people = _let(people, "users", parse, allowed)
        roles = _let(roles, "roles", parse, allowed)
        everybody = everybody and "everyone" in parse
        replied = replied if allowed.get("replied_user") else ""
    pings_all = may.has(rights, "mention_everyone")
    found = [f"&{one}" for one in roles if pings_all or (guild and guild.roles[one]["mentionable"])]
    if everybody and pings_all and guild:
        found.append("everyone")
    return list(dict.fromkeys([*people, *found, *filter(None, [replied])]))


def _let(ids: list[str], kind: str, parse: list[str], allowed: Json) -> list[str]:
    listed = {str(one) for one in allowed.get(kind) or []}
    return [one for one in ids if kind in parse or one in listed]
