"""Finding anchored words again in a changed transcript."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import Anchor, EpisodeId
from bot.rules.anchors import Finder, find, hash_words
from tests.storage.build import TURNS

WORDS = [word for _, text in TURNS for word in text.split()]
#: "The lamp went out on the third night."
FIRST, COUNT = 23, 8


def cut(text: str) -> list[str]:
    return text.split()


def anchor(first: int = FIRST, count: int = COUNT, words: list[str] = WORDS, start_s: float | None = None) -> Anchor:
    said = words[first : first + count]
    return Anchor(EpisodeId("e"), first, count, hash_words(said), " ".join(said), start_s)


def test_case_and_punctuation_do_not_count() -> None:
    assert hash_words(["The", "lamp,", "went", "out!"]) == hash_words(["the", "lamp", "—", "went", "“out”"])
    assert hash_words(["The", "lamp"]) != hash_words(["Thelamp"])


def test_it_stands_where_it_stood() -> None:
    assert find(anchor(), WORDS) == (FIRST, COUNT)
    assert find(anchor(), WORDS, WORDS) == (FIRST, COUNT)


@pytest.mark.parametrize("old", [None, WORDS], ids=["alone", "with the old words"])
@pytest.mark.parametrize(
    ("changed", "found"),
    [
        pytest.param(["Well,", "hello.", *WORDS], (FIRST + 2, 8), id="moved on"),
        pytest.param(WORDS[10:], (FIRST - 10, 8), id="moved back"),
        pytest.param([*WORDS[:24], "lantern", *WORDS[25:]], (FIRST, 8), id="one word corrected"),
        pytest.param([*WORDS[:24], "big", *WORDS[24:]], (FIRST, 9), id="one word more"),
        pytest.param([*WORDS[:25], *WORDS[26:]], (FIRST, 7), id="one word less"),
        pytest.param([*WORDS[:25], "—", *WORDS[25:]], (FIRST, 9), id="a dash between"),
        pytest.param(WORDS[:23] + WORDS[31:], None, id="cut out"),
        pytest.param(
            cut("wholly other talk about trains and nothing that was here before"),
            None,
            id="gone",
        ),
        pytest.param([], None, id="empty"),
    ],
)
def test_it_is_found_after_a_change(changed: list[str], found: tuple[int, int] | None, old: list[str] | None) -> None:
    assert find(anchor(), changed, old) == found


def test_of_two_the_nearest_is_it() -> None:
    twice = WORDS[FIRST : FIRST + COUNT] + WORDS
    assert find(anchor(), twice) == (FIRST + COUNT, COUNT)
    assert find(anchor(), twice, near=3) == (0, COUNT)


def test_a_corrected_line_in_its_place_wins_over_the_same_words_far_away() -> None:
    filler = [f"word{n}" for n in range(600)]
    changed = [*WORDS[:25], "shut", *WORDS[26:], *filler, *WORDS[FIRST : FIRST + COUNT]]
    assert find(anchor(), changed, WORDS) == (FIRST, COUNT)


def test_a_common_word_is_not_another_one_elsewhere() -> None:
    said = [
        "we",
        "walk",
        "on",
        ".",
        "yes",
        "indeed",
        ".",
        "and",
        "then",
        "we",
        "come",
        "home",
        "to",
        "a",
        "warm",
        "room",
        ".",
        "yes",
    ]
    yes = anchor(4, 1, said)
    far = "we walk on . no way . and then " + "quite so many words are spoken here " * 4 + "come home . yes"
    assert find(yes, far.split(), said) is None
    assert find(yes, ["oh", *said], said) == (5, 1)


def test_a_common_word_at_the_same_number_by_chance_is_not_it() -> None:
    old = cut("alpha beta gamma delta yes epsilon zeta eta theta iota kappa lambda mu")
    new = [*cut("one two three four yes five six seven eight nine ten eleven twelve thirteen"), *old]
    assert find(anchor(4, 1, old), new, old) == (18, 1)


def test_no_text_and_no_place_is_lost() -> None:
    assert find(Anchor(EpisodeId("e"), 3, 2, "nothing", ""), WORDS) is None
    assert find(Anchor(EpisodeId("e"), -1, 2, "nothing", "?!"), WORDS) is None
    assert find(Anchor(EpisodeId("e"), 10**9, 10**9, "nothing", "x"), WORDS) is None


def test_without_its_text_the_hash_finds_the_same_words_elsewhere() -> None:
    button = replace(anchor(), text="")
    assert find(button, ["Well,", "—", "hello.", *WORDS]) == (FIRST + 3, COUNT)
    assert find(button, WORDS[10:]) == (FIRST - 10, COUNT)
    assert find(button, [*WORDS[:24], "lantern", *WORDS[25:]]) is None
    assert find(button, WORDS[: FIRST + COUNT - 1]) is None
    assert find(button, []) is None


def test_of_two_with_the_same_hash_the_nearest_is_it() -> None:
    button, said = replace(anchor(), text=""), WORDS[FIRST : FIRST + COUNT]
    assert find(button, [*said, "oh", *WORDS]) == (FIRST + COUNT + 1, COUNT)
    assert find(button, [*said, "oh", *WORDS], near=2) == (0, COUNT)


def test_without_its_text_a_common_span_is_found_only_near_its_place() -> None:
    button = replace(anchor(4, 2), text="")
    assert find(button, ["oh", *WORDS]) == (5, 2)
    assert find(button, [*["gull"] * 40, *WORDS]) is None


def test_a_text_that_a_fix_has_changed_does_not_hide_the_sources_words() -> None:
    fixed = replace(anchor(), text="Wholly other words that somebody wrote instead.")
    assert find(fixed, ["Well,", *WORDS]) == (FIRST + 1, COUNT)


def test_signs_alone_are_found_nowhere_else() -> None:
    signs = Anchor(EpisodeId("e"), 5, 4, hash_words(["—", "…", "—", "!"]))
    assert find(signs, ["—", "…", "—", "!", *WORDS]) is None


def test_a_button_is_looked_for_in_a_long_transcript_in_no_time() -> None:
    long = [f"word{n % 3000}" for n in range(15_000)]
    began = time.perf_counter()
    assert find(replace(anchor(), text=""), long) is None
    assert time.perf_counter() - began < 30  # a guard against a stall, not a timing


def test_the_words_around_tell_where_a_place_has_moved() -> None:
    assert Finder(["new", "words", "first", *WORDS], WORDS).moved_to(FIRST) == FIRST + 3
    assert Finder(["nothing", "of", "it", "is", "here"], WORDS).moved_to(FIRST) is None
    assert Finder([], WORDS).moved_to(FIRST) is None


def test_runs_of_words_remain() -> None:
    said = cut("So I lit a fire on the rocks and waved")
    there = cut("well then I lit a fire by the sea and he waved")
    assert Finder(there).remains(said, 0) == [(2, 4)]
    assert Finder(cut("I lit some fire on a rock")).remains(said, 0) == []
    assert Finder(there).remains(["short"], 0) == []


@given(st.integers(0, 50), st.integers(4, 12), st.lists(st.sampled_from(["pier", "gull", "rope"]), max_size=30))
def test_words_before_it_never_lose_it(first: int, count: int, before: list[str]) -> None:
    mark = anchor(first, count)
    assert find(mark, before + WORDS) == (first + len(before), count)
    assert find(mark, before + WORDS, WORDS) == (first + len(before), count)


@given(st.integers(0, 50), st.integers(4, 12), st.lists(st.sampled_from(["pier", "—", "rope"]), max_size=30))
def test_words_before_it_never_lose_a_button(first: int, count: int, before: list[str]) -> None:
    button = replace(anchor(first, count), text="")
    assert find(button, before + WORDS) == (first + len(before), count)


@given(st.integers(0, 61), st.integers(1, 20), st.lists(st.sampled_from(WORDS), max_size=80))
def test_what_is_found_lies_inside(first: int, count: int, words: list[str]) -> None:
    found = find(anchor(first, count), words, WORDS)
    assert found is None or (found[0] >= 0 and found[1] > 0 and sum(found) <= len(words))
