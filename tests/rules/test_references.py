"""References: what people and buttons call things."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import Anchor, Edition, Episode, EpisodeId, Show, ShowId
from bot.rules.references import (
    anchor_ref,
    called,
    content_words,
    link_start,
    matching_episodes,
    matching_shows,
    outlet_of,
    parse_anchor_ref,
    pasted_link,
    transcript_start,
)

HARBOUR = Show(ShowId("s1"), "harbour", "Harbour Tales")
KITCHEN = Show(ShowId("s2"), "kitchen-talk", "Kitchen Talk")


def episode(key: str, title: str, number: int | None = None, show: Show = HARBOUR, **more: object) -> Episode:
    given = {"summary": "", "people": (), "editions": (), "guid": None} | more
    return Episode(EpisodeId(f"id-{key}"), show.id, show.slug, show.title, key, title, number, **given)  # type: ignore[arg-type]


LAMPS = episode(
    "lamps",
    "Lamps and lighthouses",
    1,
    people=("Ann Keeper",),
    editions=(Edition("youtube", "https://www.youtube.com/watch?v=abc", 10.0), Edition("page", "https://h.example/1/")),
    guid="urn:lamps",
)
STORMS = episode("storms", "Storms at sea", 2, summary="Bo remembers the lighthouse in the gale.")
BREAD = episode("bread", "Bread at sea", 2, KITCHEN)
ALL = [LAMPS, STORMS, BREAD]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        pytest.param("lamps", [LAMPS], id="key"),
        pytest.param("LAMPS ", [LAMPS], id="key whatever its case"),
        pytest.param("harbour/storms", [STORMS], id="show and key"),
        pytest.param("1", [LAMPS], id="number"),
        pytest.param("#1", [LAMPS], id="number with sign"),
        pytest.param("episode 1", [LAMPS], id="number with a word"),
        pytest.param("2", [STORMS, BREAD], id="number in two shows"),
        pytest.param("urn:lamps", [LAMPS], id="guid"),
        pytest.param("id:id-bread", [BREAD], id="a button's id"),
        pytest.param("the lighthouses one", [LAMPS], id="part of the title"),
        pytest.param("stor", [STORMS], id="beginning of a word"),
        pytest.param("at sea", [STORMS, BREAD], id="part of two titles"),
        pytest.param("the ann one", [LAMPS], id="who is in it"),
        pytest.param("gale", [STORMS], id="its summary"),
        pytest.param("submarine", [], id="nothing"),
        pytest.param("", [], id="no words"),
        pytest.param("²", [], id="a digit that is no number"),
        pytest.param("https://youtu.be/abc?t=70", [LAMPS], id="short link"),
        pytest.param("<https://h.example/1#t=1:00>", [LAMPS], id="link in angle brackets"),
        pytest.param("https://h.example/2", [], id="unknown link"),
    ],
)
def test_an_episode_is_found_by_what_people_call_it(words: str, found: list[Episode]) -> None:
    assert matching_episodes(words, ALL) == found


def test_a_show_is_found_by_slug_title_or_a_part_of_it() -> None:
    shows = [HARBOUR, KITCHEN]
    assert matching_shows("harbour", shows) == [HARBOUR]
    assert matching_shows("Kitchen talk", shows) == [KITCHEN]
    assert matching_shows("kitchen", shows) == [KITCHEN]
    assert matching_shows("garden", shows) == []


@pytest.mark.parametrize(
    ("link", "start_s"),
    [
        ("https://x.example/#t=62", 62.0),
        ("https://x.example/?t=1m2s", 62.0),
        ("https://x.example/?a=b&t=1:02", 62.0),
        ("https://x.example/?start=62", 62.0),
        ("https://x.example/", None),
        ("https://x.example/?t=²", None),
    ],
)
def test_a_link_names_its_moment(link: str, start_s: float | None) -> None:
    assert link_start(link) == start_s


def test_an_outlets_offset_is_taken_from_a_links_moment() -> None:
    assert transcript_start("https://youtu.be/abc?t=70", LAMPS) == 60.0
    assert transcript_start("https://youtu.be/abc?t=3", LAMPS) == 0.0
    assert transcript_start("https://h.example/1?t=70", LAMPS) == 70.0
    assert transcript_start("https://h.example/1", LAMPS) is None


def test_only_one_whole_address_is_a_link() -> None:
    assert pasted_link(" https://h.example/1 ") == "https://h.example/1"
    assert pasted_link("see https://h.example/1") is None
    assert pasted_link("javascript://h.example/%0aalert(1)") is None
    assert pasted_link("27:47") is None


def test_two_addresses_of_one_outlet_are_the_same() -> None:
    one = outlet_of("https://www.h.example/1/?utm_source=x&t=5")
    assert one == outlet_of("http://h.example/1#t=9")
    assert one != outlet_of("http://h.example/1?id=2")
    assert outlet_of("https://www.youtube.com/embed/abc") == outlet_of("https://youtu.be/abc")


@given(st.text())
def test_no_text_breaks_a_reference(text: str) -> None:
    matching_episodes(text, ALL)
    content_words(text)
    parse_anchor_ref(text)
    link = pasted_link(f"https://h.example/{text}")
    if link:
        outlet_of(link)
        transcript_start(link, LAMPS)


@given(st.integers(0, 10**8), st.integers(1, 10**4))
def test_an_anchor_survives_its_button(first: int, count: int) -> None:
    anchor = Anchor(EpisodeId("abcdefghijkl"), first, count, "0123456789abcdef01234567")
    assert parse_anchor_ref(anchor_ref(anchor)) == anchor


@pytest.mark.parametrize("words", ["a.1.2.b", "move fast", "27:47", "abcdefghijkl", "abcdefghijkl.1.2."])
def test_what_people_type_is_no_anchor(words: str) -> None:
    assert parse_anchor_ref(words) is None


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["Q&A", "Storms at sea", "storms at sea", "A " + "very " * 40 + "long title"]),
            st.sampled_from([HARBOUR, KITCHEN]),
            st.sampled_from([None, 1, 2]),
            st.sampled_from([None, datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 1, 2, tzinfo=UTC)]),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_what_an_episode_is_called_leads_to_it_alone_and_is_never_its_key(
    given_: list[tuple[str, Show, int | None, datetime | None]],
) -> None:
    known = [
        replace(episode(f"show-{n}-final_v2", title, number, show, published=published), id=EpisodeId(f"e{n}"))
        for n, (title, show, number, published) in enumerate(given_)
    ]
    names = called(known, known)
    for one, name in zip(known, names, strict=True):
        assert matching_episodes(name, known) == [one]
        assert len(name) <= 100
        assert one.key not in name


def test_a_title_that_nobody_shares_is_all_that_an_episode_is_called() -> None:
    known = [episode("a", "Storms at sea", 1), episode("b", "Q&A", 2), episode("c", "Q&A", 3)]
    assert called(known, known) == ["Storms at sea", "Q&A (#2)", "Q&A (#3)"]
    assert called(known[:1], known) == ["Storms at sea"]
