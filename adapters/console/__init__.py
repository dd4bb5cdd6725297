"""The console surface: chat's grammar on a terminal, or line by line when it is none. Opened by ``run_console``.

Rich and prompt_toolkit are imported only for a terminal, so that ``do`` and pipes start at once.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from adapters.console.session import ContextOf, Progress, Session, Surface, converse
from bot import texts
from bot.commands.registry import Registry

if TYPE_CHECKING:
    from adapters.console.posts import ConsoleMessenger

__all__ = ["ContextOf", "Progress", "run_console"]


async def run_console(
    registry: Registry,
    context_of: ContextOf,
    *,
    stdin: TextIO,
    stdout: TextIO,
    history: Path | None = None,
    example: str = "/quote",
    notice: str = "",
    messenger: ConsoleMessenger | None = None,
    at_end: Callable[[], Awaitable[object]] | None = None,
) -> None:
    """Answer until the input ends or the person leaves.

    ``context_of`` makes the Context of one request (with a request id of its own) around a progress callback;
    ``history`` is the file of earlier lines; ``example`` is a command that works here, for the welcome; ``notice``
    is a line above it; what ``messenger`` posts is shown as it comes, also while ``at_end`` is awaited. Both streams a
    terminal: editing, Tab, colours, prompts for forms. Else plain text, one blank line between replies. Nothing is
    closed here.
    """
    surface = _surface(registry, context_of, stdin, stdout, history)
    welcome = "\n".join(filter(None, (notice, *texts.welcome(example))))
    if messenger:
        messenger.show = surface.post
    try:
        await converse(Session(registry, context_of), surface, welcome)
        if at_end:
            await at_end()
    finally:
        if messenger:
            messenger.show = None


def _surface(registry: Registry, context_of: ContextOf, stdin: TextIO, stdout: TextIO, history: Path | None) -> Surface:
    if stdin.isatty() and stdout.isatty():
        from adapters.console.terminal import Terminal

        return Terminal(registry, context_of, stdout, history)
    from adapters.console.stream import Stream

    return Stream(registry, stdin, stdout)
