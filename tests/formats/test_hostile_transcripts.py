"""The hostile transcripts, each within a limit of time and memory, with the outcome that is expected of it."""

from __future__ import annotations

import json
import time
import tracemalloc
from math import isfinite
from pathlib import Path

import pytest

from bot.domain import Transcript
from bot.errors import UnknownFormat
from bot.formats import parse
from bot.rules.lines import transcript_of

SECONDS, GROWTH = 30.0, 100 * 2**20


@pytest.fixture
def hostile(shared: Path) -> Path:
    return shared / "inputs" / "hostile"


def lines_of(file: Path) -> Transcript:
    return transcript_of(parse(file.read_bytes(), file.name).turns)


def test_every_hostile_transcript_stays_within_its_limits(hostile: Path) -> None:
    rows = [row.split("\t") for row in (hostile / "expected.tsv").read_text().splitlines()[1:]]
    files = [(hostile / row[0], json.loads(row[4])) for row in rows if row[1] == "transcript"]
    assert len(files) >= 6
    for file, checks in files:
        tracemalloc.start()
        begun = time.perf_counter()
        try:
            turns = parse(file.read_bytes(), file.name).turns
        except UnknownFormat:
            turns = ()
        made = transcript_of(turns)
        grown = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert time.perf_counter() - begun < SECONDS, file.name
        assert grown < GROWTH, file.name
        assert len(turns) == checks.get("cues", len(turns)), file.name
        assert len(turns) >= checks.get("cues_min", 0), file.name
        times = [one for line in made.lines for one in (line.start_s, line.end_s) if one is not None]
        assert all(isfinite(one) and one >= 0 for one in times), file.name


def test_starts_that_go_back_stay_where_they_are(hostile: Path) -> None:
    found = lines_of(hostile / "t21_time_goes_back.vtt").lines
    assert [(line.text, line.start_s, line.exact) for line in found] == [
        ("later", 600, True),
        ("ad inserted", 0, True),
        ("middle", 300, True),
    ]


def test_an_offset_map_leaves_the_cue_at_its_own_time(hostile: Path) -> None:
    assert [(line.text, line.start_s) for line in lines_of(hostile / "t22_offset_map.vtt").lines] == [("x", 0)]


def test_overflowing_times_are_dropped_and_sound_ones_kept(hostile: Path) -> None:
    turns = parse((hostile / "t08_srt_overflow_times.srt").read_bytes()).turns
    assert [(turn.text, turn.start_s) for turn in turns] == [("a", None), ("b", 1.5), ("c", 3.5)]


def test_times_that_are_no_numbers_never_reach_a_line(hostile: Path) -> None:
    turns = parse((hostile / "t09_json_nan.json").read_bytes()).turns
    assert [(turn.text, turn.start_s, turn.end_s) for turn in turns if turn.start_s is not None] == [("ok", 1, 2)]


def test_scripts_in_html_are_no_words_and_a_mention_is_a_name_like_any_other(hostile: Path) -> None:
    turns = parse((hostile / "t14_html_script.html").read_bytes()).turns
    assert [(turn.start_s, turn.text) for turn in turns] == [(5, "Hi there"), (None, "Bad time")]
