"""``/help``: what can be asked here, read from the registry, so that no command is forgotten."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from bot import texts
from bot.commands.declare import PREFIX, Arg, Command, command
from bot.commands.grammar import usage
from bot.context import Context
from bot.errors import NotFound
from bot.reply import Action, Field, Reply
from bot.texts_answers import MY_APP


async def command_names(ctx: Context, typed: str) -> list[str]:
    """Names of commands that this person may use."""
    return [one.name for one in _allowed(ctx) if typed.casefold() in one.name][:25]


@command("help", "What you can ask, and how", listed=False, example="quote")
async def help(
    ctx: Context,
    command: Annotated[str | None, Arg("About this one", length=(1, 60), complete=command_names, rest=True)] = None,
) -> Reply:
    return _about(ctx, command) if command else _all(ctx)


def _allowed(ctx: Context) -> list[Command]:
    return [one for one in ctx.services.registry.all() if one.role <= ctx.role]


def _all(ctx: Context) -> Reply:
    listed = [one for one in _allowed(ctx) if one.listed]
    members = _rows(one for one in listed if not one.moderator)
    moderators = _rows(one for one in listed if one.moderator)
    heading = (Field("", texts.HELP_MODERATORS),) if moderators else ()
    return Reply(
        texts.HELP_TEXT,
        title=texts.HELP_TITLE,
        fields=(*members, *heading, *moderators),
        footer=texts.HELP_FOOTER,
        actions=(
            Action(texts.ABOUT_LABEL, "about"),
            Action(texts.PRIVACY_LABEL, "privacy"),
            Action(MY_APP, "app"),
        ),
        outcome="listed",
    )


def _rows(commands: Iterable[Command]) -> tuple[Field, ...]:
    return tuple(Field(one.call, one.help) for one in commands)


def _about(ctx: Context, words: str) -> Reply:
    name = " ".join(words.casefold().replace("/", " ").split()).removeprefix(f"{PREFIX} ")
    found = next((one for one in _allowed(ctx) if one.name == name), None)
    if found is None:
        raise NotFound(texts.no_such_command(words))
    rows = tuple(Field(one.name, texts.takes(one.required, one.choices, one.arg.help)) for one in found.params)
    return Reply(f"{found.help}\n{usage(found)}", title=texts.help_for(found.call), fields=rows, outcome="listed")
