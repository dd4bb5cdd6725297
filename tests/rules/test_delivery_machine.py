"""Whatever happens, an alert is never posted twice and never lost: the real rules against a place that keeps count.

The model holds a place (a log of posts that show late), a database (alerts and their lane) and one worker, and lets
Hypothesis poll, post, refuse, lose answers, crash, go back to an older database, take posts away and let time pass.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.alert_ports import Found, Outcome, Refused, Sent, Unclear
from bot.alerts import LEASE_S, QUEUED, REQUEST_S, Alert, Lane, Limits
from bot.rules import delivery
from bot.rules.delivery import End, ReadBack, Reading, Send, Sight, WaitUntil
from tests.rules.told import NOW, OPTIONS, alert, lane

LIMITS = Limits(50.0, 1.0, settle_s=15.0)
#: How late a post may show in history, and how late a request that was given up may be accepted.
SHOWS_S, LATE_S = 5.0, 9.0
#: What the requests of a worker's next steps come to.
OUTCOMES = ["accepted", "accepted, answer lost", "accepted late", "lost", "busy", "down", "crash before", "crash after"]
then = st.lists(st.sampled_from(OUTCOMES), min_size=2, max_size=8)


@dataclass(frozen=True)
class Written:
    """The database."""

    alerts: dict[str, Alert]
    lane: Lane


class Delivery(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.feed: list[str] = []
        self.db = Written({}, lane(""))
        self.backup = self.db
        self.runs = 1
        #: Until when the lane is leased by a run that is no more.
        self.leased = NOW
        self.unreadable = ""
        self.was_unreadable = False
        self.subscribed = True
        #: What the platform accepted, by its own clock, and what it will accept.
        self.log: list[Found] = []
        self.gone: set[str] = set()
        self.on_its_way: list[tuple[datetime, str]] = []

    @initialize(skew_s=st.integers(-240, 240))
    def begin(self, skew_s: int) -> None:
        self.skew = timedelta(seconds=skew_s)
        self.news(2, [])

    # -- the place

    def accept(self, key: str) -> Found:
        found = Found(f"m{len(self.log)}", key, "new", self.now + self.skew)
        self.log.append(found)
        return found

    def pass_time(self, seconds: float) -> None:
        end = self.now + timedelta(seconds=seconds)
        for at, key in sorted(self.on_its_way):
            if at <= end:
                self.now = max(self.now, at)
                self.accept(key)
                self.on_its_way.remove((at, key))
        self.now = end

    def history(self, since: datetime) -> Reading:
        """Exactly as far back as was asked for."""
        shown = self.now + self.skew - timedelta(seconds=SHOWS_S)
        there = [one for one in self.log if since <= one.at <= shown and one.message not in self.gone]
        return Reading(self.now, since, {one.key: one for one in there})

    # -- the database

    def write(self, *alerts: Alert) -> None:
        settled = [one.posted_at for one in alerts if one.state == "posted" and one.posted_at]
        known = max([*settled, *filter(None, [self.db.lane.known_until])], default=None)
        changed = {one.id: one for one in alerts}
        self.db = Written(self.db.alerts | changed, replace(self.db.lane, known_until=known))

    def queue(self) -> list[Alert]:
        return sorted((one for one in self.db.alerts.values() if one.state in QUEUED), key=lambda one: one.order_at)

    def poll(self) -> None:
        """Everything in the feed that the database does not know is news."""
        for key in self.feed:
            if key not in self.db.alerts:
                self.write(alert(key, seen_at=self.now))

    def start(self) -> None:
        self.runs += 1
        self.poll()

    def claim(self) -> None:
        """The lease of whoever was there before has lapsed: what it was sending is unknown."""
        if self.leased > self.now:
            self.pass_time((self.leased - self.now).total_seconds())
        self.write(*(replace(one, state="unknown") for one in self.queue() if one.state == "sending"))

    # -- what happens

    @rule(count=st.integers(1, 3), outcomes=then)
    def news(self, count: int, outcomes: list[str]) -> None:
        self.feed += [f"e{len(self.feed) + n}" for n in range(count)]
        self.poll()
        self.work(outcomes)

    @rule(seconds=st.sampled_from([0.5, 14.0, 16.0, 3600.0, 12 * 3600.0, 3 * 86400.0]), outcomes=then)
    def wait(self, seconds: float, outcomes: list[str]) -> None:
        self.pass_time(seconds)
        self.work(outcomes)

    def work(self, outcomes: list[str]) -> None:
        """A worker for a while, waiting where the rules say so."""
        for outcome in outcomes:
            self.step(outcome, read=True)
            if self.queue():
                self.pass_time(max(0.0, (self.queue()[0].due_at - self.now).total_seconds()))

    @rule(outcome=st.sampled_from(OUTCOMES), read=st.booleans())
    def step(self, outcome: str, read: bool) -> None:
        """One step of a worker, whatever the rules say that it is."""
        self.claim()
        if not self.queue():
            return
        head, run = self.queue()[0], f"run{self.runs}"
        options = OPTIONS if self.subscribed else None
        sight = Sight(LIMITS.settle_s, self.unreadable)
        match delivery.next_step(head, self.db.lane, options, self.now, run, sight):
            case End() as end:
                self.write(delivery.ended(head, end))
            case WaitUntil() as wait:
                self.write(delivery.put_off(head, wait))
            case ReadBack() as back if read:
                self.read(back, run)
            case ReadBack():
                self.write(delivery.after_failed_reading(head, "503", self.now, self.now, 3))
            case Send():
                self.send(head, outcome)

    def read(self, back: ReadBack, run: str) -> None:
        reading = self.history(back.since)
        self.write(*delivery.after_reading(self.queue(), reading, self.now, LIMITS.settle_s))
        self.db = replace(self.db, lane=replace(self.db.lane, vouched=run))

    def send(self, head: Alert, how: str) -> None:
        sending = delivery.sending(head, self.now, "")
        self.write(sending)
        if how.startswith("crash"):
            if how == "crash after":
                self.accept(head.id)
            self.crash()
            return
        answer = self.answer(head.id, how)
        self.write(delivery.after_send(sending, answer, self.now, LIMITS))

    def answer(self, key: str, how: str) -> Outcome:
        if how == "busy":
            return Refused("busy", "slow down", 2.0)
        if how == "down":
            return Refused("down", "connection refused")
        if how == "accepted":
            found = self.accept(key)
            return Sent(found.message, found.at)
        if how == "accepted, answer lost":
            self.accept(key)
        if how == "accepted late":
            self.on_its_way.append((self.now + timedelta(seconds=REQUEST_S + LATE_S), key))
        self.pass_time(REQUEST_S)
        return Unclear("no answer")

    @rule(outcomes=then)
    def die(self, outcomes: list[str]) -> None:
        self.crash()
        self.work(outcomes)

    def crash(self) -> None:
        """The process is gone; what it leased stays leased, and another start polls."""
        self.leased = self.now + timedelta(seconds=LEASE_S)
        self.start()

    @rule()
    def back_up(self) -> None:
        self.backup = self.db

    @rule(outcomes=then)
    def restore(self, outcomes: list[str]) -> None:
        """Stop, put an older database in place, start: what came since is news again."""
        self.pass_time(LEASE_S)
        self.db = self.backup
        self.start()
        self.work(outcomes)

    @precondition(lambda self: any(one.state == "posted" for one in self.db.alerts.values()))
    @rule(data=st.data())
    def a_moderator_deletes(self, data: st.DataObject) -> None:
        """A settled post, in a database that stays."""
        settled = sorted(one.message for one in self.db.alerts.values() if one.state == "posted")
        self.gone.add(data.draw(st.sampled_from(settled)))
        self.backup = self.db

    @rule(outcome=st.sampled_from(OUTCOMES))
    def reading_is_forbidden(self, outcome: str) -> None:
        self.unreadable, self.was_unreadable = "missing access", True
        self.step(outcome, read=True)
        self.unreadable = ""

    @rule(outcome=st.sampled_from(OUTCOMES))
    def nobody_subscribes(self, outcome: str) -> None:
        self.subscribed = False
        self.step(outcome, read=True)
        self.subscribed = True

    # -- what holds

    @invariant()
    def nothing_is_posted_twice(self) -> None:
        assert not [key for key, count in Counter(one.key for one in self.log).items() if count > 1]

    @invariant()
    def what_is_settled_as_posted_is_there(self) -> None:
        posted = {(one.id, one.message) for one in self.db.alerts.values() if one.state == "posted"}
        assert posted <= {(one.key, one.message) for one in self.log}

    def teardown(self) -> None:
        """When all is well again, everything comes to an end, and says why."""
        for _ in range(60 + 4 * len(self.feed)):
            if self.queue():
                self.step("accepted", read=True)
                self.pass_time(400.0)
        self.nothing_is_posted_twice()
        assert not self.queue()
        there = {one.key for one in self.log}
        for one in self.db.alerts.values():
            assert one.id in there or self.ended_rightly(one)

    def ended_rightly(self, one: Alert) -> bool:
        if one.state == "expired":
            return self.now >= one.expires_at and "too old" in one.reason
        if one.state == "held":
            return self.was_unreadable and "read back" in one.reason
        return one.state == "skipped" and bool(one.reason)


TestDelivery = Delivery.TestCase
TestDelivery.settings = settings(max_examples=60, stateful_step_count=15, deadline=None)
