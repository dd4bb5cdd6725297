"""Feeds from bytes to domain objects in one process: wall seconds and peak memory, beside feedparser.

Run by itself: ``python -m benchmarks.feeds``. With a kind and a parser (``minimal ours``) it measures that one alone,
which is how the table does it: each in a process of its own.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from benchmarks.table import Row, print_table
from benchmarks.workspace import run

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
    ' xmlns:podcast="https://podcastindex.org/namespace/1.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
    "<channel><title>The Bees</title><link>https://example.org/</link><language>en</language>\n"
)
_TAIL = "</channel></rss>\n"
_MINIMAL = (
    "<item><title>Episode {n}: what the bees said to us</title>"
    '<guid isPermaLink="false">https://example.org/episodes/{n}</guid><pubDate>{date}</pubDate>'
    '<enclosure url="https://cdn.example.org/audio/{n}.mp3" length="43200000" type="audio/mpeg"/></item>\n'
)
_FULL = (
    "<item><title>Episode {n}: what the bees said</title><link>https://example.org/{n}</link>"
    '<guid isPermaLink="false">bees-{n}</guid><pubDate>{date}</pubDate>'
    '<enclosure url="https://cdn.example.org/{n}.mp3" length="43200000" type="audio/mpeg"/>'
    "<itunes:duration>1:02:03</itunes:duration><itunes:episode>{n}</itunes:episode><itunes:season>2</itunes:season>"
    "<itunes:explicit>false</itunes:explicit><itunes:author>Mira Holt</itunes:author>"
    '<itunes:image href="https://example.org/{n}.jpg"/>'
    '<podcast:transcript url="https://example.org/{n}.vtt" type="text/vtt" language="en"/>'
    '<podcast:chapters url="https://example.org/{n}.json" type="application/json+chapters"/>'
    '<podcast:person role="guest">Jon Ash</podcast:person>'
    '<podcast:soundbite startTime="73.0" duration="60.0">The queen</podcast:soundbite>'
    "<description>&lt;p&gt;Mira &amp;amp; Jon on hives.&lt;/p&gt;</description>"
    '<content:encoded><![CDATA[<p>Mira &amp; Jon talk about <a href="https://example.org/hives">hives</a>&nbsp;.</p>'
    "<ul><li>00:00 Hello</li><li>12:30 The queen</li><li>41:07 Winter</li></ul>"
    "<p>Thanks for listening! The show is made by Mira Holt in a shed; write to us, or come and see the bees.</p>]]>"
    "</content:encoded></item>\n"
)
_DATE = "{:02d} Jan {} 10:00:00 +0000"


@dataclass(frozen=True, slots=True)
class Kind:
    """One feed: so many items of one pattern, and what the design promises for it."""

    pattern: str
    items: int
    most_s: float
    most_mb: float


KINDS = {"minimal": Kind(_MINIMAL, 50_000, 3.0, 250.0), "full": Kind(_FULL, 20_000, 4.0, 400.0)}


def made(kind: Kind) -> bytes:
    items = (kind.pattern.format(n=n, date=_DATE.format(1 + n % 28, 2000 + n % 25)) for n in range(kind.items))
    return (_HEAD + "".join(items) + _TAIL).encode()


def _ours(data: bytes) -> int:
    from bot.formats.feed import parse_feed

    return len(parse_feed(data, "https://example.org/feed.xml").items)


def _feedparser(data: bytes) -> int:
    parser: Any = import_module("feedparser")
    return len(parser.parse(data).entries)


PARSERS: dict[str, Callable[[bytes], int]] = {"ours": _ours, "feedparser": _feedparser}


@dataclass(frozen=True, slots=True)
class Figure:
    """What one process took to parse one feed: seconds without start-up and imports of the feed's making, peak in MB
    (10⁶ bytes) of the whole process, interpreter and bytes included."""

    items: int
    mib: float
    seconds: float
    peak_mb: float


def _measure(kind: str, parser: str) -> None:
    data = made(KINDS[kind])
    begun = time.perf_counter()
    items = PARSERS[parser](data)
    seconds = time.perf_counter() - begun
    unit = 1 if sys.platform == "darwin" else 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
    print(json.dumps({"items": items, "mib": len(data) / 2**20, "seconds": seconds, "peak_mb": peak}))


def _figure(kind: str, parser: str) -> Figure:
    return Figure(**json.loads(run((sys.executable, "-m", "benchmarks.feeds", kind, parser)).printed))


def rows() -> list[Row]:
    """Two rows a kind of feed: time and memory."""
    return [row for name, kind in KINDS.items() for row in _rows(name, kind)]


def _rows(name: str, kind: Kind) -> list[Row]:
    ours, peer = _figure(name, "ours"), _figure(name, "feedparser")
    what = f"parse a feed of {ours.items:,} {name} items ({ours.mib:.1f} MiB)"
    whole = ours.items == peer.items == kind.items
    return [
        Row(
            f"{what}: time", f"≤ {kind.most_s:g} s", f"{ours.seconds:.2f} s", f"feedparser {peer.seconds:.2f} s",
            whole and ours.seconds <= kind.most_s,
        ),
        Row(
            f"{what}: peak memory", f"≤ {kind.most_mb:g} MB", f"{ours.peak_mb:.0f} MB",
            f"feedparser {peer.peak_mb:.0f} MB", whole and ours.peak_mb <= kind.most_mb,
        ),
    ]  # fmt: skip


if __name__ == "__main__":
    if len(sys.argv) == 3:
        _measure(*sys.argv[1:])
    else:
        print_table(rows())
