"""A conversation on this terminal, or with the lines of a pipe: what is said and asked. Nothing is decided here."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from bot.cli.output import say
from bot.plain import clean_line

__all__ = ["Left", "Talk"]


class Left(Exception):
    """There will be no further answer: the input ended, or somebody pressed Ctrl-C."""


class Talk:
    """Says and asks. On a terminal a secret is not shown while it is typed."""

    def say(self, text: str) -> None:
        say(text)
        sys.stdout.flush()

    def rows(self, rows: Sequence[str]) -> None:
        """A numbered list, from 1."""
        width = len(str(len(rows)))
        self.say("\n".join(f"  {n:>{width}}  {clean_line(row)}" for n, row in enumerate(rows, 1)))

    def ask(self, question: str, default: str = "", *, secret: bool = False) -> str:
        """One line; ``default`` when it is empty. Raises Left."""
        shown = f"{question} [{clean_line(default)}]: " if default else f"{question}: "
        with _interruptible():
            try:
                line = _secret(shown) if secret and sys.stdin.isatty() else input(shown)
            except (EOFError, KeyboardInterrupt):
                raise Left from None
        if not sys.stdin.isatty():
            self.say("")  # what a person's Enter does
        return line.strip() or default


def _secret(shown: str) -> str:
    from getpass import getpass

    return getpass(shown)


@contextmanager
def _interruptible() -> Iterator[None]:
    """Ctrl-C ends the question at once: asyncio's own handler would wait for the next line."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
