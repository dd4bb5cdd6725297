"""Feeds as files to import: one ``Parsed`` with an item for each episode."""

from __future__ import annotations

import pytest

from bot.errors import UnknownFormat
from bot.formats import parse

FEED = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"
 xmlns:podcast="https://podcastindex.org/namespace/1.0" xmlns:psc="http://podlove.org/simple-chapters">
<channel><title>Bee &amp; Co</title><link>https://example.org/</link><language>en-gb</language>
<item><title>One &lt;b&gt;two&lt;/b&gt;</title><guid>g-1</guid><link>https://example.org/1</link>
<enclosure url="https://example.org/1.mp3" type="audio/mpeg" length="1"/>
<pubDate>Mon, 06 Jan 2025 10:00:00 +0000</pubDate>
<itunes:duration>1:00:00</itunes:duration><itunes:episode>7</itunes:episode><itunes:season>2</itunes:season>
<itunes:author>Mira Holt</itunes:author><podcast:person role="guest">Jon Ash</podcast:person>
<podcast:person group="visuals">Ann Paint</podcast:person>
<podcast:soundbite startTime="73.0" duration="60.0">The queen</podcast:soundbite>
<description>&lt;p&gt;Hello &amp;amp; hi.&lt;/p&gt;
&lt;p&gt;00:00 Start&lt;br&gt;10:00 Bees&lt;/p&gt;</description></item>
<item><description>nothing to know it by</description></item>
<item><title>Bad address</title><enclosure url="javascript:alert(1)" type="audio/mpeg"/></item>
</channel></rss>"""


def test_a_feed_gives_its_show_and_its_items() -> None:
    feed = parse(FEED.encode())
    assert (feed.format, feed.title, feed.language) == ("feed", "Bee & Co", "en-gb")
    [first, second] = feed.items
    assert (first.title, first.guid, first.number, first.season) == ("One two", "g-1", 7, 2)
    assert first.duration_s == 3600
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


def test_who_is_heard_is_named_and_soundbites_are_highlights() -> None:
    first = parse(FEED.encode()).items[0]
    assert first.people == ("Mira Holt", "Jon Ash")
    assert [(h.text, h.start_s, h.end_s) for h in first.highlights] == [("The queen", 73, 133)]


def test_a_youtube_item_has_one_edition_there() -> None:
    entry = (
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:yt="http://www.youtube.com/xml/schemas/2015"><entry>'
        "<id>yt:video:abcdefghijk</id><yt:videoId>abcdefghijk</yt:videoId><title>One</title>"
        '<link rel="alternate" href="https://www.youtube.com/watch?v=abcdefghijk"/></entry></feed>'
    )
    [item] = parse(entry.encode()).items
    assert [(e.kind, e.url) for e in item.editions] == [("youtube", "https://www.youtube.com/watch?v=abcdefghijk")]


def test_chapters_of_the_feed_win_over_a_list_in_the_notes() -> None:
    own = "<psc:chapters><psc:chapter start='1:00' title='Own'/></psc:chapters>"
    first = parse(FEED.replace("<guid>", own + "<guid>").encode()).items[0]
    assert [(c.start_s, c.title, c.source) for c in first.chapters] == [(60, "Own", "psc")]


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
