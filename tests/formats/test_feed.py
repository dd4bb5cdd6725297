"""Feeds, in the basic form of the first step."""

from __future__ import annotations

import pytest

from bot.errors import UnknownFormat
from bot.formats import parse

FEED = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"
 xmlns:psc="http://podlove.org/simple-chapters">
<channel><title>Bee &amp; Co</title><link>https://example.org/</link><language>en-gb</language>
<item><title>One &lt;b&gt;two&lt;/b&gt;</title><guid>g-1</guid><link>https://example.org/1</link>
<enclosure url="https://example.org/1.mp3" type="audio/mpeg" length="1"/>
<pubDate>Mon, 06 Jan 2025 10:00:00 +0000</pubDate>
<itunes:duration>1:00:00</itunes:duration><itunes:episode>7</itunes:episode>
<description>&lt;p&gt;Hello &amp;amp; hi.&lt;/p&gt;
&lt;p&gt;00:00 Start&lt;br&gt;10:00 Bees&lt;/p&gt;</description></item>
<item><description>nothing to know it by</description></item>
<item><title>Bad address</title><enclosure url="javascript:alert(1)" type="audio/mpeg"/></item>
</channel></rss>"""


def test_a_feed_gives_its_show_and_its_items() -> None:
    feed = parse(FEED.encode())
    assert (feed.format, feed.title, feed.language) == ("feed", "Bee & Co", "en-gb")
    [first, second] = feed.items
    assert (first.title, first.guid, first.number, first.duration_s) == ("One two", "g-1", 7, 3600)
    assert first.published is not None
    assert first.published.isoformat() == "2025-01-06T10:00:00+00:00"
    assert [(e.kind, e.url) for e in first.editions] == [
        ("page", "https://example.org/1"),
        ("audio", "https://example.org/1.mp3"),
    ]
    assert first.summary.startswith("Hello & hi.")
    assert [(c.start_s, c.end_s, c.title) for c in first.chapters] == [(0, 600, "Start"), (600, 3600, "Bees")]
    assert (second.title, second.editions) == ("Bad address", ())
    assert [problem.reason for problem in feed.problems] == ["item 2 has no guid, title or link and was skipped"]


@pytest.mark.parametrize(
    "trap", ["<psc:chapters><psc:chapter title='no start'/></psc:chapters>", "<author>&#xD800;</author>"]
)
def test_one_bad_tag_does_not_lose_the_feed(trap: str) -> None:
    assert len(parse(FEED.replace("<guid>", trap + "<guid>").encode()).items) == 2


def test_a_feed_in_another_encoding_keeps_its_letters() -> None:
    data = FEED.replace("UTF-8", "ISO-8859-1").replace("Bee", "Café").encode("latin-1")
    assert parse(data).title == "Café & Co"


@pytest.mark.parametrize(
    "text", ["<?xml version='1.0'?><opml/>", "<html><body>gone</body></html>", "<rss " + "a='b' " * 30_000 + ">"]
)
def test_what_is_no_feed_is_refused(text: str) -> None:
    with pytest.raises(UnknownFormat):
        parse(text.encode())
