"""A community's shows and their feeds: adding, health, changing, removing, and lists of feeds in and out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from bot import texts_shows as texts
from bot.domain import CommunityId, Episode, Place, Role, Show, ShowId, Viewer
from bot.errors import NotFound, StorageConflict, UserError
from bot.feed_memory import FeedRole, FeedState
from bot.logs import get_logger
from bot.rules.access import carries_credentials, may_see
from bot.rules.feed_addresses import same_feed, slug_for
from bot.rules.ids import new_id
from bot.rules.words import slug, tokens
from bot.services.discovery import Discovery, FoundFeed, asked

if TYPE_CHECKING:
    from bot.feed_memory import Resource
    from bot.feeds import Feed
    from bot.ports import Clock, Storage
    from bot.services.poll_reports import PollReport
    from bot.services.poller import Poller

log = get_logger(__name__)

#: So often is a feed set anew because a poll stored something at the same moment.
TRIES = 5


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be added. ``show``: the slug of a show that the feed joins; ``place``: where a private one appears;
    ``viewer``: who asks, None = the operator: a private show of other places is not told of."""

    words: str
    show: str | None = None
    separate: bool = False
    title: str | None = None
    private: bool = False
    place: Place | None = None
    viewer: Viewer | None = None

    def may_see(self, show: Show) -> bool:
        return self.viewer is None or may_see(show, self.viewer)


@dataclass(frozen=True, slots=True)
class Counted:
    """What a show offers: episodes, and how many of them with transcripts and with chapters; the latest one."""

    episodes: int = 0
    transcripts: int = 0
    chapters: int = 0
    latest: Episode | None = None


Outcome = Literal["new", "joined", "shared", "same"]


@dataclass(frozen=True, slots=True)
class Added:
    """What adding did. ``waiting``: how many transcripts and chapter files are not fetched yet; ``note``: what else who
    asked must know."""

    show: Show
    outcome: Outcome
    offered: Counted
    waiting: int
    report: PollReport | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Health:
    """One show as its moderators see it."""

    show: Show
    state: FeedState | None
    youtube: FeedState | None
    episodes: int
    transcripts: int
    waiting: int


class TitleTaken(UserError):
    """A show of that name was imported from files: the feed may join it, or be another."""

    outcome = "confirm"

    def __init__(self, title: str, slug: str, url: str) -> None:
        super().__init__(texts.title_taken(title, slug))
        self.slug = slug
        self.url = url


class OtherShow(UserError):
    """The address is a feed, but nothing in it was ever an episode of this show."""

    outcome = "confirm"

    def __init__(self, show: str, feed: str, items: int) -> None:
        super().__init__(texts.other_show(show, feed, items))


class Shows:
    """The use cases behind ``show add|list|set|remove``."""

    def __init__(self, storage: Storage, discovery: Discovery, poller: Poller, clock: Clock) -> None:
        self._storage = storage
        self._discovery = discovery
        self._poller = poller
        self._clock = clock

    # -- adding

    async def add(self, community: CommunityId, wish: Wish) -> Added:
        """Put the feed that is meant on the community's shelf; adding it again changes nothing. What is there now is
        no news. Raises UserError with a clear reason."""
        shelf = await self._shelf(community)
        here = await self._here(wish, shelf, asked(wish.words).url)
        if here is not None and here[1].baseline_at and not here[1].stopped:
            return await self._added(here[0], "same")
        found = await self._discovery.find(wish.words)
        here = here or await self._here(wish, shelf, found.url, found.fetched.url)
        if here is not None:
            return await self._again(here[0], here[1], found)
        if (wish.private or carries_credentials(found.url)) and wish.place is None:
            raise UserError(texts.PRIVATE_IN_DIRECT)
        return await self._new(community, shelf, wish, found)

    async def _again(self, show: Show, state: FeedState, found: FoundFeed) -> Added:
        """A feed that is here and was stopped, or never read to the end: it is read now."""
        fresh = replace(state, stopped="", failures=0, error="", etag=None, modified=None, body_hash=None)
        report = await self._poller.take(fresh, found.fetched, found.feed, whole=True)
        return await self._added(show, "same", report)

    async def _new(self, community: CommunityId, shelf: Sequence[Show], wish: Wish, found: FoundFeed) -> Added:
        public = None if wish.private else await self._storage.show_of_feed(found.url)
        if public is not None and not any(show.id == public for show in shelf):
            return await self._shared(community, public, shelf, wish, found)
        joined = self._joined(shelf, wish, found)
        show = await self._storage.put_show(community, _show(joined, shelf, wish, found))
        state = await self._put_feed(show.id, lambda now: now or FeedState(show.id, found.url))
        report = await self._poller.take(state, found.fetched, found.feed, whole=True)
        log.info("show added", show=show.id, episodes=len(found.feed.items), joined=joined is not None)
        return await self._added(show, "joined" if joined else "new", report)

    async def _shared(
        self, community: CommunityId, show: ShowId, shelf: Sequence[Show], wish: Wish, found: FoundFeed
    ) -> Added:
        """A public show that another community follows, or that was here before: fetched once for all."""
        known = await self._storage.stored_show(show)
        title = wish.title or found.feed.title or (known.title if known else "")
        name = _free_name(wish.show or (known.slug if known else "") or "", title, found.url, shelf)
        await self._storage.shelve(community, show, name)
        state = await self._storage.feed(show) or FeedState(show, found.url, version=0)
        report = await self._poller.take(
            replace(state, stopped="", failures=0, error=""), found.fetched, found.feed, whole=True
        )
        mine = next(one for one in await self._shelf(community) if one.id == show)
        return await self._added(mine, "shared", report)

    def _joined(self, shelf: Sequence[Show], wish: Wish, found: FoundFeed) -> Show | None:
        """The show from files that the feed joins, if one was named. Raises TitleTaken when it has to be asked."""
        if wish.show:
            named = next((one for one in shelf if one.slug == slug(wish.show or "")), None)
            if named is not None and named.feed_url:
                raise UserError(texts.has_feed(named.slug))
            return named
        if not wish.separate:
            title = wish.title or found.feed.title
            alike = [one for one in shelf if not one.feed_url and _same_title(one, title) and wish.may_see(one)]
            if alike:
                raise TitleTaken(alike[0].title, alike[0].slug, found.url)
        return None

    async def _added(self, show: Show, outcome: Outcome, report: PollReport | None = None) -> Added:
        offered = await self._storage.resources(show.id)
        waiting = sum(1 for one in offered if one.state == "wanted")
        return Added(show, outcome, await self._counted(show, offered), waiting, report)

    async def _counted(self, show: Show, offered: Sequence[Resource]) -> Counted:
        """What its episodes have or are offered: what is stored, and what is still to be fetched."""
        episodes = await self._storage.stored_episodes(show.id)
        said = {one.key for one in episodes if one.lines}
        said |= {one.episode for one in offered if one.kind == "transcript" and one.state in ("wanted", "used")}
        marked = {one.episode for one in offered if one.kind == "chapters" and one.state in ("wanted", "used")}
        for episode in episodes:
            if episode.key not in marked and await self._storage.stored_chapters(show.id, episode.key):
                marked.add(episode.key)
        return Counted(len(episodes), len(said), len(marked), episodes[0] if episodes else None)

    async def _shelf(self, community: CommunityId) -> list[Show]:
        return await self._storage.shows(Viewer(community, Role.operator))

    async def _here(self, wish: Wish, shelf: Sequence[Show], *urls: str) -> tuple[Show, FeedState] | None:
        """The show on the shelf whose feed has one of these addresses, or is moving there. Raises UserError for a
        private one of other places."""
        for show in shelf:
            state = await self._storage.feed(show.id) if show.feed_url else None
            if show.feed_url and state is None:
                state = FeedState(show.id, show.feed_url, version=0)
            known = [one for one in (state.url, state.moved_to, show.feed_url) if one] if state else []
            if state and any(same_feed(one, url) for one in known for url in urls):
                if not wish.may_see(show):
                    raise UserError(texts.HERE_PRIVATELY)
                return show, state
        return None

    # -- health

    async def health(self, shows: Sequence[Show]) -> list[Health]:
        return [await self._health(one) for one in shows]

    async def _health(self, show: Show) -> Health:
        episodes = await self._storage.stored_episodes(show.id)
        waiting = [one for one in await self._storage.resources(show.id) if one.state == "wanted"]
        return Health(
            show,
            await self._storage.feed(show.id),
            await self._storage.feed(show.id, "youtube"),
            len(episodes),
            sum(1 for one in episodes if one.lines),
            len(waiting),
        )

    # -- changing

    async def put(self, community: CommunityId, show: Show) -> Show:
        """Store what was changed of a show itself."""
        return await self._storage.put_show(community, show)

    async def set_feed(
        self, community: CommunityId, show: Show, words: str, role: FeedRole = "main", *, sure: bool = False
    ) -> FeedState:
        """Look at another address from now on: it must be a feed. What is known of its items stays, so that a move
        neither loses nor doubles an episode. Raises UserError; OtherShow unless somebody is ``sure``."""
        found = await self._discovery.find(words)
        if role == "youtube" and "youtube.com/" not in found.url:
            raise UserError(texts.NOT_YOUTUBE)
        if role == "main":
            if not sure:
                await self._refuse_other(show, found)
            await self._storage.put_show(community, replace(show, feed_url=found.url))
        fresh = await self._put_feed(
            show.id, lambda now: _moved(now or FeedState(show.id, found.url, role), found), role
        )
        await self._poller.take(fresh, found.fetched, found.feed, whole=fresh.baseline_at is None)
        return fresh

    async def _refuse_other(self, show: Show, found: FoundFeed) -> None:
        from bot.rules.other_show import shares_nothing

        if shares_nothing(found.feed, await self._storage.known_items(show.id), self._clock.now()):
            raise OtherShow(show.title, found.feed.title, len(found.feed.items))

    async def _put_feed(
        self, show: ShowId, change: Callable[[FeedState | None], FeedState], role: FeedRole = "main"
    ) -> FeedState:
        """Change what is stored of a feed, whatever polls store of it at the same time."""
        for _ in range(TRIES):
            state = await self._storage.feed(show, role)
            with suppress(StorageConflict):  # decided anew
                return await self._storage.put_feed(replace(change(state), version=state.version if state else 0))
        raise UserError(texts.FEED_BUSY)

    async def drop_youtube(self, show: Show) -> None:
        await self._storage.drop_feed(show.id, "youtube")

    async def resume(self, show: Show) -> FeedState:
        """Look at a stopped feed again, at once. Raises UserError when there is none."""
        return await self._put_feed(show.id, lambda now: _resumed(now, self._clock.now()))

    # -- removing

    async def remove(self, community: CommunityId, show: Show) -> None:
        """Take it off the shelf; a feed on no shelf is no longer looked at, and nothing is deleted."""
        await self._storage.unshelve(community, show.id)
        log.info("show removed", show=show.id)

    async def bring_back(self, community: CommunityId, show: ShowId, name: str) -> Show:
        """Put a removed show on the shelf again. Raises NotFound, or UserError for a private one."""
        shelf = await self._shelf(community)
        free = _free_name(name, "", "", [one for one in shelf if one.id != show])
        await self._storage.shelve(community, show, free)
        found = next((one for one in await self._shelf(community) if one.id == show), None)
        if found is None:
            raise NotFound(texts.CANNOT_BRING_BACK)
        return found


def _show(joined: Show | None, shelf: Sequence[Show], wish: Wish, found: FoundFeed) -> Show:
    """The show as it is put on the shelf: a new one, or the one from files with its feed."""
    feed = found.feed
    private = wish.private or carries_credentials(found.url)
    places = (wish.place,) if private and wish.place else ()
    if joined is not None:
        same = feed.title and tokens(joined.title) == tokens(feed.title)
        return replace(
            joined,
            # A title that was made of a folder's name has lost its signs and capitals.
            title=feed.title if same else joined.title,
            feed_url=found.url,
            page_url=joined.page_url or feed.link,
            private=joined.private or private,
            places=joined.places or places,
        )
    title = wish.title or feed.title or "Untitled"
    name = _free_name(wish.show or "", title, found.url, shelf)
    return Show(
        ShowId(new_id()), name, title, feed_url=found.url, page_url=feed.link, language=_language(feed),
        private=private, places=places, author=feed.author, summary=feed.summary, image=feed.image,
    )  # fmt: skip


def _moved(state: FeedState, found: FoundFeed) -> FeedState:
    """The feed at its new address, as if it was never looked at there."""
    return replace(
        state, url=found.url, etag=None, modified=None, body_hash=None, stopped="", failures=0, error="",
        moved_to=None, moved_polls=0,
    )  # fmt: skip


def _resumed(state: FeedState | None, now: datetime) -> FeedState:
    if state is None:
        raise UserError(texts.NO_FEED_TO_RESUME)
    return replace(state, stopped="", failures=0, error="", next_at=now)


def _language(feed: Feed) -> str:
    return (feed.language or "en").strip() or "en"


def _free_name(wanted: str, title: str, url: str, shelf: Sequence[Show]) -> str:
    return slug_for(wanted or title, url, frozenset(one.slug for one in shelf))


def _same_title(show: Show, title: str) -> bool:
    return bool(title) and (tokens(show.title) == tokens(title) or show.slug == slug(title))
