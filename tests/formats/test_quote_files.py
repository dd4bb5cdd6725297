"""Files of saved quotes: what is written is read again, and nothing hostile gets through."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import UnknownFormat
from bot.formats.quote_files import MOST_ROWS, QuoteRow, read, write_csv, write_json, write_markdown
from bot.rules.words import collapse

ROW = QuoteRow(
    text="The lamp went out, on the third night.", speaker="Bo", show="harbour", episode="lighthouses",
    title="Lamps and lighthouses", guid="g-1", time="11.500", note='for "the" talk', anchor="abc.1.2.hash",
)  # fmt: skip


def write_as_json(rows: Sequence[QuoteRow]) -> bytes:
    return write_json(rows, "2024-06-01")


values = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60).map(collapse)
rows = st.builds(QuoteRow, **{name: values for name in ("text", "speaker", "show", "episode", "title", "note", "time")})


@settings(deadline=None)
@given(st.lists(rows, max_size=8), st.sampled_from([write_as_json, write_csv]))
def test_what_is_written_is_read_again(written: list[QuoteRow], write: Callable[[Sequence[QuoteRow]], bytes]) -> None:
    found = read(write([ROW, *written]))
    assert [one for one in found if one != QuoteRow()] == [ROW, *(one for one in written if one != QuoteRow())]


def test_columns_have_the_names_that_others_use() -> None:
    [one] = read("Quote,Who,Podcast,Key,Start\r\nMove fast,Ann,Harbour,lamps,12:15\r\n".encode("utf-8-sig"))
    assert one == QuoteRow(text="Move fast", speaker="Ann", show="Harbour", episode="lamps", time="12:15")


def test_a_bare_list_of_objects_is_read_too() -> None:
    [one] = read(json.dumps([{"text": " Move \n fast ", "time": 12.5, "note": None, "x": []}]).encode())
    assert one == QuoteRow(text="Move fast", time="12.5")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe\x00",
        b"{",
        b"[1, 2]",
        b'{"quotes": 3}',
        b"just words\nand more\n",
        b"[" * 200_000,
        b'[{"text": ' + b"9" * 5000 + b"}]",
        b'text,episode\n"never closed',
        json.dumps([{"text": "x"}] * (MOST_ROWS + 1)).encode(),
        b"text\n" + b"x\n" * (MOST_ROWS + 1),
    ],
    ids=lambda data: repr(data[:20]),
)
def test_what_is_no_such_file_is_refused_in_one_line(data: bytes) -> None:
    with pytest.raises(UnknownFormat) as told:
        read(data)
    assert "\n" not in str(told.value)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        read(data)
    except UnknownFormat:
        return


def test_no_cell_is_a_formula() -> None:
    table = write_csv([QuoteRow(text="=HYPERLINK(1)", note="@SUM(1)")])
    assert b"\n'=HYPERLINK(1)" in table
    assert read(table) == [QuoteRow(text="=HYPERLINK(1)", note="@SUM(1)")]


def test_markdown_is_readable_and_holds_no_markup_of_others() -> None:
    row = QuoteRow(text="**Never** [click](https://evil.example) <b>", speaker="Bo_b", url="https://y.example/?t=1")
    page = write_markdown([row], "Saved").decode()
    assert page.startswith("# Saved\n\n> \\*\\*Never\\*\\* \\[click\\]")
    assert "— Bo\\_b" in page
    assert "<https://y.example/?t=1>" in page


def test_a_lone_surrogate_of_a_feed_breaks_no_file() -> None:
    rows = [QuoteRow(text="a\ud800b")]
    for file in (write_json(rows, ""), write_csv(rows), write_markdown(rows, "x")):
        assert file.decode()
