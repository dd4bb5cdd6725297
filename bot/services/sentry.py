"""Listens to what the platform says of our account's posts, and notices when another copy of the bot makes them.

Judged against the database after a few seconds' grace, since an event may be faster than the answer to our own request.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import TYPE_CHECKING, TypeVar

from bot.alert_ports import Found
from bot.errors import StorageError
from bot.logs import get_logger
from bot.rules import twins

if TYPE_CHECKING:
    from bot.domain import CommunityId, Place
    from bot.services.outbox_desk import Desk

log = get_logger(__name__)
K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

#: So long after an event it is judged; again while an attempt is under way; and given up after (seconds).
GRACE_S, AGAIN_S, GIVEN_UP_S = 5.0, 30.0, 7200.0
#: Events and own messages that are remembered.
KEPT = 20_000


class Sentry:
    """Events of one run. ``silence`` is called with the place of a twin's post, its community and the reason."""

    def __init__(self, desk: Desk, silence: Callable[[Place, CommunityId, str], Awaitable[None]]) -> None:
        self._desk = desk
        self._silence = silence
        self._heard: OrderedDict[str, Found] = OrderedDict()
        self._mine: OrderedDict[str, None] = OrderedDict()
        #: (when to judge, given up at, place, what was seen), in order of arrival.
        self._open: list[tuple[float, float, Place, Found]] = []
        self._news = asyncio.Event()

    def seen(self, place: Place, found: Found) -> None:
        """One event, as ``Messenger.watch`` calls it."""
        if found.message in self._mine:
            return
        _keep(self._heard, found.key, found)
        now = asyncio.get_running_loop().time()
        self._open.append((now + GRACE_S, now + GIVEN_UP_S, place, found))
        del self._open[:-KEPT]
        self._news.set()

    def sent(self, message: str, key: str) -> None:
        """This run sent it."""
        _keep(self._mine, message, None)
        self.forget(key)

    def read(self, found: Found) -> None:
        """It stands in a place that was read, and its alert is yet to be made."""
        _keep(self._heard, found.key, found)

    def heard(self, key: str) -> Found | None:
        return self._heard.get(key)

    def forget(self, key: str) -> None:
        self._heard.pop(key, None)

    async def run(self) -> None:
        """Judge what was seen, until cancelled."""
        while True:
            await self._news.wait()
            await asyncio.sleep(1.0)
            try:
                await self._judge()
            except StorageError as error:
                self._desk.storage_failed(error)
                await asyncio.sleep(AGAIN_S)
            except Exception as error:  # a fault that nobody thought of ends no watch
                log.error("a post could not be judged", exc_info=error)
                await asyncio.sleep(AGAIN_S)
            if not self._open:
                self._news.clear()

    async def _judge(self) -> None:
        now = asyncio.get_running_loop().time()
        for one in [one for one in self._open if one[0] <= now]:
            _, given_up, place, found = one
            self._open.remove(one)
            later = True  # also when judging it fails: behind the others, and not for ever
            try:
                later = found.message not in self._mine and await self._is_later(place, found)
            finally:
                if later and now < given_up:
                    self._open.append((now + AGAIN_S, given_up, place, found))

    async def _is_later(self, place: Place, found: Found) -> bool:
        """Judge one post; True when it is too early to."""
        alert = await self._desk.storage.alert(found.key)
        verdict = twins.of_event(found, alert)
        if alert is not None and alert.state in ("posted", "deleted"):
            self.forget(found.key)  # it is written; anything else that was there once is never sent again
        if verdict.what == "twin":
            self._desk.noticed.add(found.message)
            lane = await self._desk.storage.lane(alert.place if alert else place)
            if lane is None:
                log.warning("another copy posts with this token", place=str(place), reason=verdict.reason)
            elif lane.place not in self._desk.silenced:
                await self._silence(lane.place, lane.community, verdict.reason)
        return verdict.what == "later"


def _keep(kept: OrderedDict[K, V], key: K, value: V) -> None:
    kept[key] = value
    while len(kept) > KEPT:
        kept.popitem(last=False)
