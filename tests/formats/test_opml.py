"""Lists of feeds: read however they are nested and written badly, written so that they read back."""

from __future__ import annotations

import contextlib
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UnknownFormat
from bot.formats.opml import LARGEST, Opml, Outline, read_opml, write_opml

MADE = datetime(2024, 6, 1, 12, tzinfo=UTC)


def opml(rows: str) -> bytes:
    return f'<?xml version="1.0"?><opml version="1.0"><head><title>x</title></head><body>{rows}</body></opml>'.encode()


def urls(data: bytes) -> list[str]:
    return [one.url for one in read_opml(data).outlines]


def test_feeds_are_found_in_any_folder_each_once() -> None:
    rows = (
        '<outline text="News"><outline text="Deep"><outline type="rss" text="A" xmlUrl="https://a.example/f"/></outline>'
        '<outline text="B" xmlurl="https://b.example/f"/></outline><outline text="A again" xmlUrl="https://a.example/f"/>'
    )
    assert read_opml(opml(rows)).outlines == (Outline("https://a.example/f", "A"), Outline("https://b.example/f", "B"))


@pytest.mark.parametrize(
    "row",
    [
        pytest.param('<outline title="A & B" xmlUrl="https://a.example/f?x=1&y=2"/>', id="bare-ampersands"),
        pytest.param('<outline title="A&nbsp;B" xmlUrl="https://a.example/f?x=1&amp;y=2"/>', id="undeclared-entity"),
        pytest.param('<outline title="A" xmlUrl=" https://a.example/f?x=1&#38;y=2 "/></outline>', id="stray-end"),
    ],
)
def test_badly_written_lists_are_read(row: str) -> None:
    assert urls(opml(row)) == ["https://a.example/f?x=1&y=2"]


def test_an_entry_without_an_address_is_listed() -> None:
    found = read_opml(opml('<outline type="rss" text="Lost"/><outline text="A folder"/>'))
    assert found.outlines == ()
    assert [one.reason for one in found.problems] == ["“Lost” has no feed address (xmlUrl)"]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\x00\xff" * 100, id="bytes"),
        pytest.param(b"<html><body>no</body></html>", id="page"),
        pytest.param(b'<rss version="2.0"><channel/></rss>', id="feed"),
        pytest.param(b"{}", id="json"),
        pytest.param(b"<opml>" + b"x" * LARGEST, id="too-large"),
        pytest.param(b'<!DOCTYPE o [<!ENTITY a "aaaa">]><opml><outline xmlUrl="&a;"/></opml>', id="entities"),
        pytest.param(
            '<!DOCTYPE o [<!ENTITY a SYSTEM "file:///etc/passwd">]><opml/>'.encode("utf-16"), id="entities-in-utf-16"
        ),
    ],
)
def test_what_is_no_list_is_refused_with_a_reason(data: bytes) -> None:
    with pytest.raises(UnknownFormat) as told:
        read_opml(data)
    assert str(told.value)


def test_a_deep_or_wide_list_is_read_in_time() -> None:
    began = time.monotonic()
    for data in (opml("<outline>" * 100_000), opml('<outline xmlUrl="https://a.example/f"/>' * 100_000)):
        try:
            read_opml(data)
        except UnknownFormat:
            continue
    assert time.monotonic() - began < 30


plain = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cf", "Zl", "Zp", "Zs", "Co", "Cn")), max_size=40)


@given(st.lists(st.tuples(plain, plain), max_size=8))
def test_what_is_written_is_read_back(rows: list[tuple[str, str]]) -> None:
    wanted = {f"https://example.org/{path}": Outline(f"https://example.org/{path}", title) for path, title in rows}
    assert read_opml(write_opml(wanted.values(), title="<Mine> & yours", made=MADE)) == Opml(tuple(wanted.values()))


@given(st.binary(max_size=300))
def test_nothing_but_a_refusal_escapes(data: bytes) -> None:
    for body in (data, b"<opml><outline " + data + b"/></opml>"):
        with contextlib.suppress(UnknownFormat):
            read_opml(body)


@pytest.mark.parametrize("data", [b"<:/>", b"<x:1>", b"<a\xed\xa0\x80/>", b"<a xmlns='ht&#xD800;'><b/></a>"])
def test_tags_that_are_no_names_are_survived(data: bytes) -> None:
    with pytest.raises(UnknownFormat, match="OPML"):
        read_opml(data)


def test_half_characters_cost_no_entry() -> None:
    found = read_opml(
        b"<opml><body><outline text='a &#xD800; &nbsp; b & c' xmlUrl='https://a.example/1'/></body></opml>"
    )
    assert [(one.url, one.title) for one in found.outlines] == [("https://a.example/1", "a \ufffd b & c")]
