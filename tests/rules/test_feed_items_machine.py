"""A publisher's whole life with a feed, made up: whatever is done to it, one true episode has one key, always."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from bot.domain import Episode, EpisodeId, ShowId
from bot.feed_memory import KnownItem
from bot.feeds import Enclosure, Feed, FeedItem
from bot.rules.feed_items import Judged, judge

START = datetime(2025, 1, 6, 6, tzinfo=UTC)
NOW = datetime(2026, 6, 1, tzinfo=UTC)
TITLES = (
    "Q&A",
    "Trailer",
    "Bonus",
    "Kites over water",
    "Kites over land",
    "The long way home",
    "#{n}: Sails",
    "Part {n}",
)


@dataclass(slots=True)
class True_:
    """One episode as it truly is, and as its publisher shows it now."""

    n: int
    title: str
    published: datetime
    guid: str | None
    host: str
    file: str
    token: int = 0
    #: Titles that it had before: they are remembered.
    called: tuple[str, ...] = ()


class Life(RuleBasedStateMachine):
    """``shown`` is the feed, newest first; ``gone`` was taken out of it; ``keys`` is what each is called."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[True_] = []
        self.gone: list[True_] = []
        self.keys: dict[int, str] = {}
        self.known: dict[str, KnownItem] = {}
        self.n = self.polls = self.hosts = 0
        self.clock = START
        self.guids = "own"

    @initialize(guids=st.sampled_from(("own", "own", "none", "shared")), count=st.integers(0, 6), titles=st.data())
    def begin(self, guids: str, count: int, titles: st.DataObject) -> None:
        self.guids = guids
        for _ in range(count):
            self._publish(titles.draw(st.sampled_from(TITLES)), 30)
        self._poll()

    # --- what a publisher, a host or a network does -----------------------------------------------------------------

    @rule(title=st.sampled_from(TITLES), hours=st.integers(1, 400))
    def publish(self, title: str, hours: int) -> None:
        self._publish(title, hours)
        self._poll()

    @rule(title=st.sampled_from(TITLES), hours=st.integers(1, 400))
    def publish_with_an_old_date(self, title: str, hours: int) -> None:
        now, self.clock = self.clock, START - timedelta(days=400, hours=hours * 31, minutes=self.n)
        self._publish(title, 1)
        self.clock = now
        self._poll()

    @precondition(lambda self: self.shown)
    @rule(at=st.integers(0, 99), title=st.sampled_from(("Renamed altogether", "Another name", "Q&A", "Sails 2")))
    def retitle(self, at: int, title: str) -> None:
        one = self._one(at)
        one.called = (*one.called, one.title)
        one.title = self._telling(title, one.published, one)
        self._poll()

    @precondition(lambda self: self.shown and self.guids == "own")
    @rule(at=st.integers(0, 99))
    def change_a_guid(self, at: int) -> None:
        one = self._one(at)
        one.guid = f"{one.guid}+"
        self._poll()

    @precondition(lambda self: self.shown)
    @rule(token=st.integers(0, 9))
    def change_the_tokens(self, token: int) -> None:
        for one in self.shown:
            one.token = token
        self._poll()

    @precondition(lambda self: self.shown)
    @rule(at=st.integers(0, 99), days=st.integers(-40, 40))
    def correct_a_date(self, at: int, days: int) -> None:
        one = self._one(at)
        date = one.published + timedelta(days=days, seconds=one.n)
        if self._telling(one.title, date, one) == one.title:
            one.published = date
        self._poll()

    @precondition(lambda self: self.shown)
    @rule(at=st.integers(0, 99))
    def announce_for_2035_and_correct(self, at: int) -> None:
        one = self._one(at)
        was, one.published = one.published, datetime(2035, 1, 1, tzinfo=UTC) + timedelta(days=one.n)
        self._poll()
        one.published = was
        self._poll()

    @precondition(lambda self: self.shown)
    @rule(rename=st.booleans())
    def move_the_host(self, rename: bool) -> None:
        self._move(rename)
        self._poll()

    @precondition(lambda self: len(self.shown) > 1)
    @rule(rename=st.booleans(), times=st.integers(1, 4))
    def flap_between_two_hosts(self, rename: bool, times: int) -> None:
        old = [replace(one) for one in self.shown]
        self._move(rename)
        new = self.shown
        for _ in range(times):
            self.shown = old
            self._poll()
            self.shown = new
            self._poll()

    @rule(order=st.randoms(use_true_random=False))
    def reorder(self, order: object) -> None:
        order.shuffle(self.shown)  # type: ignore[attr-defined]
        self._poll()

    @precondition(lambda self: self.shown)
    @rule(at=st.integers(0, 99), polls=st.integers(1, 7))
    def withdraw(self, at: int, polls: int) -> None:
        one = self._one(at)
        self.shown.remove(one)
        self.gone.append(one)
        for _ in range(polls):
            self._poll()

    @precondition(lambda self: self.gone)
    @rule(at=st.integers(0, 99), renamed=st.booleans())
    def republish(self, at: int, renamed: bool) -> None:
        one = self.gone.pop(at % len(self.gone))
        if renamed and self.guids == "own":
            one.guid = f"{one.guid}/again"
        self.shown.insert(0, one)
        self._poll()

    @precondition(lambda self: len(self.shown) > 2)
    @rule(missing=st.integers(1, 2), polls=st.integers(1, 4))
    def serve_a_stale_copy(self, missing: int, polls: int) -> None:
        whole, self.shown = self.shown, self.shown[missing:]
        for _ in range(polls):
            self._poll()
        self.shown = whole
        self._poll()

    @rule()
    def serve_nothing(self) -> None:
        whole, self.shown = self.shown, []
        assert self._poll().withdrawn == ()
        self.shown = whole
        self._poll()

    @precondition(lambda self: len(self.shown) > 3)
    @rule()
    def cut_the_tail(self) -> None:
        whole, self.shown = self.shown, self.shown[:-2]
        assert self._poll(cut=True).withdrawn == ()
        self.shown = whole
        self._poll()

    # --- the model ----------------------------------------------------------------------------------------------------

    def _one(self, at: int) -> True_:
        return self.shown[at % len(self.shown)]

    def _publish(self, title: str, hours: int) -> None:
        self.n += 1
        self.clock += timedelta(hours=hours, seconds=7)
        guid = {"own": f"g{self.n}", "none": None, "shared": "shared"}[self.guids]
        title = self._telling(title.format(n=self.n), self.clock, None)
        self.shown.insert(0, True_(self.n, title, self.clock, guid, "a.example", f"{self.n}.mp3"))

    def _telling(self, title: str, date: datetime, me: True_ | None) -> str:
        """The title, or a longer one where nobody could tell it from that of an episode that is gone, or of any other
        when guids do not help: the same title within a day."""
        others = self.gone if self.guids == "own" else [*self.gone, *self.shown]
        near = (
            (self.guids == "shared" or abs(one.published - date) <= timedelta(hours=30))
            for one in others
            if one is not me and title in (one.title, *one.called)
        )
        return f"{title} ({self.n})" if any(near) else title

    def _move(self, rename: bool) -> None:
        self.hosts += 1
        host = f"host{self.hosts}.example"
        self.shown = [
            replace(
                one,
                host=host,
                guid=f"{host}/{one.n}" if self.guids == "own" else one.guid,
                file=f"{one.n * 31}-{self.hosts}.mp3" if rename else one.file,
            )
            for one in self.shown
        ]

    def _poll(self, cut: bool = False) -> Judged:
        feed = Feed(title="Kites", link="https://a.example/", items=tuple(map(_item, self.shown)), cut=cut)
        judged = self._judge(feed)
        for one, verdict in zip(self.shown, judged.verdicts, strict=True):
            assert verdict.reason
            assert verdict.kind not in ("held", "duplicate"), (one, verdict.reason)
            assert (verdict.kind == "new") == (one.n not in self.keys), (one, verdict)
            assert self.keys.setdefault(one.n, verdict.key) == verdict.key
        assert len(set(self.keys.values())) == len(self.keys)
        if feed.items and not cut:
            again = self._judge(feed)
            assert {verdict.kind for verdict in again.verdicts} == {"same"}
        return judged

    def _judge(self, feed: Feed) -> Judged:
        self.polls += 1
        episodes = [
            Episode(EpisodeId(key), ShowId("s"), "kites", "Kites", key, f"Title of {key}") for key in self.keys.values()
        ]
        now = NOW + timedelta(hours=self.polls)
        judged = judge(feed, list(self.known.values()), episodes, now, baseline=self.polls == 1)
        self.known.update((one.id, one) for one in judged.items)
        return judged


def _item(one: True_) -> FeedItem:
    return FeedItem(
        guid=one.guid,
        title=one.title,
        link=f"https://{one.host}/episodes/{one.n}",
        published=one.published,
        enclosures=(Enclosure(f"https://{one.host}/files/{one.file}?token={one.token}", "audio/mpeg"),),
        duration_s=600.0 + 60 * (one.n % 5),
    )


TestLife = Life.TestCase
TestLife.settings = settings(
    max_examples=60, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
