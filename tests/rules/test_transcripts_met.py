"""A second transcript of an episode: when it replaces the first."""

from __future__ import annotations

import pytest

from bot.rules.transcripts_met import Meeting, meeting
from tests.storage.build import TURNS, Turns, lines_of

OTHER: Turns = (
    ("Cy", "Good bread wants patience, warm hands and a quiet kitchen in the morning."),
    ("Cy", "Never measure flour with a cup when you own a pair of scales."),
)
CORRECTED: Turns = (*TURNS[:3], ("Bo", TURNS[3][1].replace("dawn", "daybreak")))
NAMELESS: Turns = tuple(("Speaker 1", text) for _, text in TURNS)


@pytest.mark.parametrize(
    ("turns", "timed", "sure", "met"),
    [
        pytest.param(CORRECTED, True, False, Meeting.replaces, id="corrected"),
        pytest.param(OTHER, True, False, Meeting.other, id="another-talk"),
        pytest.param(OTHER, True, True, Meeting.replaces, id="another-text-under-its-own-name"),
        pytest.param(TURNS, False, True, Meeting.poorer, id="without-times"),
        pytest.param(NAMELESS, True, False, Meeting.poorer, id="without-names"),
        pytest.param((), True, False, Meeting.other, id="empty"),
    ],
)
def test_what_a_second_transcript_is(turns: Turns, timed: bool, sure: bool, met: Meeting) -> None:
    assert meeting(lines_of(TURNS), lines_of(turns, timed=timed), sure=sure) is met


def test_a_better_one_replaces() -> None:
    assert meeting(lines_of(NAMELESS, timed=False), lines_of(TURNS), sure=False) is Meeting.replaces


def test_the_first_one_meets_nothing() -> None:
    assert meeting((), lines_of(TURNS), sure=False) is Meeting.replaces
