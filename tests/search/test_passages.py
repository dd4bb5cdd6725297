"""Passages: grouping of lines for the index."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import Line
from bot.rules.passages import LIMIT, passages
from tests.search.said import lines


def sentence(words: int) -> str:
    return " ".join(["word"] * words) + "."


def test_a_passage_has_at_most_120_words() -> None:
    made = passages(lines(*[sentence(25)] * 20))
    assert all(len(one.text.split()) <= LIMIT for one in made)


def test_neighbouring_passages_share_a_sentence() -> None:
    made = passages(lines(*[sentence(25)] * 20))
    assert len(made) > 1
    assert all(right.first_line == left.last_line for left, right in pairwise(made))


def test_a_passage_crosses_turns_of_one_speaker() -> None:
    said = lines("You win like the gradient descent.", "is performed in the marketplace.")
    assert [one.text for one in passages(said)] == [
        "You win like the gradient descent. is performed in the marketplace."
    ]


def test_a_passage_ends_where_another_speaks() -> None:
    said = [*lines("Who is there?"), *lines("Nobody.", speaker="Bo", first=1)]
    assert [(one.first_line, one.speaker) for one in passages(said)] == [(0, "Ann"), (1, "Bo")]


def test_an_unknown_speaker_ends_at_a_pause_over_two_seconds() -> None:
    assert len(passages(lines("One.", "Two.", speaker=None, pause_s=2.5))) == 2
    assert len(passages(lines("One.", "Two.", speaker="SPEAKER_00", pause_s=2.5))) == 2
    assert len(passages(lines("One.", "Two.", speaker=None, pause_s=1.5))) == 1
    assert len(passages(lines("One.", "Two.", speaker="Ann", pause_s=60))) == 1


def test_a_gap_in_the_lines_ends_a_passage() -> None:
    said = [*lines("One."), *lines("Three.", first=2)]
    assert len(passages(said)) == 2


def test_a_line_of_more_than_120_words_is_passages_of_its_own() -> None:
    words = [f"w{n}" for n in range(400)]
    made = passages(lines("Before.", " ".join(words), "After."))
    own = [one for one in made if one.first_line == one.last_line == 1]
    assert len(own) > 3
    assert all(len(one.text.split()) <= LIMIT for one in own)
    assert {word for one in own for word in one.text.split()} == set(words)


@pytest.mark.parametrize(("label", "count"), [(None, 2), ("Guest 1", 2), ("SPEAKER_00", 2), ("Ann", 1)])
def test_a_pause_ends_a_passage_where_the_label_names_nobody(label: str | None, count: int) -> None:
    said = [
        Line(0, 0, label, 0.0, 1.0, True, 0, 2, "Quite so."),
        Line(1, 1, label, 9.0, 10.0, True, 2, 2, "Maybe not."),
    ]
    assert len(passages(said)) == count


@given(st.lists(st.tuples(st.integers(1, 150), st.sampled_from(["Ann", "Bo", None])), max_size=60))
def test_every_line_is_in_a_passage_of_its_speaker(shape: list[tuple[int, str | None]]) -> None:
    said = [
        Line(n, n, speaker, None, None, False, 0, count, " ".join(["word"] * count))
        for n, (count, speaker) in enumerate(shape)
    ]
    made = passages(said)
    covered = {n for one in made for n in range(one.first_line, one.last_line + 1)}
    assert covered == set(range(len(said)))
    assert all(said[n].speaker == one.speaker for one in made for n in range(one.first_line, one.last_line + 1))
    assert all(left.first_line <= right.first_line for left, right in pairwise(made))


def test_five_million_characters_in_one_line_do_not_stall() -> None:
    began = time.perf_counter()
    made = passages(lines("word " * 1_000_000 + "end"))
    assert len(made) > 10_000
    assert time.perf_counter() - began < 30  # a guard against a stall, not a timing
