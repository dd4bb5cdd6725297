"""Completion while a person types: asked of the core, answered within Discord's time, never an error. No deferring
exists there, so a look-up that is overtaken by the next letter, or takes too long, is given up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

import discord
from discord.app_commands import Choice

from adapters.discord.contexts import of_interaction
from bot.commands.completion import Suggestion, suggest
from bot.commands.declare import Command, Param
from bot.errors import UserError
from bot.logs import get_logger

if TYPE_CHECKING:
    from bot.services import Services

log = get_logger(__name__)

#: Discord waits 3 seconds (docs, 2025-01).
ANSWER_WITHIN_S = 2.0

Completer = Callable[[discord.Interaction[Any], str], Coroutine[Any, Any, list[Choice[str]]]]


class Completions:
    """The completions of all people; of each person only the latest is worked on."""

    def __init__(self, services: Services, within_s: float = ANSWER_WITHIN_S) -> None:
        self._services = services
        self._within_s = within_s
        self._under_way: dict[int, asyncio.Task[list[Suggestion]]] = {}

    def of(self, command: Command, param: Param) -> Completer:
        """What discord.py calls for one option."""

        async def completer(interaction: discord.Interaction[Any], typed: str) -> list[Choice[str]]:
            found = await self.latest(interaction.user.id, self._look_up(interaction, command, param, typed))
            return [Choice(name=one.name, value=one.value) for one in found]

        return completer

    async def latest(self, person: int, work: Coroutine[Any, Any, list[Suggestion]]) -> list[Suggestion]:
        """What the work finds; nothing when this person typed on meanwhile, or when it takes too long."""
        older = self._under_way.get(person)
        if older:
            older.cancel()
        task = self._under_way[person] = asyncio.create_task(work)
        try:
            async with asyncio.timeout(self._within_s):
                return await _unless_cancelled(task)
        except TimeoutError:
            log.warning("completion too slow", seconds=self._within_s)
            return []
        finally:
            task.cancel()  # nobody waits for it any more
            if self._under_way.get(person) is task:
                del self._under_way[person]

    async def _look_up(
        self, interaction: discord.Interaction[Any], command: Command, param: Param, typed: str
    ) -> list[Suggestion]:
        try:
            ctx = await of_interaction(interaction, self._services)
        except UserError:
            return []
        except Exception as error:
            log.error("completion failed", command=command.name, param=param.name, exc_info=error)
            return []
        return await suggest(command, param, ctx, typed)


async def _unless_cancelled(task: asyncio.Task[list[Suggestion]]) -> list[Suggestion]:
    """The task's outcome; nothing when somebody else cancelled it, which is not meant for who waits here."""
    await asyncio.wait({task})
    return [] if task.cancelled() else task.result()
