"""Spans: which words of visible lines are shown."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.rules.spans import LONGEST, span
from tests.search.said import lines

SAID = lines("The lamp went out.", "So I lit a fire", "on the rocks.", "We had no radio.")


def test_whole_lines_are_shown() -> None:
    assert span(SAID, 1, 2).text == "The lamp went out."


def test_a_line_is_continued_only_when_the_words_run_on() -> None:
    assert span(SAID, 5, 7).text == "So I lit a fire"
    assert span(SAID, 7, 10).text == "So I lit a fire on the rocks."
    assert [line.n for line in span(SAID, 7, 10).lines] == [1, 2]


def test_a_long_quote_is_cut_at_words_around_what_was_asked() -> None:
    words = [f"word{n}" for n in range(300)]
    shown = span(lines(" ".join(words)), 150, 155).text
    assert len(shown) <= LONGEST
    assert shown.startswith("… word")
    assert shown.endswith(" …")
    assert " ".join(words[150:156]) in shown
    assert shown.strip("… ") in " ".join(words)


def test_a_cut_quote_names_only_lines_that_it_shows() -> None:
    said = lines(*[" ".join([f"w{n}"] * 60) + "." for n in range(8)])
    shown = span(said)
    assert shown.lines[0].n == 0
    assert shown.lines[-1].n < 7
    assert all(f"w{line.n}" in shown.text for line in shown.lines)


def test_one_endless_word_is_cut() -> None:
    assert len(span(lines("x" * 5_000)).text) <= LONGEST


@given(
    st.lists(st.lists(st.text("abcdé.", min_size=1, max_size=12), min_size=1, max_size=60), min_size=1, max_size=6),
    st.data(),
)
def test_a_quote_is_a_verbatim_run_of_whole_words(texts: list[list[str]], data: st.DataObject) -> None:
    said = lines(*[" ".join(words) for words in texts])
    words = [word for line in texts for word in line]
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, len(words) - 1))
    shown = span(said, first, last)
    assert len(shown.text) <= LONGEST
    bare = shown.text.removeprefix("… ").removesuffix(" …").split(" ")
    assert any(words[at : at + len(bare)] == bare for at in range(len(words)))
    assert shown.lines
