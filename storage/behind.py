"""What is written behind an answer's back: it counts at once, is stored as soon as nobody else writes, and may be lost.

No answer waits for such a write, and however many there are, each key is written once a round.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress

from bot.errors import StorageError, StorageLocked
from bot.logs import get_logger
from storage.database import Database

log = get_logger(__name__)

#: So many are remembered until they are stored; beyond that the oldest are given up.
MOST_WAITING = 2_000

Key = tuple[str, ...]
Params = Mapping[str, object]


class Behind:
    """Named statements that wait to be run, by a key each; a later one of a key replaces the one before."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._waiting: dict[Key, tuple[str, Params]] = {}
        self._task: asyncio.Task[None] | None = None

    def known(self, key: Key) -> Params | None:
        """The parameters of what is not stored yet."""
        found = self._waiting.get(key)
        return found[1] if found else None

    def write(self, key: Key, name: str, params: Params) -> None:
        self._waiting.pop(key, None)
        self._waiting[key] = (name, params)
        if len(self._waiting) > MOST_WAITING:
            self._waiting.pop(next(iter(self._waiting)))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._store())

    async def settle(self) -> None:
        """Wait until what was said so far is stored or given up."""
        if self._task is not None:
            with suppress(asyncio.CancelledError):
                await asyncio.shield(self._task)

    async def _store(self) -> None:
        while self._waiting:
            taken = dict(self._waiting)
            try:
                async with self._db.writing(patient=False) as t:
                    for name, params in taken.values():
                        await t.run(name, params)
            except StorageLocked as error:
                # An answer is worth more than the memory of it: while another process writes, this is not remembered.
                log.info("not remembered", count=len(taken), reason=str(error))
            except StorageError as error:
                log.warning("not remembered", count=len(taken), reason=str(error))
            for key, one in taken.items():
                if self._waiting.get(key) is one:
                    del self._waiting[key]
