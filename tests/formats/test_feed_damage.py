"""Feeds that are broken, mislabelled or meant to do harm: what can be read is kept, half items are none."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import UnknownFormat
from bot.feeds import Feed
from bot.formats.chapter_lines import chapters
from bot.formats.chapter_lines import read as read_chapters
from bot.formats.feed import parse_feed
from bot.formats.feed_lists import plain_list
from bot.formats.problems import Problems

HEAD = (
    '<?xml version="1.0"?><rss xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel><title>Bees</title>'
)
TAIL = "</channel></rss>"
NEXT = "<item><title>Next</title><guid>n</guid></item>"
#: No test here should take a second; a machine under load may.
GUARD_S = 30.0


def feed(*items: str, head: str = HEAD, tail: str = TAIL) -> Feed:
    return parse_feed((head + "".join(items) + tail).encode(), "https://example.org/f.xml")


def titles(found: Feed) -> list[str]:
    return [item.title for item in found.items]


# --- damage -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("item", "title", "guid"),
    [
        ("<item><title>a<br>b</title><guid>1</guid></item>", "a b", "1"),
        ("<item><title>a & b</title><guid>1&2</guid></item>", "a & b", "1&2"),
        ("<item><title>a&nbsp;&hearts;&#8217;&#150;</title><guid>1</guid></item>", "a ♥’–", "1"),
        ("<item><title>a &bogus; b</title><guid>1</guid></item>", "a &bogus; b", "1"),
        ("<item><title>1 < 2</title><guid>1</guid></item>", "1 < 2", "1"),
        ("<item><title>stray</b></title></i><guid>1</guid></item>", "stray", "1"),
        ("<item><description>open<title>T</title><guid>1</guid></item>", "", None),
        ("<item><title>x</title><guid isPermaLink=false>1</guid></item>", "x", "1"),
        ("<item><title>x</title><guid a='1' a='2'>1</guid></item>", "x", "1"),
        ("<item><title>x\x1b[31m\x08y\x00</title><guid>1</guid></item>", "x[31my", "1"),
        ("<item><title>x&#xD800;&#0;&#x1b;y</title><guid>1</guid></item>", "x\ufffdy", "1"),
        ("<item><title>a ]]> b</title><guid>1</guid></item>", "a ]]> b", "1"),
        ("<item><title><![CDATA[a ]]]]><![CDATA[> b]]></title><guid>1</guid></item>", "a ]]> b", "1"),
        ("<item><!-- </item> --><title>x</title><guid>1</guid></item>", "x", "1"),
        ("<item><title>x</title><!-- never closed <guid>1</guid></item>", "x", None),
        ("<item><title>x</title><guid>1</guid><foo:bar>y</foo:bar></item>", "x", "1"),
        ("<ITEM><Title>x</Title><GUID>1</GUID></ITEM>", "x", "1"),
    ],
)
def test_damage_in_one_item_costs_at_most_that_field(item: str, title: str, guid: str | None) -> None:
    found = feed(item, NEXT)
    named = [one for one in found.items if one.guid != "n"]
    assert titles(found)[-1] == "Next"
    assert found.title == "Bees"
    assert not found.cut
    if title:
        assert [(one.title, one.guid) for one in named] == [(title, guid)]


def test_an_item_that_nobody_closed_ends_where_the_next_begins() -> None:
    found = feed("<item><title>Open</title><guid>1</guid>", NEXT)
    assert (titles(found), found.cut) == (["Open", "Next"], False)


def test_a_cdata_section_that_nobody_closed_costs_its_item_alone() -> None:
    found = feed("<item><title><![CDATA[open</title></item>", "<item><title><![CDATA[ok]]></title></item>", NEXT)
    assert (titles(found), found.cut) == (["ok", "Next"], False)
    assert any("no end" in problem.reason for problem in found.problems)


@pytest.mark.parametrize("end", range(1, 180))
def test_a_cut_off_feed_has_no_half_item(end: int) -> None:
    whole = (
        HEAD
        + NEXT
        + "<item><title><![CDATA[Last]]></title><guid>last</guid><link>https://example.org/l</link></item>"
        + TAIL
    )
    found = parse_feed(whole[:-end].encode())
    assert found.cut == (end > len("</rss>"))
    if "https://example.org/l</link></item>" not in whole[:-end]:
        assert "last" not in [item.guid for item in found.items]
    elif end <= len(TAIL):
        assert titles(found) == ["Next", "Last"]


def test_junk_around_the_feed_does_no_harm() -> None:
    found = parse_feed(
        b"<br />Warning: x in y.php\n\xef\xbb\xbf" + (HEAD + NEXT + TAIL).encode() + b"<rss/>junk <item>"
    )
    assert titles(found) == ["Next"]
    assert parse_feed(b"\xef\xbb\xbf\xef\xbb\xbf  " + (HEAD + NEXT + TAIL).encode()).title == "Bees"


def test_a_doctype_is_fine_and_entities_of_its_own_are_not() -> None:
    plain = '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://my.netscape.com/rss-0.91.dtd"><rss><channel/></rss>'
    assert parse_feed(plain.encode()).items == ()
    for trap in ("<!ENTITY a 'b'>", "<!entity % p SYSTEM 'http://127.0.0.1/x'>%p;"):
        with pytest.raises(UnknownFormat, match="declares entities"):
            parse_feed(f"<!DOCTYPE rss [{trap}]><rss><channel><title>&a;</title></channel></rss>".encode())


# --- encodings --------------------------------------------------------------------------------------------------

DECLARED = '<?xml version="1.0" encoding="{}"?><rss><channel><title>{}</title></channel></rss>'


@pytest.mark.parametrize(
    ("declared", "encoding", "words"),
    [
        ("UTF-8", "latin-1", "Café au lait"),
        ("iso-8859-1", "utf-8", "Café Größe"),
        ("iso-8859-1", "cp1252", "“Quoted” – x"),
        ("windows-1251", "cp1251", "Привет, мир"),
        ("koi8-r", "koi8-r", "Привет, мир"),
        ("Shift_JIS", "cp932", "こんにちは世界"),
        ("ISO-2022-JP", "iso2022_jp", "こんにちは世界"),
        ("big5", "big5", "我們的節目"),
        ("gb2312", "gb18030", "我们的节目"),
        ("utf-16", "utf-16", "Grüße"),
        ("utf-8", "utf-16-le", "Gruesse"),
        ("UTF-8", "utf-16-be", "Gruesse"),
        ("no-such-thing", "utf-8", "Grüße"),
    ],
)
def test_what_the_bytes_are_comes_before_what_they_are_called(declared: str, encoding: str, words: str) -> None:
    assert parse_feed(DECLARED.format(declared, words).encode(encoding)).title == words


def test_the_servers_word_counts_when_the_feed_has_none() -> None:
    data = "<rss><channel><title>Привет, мир</title></channel></rss>".encode("cp1251")
    assert parse_feed(data, "", "text/xml; charset=windows-1251").title == "Привет, мир"


def test_overlong_bytes_make_no_tag() -> None:
    found = parse_feed(b"<rss><channel><title>\xc0\xbcscript\xc0\xbe\xed\xa0\x80</title></channel></rss>")
    assert "<" not in found.title
    assert found.title.encode()


# --- what reaches a reader --------------------------------------------------------------------------------------


def test_a_title_is_one_line_of_words() -> None:
    item = "<item><title><![CDATA[<script>alert(1)</script>a\n\t<b>b</b> \u202ec\u2066 &amp; d\u200b]]></title></item>"
    assert titles(feed(item)) == ["a b c & d"]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "ftp://e.org/x"])
def test_an_address_that_is_not_http_is_dropped_and_the_item_kept(url: str) -> None:
    [item] = feed(f"<item><title>T</title><enclosure url='{url}'/><link>{url}</link></item>").items
    assert (item.enclosures, item.link) == ((), None)
    assert item.problems
    assert "passwd" not in str(item.problems)


def test_credentials_stay_in_the_enclosure_and_nowhere_else() -> None:
    address = "https://user:s3cret@example.org/1.mp3"
    [item] = feed(f"<item><title>T</title><enclosure url='{address}'/><link>{address}</link></item>").items
    assert [one.url for one in item.enclosures] == [address]
    assert item.link is None
    assert "s3cret" not in str(item.problems)


# --- bounds -----------------------------------------------------------------------------------------------------

MILLION = 1_000_000


@pytest.mark.parametrize(
    ("item", "kept"),
    [
        pytest.param("<item><title>T</title>" + "<a>" * 100_000 + "</item>", True, id="depth"),
        pytest.param(
            "<item><title>T</title>" + "<a>" * 100_000 + "</a>" * 100_000 + "</item>", True, id="closed depth"
        ),
        pytest.param(
            "<item " + "".join(f" a{n}='1'" for n in range(16_000)) + "><title>T</title></item>", True, id="attributes"
        ),
        pytest.param(
            "<item><title>T</title><description>" + "x" * (20 * MILLION) + "</description></item>", True, id="text"
        ),
        pytest.param("<item><title>T</title><![CDATA[" + "x" * (20 * MILLION) + "]]></item>", True, id="cdata"),
        pytest.param("<item><title>T</title>" + "<a/>" * MILLION + "</item>", True, id="elements"),
        pytest.param("<item><title>T</title>" + "<!--" * MILLION + "</item>", True, id="comments"),
        pytest.param("<item><title>T</title>" + "<![CDATA[" * MILLION + "]]></item>", True, id="nested cdata"),
        pytest.param("<item><title>T</title>" + "&" * MILLION + "&#" * MILLION + "</item>", True, id="ampersands"),
        pytest.param("<item><title>T</title>" + "<" * MILLION + "</item>", True, id="brackets"),
        pytest.param("<item><title>T</title><x " + "a=" * MILLION + "/></item>", True, id="broken attributes"),
        pytest.param(
            "<item><title>T</title><description>" + "1:00 " * MILLION + "</description></item>", True, id="times"
        ),
        pytest.param(
            "<item><title>T</title><description>" + " \n" * MILLION + "</description></item>", True, id="blanks"
        ),
        pytest.param("<item>" * 300_000, False, id="open items"),
        pytest.param("<item/>" * 300_000, False, id="empty items"),
    ],
)
def test_absurd_input_takes_bounded_time(item: str, kept: bool) -> None:
    begun = time.perf_counter()
    found = feed(item, NEXT)
    assert time.perf_counter() - begun < GUARD_S
    if kept:
        assert titles(found) == ["T", "Next"]
    assert all(len(one.notes) <= 1_000_000 and len(one.title) <= 1_000 for one in found.items)


def test_the_rest_of_too_many_items_is_left_out() -> None:
    found = feed("<item><guid>1</guid></item>" * 100_001)
    assert (len(found.items), found.cut) == (100_000, True)


# --- fuzz -------------------------------------------------------------------------------------------------------

SEED = (
    HEAD + "<link>https://example.org/</link><itunes:image href='/i.png'/><item><title><![CDATA[A &amp; b]]></title>"
    "<guid isPermaLink='false'>1</guid><pubDate>Mon, 06 Jan 2025 10:00:00 +0000</pubDate><enclosure url='/1.mp3'/>"
    "<itunes:duration>1:00</itunes:duration><description>&lt;p&gt;0:00 One&lt;br&gt;1:00 Two&lt;/p&gt;</description>"
    "<psc:chapters xmlns:psc='http://podlove.org/simple-chapters'><psc:chapter start='0' title='x'/>"
    "</psc:chapters></item>"
    + NEXT + TAIL
).encode()  # fmt: skip


def read(data: bytes) -> None:
    try:
        found = parse_feed(data, "https://example.org/f.xml", "text/xml; charset=x")
    except UnknownFormat:
        return
    assert all(item.guid or item.title or item.link or item.enclosures for item in found.items)
    str(found).encode()  # no half characters


@given(st.binary(max_size=300))
def test_no_bytes_break_it(data: bytes) -> None:
    read(data)
    read(b"<rss><channel><item><title>" + data)


@given(st.data())
@settings(max_examples=400, deadline=None)
def test_no_mutation_breaks_it(data: st.DataObject) -> None:
    mutant = bytearray(SEED)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(mutant)))
        size = data.draw(st.integers(0, 40))
        mutant[at : at + size] = data.draw(
            st.binary(max_size=6)
            | st.sampled_from([b"<", b">", b"&", b"]]>", b"<![CDATA[", b"<!--", b"&#xD800;", b"'", b"</item>"])
        )
    read(bytes(mutant))


NAMES = st.sampled_from(
    ["item", "title", "guid", "link", "channel", "rss", "itunes:duration", "podcast:person", "psc:chapters",
     "media:group", "enclosure", "description", "image", "author", "p", "x:y"]
)  # fmt: skip
ATTRIBUTES = st.dictionaries(
    st.sampled_from(["url", "href", "rel", "start", "type", "xml:base"]), st.text("a:/'1.", max_size=8), max_size=3
)
TREES = st.recursive(
    st.text(max_size=20),
    lambda inner: st.builds(
        lambda name, attributes, parts: (
            f"<{name}" + "".join(f' {k}="{v}"' for k, v in attributes.items()) + ">" + "".join(parts) + f"</{name}>"
        ),
        NAMES, ATTRIBUTES, st.lists(inner, max_size=4),
    ),
    max_leaves=20,
)  # fmt: skip


@given(TREES)
@settings(deadline=None)
def test_no_tree_breaks_it(tree: str) -> None:
    read(f"<rss><channel><item>{tree}</item>{tree}</channel></rss>".encode("utf-8", "replace"))


# --- the short way with plain lists -----------------------------------------------------------------------------

LINES = st.one_of(
    st.builds(
        lambda minute, second, dash, title: f"{minute:02}:{second:02}{dash}{title}",
        st.integers(0, 59), st.integers(0, 59), st.sampled_from([" ", " - ", " – "]),
        st.text("ab Zé'&?!-,", min_size=1, max_size=12) | st.sampled_from(["Uhr x", "am Meer", "to 5 x", "Agenda"]),
    ),
    st.sampled_from(["", "Agenda", "Some words; here.", "a | b | c", "- x", "Hours:"]),
)  # fmt: skip


@given(st.lists(LINES, max_size=6))
@settings(max_examples=400, deadline=None)
def test_the_short_way_reads_a_list_as_the_long_one(lines: list[str]) -> None:
    text = "\n".join(" ".join(line.split()) for line in sorted(lines))
    found = plain_list(text.split("\n"))
    if found is not None:
        marks = read_chapters([(0, line) for line in text.split("\n")], Problems())
        assert found == chapters(marks, "notes", Problems())


def test_the_short_way_is_taken() -> None:
    found = plain_list(["Welcome", "00:00 Hello", "12:30 - The queen", "1:02:03 Winter, again?"])
    assert found is not None
    assert [(c.start_s, c.end_s, c.title) for c in found] == [
        (0, 750, "Hello"),
        (750, 3723, "The queen"),
        (3723, None, "Winter, again?"),
    ]
