"""Sentences, moments and lines: what a turn becomes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import Turn
from bot.rules.lines import transcript_of
from bot.rules.moments import Mark, Timeline
from bot.rules.sentences import pieces, sentences
from bot.rules.words import collapse


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("One. Two! Three? four", ["One.", "Two!", "Three? four"], id="a small letter goes on"),
        pytest.param("He said “No.” Then left.", ["He said “No.”", "Then left."], id="closing quotes stay"),
        pytest.param("Shawn Wang, a. k. a. Swyx, is here.", ["Shawn Wang, a. k. a. Swyx, is here."], id="spelt-out"),
        pytest.param("I met Dr. Jones. Nice.", ["I met Dr. Jones.", "Nice."], id="abbreviation"),
        pytest.param("John F. Kennedy spoke. Yes.", ["John F. Kennedy spoke.", "Yes."], id="initial"),
        pytest.param("It went up 10 X. And then?", ["It went up 10 X.", "And then?"], id="letter that is no initial"),
        pytest.param("Version 2.5 is out... And so on", ["Version 2.5 is out...", "And so on"], id="numbers and dots"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@given(st.text(alphabet="ab. !?,\"'…AB12。！」", max_size=300), st.frozensets(st.integers(0, 60)))
def test_cutting_never_loses_or_changes_a_word(raw: str, borders: frozenset[int]) -> None:
    text = collapse(raw)
    assert " ".join(pieces(text, borders)) == text


def test_unpunctuated_text_is_cut_at_cues_or_thirty_words() -> None:
    text = " ".join(f"w{n}" for n in range(75))
    assert [len(piece.split()) for piece in pieces(text)] == [30, 30, 15]
    assert [len(piece.split()) for piece in pieces(text, frozenset({12, 40}))][:2] == [12, 28]


def test_five_megabytes_without_a_full_stop_are_cut_in_no_time() -> None:
    text = ("na " * 1_700_000).strip()
    assert max(len(piece.split()) for piece in pieces(text)) == 30


def test_time_between_marks_goes_by_word_position() -> None:
    timeline = Timeline([Mark(0, 10.0), Mark(10, 20.0)], 20)
    assert timeline.start(0) == (10.0, True)
    assert timeline.start(5) == (15.0, False)
    assert timeline.start(10) == (20.0, True)


def test_before_the_first_mark_time_runs_from_zero_and_after_the_last_at_the_neighbours_pace() -> None:
    timeline = Timeline([Mark(100, 50.0)], 200, duration_s=80.0)
    assert timeline.start(50) == (25.0, False)
    assert timeline.start(120) == (60.0, False)
    assert timeline.start(190) == (80.0, False), "never past the duration"


def test_without_marks_there_is_no_time() -> None:
    assert Timeline([], 10).start(3) == (None, False)
    assert transcript_of([Turn("Hello there. All good.")]).lines[1].start_s is None


def test_one_mark_out_of_order_does_not_spoil_the_others() -> None:
    timeline = Timeline([Mark(0, 0.0), Mark(10, 9000.0), Mark(20, 20.0), Mark(30, 30.0)], 40)
    assert timeline.start(10) == (10.0, False)
    assert timeline.start(30) == (30.0, True)


@given(st.lists(st.tuples(st.integers(0, 400), st.floats(0, 4000)), max_size=30))
def test_moments_never_run_backwards(raw: list[tuple[int, float]]) -> None:
    timeline = Timeline([Mark(word, start_s) for word, start_s in sorted(raw, key=lambda pair: pair[0])], 500)
    starts = [timeline.start(word)[0] for word in range(0, 500, 7)]
    known = [start for start in starts if start is not None]
    assert known == sorted(known)


def test_a_sentence_may_run_over_two_cues() -> None:
    cues = [
        Turn("We fix what", "Ann", 1.0, 2.0, cue=True),
        Turn("others throw away. Always.", "Ann", 2.1, 4.0, cue=True),
    ]
    lines = transcript_of(cues).lines
    assert [(line.text, line.start_s, line.exact) for line in lines] == [
        ("We fix what others throw away.", 1.0, True),
        ("Always.", pytest.approx(3.525), False),
    ]


def test_a_pause_or_another_speaker_ends_a_line() -> None:
    cues = [
        Turn("and then", "Ann", 1.0, 2.0, cue=True),
        Turn("nothing", "Ann", 9.0, 10.0, cue=True),
        Turn("right", "Ben", 10.1, 11.0, cue=True),
    ]
    assert [line.text for line in transcript_of(cues).lines] == ["and then", "nothing", "right"]


def test_word_positions_count_through_the_whole_transcript() -> None:
    lines = transcript_of([Turn("One two. Three.", "Ann", 0.0), Turn("Four five.", "Ben", 5.0)]).lines
    assert [(line.first_word, line.words, line.turn) for line in lines] == [(0, 2, 0), (2, 1, 0), (3, 2, 1)]
    assert [line.end_s for line in lines][:2] == [pytest.approx(10 / 3), 5.0]


def test_the_hash_follows_words_speakers_and_times() -> None:
    base = transcript_of([Turn("One two.", "Ann", 0.0)]).hash
    assert base == transcript_of([Turn("One two.", "Ann", 0.0)]).hash
    assert base != transcript_of([Turn("One two!", "Ann", 0.0)]).hash
    assert base != transcript_of([Turn("One two.", "Ben", 0.0)]).hash
    assert base != transcript_of([Turn("One two.", "Ann", 1.0)]).hash


def test_cues_without_punctuation_stay_lines_of_their_own() -> None:
    cues = [Turn("hello my friends", None, 1.0, 3.0, cue=True), Turn("badgers dig", None, 4.0, 6.0, cue=True)]
    assert [(line.text, line.start_s) for line in transcript_of(cues).lines] == [
        ("hello my friends", 1.0),
        ("badgers dig", 4.0),
    ]


def test_voices_have_lines_of_their_own_and_no_dashes() -> None:
    cues = [
        Turn("- are you in - I am", None, 1.0, 3.0, cue=True, voices=(0, 4)),
        Turn("for now", None, 3.0, 4.0, cue=True),
        Turn(">> good", None, 4.0, 5.0, cue=True, voices=(0,)),
    ]
    lines = transcript_of(cues).lines
    assert [line.text for line in lines] == ["are you in", "I am for now", "good"]
    assert [line.start_s for line in lines] == [1.0, pytest.approx(2.2), 4.0]
    assert [(line.first_word, line.turn) for line in lines] == [(0, 0), (3, 0), (7, 2)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Yeah, no. I was not there. It is no. 5 of ten.", ["Yeah, no.", "I was not there.", "It is no. 5 of ten."]),
        (
            "Das war am 3. Mai. Er sagte „Nein.“ Dann ging er.",
            ["Das war am 3. Mai.", "Er sagte „Nein.“", "Dann ging er."],
        ),
        ("« Oui. » Puis il part.", ["« Oui. »", "Puis il part."]),
        ("今日はパンの話です。 はい、そうです。", ["今日はパンの話です。", "はい、そうです。"]),
    ],
)
def test_sentences_end_as_their_language_ends_them(text: str, expected: list[str]) -> None:
    assert [line.text for line in transcript_of([Turn(text)]).lines] == expected
