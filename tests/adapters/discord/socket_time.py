"""Virtual time for programs that talk over loopback inside one loop: it jumps only when no socket has news. For tests.

Both ends live in the loop, so what one sent can be read by the other at the next look.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

from tests.virtual_time import VirtualLoop, _counted

T = TypeVar("T")
#: What the kernel is given to bring a byte across, in real seconds.
ACROSS_S = 0.001


class SocketLoop(VirtualLoop):
    """A ``VirtualLoop`` whose selector really looks at its sockets."""

    def __init__(self, patience_s: float) -> None:
        super().__init__(patience_s)
        self._selector.select = self._looked  # type: ignore[attr-defined]

    def _looked(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        news = self._news(0)
        if not news and timeout != 0:
            news = self._news(ACROSS_S)
            if not news:
                self.wait(timeout)
                return self._news(0)
        self.look()
        return news

    def _news(self, timeout: float) -> list[tuple[selectors.SelectorKey, int]]:
        return selectors.DefaultSelector.select(self._selector, timeout)  # type: ignore[attr-defined]


def run(main: Coroutine[Any, Any, T], *, patience_s: float = 60.0) -> T:
    """Run to the end on virtual time; ``tests.virtual_time.LoopClock`` tells it."""
    with _counted(), asyncio.Runner(loop_factory=lambda: SocketLoop(patience_s)) as runner:
        return runner.run(main)
