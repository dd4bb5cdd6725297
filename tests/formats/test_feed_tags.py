"""What each tag of an RSS feed says, and which one counts when several do."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.feeds import (
    ChaptersLink,
    Credit,
    Enclosure,
    Feed,
    FeedItem,
    Funding,
    LiveItem,
    Soundbite,
    TranscriptLink,
    Txt,
    UpdateFrequency,
)
from bot.formats.feed import parse_feed

ITUNES = 'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
NEW = "https://podcastindex.org/namespace/1.0"
OLD = "https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md"
URL = "https://example.org/feeds/bees.xml"
PREFIXES = (
    f'{ITUNES} xmlns:podcast="{NEW}" xmlns:psc="http://podlove.org/simple-chapters" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom" '
    'xmlns:googleplay="http://www.google.com/schemas/play-podcasts/1.0"'
)


def rss(channel: str = "", *items: str, prefixes: str = PREFIXES) -> Feed:
    inside = "".join(f"<item><title>T</title>{item}</item>" for item in items)
    return parse_feed(f"<rss {prefixes}><channel>{channel}{inside}</channel></rss>".encode(), URL)


def one(item: str, prefixes: str = PREFIXES) -> FeedItem:
    [found] = rss("", item, prefixes=prefixes).items
    return found


# --- the show ---------------------------------------------------------------------------------------------------


def test_a_channel_says_what_the_show_is() -> None:
    feed = rss(
        "<title>Bees &amp; us</title><link>https://example.org/</link>"
        "<description>All &lt;b&gt;about&lt;/b&gt;</description>"
        "<language>en_us</language><copyright>me</copyright><ttl>90</ttl><itunes:subtitle>sub</itunes:subtitle>"
        "<itunes:author>Mira Holt</itunes:author><itunes:image href='/art.jpg'/><itunes:type>Serial</itunes:type>"
        "<itunes:owner><itunes:name>Hive Ltd</itunes:name><itunes:email>a@b.org</itunes:email></itunes:owner>"
        "<itunes:explicit>clean</itunes:explicit><itunes:block>Yes</itunes:block><itunes:complete>yes</itunes:complete>"
        "<itunes:new-feed-url>feed://new.example/f.xml</itunes:new-feed-url><itunes:keywords>a, b,a</itunes:keywords>"
        "<itunes:category text='Science'><itunes:category text='Nature'/></itunes:category><category>Bugs</category>"
        "<atom:link rel='self' href='bees.xml'/><atom:link rel='hub' href='https://hub.example/'/>"
        "<atom:link rel='next' href='bees.xml?page=2'/>"
    )
    assert (feed.format, feed.title, feed.link, feed.summary) == (
        "rss",
        "Bees & us",
        "https://example.org/",
        "All about",
    )
    assert (feed.language, feed.copyright, feed.ttl_s, feed.subtitle) == ("en-us", "me", 5400, "sub")
    assert (feed.author, feed.image, feed.kind, feed.owner) == (
        "Mira Holt", "https://example.org/art.jpg", "serial", "Hive Ltd",
    )  # fmt: skip
    assert (feed.explicit, feed.blocked, feed.complete) == (False, True, True)
    assert (feed.new_url, feed.self_url) == ("https://new.example/f.xml", URL)
    assert (feed.hub_url, feed.next_url) == ("https://hub.example/", URL + "?page=2")
    assert (feed.keywords, feed.categories) == (("a", "b"), ("Science", "Nature", "Bugs"))
    assert (feed.cut, feed.problems) == (False, ())


@pytest.mark.parametrize("uri", [NEW, OLD, NEW.upper(), f"  {NEW}/ "], ids=["new", "old", "upper case", "blanks"])
def test_the_podcast_namespace_counts_under_all_its_addresses(uri: str) -> None:
    feed = rss(
        "<podcast:guid>g</podcast:guid><podcast:medium>Podcast</podcast:medium>"
        "<podcast:locked owner='x'>yes</podcast:locked>"
        "<podcast:txt purpose='verify'>abc</podcast:txt><podcast:txt>def</podcast:txt>"
        "<podcast:funding url='https://example.org/give'>Give</podcast:funding>"
        "<podcast:updateFrequency rrule='FREQ=WEEKLY' complete='true' dtstart='2025-01-06T10:00:00Z'>weekly"
        "</podcast:updateFrequency><podcast:person>Ann</podcast:person>",
        prefixes=f'xmlns:podcast="{uri}"',
    )
    assert (feed.guid, feed.medium, feed.locked) == ("g", "podcast", True)
    assert feed.txt == (Txt("abc", "verify"), Txt("def"))
    assert feed.funding == (Funding("https://example.org/give", "Give"),)
    assert feed.update_frequency == UpdateFrequency("weekly", "FREQ=WEEKLY", True, datetime(2025, 1, 6, 10, tzinfo=UTC))
    assert feed.credits == (Credit("Ann"),)


def test_a_live_item_is_no_episode() -> None:
    feed = rss(
        "<podcast:liveItem status='live' start='2025-01-06T10:00:00Z' end='nonsense'><title>Now</title>"
        "<guid>l</guid></podcast:liveItem>",
        "<guid>1</guid>",
    )
    assert [item.guid for item in feed.items] == ["1"]
    [live] = feed.live
    assert live == LiveItem(live.item, "live", datetime(2025, 1, 6, 10, tzinfo=UTC), None)
    assert (live.item.title, live.item.guid) == ("Now", "l")


# --- one item ---------------------------------------------------------------------------------------------------


def test_an_item_keeps_every_repeat_of_the_podcast_namespace() -> None:
    item = one(
        "<podcast:transcript url='/1.srt' type='Application/SRT' language='en' rel='Captions'/>"
        "<podcast:transcript url='/1.html' type='text/html'/><podcast:transcript url='/1.vtt' type='text/vtt'/>"
        "<podcast:chapters url='/1.json' type='application/json+chapters'/>"
        "<podcast:soundbite startTime='73.0' duration='60.0'>queen</podcast:soundbite>"
        "<podcast:soundbite startTime='-1' duration='NaN'/><podcast:soundbite startTime='1:40' duration='5'/>"
        "<podcast:person role='Guest' href='/jon' img='/jon.png'>Jon Ash</podcast:person>"
        "<podcast:person>Mira</podcast:person>"
        "<podcast:season name='The hive'>3</podcast:season><podcast:episode display='Ch. 9'>9</podcast:episode>"
        "<podcast:location geo='geo:1,2'>Oslo</podcast:location><podcast:license>cc-by</podcast:license>"
        "<podcast:txt>t</podcast:txt><podcast:funding url='/give'>f</podcast:funding>"
        "<podcast:alternateEnclosure type='audio/opus' length='9'><podcast:source uri='/1.opus'/>"
        "<podcast:source uri='ipfs://abc'/><podcast:source uri='/1.ogg' contentType='audio/ogg'/>"
        "</podcast:alternateEnclosure>"
    )
    assert item.transcripts == (
        TranscriptLink("https://example.org/1.srt", "application/srt", "en", "captions"),
        TranscriptLink("https://example.org/1.html", "text/html"),
        TranscriptLink("https://example.org/1.vtt", "text/vtt"),
    )
    assert item.chapters_links == (ChaptersLink("https://example.org/1.json", "application/json+chapters"),)
    assert item.soundbites == (Soundbite(73, 60, "queen"), Soundbite(100, 5))
    assert item.credits == (
        Credit("Jon Ash", "guest", "cast", "https://example.org/jon", "https://example.org/jon.png"),
        Credit("Mira"),
    )
    assert (item.season, item.season_name, item.number, item.display) == (3, "The hive", 9, "Ch. 9")
    assert (item.location, item.license, item.txt) == ("Oslo", "cc-by", (Txt("t"),))
    assert item.funding == (Funding("https://example.org/give", "f"),)
    assert item.alternates == (
        Enclosure("https://example.org/1.opus", "audio/opus", 9),
        Enclosure("https://example.org/1.ogg", "audio/ogg", 9),
    )
    assert [problem.reason for problem in item.problems] == ["a soundbite without usable times was skipped"]


@pytest.mark.parametrize(
    ("tags", "number", "display"),
    [
        ("<itunes:episode>7</itunes:episode><podcast:episode>8</podcast:episode>", 7, ""),
        ("<podcast:episode>8</podcast:episode>", 8, ""),
        ("<podcast:episode>8.5</podcast:episode>", None, "8.5"),
        ("<itunes:episode>#12</itunes:episode>", 12, ""),
        ("<itunes:episode>twelve</itunes:episode>", None, ""),
    ],
)
def test_a_number_is_a_whole_one(tags: str, number: int | None, display: str) -> None:
    item = one(tags)
    assert (item.number, item.display) == (number, display)


@pytest.mark.parametrize(
    ("tag", "kind"), [("trailer", "trailer"), (" Bonus ", "bonus"), ("full", "full"), ("strange", "full")]
)
def test_an_episode_is_full_unless_it_says_otherwise(tag: str, kind: str) -> None:
    assert one(f"<itunes:episodeType>{tag}</itunes:episodeType>").kind == kind


@pytest.mark.parametrize(
    ("word", "meant"),
    [("yes", True), ("True", True), ("explicit", True), ("no", False), ("clean", False), ("false", False), ("?", None)],
)
def test_explicit_is_yes_no_or_not_said(word: str, meant: bool | None) -> None:
    assert one(f"<itunes:explicit>{word}</itunes:explicit>").explicit is meant


@pytest.mark.parametrize(
    ("tags", "author"),
    [
        ("<author>mira@example.org (Mira Holt)</author>", "Mira Holt"),
        ("<author>Mira Holt (mira@example.org)</author>", "Mira Holt"),
        ("<author>mira@example.org</author><dc:creator>Jon</dc:creator>", "Jon"),
        ("<dc:creator>Ann</dc:creator><dc:creator>Bo</dc:creator>", "Ann, Bo"),
        ("<itunes:author>Show</itunes:author><author>Other</author>", "Show"),
    ],
)
def test_an_author_is_a_name_and_no_mail_address(tags: str, author: str) -> None:
    assert one(tags).author == author


def test_the_longest_description_is_the_notes_and_the_short_one_the_summary() -> None:
    item = one(
        "<description>Short &amp;amp; sweet</description><itunes:summary>Longer than the short one</itunes:summary>"
        "<content:encoded><![CDATA[<p>The <b>longest</b> of them all&nbsp;here</p>]]></content:encoded>"
    )
    assert item.notes == "<p>The <b>longest</b> of them all&nbsp;here</p>"
    assert item.summary == "Short & sweet"


def test_a_guid_that_is_an_address_is_the_link_unless_it_denies_it() -> None:
    assert one("<guid>https://example.org/p</guid>").link == "https://example.org/p"
    assert one("<guid isPermaLink='false'>https://example.org/p</guid>").link is None
    assert one("<guid>urn:x</guid>").link is None
    assert one("<guid>https://example.org/p</guid><link>https://example.org/q</link>").link == "https://example.org/q"


def test_media_content_is_the_enclosure_only_when_there_is_no_other() -> None:
    media = (
        "<media:content url='/a.mp3' type='audio/mpeg' fileSize='5' duration='61'/>"
        "<media:content url='/i.png' medium='image'/>"
    )
    alone = one(media)
    assert (alone.enclosures, alone.alternates) == ((Enclosure("https://example.org/a.mp3", "audio/mpeg", 5),), ())
    assert (alone.duration_s, alone.image) == (61, "https://example.org/i.png")
    beside = one("<enclosure url='/b.mp3'/>" + media)
    assert [e.url for e in beside.enclosures] == ["https://example.org/b.mp3"]
    assert [e.url for e in beside.alternates] == ["https://example.org/a.mp3"]
    same = one("<enclosure url='/a.mp3'/>" + media)
    assert (len(same.enclosures), same.alternates) == (1, ())


def test_chapters_in_the_feed_are_sorted_and_keep_links_and_pictures() -> None:
    item = one(
        "<itunes:duration>90</itunes:duration><psc:chapters version='1.2'>"
        "<psc:chapter start='00:01:40.5' title='Late'/>"
        "<psc:chapter start='0' title='Hello' href='/h' image='/i.png'/><psc:chapter title='nowhere'/>"
        "<psc:chapter start='-5' title='before'/><psc:chapter start='20' toc='false'/></psc:chapters>"
    )
    assert [(c.n, c.start_s, c.title, c.url, c.image, c.source) for c in item.chapters] == [
        (1, 0, "Hello", "https://example.org/h", "https://example.org/i.png", "psc"),
        (2, 100.5, "Late", None, None, "psc"),
    ]
    assert len(item.problems) == 2


def test_chapters_elsewhere_are_linked_from_atom_links_too() -> None:
    item = one("<atom:link rel='http://podlove.org/simple-chapters' href='/c.psc' type='application/x-psc'/>")
    assert item.chapters_links == (ChaptersLink("https://example.org/c.psc", "application/x-psc"),)


def test_lists_in_the_notes_become_chapters_and_highlights() -> None:
    item = one(
        "<description><![CDATA[<h3>Chapters</h3><p>00:00 Hello<br>12:30 Winter</p><h3>Highlights</h3>"
        "<ul><li>05:30 - &ldquo;Bees know.&rdquo;</li><li>Thanks to all</li></ul>]]></description>"
    )
    assert [(c.start_s, c.title, c.source) for c in item.note_chapters] == [
        (0, "Hello", "notes"),
        (750, "Winter", "notes"),
    ]
    assert [(h.start_s, h.text) for h in item.note_highlights] == [(330, "Bees know.")]


def test_notes_without_a_list_have_neither() -> None:
    item = one("<description>At 10:30 we met, and left before 11:15 came.</description>")
    assert (item.note_chapters, item.note_highlights) == ((), ())


def test_a_google_tag_stands_in_for_apples() -> None:
    item = one("<googleplay:description>Words</googleplay:description><googleplay:explicit>yes</googleplay:explicit>")
    assert (item.summary, item.explicit) == ("Words", True)


@pytest.mark.parametrize(
    ("word", "blocked"), [("Yes", True), ("yes", True), ("YES", False), (" yes ", False), ("true", False)]
)
def test_only_apples_own_word_blocks(word: str, blocked: bool) -> None:
    assert one(f"<itunes:block>{word}</itunes:block>").blocked is blocked


def test_tags_that_say_nothing_are_reported() -> None:
    item = one(
        "<podcast:person/><podcast:person>Ann</podcast:person><enclosure type='audio/mpeg'/>"
        "<enclosure url='' /><enclosure url='https://a.example/1.mp3'/><atom:link rel='enclosure' href=''/>"
    )
    assert ([credit.name for credit in item.credits], len(item.enclosures)) == (["Ann"], 1)
    assert sorted(problem.reason for problem in item.problems) == [
        "a person without a name was skipped",
        *["an enclosure without an address was skipped"] * 3,
    ]


def test_a_hidden_chapter_of_a_feed_is_kept_with_its_picture() -> None:
    item = one(
        "<psc:chapters xmlns:psc='http://podlove.org/simple-chapters'><psc:chapter start='0' title='Hello'/>"
        "<psc:chapter start='5' image='https://a.example/1.png' toc='false'/></psc:chapters>"
    )
    assert [(c.start_s, c.title, c.image, c.hidden) for c in item.chapters] == [
        (0, "Hello", None, False),
        (5, "", "https://a.example/1.png", True),
    ]


@pytest.mark.parametrize(
    ("told", "views"), [("0", 0), ("12345678", 12_345_678), ("", None), ("-3", None), ("many", None)]
)
def test_how_often_a_video_was_watched(told: str, views: int | None) -> None:
    community = f"<media:community><media:statistics views='{told}'/></media:community>"
    for item in (one(community), one(f"<media:group>{community}</media:group>")):
        assert item.views == views
    assert one("<title>x</title>").views is None
