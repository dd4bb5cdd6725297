"""Alerts of episodes that are made one, or two again: what was told of either is told of the one that is kept."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from bot.domain import EpisodeId
from storage.alert_rows import to_alert
from storage.alert_writing import put, refresh, story_now, tell
from storage.database import Transaction

#: id, its episode, its state and its reason before it gave way.
Double = tuple[str, str, str, str]
#: Which of two alerts for one episode in one place stays its alert: what people saw, then what they may have seen.
_ORDER = ("posted", "deleted", "sending", "unknown", "waiting", "held", "dropped", "expired", "skipped")
#: What is not sent when the same is told already. One that may be on its way is left to whoever finds out.
_NOT_YET = ("waiting", "held")


async def follow(t: Transaction, other: EpisodeId, kept: EpisodeId) -> tuple[tuple[str, ...], tuple[Double, ...]]:
    """The alerts of ``other`` go to ``kept``: (those that went, those that gave way to another in their place)."""
    rows = await t.rows("alerts_of_two", {"one": kept, "two": other})
    there: dict[tuple[int, str], list[sqlite3.Row]] = defaultdict(list)
    for row in rows:
        if row["kind"] not in ("trouble", "over"):
            there[row["lane"], row["kind"]].append(row)
    doubles = [max(two, key=_rank) for two in there.values() if len(two) > 1]
    for row in doubles:
        await _give_way(t, row)
    gone = {row["id"] for row in doubles}
    moved = tuple(row["id"] for row in rows if row["episode"] == other and row["id"] not in gone)
    await t.many("readdress_alert", ({"id": id, "episode": kept} for id in moved))
    return moved, tuple((row["id"], row["episode"], row["state"], row["reason"]) for row in doubles)


async def go_back(t: Transaction, other: EpisodeId, moved: Sequence[str], doubles: Sequence[Double]) -> None:
    """The way back."""
    await t.many("readdress_alert", ({"id": id, "episode": other} for id in moved))
    for id, episode, state, reason in doubles:
        await t.run("readdress_alert", {"id": id, "episode": episode})
        row = await t.one("alert", {"id": id})
        if row is not None and state in _NOT_YET and _gave_way(row):
            await _tell(t, row, state, reason)


def _rank(row: sqlite3.Row) -> tuple[int, int]:
    return _ORDER.index(row["state"]), row["seq"]


async def _give_way(t: Transaction, row: sqlite3.Row) -> None:
    from bot.texts_alerts import TOLD_AS_ONE

    await t.run("readdress_alert", {"id": row["id"], "episode": None})
    if row["state"] in _NOT_YET:
        await _tell(t, row, "skipped", TOLD_AS_ONE)


def _gave_way(row: sqlite3.Row) -> bool:
    from bot.texts_alerts import TOLD_AS_ONE

    return (row["state"], row["reason"]) == ("skipped", TOLD_AS_ONE)


async def _tell(t: Transaction, row: sqlite3.Row, state: str, reason: str) -> None:
    alert = replace(to_alert(row), state=state, reason=reason)  # type: ignore[arg-type]  # as it was stored
    await put(t, alert)
    await tell(t, alert, await story_now(t, alert.id))
    await refresh(t, [row["lane"]])
