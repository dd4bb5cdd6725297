"""The console on a terminal: prompt_toolkit reads (history, Tab), Rich shows. Imported only when there is one."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

from prompt_toolkit import PromptSession
from prompt_toolkit.application import get_app_or_none, run_in_terminal
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.validation import Validator
from rich.console import Console
from rich.status import Status
from rich.text import Text

from adapters.console.render import rich_post, rich_reply
from adapters.console.session import ContextOf, Progress
from bot import texts, texts_messages
from bot.commands.completion import complete_line
from bot.commands.registry import Registry
from bot.plain import clean, clean_line
from bot.posts import Post
from bot.reply import Form, FormField, Reply
from bot.rules.masking import holds_secrets

PROMPT = "› "


class Terminal:
    """A Surface over a terminal. Ctrl-C gives up the line, the form or the work; Ctrl-D leaves."""

    def __init__(
        self, registry: Registry, context_of: ContextOf, stdout: TextIO | None = None, history: Path | None = None
    ) -> None:
        self._registry = registry
        self._console = Console(file=stdout, highlight=False, markup=False, emoji=False)
        self._prompt: PromptSession[str] = PromptSession(
            history=_history(history), completer=LineCompleter(registry, context_of), complete_while_typing=False
        )

    async def read(self) -> str | None:
        while True:
            try:
                return await self._prompt.prompt_async(PROMPT)
            except KeyboardInterrupt:
                continue
            except EOFError:
                return None

    def say(self, text: str) -> None:
        self._console.print(Text(clean(text), style="dim"))
        self._console.print()

    def show(self, reply: Reply) -> None:
        self._console.print(rich_reply(reply))
        self._console.print()

    def post(self, post: Post, edited: bool) -> None:
        shown = rich_post(self._registry, post, edited)

        def above() -> None:
            self._console.print(shown)
            self._console.print()

        app = get_app_or_none()
        if app is not None and app.is_running:
            # What is being typed is drawn again below it.
            run_in_terminal(above)
        else:
            above()

    async def ask(self, form: Form) -> dict[str, str] | None:
        self._console.print(Text(clean_line(form.title), style="bold"))
        answers: dict[str, str] = {}
        try:
            for field in form.fields:
                answers[field.name] = await _answer_to(field)
        except (KeyboardInterrupt, EOFError):
            self.say(texts.CANCELLED)
            return None
        return {name: answer for name, answer in answers.items() if answer}

    async def wait(self, work: Callable[[Progress], Awaitable[Reply]]) -> Reply | None:
        status = Status("", console=self._console)

        async def progress(text: str) -> None:
            status.update(Text(clean_line(text)))
            status.start()

        try:
            return await interruptible(work(progress))
        finally:
            status.stop()


class LineCompleter(Completer):
    """Tab: names of commands, options and values, as ``complete_line`` knows them."""

    def __init__(self, registry: Registry, context_of: ContextOf) -> None:
        self._registry = registry
        self._context_of = context_of

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> list[Completion]:
        return []  # everything is looked up asynchronously

    async def get_completions_async(
        self, document: Document, complete_event: CompleteEvent
    ) -> AsyncGenerator[Completion, None]:
        typed = document.text_before_cursor
        for found in await complete_line(self._registry, self._context_of(_silent), typed):
            text = clean_line(found.text) + (" " if found.text.endswith(" ") else "")
            about = clean_line(found.about)
            yield Completion(text, start_position=found.start - len(typed), display=text.strip(), display_meta=about)


class LastingHistory(FileHistory):
    """Earlier lines in a file; a full or read-only disk costs the history, never the line. Lines with the address of a
    private feed can be called back while the console runs, and are not written down."""

    def store_string(self, string: str) -> None:
        if holds_secrets(string):
            return
        with suppress(OSError):
            super().store_string(string)


async def interruptible(work: Awaitable[Reply]) -> Reply | None:
    """The outcome of ``work``; None when Ctrl-C cancelled it. The program's own handling of Ctrl-C is put back."""
    task = asyncio.ensure_future(work)
    loop = asyncio.get_running_loop()
    before: Any = signal.getsignal(signal.SIGINT)
    with suppress(NotImplementedError, RuntimeError, ValueError):  # Windows; not the main thread
        loop.add_signal_handler(signal.SIGINT, task.cancel)
    try:
        return await task
    except asyncio.CancelledError:
        current = asyncio.current_task()
        if current is not None and current.cancelling():
            raise  # the whole console is being stopped
        return None
    finally:
        with suppress(NotImplementedError, RuntimeError, ValueError):
            loop.remove_signal_handler(signal.SIGINT)
            signal.signal(signal.SIGINT, before)


async def _answer_to(field: FormField) -> str:
    wanted = texts.FORM_REQUIRED if not field.options else texts_messages.one_of_these(len(field.options))
    fits = Validator.from_callable(lambda text: _fits(field, text.strip()), wanted, move_cursor_to_end=True)
    session: PromptSession[str] = PromptSession(f"{_question(field)}: ", validator=fits, validate_while_typing=False)
    answer = (await session.prompt_async(default=clean_line(field.value))).strip()
    return _option(field, answer) or answer


def _question(field: FormField) -> str:
    """What is asked, with what can be chosen below it."""
    rows = [f"  {n} {clean_line(option)}" for n, option in enumerate(field.options, 1)]
    return "\n".join([clean_line(field.label), *rows, "›"]) if rows else clean_line(field.label)


def _fits(field: FormField, answer: str) -> bool:
    if not answer:
        return not field.required
    return not field.options or _option(field, answer) is not None


def _option(field: FormField, answer: str) -> str | None:
    """The option that is meant by its number or its words."""
    if answer.isascii() and answer.isdigit() and 1 <= int(answer) <= len(field.options):
        return field.options[int(answer) - 1]
    return next((one for one in field.options if one.casefold() == answer.casefold()), None)


def _history(path: Path | None) -> History:
    if path is None:
        return InMemoryHistory()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.open("a+b").close()
    except OSError:
        return InMemoryHistory()
    return LastingHistory(str(path))


async def _silent(text: str) -> None:
    """Completion has no progress to show."""
