"""What the outbox tells moderators: a place or a platform that does not work, a twin; and that it works again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from bot import texts_alerts as texts
from bot.alerts import ChoreKind, Lane
from bot.domain import CommunityId, Place
from bot.errors import StorageError
from bot.logs import get_logger
from bot.services.outbox_desk import Desk
from bot.services.pacing import Resting

if TYPE_CHECKING:
    from bot.alert_ports import Check

log = get_logger(__name__)

#: What is open is read again after so long (seconds).
FRESH_S = 60.0
#: So many of what is held are looked through.
HELD_READ = 1000


class Notices:
    """Troubles of places and platforms. What cannot be written now is written later (``catch_up``)."""

    def __init__(self, desk: Desk, communities: Callable[[str], set[CommunityId]]) -> None:
        """``communities``: those with a place of a platform that is worked on now."""
        self._desk = desk
        self._communities = communities
        self._open: dict[CommunityId, tuple[float, set[str]]] = {}
        self._owed: list[Callable[[], Awaitable[object]]] = []

    async def catch_up(self) -> None:
        """Write what could not be written. Raises StorageError."""
        while self._owed:
            try:
                await self._owed[0]()
            except StorageError:
                raise
            except Exception as error:  # it will never be written, and must not stand before everything else
                log.error("moderators could not be told", exc_info=error)
            del self._owed[0]

    async def blocked(self, lane: Lane, why: str) -> None:
        """The place is gone or forbidden: its lane stops, and moderators are told what to mend."""
        place, now = lane.place, self._desk.clock.now()
        await self._write(lambda: self._desk.storage.block_place(place, why, now))
        line = texts.PLACE_TROUBLE.format(place=place, why=why, fix=await self._fix(place))
        await self._tell(f"place:{place}", line, {lane.community})

    async def unreadable(self, lane: Lane, why: str) -> None:
        line = texts.UNREADABLE_TROUBLE.format(place=lane.place, why=why, fix=await self._fix(lane.place))
        await self._tell(f"place:{lane.place}", line, {lane.community})

    async def chore(self, lane: Lane, kind: ChoreKind, why: str) -> None:
        what, fix = texts.CHORE_WORDS[kind], await self._fix(lane.place, kind)
        line = texts.CHORE_TROUBLE.format(place=lane.place, what=what, why=why, fix=fix)
        await self._tell(f"chore:{kind}:{lane.place}", line, {lane.community})

    async def unmade(self, lane: Lane) -> None:
        """A post for the place cannot be made. Said once, until nothing is held for that any more."""
        await self._tell(f"post:{lane.place}", texts.UNMADE_TROUBLE.format(place=lane.place), {lane.community})

    async def token(self, lane: Lane, why: str) -> None:
        """The platform accepts the token nowhere."""
        name = lane.place.platform
        line = texts.TOKEN_TROUBLE.format(platform=name, why=why)
        await self._tell(f"platform:{name}", line, {lane.community, *self._communities(name)})

    async def silenced(self, place: Place, community: CommunityId, why: str) -> None:
        now, reason = self._desk.clock.now(), texts.TWIN_SILENT.format(why=why)
        log.warning("a twin was met", place=str(place), reason=why)
        await self._write(lambda: self._desk.storage.silence_place(place, reason, now))
        await self._tell(f"twin:{place}", texts.TWIN_TROUBLE.format(place=place, why=why), {community})

    async def works(self, lane: Lane, chore: ChoreKind | None = None) -> None:
        """Something was posted or done there: what was said of that, the place or its platform is over. A place that
        cannot be read back may be posted in all the same, which mends nothing."""
        place, community = lane.place, lane.community
        open_now = await self._open_in(community)
        if place in self._desk.unreadable:
            open_now = open_now - {f"place:{place}"}
        if f"post:{place}" in open_now and await self._any_unmade(lane):
            open_now = open_now - {f"post:{place}"}
        said = {
            f"chore:{chore}:{place}": texts.PLACE_WORKS.format(place=place),
            f"place:{place}": texts.PLACE_WORKS.format(place=place),
            f"post:{place}": texts.UNMADE_OVER.format(place=place),
            f"twin:{place}": texts.TWIN_GONE.format(place=place),
            f"platform:{place.platform}": texts.TOKEN_WORKS.format(platform=place.platform),
        }
        for source, over in said.items():
            if source in open_now:
                concerned = [one for one, (_, sources) in self._open.items() if source in sources]
                await self._set(source, (), concerned, over)

    async def _any_unmade(self, lane: Lane) -> bool:
        held = await self._desk.storage.alerts(lane.community, place=lane.place, states=["held"], limit=HELD_READ)
        return any(one.reason.startswith(texts.UNMADE) for one in held)

    async def _tell(self, source: str, line: str, communities: set[CommunityId]) -> None:
        await self._set(source, (line,), sorted(communities), "")

    async def _set(self, source: str, lines: tuple[str, ...], communities: list[CommunityId], over: str) -> None:
        now = self._desk.clock.now()
        await self._write(lambda: self._desk.storage.set_troubles(source, lines, communities, now, over))
        for community in communities:
            self._open.pop(community, None)
        self._desk.awake.set()

    async def _open_in(self, community: CommunityId) -> set[str]:
        now = asyncio.get_running_loop().time()
        read_at, sources = self._open.get(community, (-FRESH_S, set[str]()))
        if now - read_at >= FRESH_S:
            sources = {one.source for one in await self._desk.storage.troubles(community)}
            self._open[community] = now, sources
        return sources

    async def _write(self, write: Callable[[], Awaitable[object]]) -> None:
        try:
            await write()
        except StorageError as error:
            self._desk.storage_failed(error)
            self._owed.append(write)

    async def _fix(self, place: Place, kind: str = "") -> str:
        """What is missing there, as far as the platform tells."""
        messenger = self._desk.platforms[place.platform].messenger
        try:
            await self._desk.platforms[place.platform].gate.turn("chore")
            check: Check | None = await messenger.check(
                place, thread="thread" if kind == "thread" else "none", publish=kind == "publish"
            )
        except Resting:
            check = None
        if check is None or not check.missing:
            return texts.FIX_UNKNOWN
        return texts.FIX_MISSING.format(missing=", ".join(check.missing))
