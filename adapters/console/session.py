"""One conversation: which line is a command, which a number to press, which says goodbye. No terminal enters here."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Protocol

from adapters.console.kept import keep
from adapters.files import upload, why_not
from bot import texts, texts_chat, texts_messages
from bot.commands.declare import Command
from bot.commands.dispatch import dispatch, dispatch_line, perform
from bot.commands.grammar import parse_line
from bot.commands.registry import Registry
from bot.context import Context
from bot.domain import Role
from bot.errors import UserError
from bot.files import File, Upload
from bot.plain import presses
from bot.posts import Post
from bot.reply import Action, Form, Reply

#: Shows what long work is doing.
Progress = Callable[[str], Awaitable[None]]
#: Makes the Context of one request.
ContextOf = Callable[[Progress], Context]

LEAVE = frozenset({"exit", "quit", "/exit", "/quit"})
#: More digits than any list has numbers.
DIGITS = 4


class Surface(Protocol):
    """Where a conversation happens."""

    async def read(self) -> str | None:
        """The next line; None when there will be none."""
        ...

    def say(self, text: str) -> None:
        """Words of the console itself."""
        ...

    def show(self, reply: Reply) -> None: ...

    def post(self, post: Post, edited: bool) -> None:
        """A post that was just made or edited, whatever goes on meanwhile."""
        ...

    async def ask(self, form: Form) -> dict[str, str] | None:
        """The answers to a form; None when it was left or cannot be asked here."""
        ...

    async def wait(self, work: Callable[[Progress], Awaitable[Reply]]) -> Reply | None:
        """The outcome of the work, with its progress shown; None when the person interrupted it."""
        ...


class Session:
    """What the last reply offered, and how the next line is meant."""

    def __init__(self, registry: Registry, context_of: ContextOf) -> None:
        self._registry = registry
        self._context_of = context_of
        self._offered: tuple[Action, ...] = ()

    async def answer(self, line: str, progress: Progress) -> Reply:
        """The reply to a line: a number presses a choice of the last reply, all else is a command."""
        number = line.strip().removeprefix("[").removesuffix("]")
        if number.isascii() and number.isdigit() and len(number) <= DIGITS:
            return await self._press(int(number), progress)
        return self._remember(await self._answered(line, self._context_of(progress)))

    async def _answered(self, line: str, ctx: Context) -> Reply:
        """A path where a command takes a file is read, for the operator alone: nobody else is at the machine."""
        if ctx.role < Role.operator:
            return await dispatch_line(self._registry, ctx, line)
        try:
            command, raw = parse_line(line, self._registry, ctx.role)
        except UserError:
            return await dispatch_line(self._registry, ctx, line)  # which says what is wrong with it
        if not any(param.type is Upload and param.name in raw for param in command.params):
            return await dispatch(command, ctx, raw)
        try:
            given = await asyncio.to_thread(_with_files, command, raw)
        except OSError as error:
            return Reply(texts_chat.no_such_file(error.filename or "", why_not(error)), outcome="usage")
        return await dispatch(command, ctx, given)

    async def submit(self, form: Form, answers: dict[str, str], progress: Progress) -> Reply:
        """The reply to a filled form."""
        action = Action(form.title, form.command, form.args)
        return self._remember(await perform(self._registry, self._context_of(progress), action, answers))

    async def _press(self, number: int, progress: Progress) -> Reply:
        if not 1 <= number <= len(self._offered):
            return Reply(texts.no_choice(number, len(self._offered)), outcome="usage")  # what was offered stays
        action = self._offered[number - 1]
        return self._remember(await perform(self._registry, self._context_of(progress), action))

    def _remember(self, reply: Reply) -> Reply:
        self._offered = presses(reply)
        return reply


def _with_files(command: Command, raw: Mapping[str, str]) -> dict[str, object]:
    """The arguments with what stands in the files that they name."""
    kinds = {param.name: param.type for param in command.params}
    return {
        name: upload(Path(value).expanduser()) if kinds.get(name) is Upload else value for name, value in raw.items()
    }


async def converse(session: Session, surface: Surface, welcome: str) -> None:
    """Read, answer, show, until the person leaves."""
    surface.say(welcome)
    while (line := await surface.read()) is not None:
        text = line.strip()
        if text.lower() in LEAVE:
            return
        if text:
            await _turn(session, surface, text)


async def _turn(session: Session, surface: Surface, line: str) -> None:
    reply = await surface.wait(lambda progress: session.answer(line, progress))
    while reply is not None:
        surface.show(reply)
        if reply.file:
            surface.say(await _kept(reply.file))
        form = reply.form
        answers = await surface.ask(form) if form else None
        if form is None or answers is None:
            return
        reply = await surface.wait(_submission(session, form, answers))
    surface.say(texts.CANCELLED)


async def _kept(file: File) -> str:
    """A file that was given is put where the console was opened."""
    try:
        return texts_messages.saved_as(str(await asyncio.to_thread(keep, file, Path.cwd())))
    except OSError as error:
        return texts_messages.not_saved(file.name, why_not(error))


def _submission(session: Session, form: Form, answers: dict[str, str]) -> Callable[[Progress], Awaitable[Reply]]:
    return lambda progress: session.submit(form, answers, progress)
