"""Marks of audio editors: labels, marker tables and cue sheets are chapters; spoken labels are a transcript."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UnknownFormat
from bot.formats import label_tracks, parse
from bot.formats.problems import Problems

CHAPTERS = [(0.0, "Intro"), (65.0, "Rye and salt"), (3723.0, "Outro")]


def chapters(text: str) -> list[tuple[float, str]]:
    return [(chapter.start_s, chapter.title) for chapter in parse(text.encode()).chapters]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "0.000000\t0.000000\tIntro\n65.000000\t65.000000\tRye and salt\n3723.0\t3723.0\tOutro\n", id="audacity"
        ),
        pytest.param(
            "0,000000\t65,000000\tIntro\n\\\t100.0\t200.0\n65,000000\t65,0\tRye and salt\n3723,0\t3800,0\tOutro\n",
            id="audacity-regions",
        ),
        pytest.param(
            "Name\tStart\tDuration\tTime Format\tType\tDescription\nIntro\t0:00.000\t0:00.000\tdecimal\tCue\t\n"
            "Rye and salt\t1:05.000\t0:00.000\tdecimal\tCue\t\nOutro\t1:02:03.000\t0:00.000\tdecimal\tCue\t\n",
            id="audition",
        ),
        pytest.param(
            "#,Name,Start,End,Length\nM1,Intro,0:00.000,,\nM2,Rye and salt,1:05.000,,\nM3,Outro,1:02:03.000,,\n",
            id="reaper",
        ),
        pytest.param('start;title\n0;Intro\n65;"Rye and salt"\n3723;Outro\n', id="table"),
        pytest.param(
            'FILE "rye.mp3" MP3\n  TRACK 01 AUDIO\n    TITLE "Intro"\n    INDEX 01 00:00:00\n  TRACK 02 AUDIO\n'
            '    TITLE "Rye and salt"\n    INDEX 00 01:00:00\n    INDEX 01 01:05:00\n  TRACK 03 AUDIO\n'
            '    TITLE "Outro"\n    INDEX 01 62:03:00\n',
            id="cue-sheet",
        ),
        pytest.param(
            '<Session Samplerate="44100"><Markers><Marker Id="1" Name="Intro" Time="0.000"/>'
            '<Marker Name="Rye and salt" Time="01:05.000"/><Marker Name="Outro" Time="1:02:03.000"/></Markers>'
            "</Session>",
            id="hindenburg",
        ),
        pytest.param(
            json.dumps(
                {
                    "chapters": [
                        {"time_base": "1/1000", "start": int(s * 1000), "start_time": f"{s:.6f}", "tags": {"title": t}}
                        for s, t in CHAPTERS
                    ]
                }
            ),
            id="ffprobe",
        ),
    ],
)
def test_marks_of_editors_are_chapters(text: str) -> None:
    assert chapters(text) == CHAPTERS
    assert not parse(text.encode()).turns


def test_labels_that_are_spoken_are_a_transcript() -> None:
    text = "".join(f"{3 * n}.000000\t{3 * n + 2}.500000\tThis is sentence number {n} of speech.\n" for n in range(4))
    found = parse(text.encode())
    assert [(turn.start_s, turn.end_s) for turn in found.turns] == [(0, 2.5), (3, 5.5), (6, 8.5), (9, 11.5)]
    assert not found.chapters


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Title,Time\nRye Song,3:45\nSalt Song,4:10\nWater Song,2:58\n", id="lengths-of-songs"),
        pytest.param("Name,Position\nAnn,1\nBo,2\n", id="ranks"),
        pytest.param("Name,Start\nAnn,soon\nBo,later\n", id="no-times"),
    ],
)
def test_other_tables_hold_no_chapters(text: str) -> None:
    with pytest.raises(UnknownFormat):
        parse(text.encode())


@given(st.text(alphabet='0123456789.,:\t\n"NameStartIDX ', max_size=200))
def test_no_label_track_breaks_the_reader(text: str) -> None:
    for kind in ("labels", "markers", "cue-sheet"):
        label_tracks.parse(text, kind, Problems())
