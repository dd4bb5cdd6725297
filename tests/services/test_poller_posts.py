"""From what a feed says to what stands in a channel: real polls, storage and outbox over a made-up platform, on a clock
whose hours pass at once. What a sequence of polls posts is counted in the platform's own log."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.alerts import Options
from bot.domain import DEFAULT_COMMUNITY, Place, Setting, Show, Subscription
from bot.rules.alert_keys import subscription_id
from bot.rules.subscription_options import write
from bot.services.outbox import Outbox
from bot.services.posts import PostMaker
from bot.services.preferences import setting_id
from tests import feeds_made as made
from tests.fake_platform import Accepted, FakeMessenger, FakePlatform
from tests.services.feed_room import BASE, Passing, Room, room
from tests.services.test_poller import items
from tests.virtual_time import START, run

HALL, CELLAR, OFFICE = (Place("discord", "guild", name) for name in ("hall", "cellar", "office"))
#: The polls of a story begin at once; after each one there is time to post.
TIME_TO_POST_S = 90.0


@dataclass(slots=True)
class Town:
    """A feed, a platform and what stands between them. ``restart`` is a new start of the program: the same database."""

    feeds: Room
    platform: FakePlatform
    starts: int = 0
    sending: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self.starts += 1
        storage, clock = self.feeds.storage, self.feeds.clock
        messengers = {"discord": FakeMessenger(self.platform)}
        outbox = Outbox(storage, messengers, PostMaker(storage, clock), clock, run=f"run {self.starts}", seed=1)
        self.sending = asyncio.create_task(outbox.run())

    async def stop(self) -> None:
        assert self.sending
        self.sending.cancel()
        await asyncio.gather(self.sending, return_exceptions=True)

    async def restart(self) -> None:
        await self.stop()
        await self.start()

    async def subscribe(self, show: Show, place: Place = HALL) -> None:
        options = write(Options(self.feeds.clock.now()))
        wanted = Subscription(subscription_id(show.id, place), show.id, str(place), options)
        await self.feeds.storage.put(DEFAULT_COMMUNITY, wanted, "mia")

    async def poll(self, body: str | bytes | None = None) -> None:
        await self.feeds.poll(body)
        await asyncio.sleep(TIME_TO_POST_S)

    def posts(self, *kinds: str, place: Place | None = None) -> list[Accepted]:
        return [one for one in self.platform.log if one.kind in kinds and place in (None, one.place)]


@asynccontextmanager
async def town(start: datetime) -> AsyncIterator[Town]:
    clock = Passing(start)
    async with room(clock) as feeds:
        here = Town(feeds, FakePlatform("discord", clock))
        office = Setting(setting_id("", "moderators"), "moderators", str(OFFICE))
        await feeds.storage.put(DEFAULT_COMMUNITY, office, "mia")
        await here.start()
        try:
            yield here
        finally:
            await here.stop()


def tell(story: Callable[[Town], Awaitable[None]], start: datetime = START) -> None:
    async def told() -> None:
        async with town(start) as here:
            await story(here)
            assert here.platform.doubled() == []

    run(told(), start)


def expected(shared: Path) -> dict[str, dict[str, int]]:
    """What each sequence of hostile feeds may post, from their own table."""
    rows = (shared / "inputs" / "hostile" / "expected.tsv").read_text("utf-8").splitlines()[1:]
    found: dict[str, dict[str, int]] = {}
    for file, kind, _, _, checks in (row.split("\t") for row in rows):
        if kind == "feed-sequence":
            said = json.loads(checks)
            assert file.startswith(said["sequence"])
            found[said["sequence"]] = {name: said[name] for name in ("posts", "max_posts") if name in said}
    return found


#: The day on which the newest of their episodes came out.
THEN = datetime(2025, 1, 7, 12, tzinfo=UTC)
FLOOD = "s06_flood"
SEQUENCES = (
    "s01_backdated", "s03_host_migration", "s05_empty_then_back", "s07_reorder", "s08_premiere", "s09_republish",
)  # fmt: skip


def test_every_sequence_of_the_table_is_told(shared: Path) -> None:
    assert sorted(expected(shared)) == sorted((*SEQUENCES, FLOOD))


def steps_of(shared: Path, name: str) -> list[bytes]:
    steps = [path.read_bytes() for path in sorted((shared / "inputs" / "hostile").glob(f"{name}_v*.xml"))]
    assert len(steps) >= 2
    return steps


@pytest.mark.parametrize("name", SEQUENCES)
@pytest.mark.parametrize("restarts", [False, True], ids=["one run", "a restart before each poll"])
@pytest.mark.parametrize("start", [THEN, START], ids=["then", "a year later"])
def test_a_hostile_sequence_of_polls_posts_what_it_should(
    shared: Path, name: str, restarts: bool, start: datetime
) -> None:
    steps = steps_of(shared, name)

    async def story(here: Town) -> None:
        show = await here.feeds.add(steps[0])
        await here.subscribe(show)
        await here.poll()
        for body in (*steps[1:], steps[-1], steps[-1] + b"<!-- again -->"):
            if restarts:
                await here.restart()
            await here.poll(body)
        assert len(here.posts("new", "burst", "transcript")) == expected(shared)[name]["posts"]
        assert {one.place for one in here.posts("trouble", "over")} <= {OFFICE}

    tell(story, start)


@pytest.mark.parametrize(("start", "kinds"), [(THEN, ["new"] * 3 + ["burst"]), (START, [])], ids=["then", "old"])
def test_a_flood_is_capped_and_summed_up_in_one_line(shared: Path, start: datetime, kinds: list[str]) -> None:
    """All 9,997 have one date; when that is long ago, they are the past of a feed and no news."""
    first, flood = steps_of(shared, FLOOD)
    # A tenth of it behaves as all of it, which ``test_poller.py`` polls.
    whole = flood.split(b"<item>")
    less = b"<item>".join([*whole[:900], *whole[-100:]])

    async def story(here: Town) -> None:
        await here.subscribe(await here.feeds.add(first))
        for body in (less, less + b"<!-- again -->"):
            await here.poll(body)
        assert [one.kind for one in here.posts("new", "burst")] == kinds
        assert len(kinds) <= expected(shared)[FLOOD]["max_posts"]
        made_of_it = await here.feeds.storage.alerts(DEFAULT_COMMUNITY, limit=5000)
        assert sum(one.kind == "new" for one in made_of_it) == 100
        assert all(one.reason for one in made_of_it)
        [told] = [one.text for one in made_of_it if one.kind == "trouble" and "at once" in one.text]
        assert "996 new episodes at once" in told
        bursts = [one.text for one in made_of_it if one.kind == "burst"]
        assert [text.split()[0] for text in bursts] == ["993" for _ in bursts]

    tell(story, start)


@pytest.mark.parametrize(
    ("name", "notices"), [("s03_host_migration", 1), ("s05_empty_then_back", 1), ("s07_reorder", 0)]
)
def test_the_moderators_are_told_once_what_a_sequence_was(shared: Path, name: str, notices: int) -> None:
    steps = steps_of(shared, name)

    async def story(here: Town) -> None:
        await here.subscribe(await here.feeds.add(steps[0]))
        for body in (*steps[1:], steps[-1]):
            await here.poll(body)
        assert [one.kind for one in here.posts("trouble", "over")] == ["trouble"] * notices

    tell(story)


def test_subscribing_after_the_baseline_posts_only_what_comes() -> None:
    async def story(here: Town) -> None:
        show = await here.feeds.add(made.feed(BASE, items(3)))
        await here.poll(made.feed(BASE, items(4)))
        await here.subscribe(show)
        await here.poll(made.feed(BASE, items(4), extra="<ttl>5</ttl>"))
        assert here.posts("new") == []
        await here.poll(made.feed(BASE, items(5)))
        assert len(here.posts("new")) == 1

    tell(story)


def test_a_subscription_made_between_two_polls_gets_what_the_second_brings() -> None:
    async def story(here: Town) -> None:
        show = await here.feeds.add(made.feed(BASE, items(3)))
        await here.subscribe(show, HALL)
        await here.poll(made.feed(BASE, items(4)))
        await here.subscribe(show, CELLAR)
        await here.poll(made.feed(BASE, items(5)))
        assert len(here.posts("new", place=HALL)) == 2
        assert len(here.posts("new", place=CELLAR)) == 1

    tell(story)


def test_subscribing_twice_in_one_place_posts_once() -> None:
    async def story(here: Town) -> None:
        show = await here.feeds.add(made.feed(BASE, items(3)))
        await here.subscribe(show)
        options = write(Options(here.feeds.clock.now(), age_days=3))
        other = Subscription("another", show.id, str(HALL), options)
        await here.feeds.storage.put(DEFAULT_COMMUNITY, other, "bo")
        await here.poll(made.feed(BASE, items(4)))
        assert len(here.posts("new")) == 1

    tell(story)


def test_two_shows_in_one_place_are_both_told() -> None:
    async def story(here: Town) -> None:
        other = "https://other.example/feed.xml"
        for url, title in ((None, "The Tin Kettle"), (other, "The Copper Pot")):
            body = made.feed(BASE if url is None else "https://other.example", items(2), title=title)
            await here.subscribe(await here.feeds.add(body, *((url,) if url else ())))
        here.feeds.web.put(other, made.feed("https://other.example", items(3), title="The Copper Pot"))
        here.feeds.clock.pass_hours(1)
        here.feeds.web.put(f"{BASE}/feed.xml", made.feed(BASE, items(3)))
        await here.feeds.poller.poll(await here.feeds.storage.feeds())
        await asyncio.sleep(TIME_TO_POST_S)
        assert len(here.posts("new", place=HALL)) == 2

    tell(story)


def test_polling_twice_at_once_posts_once() -> None:
    async def story(here: Town) -> None:
        await here.subscribe(await here.feeds.add(made.feed(BASE, items(3))))
        here.feeds.clock.pass_hours(1)
        here.feeds.web.put(f"{BASE}/feed.xml", made.feed(BASE, items(4)))
        states = await here.feeds.storage.feeds()
        await asyncio.gather(*(here.feeds.poller.poll(states) for _ in range(3)))
        await asyncio.sleep(TIME_TO_POST_S)
        assert len(here.posts("new")) == 1

    tell(story)


def test_a_restart_between_poll_and_post_loses_and_doubles_nothing() -> None:
    async def story(here: Town) -> None:
        await here.subscribe(await here.feeds.add(made.feed(BASE, items(3))))
        await here.stop()
        await here.poll(made.feed(BASE, items(4)))
        assert here.posts("new") == []
        for _ in range(3):
            await here.start()
            await asyncio.sleep(TIME_TO_POST_S)
            await here.stop()
        await here.start()
        assert len(here.posts("new")) == 1

    tell(story)


def test_a_feed_that_fails_for_long_is_told_in_the_moderators_place_and_its_return_too() -> None:
    async def story(here: Town) -> None:
        await here.feeds.add(made.feed(BASE, items(3)))
        here.feeds.web.fail(f"{BASE}/feed.xml", "failed")
        for _ in range(30):
            await here.poll()
        assert [(one.kind, one.place) for one in here.posts("trouble", "over")] == [("trouble", OFFICE)]
        for _ in range(2):
            await here.poll(made.feed(BASE, items(3)))
        assert [one.kind for one in here.posts("trouble", "over")] == ["trouble", "over"]

    tell(story)
