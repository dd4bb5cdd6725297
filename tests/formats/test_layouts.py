"""The many ways in which people lay out names, times and words: each is read, and none of them is spoken."""

from __future__ import annotations

import pytest

from bot.domain import Parsed
from bot.errors import UnknownFormat
from bot.formats import parse

WORDS = ("We should really oil the hinge.", "I oiled it twice already.", "You used butter.", "Is that so?")
CLOCKS = ("00:00:00", "00:00:05", "00:00:12", "00:01:02")
TITLES = (("00:00", "Hello there"), ("01:05", "The mid"), ("1:02:03", "Good bye"))


def read(text: str | bytes) -> Parsed:
    return parse(text if isinstance(text, bytes) else text.encode())


def four(layout: str, clocks: tuple[str, ...] = CLOCKS, gap: str = "\n\n") -> str:
    """Four turns of Ann and Bo: ``{n}`` is the name, ``{t}`` the time, ``{x}`` the words."""
    return gap.join(
        layout.format(t=clock, n=("Ann", "Bo")[n % 2], x=words)
        for n, (clock, words) in enumerate(zip(clocks, WORDS, strict=True))
    )


def said(parsed: Parsed) -> list[tuple[str | None, float | None, str]]:
    return [(turn.speaker, turn.start_s, turn.text) for turn in parsed.turns]


FOUR = list(zip(("Ann", "Bo", "Ann", "Bo"), (0, 5, 12, 62), WORDS, strict=True))


@pytest.mark.parametrize(
    "layout",
    [
        "[{t}] {n}: {x}",
        "{n}\n{t}\n{x}",
        "{n}:\n{t}\n{x}",
        "{t}\n{n}\n{x}",
        "{t} {n}\n{x}",
        "[{t}] - {n}\n{x}",
        "{n}  {t}\n{x}",
        "{t}\n{n}: {x}",
        "{t}\t{n}\t{x}",
        "{t}:00 - {t}:20\n{n}\n{x}",
        "[{t} --> {t}] [{n}]: {x}",
        "[{t}] {n}：{x}",
        "[{t}] \u200b{n}: {x}",
        "**{n}** ({t})\n{x}",
        "**{n}** [{t}] {x}",
        "**{n}** *({t})*: {x}",
        "**{n}:** *({t})* {x}",
        "**{n} ({t}):** {x}",
        "**[{t}] {n}:** {x}",
    ],
)
def test_names_and_times_are_found_wherever_they_stand(layout: str) -> None:
    assert said(read(four(layout))) == FOUR


def test_a_title_above_stacked_names_stays_the_title() -> None:
    page = read("My Episode\n\n" + four("{n}\n{t}\n{x}"))
    assert (page.title, said(page)) == ("My Episode", FOUR)


def test_words_between_times_are_not_taken_for_names() -> None:
    found = read("0:00\nyeah\n0:05\nyeah\n0:09\nyeah and so it goes\n0:12\nno\n")
    assert [t.speaker for t in found.turns] == [None] * 4
    assert found.turns[2].text == "yeah and so it goes"


@pytest.mark.parametrize("layout", ["[{t}.000 --> {t}.900]  {x}", "{t}.000,{t}.900\n{x}", "{t},000 -> {t},900\n{x}"])
def test_times_in_any_dress_are_no_words(layout: str) -> None:
    assert said(read(four(layout))) == [(None, start, words) for _, start, words in FOUR]


def test_one_wrong_time_does_not_make_a_talk_a_list() -> None:
    found = read(four("[{t}] {n}: {x}", ("00:00:00", "00:10:05", "00:00:12", "00:00:20")))
    assert [t.start_s for t in found.turns] == [0, None, 12, 20]
    assert not found.chapters


def test_three_turns_with_one_wrong_time_are_a_talk() -> None:
    found = read(
        "[00:00:00] Ann: We oil old hinges here.\n\n"
        "[00:10:05] Bo: I did oil it twice.\n\n[00:00:12] Ann: You used butter for it.\n"
    )
    assert (len(found.turns), found.chapters) == (3, ())


def test_a_slow_talk_of_short_turns_is_a_talk() -> None:
    lines = [f"[00:{n:02}:00] {('Ann', 'Bo')[n % 2]}: yes, {n} of them" for n in range(20)]
    found = read("\n".join(lines))
    assert (len(found.turns), found.chapters) == (20, ())


def test_questions_in_show_notes_are_chapters() -> None:
    notes = read("00:00 Q: How big is too big?\n05:00 Q: Why is that so?\n09:00 Q: What then?\n")
    assert (notes.turns, len(notes.chapters)) == ((), 3)


def test_a_name_in_bold_with_its_colon_outside_speaks_once_too() -> None:
    found = read("**Ann**: Hi.\n\n**Bo**: Yes.\n\n**Ann**: So.\n")
    assert [(t.speaker, t.text) for t in found.turns] == [("Ann", "Hi."), ("Bo", "Yes."), ("Ann", "So.")]


def test_a_mark_inside_a_broken_tag_takes_no_other_mark_along() -> None:
    [turn, _] = read("**Ann:** a <i [00:09]> b [00:11] c\n\n**Bo:** hi there\n").turns
    assert (turn.text, turn.marks) == ("a b c", ((2, 11.0),))


@pytest.mark.parametrize(("byte", "text"), [(b"\xe9", "é"), (b"\x92", "’"), (b"\x95", "•"), (b"\x81", "\ufffd")])
def test_one_odd_byte_in_english_is_no_chinese(byte: bytes, text: str) -> None:
    found = read(four("[{t}] {n}: {x}").encode().replace(b"twice", b"twice" + byte))
    assert found.turns[1].text == f"I oiled it twice{text} already."
    assert "not UTF-8" in found.problems[0].reason


def test_one_bad_byte_leaves_the_rest_utf_8() -> None:
    found = read(four("[{t}] {n}: {x}").replace("hinge", "café’s hinge").encode().replace(b"twice", b"tw\xe9ce"))
    assert [t.text for t in found.turns[:2]] == [
        "We should really oil the café’s hinge.",
        "I oiled it tw\ufffdce already.",
    ]
    assert [p.line for p in found.problems] == [3]


def test_captions_that_roll_say_every_phrase_once() -> None:
    cues = ["we should", "we should\noil it", "oil it", "oil it\nnow and", "now and\nthen"]
    text = "".join(f"\n00:0{n}.000 --> 00:0{n + 1}.000\n{cue}\n" for n, cue in enumerate(cues))
    assert said(read("WEBVTT\n" + text)) == [
        (None, 0, "we should"),
        (None, 1, "oil it"),
        (None, 3, "now and"),
        (None, 4, "then"),
    ]


def test_the_signature_of_a_transcription_service_is_not_spoken() -> None:
    found = read(four("{n}  {t}\n{x}") + "\n\nTranscribed by https://otter.ai\n")
    assert (said(found), found.made) == (FOUR, "machine")


def test_webvtt_without_its_header_keeps_its_voices() -> None:
    found = read("00:00.000 --> 00:05.000\n<v Ann Lee>One\n\n00:05.000 --> 00:09.000\n<v Bo>Two\n")
    assert (found.format, said(found)) == ("vtt", [("Ann Lee", 0, "One"), ("Bo", 5, "Two")])


def test_double_arrows_before_names_are_changes_of_speaker() -> None:
    cues = (">> ANN: One two.", "Three four.", ">> BO: Five.", ">> Six.")
    text = "".join(f"{n}\n00:00:0{n},000 --> 00:00:0{n + 1},000\n{cue}\n\n" for n, cue in enumerate(cues))
    assert [(t.speaker, t.text) for t in read(text).turns] == [
        ("ANN", "One two."),
        ("ANN", "Three four."),
        ("BO", "Five."),
        (None, "Six."),
    ]


@pytest.mark.parametrize("heading", ["## Transcript\n\n", "## Full Transcript (auto)\n\n", ""])
@pytest.mark.parametrize("layout", ["**{n}:** \\[{t}\\] {x}", "**{n}:** [{t}] {x}"])
def test_the_list_in_the_show_notes_is_chapters_and_not_speech(heading: str, layout: str) -> None:
    page = read(f"# Ep\n\n## Show notes\n\n- 00:00 Intro\n- 05:00 Middle\n\n{heading}{four(layout)}\n")
    assert [c.title for c in page.chapters] == ["Intro", "Middle"]
    assert said(page) == FOUR


@pytest.mark.parametrize(
    "text",
    [
        "# T\n\nThis is **bold:** word.\n\n**Note:** do this.\n\n**Warning:** do not.\n",
        "Ingredients: flour\nMethod: bake\n",
        "Pancakes\n\nFlour: 200 g\nMilk: 1 l\nEggs: 2\n",
    ],
)
def test_labels_of_documents_are_no_speakers(text: str) -> None:
    with pytest.raises(UnknownFormat):
        read(text)


@pytest.mark.parametrize("stump", ["2", "2\n00:", "2\n00:00:05,0", "2\n00:00:05,000 --", "2\n00:00:05,000 --> 00:0"])
def test_the_stump_of_a_cut_file_is_no_words(stump: str) -> None:
    assert [t.text for t in read(f"1\n00:00:01,000 --> 00:00:04,000\nhi there\n\n{stump}").turns] == ["hi there"]


@pytest.mark.parametrize(
    "layout", ["{}: {}", "{} → {}", "{} -> {}", "- [{} {}](https://example.org/x)", "{1} {0}", "- {1} {0}", "{1} → {0}"]
)
@pytest.mark.parametrize("head", ["", "# Ep\n\n## Chapters\n\n"])
def test_chapter_lists_come_in_many_layouts(layout: str, head: str) -> None:
    notes = read(head + "\n".join(layout.format(*row) for row in TITLES) + "\n")
    assert [(c.start_s, c.title) for c in notes.chapters] == [(0, "Hello there"), (65, "The mid"), (3723, "Good bye")]
    assert notes.turns == ()


@pytest.mark.parametrize(
    "text",
    [
        "We met at 10:30.\n\nThe train left at 11:15.\n\nWe were home by 12:40.\n",
        "# Lib\n\nA library.\n\n**Features:** many.\n\n**Speed:** fast.\n\n**Support:** none.\n",
    ],
)
def test_prose_is_nothing(text: str) -> None:
    with pytest.raises(UnknownFormat):
        read(text)


def test_repeated_kinds_of_chapters_are_no_speakers() -> None:
    notes = read("00:00 News: phones.\n10:00 News: tablets.\n20:00 Review: car.\n30:00 Review: bike.\n")
    assert (notes.turns, len(notes.chapters)) == ((), 4)


@pytest.mark.parametrize(
    "layout",
    [
        "[{n}] {x}",
        "({n}) {x}",
        "*{n}:* {x}",
        "**{n}** {x}",
        "{n}\t{x}",
        "{n} - {x}",
        "**{n}**\n\n{x}",
        "{n} (host): {x}",
    ],
)
def test_names_in_other_dresses_are_speakers_when_they_return(layout: str) -> None:
    assert said(read(four(layout))) == [(name, None, words) for name, _, words in FOUR]


def test_names_in_capitals_on_lines_of_their_own_are_speakers_and_headings_are_not() -> None:
    assert [who for who, _, _ in said(read(four("{n}\n{x}").replace("Ann\n", "ANN\n").replace("Bo\n", "BO\n")))] == [
        *("ANN", "BO", "ANN", "BO")
    ]
    with pytest.raises(UnknownFormat):
        read("VERSE\nRye on the hill\n\nCHORUS\nOh rye\n\nVERSE\nSalt in the sea\n\nCHORUS\nOh rye\n")


@pytest.mark.parametrize(
    "text",
    [
        "Apples - red and sweet\nPears - green\nPlums - blue\nFigs - brown\n",
        "Monday - rye\nTuesday - salt\nMonday - rye\nTuesday - salt\n",
        "[Added] An oven.\n[Fixed] The door.\n[Added] A pan.\n[Fixed] A hinge.\n",
        "**Rye** is a grain.\n\n**Salt** is a mineral.\n\n**Water** is wet.\n",
        "rye\ta grain\nsalt\ta mineral\nwater\ta liquid\nrye\tagain\n",
        "Our sponsors:\nRyeCo: https://rye.example\nSaltMart: https://salt.example\nRyeCo: https://b.example\n",
        "Name: Ann Lee\nAge: 40\nCity: Ulm\nName: Bo Kay\nAge: 38\nCity: Bonn\n",
    ],
)
def test_lists_that_look_like_talk_name_nobody(text: str) -> None:
    with pytest.raises(UnknownFormat):
        read(text)


def test_clocks_of_full_width_are_clocks() -> None:
    found = read("００：０１　田中：パンです。\n００：０５　佐藤：そうですか。\n００：０９　田中：はい。\n")
    assert said(found) == [("田中", 1, "パンです。"), ("佐藤", 5, "そうですか。"), ("田中", 9, "はい。")]
    chapters = read("【００：００】はじめに\n【01:05】塩\n【12:03】おわり\n").chapters
    assert [(one.start_s, one.title) for one in chapters] == [(0, "はじめに"), (65, "塩"), (723, "おわり")]


def test_times_that_are_spelt_out_below_themselves_are_no_words() -> None:
    copied = "0:01\n1 second\nso today we bake\n0:03\n3 seconds\nbread with rye\n"
    spelt = read(copied + "0:07\n7 seconds\nand all of it is good\n")
    assert [turn.text for turn in spelt.turns] == ["so today we bake", "bread with rye", "and all of it is good"]
    said = read("0:01\nten seconds it took\n0:03\n3 seconds\n0:06\nand we went to the mill\n0:09\nhome\n")
    assert said.turns[1].text == "3 seconds"


def test_subtitles_in_a_document_keep_their_times_and_names() -> None:
    rtf = r"{\rtf1 0:0:3.1 --> 0:0:6.9\par Ann Lee\par So we bake.\par\par "
    rtf += r"0:0:7.0 --> 0:0:9.4\par Bo Kay\par Bread.\par\par "
    rtf += r"0:0:9.5 --> 0:0:10.4\par Ann Lee\par Yes.\par}"
    assert said(read(rtf)) == [("Ann Lee", 3.1, "So we bake."), ("Bo Kay", 7.0, "Bread."), ("Ann Lee", 9.5, "Yes.")]


def test_a_time_in_brackets_behind_the_name_is_no_word() -> None:
    assert said(read(four("{n}: ({t}) {x}"))) == FOUR


def test_a_time_before_a_dressed_name_is_kept() -> None:
    assert said(read(four("{t}.0 **{n}** {x}"))) == FOUR
    assert said(read(four("[{t}] ({n}) {x}"))) == FOUR
