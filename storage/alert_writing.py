"""Writing alerts inside a transaction: new ones, what became of them, and when their lanes are due."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime

from bot.alerts import Alert, AlertState
from bot.domain import CommunityId, Place
from bot.errors import NotFound
from storage.alert_rows import alert_params, place_params
from storage.database import Transaction
from storage.rows import instant
from storage.shelves import known

#: So many lines of an alert's story are kept.
KEPT_STEPS = 50
#: What was there stays there or was taken away; what was never sent may yet be found there. Only a moderator's ruling
#: sends any of them again.
_AFTER: dict[AlertState, frozenset[AlertState]] = {
    "posted": frozenset(("posted", "deleted")),
    "deleted": frozenset(("deleted",)),
    "skipped": frozenset(("skipped", "posted")),
    "expired": frozenset(("expired", "posted")),
    "dropped": frozenset(("dropped", "posted")),
}
#: Where an alert that a moderator let go can end without having been sent: it may be ruled upon again.
_NOT_SENT: frozenset[AlertState] = frozenset(("held", "skipped", "expired", "dropped"))


async def add(t: Transaction, alerts: Sequence[Alert], now: datetime) -> list[str]:
    """Store those that are not there yet, with the lanes of their places; the ids of the new ones."""
    for community in {alert.community for alert in alerts}:
        await known(t, community)
    lanes = {alert.place: alert.community for alert in reversed(alerts)}
    await t.many("add_lane", ({**place_params(place), "community": owner} for place, owner in lanes.items()))
    row = await t.one("last_alert")
    last = {"last": row["seq"] if row else 0}
    await t.many("add_alert", ({**alert_params(alert), "now": instant(now)} for alert in alerts))
    rows = await t.rows("added_alerts", last)
    await t.run("first_steps", last)
    await refresh(t, (row["lane"] for row in rows))
    return [row["id"] for row in rows]


async def refresh(t: Transaction, lanes: Iterable[int]) -> None:
    """Say anew when these lanes (rows) are due."""
    rows = sorted(set(lanes))
    if rows:
        await t.run("refresh_lanes", {"rows": json.dumps(rows)})


async def lane_row(t: Transaction, place: Place, community: CommunityId | None = None) -> sqlite3.Row | None:
    """The place's lane; made for ``community`` if there is none."""
    of = place_params(place)
    if community is not None:
        await known(t, community)
        await t.run("add_lane", {**of, "community": community})
    return await t.one("lane_row", of)


async def stored(t: Transaction, ids: Collection[str]) -> dict[str, sqlite3.Row]:
    """Alerts by id, with their lanes' leases. Raises NotFound for one that is not there."""
    found = {row["id"]: row for row in await t.rows("alerts_by_id", {"ids": json.dumps(list(ids))})}
    for id in ids:
        if id not in found:
            raise NotFound(f"there is no alert {id}")
    return found


async def write(t: Transaction, alert: Alert, before: sqlite3.Row, now: datetime) -> None:
    """What became of an alert, told in its story where its state or reason is another one now.

    Raises ValueError for a way that no alert may go: nothing that is settled is ever queued again by itself.
    """
    if alert.state not in _AFTER.get(before["state"], {alert.state}):
        raise ValueError(f"alert {alert.id} was {before['state']} and cannot become {alert.state}")
    await put(t, alert)
    if (alert.state, alert.reason) != (before["state"], before["reason"]):
        await tell(t, alert, now)
    if alert.state == "posted" and alert.posted_at is not None:
        await t.run("know_until", {"lane": before["lane"], "at": instant(alert.posted_at)})
    if alert.state in _NOT_SENT:
        await t.run("drop_ruling", {"community": alert.community, "id": alert.id})


async def put(t: Transaction, alert: Alert) -> None:
    await t.run("write_alert", alert_params(alert))


async def story_now(t: Transaction, id: str) -> datetime:
    """The present for a change that no clock came with: never before the alert's story so far."""
    last = await t.one("last_step_at", {"id": id})
    now = datetime.now(UTC)
    return max(now, datetime.fromisoformat(last["at"])) if last else now


async def tell(t: Transaction, alert: Alert, now: datetime) -> None:
    """One more line of its story."""
    of = {"id": alert.id, "now": instant(now), "state": alert.state, "reason": alert.reason}
    await t.run("add_step", of)
    await t.run("trim_steps", {"id": alert.id, "keep": KEPT_STEPS})
