"""SBV, TTML, YouTube XML, LRC, ASS and tables: cues with their times, whatever they are wrapped in."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import UnknownFormat
from bot.formats import parse

Row = tuple[str | None, float | None, float | None, str]


def read(text: str, name: str = "x.txt") -> list[Row]:
    return [(turn.speaker, turn.start_s, turn.end_s, turn.text) for turn in parse(text.encode(), name).turns]


TTML = (
    '<?xml version="1.0" encoding="utf-8"?>\n<tt xmlns="http://www.w3.org/ns/ttml" xml:lang="de" ttp:tickRate="10">'
    '<head><metadata><ttm:agent xml:id="a1" type="person"><ttm:name type="full">Ann Lee</ttm:name></ttm:agent>'
    '</metadata></head><body><div><p begin="00:00:01.500" end="3s" ttm:agent="a1">Hi <span>you</span><br/>&amp; all</p>'
    '<p begin="45t" dur="1000ms">Bye.</p></div></body></tt>'
)
ASS = (
    "[Script Info]\nTitle: x\n\n[V4+ Styles]\nFormat: Name\n\n[Events]\n"
    "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
    "Comment: 0,0:00:00.00,0:00:01.00,Default,,0,0,0,,not said\n"
    "Dialogue: 0,0:00:01.00,0:00:03.50,Default,Ann,0,0,0,,{\\i1}Hello,{\\i0} all\\Nof you\n"
)


def test_sbv_is_read_with_its_labels() -> None:
    text = "0:00:00.599,0:00:04.160\n>> ANN: Hello there.\n\n0:00:04.160,0:00:06.770\n>> BOB: Yes\nof course.\n"
    assert read(text, "captions.sbv") == [("ANN", 0.599, 4.16, "Hello there."), ("BOB", 4.16, 6.77, "Yes of course.")]


def test_ttml_has_agents_ticks_and_a_language() -> None:
    assert read(TTML) == [("Ann Lee", 1.5, 3, "Hi you & all"), (None, 4.5, 5.5, "Bye.")]
    assert parse(TTML.encode()).language == "de"


def test_ttml_that_is_cut_off_keeps_its_cues_and_says_so() -> None:
    found = parse(TTML[: TTML.index("Bye") + 2].encode())
    assert [turn.text for turn in found.turns] == ["Hi you & all", "By"]
    assert "ends within a cue" in found.problems[0].reason


@pytest.mark.parametrize(
    "text",
    [
        '<?xml version="1.0"?><transcript><text start="0.5" dur="2">hello &amp;#39;all</text></transcript>',
        '<timedtext format="3"><body><p t="500" d="2000">hello <s t="20">\'all</s></p></body></timedtext>',
    ],
)
def test_both_of_youtubes_xmls_are_read(text: str) -> None:
    assert read(text) == [(None, 0.5, 2.5, "hello 'all")]


def test_lyrics_repeat_a_line_at_each_of_its_times_in_order() -> None:
    assert read("[ti:Song]\n[00:12.00]Line one\n[00:17.20][00:30.00]Chorus\n[00:20.00]Line two\n") == [
        (None, 12, 17.2, "Line one"),
        (None, 17.2, 20, "Chorus"),
        (None, 20, 30, "Line two"),
        (None, 30, None, "Chorus"),
    ]


def test_bracketed_times_before_words_are_still_a_transcript_and_no_lyrics() -> None:
    assert read("[00:01] Ann: Hello there, all.\n[00:05] Bob: Yes, hello.\n[00:09] Ann: Good.\n")[0][0] == "Ann"


def test_substation_alpha_has_names_and_no_overrides() -> None:
    assert read(ASS) == [("Ann", 1, 3.5, "Hello, all of you")]


@pytest.mark.parametrize(
    "text",
    [
        'start,end,speaker,text\n1.0,2.5,Ann,"Hello, all"\n2.5,4.0,Bob,Yes\n',
        'Speaker;Text;End Time;Start Time\nAnn;"Hello, all";00:00:02.5;00:00:01\nBob;Yes;0:04;0:02.5\n',
        "start_ms\tend_ms\tspeaker\ttext\n1000\t2500\tAnn\tHello, all\n2500\t4000\tBob\tYes\n",
    ],
)
def test_a_table_with_a_header_is_read_in_any_order_of_columns(text: str) -> None:
    assert read(text, "a.csv") == [("Ann", 1, 2.5, "Hello, all"), ("Bob", 2.5, 4, "Yes")]


def test_whispers_table_is_in_milliseconds() -> None:
    assert [row[1] for row in read("start\tend\ttext\n0\t3200\tHello\n3200\t5400\tyou\n5400\t9000\tthere\n")] == [
        0,
        3.2,
        5.4,
    ]


def test_a_time_that_is_none_leaves_the_words() -> None:
    found = parse(b"start,end,text\nsoon,2,Hello\n5,6,Bye\n")
    assert [(turn.start_s, turn.text) for turn in found.turns] == [(None, "Hello"), (5, "Bye")]
    assert "soon" in found.problems[0].reason


def test_an_hls_map_shifts_nothing() -> None:
    text = "WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:900000\n\n00:00:00.000 --> 00:00:01.000\nx\n"
    assert read(text) == [(None, 0, 1, "x")]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("<tt><p " * 300_000, id="open tags"),
        pytest.param("<tt>" + "<p begin='1s'>x" * 100_000, id="open cues"),
        pytest.param("<tt><p>" + "&amp;" * 400_000, id="entities"),
        pytest.param("[00:01.00]" * 200_000 + "x", id="one line of stamps"),
        pytest.param("start,text\n" + '"' * 1_500_000, id="one endless cell"),
        pytest.param("[Events]\nFormat: " + "text," * 300_000 + "\nDialogue: x", id="columns without end"),
        pytest.param("## A (0:01)\n" * 100_000, id="headings"),
        pytest.param("- A: b\n" * 150_000, id="items"),
        pytest.param("{\\rtf1 " + "{" * 300_000, id="open groups"),
    ],
)
def test_hostile_captions_take_no_time(text: str) -> None:
    begun = time.perf_counter()
    with suppress(UnknownFormat):
        parse(text.encode())
    assert time.perf_counter() - begun < 30


_PARTS = st.sampled_from(
    [
        *("<tt>", "<p", ' begin="1s"', ">", "</p>", "[00:01.00]", "[ti:x]", "start,end,text\n", "1,2,x\n", '"', "\n"),
        *("Dialogue: ", "[Events]\n", "Ann:", "## Ann (0:01)\n", "- Ann: x\n", "0:00:01.000,0:00:02.000\n", "words"),
        *("{\\rtf1 ", "\\'e9", "\\u99999999 "),
    ]
)


@settings(deadline=None)
@given(st.lists(_PARTS | st.text(max_size=4), max_size=25))
def test_any_captions_are_read_or_refused_and_nobody_is_invented(parts: list[str]) -> None:
    text = "".join(parts)
    try:
        found = parse(text.encode("utf-8", "surrogatepass"))
    except UnknownFormat:
        return
    assert all(turn.text for turn in found.turns)
    squeezed = "".join(text.split())
    for turn in found.turns:
        if turn.speaker and turn.speaker.isascii() and "&" not in text and "\\" not in text:
            assert "".join(turn.speaker.split()) in squeezed


APPLE = (
    '<tt xmlns="http://www.w3.org/ns/ttml" xml:lang="en-US"><body><div><p {}ttm:agent="SPEAKER_1">'
    '<span podcasts:unit="sentence" begin="0.5" end="2"><span podcasts:unit="word" begin="0.5" end="0.9">We</span>'
    '<span podcasts:unit="word" begin="1.0" end="2">bake.</span></span>'
    '<span podcasts:unit="sentence" begin="40.5" end="1:00">'
    '<span podcasts:unit="word" begin="40.5" end="1:00">Yes.</span></span></p></div></body></tt>'
)


@pytest.mark.parametrize("times", ["", 'begin="0.5" end="1:00" '])
def test_ttml_of_single_words_has_blanks_and_times_inside(times: str) -> None:
    [turn] = parse(APPLE.format(times).encode()).turns
    assert (turn.text, turn.speaker, turn.start_s, turn.end_s) == ("We bake. Yes.", "SPEAKER_1", 0.5, 60)
    assert turn.marks == ((1, 1.0), (2, 40.5))


def test_ttml_spans_of_a_style_cut_no_word() -> None:
    text = '<tt><body><p begin="1s" end="2s">un<span tts:fontStyle="italic">believ</span>able</p></body></tt>'
    assert read(text) == [(None, 1, 2, "unbelievable")]
