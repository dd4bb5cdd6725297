"""``import`` into a show with a feed, and ``episode join|split``, in a process of its own over small own files."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.program import Run, is_one_clear_line, pullquote

FEED = """<?xml version="1.0"?><rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd">
<channel><title>Kite Talk</title>
<item><title>The Great Heist</title><guid>g-40</guid><itunes:episode>40</itunes:episode>
<pubDate>Thu, 04 Mar 2021 05:00:00 +0000</pubDate></item>
<item><title>Old Kites</title><guid>g-41</guid><itunes:episode>41</itunes:episode>
<pubDate>Thu, 11 Mar 2021 05:00:00 +0000</pubDate></item>
</channel></rss>"""


def talk(speaker: str, words: str) -> str:
    return f"WEBVTT\n\n00:00:01.000 --> 00:00:05.000\n<v {speaker}>{words}\n"


@pytest.fixture(scope="module")
def fed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The data folder of a show with a feed, and a folder of old files. Tests that change the data take a copy."""
    root = tmp_path_factory.mktemp("fed")
    files = root / "kite-talk"
    files.mkdir()
    (root / "feed.xml").write_text(FEED, "utf-8")
    (files / "ep040.vtt").write_text(talk("Speaker 1", "Nobody had counted the lanterns before the flood."), "utf-8")
    (files / "transcript.vtt").write_text(talk("Ann Lee", "An umbrella is a kite that gave up its ambition."), "utf-8")
    pullquote(root / "data", "import", root / "feed.xml", "--show", "kite-talk")
    return root / "data", files


@pytest.fixture
def data(fed: tuple[Path, Path], tmp_path: Path) -> Path:
    return Path(shutil.copytree(fed[0], tmp_path / "data"))


def take(data: Path, files: Path, *more: str | Path) -> Run:
    return pullquote(data, "import", files, "--show", "kite-talk", *more)


def test_the_report_lists_what_is_unsure_beside_what_joined(data: Path, fed: tuple[Path, Path]) -> None:
    run = take(data, fed[1], "--json")
    assert run.code == 0
    [joined] = run.json["episodes"]
    assert (joined["episode"], joined["title"], joined["outcome"]) == ("the-great-heist", "The Great Heist", "changed")
    assert "number 40" in joined["reason"]
    assert joined["labels"] == [
        {
            "label": "Speaker 1",
            "lines": [
                {"speaker": "Speaker 1", "start_s": 1.0, "text": "Nobody had counted the lanterns before the flood."}
            ],
        }
    ]
    [unsure] = run.json["unsure"]
    assert {"file", "episode", "title", "confidence", "reason", "also"} <= unsure.keys()
    assert unsure["file"].endswith("transcript.vtt")


def test_a_dry_run_shows_three_lines_and_the_episode_of_each_file(data: Path, fed: tuple[Path, Path]) -> None:
    run = take(data, fed[1], "--dry-run")
    assert run.code == 0
    assert "kite-talk/the-great-heist" in run.out
    assert "number 40" in run.out
    assert "% sure): ep040.vtt" in run.out
    assert "| Nobody had counted the lanterns before the flood. (Speaker 1, 0:01)" in run.out
    assert "| An umbrella is a kite that gave up its ambition. (Ann Lee, 0:01)" in run.out
    assert "nothing was stored" in run.out


def test_unnamed_speakers_are_shown_with_how_to_name_them(data: Path, fed: tuple[Path, Path]) -> None:
    run = take(data, fed[1])
    assert "Who is “Speaker 1” in kite-talk/the-great-heist?" in run.out
    line = next(row.strip() for row in run.out.splitlines() if "/pullquote speakers name" in row)
    named = pullquote(data, "do", line.replace("…", "Bo Ray"), "--json")
    assert named.json["outcome"] == "done"


def test_the_table_of_unsure_files_is_corrected_and_given_back(
    data: Path, fed: tuple[Path, Path], tmp_path: Path
) -> None:
    table = tmp_path / "unsure.csv"
    assert take(data, fed[1], "--unsure", table).code == 0
    head, row = table.read_text("utf-8").splitlines()
    assert head == "file,episode,candidate title,confidence,reason"
    name, _, rest = row.split(",", 2)
    table.write_text(f"{head}\n{name},old-kites,{rest}\n", "utf-8")
    run = take(data, fed[1], "--map", table, "--json")
    assert run.json["unsure"] == []
    assert {one["episode"] for one in run.json["episodes"]} == {"the-great-heist", "old-kites"}


def test_episodes_are_joined_from_the_command_line_and_a_refused_split_says_why(
    data: Path, fed: tuple[Path, Path], tmp_path: Path
) -> None:
    table = tmp_path / "own.csv"
    table.write_text(f"file,episode,why\n{fed[1] / 'transcript.vtt'},,of its own\n", "utf-8")
    assert take(data, fed[1], "--map", table).code == 0
    joined = pullquote(data, "episode", "join", "old-kites", "transcript", "--show", "kite-talk")
    assert (joined.code, "Old Kites" in joined.out, "undo" in joined.out) == (0, True, True)
    assert pullquote(data, "do", "/pullquote undo", "--json").json["outcome"] == "done"
    split = pullquote(data, "episode", "split", "transcript")
    assert (split.code, is_one_clear_line(split), "split" in split.err) == (1, True, True)
    assert pullquote(data, "episode", "join", "old-kites", "old-kites").code == 2
    assert pullquote(data, "episode", "join", "old-kites").code == 2
