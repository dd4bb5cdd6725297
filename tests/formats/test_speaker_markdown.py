"""``**Speaker:** text`` Markdown with the traps of real transcripts."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain import Parsed, Turn
from bot.formats import parse


def read(text: str) -> Parsed:
    return parse(text.encode())


def turns(*paragraphs: str) -> tuple[Turn, ...]:
    return read("\n\n".join(paragraphs)).turns


def test_a_paragraph_without_a_name_continues_the_last_speaker() -> None:
    found = turns("**Ann Lee:** Hi.", "And more.", "**Bob:** Yes.")
    assert [(t.speaker, t.text) for t in found] == [("Ann Lee", "Hi."), ("Ann Lee", "And more."), ("Bob", "Yes.")]


@pytest.mark.parametrize(
    ("mark", "seconds"),
    [
        (r"\[08:04\]", 484),
        (r"\[01:12:51.25\]", 4371.25),
        (r"\[\01:00:56.04\]", 3656.04),
        (r"\[\\00:39:46.14\]", 2386.14),
        (r"\[00:08:00.01\\\]", 480.01),
        (r"\[00:03: 10.14\]", 190.14),
        ("[00:19:38:01]", 1178.01),
        (r"\[102:11\]", 6131),
        (r"\[1:02:03\]", 3723),
        ("[08:04](https://example.org/?t=484)", 484),
    ],
)
def test_marks_come_in_many_spellings(mark: str, seconds: float) -> None:
    [turn, _] = turns(f"**Ann:** {mark} Hello there.", "**Bob:** Hi.")
    assert turn.start_s == pytest.approx(seconds)
    assert (turn.text, turn.marks) == ("Hello there.", ())


def test_a_mark_inside_counts_the_words_before_it() -> None:
    [turn] = turns(r"**Ann:** One *two* three \[00:10\] four \[00:20\] five")
    assert (turn.text, turn.marks) == ("One two three four five", ((3, 10.0), (4, 20.0)))


def test_noises_are_words_of_the_source() -> None:
    [turn] = turns(r"**Ann:** \[laughs\] So \[unintelligible 00:04:25.24\] it is.")
    assert turn.text == "[laughs] So [unintelligible 00:04:25.24] it is."


def test_breaks_and_jingles_are_not_people() -> None:
    found = turns(
        r"**Ann:** \[00:01\] Before.", r"**Break:** \[00:30\] to \[02:00\]", "**Ann:** After.", "**Jingle:** La la."
    )
    assert [(t.speaker, t.text) for t in found] == [("Ann", "Before."), ("Ann", "After."), (None, "La la.")]
    assert (found[0].end_s, found[1].start_s) == (30, 120)


def test_words_after_a_break_belong_to_nobody() -> None:
    found = turns("**Ann:** Before.", r"**Break**: \[00:30\]", "Buy this.", "**Ann:** After.")
    assert [t.speaker for t in found] == ["Ann", None, "Ann"]


@pytest.mark.parametrize(
    "line",
    [
        "**Ann Lee**: Well.",
        "**Ann Lee** : Well.",
        "**Ann Lee: ** Well.",
        "**Ann Lee** Well.",
        "**Ann Lee:**Well.",
        "***Ann Lee:** Well.*",
        "**Ann Lee: Ann Lee:** Well.",
        "**Ann Lee: W**ell.",
    ],
)
def test_labels_come_in_many_spellings(line: str) -> None:
    found = turns("**Ann Lee:** Hi.", "**Bob:** Yes.", line)
    assert (found[2].speaker, found[2].text) == ("Ann Lee", "Well.")


def test_bold_words_with_a_colon_after_them_are_no_label() -> None:
    found = turns("**Ann Lee:** Hi.", "**Grain of salt**: this is only here.", "**SHOUT OUT** to all.")
    assert [(t.speaker, t.text) for t in found[1:]] == [
        ("Ann Lee", "Grain of salt: this is only here."),
        ("Ann Lee", "SHOUT OUT to all."),
    ]


def test_two_speakers_in_one_paragraph_are_two_turns() -> None:
    found = turns("**Ann:** One.\n**Bob:** Two.\nStill two.", "**Ann:** Three. **Bob:** Four.")
    assert [(t.speaker, t.text) for t in found] == [
        ("Ann", "One."),
        ("Bob", "Two. Still two."),
        ("Ann", "Three."),
        ("Bob", "Four."),
    ]


def test_headings_are_not_spoken() -> None:
    found = turns("## The news", "**Ann:** Hi.", "# **Break:** \\[37:03\\]", "**Bob:** Yes.")
    assert [t.text for t in found] == ["Hi.", "Yes."]
    assert found[0].end_s == 37 * 60 + 3


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("a *b* **c** _d_ ***e***", "a b c d e"),
        (r"snake_case and \_this\_ and \*bleep\* 2 * 3", "snake_case and _this_ and *bleep* 2 * 3"),
        ("see [the docs](https://example.org/a_(b)) now", "see the docs now"),
        ("![alt](x.png) so `a *b* <c>` it&#39;s <strike>gone</strike>", "so a *b* <c> it's gone"),
        ("> quoted\n> twice", "quoted twice"),
        ("such f\\*\\*k and   wide\u00a0 space", "such f**k and wide space"),
    ],
)
def test_markup_is_no_words(source: str, words: str) -> None:
    assert turns(f"**Ann:** {source}")[0].text == words


def test_a_mark_that_goes_back_is_dropped_and_its_words_stay() -> None:
    found = read("\n\n".join(rf"**Ann:** \[{m}\] word" for m in ("10:00", "20:00", "12:00", "30:00")))
    assert [t.start_s for t in found.turns] == [600, 1200, None, 1800]
    assert [p.line for p in found.problems] == [5]


def test_a_real_show_has_speakers_in_every_episode(shared: Path) -> None:
    files = sorted((shared / "corpus" / "changelog" / "practicalai").glob("*.md"))
    assert len(files) == 299
    for file in files:
        found = parse(file.read_bytes(), file.name)
        assert found.format == "speaker-markdown", file.name
        assert sum(t.speaker is not None for t in found.turns) > 0.9 * len(found.turns) > 0, file.name
        assert not found.problems, file.name


def test_line_numbers_of_problems_are_right_after_front_matter() -> None:
    found = read("---\ntitle: A\n---\n\n**Ann:** Hi.\n\n**Bob:** \\[12:99\\] No.\n")
    assert (found.title, [p.line for p in found.problems]) == ("A", [7])
