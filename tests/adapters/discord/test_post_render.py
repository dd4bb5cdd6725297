"""What a post says where, and whom it calls."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import discord
import pytest

from adapters.discord.post_render import rendered_post, thread_name
from bot.posts import MENTION, Link, Moment, Post
from bot.rules.alert_keys import key_in
from tests.adapters.discord import dressed

NEW = dressed.posts()["post_new"]


@pytest.mark.parametrize(
    ("text", "content"),
    [
        pytest.param(f"Hey {MENTION}, new: Storms", "Hey <@&5>, new: Storms", id="in the middle"),
        pytest.param("New: Storms", "<@&5> New: Storms", id="nowhere: before"),
        pytest.param(f"{MENTION} {MENTION} New", "<@&5>  New", id="twice: once"),
        pytest.param(f"New {MENTION}", "New <@&5>", id="at the end"),
    ],
)
def test_the_mention_stands_where_the_template_has_it(text: str, content: str) -> None:
    assert rendered_post(Post(text, mention="5")).content == content


@pytest.mark.parametrize("mention", ["", "everyone", "<@&5>", "5 <@6>", "１２"])
def test_what_is_no_id_mentions_nobody(mention: str) -> None:
    made = rendered_post(Post(f"{MENTION} New: <@&7> @everyone", mention=mention))
    assert made.content == "New: \\<\\@&7> @\u200beveryone"
    assert made.payload()["allowed_mentions"] == {"parse": [], "users": [], "roles": []}


def test_an_edit_mentions_and_notifies_nobody() -> None:
    made = rendered_post(NEW).kwargs("edit")
    assert made["allowed_mentions"].to_dict() == discord.AllowedMentions.none().to_dict()
    assert "silent" not in made


def test_a_quiet_post_notifies_nobody() -> None:
    assert rendered_post(replace(NEW, quiet=True)).kwargs()["silent"] is True


def test_more_people_than_fit_leave_room_for_what_they_are_told() -> None:
    made = rendered_post(Post("It is in.", people=tuple(str(10**19 + n) for n in range(300))))
    assert made.content.endswith("It is in.")
    assert len(made.content) <= 2000
    assert made.content.count("<@") == len(made.people) == 40


def test_its_key_is_in_a_button() -> None:
    row: Any = rendered_post(NEW).components[0]
    assert {key_in(one["custom_id"]) for one in row["components"] if "custom_id" in one} == {(dressed.KEY, "new")}


def test_a_picture_is_shown_over_https_only() -> None:
    [embed] = rendered_post(replace(NEW, image="http://harbour.example/1.png")).embeds
    assert embed.thumbnail.url is None


def test_chapters_that_find_no_room_are_counted() -> None:
    chapters = tuple(Moment(f"{n}:00", f"Chapter {n}", "https://a.example/" + "x" * 400) for n in range(30))
    [embed] = rendered_post(replace(NEW, chapters=chapters, more_chapters=5)).embeds
    shown = (embed.description or "").count("Chapter ")
    assert f"… and {35 - shown} more" in (embed.description or "")


def test_a_link_too_long_for_a_button_is_in_the_text() -> None:
    [embed] = rendered_post(replace(NEW, links=(Link("Far", "https://a.example/" + "x" * 490),) * 2)).embeds
    assert "[Far]" not in (embed.description or "")
    [embed] = rendered_post(replace(NEW, links=(Link("Far", "https://a.example/" + "x" * 510),))).embeds
    assert "[Far](https://a.example/xx" in (embed.description or "")


def test_a_post_of_words_alone_has_no_card() -> None:
    assert rendered_post(Post("Two feeds fail.", kind="trouble", show="")).embeds == ()


def test_the_name_of_a_thread() -> None:
    assert thread_name("Storms\n\u202e @everyone") == "Storms @\u200beveryone"
    assert thread_name(" ") == "…"
