"""A process that dies at its n-th call of the database or the platform. For tests, on virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

#: before: the call was never made · after: it was carried out, and its answer never came back · late: a request that
#: was on its way is carried out seconds after its sender died.
How = Literal["before", "after", "late"]
LATE_S = 8.0


@dataclass(slots=True)
class Death:
    """Counts the calls of one run, and ends it at number ``at`` (0 = never)."""

    at: int = 0
    how: How = "before"
    calls: list[str] = field(default_factory=list)
    dead: bool = False
    died: asyncio.Event = field(default_factory=asyncio.Event)
    later: list[asyncio.Task[Any]] = field(default_factory=list)

    def of(self, target: Any, name: str = "") -> Any:
        return _Watched(target, self, name)

    async def call(self, name: str, made: Callable[[], Any]) -> Any:
        if self.dead:
            raise asyncio.CancelledError
        self.calls.append(name)
        if len(self.calls) != self.at:
            return await made()
        self.dead = True
        if self.how == "after":
            await made()
        if self.how == "late":
            self.later.append(asyncio.ensure_future(_after(LATE_S, made)))
        self.died.set()
        return await asyncio.Event().wait()


async def _after(seconds: float, made: Callable[[], Any]) -> None:
    await asyncio.sleep(seconds)
    await made()


class _Watched:
    """Every coroutine method of the target counts."""

    def __init__(self, target: Any, death: Death, name: str) -> None:
        self._target, self._death, self._name = target, death, name

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._target, name)
        if not asyncio.iscoroutinefunction(found):
            return found

        async def called(*given: Any, **named: Any) -> Any:
            return await self._death.call(f"{self._name}{name}", lambda: found(*given, **named))

        return called
