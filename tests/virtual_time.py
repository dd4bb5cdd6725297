"""An event loop whose hours pass at once, over real storage: time jumps only when nothing is under way. For tests.

Work in threads (aiosqlite's connections, ``asyncio.to_thread``) is waited for in real time, and its answers are taken
one by one when the loop has nothing else to do, so the same program over one connection runs the same way every time.
No sockets, no subprocesses.
"""

from __future__ import annotations

import asyncio
import selectors
import time
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from contextvars import Context
from datetime import UTC, datetime, timedelta
from queue import Empty, SimpleQueue
from typing import Any, TypeVar, TypeVarTuple, Unpack

import aiosqlite.core

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

START = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)


class Stuck(AssertionError):
    """The program waits for something that will never come; the text names every task and where it waits."""


class LoopClock:
    """The ``Clock`` port over the running loop's time: ``start`` is its zero."""

    def __init__(self, start: datetime = START) -> None:
        self.start = start

    def now(self) -> datetime:
        return self.start + timedelta(seconds=asyncio.get_running_loop().time())


def run(
    main: Coroutine[Any, Any, T],
    start: datetime = START,
    *,
    patience_s: float = 30.0,
    longest: timedelta = timedelta(days=400),
) -> T:
    """Run to the end; ``LoopClock(start)`` tells the time inside.

    Raises Stuck when nothing can ever happen any more, when work in a thread or a stretch without any passing of time
    takes more than ``patience_s`` real seconds, or when more than ``longest`` has passed.
    """
    loop = VirtualLoop(patience_s, longest)
    with _counted(), asyncio.Runner(loop_factory=lambda: loop) as runner:
        return runner.run(main)


class VirtualLoop(asyncio.SelectorEventLoop):
    """``time()`` starts at 0 and moves to the next timer when there is nothing else to do."""

    def __init__(self, patience_s: float = 30.0, longest: timedelta = timedelta(days=400)) -> None:
        self._seconds = 0.0
        self._patience_s = patience_s
        self._longest_s = longest.total_seconds()
        self._moved_at = time.monotonic()
        self._under_way = 0
        self._answers: SimpleQueue[asyncio.Handle] = SimpleQueue()
        super().__init__(_Jumping(self))

    def time(self) -> float:
        return self._seconds

    @contextmanager
    def under_way(self) -> Iterator[None]:
        """Time stands still while the block runs: something real is waited for."""
        self._under_way += 1
        try:
            yield
        finally:
            self._under_way -= 1

    def call_soon_threadsafe(
        self, callback: Callable[[Unpack[Ts]], object], *args: *Ts, context: Context | None = None
    ) -> asyncio.Handle:
        """Taken when the loop is idle, in order of arrival, so that threads cannot overtake each other at random."""
        handle = asyncio.Handle(callback, args, self, context)
        self._answers.put(handle)
        return handle

    def run_in_executor(self, executor: Any, func: Callable[..., T], *args: Any) -> asyncio.Future[T]:  # type: ignore[override]
        future = super().run_in_executor(executor, func, *args)
        self._under_way += 1
        future.add_done_callback(self._came_back)
        return future

    async def shutdown_default_executor(self, *given: Any) -> None:
        with self.under_way():
            await super().shutdown_default_executor(*given)

    def _came_back(self, _: object) -> None:
        self._under_way -= 1

    # -- what the selector asks for when the loop has nothing ready

    def wait(self, seconds: float | None) -> None:
        """Take one answer of a thread, if one is there or comes; else let ``seconds`` pass (None: no timer is set)."""
        if self._take(0.0) or (self._under_way and self._take(self._patience_s)):
            return
        if self._under_way:
            raise self._stuck(f"work in a thread takes more than {self._patience_s:g} s")
        if seconds is None:
            raise self._stuck("nothing is under way and no timer is set")
        self._seconds += seconds
        self._moved_at = time.monotonic()
        if self._seconds > self._longest_s:
            self._longest_s *= 2  # so that what is cancelled now can still end
            raise self._stuck("too much time has passed")

    def look(self) -> None:
        """Called while there is always something ready: a loop that turns without time passing."""
        if time.monotonic() - self._moved_at > self._patience_s:
            self._moved_at = time.monotonic()
            raise self._stuck(f"no time has passed in {self._patience_s:g} s of turning")

    def _take(self, within_s: float) -> bool:
        try:
            handle = self._answers.get(timeout=within_s) if within_s else self._answers.get_nowait()
        except Empty:
            return False
        if not handle.cancelled():
            self.call_soon(handle._run)
        self.look()
        return True

    def _stuck(self, why: str) -> Stuck:
        waiting = sorted(f"  {task.get_name()}: {_where(task)}" for task in asyncio.all_tasks(self))
        return Stuck("\n".join([f"{why}, {timedelta(seconds=self._seconds)} after the start", *waiting]))


class _Jumping(selectors.DefaultSelector):
    """The loop asks it how long to sleep; it lets time jump instead."""

    def __init__(self, loop: VirtualLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout == 0:
            self._loop.look()
        else:
            self._loop.wait(timeout)
        return []


@contextmanager
def _counted() -> Iterator[None]:
    """Every operation of a connection counts as under way, while the block runs."""
    kept: Mapping[str, Any] = {name: getattr(aiosqlite.core.Connection, name) for name in _OPERATIONS}
    for name, operation in kept.items():
        setattr(aiosqlite.core.Connection, name, _counting(operation))
    try:
        yield
    finally:
        for name, operation in kept.items():
            setattr(aiosqlite.core.Connection, name, operation)


_OPERATIONS = ("_connect", "_execute", "close")


def _counting(operation: Callable[..., Coroutine[Any, Any, Any]]) -> Callable[..., Coroutine[Any, Any, Any]]:
    async def counted(*given: Any, **named: Any) -> Any:
        loop = asyncio.get_running_loop()
        if not isinstance(loop, VirtualLoop):
            return await operation(*given, **named)
        with loop.under_way():
            return await operation(*given, **named)

    return counted


def _where(task: asyncio.Task[Any]) -> str:
    """The innermost line that a task waits at."""
    inner: Any = task.get_coro()
    line = "not begun"
    while inner is not None and (frame := getattr(inner, "cr_frame", None)) is not None:
        line = f"{frame.f_code.co_qualname} ({frame.f_code.co_filename}:{frame.f_lineno})"
        inner = inner.cr_await
    return line
