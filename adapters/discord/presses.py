"""Buttons, menus and sent forms come back: what was pressed becomes a command of the core. No command is known here.

Everything is in the ``custom_id``, so that a press works after a restart and for months; what cannot be read is
answered kindly by the core. On a message that others see too, only what is public by itself is answered in public.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import discord

from adapters.discord import answering, codes
from bot.commands import codec
from bot.commands.dispatch import perform, press
from bot.errors import PullquoteError

if TYPE_CHECKING:
    from bot.commands.declare import Command
    from bot.context import Context
    from bot.reply import Action, Reply
    from bot.services import Services


async def pressed(interaction: discord.Interaction, services: Services) -> None:
    """A button or a menu of one of our messages."""
    data: Mapping[str, Any] = interaction.data or {}
    code, turn = codes.bare_code(codes.pressed_code(data))
    await _answered(interaction, services, code, {}, turn=turn)


async def submitted(interaction: discord.Interaction, services: Services) -> None:
    """A form that was filled in; what was left empty counts as not given."""
    data: Mapping[str, Any] = interaction.data or {}
    answers = {name: value for name, value in _values(data.get("components")) if value.strip()}
    code, turn = codes.bare_code(str(data.get("custom_id", "")))
    await _answered(interaction, services, code, answers, turn=turn)


async def _answered(
    interaction: discord.Interaction, services: Services, code: str, answers: Mapping[str, str], *, turn: bool
) -> None:
    own = answering.own_message(interaction)

    async def work(ctx: Context) -> Reply:
        action = await _action(code, ctx)
        if action is None:
            return await press(services.registry, ctx, code, answers)
        reply = await perform(services.registry, ctx, action, answers)
        if own or _public(services.registry.get(action.command)):
            return reply
        return replace(reply, private=True)

    private = not _public(_inline_command(code, services))
    again = None if answers else code
    await answering.answer(interaction, services, work, private=private, turn=turn, again=again)


async def _action(code: str, ctx: Context) -> Action | None:
    """None where the core must say why not."""
    try:
        return await codec.decode(code, ctx.services.storage, ctx.community)
    except PullquoteError:
        return None


def _inline_command(code: str, services: Services) -> Command | None:
    """The command behind a button where it is known without looking anything up."""
    try:
        return services.registry.get(codec.read(code).command)
    except PullquoteError:
        return None


def _public(command: Command | None) -> bool:
    """Whether the command speaks to everybody by itself."""
    return command is not None and not command.private


def _values(components: object) -> Iterator[tuple[str, str]]:
    """The name and answer of each input, however Discord wraps them (rows, labels)."""
    if isinstance(components, list):
        for one in components:
            yield from _values(one)
    elif isinstance(components, dict):
        inner = components.get("component") or components.get("components")
        if inner:
            yield from _values(inner)
        elif "custom_id" in components:
            chosen = components.get("values") or [components.get("value") or ""]
            yield str(components["custom_id"]), str(chosen[0])
