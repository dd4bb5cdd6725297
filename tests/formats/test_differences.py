"""The manifest as a whole: how many files differ from their facts on purpose, and that none of them loses anything."""

from __future__ import annotations

import json
from pathlib import Path

from bot.formats.feed import parse_feed
from tests.formats.differences import CHAPTERS, FEEDS, MOST, TRANSCRIPTS
from tests.formats.test_chapter_inputs import chapters_of
from tests.formats.test_chapter_inputs import rows as chapter_rows
from tests.formats.test_feed_walk import all_items
from tests.formats.test_feed_walk import rows as feed_rows
from tests.formats.test_manifest_transcripts import heard

#: Captions that show each phrase twice: a cue that only repeats what stands there has no words of its own.
REPEATS = {"webvtt-py__tests-subtitles-youtube_dl.vtt": 1}


def test_few_files_differ_and_each_says_why() -> None:
    files = [*{name for name, _ in FEEDS}, *CHAPTERS, *TRANSCRIPTS]
    assert len(files) <= MOST
    assert len(set(files)) == len(files)
    reasons = [*FEEDS.values(), *(why for _, why in CHAPTERS.values()), *TRANSCRIPTS.values()]
    assert all(len(why) > 15 for why in reasons)


def test_no_file_that_differs_loses_an_item_a_cue_or_a_chapter(shared: Path) -> None:
    inputs = shared / "inputs"
    losses = {}
    for row in feed_rows(inputs / "manifest.tsv"):
        name = Path(row["path"]).name
        if name in {file for file, _ in FEEDS}:
            found = len(all_items(parse_feed((inputs / row["path"]).read_bytes())))
            losses[name] = json.loads(row["facts"])["n_items"] - found
    losses |= {file.name: facts["n_chapters"] - len(chapters_of(file)) for file, facts in chapter_rows(shared)
               if file.name in CHAPTERS}  # fmt: skip
    for name in TRANSCRIPTS:
        facts = json.loads((inputs / "expected" / "transcripts" / f"{name}.json").read_text())
        losses[name] = facts["n_cues"] - REPEATS.get(name, 0) - heard(inputs / "transcripts" / name)
    assert set(losses) == {*(file for file, _ in FEEDS), *CHAPTERS, *TRANSCRIPTS}
    assert {name: lost for name, lost in losses.items() if lost > 0} == {}
