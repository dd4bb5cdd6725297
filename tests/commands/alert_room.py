"""A world in which shows are posted: a feed on the web, a platform, and what became of it. No test enters here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from bot.alerts import Alert, AlertState, Options
from bot.domain import Episode, Place, Role, Show, Subscription, Viewer
from bot.feed_memory import FeedState
from bot.reply import Reply
from bot.rules import subscription_options
from tests import feeds_made as made
from tests.commands.world import HALL, World
from tests.fake_platform import FakePlatform

BASE = "https://kettle.example"
FEED = f"{BASE}/feed.xml"
SLUG = "the-tin-kettle"
PIER = Place("console", "local", "pier")


@dataclass(frozen=True, slots=True)
class AlertWorld:
    """A ``World`` as moderators of alerts use it."""

    world: World

    @property
    def console(self) -> FakePlatform:
        """The platform of that name, from inside."""
        return self.world.platform

    async def ask(self, line: str) -> Reply:
        return await self.world.ask(f"/pullquote {line}")

    async def press(self, reply: Reply, label: str) -> Reply:
        return await self.world.press_label(reply, label)

    def as_(self, name: str, role: Role = Role.member, place: Place = HALL) -> AlertWorld:
        return replace(self, world=self.world.as_(name, role, place))

    # -- the feed

    async def feed(self, count: int, *, titles: dict[int, str] | None = None) -> None:
        """The feed has so many episodes now, and it is looked at if it was before."""
        rows = [made.Item(n, (titles or {}).get(n, f"Kettle number {n}")) for n in range(1, count + 1)]
        self.world.web.put(FEED, made.feed(BASE, rows), etag=f'"{count}"')
        states = await self.world.storage.feeds()
        if states:
            self.world.clock.at += timedelta(hours=1)
            await self.world.services.poller.poll(states)

    async def add_show(self, count: int = 2) -> Show:
        """The show, with what is there now as its baseline."""
        await self.feed(count)
        assert (await self.ask(f"show add {FEED}")).outcome == "done"
        return await self.show(SLUG)

    # -- what is stored

    async def show(self, slug: str) -> Show:
        shows = await self.world.storage.shows(Viewer(self.world.context.community, Role.operator))
        return next(one for one in shows if one.slug == slug)

    async def episode(self, title: str) -> Episode:
        everything = Viewer(self.world.context.community, Role.operator)
        return next(one for one in await self.world.storage.episodes(everything) if one.title == title)

    async def subscriptions(self) -> list[Subscription]:
        records = await self.world.storage.records(self.world.context.community, "subscription")
        return [one for one in records if isinstance(one, Subscription)]

    async def options(self) -> Options:
        """Of the only subscription."""
        [one] = await self.subscriptions()
        return subscription_options.read(one.options)

    async def alerts(self, *states: AlertState) -> list[Alert]:
        return await self.world.storage.alerts(self.world.context.community, states=frozenset(states))

    async def became(self, alert: Alert, state: AlertState, reason: str, **more: object) -> Alert:
        """As the outbox would write it."""
        storage, now = self.world.storage, self.world.clock.now()
        await storage.claim_lanes("run-1", now, 60.0, 100, ["console", "discord"])
        fresh = replace(alert, state=state, reason=reason, **more)  # type: ignore[arg-type]
        [stored] = await storage.advance([fresh], "run-1", now)
        await storage.release_lane(alert.place, "run-1")
        return stored

    async def looked(self, show: Show, minutes: int = 35) -> None:
        """A feed that was read, and is looked at again in so many minutes."""
        now = self.world.clock.now()
        url = f"https://{show.slug}.example/feed.xml"
        later = now + timedelta(minutes=minutes)
        await self.world.storage.put_feed(FeedState(show.id, url, baseline_at=now, succeeded_at=now, next_at=later))
