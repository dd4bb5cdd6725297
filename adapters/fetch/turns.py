"""Whose turn it is: so many requests at once in all and to one host, first come first served. No HTTP here."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Turns:
    """Slots by host. A host that is slow fills its own slots only: who waits for it holds none of the others'."""

    def __init__(self, total: int, per_host: int) -> None:
        self._per_host = per_host
        self._all = asyncio.Semaphore(total)
        self._hosts: dict[str, tuple[asyncio.Semaphore, int]] = {}

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait for a slot of the host and then one of all; hosts that nobody asks for are forgotten."""
        slots, users = self._hosts.get(host) or (asyncio.Semaphore(self._per_host), 0)
        self._hosts[host] = slots, users + 1
        try:
            async with slots, self._all:
                yield
        finally:
            slots, users = self._hosts[host]
            if users == 1:
                del self._hosts[host]
            else:
                self._hosts[host] = slots, users - 1
