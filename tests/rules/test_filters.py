"""Filters: what a place does not want, with the reason; what the feed does not say refuses nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.alerts import Filters, News
from bot.rules.filters import refusal

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def episode(title: str = "The Long Tail", **said: object) -> News:
    return News("kites-1", "guid:1", title, "full", NOW, "", **said)  # type: ignore[arg-type]


def without(word: str, title: str) -> str:
    return refusal(episode(title), Filters(without_words=(word,)))


def test_without_filters_everything_passes() -> None:
    assert refusal(episode("RERUN", season=4, explicit=True, duration_s=1.0), Filters()) == ""


# === Words of the title ===========================================================================================


@pytest.mark.parametrize(
    ("word", "title"),
    [
        ("rerun", "Kites (Rerun)"),
        ("RERUN", "rerun: Kites"),
        ("best of", "The Best of 2025"),
        ("best-of", "The best of 2025"),
        ("cafe", "Le Café du port"),
        ("Café", "LE CAFE DU PORT"),
        ("café", "cafe\u0301"),
        ("strasse", "Die STRASSE"),
        ("Straße", "Die strasse"),
        ("don't", "Don’t look up"),
        ("q&a", "Listener Q&A #4"),
        ("C++", "Modern C++, again"),
        ("#4", "Listener Q&A 4"),
        ("ёлка", "Елка зимой"),
        ("再放送", "【再放送】今日の話"),
        ("再放送", "今日は再放送です"),
        ("ＡＩ", "What AI is"),
        ("🎁", "🎁 A present"),
        ("हिन्दी", "आज हिन्दी में"),
    ],
)
def test_a_word_in_the_title_refuses_in_any_case_and_accent(word: str, title: str) -> None:
    assert without(word, title) == f"“{word}” is in the title"


@pytest.mark.parametrize(
    ("word", "title"),
    [
        ("run", "Kites (Rerun)"),
        ("art", "Starting over"),
        ("best of", "of best"),
        ("best of", "The best kind of day"),
        ("C", "Modern C++, again"),
        ("C++", "Vitamin C"),
        (".*", "Anything"),
        ("[a-z]+", "anything"),
        ("", "Anything"),
        ("   ", "Any thing"),
        ("हिन", "आज हिन्दी में"),
        ("rerun", ""),
    ],
)
def test_only_whole_words_count_and_never_as_patterns(word: str, title: str) -> None:
    assert without(word, title) == ""


def test_one_of_the_wanted_words_is_enough() -> None:
    wanted = Filters(with_words=("interview", "live show"))
    assert refusal(episode("Interview: Anna"), wanted) == ""
    assert refusal(episode("The LIVE show from Kiel"), wanted) == ""
    assert refusal(episode("A live one"), wanted) == "not one of “interview” or “live show” is in the title"
    assert refusal(episode("Kites"), Filters(with_words=("interview",))) == "no “interview” is in the title"


def test_wanted_words_that_are_blank_want_nothing() -> None:
    assert refusal(episode(), Filters(with_words=("", " "))) == ""


def test_an_unwanted_word_beats_a_wanted_one() -> None:
    both = Filters(with_words=("interview",), without_words=("rerun",))
    assert refusal(episode("Interview (rerun)"), both) == "“rerun” is in the title"


# === Season, warning, length ======================================================================================


def test_seasons_pass_by_number() -> None:
    some = Filters(seasons=(1, 3))
    assert refusal(episode(season=3), some) == ""
    assert refusal(episode(season=2), some) == "season 2, and only season 1 or 3 is wanted here"
    assert refusal(episode(season=None), some) == ""


def test_only_what_is_marked_explicit_is_refused_where_clean_ones_are_wanted() -> None:
    clean = Filters(clean_only=True)
    assert refusal(episode(explicit=True), clean) == "marked as explicit, and only clean ones are wanted here"
    assert refusal(episode(explicit=False), clean) == ""
    assert refusal(episode(explicit=None), clean) == ""


@pytest.mark.parametrize(
    ("seconds", "reason"),
    [
        (599.0, "9:59 long, and at least 10 minutes are wanted here"),
        (600.0, ""),
        (3600.0, ""),
        (3600.5, "1:00:00 long, and at most 60 minutes are wanted here"),
        (7200.0, "120 min long, and at most 60 minutes are wanted here"),
        (None, ""),
        (0.0, ""),
        (-5.0, ""),
        (float("nan"), ""),
        (float("inf"), ""),
    ],
)
def test_lengths_are_in_minutes_and_an_unknown_one_passes(seconds: float | None, reason: str) -> None:
    assert refusal(episode(duration_s=seconds), Filters(shortest_min=10, longest_min=60)) == reason


# === People =======================================================================================================


@pytest.mark.parametrize("name", ["Anna", "anna", "Ek", "Anna Ek", "ek anna", "Ánna"])
def test_people_are_wanted_by_first_last_or_full_name(name: str) -> None:
    assert refusal(episode(people=("Bo Lind", "Dr. Anna Ek")), Filters(people=(name,))) == ""


@pytest.mark.parametrize("name", ["Ann", "Anna Lind", "Nobody"])
def test_somebody_else_is_refused(name: str) -> None:
    refused = refusal(episode(people=("Bo Lind", "Anna Ek")), Filters(people=(name,)))
    assert refused == f"no “{name}” is named in it"


def test_one_of_the_wanted_people_is_enough() -> None:
    wanted = Filters(people=("Anna Ek", "Bo"))
    assert refusal(episode(people=("Bo Lind",)), wanted) == ""
    assert refusal(episode(people=("Cy Ro",)), wanted) == "not one of “Anna Ek” or “Bo” is named in it"


def test_a_full_name_in_the_title_names_somebody_too() -> None:
    assert refusal(episode("Kites with Anna Ek"), Filters(people=("Anna Ek",))) == ""
    assert refusal(episode("Will it fly?"), Filters(people=("Will",))) == "no “Will” is named in it"


def test_who_asked_for_somebody_does_not_get_what_names_nobody() -> None:
    assert refusal(episode(people=()), Filters(people=("Anna Ek",))) == "no “Anna Ek” is named in it"
    assert refusal(episode(people=()), Filters(people=("", "--"))) == ""


# === Properties ===================================================================================================

words = st.lists(st.text(max_size=12), max_size=4).map(tuple)


@given(
    st.text(max_size=80),
    st.builds(Filters, with_words=words, without_words=words, people=words, clean_only=st.booleans()),
    words,
)
def test_every_refusal_says_why_in_one_short_line(title: str, filters: Filters, people: tuple[str, ...]) -> None:
    reason = refusal(episode(title, people=people, explicit=True), filters)
    assert len(reason) < 500
    if not any(one.strip() for one in (*filters.with_words, *filters.without_words, *filters.people)):
        assert bool(reason) == filters.clean_only


@given(st.text(min_size=1, max_size=30).filter(str.isalnum), st.text(max_size=20), st.text(max_size=20))
def test_a_word_stands_in_every_title_that_it_stands_in(word: str, before: str, after: str) -> None:
    assert without(word, f"{before} {word} {after}") == f"“{word}” is in the title"
