"""What people type as the address of a feed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.feed_addresses import YOUTUBE_FEED, address_of, same_feed, slug_for

CHANNEL = "UCabcdefghijklmnopqrstuv"


@pytest.mark.parametrize(
    ("words", "url"),
    [
        ("https://a.example/feed", "https://a.example/feed"),
        (" <https://a.example/feed> ", "https://a.example/feed"),
        ("HTTP://a.example/feed", "http://a.example/feed"),
        ("feed://a.example/feed", "https://a.example/feed"),
        ("feed:https://a.example/feed", "https://a.example/feed"),
        ("feed:http://a.example/feed", "http://a.example/feed"),
        ("pcast://a.example/feed", "https://a.example/feed"),
        ("itpc://a.example/feed", "https://a.example/feed"),
        ("a.example", "https://a.example"),
        ("a.example:8080/feed?x=1", "https://a.example:8080/feed?x=1"),
        ("https://ann:secret@a.example/feed", "https://ann:secret@a.example/feed"),
        (f"https://www.youtube.com/channel/{CHANNEL}/videos", f"{YOUTUBE_FEED}?channel_id={CHANNEL}"),
        ("https://youtube.com/playlist?list=PL0123456789ab", f"{YOUTUBE_FEED}?playlist_id=PL0123456789ab"),
        ("https://www.youtube.com/@kettle", "https://www.youtube.com/@kettle"),
        ("https://podcasts.apple.com/de/podcast/x/id99887", "https://itunes.apple.com/lookup?id=99887&entity=podcast"),
    ],
)
def test_an_address_is_understood(words: str, url: str) -> None:
    found = address_of(words)
    assert found is not None
    assert found.url == url


@pytest.mark.parametrize(
    "words",
    [
        "", "kettle", "two words", "javascript:alert(1)", "file:///etc/passwd", "ftp://a.example/f", "feed:feed:feed:x",
        "https://", "https://a.example:99999/", "https://a.example/\u202ef", "https://a.example/ f",
        "mailto:a@b.example",
        "https://a.example/" + "x" * 3000, "data:text/xml,<rss/>", "https://[::1", "gopher://a.example",
    ],
)  # fmt: skip
def test_what_is_no_address_is_none(words: str) -> None:
    assert address_of(words) is None


def test_a_scheme_that_was_not_given_is_a_guess() -> None:
    assert [bool(one and one.guessed) for one in map(address_of, ("a.example", "feed://a.example"))] == [True, True]
    assert [bool(one and one.guessed) for one in map(address_of, ("http://a.example", "https://a.example"))] == [
        False, False,
    ]  # fmt: skip


def test_one_feed_has_many_spellings() -> None:
    for other in ("http://a.example/f", "https://www.a.example/f/", "https://A.example:443/f"):
        assert same_feed("https://a.example/f", other)
    for other in ("https://a.example/g", "https://a.example/f?x=1", "https://ann:x@a.example/f", "https://b.example/f"):
        assert not same_feed("https://a.example/f", other)


def test_a_show_gets_a_name_that_is_free() -> None:
    assert slug_for("The Tin Kettle", "https://a.example/f", frozenset()) == "the-tin-kettle"
    assert slug_for("The Tin Kettle", "https://a.example/f", frozenset(("the-tin-kettle",))) == "the-tin-kettle-2"
    assert slug_for("", "https://www.a.example/f", frozenset()) == "a-example"
    assert slug_for("", "", frozenset(("show", "show-2"))) == "show-3"


@given(st.text(max_size=60))
def test_whatever_is_typed_is_an_http_address_or_none(words: str) -> None:
    found = address_of(words)
    assert found is None or found.url.startswith(("http://", "https://"))
