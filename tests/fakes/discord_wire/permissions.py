"""What somebody may do, computed from roles and overwrites in Discord's documented order. Plain data, no I/O."""

from __future__ import annotations

from collections.abc import Iterable

from tests.fakes.discord_wire.problems import Json

BITS = {
    "create_instant_invite": 0, "administrator": 3, "manage_channels": 4, "manage_guild": 5, "add_reactions": 6,
    "view_audit_log": 7, "view_channel": 10, "send_messages": 11, "manage_messages": 13, "embed_links": 14,
    "attach_files": 15, "read_message_history": 16, "mention_everyone": 17, "use_external_emojis": 18,
    "manage_roles": 28, "manage_webhooks": 29, "use_application_commands": 31, "manage_threads": 34,
    "create_public_threads": 35, "create_private_threads": 36, "send_messages_in_threads": 38,
    "use_external_apps": 50,
}  # fmt: skip
ALL = (1 << 53) - 1


def bits(*names: str) -> int:
    return sum(1 << BITS[name] for name in names)


#: What @everyone has in a new server.
EVERYONE = bits(
    "create_instant_invite", "add_reactions", "view_channel", "send_messages", "embed_links", "attach_files",
    "read_message_history", "use_external_emojis", "use_application_commands", "create_public_threads",
    "send_messages_in_threads", "use_external_apps",
)  # fmt: skip


def has(given: int, name: str) -> bool:
    return bool(given >> BITS[name] & 1)


def of_guild(guild: Json, roles: Iterable[Json], member: Json, user: str) -> int:
    """Of the whole server; ``member`` names its roles."""
    if guild["owner_id"] == user:
        return ALL
    held = {guild["id"], *member["roles"]}
    given = 0
    for role in roles:
        if role["id"] in held:
            given |= int(role["permissions"])
    return ALL if has(given, "administrator") else given


def in_channel(given: int, guild_id: str, overwrites: Iterable[Json], member: Json, user: str) -> int:
    """``given`` is what ``of_guild`` said."""
    if given == ALL:
        return ALL
    found = {one["id"]: (int(one["allow"]), int(one["deny"])) for one in overwrites}
    allow, deny = found.get(guild_id, (0, 0))
    given = given & ~deny | allow
    allow = deny = 0
    for role in member["roles"]:
        more, less = found.get(role, (0, 0))
        allow, deny = allow | more, deny | less
    given = given & ~deny | allow
    allow, deny = found.get(user, (0, 0))
    given = given & ~deny | allow
    return given if has(given, "view_channel") else 0
