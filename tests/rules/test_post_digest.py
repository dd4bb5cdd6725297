"""A post's digest: the same while it tells the same, another when any part of that changes."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from bot import texts_posts
from bot.posts import Fact, Link, Moment, Post, Thread
from bot.reply import Action, QuoteBlock
from bot.rules.post_digest import brings_transcript, digest

PLAIN = Post("Harbour Tales: Lamps", "key", title="Lamps", actions=(Action("Quote", "post", {"do": "quote"}),))
TELLS: dict[str, object] = {
    "title": "Lamps, corrected",
    "url": "https://a.example/",
    "show": "Harbour",
    "image": "https://a.example/1.jpg",
    "summary": "Bo kept a lamp.",
    "facts": (Fact("Length", "48:10"),),
    "chapters": (Moment("0:07", "Winters"),),
    "more_chapters": 3,
    "highlight": QuoteBlock("So I lit a fire.", "Bo", "", ""),
    "note": "A machine wrote this.",
    "links": (Link("Page", "https://a.example/"),),
    "mark": "Withdrawn.",
    "actions": (Action("Why?", "post", {"do": "why"}),),
}
#: Whom and where it reaches, and what a moderator's template makes of the rest.
ELSEWHERE: dict[str, object] = {
    "text": "New: Lamps",
    "key": "another",
    "kind": "test",
    "mention": "42",
    "people": ("mia",),
    "quiet": True,
    "thread": Thread("Lamps"),
    "publish": True,
    "published": None,
}


def test_every_field_is_thought_of() -> None:
    assert {one.name for one in fields(Post)} == {*TELLS, *ELSEWHERE}


@pytest.mark.parametrize("name", TELLS)
def test_what_it_tells_changes_it(name: str) -> None:
    assert digest(replace(PLAIN, **{name: TELLS[name]})) != digest(PLAIN)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ELSEWHERE)
def test_whom_and_how_it_reaches_does_not(name: str) -> None:
    assert digest(replace(PLAIN, **{name: ELSEWHERE[name]})) == digest(PLAIN)  # type: ignore[arg-type]


def test_a_post_without_a_title_is_its_text() -> None:
    assert digest(Post("The transcript of A is in")) != digest(Post("The transcript of B is in"))


def test_it_lasts_from_one_start_to_the_next() -> None:
    """Stored with every post: another value would edit them all."""
    assert digest(PLAIN) == "1cad173a83372ba01e66f000f"


BARE, WHOLE = digest(PLAIN), digest(replace(PLAIN, facts=(Fact(texts_posts.TRANSCRIPT, texts_posts.QUOTABLE),)))
HIDDEN = digest(Post("Not shown.", actions=(Action("Why?", "post", {"do": "why"}),)))


@pytest.mark.parametrize(
    ("before", "after", "brings"),
    [
        pytest.param(BARE, WHOLE, True, id="it-came"),
        pytest.param(WHOLE, WHOLE, False, id="it-was-there"),
        pytest.param(BARE, BARE, False, id="it-is-not-there"),
        pytest.param(WHOLE, BARE, False, id="it-went"),
        pytest.param(BARE, HIDDEN, False, id="hidden"),
        pytest.param(HIDDEN, WHOLE, False, id="shown-again"),
        pytest.param("", WHOLE, False, id="nobody-knows"),
    ],
)
def test_it_tells_whether_the_transcript_came_after_the_post(before: str, after: str, brings: bool) -> None:
    assert brings_transcript(before, after) is brings


@pytest.mark.parametrize("n", range(20))
def test_no_hash_ends_like_a_transcript_by_chance(n: int) -> None:
    assert brings_transcript(digest(replace(PLAIN, summary=str(n))), WHOLE)
