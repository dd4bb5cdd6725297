"""Cues in which several people speak: dashes, ``>>``, names on rows of their own; and what only looks like it."""

from __future__ import annotations

import pytest

from bot.formats import parse
from bot.rules.lines import transcript_of


def srt(*cues: str) -> bytes:
    return "".join(
        f"{n}\n00:00:{2 * n:02},000 --> 00:00:{2 * n + 1:02},900\n{x}\n\n" for n, x in enumerate(cues)
    ).encode()


def lines(*cues: str) -> list[str]:
    return [line.text for line in transcript_of(parse(srt(*cues)).turns).lines]


def said(*cues: str) -> list[tuple[str | None, str]]:
    return [(turn.speaker, turn.text) for turn in parse(srt(*cues)).turns]


@pytest.mark.parametrize(
    ("cues", "expected"),
    [
        (["- Are you ready?\n- I am."], ["Are you ready?", "I am."]),
        (["- are you ready\n- I am", "- then go\n- fine"], ["are you ready", "I am", "then go", "fine"]),
        (["-Are you ready? -I am.", "-Then go."], ["Are you ready?", "I am.", "Then go."]),
        (["- Ready?\n- I am, but I", "need a coat."], ["Ready?", "I am, but I need a coat."]),
        (["<i>- Ready?</i>\n<i>- Yes.</i>"], ["Ready?", "Yes."]),
        (["—¿Vienes?\n—Sí, ya voy."], ["¿Vienes?", "Sí, ya voy."]),
        ([">> so I said", "no to that", ">> you did"], ["so I said no to that", "you did"]),
        (
            ["Welcome all. >> Thank you.", "It is nice. &gt;&gt; Yes."],
            ["Welcome all.", "Thank you.", "It is nice.", "Yes."],
        ),
        (["-5 degrees.", "It was -3."], ["-5 degrees.", "It was -3."]),
        (["Here 1 >> 2 is zero.", "And x >> y shifts."], ["Here 1 >> 2 is zero.", "And x >> y shifts."]),
    ],
)
def test_each_voice_of_a_cue_has_lines_of_its_own(cues: list[str], expected: list[str]) -> None:
    assert lines(*cues) == expected


def test_a_cue_of_several_voices_stays_one_turn_with_the_words_of_its_source() -> None:
    [turn] = parse(srt("- Are you ready?\n- I am.")).turns
    assert (turn.text, turn.voices) == ("- Are you ready? - I am.", (0, 4))


def test_several_names_in_one_cue_say_their_own_words() -> None:
    assert said("Ann: Ready?\nBo: I am.", "Ann: Then go.", "- BO: Fine.\n- ANN: Off\nwe go.", "Bo: Yes.") == [
        ("Ann", "Ready?"),
        ("Bo", "I am."),
        ("Ann", "Then go."),
        ("BO", "Fine."),
        ("ANN", "Off we go."),
        ("Bo", "Yes."),
    ]


def test_names_on_the_first_row_of_cues_are_speakers_when_they_return() -> None:
    assert said("Ann Lee\nSo we bake.", "Bo Kay\nBread.", "Ann Lee\nYes.") == [
        ("Ann Lee", "So we bake."),
        ("Bo Kay", "Bread."),
        ("Ann Lee", "Yes."),
    ]
    assert {speaker for speaker, _ in said("Yeah\nwe went home.", "Right\nand it rained.", "Okay\nthen we slept.")} == {
        None
    }


def test_names_in_brackets_are_speakers_and_sounds_are_not() -> None:
    assert [who for who, _ in said("[Ann] Ready?", "[Bo] I am.", "[Ann] Then go.", "[Bo] Fine.")] == [
        "Ann",
        "Bo",
        "Ann",
        "Bo",
    ]
    sounds = said("[Applause] thank you", "[Music] so today", "[Applause] we bake", "[Music] a loaf")
    assert {who for who, _ in sounds} == {None}


def test_only_tags_are_cut_from_the_words() -> None:
    assert said("5 < 6 and 7 > 3", "A<br>B", "<c.x>Hi</c> <00:00:01.000>you") == [
        (None, "5 < 6 and 7 > 3"),
        (None, "A B"),
        (None, "Hi you"),
    ]


def test_captions_with_a_time_at_every_word_are_a_machines() -> None:
    text = "WEBVTT\nKind: captions\n\n00:00:00.160 --> 00:00:02.310\nso<00:00:00.400><c> today</c>\n"
    assert parse(text.encode()).made == "machine"
