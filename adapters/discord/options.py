"""A parameter as an option of a slash command, and what was given there as raw values of the core. Nothing is judged
here but a file's size: binding and refusing are the core's."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import aiohttp
import discord
from discord import app_commands

from bot import texts_commands
from bot.commands.declare import Param
from bot.errors import UserError
from bot.files import LARGEST, Upload
from bot.plain import clean_line

#: How long a given file may take to arrive, in seconds.
ARRIVES_WITHIN_S = 60.0

#: Shown names of files are cut there.
NAME_LENGTH = 60

_KINDS = {
    int: discord.AppCommandOptionType.integer,
    float: discord.AppCommandOptionType.number,
    bool: discord.AppCommandOptionType.boolean,
    Upload: discord.AppCommandOptionType.attachment,
}


class Option(app_commands.Transformer):
    """One parameter as Discord shows it: its kind, choices and bounds. What was given is handed on as it is."""

    def __init__(self, param: Param) -> None:
        self._param = param

    @property
    def type(self) -> discord.AppCommandOptionType:
        return _KINDS.get(self._param.type, discord.AppCommandOptionType.string)

    @property
    def choices(self) -> list[app_commands.Choice[int | float | str]] | None:
        return [
            app_commands.Choice(name=app_commands.locale_str(one), value=one) for one in self._param.choices
        ] or None

    @property
    def min_value(self) -> int | float | None:
        bounds = self._bounds
        return bounds[0] if bounds else None

    @property
    def max_value(self) -> int | float | None:
        bounds = self._bounds
        return bounds[1] if bounds else None

    @property
    def _bounds(self) -> tuple[int, int] | None:
        """Of a number its value, of a text its length; a text of at most nothing cannot be said there."""
        return self._param.arg.range or self._param.arg.length

    async def transform(self, interaction: discord.Interaction[Any], value: Any, /) -> Any:
        return value


def given(options: Mapping[str, Any]) -> dict[str, object]:
    """The options that were given, as ``dispatch`` takes them; files are still to be fetched."""
    return {name: value for name, value in options.items() if value is not None}


def as_text(raw: Mapping[str, object]) -> dict[str, str] | None:
    """The same as a button's arguments; None where a file was given, which no button can carry."""
    if any(isinstance(value, discord.Attachment) for value in raw.values()):
        return None
    return {name: _text(value) for name, value in raw.items()}


async def fetched(raw: Mapping[str, object]) -> dict[str, object]:
    """The options with their files' bytes. Raises UserError for a file that is too large or cannot be had."""
    return {
        name: await _upload(value) if isinstance(value, discord.Attachment) else value for name, value in raw.items()
    }


async def _upload(file: discord.Attachment) -> Upload:
    name = clean_line(file.filename)[:NAME_LENGTH]
    if file.size > LARGEST:
        raise UserError(texts_commands.file_too_large(name, file.size, LARGEST))
    try:
        async with asyncio.timeout(ARRIVES_WITHIN_S):
            data = await file.read()
    except (discord.HTTPException, aiohttp.ClientError, TimeoutError):
        raise UserError(texts_commands.file_lost(name)) from None
    if len(data) > LARGEST:
        raise UserError(texts_commands.file_too_large(name, len(data), LARGEST))
    return Upload(name, data)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
