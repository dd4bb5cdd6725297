"""One conversation: which line is a command, which a number to press, which says goodbye. No terminal enters here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

from bot import texts
from bot.commands.dispatch import dispatch_line, perform
from bot.commands.registry import Registry
from bot.context import Context
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
        return self._remember(await dispatch_line(self._registry, self._context_of(progress), line))

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
        form = reply.form
        answers = await surface.ask(form) if form else None
        if form is None or answers is None:
            return
        reply = await surface.wait(_submission(session, form, answers))
    surface.say(texts.CANCELLED)


def _submission(session: Session, form: Form, answers: dict[str, str]) -> Callable[[Progress], Awaitable[Reply]]:
    return lambda progress: session.submit(form, answers, progress)
