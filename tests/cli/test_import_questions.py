"""The one list of questions after an import: what each answer means."""

from __future__ import annotations

import io
import sys

import pytest

from bot.cli.import_questions import ask, key_said, unsure_row
from bot.services.import_report import LEAVE_OUT, OWN, Unsure

HEIST = Unsure("kites", "old/ep9.vtt", "the-heist", "The Heist", 0.54, "number 9", "the-raid")
LOST = Unsure("kites", "old/audio.vtt", None, None, 0.0, "nothing in its name or text tells which episode it is")
KITES = Unsure("kites", "old/ep7.vtt", "kites", None, 0.6, "number 7")


@pytest.mark.parametrize(
    ("said", "key"),
    [
        pytest.param("", "the-heist", id="enter-takes-the-guess"),
        pytest.param("the-raid", "the-raid", id="another-key"),
        pytest.param("kites/the-raid", "the-raid", id="a-key-with-its-show"),
        pytest.param("new", OWN, id="its-own"),
        pytest.param("-", LEAVE_OUT, id="left-out"),
        pytest.param("Skip", LEAVE_OUT, id="skipped"),
    ],
)
def test_an_answer_means_what_a_map_would_say(said: str, key: str) -> None:
    assert key_said(said, HEIST) == key


def test_enter_is_no_answer_where_there_is_no_guess() -> None:
    assert key_said("", LOST) is None


@pytest.mark.parametrize(
    ("typed", "answers"),
    [
        pytest.param("\nnew\n-\n", {HEIST.file: "the-heist", LOST.file: OWN, KITES.file: LEAVE_OUT}, id="one-by-one"),
        pytest.param("all\n\n", {HEIST.file: "the-heist", KITES.file: "kites"}, id="all-but-what-has-no-guess"),
        pytest.param("the-raid\nstop\n", {HEIST.file: "the-raid"}, id="stop"),
        pytest.param("\n", {HEIST.file: "the-heist"}, id="end-of-input"),
    ],
)
def test_the_list_is_asked_once(typed: str, answers: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    assert ask([HEIST, LOST, KITES]) == answers


def test_a_question_names_the_guess_the_reason_and_the_next_best() -> None:
    assert unsure_row(HEIST) == "  ep9.vtt: perhaps “The Heist” (the-heist), 54% sure: number 9; or else the-raid"
    assert unsure_row(LOST).endswith("tells which episode it is")
