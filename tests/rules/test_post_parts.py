"""The parts of a post: whatever a feed says becomes short, neutral lines and addresses that are safe to follow."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import texts_posts
from bot.domain import Chapter, Edition, Episode, EpisodeId, Highlight, Line, Show, ShowId
from bot.posts import MENTION
from bot.rules import post_parts
from bot.rules.post_values import values_of

ANY = st.text(st.characters(), max_size=400)
SHOW = Show(ShowId("show"), "harbour", "Harbour Tales")


def episode(**more: object) -> Episode:
    made = Episode(EpisodeId("one"), SHOW.id, "harbour", "Harbour Tales", "lamps", "Lamps")
    return replace(made, **more)  # type: ignore[arg-type]


def is_neutral(text: str) -> bool:
    kept = "\u200c\u200d\u00ad"
    return "\n" not in text and not any(
        unicodedata.category(one) in ("Cc", "Cf", "Cs") for one in text if one not in kept
    )


@given(ANY, st.integers(1, 300))
def test_feed_text_is_one_line_of_at_most_so_many_characters(text: str, most: int) -> None:
    said = post_parts.said(text, most)
    assert len(said) <= most
    assert is_neutral(said)


@given(ANY, ANY, st.lists(ANY, max_size=9))
def test_no_value_holds_what_may_become_a_mention_or_a_line_break(title: str, summary: str, people: list[str]) -> None:
    told = values_of(
        replace(SHOW, title=title), episode(title=title, summary=summary, people=tuple(people)), "full", mention=True
    )
    assert told.pop("mention") == MENTION
    assert all(is_neutral(value) and MENTION not in value for value in told.values())


@given(
    st.lists(st.sampled_from(["https://a.example/", "http://a", "javascript:", "//x", "https://u:p@a/"]), max_size=5),
    ANY,
)
def test_only_web_addresses_are_linked(starts: list[str], end: str) -> None:
    urls = [start + end for start in starts]
    one = episode(editions=tuple(Edition("other", url) for url in urls), image=urls[0] if urls else None)
    for link in post_parts.links(one):
        assert urlsplit(link.url).scheme in ("http", "https")
        assert "@" not in urlsplit(link.url).netloc
    image = post_parts.picture(SHOW, one)
    assert image is None or image.startswith("https://")


def test_each_address_is_named_once_the_page_first_the_enclosure_last() -> None:
    kinds = ("audio", "spotify", "other", "page", "youtube", "apple", "video", "overcast")
    editions = tuple(Edition(kind, f"https://{kind}.example/") for kind in kinds)  # type: ignore[arg-type]
    found = post_parts.links(episode(editions=(*editions, Edition("other", "https://page.example/"))))
    assert [one.label for one in found] == ["Page", "YouTube", "Spotify", "Apple Podcasts", "Overcast", "Video"]


@pytest.mark.parametrize(
    ("people", "said"),
    [
        pytest.param(("Ann", "Bo"), "Ann, Bo", id="two"),
        pytest.param(("Ann", "", "Ann", "\u202e"), "Ann", id="empty-and-twice"),
        pytest.param(tuple("abcdefgh"), "a, b, c, d, e, f and 2 more", id="many"),
    ],
)
def test_people_are_named_once_and_the_rest_counted(people: tuple[str, ...], said: str) -> None:
    assert post_parts.people(episode(people=people)) == said


def test_facts_are_what_is_known_and_nothing_else() -> None:
    assert post_parts.facts(episode(), "full") == ()
    some = post_parts.facts(episode(season=0, number=0, duration_s=0.4, explicit=False, lines=3), "swap")
    assert [(one.label, one.value) for one in some] == [
        ("Kind", "episode of another show"),
        ("Season", "0"),
        ("Episode", "0"),
        ("Transcript", texts_posts.QUOTABLE),
    ]


def test_a_chapter_leads_to_its_moment_else_to_its_own_address() -> None:
    chapters = (Chapter(1, 7.0, None, "Lamps", "https://a.example/lamps"), Chapter(2, 9.0, None, "", "javascript:x"))
    first, second = post_parts.moments(episode(), chapters)
    assert (first.stamp, first.url) == ("0:07", "https://a.example/lamps")
    assert (second.title, second.url) == ("2.", None)
    page = episode(editions=(Edition("page", "https://a.example/"),))
    assert post_parts.moments(page, chapters)[0].url == "https://a.example/#t=7"


def lines(*speakers: str | None, **more: object) -> list[Line]:
    made = [Line(n, n, one, float(n), None, True, n * 5, 5, "So I lit a fire.") for n, one in enumerate(speakers)]
    return [replace(one, **more) for one in made]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("said", "last", "whole"),
    [
        pytest.param(lines("Ann", "Ann"), 1, True, id="one-speaker"),
        pytest.param(lines("Ann", "Bo"), 1, False, id="two-speakers"),
        pytest.param(lines(None), 0, True, id="unknown"),
        pytest.param(lines(None, None), 1, False, id="perhaps-two-unknown"),
        pytest.param(lines("Ann"), 1, False, id="a-line-is-withheld"),
        pytest.param(lines("Ann", garbled=True), 0, False, id="garbled"),
        pytest.param(lines("Ann", featured=False), 0, False, id="not-featured"),
        pytest.param([], 0, False, id="nothing"),
    ],
)
def test_a_highlight_is_a_quote_only_when_all_of_it_may_be_quoted(said: list[Line], last: int, whole: bool) -> None:
    assert post_parts.is_whole(Highlight("So I lit a fire", 1.0, 0, last), said) is whole


def test_a_highlight_without_lines_is_none() -> None:
    assert not post_parts.is_whole(Highlight("So I lit a fire", 1.0), lines("Ann"))
