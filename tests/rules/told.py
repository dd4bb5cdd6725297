"""Alerts and lanes for tests of the rules that deliver them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.alerts import Alert, AlertState, Lane, Options
from bot.domain import DEFAULT_COMMUNITY, Place, ShowId

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
PLACE = Place("discord", "hall", "news")
RUN = "run2"
OPTIONS = Options(NOW - timedelta(days=30))
AGE = timedelta(days=7)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def alert(id: str = "a", state: AlertState = "waiting", **more: Any) -> Alert:
    """One of a new episode, seen now and due at once."""
    seen = more.pop("seen_at", NOW)
    said: dict[str, Any] = {
        "community": DEFAULT_COMMUNITY,
        "place": PLACE,
        "kind": "new",
        "subject": f"guid:{id}",
        "reason": "new in the feed",
        "seen_at": seen,
        "due_at": seen,
        "order_at": seen,
        "expires_at": seen + AGE,
        "show": ShowId("show"),
        "subscription": "wish",
    }
    return Alert(id=id, state=state, **(said | more))


def tried(at: datetime = NOW, id: str = "a", **more: Any) -> Alert:
    """One whose sender did not come back: nothing is known but when it began."""
    return alert(id, "unknown", tried_at=at, attempts=1, **more)


def lane(vouched: str = RUN, **more: Any) -> Lane:
    """The alerts' place, read back by this run unless said otherwise."""
    return Lane(PLACE, DEFAULT_COMMUNITY, vouched=vouched, **more)
