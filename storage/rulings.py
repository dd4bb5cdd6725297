"""What a moderator decided about an alert: the alert moves in the same transaction, and back when that is undone."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.alerts import Alert
from bot.domain import CommunityId, Ruling
from bot.errors import NotFound, UserError
from storage.alert_rows import to_alert
from storage.alert_writing import put, refresh, story_now, tell
from storage.database import Transaction
from storage.rows import instant, to_instant

#: So long an alert that a moderator let go may still be posted.
POST_WITHIN = timedelta(days=7)


async def rule(t: Transaction, community: CommunityId, ruling: Ruling) -> None:
    """Write a ruling and move its alert. Raises NotFound for an alert of nobody here, UserError where it may not."""
    row = await _row(t, community, ruling.id)
    if row is None:
        raise NotFound(f"there is no alert {ruling.id}")
    alert, now = to_alert(row), await story_now(t, ruling.id)
    before = await t.one("ruling_was", {"community": community, "id": ruling.id})
    if before is not None:
        alert = _back(alert, before)
    await t.run(
        "put_ruling",
        {"community": community, "id": ruling.id, "choice": ruling.choice, "was": _was(alert)},
    )
    await _move(t, row, _ruled(alert, ruling, now), now)


async def unrule(t: Transaction, community: CommunityId, id: str) -> None:
    """The alert is what it was before the ruling. Raises UserError when it was really sent meanwhile."""
    row = await _row(t, community, id)
    before = await t.one("ruling_was", {"community": community, "id": id})
    if row is not None and before is not None:
        await _move(t, row, _back(to_alert(row), before), await story_now(t, id))


async def _row(t: Transaction, community: CommunityId, id: str) -> sqlite3.Row | None:
    row = await t.one("alert", {"id": id})
    return row if row and row["community"] == community else None


async def _move(t: Transaction, row: sqlite3.Row, alert: Alert, now: datetime) -> None:
    await put(t, alert)
    await tell(t, alert, now)
    await refresh(t, [row["lane"]])


def _ruled(alert: Alert, ruling: Ruling, now: datetime) -> Alert:
    from bot import texts_alerts as texts

    unsent = alert.state in ("skipped", "expired", "dropped")
    if alert.state != "held" and not (unsent and ruling.choice == "post"):
        raise UserError(texts.NOT_TO_RULE.format(state=alert.state, reason=alert.reason))
    if ruling.choice == "there":
        at = alert.tried_at or now
        return replace(alert, state="posted", reason=texts.RULED_THERE, posted_at=at, tried_at=None, message="")
    if ruling.choice == "drop":
        return replace(alert, state="dropped", reason=texts.RULED_DROP)
    until = max(alert.expires_at, now + POST_WITHIN)
    # Seen long ago whatever clock is asked: due now.
    due = min(alert.due_at, alert.seen_at)
    return replace(alert, state="waiting", reason=texts.RULED_POST, due_at=due, expires_at=until, tried_at=None)


def _was(alert: Alert) -> str:
    return json.dumps(
        {
            "state": alert.state,
            "reason": alert.reason,
            "due_at": instant(alert.due_at),
            "expires_at": instant(alert.expires_at),
            "tried_at": instant(alert.tried_at),
            "posted_at": instant(alert.posted_at),
        },
        ensure_ascii=False,
    )


def _back(alert: Alert, before: sqlite3.Row) -> Alert:
    from bot import texts_alerts as texts

    if alert.message or alert.state == "deleted":
        raise UserError(texts.SENT_MEANWHILE)
    if alert.state in ("sending", "unknown"):
        raise UserError(texts.BEING_SENT)
    was: dict[str, Any] = json.loads(before["was"])
    return replace(
        alert,
        state=was["state"],
        reason=was["reason"],
        due_at=datetime.fromisoformat(was["due_at"]),
        expires_at=datetime.fromisoformat(was["expires_at"]),
        tried_at=to_instant(was["tried_at"]),
        posted_at=to_instant(was["posted_at"]),
    )
