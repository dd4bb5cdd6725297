"""Small alerts and places for tests of what is remembered of them; no test here."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.alerts import Alert, Lane, News, Options
from bot.domain import DEFAULT_COMMUNITY, CommunityId, Place, Show, ShowId, Subscription
from bot.ports import Storage
from bot.rules.alert_keys import alert_id, subscription_id
from bot.rules.subscription_options import write

OURS, OTHER = DEFAULT_COMMUNITY, CommunityId("other")
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
HALL, ROOM = Place("discord", "guild", "hall"), Place("discord", "guild", "room")
SLACK = Place("slack", "team", "general")
SHOW = ShowId("showaaaaaaaa")
RUN, TWIN = "run-one", "run-two"
BOTH = ("discord", "slack")
LEASE_S = 60.0
SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def alert(subject: str = "guid:1", place: Place = HALL, at: datetime = NOON, **said: Any) -> Alert:
    """One waiting alert, due at ``at``."""
    kind, show = said.pop("kind", "new"), said.pop("show", SHOW)
    made = Alert(
        alert_id(place, show, subject, kind), OURS, place, kind, subject, "waiting", "new in the feed",
        at, at, at, at + 7 * DAY, show=show,
    )  # fmt: skip
    return replace(made, **said)


def news(key: str = "one", at: datetime = NOON, **said: Any) -> News:
    return News(key, f"guid:{key}", key.title(), "full", at, "not seen before", published=at, **said)


def subscribed(show: Show, place: Place = HALL, **options: Any) -> Subscription:
    return Subscription(subscription_id(show.id, place), show.id, str(place), write(Options(NOON, **options)))


async def claimed(storage: Storage, run: str = RUN, now: datetime = NOON, lease_s: float = LEASE_S) -> list[Lane]:
    return await storage.claim_lanes(run, now, lease_s, 100, BOTH)


async def stored(storage: Storage, id: str) -> Alert:
    found = await storage.alert(id)
    assert found is not None
    return found


async def lane(storage: Storage, place: Place = HALL) -> Lane:
    found = await storage.lane(place)
    assert found is not None
    return found


async def turned(storage: Storage, one: Alert, state: str, run: str = RUN, now: datetime = NOON, **said: Any) -> Alert:
    """The alert as it stands in storage, moved on by the run that holds its lane."""
    now_stored = await stored(storage, one.id)
    [after] = await storage.advance([replace(now_stored, **{"state": state, "reason": state, **said})], run, now)
    return after


async def sent(storage: Storage, one: Alert, run: str = RUN, now: datetime = NOON) -> Alert:
    """Sent and settled by whoever holds the lane."""
    await turned(storage, one, "sending", run, now, tried_at=now, attempts=1)
    return await turned(storage, one, "posted", run, now, tried_at=None, posted_at=now, message=f"m-{one.subject}")


async def held(storage: Storage, one: Alert | None = None) -> Alert:
    """An alert that waits for a moderator; its lane is given back."""
    one = one or alert()
    await storage.add_alerts([one], NOON)
    await claimed(storage)
    after = await turned(storage, one, "held", reason="cannot be read back")
    await storage.release_lane(one.place, RUN)
    return after
