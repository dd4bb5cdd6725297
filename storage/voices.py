"""Who says how much in which episode, and under which name: the sums kept beside every transcript, corrected from the
lines themselves only where a community's overlays reach single lines.

The sums of all transcripts are held in memory and follow the counter episode by episode; names are held with the view.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass, field

from bot.domain import CommunityId, EpisodeId, Line, Show
from bot.ports import SpeakerCount
from bot.rules.overlays import Overlays, apply, hides, person_level, same_name, shown_name
from storage.database import Database, Transaction
from storage.reading import Reading, raw_lines
from storage.view import CommunityView, ShownAs

#: An episode that no overlay names: what holds for the show alone.
NOWHERE = EpisodeId("")
#: How many episodes' sums after overlays on single lines are kept; each costs reading a transcript.
KEPT_COUNTS = 512


@dataclass(frozen=True, slots=True)
class Voice:
    """One label of one transcript with all that it says."""

    label: str | None
    turns: int
    lines: int
    words: int


@dataclass(frozen=True, slots=True)
class Heard:
    """One transcript's voices, as the source writes them."""

    row: int
    show: int
    voices: tuple[Voice, ...]


@dataclass(slots=True)
class Voices:
    """Who says how much, by shown name."""

    #: Turns, lines, words.
    sums: dict[str | None, list[int]] = field(default_factory=dict)

    def add(self, name: str | None, turns: int, lines: int, words: int) -> None:
        total = self.sums.setdefault(name, [0, 0, 0])
        total[0] += turns
        total[1] += lines
        total[2] += words

    def add_all(self, other: Voices) -> None:
        for name, (turns, lines, words) in other.sums.items():
            self.add(name, turns, lines, words)

    def add_lines(self, lines: Iterable[Line]) -> None:
        turns: set[tuple[str | None, int]] = set()
        for line in lines:
            new = (line.speaker, line.turn) not in turns
            turns.add((line.speaker, line.turn))
            self.add(line.speaker, int(new), 1, line.words)

    @property
    def lines(self) -> int:
        return sum(lines for _, lines, _ in self.sums.values())

    @property
    def words(self) -> int:
        return sum(words for _, _, words in self.sums.values())

    def counts(self) -> list[SpeakerCount]:
        found = [SpeakerCount(name, turns, words) for name, (turns, _, words) in self.sums.items()]
        return sorted(found, key=lambda each: (-each.words, each.name is None, each.name or ""))


class Speaking(Reading):
    """What the reads about speakers share, inside a transaction that is open already."""

    def __init__(self, db: Database) -> None:
        super().__init__(db)
        self._heard: dict[EpisodeId, Heard] = {}
        self._heard_at = -1
        self._exact: dict[tuple[CommunityId, EpisodeId], tuple[Heard, Overlays, Voices]] = {}

    async def _book(self, t: Transaction, view: CommunityView) -> dict[EpisodeId, Heard]:
        """Every transcript's voices, at the change that the view stands for; only what has changed is read anew."""
        if self._heard_at == view.n:
            return self._heard
        changed: list[str] | None = None
        if self._heard_at >= 0:
            changed = [row["episode"] for row in await t.rows("transcript_changes", {"n": self._heard_at})]
        rows = (
            []
            if changed == []
            else await t.rows("voices", {"episodes": None if changed is None else json.dumps(changed)})
        )
        for id in changed or ():
            self._heard.pop(EpisodeId(id), None)
        for id, row, show, label, turns, lines, words in rows:
            before = self._heard.get(id)
            voice = Voice(label, turns, lines, words)
            self._heard[id] = Heard(row, show, (*before.voices, voice) if before else (voice,))
        self._heard_at = view.n
        return self._heard

    async def _sums(self, t: Transaction, view: CommunityView, shows: dict[int, Show]) -> Voices:
        """Who speaks in all that these shows have."""
        own, found = view.of_their_own(), Voices()
        for id, heard in within(await self._book(t, view), view, shows):
            if id in own:
                found.add_all(await self._of_one(t, view, shows[heard.show], id, heard))
                continue
            for voice in heard.voices:
                shown = called(view, shows[heard.show], voice.label)
                if not shown.hidden:
                    found.add(shown.name, voice.turns, voice.lines, voice.words)
        return found

    async def _names(
        self, t: Transaction, view: CommunityView, shows: dict[int, Show]
    ) -> AsyncIterator[tuple[EpisodeId, set[str | None]]]:
        """Each transcript with who is heard there, in the compared form of their names."""
        own = view.of_their_own()
        for id, heard in within(await self._book(t, view), view, shows):
            if id in own:
                sums = (await self._of_one(t, view, shows[heard.show], id, heard)).sums
                yield id, {each and same_name(each) for each in sums}
            else:
                shown = [called(view, shows[heard.show], voice.label) for voice in heard.voices]
                yield id, {each.key for each in shown if not each.hidden}

    async def _of_one(self, t: Transaction, view: CommunityView, show: Show, id: EpisodeId, heard: Heard) -> Voices:
        """Who speaks in one episode, after all its overlays."""
        overlays = view.overlays(show.id, id)
        if not overlays.touches_lines:
            found = Voices()
            for voice in heard.voices:
                name = shown_name(voice.label, overlays)
                if not hides(person_level(voice.label, name, overlays)):
                    found.add(name, voice.turns, voice.lines, voice.words)
            return found
        key = (view.community, id)
        kept = self._exact.pop(key, None)
        if kept is None or kept[0] is not heard or kept[1] != overlays:
            found = Voices()
            found.add_lines(apply(await raw_lines(t, heard.row), overlays))
            kept = (heard, overlays, found)
        self._exact[key] = kept
        if len(self._exact) > KEPT_COUNTS:
            self._exact.pop(next(iter(self._exact)))
        return kept[2]


def within(
    book: dict[EpisodeId, Heard], view: CommunityView, shows: dict[int, Show]
) -> Iterator[tuple[EpisodeId, Heard]]:
    """The transcripts of these shows, without withheld episodes."""
    return ((id, heard) for id, heard in book.items() if heard.show in shows and not view.withheld(id))


def called(view: CommunityView, show: Show, label: str | None) -> ShownAs:
    """How a label of this show is shown in an episode without overlays of its own; looked up once a view."""
    found = view.shown.get((show.id, label))
    if found is None:
        found = view.shown[show.id, label] = shown_as(label, view.overlays(show.id, NOWHERE))
    return found


def shown_as(label: str | None, overlays: Overlays) -> ShownAs:
    name = shown_name(label, overlays)
    return ShownAs(name, None if name is None else same_name(name), hides(person_level(label, name, overlays)))


def labels_by_name(
    book: dict[EpisodeId, Heard], view: CommunityView, shows: dict[int, Show]
) -> dict[str, frozenset[str]]:
    """The source's labels behind every name (in its compared form) that is heard in these shows."""
    found: dict[str, set[str]] = {}
    for id, heard in within(book, view, shows):
        home = shows[heard.show]
        own = view.overlays(home.id, id) if id in view.episode_aliases else None
        for voice in heard.voices:
            shown = called(view, home, voice.label) if own is None else shown_as(voice.label, own)
            if shown.key is not None and voice.label is not None and not shown.hidden:
                found.setdefault(shown.key, set()).add(voice.label)
    return {key: frozenset(labels) for key, labels in found.items()}
