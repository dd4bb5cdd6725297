"""How the program is told to end: a signal ends its work in order, a second one at once. Nothing is stopped here but
that work."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import contextmanager, suppress

#: What a service manager sends, and Ctrl-C.
TERM, INTERRUPT = signal.SIGTERM, signal.SIGINT


async def until_told(
    work: Coroutine[object, object, None] | None = None, signals: Sequence[signal.Signals] = (TERM,)
) -> None:
    """Wait until ``work`` is done or one of the signals came, which cancels it; without work, for the signal."""
    told = asyncio.Event()
    waits: list[asyncio.Task[object]] = [asyncio.create_task(told.wait())]
    if work is not None:
        waits.append(asyncio.create_task(work))
    with _heard(told, signals):
        try:
            done, _ = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waits:
                task.cancel()
            await asyncio.gather(*waits, return_exceptions=True)
    for task in done:
        task.result()


@contextmanager
def _heard(told: asyncio.Event, signals: Sequence[signal.Signals]) -> Iterator[None]:
    loop = asyncio.get_running_loop()

    def hear() -> None:
        told.set()
        forget()  # a second one does what it always did

    def forget() -> None:
        for one in signals:
            with suppress(NotImplementedError, RuntimeError, ValueError):
                loop.remove_signal_handler(one)

    for one in signals:
        with suppress(NotImplementedError, RuntimeError, ValueError):  # Windows; not the main thread
            loop.add_signal_handler(one, hear)
    try:
        yield
    finally:
        forget()
