"""Whether the process is well, for whoever watches it from outside: two words, and nothing about what is in it."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.errors import StorageError
from bot.logs import get_logger
from bot.web_ports import Answer, Incoming, Route

if TYPE_CHECKING:
    from bot.ports import Clock, Storage

log = get_logger(__name__)

#: An answer is good for so long, so that strangers cannot keep the database busy; it has so long to answer (seconds).
FRESH, PATIENCE_S = timedelta(seconds=2), 5.0


class Health:
    """``GET /health``: 200 while the database answers, 503 when it does not."""

    def __init__(self, storage: Storage, clock: Clock) -> None:
        self._storage = storage
        self._clock = clock
        self._looked: tuple[datetime, bool] | None = None
        self._looking = asyncio.Lock()

    def routes(self) -> tuple[Route, ...]:
        return (Route("GET", "/health", self._answer, quiet=True),)

    async def well(self) -> bool:
        """Whether the database answers."""
        async with self._looking:
            now = self._clock.now()
            if self._looked is None or abs(now - self._looked[0]) >= FRESH:
                self._looked = now, await self._look()
            return self._looked[1]

    async def _look(self) -> bool:
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self._storage.cached("health")
        except (StorageError, TimeoutError) as error:
            log.warning("not well", error=str(error) or "the database takes too long")
            return False
        return True

    async def _answer(self, incoming: Incoming) -> Answer:
        well = await self.well()
        words = f'{{"up": true, "storage": {"true" if well else "false"}}}'
        return Answer(200 if well else 503, words, "application/json")
