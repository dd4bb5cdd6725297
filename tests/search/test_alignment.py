"""Alignment: asked words against a text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.alignment import Aligned, Alignment, Text
from bot.rules.pieces import pieces
from tests.search.said import align, even


def fit(asked: str, *texts: str) -> float:
    found = align(asked, *texts)
    return found.fit if found else 0.0


def found(asked: str, *texts: str) -> Aligned:
    one = align(asked, *texts)
    assert one is not None
    return one


def test_the_same_words_are_literal() -> None:
    one = found("lit a fire on the rocks", "So I lit a fire on the rocks and waved.")
    assert one.literal
    assert one.fit == pytest.approx(1)
    assert (one.first, one.last) == (2, 7)


def test_punctuation_and_case_do_not_count() -> None:
    assert found("LIT A FIRE, on the rocks", "So I “lit” a fire -- on the rocks!").literal


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        pytest.param("lit a fire rocks", "lit a fire on the rocks", id="left out"),
        pytest.param("lit a big fire on the rocks", "lit a fire on the rocks", id="put in"),
        pytest.param("lit a blaze on the rocks", "lit a fire on the rocks", id="another word"),
        pytest.param("rocks and fire", "fire and rocks", id="swapped"),
        pytest.param("waved a latnern until dwan", "waved a lantern until dawn", id="typing errors"),
        pytest.param("motivation to work", "motivated to work", id="same stem"),
        pytest.param("hockey stick curve", "hockeystick curve", id="joined"),
        pytest.param("hotdog stand", "hot dog stand", id="parted"),
    ],
)
def test_half_remembered_words_still_fit(asked: str, text: str) -> None:
    assert 0.6 < fit(asked, text) < 1


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        pytest.param("five to ten x", "5 to 10X", id="numbers"),
        pytest.param("dont do that", "Don’t do that", id="contraction without its apostrophe"),
        pytest.param("do not do that", "don't do that", id="contraction written out"),
        pytest.param("step by step", "step-by-step", id="hyphens"),
        pytest.param("30 percent", "30%", id="percent"),
        pytest.param("clement", "Clément", id="accents"),
    ],
)
def test_other_ways_of_writing_are_the_same_words(asked: str, text: str) -> None:
    assert found(asked, text).literal


def test_word_order_counts() -> None:
    assert fit("ready aim fire", "ready aim fire") > fit("ready aim fire", "fire aim ready")


def test_words_close_together_beat_words_far_apart() -> None:
    far = "lit " + "and then some more " * 8 + "fire " + "and then some more " * 8 + "rocks"
    assert fit("lit fire rocks", "lit a fire on rocks") > fit("lit fire rocks", far)


def test_rare_words_decide() -> None:
    def rarity(words: object) -> dict[str, float]:
        return {"lantern": 9.0, "the": 0.1, "a": 0.1, "\x00": 12.0}

    both = Alignment("the lantern a", rarity)
    rare, common = both.align(Text.of(["lantern"])), both.align(Text.of(["the", "a"]))
    assert rare is not None
    assert common is not None
    assert rare.score > 0.7 > 0.3 > common.score


def test_a_word_that_is_nowhere_does_not_sink_the_rest() -> None:
    def rarity(words: object) -> dict[str, float]:
        return {"nine": 3.0, "9": 3.0, "winters": 3.0, "zzqy": 12.0, "\x00": 12.0}

    one = Alignment("nine winters zzqy", rarity).align(Text.of(["nine", "winters"]))
    assert one is not None
    assert one.fit > one.score
    assert one.fit > 0.6


def test_the_span_crosses_a_line_only_when_its_words_do() -> None:
    one = found("the lamp went out", "The lamp went out.", "It was the third night and nothing more.")
    assert (one.first, one.last) == (0, 3)


def test_marks_say_which_asked_words_stand_where() -> None:
    one = found("lit a huge fire", "I lit a fire")
    assert [(mark.asked, mark.word) for mark in one.marks] == [("lit", 1), ("a", 2), ("huge", None), ("fire", 3)]


def test_nothing_in_common_is_no_alignment() -> None:
    assert align("colourless green ideas", "The lamp went out.") is None
    assert align("", "The lamp went out.") is None
    assert align("🎉 —", "The lamp went out.") is None


@given(st.text(max_size=80), st.lists(st.text(max_size=20), max_size=30))
def test_any_text_aligns_within_bounds(asked: str, words: list[str]) -> None:
    one = Alignment(asked, even).align(Text.of(words))
    if one is not None:
        assert 0 <= one.score <= 1
        assert 0 <= one.fit <= 1
        assert 0 <= one.first <= one.last < len(words)


@given(st.lists(st.sampled_from("ready aim fire the a of".split()), min_size=1, max_size=12))  # noqa: SIM905
def test_any_run_of_words_finds_itself(words: list[str]) -> None:
    assert found(" ".join(words), f"well {' '.join(words)} indeed").fit > 0.9


def test_a_very_long_query_does_not_stall() -> None:
    began = time.perf_counter()
    alignment = Alignment("the of and to a in is it you that " * 200, even)
    text = Text.of(("the of and to a in is it you that " * 12).split())
    for _ in range(60):
        alignment.align(text)
    assert time.perf_counter() - began < 30  # a guard against a stall, not a timing


@given(st.text())
def test_pieces_of_any_word_are_bare(word: str) -> None:
    assert all(piece and "'" not in piece and piece == piece.lower() for piece in pieces(word))
