"""Items as the large hosts write them, cut to what differs between them: each says who, when, how long and what."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.feeds import FeedItem
from bot.formats.feed import parse_feed

PREFIXES = (
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:media="http://search.yahoo.com/mrss/" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:podcast="https://podcastindex.org/namespace/1.0" xmlns:psc="http://podlove.org/simple-chapters" '
    'xmlns:acast="https://schema.acast.com/1.0/"'
)
MP3 = '<enclosure url="https://a.example/1.mp3" length="0" type="audio/mpeg"/>'
LIST = "<p>(00:00) - Intro</p><p>(05:30) - Topic</p>"
HOSTS = {
    "plain-and-greeting": "<pubDate>Mon, 06 Jan 2025 05:00:00 -0500</pubDate><itunes:duration>3753</itunes:duration>"
    f"<description><![CDATA[{LIST}]]></description><content:encoded><![CDATA[<p><a target='_blank' "
    f"href='https://a.example/open_sms'>Send us a text</a> and tell us what you think of it all!</p>{'<p>Hi</p>' * 9}"
    "]]></content:encoded><itunes:author>Ann Lee</itunes:author>",
    "colons-behind-brackets": "<pubDate>Mon, 6 Jan 2025 10:00:00 +0000</pubDate><itunes:duration>01:02:33"
    "</itunes:duration><description><![CDATA[<p><b>Chapters</b></p><p>(00:00):  Intro</p><p>(05:30):  Topic</p>]]>"
    "</description><author>ann@a.example (Ann Lee)</author>",
    "list-items": "<pubDate>Mon, 06 Jan 2025 10:00:00 GMT</pubDate><itunes:duration>1:02:33</itunes:duration>"
    "<description><![CDATA[<p>Hi</p><ul><li>(00:00) - Intro</li>\n<li>(05:30) - Topic</li>\n</ul>]]></description>"
    "<dc:creator><![CDATA[Ann Lee]]></dc:creator>",
    "plain-text": "<pubDate>Mon, 06 Jan 2025 10:00:00 -0000</pubDate><itunes:duration>3753</itunes:duration>"
    "<itunes:summary>Hi\n0:00 Intro\n5:30 Topic</itunes:summary><author>Ann Lee</author>",
    "references-in-dates": "<pubDate>Mon, 06 Jan 2025 10:00:00 &#43;0000</pubDate><itunes:duration>62:33"
    "</itunes:duration><description>&lt;p&gt;Hi&lt;/p&gt;&lt;p&gt;00:00 Intro&lt;br/&gt;05:30 Topic&lt;/p&gt;"
    "</description><itunes:author>Ann Lee</itunes:author>",
    "wordpress": "<pubDate>Mon, 06 Jan 2025 02:00:00 PST</pubDate><itunes:duration>1:02:33</itunes:duration>"
    "<description><![CDATA[Hi [&#8230;]]]></description><content:encoded><![CDATA[<p>Hi all of you</p>"
    "<h2>Timestamps</h2><p>00:00 Intro<br />05:30 Topic</p>]]></content:encoded><dc:creator>admin</dc:creator>"
    "<itunes:author>Ann Lee</itunes:author>",
    "long-clock-and-breaks": "<pubDate>Mon, 06 Jan 2025 10:00:00 +0000</pubDate>"
    "<media:content url='https://a.example/1.mp3' medium='audio' type='audio/mpeg' duration='3753'/>"
    "<description><![CDATA[Hi<br/><br/>(00:00:00) Intro<br/>(00:05:30) Topic]]></description>"
    "<acast:settings><![CDATA[FYjHyZ==]]></acast:settings><itunes:author>Ann Lee</itunes:author>",
}


def item_of(inside: str) -> FeedItem:
    text = f"<rss {PREFIXES}><channel><title>S</title><item><title>The Thing</title>{inside}</item></channel></rss>"
    [item] = parse_feed(text.encode(), "https://feeds.example/s.xml").items
    return item


@pytest.mark.parametrize("inside", HOSTS.values(), ids=HOSTS.keys())
def test_every_host_says_who_when_how_long_and_what(inside: str) -> None:
    item = item_of(inside + MP3)
    assert [(one.start_s, one.title) for one in item.note_chapters] == [(0.0, "Intro"), (330.0, "Topic")]
    assert (item.published, item.duration_s) == (datetime(2025, 1, 6, 10, tzinfo=UTC), 3753.0)
    assert (item.author, item.title, item.problems) == ("Ann Lee", "The Thing", ())
    assert [(one.url, one.length) for one in item.enclosures] == [("https://a.example/1.mp3", None)]


def test_empty_tags_of_a_host_say_nothing() -> None:
    item = item_of(
        "<itunes:season></itunes:season><itunes:episode/><itunes:keywords />"
        "<itunes:subtitle><![CDATA[]]></itunes:subtitle>"
        f"<itunes:duration></itunes:duration><itunes:image href=''/><link/>{MP3}"
    )
    assert (item.season, item.number, item.keywords, item.duration_s, item.image, item.link) == (
        None,
        None,
        (),
        None,
        None,
        None,
    )
    assert item.problems == ()


def test_a_video_of_the_episode_elsewhere_is_an_alternate() -> None:
    item = item_of(
        f"{MP3}<podcast:alternateEnclosure type='video/youtube' title='x'>"
        "<podcast:source uri='https://youtu.be/abcdefghijk'/></podcast:alternateEnclosure>"
    )
    assert [one.url for one in item.alternates] == ["https://youtu.be/abcdefghijk"]
