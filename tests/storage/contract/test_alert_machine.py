"""Claims, sendings, crashes and rulings in any order: nothing is worked on by two, sent twice without being looked for,
or lost."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.alerts import QUEUED, Alert
from bot.domain import Place, Ruling
from bot.errors import StorageConflict, UserError
from bot.ports import Storage
from storage import open_storage
from tests.storage.alerting import BOTH, HALL, LEASE_S, NOON, OURS, ROOM, SECOND, alert

RUNS = ("one", "two", "three")
SETTLED = {"posted", "dropped"}


@dataclass
class Held:
    """The model of a lane: who has it until when."""

    run: str = ""
    until: float = 0.0


class AlertMachine(RuleBasedStateMachine):
    """The model: each alert's state, who holds each lane, and the requests that really left."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.seconds = 0.0
        self.states: dict[str, str] = {}
        self.order: dict[Place, list[str]] = {HALL: [], ROOM: []}
        self.lanes = {HALL: Held(), ROOM: Held()}
        #: What a run of storage's own reading knows of an alert, possibly outdated.
        self.read: dict[tuple[str, str], Alert] = {}
        #: Alerts whose request left and whose outcome nobody has looked up.
        self.open: set[str] = set()

    @initialize()
    def open_it(self) -> None:
        self.storage: Storage = self.runner.run(open_storage("sqlite:///:memory:"))

    @property
    def now(self):  # type: ignore[no-untyped-def]
        return NOON + self.seconds * SECOND

    def stored(self, id: str) -> Alert:
        found = self.runner.run(self.storage.alert(id))
        assert found is not None
        return found

    @rule(place=st.sampled_from([HALL, ROOM]), n=st.integers(0, 5))
    def add(self, place: Place, n: int) -> None:
        one = alert(f"s{n}", place)
        new = self.runner.run(self.storage.add_alerts([one], self.now))
        assert new == ([] if one.id in self.states else [one.id])
        if new:
            self.states[one.id] = "waiting"
            self.order[place].append(one.id)

    @rule(run=st.sampled_from(RUNS), limit=st.integers(1, 2))
    def claim(self, run: str, limit: int) -> None:
        for lane in self.runner.run(self.storage.claim_lanes(run, self.now, LEASE_S, limit, BOTH)):
            held = self.lanes[lane.place]
            assert not held.run or held.until <= self.seconds, "two hold one lane"
            self.lanes[lane.place] = Held(run, self.seconds + LEASE_S)
            for id in self.order[lane.place]:
                if self.states[id] == "sending":
                    self.states[id] = "unknown"

    @rule(run=st.sampled_from(RUNS), place=st.sampled_from([HALL, ROOM]))
    def release(self, run: str, place: Place) -> None:
        self.runner.run(self.storage.release_lane(place, run))
        if self.lanes[place].run == run:
            self.lanes[place] = Held()

    @rule(run=st.sampled_from(RUNS), place=st.sampled_from([HALL, ROOM]))
    def keep(self, run: str, place: Place) -> None:
        kept = self.runner.run(self.storage.keep_lane(place, run, self.now + LEASE_S * SECOND))
        assert kept == (self.lanes[place].run == run)
        if kept:
            self.lanes[place].until = self.seconds + LEASE_S

    @rule(seconds=st.sampled_from([1.0, 30.0, 61.0]))
    def wait(self, seconds: float) -> None:
        """Who does nothing for longer than the lease has crashed."""
        self.seconds += seconds

    @rule(run=st.sampled_from(RUNS), place=st.sampled_from([HALL, ROOM]))
    def look(self, run: str, place: Place) -> None:
        for one in self.runner.run(self.storage.queue(place)):
            self.read[run, one.id] = one

    @precondition(lambda self: self.read)
    @rule(data=st.data(), state=st.sampled_from(["sending", "posted", "held", "waiting"]))
    def advance(self, data: st.DataObject, state: str) -> None:
        run, id = data.draw(st.sampled_from(sorted(self.read)))
        one = self.read[run, id]
        lane, current = self.lanes[one.place], self.stored(id)
        allowed = lane.run == run and current.version == one.version
        if one.state in SETTLED:
            return  # another test: storage refuses every way on
        if state == "sending":
            if one.state != "waiting":
                return  # the outbox sends nothing of unknown outcome
            allowed = allowed and lane.until > self.seconds
        if one.state == "unknown" and state == "waiting":
            self.open.discard(id)  # it was looked for, and was not there
        try:
            [after] = self.runner.run(
                self.storage.advance([replace(one, state=state, reason=state)], run, self.now)  # type: ignore[arg-type]
            )
        except StorageConflict:
            assert not allowed
            return
        assert allowed
        if state == "sending":
            assert id not in self.open, "sent again although it may be there"
            self.open.add(id)
        else:
            self.open.discard(id)
        self.read[run, id] = after
        self.states[id] = state

    @precondition(lambda self: self.states)
    @rule(data=st.data(), choice=st.sampled_from(["there", "post", "drop"]))
    def decide(self, data: st.DataObject, choice: str) -> None:
        id = data.draw(st.sampled_from(sorted(self.states)))
        before = self.states[id]
        try:
            self.runner.run(self.storage.put(OURS, Ruling(id, choice), "mod"))  # type: ignore[arg-type]
        except UserError:
            assert before != "held"
            return
        after = {"there": "posted", "post": "waiting", "drop": "dropped"}[choice]
        assert before == "held" or self.stored(id).state == after
        self.states[id] = after

    @invariant()
    def what_is_stored_is_what_the_model_says(self) -> None:
        if not hasattr(self, "storage"):
            return
        found = {one.id: one.state for one in self.runner.run(self.storage.alerts(OURS))}
        assert found == self.states
        for place, ids in self.order.items():
            queued = [id for id in ids if self.states[id] in QUEUED]
            assert [one.id for one in self.runner.run(self.storage.queue(place))] == queued

    @invariant()
    def whatever_is_queued_will_be_claimed_again(self) -> None:
        if not hasattr(self, "storage"):
            return
        for place, ids in self.order.items():
            lane = self.runner.run(self.storage.lane(place))
            busy = any(self.states[id] in QUEUED for id in ids)
            assert (lane is not None and lane.due_at is not None) == busy

    def teardown(self) -> None:
        if hasattr(self, "storage"):
            self.runner.run(self.storage.close())
        self.runner.close()


TestAlertMachine = AlertMachine.TestCase
TestAlertMachine.settings = settings(
    max_examples=40, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
