"""Shows, places and episodes for the benchmarks of alerts: stored as a moderator and a poll would store them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.alerts import News, Options
from bot.domain import DEFAULT_COMMUNITY, EpisodeImport, Place, Show, ShowId, Subscription
from bot.errors import StorageConflict
from bot.feed_memory import FeedState, KnownItem, PollChanges
from bot.ports import Storage
from bot.rules.alert_keys import alert_id, subscription_id
from bot.rules.subscription_options import write

#: The largest burst cap there is. What a benchmark releases comes from so many shows that it is never reached, also
#: when a restored database sees all of it again at once.
CAP = 20


def shows_for(episodes: int) -> list[ShowId]:
    """Enough shows for so many episodes; the same in every process, and after a restore."""
    return [ShowId(f"show{n:08d}") for n in range(-(-episodes // CAP))]


def shared_out(episodes: int, shows: Sequence[ShowId]) -> dict[ShowId, int]:
    """How many of them each show has: they come out in turn."""
    return {show: (episodes - n + len(shows) - 1) // len(shows) for n, show in enumerate(shows)}


def places(platform: str, count: int) -> list[Place]:
    return [Place(platform, "hall", f"room{n}") for n in range(count)]


def identity(show: ShowId, n: int) -> str:
    return f"guid:{show}-{n}"


def keys(shows: Sequence[ShowId], where: Sequence[Place], episodes: int) -> dict[tuple[Place, ShowId], list[str]]:
    """The alerts that so many released episodes make, by place and show, oldest first."""
    return {
        (place, show): [alert_id(place, show, identity(show, n), "new") for n in range(count)]
        for place in where
        for show, count in shared_out(episodes, shows).items()
    }


async def furnish(
    storage: Storage, shows: Sequence[ShowId], where: Sequence[Place], now: datetime, options: Options | None = None
) -> None:
    """Shows whose empty feeds were polled once, and a subscription to each of them in every place."""
    for platform, workspace in sorted({(place.platform, place.workspace) for place in where}):
        await storage.link_workspace(DEFAULT_COMMUNITY, platform, workspace)
    wish = write(options or Options(now, burst_cap=CAP))
    for n, show in enumerate(shows):
        url = f"https://feeds.example/{n}"
        await storage.put_show(DEFAULT_COMMUNITY, Show(show, f"show-{n}", f"Show {n}", url))
        await storage.put_feed(FeedState(show, url, checked_at=now, succeeded_at=now, baseline_at=now))
        for place in where:
            made = Subscription(subscription_id(show, place), show, str(place), wish)
            await storage.put(DEFAULT_COMMUNITY, made, "benchmark")


async def release(storage: Storage, show: ShowId, upto: int, now: datetime) -> int:
    """A poll that sees the first ``upto`` episodes of a show: what it does not know is stored, with its alerts.

    How many were new. When another process was faster it is looked at anew.
    """
    while True:
        state = await storage.feed(show)
        assert state is not None
        known = {item.episode for item in await storage.known_items(show)}
        new = [n for n in range(upto) if f"ep-{n}" not in known]
        if not new:
            return 0
        try:
            await storage.apply_poll(_changes(state, show, new, now))
        except StorageConflict:
            continue
        return len(new)


def _changes(state: FeedState, show: ShowId, new: Sequence[int], now: datetime) -> PollChanges:
    seen = replace(state, checked_at=now, succeeded_at=now, changed_at=now, next_at=now + timedelta(hours=1))
    return PollChanges(
        seen,
        episodes=tuple(_episode(show, n, now) for n in new),
        items=tuple(KnownItem(f"{show}i{n}", f"ep-{n}", now, now, guids=(f"{show}-{n}",)) for n in new),
        news=tuple(
            News(f"ep-{n}", identity(show, n), f"Episode {n}", "full", now, "new in the feed", published=now, number=n)
            for n in new
        ),
    )


def _episode(show: ShowId, n: int, now: datetime) -> EpisodeImport:
    return EpisodeImport(
        f"ep-{n}", f"Episode {n}", number=n, guid=f"{show}-{n}", published=now, duration_s=1800.0 + n,
        summary=f"What happened in the {n}th week, told by those who were there.",
    )  # fmt: skip
