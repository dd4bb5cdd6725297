"""Chapters: which one is meant by a number, a time or words of its title."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import Chapter
from bot.rules.chapters import by_number, by_time, by_title

CHAPTERS = [
    Chapter(1, 5.0, 225.0, "Introduction and background"),
    Chapter(2, 225.0, 735.0, "Skills of AI Engineers"),
    Chapter(3, 735.0, 990.0, "Team composition for AI products"),
    Chapter(4, 990.0, 1200.0, "Advice for AI product leaders"),
]


def test_a_chapter_has_its_number() -> None:
    third = by_number(3, CHAPTERS)
    assert third is CHAPTERS[2]
    assert by_number(9, CHAPTERS) is None


@pytest.mark.parametrize(("start_s", "n"), [(5.0, 1), (734.9, 2), (735.0, 3), (1200.0, 4)])
def test_a_chapter_runs_from_its_start_to_the_next(start_s: float, n: int) -> None:
    found = by_time(start_s, CHAPTERS)
    assert found
    assert found.n == n


def test_no_chapter_runs_before_the_first_or_after_the_last_end() -> None:
    assert by_time(1.0, CHAPTERS) is None
    assert by_time(1201.0, CHAPTERS) is None


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        pytest.param("team composition", [3], id="its words"),
        pytest.param("the one about team composition", [3], id="words around them"),
        pytest.param("Composing a TEAM", [3], id="another form"),
        pytest.param("team compositon", [3], id="a slip"),
        pytest.param("product", [4, 3], id="whole words before beginnings"),
        pytest.param("intro", [1], id="the beginning of a word"),
        pytest.param("gardening", [], id="nothing"),
        pytest.param("team gardening", [], id="only half of it"),
        pytest.param("", [], id="no words"),
    ],
)
def test_a_chapter_is_found_by_its_title(words: str, numbers: list[int]) -> None:
    assert [one.n for one in by_title(words, CHAPTERS)] == numbers


@given(st.text(), st.text())
def test_no_text_breaks_a_title(words: str, title: str) -> None:
    by_title(words, [Chapter(1, 0.0, None, title)])
