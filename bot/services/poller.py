"""Polling: fetch, read, decide what each item is, store it all in one transaction. What is new is reported once.

A feed costs one conditional request where nothing changed; those are written down together. What is news is stored as
such; nothing is announced here.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import blake2b
from typing import TYPE_CHECKING, TypeVar
from weakref import WeakValueDictionary

from bot import texts
from bot.domain import Episode, Show, ShowId
from bot.errors import StorageConflict, StorageError, WorkFailed
from bot.feed_memory import FeedRole, FeedState, KnownItem, PollChanges
from bot.feed_ports import Fetched, Fetcher, Request, Room
from bot.feeds import Feed
from bot.logs import get_logger
from bot.rules import rhythm
from bot.rules.access import carries_credentials
from bot.rules.item_names import usable_date
from bot.rules.masking import masked
from bot.rules.websub import offered
from bot.services.large_bodies import LargeBodies
from bot.services.politeness import host_of
from bot.services.poll_reports import PollReport, Seen, report, report_of
from bot.services.poll_troubles import PollTroubles
from bot.services.readers import FEED_S, NoFeed, read_feed
from bot.services.together import together

if TYPE_CHECKING:
    from bot.ports import Clock, Offload, Storage
    from bot.rules.item_verdicts import Judged
    from bot.rules.polling import Polled

T = TypeVar("T")

log = get_logger(__name__)

ACCEPT = "application/rss+xml, application/atom+xml, application/rdf+xml;q=0.9, application/xml;q=0.8, */*;q=0.5"
#: So many feeds are on their way at a time; how many ask one host, the fetcher knows.
AT_ONCE = 96
#: States of feeds where nothing changed that are written in one transaction.
BATCH = 200
#: Pages of an archived feed (RFC 5005) that are followed when a show is added, and items in all.
PAGES, ITEMS = 100, 50_000
#: Feeds of more items are judged in a thread, so that nobody's answer waits.
SMALL = 60
#: So often is a look decided anew because somebody else stored something meanwhile.
TRIES = 5

#: Called with (done, total, what is read).
Progress = Callable[[int, int, str], None]


def _silent(done: int, total: int, name: str) -> None:
    """Nobody watches."""


class Poller:
    """Looks at feeds for everybody who follows them."""

    def __init__(
        self,
        storage: Storage,
        fetcher: Fetcher,
        offload: Offload,
        clock: Clock,
        limit: int = 25 * 2**20,
        chance: Callable[[], float] = random.random,
        on_news: Callable[[], None] = lambda: None,
    ) -> None:
        """``on_news`` is called whenever something to be told was stored."""
        self._storage = storage
        self._fetcher = fetcher
        self._offload = offload
        self._clock = clock
        self._limit = limit
        self._chance = chance
        self._on_news = on_news
        self._troubles = PollTroubles(storage, clock)
        self._large = LargeBodies()
        self._locks: WeakValueDictionary[ShowId, asyncio.Lock] = WeakValueDictionary()

    async def poll_due(self, now: datetime, limit: int = 10_000, watch: Progress = _silent) -> list[PollReport]:
        """Every feed whose time has come, those that wait longest first."""
        return await self.poll(await self._storage.due_feeds(now, limit), watch)

    async def poll(self, states: Sequence[FeedState], watch: Progress = _silent) -> list[PollReport]:
        """These feeds, now, many at a time; the reports are in their order. What landed stays when it is stopped."""
        reports: dict[int, PollReport] = {}
        quiet: list[FeedState] = []
        waiting = _spread(states)

        async def work() -> None:
            while waiting:
                n, state = waiting.pop()
                reports[n] = await self._guarded(state, quiet)
                watch(len(reports), len(states), host_of(state.url))
                if len(quiet) >= BATCH:
                    await self._note(quiet)

        try:
            await together(work() for _ in range(min(AT_ONCE, len(states))))
        finally:
            await asyncio.shield(self._note(quiet))
        return [reports[n] for n in range(len(states))]

    async def take(self, state: FeedState, fetched: Fetched, feed: Feed, *, whole: bool = False) -> PollReport:
        """Store a feed that was just read; with ``whole``, its older pages too."""
        if whole and state.baseline_at is None:
            feed = await self._with_pages(feed, fetched.url)
        return await self._store(state, self._seen(state, fetched, fetched, feed))

    async def _note(self, quiet: list[FeedState]) -> None:
        batch = quiet[:]
        del quiet[:]
        if batch:
            await self._storage.note_polls(batch)

    async def _guarded(self, state: FeedState, quiet: list[FeedState]) -> PollReport:
        """One feed. What goes wrong with it is its own report; only a database that cannot be used stops the others."""
        try:
            async with self._large.room() as room:
                seen = await self._look(state, room)
                if seen.feed is not None:
                    return await self._store(state, seen)
        except StorageError:
            raise
        except Exception as err:
            log.error("poll failed", show=state.show, exc_info=err)
            seen = self._broken(state, err)
        quiet.append(seen.polled.state)
        moved = await self._troubles.moved(state, seen.polled)
        if await self._troubles.looked(state, seen.polled) or moved:
            self._on_news()
        return report_of(state, seen)

    def _broken(self, state: FeedState, err: Exception) -> Seen:
        """A fault of ours with this feed: it waits as after any failure."""
        fetched = Fetched("failed", state.url, f"failed on our side ({type(err).__name__})")
        return Seen(self._after(state, fetched), fetched)

    # -- one look

    async def _look(self, state: FeedState, room: Room) -> Seen:
        wanted = Request(state.url, self._limit, state.etag, state.modified, accept=ACCEPT, room=room)
        fetched = await self._fetcher.fetch(wanted)
        if fetched.status != "ok":
            return Seen(self._after(state, fetched), fetched)
        digest = _digest(fetched.body)
        if digest == state.body_hash and state.baseline_at:
            return Seen(self._after(state, fetched, body_hash=digest), replace(fetched, status="unchanged"))
        read = await self._read(fetched)
        if isinstance(read, NoFeed):
            return Seen(
                self._after(state, fetched, is_feed=False, problem="" if read.page else read.why),
                replace(fetched, status="failed"),
            )
        moving = await self._announced(state, fetched, read)
        return self._seen(state, fetched, moving, read)

    def _seen(self, state: FeedState, fetched: Fetched, moving: Fetched, feed: Feed) -> Seen:
        polled = self._after(state, moving, is_feed=True, body_hash=_digest(fetched.body), ttl_s=feed.ttl_s)
        if moving is not fetched and polled.state.url == state.url:
            # It says that it moves: the next look must see it say so again, whatever its validators are.
            polled = replace(polled, state=_forgetful(polled.state))
        return Seen(polled, fetched, feed, moving)

    def _after(
        self,
        state: FeedState,
        fetched: Fetched,
        *,
        is_feed: bool | None = None,
        problem: str = "",
        body_hash: str | None = None,
        ttl_s: float | None = None,
    ) -> Polled:
        from bot.rules.polling import after

        return after(
            state, fetched, self._clock.now(), is_feed=is_feed, problem=problem, body_hash=body_hash, ttl_s=ttl_s,
            jitter=self._chance(),
        )  # fmt: skip

    async def _read(self, fetched: Fetched) -> Feed | NoFeed:
        try:
            return await self._offload.run(read_feed, fetched.body, fetched.url, fetched.content_type, seconds=FEED_S)
        except WorkFailed as err:
            return NoFeed(str(err))

    async def _announced(self, state: FeedState, fetched: Fetched, feed: Feed) -> Fetched:
        """``itunes:new-feed-url`` counts as a permanent redirect, once what stands there is known to be a feed."""
        from bot.rules.feed_addresses import same_feed

        url = feed.new_url
        if not url or fetched.moved_to or same_feed(url, state.url) or same_feed(url, fetched.url):
            return fetched
        if carries_credentials(url) != carries_credentials(state.url):
            return fetched  # a public feed does not become private by its own word, nor the other way round
        there = await self._fetcher.fetch(Request(url, self._limit, accept=ACCEPT))
        if there.status != "ok" or isinstance(await self._read(there), NoFeed):
            return fetched
        return replace(fetched, moved_to=url)

    async def _with_pages(self, feed: Feed, url: str) -> Feed:
        """The feed with the items of its older pages behind its own: only to know the back catalogue."""
        items, seen, at = list(feed.items), {url}, feed.next_url
        for _ in range(PAGES):
            if not at or at in seen or len(items) >= ITEMS:
                break
            seen.add(at)
            fetched = await self._fetcher.fetch(Request(at, self._limit, accept=ACCEPT))
            page = await self._read(fetched) if fetched.status == "ok" else NoFeed(fetched.reason)
            if isinstance(page, NoFeed):
                log.warning("a page of a feed cannot be read", url=masked(at), reason=masked(page.why))
                break
            items.extend(page.items)
            at = page.next_url
        return replace(feed, items=tuple(items[:ITEMS])) if len(items) > len(feed.items) else feed

    # -- storing

    async def _store(self, before: FeedState, seen: Seen) -> PollReport:
        lock = self._locks.setdefault(before.show, asyncio.Lock())
        async with lock:  # two looks at one feed at a time would only disturb each other
            for _ in range(TRIES):
                try:
                    return await self._stored(before, seen)
                except StorageConflict:  # another process, or somebody who set the feed: decide by what is there now
                    log.info("decided anew", show=before.show, role=before.role)
                    fresh = await self._storage.feed(before.show, before.role)
                    if fresh is None or fresh.url != before.url or fresh.stopped:
                        return PollReport(before.show, "unchanged", texts.POLL_OVERTAKEN, role=before.role)
                    assert seen.feed
                    assert seen.moving
                    before, seen = fresh, self._seen(fresh, seen.fetched, seen.moving, seen.feed)
        log.warning("a feed is busy elsewhere", show=before.show, role=before.role)
        return PollReport(before.show, "failed", texts.POLL_CROWDED, role=before.role)

    async def _stored(self, before: FeedState, seen: Seen) -> PollReport:
        feed, show = seen.feed, before.show
        assert feed is not None
        assert seen.moving is not None
        baseline = before.baseline_at is None
        catalogue = await self._storage.catalogue(show)  # before what it stands for
        episodes = await self._storage.stored_episodes(show)
        known = await self._storage.known_items(show)
        judged = await self._judged(feed, before.role, known, episodes, baseline)
        # When it is looked at next depends on when its episodes come out, the newest included.
        seen = self._seen(learnt(before, feed, known, self._clock.now(), seen.fetched), seen.fetched, seen.moving, feed)
        state = _forgetful(seen.polled.state) if judged.watch else seen.polled.state
        home = await self._storage.stored_show(show)
        changes = await self._changes(feed, state, judged, episodes, home, baseline)
        saved = await self._storage.apply_poll(replace(changes, catalogue=catalogue))
        lost = sum(len(one.lost) for one in saved)
        if lost:
            log.warning("corrections lost their words", show=show, lost=lost)
        told = await self._troubles.judged(before, seen.polled, judged, episodes, home)
        if await self._troubles.looked(before, seen.polled) or told or changes.news:
            self._on_news()
        return report(before, seen, judged)

    async def _changes(
        self,
        feed: Feed,
        state: FeedState,
        judged: Judged,
        episodes: Sequence[Episode],
        home: Show | None,
        baseline: bool,
    ) -> PollChanges:
        from bot.rules.item_import import changes, offering_chapters

        stored = {key: await self._storage.stored_chapters(state.show, key) for key in offering_chapters(judged)}
        language = home.language if home else "en"
        now = self._clock.now()
        made = await _aside(
            feed,
            lambda: changes(judged, feed, state, episodes, now, chapters=stored, language=language, baseline=baseline),
        )
        # Title and language were taken when the show was added; from then on they are the moderators'.
        return replace(made, show=replace(made.show, title=None, language=None)) if made.show else made

    async def _judged(
        self, feed: Feed, role: FeedRole, known: Sequence[KnownItem], episodes: Sequence[Episode], baseline: bool
    ) -> Judged:
        from bot.rules.feed_items import judge

        now = self._clock.now()
        return await _aside(feed, lambda: judge(feed, known, episodes, now, baseline=baseline, role=role))


def learnt(state: FeedState, feed: Feed, known: Sequence[KnownItem], now: datetime, fetched: Fetched) -> FeedState:
    """The state with when the show's episodes come out, and with the hub that says so at once."""
    dates = [one.published for one in known if one.role == state.role]
    dates += [one.published for one in feed.items]
    usable = [date for one in dates if (date := usable_date(one, now))]
    # A hub would learn a private feed's address.
    hub, topic = offered(state.url, fetched.url, fetched.links, feed.hub_url, feed.self_url)
    if carries_credentials(state.url):
        hub, topic = "", ""
    return replace(state, rhythm=rhythm.of(usable, now), hub=hub, topic=topic)


def _forgetful(state: FeedState) -> FeedState:
    """The state with which the next look gets the whole feed again, changed or not."""
    return replace(state, etag=None, modified=None, body_hash=None)


async def _aside(feed: Feed, decide: Callable[[], T]) -> T:
    """A decision about all items of a feed: in a thread where they are many."""
    return decide() if len(feed.items) <= SMALL else await asyncio.to_thread(decide)


def _digest(body: bytes) -> str:
    return blake2b(body, digest_size=16).hexdigest()


def _spread(states: Sequence[FeedState]) -> list[tuple[int, FeedState]]:
    """The feeds with their places, to be taken from the end: the hosts by turns, so that none holds up the others."""
    lanes: dict[str, int] = {}
    ranked: list[tuple[int, int, FeedState]] = []
    for n, state in enumerate(states):
        host = host_of(state.url)
        lanes[host] = turn = lanes.get(host, -1) + 1
        ranked.append((turn, n, state))
    ranked.sort(key=lambda one: one[:2], reverse=True)
    return [(n, state) for _, n, state in ranked]
