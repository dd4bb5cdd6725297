"""A show with episodes and its posts over a real database, for the tests of posts and of how they grow. No test enters
here."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from bot.alerts import Alert, AlertKind, AlertState, Chore, Options
from bot.domain import (
    DEFAULT_COMMUNITY,
    Edition,
    EpisodeId,
    EpisodeImport,
    Highlight,
    Place,
    Role,
    Show,
    ShowId,
    Subscription,
    Viewer,
)
from bot.ports import Storage
from bot.posts import Post
from bot.rules.alert_keys import alert_id, subscription_id
from bot.rules.subscription_options import write
from bot.services.growth import Growth
from bot.services.posts import NoPost, PostMaker, digest
from storage import open_storage
from tests.commands.world import LIGHTHOUSES, Times
from tests.storage.build import chapters, episode_import, show, transcript

HALL = Place("console", "local", "hall")
YARD = Place("console", "local", "yard")
OPERATOR = Viewer(DEFAULT_COMMUNITY, Role.operator)
NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)


def lamps(*, bare: bool = False) -> EpisodeImport:
    """An episode with all that a post can hold; ``bare``: as its feed first tells of it."""
    made = episode_import(
        "lamps",
        None,
        title="Lamps and lighthouses",
        number=14,
        guid="lamps-guid",
        published=datetime(2024, 5, 30, tzinfo=UTC),
        summary="Bo kept a lamp for nine winters.",
        people=("Ann Keeper", "Bo Sailor"),
        editions=(
            Edition("audio", "https://cdn.harbour.example/1.mp3"),
            Edition("youtube", "https://www.youtube.com/watch?v=abc", 10.0),
            Edition("page", "https://harbour.example/1"),
        ),
    )
    made = replace(made, season=2, duration_s=2890.0, explicit=True, image="https://harbour.example/1.jpg")
    return made if bare else replace(
        made,
        transcript=transcript(LIGHTHOUSES),
        chapters=chapters((0.0, "Welcome"), (7.0, "Nine winters of keeping a lamp"), (27.5, "Boats on the reef")),
        highlights=(Highlight("So I lit a fire on the rocks and waved", 22.0, 7, 7),),
    )  # fmt: skip


@dataclass(slots=True)
class Room:
    """Storage, a post maker and what follows changes, with shortcuts to alerts that are there."""

    storage: Storage
    clock: Times
    posts: PostMaker
    growth: Growth
    show: Show

    async def save(self, episode: EpisodeImport) -> EpisodeId:
        return (await self.storage.save_episode(DEFAULT_COMMUNITY, self.show.id, episode)).episode

    async def subscribe(self, place: Place = HALL, **options: object) -> Options:
        wanted = replace(Options(self.clock.now()), **options)  # type: ignore[arg-type]
        id = subscription_id(self.show.id, place)
        record = Subscription(id, self.show.id, str(place), write(wanted))
        await self.storage.put(DEFAULT_COMMUNITY, record, "ada")
        return wanted

    def alert(
        self,
        episode: EpisodeId | None,
        place: Place = HALL,
        kind: AlertKind = "new",
        *,
        state: AlertState = "waiting",
        subject: str = "guid:lamps-guid",
        text: str = "",
        show: ShowId | None = None,
    ) -> Alert:
        home, now = show or self.show.id, self.clock.now()
        return Alert(
            alert_id(place, home, subject, kind), DEFAULT_COMMUNITY, place, kind, subject, state, "new",
            now, now, now, now + timedelta(days=7), home, episode, subscription_id(home, place), text=text,
        )  # fmt: skip

    async def made(self, alert: Alert, **options: object) -> Post:
        post = await self.posts.make(alert, replace(Options(NOW), **options))  # type: ignore[arg-type]
        assert isinstance(post, Post), post
        return post

    async def refused(self, alert: Alert) -> NoPost:
        post = await self.posts.make(alert, Options(NOW))
        assert isinstance(post, NoPost), post
        return post

    async def posted(self, alert: Alert, *, thread: str = "", shows: str = "") -> Alert:
        """The alert as the outbox leaves it behind, with its post as it looks now, or with the digest ``shows``."""
        await self.storage.add_alerts([alert], self.clock.now())
        lanes = await self.storage.claim_lanes("run", self.clock.now(), 60, 10, ["console"])
        digest_now = shows or digest(await self.made(alert))
        stored = await self.storage.alert(alert.id)
        assert stored
        done = replace(
            stored, state="posted", reason="", posted_at=self.clock.now(), message="m1", thread=thread,
            digest=digest_now,
        )  # fmt: skip
        [settled] = await self.storage.advance([done], "run", self.clock.now())
        for lane in lanes:
            await self.storage.release_lane(lane.place, "run")
        return settled

    async def edited(self, alert: Alert) -> None:
        """The alert after its edit was made, as the outbox does it."""
        [chore] = await self.edits(alert.place)
        stored = await self.storage.alert(chore.alert)
        assert stored
        post = await self.made(stored)
        await self.storage.end_chore(chore, replace(stored, digest=digest(post)))

    async def edits(self, place: Place = HALL) -> list[Chore]:
        """What is to be edited in a place, once its time has come."""
        later = self.clock.now() + timedelta(hours=1)
        return [one for one in await self.storage.chores(place, later) if one.kind == "edit"]

    async def words(self) -> list[Alert]:
        """Alerts of threads."""
        found = await self.storage.alerts(DEFAULT_COMMUNITY)
        return [one for one in found if one.kind == "transcript"]


@asynccontextmanager
async def post_room() -> AsyncIterator[Room]:
    storage = await open_storage("sqlite:///:memory:")
    try:
        clock = Times()
        home = await storage.put_show(DEFAULT_COMMUNITY, show("harbour", "Harbour Tales"))
        posts = PostMaker(storage, clock)
        yield Room(storage, clock, posts, Growth(storage, posts, clock), home)
    finally:
        await storage.close()
