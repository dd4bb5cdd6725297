"""Joins, splits, undos, polls and notes in any order: every undo gives back what was before, and no line is lost."""

from __future__ import annotations

import asyncio

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.domain import DEFAULT_COMMUNITY, EpisodeId, Nickname, ShowId
from bot.errors import UserError
from bot.ports import LineRange, Storage
from storage import open_storage
from tests.storage.build import MEMBER, episode_import, shelved, stored
from tests.storage.joined import everything, fed, polled

KEYS = ("a", "b", "c", "d")
#: Which words each transcript begins with; the other episodes come from the feed.
SAID = {"a": "Ant", "c": "Cat"}


class JoiningMachine(RuleBasedStateMachine):
    """The model: what was read before each joining or splitting that stands, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.names = 0

    @initialize()
    def open(self) -> None:
        self.storage: Storage = self.runner.run(open_storage("sqlite:///:memory:"))
        self.show: ShowId = self.runner.run(shelved(self.storage)).id
        self.ids: dict[str, EpisodeId] = {}
        for key in KEYS:
            if key in SAID:
                turns = [("Ann", f"{SAID[key]} number {n} speaks of nothing else.") for n in range(4)]
                self.ids[key] = self.runner.run(stored(self.storage, episode_import(key, turns)))
            else:
                changes = polled(self.show, fed(key, title=key))
                self.ids[key] = self.runner.run(self.storage.apply_poll(changes))[0].episode
        #: (history id, all that was read before it)
        self.done: list[tuple[str, list[object]]] = []

    def read(self) -> list[object]:
        return self.runner.run(everything(self.storage, self.show))

    @rule(kept=st.sampled_from(KEYS), other=st.sampled_from(KEYS))
    def join(self, kept: str, other: str) -> None:
        before = self.read()
        try:
            entry = self.runner.run(self.storage.join_episodes(DEFAULT_COMMUNITY, self.ids[kept], self.ids[other], "m"))
        except UserError:
            assert self.read() == before
        else:
            self.done.append((entry.id, before))

    @rule(key=st.sampled_from(KEYS))
    def split(self, key: str) -> None:
        before = self.read()
        try:
            _, entry = self.runner.run(self.storage.split_episode(DEFAULT_COMMUNITY, self.ids[key], "m"))
        except UserError:
            assert self.read() == before
        else:
            self.done.append((entry.id, before))

    @rule()
    def take_back(self) -> None:
        if self.done:
            id, before = self.done.pop()
            self.runner.run(self.storage.undo(DEFAULT_COMMUNITY, id, "m"))
            assert plain(self.read()) == plain(before)

    @rule(key=st.sampled_from(sorted(SAID)), line=st.integers(0, 3))
    def name(self, key: str, line: int) -> None:
        """A record that is made stands after every undo of what came before it: the model begins anew."""
        anchor = self.runner.run(self.storage.anchor(MEMBER, LineRange(self.ids[key], line, line)))
        if anchor is not None:
            self.names += 1
            # An episode that was split and joined again says what the other one said.
            [[said]] = self.runner.run(self.storage.ranges(MEMBER, [LineRange(self.ids[key], line, line)]))
            record = Nickname(f"n{self.names}", f"{said.text.split()[0]} {line}", anchor)
            self.runner.run(self.storage.put(DEFAULT_COMMUNITY, record, "m"))
            self.done.clear()

    @invariant()
    def every_name_stands_on_its_words(self) -> None:
        for record in self.runner.run(self.storage.records(DEFAULT_COMMUNITY, "nickname")):
            assert isinstance(record, Nickname)
            there = self.runner.run(self.storage.resolve(MEMBER, record.anchor))
            assert there is not None
            [[line]] = self.runner.run(self.storage.ranges(MEMBER, [there]))
            word, _, number = record.words.partition(" ")
            assert line.text.startswith(f"{word} number {number}")

    @invariant()
    def no_line_and_no_item_is_lost(self) -> None:
        episodes = self.runner.run(self.storage.episodes(MEMBER))
        said = [line.text for one in episodes for line in self.runner.run(self.storage.lines(MEMBER, one.id))]
        assert sorted(text.split()[0] for text in said) == ["Ant"] * 4 + ["Cat"] * 4
        keys = {one.key for one in episodes}
        items = self.runner.run(self.storage.known_items(self.show))
        resources = self.runner.run(self.storage.resources(self.show))
        assert sorted(each.id for each in items) == ["i-b", "i-d"]
        assert {each.episode for each in items} | {each.episode for each in resources} <= keys
        for id in self.ids.values():
            assert self.runner.run(self.storage.episode(MEMBER, id)) is not None

    def teardown(self) -> None:
        self.runner.run(self.storage.close())
        self.runner.close()


def plain(found: list[object]) -> list[object]:
    """Without the joinings that stand: a split that is taken back is one."""
    return [each for each in found if "Joining(" not in repr(each)[:12] and each != []]


TestJoiningMachine = JoiningMachine.TestCase
TestJoiningMachine.settings = settings(
    max_examples=15, stateful_step_count=12, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
