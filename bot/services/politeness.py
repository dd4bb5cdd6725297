"""How many ask one host at a time, and which hosts want to be left alone. No request is made here."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from bot.feed_ports import Fetched

#: After so many failures in a row a host is left alone for this long.
TIRED, REST = 5, timedelta(minutes=10)


def host_of(url: str) -> str:
    """The host of an address with its port; empty for what is none."""
    try:
        return urlsplit(url).netloc.rpartition("@")[2].lower()
    except ValueError:
        return ""


class Hosts:
    """One turn-taking for all requests of one kind of work."""

    def __init__(self, at_once: int, per_host: int, pause_s: float = 0.0) -> None:
        self._all = asyncio.Semaphore(at_once)
        self._per_host = per_host
        self._pause_s = pause_s
        self._lanes: dict[str, asyncio.Semaphore] = {}
        self._users: Counter[str] = Counter()
        self._failures: Counter[str] = Counter()
        self._resting: dict[str, datetime] = {}

    @asynccontextmanager
    async def turn(self, url: str) -> AsyncIterator[None]:
        """Wait for a turn at the address's host, then for one at all, so that a slow host keeps nobody else waiting."""
        host = host_of(url)
        lane = self._lanes.setdefault(host, asyncio.Semaphore(self._per_host))
        self._users[host] += 1
        try:
            async with lane, self._all:
                yield
                if self._pause_s:
                    await asyncio.sleep(self._pause_s)
        finally:
            self._users[host] -= 1
            if not self._users[host]:
                # Nobody waits: ten thousand hosts must not be kept for ever.
                del self._users[host], self._lanes[host]

    def resting_until(self, url: str, now: datetime) -> datetime | None:
        """Until when this host is left alone; None when it may be asked."""
        until = self._resting.get(host_of(url))
        return until if until and until > now else None

    def note(self, fetched: Fetched, url: str, now: datetime) -> None:
        """Learn from an answer: a host that is busy or fails again and again gets a rest."""
        host = host_of(url)
        if fetched.status == "busy":
            self._resting[host] = now + timedelta(seconds=fetched.retry_after_s or REST.total_seconds())
        elif fetched.status in ("timeout", "failed"):
            self._failures[host] += 1
            if self._failures[host] >= TIRED:
                self._resting[host] = now + REST
                del self._failures[host]
        else:
            self._failures.pop(host, None)
