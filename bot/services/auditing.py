"""What a show's feed had since a place subscribed, against what was posted there. Counted from what is stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bot import texts_why
from bot.alerts import QUEUED, Alert

if TYPE_CHECKING:
    from bot.context import Context
    from bot.domain import Episode
    from bot.feed_memory import FeedState, KnownItem
    from bot.services.subscriptions import Subscribed

#: So many of a place's alerts are looked at.
MOST = 2000


@dataclass(frozen=True, slots=True)
class Missing:
    """An episode that is not there, why, and when that was decided. ``alert`` is None where none was ever made."""

    episode: Episode
    reason: str
    at: datetime | None
    alert: Alert | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """Counts of episodes since the place subscribed; ``missing`` newest first."""

    feed: int
    posted: int
    taken_away: int
    coming: int
    held: int
    missing: tuple[Missing, ...]


async def compare(ctx: Context, one: Subscribed) -> Compared:
    storage, show = ctx.services.storage, one.record.show
    items = {item.episode: item for item in await storage.known_items(show) if item.role == "main"}
    alerts = await storage.alerts(ctx.community, show=show, place=one.place, limit=MOST)
    told = {alert.episode: alert for alert in alerts if alert.kind == "new" and alert.episode}
    feed = await storage.feed(show)
    since = one.options.since
    rows: list[tuple[Episode, Alert | None]] = []
    for episode in await storage.episodes(ctx.viewer, show):
        alert, item = told.get(episode.id), items.get(episode.key)
        if alert is not None or (not episode.withdrawn and _came_since(item, since, feed)):
            rows.append((episode, alert))
    return _counted(rows, items)


def _came_since(item: KnownItem | None, since: datetime, feed: FeedState | None) -> bool:
    """Whether the feed told of it since then, as news: what its first reading held never was."""
    if item is None or item.first_seen < since:
        return False
    return feed is None or feed.baseline_at is None or item.first_seen > feed.baseline_at


def _counted(rows: Sequence[tuple[Episode, Alert | None]], items: dict[str, KnownItem]) -> Compared:
    states = [alert.state if alert else None for _, alert in rows]
    return Compared(
        len(rows),
        states.count("posted"),
        states.count("deleted"),
        sum(1 for state in states if state in QUEUED),
        states.count("held"),
        tuple(
            _missing(episode, alert, items.get(episode.key))
            for episode, alert in rows
            if alert is None or alert.state in ("skipped", "expired", "dropped")
        ),
    )


def _missing(episode: Episode, alert: Alert | None, item: KnownItem | None) -> Missing:
    if alert is not None:
        return Missing(episode, alert.reason, alert.seen_at, alert)
    return Missing(episode, texts_why.NEVER_ANNOUNCED, item.first_seen if item else None)
