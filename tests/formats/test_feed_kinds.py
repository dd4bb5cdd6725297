"""Atom, RDF and YouTube feeds, and namespaces in all their spellings."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.feeds import Enclosure, Feed, FeedItem
from bot.formats.feed import parse_feed

URL = "https://example.org/feeds/bees.xml"
OLD = "https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md"


def one(item: str, prefixes: str) -> FeedItem:
    [found] = parse_feed(
        f"<rss {prefixes}><channel><item><title>T</title>{item}</item></channel></rss>".encode(), URL
    ).items
    return found


def atom(text: str) -> Feed:
    return parse_feed(f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de">{text}</feed>'.encode(), URL)


# --- Atom, RDF, YouTube -----------------------------------------------------------------------------------------


def test_an_atom_feed() -> None:
    feed = atom(
        "<title type='html'>A &amp;amp; B</title><subtitle>sub</subtitle><id>urn:f</id><logo>/l.png</logo>"
        "<link href='/'/><link rel='self' href='bees.xml'/><link rel='next' href='?p=2'/>"
        "<author><name>Mira</name><email>m@example.org</email></author>"
        "<entry><title>One</title><id>urn:1</id><link href='/1'/>"
        "<link rel='alternate' type='application/json' href='/j'/>"
        "<link rel='enclosure' href='/1.mp3' type='audio/mpeg' length='7'/><updated>2025-01-07T00:00:00+01:00</updated>"
        "<published>2025-01-06T10:00:00Z</published><summary>Short</summary>"
        "<source><title>Other</title><id>urn:other</id></source>"
        "<content type='xhtml'>"
        "<div xmlns='http://www.w3.org/1999/xhtml'>Say <b>so</b> &amp; <a href='/x'>x</a></div></content>"
        "</entry>"
    )
    assert (feed.format, feed.title, feed.subtitle, feed.author) == ("atom", "A & B", "sub", "Mira")
    assert (feed.link, feed.guid, feed.language) == ("https://example.org/", "urn:f", "de")
    assert (feed.image, feed.next_url) == ("https://example.org/l.png", URL + "?p=2")
    [item] = feed.items
    assert (item.title, item.guid, item.link) == ("One", "urn:1", "https://example.org/1")
    assert item.published == datetime(2025, 1, 6, 10, tzinfo=UTC)
    assert item.updated == datetime(2025, 1, 6, 23, tzinfo=UTC)
    assert item.enclosures == (Enclosure("https://example.org/1.mp3", "audio/mpeg", 7),)
    assert item.summary == "Short"
    assert item.notes == '<div>Say <b>so</b> &amp; <a href="/x">x</a></div>'


def test_atom_0_3_has_other_names() -> None:
    text = (
        '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>Old</title><tagline>t</tagline><entry><title>E</title>'
        "<id>1</id><issued>2004-01-01T10:00:00Z</issued><modified>2004-01-02T10:00:00Z</modified></entry></feed>"
    )
    feed = parse_feed(text.encode())
    assert (feed.title, feed.subtitle) == ("Old", "t")
    assert feed.items[0].published == datetime(2004, 1, 1, 10, tzinfo=UTC)


def test_rss_1_0_has_its_items_beside_the_channel() -> None:
    text = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>R</title><link>https://example.org/</link>'
        "<items><rdf:Seq><rdf:li resource='1'/></rdf:Seq></items></channel><image>"
        "<url>https://example.org/i.png</url></image>"
        '<item rdf:about="https://example.org/1"><title>One</title><dc:date>2025-01-06</dc:date></item></rdf:RDF>'
    )
    feed = parse_feed(text.encode())
    assert (feed.format, feed.title, feed.image, feed.cut) == ("rdf", "R", "https://example.org/i.png", False)
    [item] = feed.items
    assert (item.title, item.link, item.published) == ("One", "https://example.org/1", datetime(2025, 1, 6, tzinfo=UTC))


def test_a_youtube_feed_names_its_videos() -> None:
    text = (
        '<feed xmlns:yt="http://www.youtube.com/xml/schemas/2015" xmlns:media="http://search.yahoo.com/mrss/"'
        ' xmlns="http://www.w3.org/2005/Atom"><title>Ch</title><entry><id>yt:video:abcdefghijk</id>'
        "<yt:videoId>abcdefghijk</yt:videoId><title>One</title>"
        '<link rel="alternate" href="https://www.youtube.com/watch?v=abcdefghijk"/>'
        "<published>2025-01-06T10:00:00+00:00</published><media:group><media:title>One</media:title>"
        '<media:content url="https://www.youtube.com/v/abcdefghijk?version=3" type="application/x-shockwave-flash"/>'
        '<media:thumbnail url="https://i.ytimg.com/vi/abcdefghijk/hq.jpg"/>'
        "<media:description>0:00 Hello\n2:10 Bees</media:description>"
        '<media:community><media:starRating count="1"/><media:statistics views="0"/></media:community>'
        "</media:group></entry></feed>"
    )
    [item] = parse_feed(text.encode()).items
    assert item.views == 0
    assert (item.video_id, item.link) == ("abcdefghijk", "https://www.youtube.com/watch?v=abcdefghijk")
    assert (item.enclosures, item.image) == ((), "https://i.ytimg.com/vi/abcdefghijk/hq.jpg")
    assert [c.title for c in item.note_chapters] == ["Hello", "Bees"]


# --- namespaces -------------------------------------------------------------------------------------------------


def test_a_prefix_bound_to_another_address_is_another_namespace() -> None:
    tag = "<podcast:transcript url='https://example.org/x'/><itunes:episode>3</itunes:episode>"
    item = one(tag, prefixes='xmlns:podcast="https://evil.example/ns" xmlns:itunes="urn:mine"')
    assert (item.transcripts, item.number) == ((), None)


def test_a_well_known_prefix_needs_no_declaration() -> None:
    item = one(
        "<itunes:duration>20:00</itunes:duration><podcast:transcript url='/t'/><foo:bar>x</foo:bar>", prefixes=""
    )
    assert (item.duration_s, len(item.transcripts)) == (1200, 1)


def test_a_namespace_may_be_declared_on_the_tag_itself_and_under_any_prefix() -> None:
    item = one(
        f"<p:transcript xmlns:p='{OLD}' url='/t'/><i:episode xmlns:i='HTTP://www.itunes.com/DTDs/PodCast-1.0.dtd'>4</i:episode>",
        "",
    )
    assert (len(item.transcripts), item.number) == (1, 4)


def test_relative_addresses_stand_against_xml_base() -> None:
    feed = parse_feed(
        b"<rss xml:base='https://b.example/x/'><channel><link>p</link><item xml:base='y/'><title>T</title>"
        b"<enclosure url='a.mp3'/></item></channel></rss>",
        URL,
    )
    assert feed.link == "https://b.example/x/p"
    assert feed.items[0].enclosures[0].url == "https://b.example/x/y/a.mp3"
