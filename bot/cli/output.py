"""Printing: text with nothing hostile in it, tables, JSON, and a progress bar for what takes over a second."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bot.plain import clean, clean_line

if TYPE_CHECKING:
    from rich.progress import Progress as Bar


def say(text: str) -> None:
    """One block of text to stdout; control and direction characters from feeds are dropped."""
    print(clean(text))  # noqa: T201


def note(text: str) -> None:
    """One line to stderr, beside the result."""
    print(clean_line(text), file=sys.stderr)  # noqa: T201


def say_json(body: object) -> None:
    """One JSON value on one line; what a terminal would obey is escaped, and so the same to a program."""
    print(json_line(body))  # noqa: T201


def json_line(body: object) -> str:
    text = json.dumps(body, ensure_ascii=False)
    return text if text.isprintable() else "".join(one if one.isprintable() else json.dumps(one)[1:-1] for one in text)


def count_of(number: int, thing: str) -> str:
    """``1 show``, ``2 shows``."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


class Watch:
    """Progress of long work: a Rich bar on a terminal once it takes over a second, else nothing."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._bar: Bar | None = None

    def __call__(self, done: int, total: int, name: str = "") -> None:
        if self._bar is None:
            if not sys.stderr.isatty() or time.monotonic() - self._began < 1:
                return
            self._bar = _bar()
            self._bar.start()
            self._bar.add_task("", total=total, name="")
        self._bar.update(self._bar.task_ids[0], completed=done, total=total, name=clean_line(name)[-40:])

    def stop(self) -> None:
        if self._bar:
            self._bar.stop()


@contextmanager
def watching() -> Iterator[Watch]:
    """A progress bar for as long as the block runs."""
    watch = Watch()
    try:
        yield watch
    finally:
        watch.stop()


def _bar() -> Bar:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[name]}", markup=False),
    )
    return Progress(*columns, console=Console(stderr=True))
