"""Subtitles and JSON transcripts: cues kept, times judged, speakers on evidence only."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bot.domain import Parsed
from bot.errors import UnknownFormat
from bot.formats import parse


def read(text: str) -> Parsed:
    return parse(text.encode())


def srt(*cues: str) -> str:
    return "\n\n".join(f"{n}\n00:00:{n:02},000 --> 00:00:{n + 1:02},000\n{cue}" for n, cue in enumerate(cues, 1))


def segments(*items: dict[str, object], **head: object) -> Parsed:
    return read(json.dumps({**head, "segments": list(items)}))


def test_a_webvtt_file_with_everything_in_it() -> None:
    found = read(
        "WEBVTT - made by whisper\nLanguage: de\n\nSTYLE\n::cue { color: red }\n\nNOTE nothing\n\n1\n"
        "00:01.000 --> 00:02.500 align:start\n<v.loud Ann Lee>Hi <i>you</i> &amp; all</v>\n\n"
        "00:00:03.000 --> 00:00:04.000\n<00:03.500>No name\nhere.\n"
    )
    assert (found.format, found.language, found.made) == ("vtt", "de", "machine")
    assert [(t.speaker, t.start_s, t.end_s, t.text) for t in found.turns] == [
        ("Ann Lee", 1, 2.5, "Hi you & all"),
        (None, 3, 4, "No name here."),
    ]


def test_two_voices_in_one_cue_are_two_turns() -> None:
    found = read("WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ann>One</v> <v Bob>Two</v>\n")
    assert [(t.speaker, t.text) for t in found.turns] == [("Ann", "One"), ("Bob", "Two")]


def test_seconds_without_minutes_are_times_too() -> None:
    found = read("WEBVTT\n\n9.860 --> 59.380\nOne\n\n59.440 --> 1:01.080\nTwo\n\n9:59.320 --> 10:08.480\nThree\n")
    assert [t.start_s for t in found.turns] == [9.86, 59.44, 599.32]


def test_a_cue_with_a_broken_timing_is_skipped_with_its_line() -> None:
    found = read("WEBVTT\n\n00:01.000 --> 00:0d.000\nlost\n\n00:03.000 --> 00:04.000\nkept\n")
    assert [t.text for t in found.turns] == ["kept"]
    assert [p.line for p in found.problems] == [3]


def test_mixed_line_ends_lose_no_cue() -> None:
    text = (
        "1\r\n00:00:01,000 --> 00:00:02,000\r\nOne\r\n\r\n2\n00:00:03,000 --> 00:00:04,000\nTwo\n"
        "\r\n3\r00:00:05,000 --> 00:00:06,000\rThree"
    )
    assert [t.text for t in read(text).turns] == ["One", "Two", "Three"]


def test_blank_lines_in_an_srt_cue_keep_its_words() -> None:
    found = read("1\n00:00:01,000 --> 00:00:02,000\nOne\n\nmore\n\n2\n00:00:03,000 --> 00:00:04,000\nTwo\n")
    assert [t.text for t in found.turns] == ["One more", "Two"]


def test_impossible_srt_times_are_dropped_and_the_words_stay() -> None:
    found = read(
        "1\n00:00:60,1000 --> 00:61:00,000\na\n\n2\n00:00:01.500 --> 00:00:02.500\nb\n\n3\n0:0:3,5 --> 0:0:4,5\nc\n"
    )
    assert [(t.text, t.start_s) for t in found.turns] == [("a", None), ("b", 1.5), ("c", 3.5)]
    assert found.problems


def test_repeated_names_are_speakers() -> None:
    found = read(srt("Ann Lee: Hi.", "Bob: Yes: no.", "Ann Lee: Well.", "Unknown: Hm."))
    assert [(t.speaker, t.text) for t in found.turns] == [
        ("Ann Lee", "Hi."),
        ("Bob", "Yes: no."),
        ("Ann Lee", "Well."),
        (None, "Hm."),
    ]


def test_a_sentence_with_a_colon_is_no_speaker() -> None:
    said = [f"Line number {n} of many." for n in range(30)]
    said[4] = "Note: this matters."
    said[9] = "Remember: it does."
    said[14] = "Here is the thing: it works."
    found = read(srt(*said))
    assert {t.speaker for t in found.turns} == {None}
    assert [t.text for t in found.turns] == said


def test_a_cue_without_a_name_goes_on_only_when_it_surely_does() -> None:
    cues = ["Ann: Hi and", "welcome.", "Bob: Yes.", "Ann: Well.", "Bob: So."]
    assert [t.speaker for t in read(srt(*cues)).turns] == ["Ann", "Ann", "Bob", "Ann", "Bob"]
    late = srt(*cues) + "\n\n9\n00:05:00,000 --> 00:09:00,000\nWho says this?\n"
    assert read(late).turns[-1].speaker is None


def test_cues_that_go_back_keep_their_words_and_are_reported() -> None:
    found = read(
        "WEBVTT\n\n10:00.000 --> 10:05.000\nlater\n\n00:00.000 --> 00:05.000\nad\n\n05:00.000 --> 05:01.000\nx\n"
    )
    assert [t.text for t in found.turns] == ["later", "ad", "x"]
    assert [p.line for p in found.problems] == [6]


def test_json_transcripts_of_three_kinds() -> None:
    podcasting = segments({"speaker": "Ann", "startTime": 0.5, "endTime": 2, "body": "One two"}, version="1.0.0")
    assert [(t.speaker, t.start_s, t.end_s, t.text) for t in podcasting.turns] == [("Ann", 0.5, 2, "One two")]
    podlove = read('[{"start": "00:00:01.5", "end": "00:00:02.0", "speaker": "ann", "text": "One"}]')
    assert podlove.turns[0].start_s == 1.5
    whisper = segments({"start": 1, "end": 2, "text": " One two ", "avg_logprob": -0.2}, language="en")
    assert (whisper.made, whisper.language, whisper.turns[0].text) == ("machine", "en", "One two")


def test_json_times_that_are_none_leave_the_words() -> None:
    found = read(
        '{"segments":[{"startTime":NaN,"endTime":Infinity,"body":"a"},{"startTime":1e400,"endTime":-1,"body":"b"},'
        '{"startTime":1,"endTime":2,"body":"ok"},{"startTime":' + "9" * 400 + ',"body":"c"},{"body":"d"},7]}'
    )
    assert [(t.text, t.start_s) for t in found.turns] == [("a", None), ("b", None), ("ok", 1), ("c", None), ("d", None)]


def test_milliseconds_are_recognised() -> None:
    found = segments({"start": 1000, "end": 5000, "text": "a"}, {"start": 2_400_000, "end": 2_401_000, "text": "b"})
    assert [t.start_s for t in found.turns] == [1, 2400]


def test_one_word_segments_are_joined_with_a_mark_each() -> None:
    words = [{"speaker": "Ann", "startTime": n * 0.5, "endTime": n * 0.5 + 0.4, "body": f"w{n}"} for n in range(80)]
    words[40:] = [{**word, "speaker": "Bob"} for word in words[40:]]
    found = segments(*words)
    assert [(t.speaker, len(t.marks), t.start_s) for t in found.turns] == [("Ann", 39, 0), ("Bob", 39, 20)]
    assert found.turns[0].marks[0] == (1, 0.5)


def test_a_truncated_json_transcript_gives_what_can_be_saved() -> None:
    whole = json.dumps({"segments": [{"start": n, "end": n + 1, "text": f"line {n}"} for n in range(9)]})
    found = read(whole[:200])
    assert [t.text for t in found.turns] == ["line 0", "line 1", "line 2", "line 3"][: len(found.turns)]
    assert len(found.turns) >= 3
    assert "damaged" in found.problems[0].reason


@pytest.mark.parametrize("text", ["[" * 200_000, '{"a":' * 100_000, "{}", '{"error": "no"}', '{"segments": {}}', "[1]"])
def test_json_that_is_nothing_is_refused(text: str) -> None:
    with pytest.raises(UnknownFormat):
        read(text)


def test_an_html_transcript_has_names_and_times_and_no_scripts() -> None:
    found = read(
        "<style>p{}</style><script>alert('<p>no</p>')</script><cite>Ann:</cite><time>0:05</time>"
        "<p>Hi<script>x</script> there</p><time>99:99:99</time><p>Bad time</p>"
    )
    assert [(t.speaker, t.start_s, t.text) for t in found.turns] == [("Ann", 5, "Hi there"), ("Ann", None, "Bad time")]


def test_podcasting_chapters_are_read() -> None:
    found = read(
        json.dumps(
            {
                "version": "1.2.0",
                "title": "A",
                "chapters": [
                    {"startTime": 0, "title": "One", "url": "https://example.org/"},
                    {"startTime": 5, "title": "Hidden", "toc": False},
                    {"startTime": 60.5, "title": "Two", "endTime": 90, "url": "javascript:1"},
                    {"startTime": -1, "title": "Bad"},
                ],
            }
        )
    )
    assert (found.format, found.title) == ("json-chapters", "A")
    assert [(c.n, c.start_s, c.end_s, c.title, c.url) for c in found.chapters] == [
        (1, 0, 60.5, "One", "https://example.org/"),
        (2, 60.5, 90, "Two", None),
        (3, 5, 60.5, "Hidden", None),
    ]
    assert [c.hidden for c in found.chapters] == [False, False, True]
    assert len(found.problems) == 1


def test_real_srt_files_lose_no_cue(shared: Path) -> None:
    files = sorted((shared / "corpus" / "syntax" / "transcripts").glob("*.srt"))
    assert len(files) == 160
    for file in files:
        data = file.read_bytes()
        count = len(re.findall(rb"^\d\d:\d\d:\d\d,\d{3} --> \d\d:\d\d:\d\d,\d{3}", data, re.MULTILINE))
        assert len(parse(data, file.name).turns) == count, file.name


def test_sound_files_read_as_webvtt_py_reads_them(shared: Path) -> None:
    from io import StringIO

    import webvtt

    file = next((shared / "inputs" / "transcripts").glob("*425-shiny*.vtt"))
    theirs = webvtt.from_buffer(StringIO(file.read_text()))
    ours = parse(file.read_bytes()).turns
    assert [" ".join(caption.text.split()) for caption in theirs.captions] == [turn.text for turn in ours]
    assert {turn.speaker for turn in ours} == {None}
