"""The console when it is no terminal: plain text in and out, line by line, without colours, prompts or progress."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Awaitable, Callable
from io import TextIOWrapper, UnsupportedOperation
from typing import TextIO

from adapters.console.post_text import post_text
from adapters.console.session import Progress
from bot import texts
from bot.commands.grammar import write_line
from bot.commands.registry import Registry
from bot.plain import clean, render_plain
from bot.posts import Post
from bot.reply import Form, Reply

CHUNK = 65_536


class Stream:
    """A Surface over two text streams. A reader that went away ends the conversation."""

    def __init__(self, registry: Registry, stdin: TextIO, stdout: TextIO) -> None:
        self._registry = registry
        self._lines = Lines(stdin)
        self._stdout = stdout
        self._said = False
        self._open = True
        if isinstance(stdout, TextIOWrapper):
            stdout.reconfigure(errors="replace")  # an ASCII locale shows ? for “, and goes on

    async def read(self) -> str | None:
        return await self._lines.next() if self._open else None

    def say(self, text: str) -> None:
        self._write(clean(text))

    def show(self, reply: Reply) -> None:
        self._write(render_plain(reply))

    def post(self, post: Post, edited: bool) -> None:
        self._write(post_text(self._registry, post, edited))

    async def ask(self, form: Form) -> dict[str, str] | None:
        """The next lines are commands, not answers: say how to give all of them in one."""
        command = self._registry.get(form.command)
        if command:
            asked = {field.name: field.value or f"<{'|'.join(field.options) or field.label}>" for field in form.fields}
            self._write(clean(texts.fill_in(write_line(command, {**form.args, **asked}))))
        return None

    async def wait(self, work: Callable[[Progress], Awaitable[Reply]]) -> Reply | None:
        return await work(_silent)

    def _write(self, text: str) -> None:
        try:
            self._stdout.write(f"\n{text}\n" if self._said else f"{text}\n")
            self._stdout.flush()
        except BrokenPipeError:
            self._open = False
        self._said = True


class Lines:
    """The lines of a stream, read off the event loop.

    A daemon thread waits in ``os.read``: it holds no lock of the stream, so the program can end while it waits.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._file = _descriptor(stream)
        self._buffer = b""
        self._ended = False

    async def next(self) -> str | None:
        """The next line without its end; None at the end of the stream."""
        if self._file is None:  # in memory (a test's): it never waits
            text = self._stream.readline()
            return text.rstrip("\r\n") if text else None
        while b"\n" not in self._buffer and not self._ended:
            chunk = await _in_thread(self._file)
            self._ended = not chunk
            self._buffer += chunk
        if not self._buffer:
            return None
        line, _, self._buffer = self._buffer.partition(b"\n")
        return line.decode("utf-8", "replace").rstrip("\r")


def _descriptor(stream: TextIO) -> int | None:
    try:
        return stream.fileno()
    except (UnsupportedOperation, AttributeError):
        return None


async def _in_thread(file: int) -> bytes:
    loop = asyncio.get_running_loop()
    done: asyncio.Future[bytes] = loop.create_future()

    def settle(chunk: bytes) -> None:
        if not done.done():
            done.set_result(chunk)

    def read() -> None:
        try:
            chunk = os.read(file, CHUNK)
        except OSError:
            chunk = b""
        if not loop.is_closed():
            loop.call_soon_threadsafe(settle, chunk)

    threading.Thread(target=read, name="console input", daemon=True).start()
    return await done


async def _silent(text: str) -> None:
    """A pipe is read by programs: no progress."""
