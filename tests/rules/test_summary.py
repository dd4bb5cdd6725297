"""Chapter summaries: which lines are in a chapter, which of them are shown, and who speaks how much."""

from __future__ import annotations

import re
from dataclasses import replace
from math import inf, nan
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import Chapter, Line, Turn
from bot.rules.lines import transcript_of
from bot.rules.summary import ChapterSummary, recalled, summarise
from bot.rules.wellformed import is_ad, is_greeting, is_well_formed

TALK = (
    ("Ann", "Welcome to another episode of the Lighthouse Hour."),
    ("Ann", "Today we're talking about lamps, and I'm joined by Bo."),
    ("Bo", "Thanks so much for having me on the show."),
    ("Bo", "A lighthouse lamp is only as good as the lens that stands around it."),
    ("Bo", "The lens bends all of the light of the lamp into one narrow beam."),
    ("Ann", "And how do you clean a lens like that?"),
    ("Bo", "You clean the lens with vinegar and a soft cloth, never with sand."),
    ("Ann", "This episode is brought to you by Harbour Rope."),
    ("Ann", "Harbour Rope makes the only lens cleaning rope for lighthouse lamps."),
    ("Ann", "Head over to harbourrope.com to get 20% off your first rope."),
    ("Ann", "So let's get into the weather on that coast."),
    ("Bo", "Fog is the worst weather for a keeper, because no beam gets through it."),
    ("Bo", "A fog horn carries three miles in fog when the wind is with it."),
    ("Ann", "and then the wind"),
    ("Ann", "Well, it's been a pleasure, and we'll see you all next week."),
)


def lines_of(talk: tuple[tuple[str, str], ...] = TALK, step_s: float = 10.0) -> list[Line]:
    return [
        Line(n, n, speaker, n * step_s, (n + 1) * step_s, True, n * 20, len(text.split()), text)
        for n, (speaker, text) in enumerate(talk)
    ]


CHAPTERS = (Chapter(1, 0.0, 100.0, "The lamp and its lens"), Chapter(2, 100.0, None, "Fog"))


def texts(summary: ChapterSummary) -> list[str]:
    return [line.text for line in summary.lines]


def test_a_summary_has_key_lines_without_greetings_ads_or_half_sentences() -> None:
    lamp, fog = summarise(CHAPTERS, lines_of())
    assert len(lamp.lines) in (2, 3)
    assert set(texts(lamp)) <= {TALK[n][1] for n in (3, 4, 6)}
    assert texts(fog) == [TALK[11][1], TALK[12][1]]


def test_lines_are_the_transcripts_own_and_in_order_of_time() -> None:
    talk = lines_of()
    for summary in summarise(CHAPTERS, talk):
        assert all(line in talk for line in summary.lines)
        assert [line.n for line in summary.lines] == sorted(line.n for line in summary.lines)


def test_speaker_shares_are_by_words_greatest_first() -> None:
    talk = lines_of((("Ann", "one two three four five six"), ("Bo", "one two"), ("Ann", "one two three four")))
    [summary] = summarise([Chapter(1, 0.0, None, "All")], talk)
    assert [name for name, _ in summary.speakers] == ["Ann", "Bo"]
    assert [share for _, share in summary.speakers] == pytest.approx([10 / 12, 2 / 12])


def test_a_chapter_without_an_end_goes_on_to_the_next_start_and_the_last_to_the_end() -> None:
    open_ends = [Chapter(1, 0.0, None, "One"), Chapter(2, 100.0, None, "Two")]
    first, second = summarise(open_ends, lines_of())
    assert max(line.n for line in first.lines) < 10
    assert min(line.n for line in second.lines) >= 10


def test_chapters_are_answered_in_the_order_asked_and_no_line_is_in_two() -> None:
    overlapping = [Chapter(2, 100.0, None, "Fog"), Chapter(1, 0.0, 500.0, "Lamp")]
    fog, lamp = summarise(overlapping, lines_of())
    assert fog.chapter.title == "Fog"
    assert not {line.n for line in fog.lines} & {line.n for line in lamp.lines}
    assert min(line.n for line in fog.lines) >= 10


def test_an_empty_chapter_has_no_lines_and_no_speakers() -> None:
    [empty] = summarise([Chapter(1, 5000.0, 5001.0, "Nothing")], lines_of())
    assert (empty.lines, empty.speakers) == ((), ())
    assert summarise([], lines_of()) == []
    [silent] = summarise([Chapter(1, 0.0, None, "Nothing")], [])
    assert (silent.lines, silent.speakers) == ((), ())


def test_lines_without_a_time_are_in_no_chapter() -> None:
    untimed = [replace(line, start_s=None, end_s=None) for line in lines_of()]
    assert [one.lines for one in summarise(CHAPTERS, untimed)] == [(), ()]


def test_a_line_that_is_not_featured_is_never_a_key_line() -> None:
    hidden = [replace(line, featured=line.n not in (3, 11)) for line in lines_of()]
    assert {3, 11}.isdisjoint(line.n for one in summarise(CHAPTERS, hidden) for line in one.lines)


def test_lines_that_say_the_same_share_one_place() -> None:
    same = "The lens bends all of the light of the lamp into one narrow beam."
    talk = lines_of((("Bo", same), ("Ann", "The keeper sleeps by day and eats at night."), ("Bo", same), ("Bo", same)))
    [summary] = summarise([Chapter(1, 0.0, None, "All")], talk, keep=2)
    assert len(set(texts(summary))) == len(texts(summary))


def test_keep_bounds_the_lines() -> None:
    assert all(len(one.lines) <= 1 for one in summarise(CHAPTERS, lines_of(), keep=1))
    assert all(one.lines == () for one in summarise(CHAPTERS, lines_of(), keep=0))


def test_kept_numbers_give_the_same_summaries_or_none_at_all() -> None:
    talk = lines_of()
    made = summarise(CHAPTERS, talk)
    numbers = [[line.n for line in one.lines] for one in made]
    assert recalled(CHAPTERS, talk, numbers) == made
    gone = [line for line in talk if line.n != numbers[0][0]]
    assert recalled(CHAPTERS, gone, numbers) is None
    withheld = [replace(line, featured=line.n != numbers[0][0]) for line in talk]
    assert recalled(CHAPTERS, withheld, numbers) is None
    assert recalled(CHAPTERS[:1], talk, numbers) is None


@given(
    st.lists(st.tuples(st.text(max_size=120), st.floats(allow_nan=True, allow_infinity=True) | st.none()), max_size=10),
    st.lists(st.sampled_from([0.0, 10.0, -5.0, inf, nan, 30.0]), max_size=5),
)
def test_any_transcript_and_chapters_get_an_answer(talk: list[tuple[str, float | None]], starts: list[float]) -> None:
    said = [Line(n, n, None, start_s, None, False, n, 1, text) for n, (text, start_s) in enumerate(talk)]
    chapters = [Chapter(n, start_s, None, "Some title") for n, start_s in enumerate(starts, 1)]
    assert len(summarise(chapters, said)) == len(chapters)


def test_the_real_episode_has_key_lines_in_each_chapter(shared: Path) -> None:
    [page] = (shared / "seed").glob("*.txt")
    text = page.read_text("utf-8")
    said = re.findall(r"^\[(\d\d):(\d\d):(\d\d)\] ([^:\n]+): (.+)$", text, re.MULTILINE)
    turns = [Turn(words, who, int(h) * 3600.0 + int(m) * 60 + int(s)) for h, m, s, who, words in said]
    listed = re.findall(r'^(\d\d):(\d\d) - ([^"\n].+)$', text, re.MULTILINE)
    chapters = [Chapter(n, int(m) * 60.0 + int(s), None, title) for n, (m, s, title) in enumerate(listed, 1)]
    summaries = summarise(chapters, transcript_of(turns).lines)
    assert len(summaries) == 9
    for summary in summaries:
        assert len(summary.lines) in (2, 3)
        assert sum(share for _, share in summary.speakers) == pytest.approx(1.0)
        for line in summary.lines:
            assert is_well_formed(line)
            assert not is_greeting(line.text)
            assert not is_ad(line.text)
