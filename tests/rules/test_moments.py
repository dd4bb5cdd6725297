"""Cues that go back, overlap, last for minutes or hold one word; and text that only pauses divide."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import Turn
from bot.rules.lines import transcript_of
from bot.rules.moments import Mark, Timeline


def cue(text: str, start_s: float, end_s: float | None = None, speaker: str | None = None) -> Turn:
    return Turn(text, speaker, start_s, end_s, cue=True)


def test_cues_that_go_back_keep_the_order_of_the_source_and_their_own_times() -> None:
    lines = transcript_of([cue("later", 600, 605), cue("ad inserted", 0, 5), cue("middle", 300, 301)]).lines
    assert [(line.text, line.start_s, line.end_s, line.exact) for line in lines] == [
        ("later", 600, 605, True),
        ("ad inserted", 0, 5, True),
        ("middle", 300, 301, True),
    ]


def test_a_sentence_does_not_run_over_a_step_back() -> None:
    lines = transcript_of([cue("we went on and", 600, 605), cue("bought a mattress.", 0, 5)]).lines
    assert [(line.text, line.start_s) for line in lines] == [("we went on and", 600), ("bought a mattress.", 0)]


def test_a_wrong_cue_keeps_its_time_and_spoils_no_neighbour() -> None:
    said = [cue(f"Sentence number {n}.", n * 10.0, n * 10.0 + 9) for n in range(6)]
    said[3] = replace(said[3], start_s=9000.0, end_s=9009.0)
    lines = transcript_of(said).lines
    assert [line.start_s for line in lines] == [0, 10, 20, 9000, 40, 50]
    assert [line.end_s for line in lines] == [9, 19, 29, 9009, 49, 59]


def test_a_lone_mark_out_of_order_is_dropped() -> None:
    assert Timeline([Mark(0, 0.0), Mark(10, 9000.0), Mark(20, 20.0)], 30).start(10) == (10.0, False)


def test_words_inside_a_cue_that_went_back_are_within_it() -> None:
    timeline = Timeline([Mark(0, 600.0, 605.0), Mark(5, 0.0, 10.0), Mark(15, 610.0, 615.0)], 20)
    assert timeline.start(10) == (5.0, False)
    assert timeline.start(2) == (602.0, False)
    assert timeline.end(15) == 10.0


def test_a_moment_inside_a_cue_of_two_minutes_goes_by_its_words() -> None:
    text = " ".join(f"Sentence {n} has five words." for n in range(10))
    lines = transcript_of([cue(text, 100.0, 220.0)]).lines
    assert [line.start_s for line in lines] == [pytest.approx(100 + 12 * n) for n in range(10)]
    assert [line.exact for line in lines] == [True, *[False] * 9]


def test_overlapping_cues_of_two_people_each_start_at_their_own_time() -> None:
    lines = transcript_of([cue("I think so.", 1, 6, "Ann"), cue("No.", 4, 5, "Bob"), cue("Yes.", 5.5, 7, "Ann")]).lines
    assert [(line.speaker, line.start_s, line.exact) for line in lines] == [
        ("Ann", 1, True),
        ("Bob", 4, True),
        ("Ann", 5.5, True),
    ]


def test_words_with_a_time_each_become_sentences() -> None:
    words = ["We", "fix", "bridges.", "They", "last"]
    lines = transcript_of([Turn(" ".join(words), "Ann", 0.0, 3.0, tuple((n, n * 0.5) for n in range(1, 5)))]).lines
    assert [(line.text, line.start_s, line.exact) for line in lines] == [
        ("We fix bridges.", 0, True),
        ("They last", 1.5, True),
    ]


def test_words_without_full_stops_are_cut_where_somebody_pauses() -> None:
    starts = [0.0, 0.4, 0.8, 3.5, 3.9, 4.3]
    text = " ".join(f"word{n}" for n in range(6))
    lines = transcript_of([Turn(text, None, starts[0], 4.6, tuple(enumerate(starts))[1:])]).lines
    assert [(line.text, line.start_s) for line in lines] == [("word0 word1 word2", 0), ("word3 word4 word5", 3.5)]


def test_captions_without_full_stops_are_joined_up_to_a_pause() -> None:
    said = [
        cue("and then we", 0, 1),
        cue("went to the", 1, 2),
        cue("old bridge", 2.1, 3),
        cue("where it rained", 4.2, 5),
    ]
    lines = transcript_of(said).lines
    assert [(line.text, line.start_s, line.exact) for line in lines] == [
        ("and then we went to the old bridge", 0, True),
        ("where it rained", 4.2, True),
    ]


def test_captions_without_pauses_are_cut_at_a_cue_before_thirty_words() -> None:
    said = [cue(" ".join(f"w{n}x{k}" for k in range(8)), n * 3.0, n * 3 + 3.0) for n in range(10)]
    lines = transcript_of(said).lines
    assert {line.words for line in lines} == {24, 8}
    assert all(line.exact for line in lines)


@given(st.lists(st.tuples(st.integers(0, 90), st.integers(0, 30), st.integers(1, 9)), max_size=25))
def test_every_cue_with_a_start_and_an_end_is_found_at_its_own_start(raw: list[tuple[int, int, int]]) -> None:
    said = [cue(" ".join(["Word."] * words), float(start), start + length + 0.5) for start, length, words in raw]
    lines = transcript_of(said).lines
    at = {line.first_word: line for line in lines}
    word = 0
    for turn in said:
        assert (at[word].start_s, at[word].exact) == (turn.start_s, True)
        word += turn.text.count(" ") + 1
    assert all(line.end_s is None or line.start_s is None or line.end_s >= line.start_s for line in lines)
