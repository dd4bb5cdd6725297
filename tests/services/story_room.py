"""What stories of feeds are made of: invented items whose every name can change from poll to poll."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from xml.sax.saxutils import escape

from tests.feeds_made import NAMESPACES
from tests.services.feed_room import BASE
from tests.virtual_time import START

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a feed: what it is called by default comes from its number."""

    n: int
    title: str = ""
    guid: str = ""
    date: datetime | None = None
    audio: str = ""
    link: str = ""
    kind: str = ""
    notes: str = "About this and that."
    dated: bool = True
    seconds: int = 0

    @property
    def name(self) -> str:
        return self.title or f"{_WORDS[self.n % len(_WORDS)]} and the {_WORDS[(self.n * 7 + 3) % len(_WORDS)]} {self.n}"

    def xml(self) -> str:
        date = self.date or START - 3 * DAY - WEEK * (60 - self.n)
        audio = self.audio or f"{BASE}/audio/{self.n}.mp3"
        link = self.link or f"{BASE}/episodes/{self.n}"
        parts = [
            f"<title>{escape(self.name)}</title>",
            f'<guid isPermaLink="false">{self.guid or f"entry-{self.n}"}</guid>' if self.guid != "-" else "",
            f"<pubDate>{format_datetime(date)}</pubDate>" if self.dated else "",
            f"<link>{link}</link>" if link != "-" else "",
            f"<description>{escape(self.notes)}</description>",
            f"<itunes:episodeType>{self.kind}</itunes:episodeType>" if self.kind else "",
            f"<itunes:duration>{self.seconds or 1500 + 13 * self.n}</itunes:duration>",
            f'<enclosure url="{audio}" type="audio/mpeg" length="{100_000 + self.n}"/>',
        ]
        return f"<item>{''.join(parts)}</item>"


_WORDS = (
    "Kettle", "Lantern", "Harbour", "Violin", "Orchard", "Compass", "Thimble", "Glacier", "Sparrow",
    "Anvil", "Saffron",
)  # fmt: skip


def feed(entries: Sequence[Entry], note: str = "") -> str:
    rows = "".join(one.xml() for one in entries)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" {NAMESPACES}><channel><title>The Tin Kettle</title>'
        f"<link>{BASE}/</link><language>en</language>{rows}</channel></rss><!-- {note} -->"
    )


def old(count: int, last: int = 59) -> list[Entry]:
    """The newest ``count`` of the past, newest first, one a week."""
    return [Entry(n) for n in range(last, last - count, -1)]


def new(n: int, hours: float = 0, title: str = "", kind: str = "", seconds: int = 0) -> Entry:
    """One that came out so many hours after the story began."""
    return Entry(n, title, date=START + timedelta(hours=hours), kind=kind, seconds=seconds)


PAST = old(8)
ALL = old(12)


@dataclass(frozen=True, slots=True)
class Story:
    """What the feed lists poll by poll, the first at the baseline; the titles that are posted, in order."""

    steps: Sequence[Sequence[Entry]]
    posted: Sequence[str]
    bursts: int = 0


def named(*entries: Entry) -> list[str]:
    return [one.name for one in entries]


def guids(entries: Sequence[Entry], mark: str, every: int = 1) -> list[Entry]:
    return [replace(one, guid=f"{mark}-{one.n}") if n % every == 0 else one for n, one in enumerate(entries)]


def moved(entries: Sequence[Entry], host: str) -> list[Entry]:
    base = f"https://{host}.example"
    return [replace(one, audio=f"{base}/a/{one.n}.mp3", link=f"{base}/e/{one.n}") for one in entries]
