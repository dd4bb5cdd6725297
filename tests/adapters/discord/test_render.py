"""Replies dressed for Discord: golden payloads, and the rules that they follow."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from adapters.discord.modals import modal_of
from adapters.discord.post_render import rendered_post
from adapters.discord.render import rendered
from bot import texts_messages
from bot.domain import DEFAULT_COMMUNITY
from bot.files import File
from bot.reply import Action, Choice, Choices, Field, Link, Picture, QuoteBlock, Reply
from tests.adapters.discord import dressed
from tests.adapters.discord.payload_check import check_message, check_modal
from tests.adapters.discord.test_limits import SERVICES

GOLDEN = Path(__file__).parents[2] / "golden" / "discord"


def payload(reply: Reply) -> dict[str, Any]:
    made = asyncio.run(rendered(reply, SERVICES, DEFAULT_COMMUNITY)).payload()
    check_message(made)
    return made


def check_golden(name: str, made: dict[str, Any]) -> None:
    """What is sent is what stands in the file, which was read by a person."""
    assert json.loads(json.dumps(made)) == json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", dressed.replies())
def test_a_reply_is_dressed_as_it_was(name: str) -> None:
    check_golden(name, payload(dressed.replies()[name]))


@pytest.mark.parametrize("name", dressed.posts())
def test_a_post_is_dressed_as_it_was(name: str) -> None:
    made = rendered_post(dressed.posts()[name]).payload()
    check_message(made, ours=r"<@&?\d+>")
    check_golden(name, made)


def test_a_form_is_dressed_as_it_was() -> None:
    made = asyncio.run(modal_of(dressed.form(), SERVICES, DEFAULT_COMMUNITY)).to_dict()
    check_modal(made)
    check_golden("form", made)


# --- rules ------------------------------------------------------------------------------------------------------


def test_the_words_of_a_quote_are_content_and_stand_nowhere_twice() -> None:
    made = payload(dressed.replies()["quote_exact"])
    assert dressed.FIRE.text in made["content"]
    assert dressed.FIRE.text not in json.dumps(made["embeds"])
    for part in (dressed.FIRE.speaker, dressed.EPISODE, dressed.SHOW, "0:24", f"<{dressed.FIRE.url}>"):
        assert part in made["content"]


def test_that_nothing_fits_is_said_first() -> None:
    reply = dressed.replies()["quote_closest"]
    assert payload(reply)["content"].startswith(reply.text)


def test_quotes_that_find_no_room_above_go_on_below() -> None:
    quotes = tuple(replace(dressed.FIRE, text=f"{n} " + "word " * 90, moment=f"{n}:00") for n in range(12))
    made = payload(Reply("Many", quotes=quotes))
    assert texts_messages.CONTINUES in made["content"]
    said = made["content"] + made["embeds"][0]["description"]
    assert [f"“{n} word" in said for n in range(8)] == [True] * 8


def test_a_quote_longer_than_a_message_keeps_its_attribution() -> None:
    made = payload(Reply(quotes=(replace(dressed.FIRE, text="*word* " * 900),)))
    assert "…”\n— Bo · Lamps and lighthouses · Harbour Tales · 0:24" in made["content"]


def test_lines_of_several_episodes_say_which() -> None:
    other = QuoteBlock("Storms are honest.", "Ann", dressed.SHOW, "Storms", "1:00")
    made = payload(Reply(quotes=(dressed.FIRE, other)))
    assert "— Ann · Storms · Harbour Tales · 1:00" in made["content"]
    assert "title" not in made["embeds"][0]


def test_rows_are_never_cut_and_the_rest_is_counted() -> None:
    rows = tuple(Field(f"{n}", "value " * 30, f"https://a.example/{n}") for n in range(60))
    [container] = payload(Reply(title="Rows", fields=rows))["components"]
    body = container["components"][1]["content"].split("\n")
    assert all(row.startswith("**[") and row.endswith("value") for row in body[:-1])
    assert body[-1] == texts_messages.and_more(60 - len(body) + 1)


def test_a_link_too_long_for_a_button_is_written_out_whole() -> None:
    long = "https://a.example/" + "x" * 600
    made = payload(Reply("Here", links=(Link("Far", long), Link("Near", "https://a.example/"))))
    assert f"<{long}>" in made["content"]
    assert [one["label"] for one in made["components"][0]["components"]] == ["Near"]


def test_nothing_that_can_be_pressed_is_lost() -> None:
    actions = tuple(Action(f"a{n}", "say", {"n": str(n)}) for n in range(60))
    options = tuple(Choice(f"c{n}", Action("", "say", {"c": str(n)})) for n in range(30))
    made = payload(
        Reply("x", actions=actions, choices=Choices("Which", options), links=(Link("L", "https://a.example"),))
    )
    found = json.dumps(made)
    assert all(f'n={n}"' in found for n in range(60))
    assert all(f'c={n}"' in found for n in range(30))


def test_two_buttons_that_do_the_same_are_one() -> None:
    same = Action("Again", "say", {"n": "1"})
    [row] = payload(Reply("x", actions=(same, replace(same, label="Once more"))))["components"]
    assert [one["label"] for one in row["components"]] == ["Again"]


def test_a_picture_has_its_words_in_both_kinds_of_message() -> None:
    picture = Picture(b"png", "A chart")
    plain, listed = payload(Reply("x", picture=picture)), payload(Reply(title="x", picture=picture))
    assert plain["attachments"][0]["description"] == listed["attachments"][0]["description"] == "A chart"
    assert '"description": "A chart"' in json.dumps(listed["components"])


def test_a_file_of_a_list_is_attached_to_it() -> None:
    made = payload(Reply(title="x", fields=(Field("a", "b"),), file=File("q.csv", b"a\n", "a table")))
    assert "attachment://q.csv" in json.dumps(made["components"])


def test_an_empty_reply_is_no_empty_message() -> None:
    assert payload(Reply())["content"] == texts_messages.NO_NAME


def test_a_sentence_that_is_too_long_for_content_is_shown_as_far_as_it_goes() -> None:
    made = payload(Reply("word " * 1500))
    assert made["flags"] == 1 << 15
    assert json.dumps(made["components"]).count("word") > 700
