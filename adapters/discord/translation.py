"""The table of other languages as discord.py's translator. No words live here."""

from __future__ import annotations

from collections.abc import Mapping

import discord
from discord import app_commands
from discord.app_commands import TranslationContextLocation as At

from bot.locales import LOCALES, NAME_LENGTH, Locale

_NAMES = frozenset((At.command_name, At.group_name, At.parameter_name))


class Translations(app_commands.Translator):
    """What the table lacks, or holds in a form that Discord would refuse, stays as declared."""

    def __init__(self, table: Mapping[str, Locale] = LOCALES) -> None:
        self._table = table

    async def translate(
        self, string: app_commands.locale_str, locale: discord.Locale, context: app_commands.TranslationContextTypes
    ) -> str | None:
        language = self._table.get(locale.value)
        if language is None:
            return None
        if isinstance(context.data, app_commands.ContextMenu):  # may hold spaces and capitals
            return language.text(string.message, NAME_LENGTH)
        return language.name(string.message) if context.location in _NAMES else language.text(string.message)
