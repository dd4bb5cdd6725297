"""The feeds that a web page names."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.formats.web_page import feed_links, is_web_page

HOME = "https://kettle.example/shows/tin"


def links(head: str) -> list[str]:
    return [one.url for one in feed_links(f"<!doctype html><html><head>{head}</head></html>".encode(), HOME)]


def link(href: str, rel: str = "alternate", type: str = "application/rss+xml", title: str = "") -> str:
    return f'<link rel="{rel}" type="{type}" title="{title}" href="{href}">'


@pytest.mark.parametrize(
    ("tag", "found"),
    [
        pytest.param(link("/feed.xml"), ["https://kettle.example/feed.xml"], id="from-the-root"),
        pytest.param(link("feed.xml"), ["https://kettle.example/shows/feed.xml"], id="beside"),
        pytest.param(link("//cdn.example/f"), ["https://cdn.example/f"], id="scheme-relative"),
        pytest.param(link("/f?a=1&amp;b=2"), ["https://kettle.example/f?a=1&b=2"], id="escaped"),
        pytest.param(
            "<LINK HREF='/f' TYPE='application/atom+xml' REL='ALTERNATE'>", ["https://kettle.example/f"], id="upper"
        ),
        pytest.param(
            "<link rel=alternate type=application/rss+xml href=/f>", ["https://kettle.example/f"], id="unquoted"
        ),
        pytest.param('<base href="https://other.example/x/">' + link("f"), ["https://other.example/x/f"], id="base"),
        pytest.param(link("/f") + link("/f"), ["https://kettle.example/f"], id="once"),
        pytest.param(link("/style.css", "stylesheet", "text/css"), [], id="style"),
        pytest.param(link("/de", type="text/html"), [], id="other-language"),
        pytest.param(link("javascript:alert(1)"), [], id="script"),
        pytest.param(link("file:///etc/passwd"), [], id="file"),
        pytest.param(f"<!-- {link('/old')} -->{link('/new')}", ["https://kettle.example/new"], id="comment"),
        pytest.param(
            f"<script>'{link('/old')}'</script>{link('/new')}", ["https://kettle.example/new"], id="in-script"
        ),
    ],
)
def test_a_page_names_its_feeds(tag: str, found: list[str]) -> None:
    assert links(tag) == found


def test_feeds_of_comments_come_last() -> None:
    both = link("/comments/feed", title="Comments") + link("/feed", title="Episodes")
    assert links(both) == ["https://kettle.example/feed", "https://kettle.example/comments/feed"]


def test_a_page_is_told_from_a_feed() -> None:
    assert is_web_page(b"\xef\xbb\xbf\n<!-- x --><!DOCTYPE html><html>")
    assert is_web_page(b"<head>")
    assert not is_web_page(b'<?xml version="1.0"?><rss version="2.0">')
    assert not is_web_page(b"")


@pytest.mark.parametrize("part", ["<link ", "<!--", "<script", "<link rel=", "<base href='", "<link a=b "])
def test_hostile_pages_take_linear_time(part: str) -> None:
    began = time.monotonic()
    feed_links(part.encode() * (2_000_000 // len(part)), HOME)
    assert time.monotonic() - began < 30


@given(st.binary(max_size=400))
def test_nothing_escapes(data: bytes) -> None:
    for one in feed_links(b'<link rel="alternate" type="application/rss+xml" href="' + data + b'">' + data, HOME):
        assert one.url.startswith(("http://", "https://"))
