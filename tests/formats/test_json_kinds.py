"""JSON of recognisers and editors: every shape gives the same words, times and speakers."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import Parsed
from bot.errors import UnknownFormat
from bot.formats import parse

Shape = dict[str, object]


def read(value: object) -> Parsed:
    return parse(json.dumps(value).encode(), "a.json")


def word(text: str, start: float, end: float, **more: object) -> Shape:
    return {"word": text, "start": start, "end": end, **more}


DEEPGRAM: Shape = {
    "results": {
        "channels": [
            {
                "alternatives": [
                    {
                        "transcript": "hello all yes",
                        "words": [
                            word("hello", 0.5, 0.9, punctuated_word="Hello", speaker=0),
                            word("all", 1.0, 1.5, punctuated_word="all.", speaker=0),
                            word("yes", 2.0, 2.5, punctuated_word="Yes.", speaker=1),
                        ],
                    }
                ]
            }
        ]
    }
}
ASSEMBLY: Shape = {
    "audio_duration": 3,
    "utterances": [
        {"speaker": "A", "start": 500, "end": 1500, "text": "Hello all.", "words": []},
        {"speaker": "B", "start": 2000, "end": 2500, "text": "Yes."},
    ],
}
REV: Shape = {
    "monologues": [
        {
            "speaker": 0,
            "elements": [
                {"type": "text", "value": "Hello", "ts": 0.5, "end_ts": 0.9, "confidence": 0.9},
                {"type": "punct", "value": " "},
                {"type": "text", "value": "all", "ts": 1.0, "end_ts": 1.5, "confidence": 0.9},
                {"type": "punct", "value": "."},
            ],
        },
        {"speaker": 1, "elements": [{"type": "text", "value": "Yes.", "ts": 2.0, "end_ts": 2.5}]},
    ]
}


def spoken(start: str, end: str, text: str, who: str) -> Shape:
    return {
        "type": "pronunciation",
        "start_time": start,
        "end_time": end,
        "speaker_label": who,
        "alternatives": [{"confidence": "0.99", "content": text}],
    }


AMAZON: Shape = {
    "results": {
        "transcripts": [{"transcript": "Hello all. Yes."}],
        "items": [
            spoken("0.5", "0.9", "Hello", "spk_0"),
            spoken("1.0", "1.5", "all", "spk_0"),
            {"type": "punctuation", "alternatives": [{"content": "."}]},
            spoken("2.0", "2.5", "Yes", "spk_1"),
            {"type": "punctuation", "alternatives": [{"content": "."}]},
        ],
    }
}
GOOGLE: Shape = {
    "results": [
        {"alternatives": [{"transcript": "Hello all. Yes."}]},
        {
            "alternatives": [
                {
                    "words": [
                        {"word": "Hello", "startTime": "0.500s", "endTime": "0.9s", "speakerTag": 1},
                        {"word": "all.", "startTime": "1s", "endTime": "1.500s", "speakerTag": 1},
                        {
                            "word": "Yes.",
                            "startTime": {"seconds": 2},
                            "endTime": {"seconds": "2", "nanos": 500000000},
                            "speakerTag": 2,
                        },
                    ]
                }
            ]
        },
    ]
}
AZURE: Shape = {
    "recognizedPhrases": [
        {"offsetInTicks": 5000000, "durationInTicks": 10000000, "speaker": 1, "nBest": [{"display": "Hello all."}]},
        {"offsetInTicks": 20000000, "durationInTicks": 5000000, "speaker": 2, "nBest": [{"display": "Yes."}]},
    ]
}
WHISPERX: Shape = {
    "segments": [
        {
            "start": 0.5,
            "end": 1.5,
            "text": " Hello all.",
            "speaker": "SPEAKER_00",
            "avg_logprob": -0.2,
            "words": [word("Hello", 0.5, 0.9), word("all.", 1.0, 1.5)],
        },
        {"start": 2.0, "end": 2.5, "speaker": "SPEAKER_01", "words": [word(" Yes.", 2.0, 2.5)]},
    ]
}


@pytest.mark.parametrize(
    ("value", "speakers"),
    [
        pytest.param(DEEPGRAM, ["Speaker 0", "Speaker 1"], id="Deepgram"),
        pytest.param(ASSEMBLY, ["Speaker A", "Speaker B"], id="AssemblyAI"),
        pytest.param(REV, ["Speaker 0", "Speaker 1"], id="Rev"),
        pytest.param(AMAZON, ["spk_0", "spk_1"], id="AWS Transcribe"),
        pytest.param(GOOGLE, ["Speaker 1", "Speaker 2"], id="Google"),
        pytest.param(AZURE, ["Speaker 1", "Speaker 2"], id="Azure"),
        pytest.param(WHISPERX, ["SPEAKER_00", "SPEAKER_01"], id="WhisperX"),
        pytest.param({"data": ASSEMBLY}, ["Speaker A", "Speaker B"], id="wrapped"),
    ],
)
def test_every_service_says_the_same(value: Shape, speakers: list[str]) -> None:
    found = read(value)
    assert (found.format, found.made) == ("json-transcript", "machine")
    assert [(turn.speaker, turn.start_s, turn.end_s, turn.text) for turn in found.turns] == [
        (speakers[0], 0.5, 1.5, "Hello all."),
        (speakers[1], 2.0, 2.5, "Yes."),
    ]
    assert found.problems == ()


def test_words_of_a_recogniser_keep_a_time_each() -> None:
    assert read(DEEPGRAM).turns[0].marks == ((1, 1.0),)


def test_youtube_events_are_milliseconds_and_line_breaks_are_no_words() -> None:
    found = read(
        {
            "wireMagic": "pb3",
            "events": [
                {"tStartMs": 0, "dDurationMs": 9000},
                {"tStartMs": 160, "dDurationMs": 3000, "segs": [{"utf8": "hello", "acAsrConf": 200}, {"utf8": " all"}]},
                {"tStartMs": 2000, "segs": [{"utf8": "\n"}]},
            ],
        }
    )
    assert [(turn.start_s, turn.end_s, turn.text) for turn in found.turns] == [(0.16, 3.16, "hello all")]


def test_podlove_voices_name_numbered_speakers() -> None:
    found = read(
        [{"start": "00:00:00.5", "start_ms": 500, "end_ms": 900, "speaker": "3", "voice": "Ann Lee", "text": "Hi."}]
    )
    assert [(turn.speaker, turn.start_s, turn.end_s) for turn in found.turns] == [("Ann Lee", 0.5, 0.9)]


@pytest.mark.parametrize(
    "item",
    [
        {"startMs": 1500, "endMs": 3500, "text": "Hi there"},
        {"start": 1.5, "duration": 2.0, "text": "Hi there"},
        {"startTime": "00:00:01.500", "endTime": "00:00:03.500", "body": "Hi there"},
        {"from": 1.5, "to": 3.5, "content": "Hi there"},
    ],
)
def test_times_are_read_under_the_names_that_tools_give_them(item: Shape) -> None:
    assert [(turn.start_s, turn.end_s) for turn in read({"segments": [item]}).turns] == [(1.5, 3.5)]


def test_whole_numbers_are_milliseconds_where_nobody_could_speak_so_slowly() -> None:
    said = [{"start": n * 3000, "end": n * 3000 + 2900, "text": "We looked at the old bridge."} for n in range(20)]
    assert [turn.start_s for turn in read(said).turns][:3] == [0, 3, 6]
    slow = [{"start": n * 30, "end": n * 30 + 29, "text": "We looked at the old bridge."} for n in range(20)]
    assert [turn.start_s for turn in read(slow).turns][:3] == [0, 30, 60]


def test_what_stands_behind_the_json_is_left_out_and_told() -> None:
    found = parse(b'{"segments":[{"startTime":1,"endTime":2,"body":"ok","speaker":"S"}]}\n<html>oops', "a.json")
    assert [(turn.speaker, turn.text) for turn in found.turns] == [("S", "ok")]
    assert "behind the JSON" in found.problems[0].reason


def test_one_object_a_line_is_a_list() -> None:
    found = parse(b'{"start":1,"end":2,"text":"one two"}\n{"start":3,"end":4,"text":"three"}\n', "a.jsonl")
    assert [(turn.start_s, turn.text) for turn in found.turns] == [(1, "one two"), (3, "three")]


@pytest.mark.parametrize("value", [DEEPGRAM, ASSEMBLY, REV, WHISPERX])
def test_a_cut_off_file_keeps_its_whole_items(value: Shape) -> None:
    text = json.dumps(value)
    found = parse(text[: text.rindex("}", 0, -8) + 1].encode(), "a.json")
    assert found.turns[0].text.startswith("Hello")
    assert "damaged" in found.problems[0].reason


_KEYS = [
    *("results", "channels", "alternatives", "words", "word", "utterances", "monologues", "elements", "items", "type"),
    *("events", "segs", "utf8", "start", "end", "text", "speaker", "segments", "tStartMs", "value", "ts", "chunks"),
    *("recognizedPhrases", "nBest", "display", "timestamp"),
]
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(_KEYS),
            inner,
            max_size=5,
        )
    ),
    max_leaves=25,
)


@settings(deadline=None)
@given(_JSON)
def test_any_json_is_read_or_refused(value: object) -> None:
    text = json.dumps(value)
    try:
        found = parse(text.encode(), "a.json")
    except UnknownFormat:
        return
    for turn in found.turns:
        label = (turn.speaker or "").removeprefix("Speaker ")
        assert label in " ".join(text.encode().decode("unicode_escape", "replace").split()) or not label.isascii()


@pytest.mark.parametrize("key", ["transcript", "sentences", "paragraphs", "result"])
@pytest.mark.parametrize("start", ["timestamp", "timecode", "start_sec"])
def test_lists_and_times_of_other_names_are_known(key: str, start: str) -> None:
    segments = [{start: "0:00:36.2", "speaker": "Ann", "text": "We bake."}, {start: "0:01:40.0", "text": "Yes."}]
    turns = parse(json.dumps({key: segments}).encode()).turns
    assert [(turn.speaker, turn.start_s, turn.text) for turn in turns] == [
        ("Ann", 36.2, "We bake."),
        (None, 100, "Yes."),
    ]
