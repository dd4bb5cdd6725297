"""A show whose feed is polled again and again: what tests of feed items tell their stories with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.domain import Episode, EpisodeId, ShowId
from bot.feed_memory import KnownItem
from bot.feeds import Enclosure, Feed, FeedItem
from bot.rules.feed_items import Judged, judge

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
MAY = datetime(2025, 5, 5, 10, tzinfo=UTC)


def item(n: int, host: str = "a.example", **parts: object) -> FeedItem:
    made = FeedItem(
        guid=f"{host}:{n}",
        title=f"Episode {n}",
        link=f"https://{host}/show/{n}",
        published=MAY + timedelta(days=7 * n),
        enclosures=(Enclosure(f"https://{host}/audio/{n}.mp3", "audio/mpeg"),),
    )
    return replace(made, **parts)  # type: ignore[arg-type]


def audio(url: str) -> tuple[Enclosure, ...]:
    return (Enclosure(url, "audio/mpeg"),)


def stored(key: str, **parts: object) -> Episode:
    made = Episode(EpisodeId(f"id-{key}"), ShowId("s"), "kites", "Kites", key, key.replace("-", " ").title())
    return replace(made, **parts)  # type: ignore[arg-type]


class Show:
    """One show's memory through several polls."""

    def __init__(self, episodes: Sequence[Episode] = ()) -> None:
        self.known: dict[str, KnownItem] = {}
        self.episodes = {one.key: one for one in episodes}
        self.polls = 0
        self.made = 0

    def poll(self, *items: FeedItem, **parts: object) -> Judged:
        feed = replace(Feed(title="Kites", link="https://a.example/"), items=items, **parts)  # type: ignore[arg-type]
        judged = judge(
            feed,
            list(self.known.values()),
            list(self.episodes.values()),
            NOW + timedelta(hours=self.polls),
            baseline=not self.polls,
            make_id=self._id,
        )
        self.polls += 1
        for one in judged.items:
            self.known[one.id] = one
        for verdict in judged.of("new"):
            self.episodes[verdict.key] = stored(verdict.key, title=verdict.item.title, kind=verdict.item.kind)
        assert all(verdict.reason for verdict in judged.verdicts)
        return judged

    def _id(self) -> str:
        self.made += 1
        return f"known-{self.made}"


def kinds(judged: Judged) -> list[str]:
    return [one.kind for one in judged.verdicts]


def keys(judged: Judged) -> list[str]:
    return [one.key for one in judged.verdicts]


THREE = (item(3), item(2), item(1))


def after(*items: FeedItem) -> Show:
    show = Show()
    show.poll(*items)
    return show
