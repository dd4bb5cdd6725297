"""What records and the history may say of the transcript: no words that a withhold of the community reaches."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.domain import CommunityId, Fix, HistoryEntry, Level, Line, Record, Withhold
from bot.rules.overlays import Overlays, reach, strictest
from storage.codec import anchor_of, blanked, kind_of
from storage.database import Transaction
from storage.reading import raw_ranges
from storage.view import CommunityView, Room


class Reticence(Room):
    """Blanks the words of anchors on their way out."""

    async def _discreet(self, t: Transaction, community: CommunityId, records: Sequence[Record]) -> list[Record]:
        view = await self._view(t, community)
        levels = await _levels(t, view, community, records)
        return [_discreet(record, level) for record, level in zip(records, levels, strict=True)]

    async def _told(self, entry: HistoryEntry) -> HistoryEntry:
        """An entry just written, as ``history`` would give it."""
        async with self._db.reading() as t:
            return (await self._discreet_entries(t, entry.community, [entry]))[0]

    async def _discreet_entries(
        self, t: Transaction, community: CommunityId, entries: Sequence[HistoryEntry]
    ) -> list[HistoryEntry]:
        states = [state for entry in entries for state in (entry.before, entry.after) if state is not None]
        told = iter(await self._discreet(t, community, states))
        return [
            replace(
                entry,
                before=None if entry.before is None else next(told),
                after=None if entry.after is None else next(told),
            )
            for entry in entries
        ]


def _discreet(record: Record, level: Level | None) -> Record:
    """Erased words are repeated to nobody. Hidden ones only where a moderator has to see what is hidden or fixed."""
    if isinstance(record, Withhold) and record.level is Level.erased:
        return blanked(record)
    if level is Level.erased or (level is Level.hidden and not isinstance(record, Withhold | Fix)):
        return blanked(record)
    return record


async def _levels(
    t: Transaction, view: CommunityView, community: CommunityId, records: Sequence[Record]
) -> list[Level | None]:
    """How far the words of each record are withheld."""
    anchored = [[kind_of(record), record.id] for record in records if anchor_of(record) is not None]
    if not anchored:
        return [None for _ in records]
    unique = [json.loads(each) for each in sorted({json.dumps(pair) for pair in anchored})]
    rows = await t.rows("record_spans", {"community": community, "records": json.dumps(unique)})
    asked = [(row["row"], row["first_line"], row["last_line"]) for row in rows if row["first_line"] is not None]
    stretches = iter(await raw_ranges(t, asked))
    places: dict[tuple[str, str], _Stands] = {}
    for row in rows:
        lines = [] if row["first_line"] is None else next(stretches)
        places.setdefault((row["kind"], row["id"]), _Stands(row, [])).stretches.append(lines)
    return [_level(record, places.get((kind_of(record), record.id)), view) for record in records]


@dataclass(frozen=True, slots=True)
class _Stands:
    """A record's anchor as it is stored, with the lines where its words stand."""

    row: sqlite3.Row
    stretches: list[list[Line]]


def _level(record: Record, stands: _Stands | None, view: CommunityView) -> Level | None:
    anchor = anchor_of(record)
    if anchor is None:
        return None
    show = view.shows.get(stands.row["show"]) if stands else None
    if stands is None or show is None:
        return Level.erased  # off the shelf
    overlays = view.overlays(show.id, anchor.episode)
    row = stands.row
    same = (anchor.episode, anchor.first_word, anchor.words, anchor.hash) == (
        row["episode"], row["first_word"], row["words"], row["hash"],
    )  # fmt: skip
    if not same or not all(stands.stretches):
        return _any_of_it(overlays)  # nobody knows where these words stand now: as strict as the episode's strictest
    return strictest(level for lines in stands.stretches if (level := reach(lines, overlays)))


def _any_of_it(overlays: Overlays) -> Level | None:
    levels = [each.level for each in overlays.withholds] + [*overlays.persons.values(), overlays.episode]
    return strictest(level for level in levels if level is not None)
