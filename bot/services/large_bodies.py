"""How many large bodies are in memory at a time, from their arrival until what they hold is stored."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

#: Four feeds at the limit of 25 MiB are 100 MiB; two are read at a time, so that more would only wait.
AT_ONCE = 4


class LargeBodies:
    """Room for bodies that turn out to be large. Small ones pass by."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._places = asyncio.Semaphore(at_once)

    @asynccontextmanager
    async def room(self) -> AsyncIterator[Place]:
        """A ``bot.feed_ports.Room`` for one body; free again at the end of the block."""
        place = Place(self._places)
        try:
            yield place
        finally:
            place.leave()


class Place:
    """The place of one body, taken when it is asked for."""

    def __init__(self, places: asyncio.Semaphore) -> None:
        self._places = places
        self._taken = False

    async def wanted(self) -> None:
        if not self._taken:
            await self._places.acquire()
            self._taken = True

    def leave(self) -> None:
        if self._taken:
            self._places.release()
