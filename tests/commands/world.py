"""A small world to ask in: two communities, four shows (one private), and people with roles. No test enters here."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from bot.commands.codec import encode
from bot.commands.dispatch import dispatch_line, press
from bot.commands.registry import load
from bot.context import Context
from bot.domain import DEFAULT_COMMUNITY, CommunityId, Edition, EpisodeImport, Highlight, Person, Place, Role
from bot.ports import Clock, QuoteIndex, Storage
from bot.reply import Action, Reply
from bot.services import Services
from tests.fake_platform import DISCORD, FakeMessenger, FakePlatform
from tests.fake_web import FakeWeb
from tests.storage.build import Turns, chapters, episode_import, show, transcript

if TYPE_CHECKING:
    from bot.services.alert_work import AlertWork

OTHER = CommunityId("other")
HALL = Place("console", "local", "hall")
STAFF = Place("console", "local", "staff")

LIGHTHOUSES: Turns = (
    ("Ann", "Hello there and welcome to the harbour. Today we talk about lighthouses and their keepers."),
    ("Bo", "I once kept a lighthouse for nine winters. The lamp went out on the third night."),
    ("Ann", "What did you do then? Did you call the coast guard?"),
    ("Bo", "We had no radio at all. So I lit a fire on the rocks and waved a lantern until dawn."),
    ("Ann", "Nobody would believe such a story today. Were any ships lost in those years?"),
    ("Bo", "Two fishing boats struck the reef before help arrived. Every sailor swam ashore alive."),
)
STORMS: Turns = (
    ("Bo", "A storm is honest because it tells you exactly when it will arrive."),
    ("Ann", "Forecasts were carried from house to house by children on bicycles."),
    ("Bo", "The barometer dropped so quickly that my father nailed every shutter closed."),
)
BREAD: Turns = (
    ("Cy", "Good bread wants patience, warm hands and a quiet kitchen in the morning."),
    ("Cy", "Never measure flour with a cup when you own a pair of scales."),
)
SECRETS: Turns = (("Dee", "The merger with the canning factory will be announced before Christmas."),)
ORCHARD: Turns = (("Eve", "Prune the apple trees while frost still covers the northern slope."),)


class Times:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.at = datetime(2024, 6, 1, 12, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def pass_hours(self, hours: float) -> None:
        self.at += timedelta(hours=hours)


@dataclass(frozen=True, slots=True)
class World:
    """One request after the other, as ``who`` in ``place``: words in, a reply out."""

    storage: Storage
    index: QuoteIndex
    services: Services
    clock: Times
    context: Context
    web: FakeWeb
    #: Where alerts are posted, as platform "console"; nothing runs by itself: ``services.alerts`` has what posts.
    platform: FakePlatform

    def as_(
        self,
        name: str = "mia",
        role: Role = Role.member,
        place: Place = HALL,
        community: CommunityId = DEFAULT_COMMUNITY,
        *,
        direct: bool = False,
        roles: frozenset[str] = frozenset(),
    ) -> World:
        """The same world for somebody else."""
        context = replace(
            self.context,
            person=Person("console", name, name.title()),
            role=role,
            place=place,
            community=community,
            direct=direct,
            platform_roles=roles,
        )
        return replace(self, context=context)

    async def ask(self, line: str) -> Reply:
        return await dispatch_line(load(), self.context, line)

    async def press(self, action: Action, answers: Mapping[str, str] | None = None) -> Reply:
        """Press a button as a platform does: through the characters that it carries."""
        code = await encode(action, self.storage, self.context.community)
        assert len(code) <= 90
        assert code.isascii()
        return await press(load(), self.context, code, answers)

    async def press_label(self, reply: Reply, label: str) -> Reply:
        found = [action for action in reply.actions if action.label == label]
        assert found, f"no {label!r} among {[action.label for action in reply.actions]}"
        return await self.press(found[0])

    async def save(self, episode: EpisodeImport, slug: str = "harbour") -> None:
        """Import an episode again, and let the index follow."""
        everything = replace(self.context.viewer, role=Role.operator)
        home = next(one for one in await self.storage.shows(everything) if one.slug == slug)
        await self.storage.save_episode(self.context.community, home.id, episode)
        await indexed(self.storage, self.index)


def lighthouses(turns: Turns = LIGHTHOUSES) -> EpisodeImport:
    return episode_import(
        "lighthouses",
        turns,
        title="Lamps and lighthouses",
        number=1,
        published=datetime(2024, 1, 1, tzinfo=UTC),
        summary="Bo kept a lamp for nine winters.",
        people=("Ann Keeper", "Bo Sailor"),
        editions=(
            Edition("page", "https://harbour.example/1"),
            Edition("youtube", "https://www.youtube.com/watch?v=abc", 10.0),
        ),
        chapters=chapters((0.0, "Welcome"), (7.0, "Nine winters of keeping a lamp"), (27.5, "Boats on the reef")),
        highlights=(Highlight("So I lit a fire on the rocks", 22.0, 7, 7),),
    )


def storms() -> EpisodeImport:
    published = datetime(2024, 2, 1, tzinfo=UTC)
    return episode_import("storms", STORMS, title="Storms at sea", number=2, published=published)


def bread() -> EpisodeImport:
    published = datetime(2023, 5, 1, tzinfo=UTC)
    plain = episode_import("bread", None, title="Slow bread", number=2, published=published)
    return replace(plain, transcript=transcript(BREAD, made="machine"))


async def fill(storage: Storage) -> None:
    """Put the shows and episodes there."""
    harbour = await storage.put_show(DEFAULT_COMMUNITY, show("harbour", "Harbour Tales"))
    await storage.save_episode(DEFAULT_COMMUNITY, harbour.id, lighthouses())
    await storage.save_episode(DEFAULT_COMMUNITY, harbour.id, storms())
    kitchen = await storage.put_show(DEFAULT_COMMUNITY, show("kitchen", "Kitchen Talk"))
    await storage.save_episode(DEFAULT_COMMUNITY, kitchen.id, bread())
    private = replace(show("vault", "The Vault"), private=True, places=(STAFF,), roles=("board",))
    vault = await storage.put_show(DEFAULT_COMMUNITY, private)
    await storage.save_episode(DEFAULT_COMMUNITY, vault.id, episode_import("merger", SECRETS, title="The merger"))
    await storage.link_workspace(OTHER, "console", "elsewhere")
    orchard = await storage.put_show(OTHER, show("orchard", "Orchard Hour"))
    await storage.save_episode(OTHER, orchard.id, episode_import("pruning", ORCHARD, title="Pruning"))


async def indexed(storage: Storage, index: QuoteIndex) -> None:
    """The index as it stands after following all changes."""
    writer = index.writer()
    for id in await storage.indexed_episodes():
        episode = await storage.indexed_episode(id)
        if episode:
            writer.replace(episode)
    writer.commit(await storage.last_change())
    writer.close()


async def world_of(storage: Storage, folder: Path) -> World:
    """Everything real: storage, index, services."""
    from adapters.workers import Inline
    from bot.services.discovery import Discovery
    from bot.services.episodes import Episodes
    from bot.services.feed_work import FeedWork
    from bot.services.poller import Poller
    from bot.services.quotes import Quotes
    from bot.services.random_lines import RandomLines
    from bot.services.resources import Resources
    from bot.services.shows import Shows
    from bot.services.summaries import Summaries
    from storage.index import open_index

    index, clock = open_index(folder / "index"), Times()
    await fill(storage)
    await indexed(storage, index)
    quotes = Quotes(storage, index)
    web, offload, platform = FakeWeb(), Inline(), console_platform(clock)
    poller = Poller(storage, web, offload, clock, chance=lambda: 0.0)
    shows = Shows(storage, Discovery(web, offload, 25 * 2**20), poller, clock)
    feeds = FeedWork(shows, poller, Resources(storage, web, offload, clock))
    services = Services(
        storage=storage,
        quotes=quotes,
        random_lines=RandomLines(storage, quotes),
        summaries=Summaries(storage),
        episodes=Episodes(storage, clock),
        feed_work=lambda: feeds,
        alert_work=cache(lambda: alert_work(storage, web, clock, platform)),
        clock=clock,
        registry=load(),
        index=index,
    )
    person = Person("console", "mia", "Mia")
    context = Context(services, person, Role.member, DEFAULT_COMMUNITY, HALL, "request-1")
    return World(storage, index, services, clock, context, web, platform)


def console_platform(clock: Clock) -> FakePlatform:
    """A platform called "console", which answers at once and limits nobody."""
    limits = replace(DISCORD.limits, per_s=1000.0, place_per_s=1000.0, place_burst=100)
    profile = replace(DISCORD, platform="console", limits=limits, overall=(10_000, 1.0), place_posts=(10_000, 1.0))
    return FakePlatform(profile, clock)


def alert_work(storage: Storage, web: FakeWeb, clock: Clock, platform: FakePlatform) -> AlertWork:
    """The real use cases of alerts over a made-up platform."""
    from bot.services.alert_work import AlertWork
    from bot.services.growth import Growth
    from bot.services.hubs import Hubs
    from bot.services.outbox import Outbox
    from bot.services.posts import PostMaker

    posts = PostMaker(storage, clock)
    messengers = {"console": FakeMessenger(platform)}
    outbox = Outbox(storage, messengers, posts, clock, run="this run")
    hubs = Hubs(storage, web, clock, "")
    growth = Growth(storage, posts, clock)
    return AlertWork(outbox, posts, growth, hubs, messengers, "this run", asyncio.Event())
