"""Time that runs a hundred times as fast, the same in every process of the harness: real constants, short waits.

A lease of 60 s lapses within 0.6 s, three minutes of a nonce's memory are 1.8 s, and nothing has to be told of it.
"""

from __future__ import annotations

import asyncio
import selectors
import time
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

T = TypeVar("T")

START = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)


class FastClock:
    """The ``Clock`` port: ``zero`` (of ``time.monotonic``, which all processes share) was START."""

    def __init__(self, zero: float, rate: float) -> None:
        self._zero, self._rate = zero, rate

    def now(self) -> datetime:
        return START + timedelta(seconds=(time.monotonic() - self._zero) * self._rate)


class _Hurried(selectors.DefaultSelector):
    def __init__(self, rate: float) -> None:
        super().__init__()
        self._rate = rate

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        return super().select(timeout / self._rate if timeout else timeout)


class FastLoop(asyncio.SelectorEventLoop):
    """A real loop, sockets and all, whose seconds are ``1 / rate`` seconds long."""

    def __init__(self, rate: float) -> None:
        self._rate = rate
        super().__init__(_Hurried(rate))

    def time(self) -> float:
        return time.monotonic() * self._rate


def run_fast(main: Coroutine[Any, Any, T], rate: float) -> T:
    with asyncio.Runner(loop_factory=lambda: FastLoop(rate)) as runner:
        return runner.run(main)
