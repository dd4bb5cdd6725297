"""A tree over commands of a test's own. No test enters here."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import discord

from adapters.discord.tree import Tree, build
from bot.commands.declare import Command
from bot.commands.registry import Registry

if TYPE_CHECKING:
    from bot.ports import Storage
    from bot.services import Services

APP = 4242
_OWNER = {"id": "1", "username": "owner", "discriminator": "0", "avatar": None}
_APPLICATION: dict[str, Any] = {
    "id": str(APP), "name": "Pullquote", "description": "", "icon": None, "rpc_origins": [], "bot_public": True,
    "bot_require_code_grant": False, "owner": _OWNER, "verify_key": "0", "summary": "", "flags": 0,
}  # fmt: skip


def tree_of(*commands: Command, storage: Storage | None = None, installs: dict[str, Any] | None = None) -> Tree:
    """``installs``: what the application's page says of how it can be installed."""
    return build(_Client(installs), services_of(Registry(commands), storage))


def services_of(registry: Registry, storage: Storage | None = None) -> Services:
    return cast("Services", SimpleNamespace(registry=registry, storage=storage))


class _Client(discord.Client):
    """Never connected; it knows its application."""

    def __init__(self, installs: dict[str, Any] | None = None) -> None:
        super().__init__(intents=discord.Intents(guilds=True))
        data: Any = {**_APPLICATION, **({"integration_types_config": installs} if installs else {})}
        self._app = discord.AppInfo(self._connection, data)

    @property
    def application(self) -> discord.AppInfo:
        return self._app

    @property
    def application_id(self) -> int:
        return APP


def characters(payload: dict[str, Any]) -> int:
    """What Discord counts of one top-level command as it is sent (docs, 2025-01): names, descriptions, choices' values;
    of a text and its translations the longest."""
    own = sum(
        max(len(text), *map(len, payload.get(f"{field}_localizations", {}).values()), 0)
        for field in ("name", "description")
        if (text := payload.get(field, "")) is not None
    )
    value = len(str(payload["value"])) if "value" in payload else 0
    return own + value + sum(characters(one) for key in ("options", "choices") for one in payload.get(key) or ())
