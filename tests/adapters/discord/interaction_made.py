"""An interaction as Discord sends it, read by the real discord.py. No test enters here."""

from __future__ import annotations

from typing import Any

import discord

from tests.adapters.discord.room import Room

SEND, SEND_IN_THREADS, MANAGE, ADMINISTRATOR = 1 << 11, 1 << 38, 1 << 5, 1 << 3


def asked(
    room: Room,
    *,
    server: int | None = None,
    rights: int = SEND,
    owners: dict[str, str] | None = None,
    channel: dict[str, Any] | None = None,
    roles: tuple[str, ...] = (),
    **more: Any,
) -> discord.Interaction:
    """A slash command of mia. ``owners``: which installs allowed it, as Discord says; None = it does not say."""
    user = {"id": str(room.mia.id), "username": "mia", "discriminator": "0", "avatar": None, "global_name": "Mia"}
    data: dict[str, Any] = {
        "id": "1456074443980899999", "application_id": "1", "token": "t", "version": 1, "type": 2,
        "attachment_size_limit": 1, "locale": "de", "entitlements": [], "app_permissions": "0",
        "data": {"id": "1", "name": "quote", "type": 1},
        "channel": channel or {"id": "77", "type": 0 if server else 1, "name": "x", "position": 0},
        **more,
    }  # fmt: skip
    if owners is not None:
        data["authorizing_integration_owners"] = owners
    if server is None:
        data.setdefault("user", user)
    else:
        member = {"user": user, "roles": list(roles), "joined_at": "2024-01-01T00:00:00+00:00", "deaf": False,
                  "mute": False, "flags": 0, "permissions": str(rights)}  # fmt: skip
        data |= {"guild_id": str(server), "guild": {"id": str(server), "locale": "en-US", "features": []}}
        data["member"] = member
    return discord.Interaction(data=data, state=room.client._connection)  # type: ignore[arg-type]
