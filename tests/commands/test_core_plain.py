"""Replies as plain text and as JSON: golden, complete, and safe to print."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.files import File
from bot.plain import clean, clean_line, presses, render_plain
from bot.reply import Action, Choice, Choices, Field, Form, FormField, Link, Picture, QuoteBlock, Reply
from bot.reply_json import reply_json

FULL = Reply(
    text="The closest line.",
    title="What is an AI Engineer?",
    url="https://example.org/ep",
    quotes=(
        QuoteBlock(
            "Ready, aim, fire.", "Ann Lee", "High Agency", "Episode 3", "27:47", "https://example.org/ep?t=1667"
        ),
    ),
    fields=(Field("0:00", "Intro", "https://example.org/ep?t=0"), Field("", "Alone")),
    picture=Picture(b"PNG", "A card with the quote"),
    footer="machine transcript",
    actions=(Action("Next match", "quote", {"words": "fire", "skip": "1"}), Action("Delete", "drop", {}, "danger")),
    choices=Choices(
        "Which one?", (Choice("One", Action("One", "pick", {"n": "1"}), "2021"), Choice("Two", Action("Two", "pick")))
    ),
    form=Form("Edit the note", "quotes edit", (FormField("note", "Note", "old"),), {"id": "x"}),
    outcome="found",
)

GOLDEN = """\
What is an AI Engineer?
https://example.org/ep

The closest line.

“Ready, aim, fire.”
— Ann Lee · Episode 3 · High Agency · 27:47
https://example.org/ep?t=1667

0:00  Intro  https://example.org/ep?t=0
Alone

A card with the quote

Which one?
[1] One (2021)
[2] Two

[3] Next match  [4] Delete

machine transcript"""


def test_a_reply_reads_well_as_text() -> None:
    assert render_plain(FULL) == GOLDEN


def test_numbers_are_in_the_order_of_what_is_pressed() -> None:
    assert [action.label for action in presses(FULL)] == ["One", "Two", "Next match", "Delete"]


def test_without_numbers_it_is_the_replys_own_plain_form() -> None:
    assert render_plain(FULL, numbered=False) == FULL.plain()


def test_an_empty_reply_is_empty() -> None:
    assert render_plain(Reply()) == ""


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "[31mred[0m"),
        ("\x1b]0;title\x07", "]0;title"),
        ("a\x9b2Jb", "a2Jb"),
        ("a\u202eb\u2066c\u200fd\ufeff", "abcd"),
        ("a\u2028b\u2029c\td\re", "a b c d e"),
        ("a\r\nb\nc", "a\nb\nc"),
        ("a\ud800b", "a�b"),
        ("tag\U000e0041\U000e007f", "tag"),
        ("👩\u200d🚀 نمی\u200cخواهم", "👩\u200d🚀 نمی\u200cخواهم"),
        ("[bold]not markup[/bold]", "[bold]not markup[/bold]"),
        ("a\0b\x08\x7f", "ab"),
    ],
)
def test_control_and_direction_characters_are_taken_out(hostile: str, shown: str) -> None:
    assert clean(hostile) == shown
    assert render_plain(Reply(hostile)) == shown


@given(st.text(st.characters()))
def test_what_is_printed_is_one_line_of_harmless_characters(text: str) -> None:
    line = clean_line(text)
    assert "\n" not in line
    assert not any(ord(letter) < 32 or 0x7F <= ord(letter) <= 0x9F for letter in line)
    line.encode()


def test_json_holds_every_part() -> None:
    data = reply_json(FULL)
    assert json.loads(json.dumps(data)) == data
    assert data["outcome"] == "found"
    assert data["picture"] == {"alt": "A card with the quote", "bytes": 3}
    assert data["quotes"] == [
        {
            "text": "Ready, aim, fire.",
            "speaker": "Ann Lee",
            "show": "High Agency",
            "episode": "Episode 3",
            "moment": "27:47",
            "url": "https://example.org/ep?t=1667",
        }
    ]
    assert data["actions"] == [
        {
            "label": "Next match",
            "command": "quote",
            "args": {"words": "fire", "skip": "1"},
            "style": "plain",
            "turn": False,
        },
        {"label": "Delete", "command": "drop", "args": {}, "style": "danger", "turn": False},
    ]
    assert data["form"] == {
        "title": "Edit the note",
        "command": "quotes edit",
        "args": {"id": "x"},
        "fields": [
            {
                "name": "note",
                "label": "Note",
                "value": "old",
                "long": False,
                "required": True,
                "options": [],
                "length": 1000,
                "hint": "",
            }
        ],
    }


def test_json_holds_links_and_files() -> None:
    data = reply_json(
        Reply(links=(Link("Page", "https://a.example/"),), file=File("a.csv", b"a,\xc3\xa9\n", "a table"))
    )
    assert data["links"] == [{"label": "Page", "url": "https://a.example/"}]
    assert data["file"] == {"name": "a.csv", "about": "a table", "bytes": 5, "text": "a,é\n"}
    assert reply_json(Reply(file=File("a.png", b"\xff", "a picture")))["file"] == {
        "name": "a.png",
        "about": "a picture",
        "bytes": 1,
        "text": None,
    }


def test_json_names_every_field_of_a_reply() -> None:
    assert set(Reply.__dataclass_fields__) <= set(reply_json(Reply()))
