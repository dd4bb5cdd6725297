"""The history of records: who changed what, and which changes stand."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime

from bot.domain import CommunityId, HistoryEntry, Record, RecordKind
from bot.errors import NotFound, UserError
from bot.rules.ids import new_id
from storage.codec import encode
from storage.database import Transaction


def new_entry(
    community: CommunityId, by: str, kind: RecordKind, id: str, before: Record | None, after: Record | None
) -> HistoryEntry:
    return HistoryEntry(new_id(), community, datetime.now(UTC), by, kind, id, before, after)


async def remember(t: Transaction, entry: HistoryEntry) -> None:
    await t.run(
        "add_history",
        {
            "id": entry.id,
            "community": entry.community,
            "at": entry.at.isoformat(),
            "by": entry.by,
            "kind": entry.kind,
            "record": entry.record_id,
            "before": encode(entry.before),
            "after": encode(entry.after),
            "undoes": entry.undoes,
        },
    )


async def to_undo(t: Transaction, community: CommunityId, entry: str | None) -> sqlite3.Row:
    if entry is None:
        row = await t.one("last_standing", {"community": community})
    else:
        row = await t.one("history_entry", {"community": community, "id": entry})
    if row is None:
        raise NotFound("there is nothing to undo" if entry is None else f"there is no change {entry}")
    if row["undone"]:
        raise UserError("that was undone already")
    return row


async def mark_undone(t: Transaction, community: CommunityId, row: sqlite3.Row) -> None:
    """The entry no longer stands; what it had undone itself stands again, and so on down."""
    undone: bool = True
    entry: sqlite3.Row | None = row
    while entry is not None:
        await t.run("mark_undone", {"id": entry["id"], "undone": undone})
        undone = not undone
        entry = await t.one("history_entry", {"community": community, "id": entry["undoes"]})
