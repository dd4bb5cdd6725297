"""Highlights find the transcript lines that they came from, by their words."""

from __future__ import annotations

import random
import re
import time
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bot.domain import Highlight, Line, Turn
from bot.rules.highlights import align_highlights
from bot.rules.lines import transcript_of

STORY = (
    "The lamp went out on the third night.",
    "You should move fast, and much faster than a typical crew of fishermen.",
    "If you take three months to mend a net, what could you do to make it three weeks?",
    "The cost of a lamp goes down by something like five to ten times every single year.",
    "And this is what we see on the whole coast.",
)


def lines(*texts: str) -> list[Line]:
    return [Line(n, n, "Ann", n * 60.0, None, True, n * 20, len(text.split()), text) for n, text in enumerate(texts)]


def where(text: str, talk: list[Line], start_s: float | None = None) -> tuple[int | None, int | None]:
    [found] = align_highlights([Highlight(text, start_s)], talk)
    assert (found.text, found.start_s) == (text, start_s)
    return found.first_line, found.last_line


def test_a_highlight_finds_its_line_though_its_time_is_far_off() -> None:
    assert where("The cost of a lamp goes down by five to ten times every year.", lines(*STORY), 3600.0) == (3, 3)


def test_a_highlight_may_run_over_several_lines() -> None:
    text = (
        "Move fast, much faster than a crew of fishermen. If you take three months to mend a net, make it three weeks."
    )
    assert where(text, lines(*STORY)) == (1, 2)


def test_a_soundbite_whose_title_nobody_said_goes_by_its_seconds() -> None:
    talk = lines(*STORY)
    for title in ("", "Bo on nets"):
        [found] = align_highlights([Highlight(title, 118.0, end_s=185.0)], talk)
        assert (found.first_line, found.last_line) == (2, 2)
    [found] = align_highlights([Highlight("", 55.0, end_s=230.0)], talk)
    assert (found.first_line, found.last_line) == (1, 3)


def test_a_soundbite_whose_title_was_said_goes_by_its_words() -> None:
    [found] = align_highlights([Highlight("The lamp went out on the third night.", 118.0, end_s=170.0)], lines(*STORY))
    assert (found.first_line, found.last_line) == (0, 0)


def test_a_soundbite_outside_every_line_aligns_to_nothing() -> None:
    for talk in (lines(*STORY), []):
        [found] = align_highlights([Highlight("", 9000.0, end_s=9010.0)], talk)
        assert (found.first_line, found.last_line) == (None, None)


def test_a_highlight_that_nobody_said_aligns_to_nothing() -> None:
    assert where("Whales are the accountants of the sea and keep very good books.", lines(*STORY)) == (None, None)
    assert where("The", lines(*STORY)) == (None, None)
    assert where("", lines(*STORY)) == (None, None)
    assert where("The lamp went out on the third night.", []) == (None, None)


def test_time_breaks_a_tie_and_only_a_tie() -> None:
    again = lines(*STORY, "Nobody slept.", STORY[0], "The lamp went out again on a night.")
    assert where(STORY[0], again, 350.0) == (6, 6)
    assert where(STORY[0], again, 10.0) == (0, 0)
    assert where(STORY[0], again, 420.0) == (6, 6)
    assert where(STORY[0], again) == (0, 0)


def test_line_numbers_are_those_of_lines_with_gaps() -> None:
    visible = [line for line in lines(*STORY) if line.n != 1]
    assert where(STORY[3], visible) == (3, 3)


def test_old_line_numbers_are_forgotten() -> None:
    [found] = align_highlights([Highlight("Nobody ever said anything like this here.", None, 3, 4)], lines(*STORY))
    assert (found.first_line, found.last_line) == (None, None)


def test_ten_highlights_on_the_longest_episode_take_a_tenth_of_a_second() -> None:
    draw = random.Random(7)
    words = ["the", "and", "of", *(f"word{n}" for n in range(900))]
    talk = lines(*(" ".join(draw.choices(words, k=14)) for _ in range(2500)))
    asked = [Highlight(talk[n].text, 0.0) for n in range(100, 2500, 240)]
    asked.append(Highlight("the and of " * 3000, 0.0))
    align_highlights(asked[:1], talk[:10])
    begun = time.perf_counter()
    found = align_highlights(asked, talk)
    assert time.perf_counter() - begun < 30  # a guard against a stall, not a timing
    assert [one.first_line for one in found[:10]] == list(range(100, 2500, 240))


@given(st.lists(st.text(max_size=80), max_size=8), st.text(max_size=200))
def test_any_text_aligns_within_the_transcript_or_not_at_all(texts: list[str], text: str) -> None:
    first, last = where(text, lines(*texts))
    assert (first is None) == (last is None)
    if first is not None and last is not None:
        assert 0 <= first <= last < len(texts)


def test_the_highlights_of_a_real_page_stand_where_they_were_said(shared: Path) -> None:
    [page] = (shared / "seed").glob("*.txt")
    text = page.read_text("utf-8")
    asked = [
        Highlight(words, int(minutes) * 60.0 + int(seconds))
        for minutes, seconds, words in re.findall(r'^(\d\d):(\d\d) - "(.+)"$', text, re.MULTILINE)
    ]
    said = re.findall(r"^\[(\d\d):(\d\d):(\d\d)\] ([^:\n]+): (.+)$", text, re.MULTILINE)
    turns = [Turn(words, who, int(h) * 3600.0 + int(m) * 60 + int(s)) for h, m, s, who, words in said]
    talk = transcript_of(turns).lines
    starts = [
        talk[one.first_line].start_s or 0.0 for one in align_highlights(asked, talk) if one.first_line is not None
    ]
    # The first was read out twice: word for word at 02:01, and in other words at 05:46.
    for start_s, near_s in zip(starts, (121, 1804, 1628, 2524), strict=True):
        assert abs(start_s - near_s) < 15
