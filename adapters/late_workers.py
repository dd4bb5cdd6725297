"""The workers, loaded with the first work: who asks one question starts no processes. No work is done here."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from adapters.workers import Workers

T = TypeVar("T")


class LateWorkers:
    """The ``Offload`` whose processes, and all that starts them, are loaded with the first work."""

    def __init__(self) -> None:
        self._inner: Workers | None = None

    async def run(self, work: Callable[..., T], *given: object, seconds: float = 30.0) -> T:
        if self._inner is None:
            from adapters.workers import Workers

            self._inner = Workers()
        return await self._inner.run(work, *given, seconds=seconds)

    async def close(self) -> None:
        if self._inner is not None:
            await self._inner.close()
