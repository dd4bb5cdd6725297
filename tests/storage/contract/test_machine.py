"""Withholds, drops, undos and re-imports in any order, held against a model of ten lines."""

from __future__ import annotations

import asyncio

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.domain import DEFAULT_COMMUNITY, EpisodeId, HistoryEntry, Level, ShowId, Withhold
from bot.errors import UserError
from bot.ports import LineRange, Storage
from storage import open_storage
from tests.storage.build import MEMBER, OPERATOR, Turns, episode_import, stored

#: Ten lines that share no words, so that each is found again wherever it goes.
ANIMALS = ("ant", "bee", "cat", "dog", "elk", "fox", "gnu", "hen", "ibis", "jay")
SAID = [f"{word} {word}ling {word}ward {word}ness {word}less." for word in ANIMALS]


def turns_of(order: tuple[int, ...]) -> Turns:
    return [("Ann", SAID[i]) for i in order]


class OverlayMachine(RuleBasedStateMachine):
    """The model: which line each withhold names, what every history entry did, and the present order of lines."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.order = tuple(range(len(SAID)))
        self.withheld: dict[str, int] = {}
        #: (history id, record, line before, line after), oldest first
        self.entries: list[tuple[str, str, int | None, int | None]] = []

    @initialize()
    def open(self) -> None:
        self.storage: Storage = self.runner.run(open_storage("sqlite:///:memory:"))
        self.episode: EpisodeId = self.runner.run(stored(self.storage, episode_import(turns=turns_of(self.order))))
        self.show: ShowId = self.runner.run(self.storage.shows(OPERATOR))[0].id

    def remember(self, entry: HistoryEntry, before: int | None, after: int | None) -> None:
        self.entries.append((entry.id, entry.record_id, before, after))
        if after is None:
            self.withheld.pop(entry.record_id, None)
        else:
            self.withheld[entry.record_id] = after

    @rule(id=st.sampled_from(["w1", "w2", "w3"]), line=st.integers(0, 9), level=st.sampled_from(["hidden", "erased"]))
    def withhold(self, id: str, line: int, level: str) -> None:
        if id in self.withheld or line in self.withheld.values():
            return
        at = self.order.index(line)
        anchor = self.runner.run(self.storage.anchor(MEMBER, LineRange(self.episode, at, at)))
        assert anchor is not None
        record = Withhold(id, Level(level), anchor=anchor)
        self.remember(self.runner.run(self.storage.put(DEFAULT_COMMUNITY, record, "m")), None, line)

    @rule(id=st.sampled_from(["w1", "w2", "w3"]))
    def drop(self, id: str) -> None:
        entry = self.runner.run(self.storage.drop(DEFAULT_COMMUNITY, "withhold", id, "m"))
        assert (entry is None) == (id not in self.withheld)
        if entry is not None:
            self.remember(entry, self.withheld[id], None)

    @precondition(lambda self: self.entries)
    @rule(data=st.data())
    def undo(self, data: st.DataObject) -> None:
        id, record, before, after = self.entries[data.draw(st.integers(0, len(self.entries) - 1))]
        try:
            entry = self.runner.run(self.storage.undo(DEFAULT_COMMUNITY, id, "m"))
        except UserError:
            return
        assert self.withheld.get(record) == after
        self.remember(entry, after, before)

    @rule(order=st.permutations(range(len(SAID))))
    def import_again(self, order: list[int]) -> None:
        self.order = tuple(order)
        given = episode_import(turns=turns_of(self.order))
        saved = self.runner.run(self.storage.save_episode(DEFAULT_COMMUNITY, self.show, given))
        assert saved.lost == ()

    @invariant()
    def what_is_withheld_is_hidden_and_all_else_is_shown(self) -> None:
        shown = {line.text for line in self.runner.run(self.storage.lines(MEMBER, self.episode))}
        assert shown == {text for i, text in enumerate(SAID) if i not in self.withheld.values()}

    def teardown(self) -> None:
        self.runner.run(self.storage.close())
        self.runner.close()


TestOverlayMachine = OverlayMachine.TestCase
TestOverlayMachine.settings = settings(
    max_examples=25, stateful_step_count=20, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
