"""Real chapter files against what their manifest says of them, and hostile ones within limits of time and memory."""

from __future__ import annotations

import csv
import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from bot.domain import Chapter, Parsed
from bot.errors import UnknownFormat
from bot.formats import parse
from bot.formats.clock_lines import at_front
from bot.formats.feed import parse_feed
from bot.formats.markup import markdown_words
from tests.formats.differences import CHAPTERS

FILES = 45


def rows(shared: Path) -> list[tuple[Path, dict[str, Any]]]:
    with (shared / "inputs" / "manifest.tsv").open(encoding="utf-8", newline="") as lines:
        table = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [(shared / "inputs" / row["path"], json.loads(row["facts"])) for row in table if row["kind"] == "chapters"]


def read(file: Path) -> Parsed | None:
    try:
        return parse(file.read_bytes(), f"https://files.example/{file.name}")
    except UnknownFormat:
        return None


def chapters_of(file: Path) -> list[Chapter]:
    """Those of the file, or of all items of a feed: an item without a name is no episode and has chapters still."""
    found = read(file)
    if found is None:
        return []
    if found.format != "feed":
        return list(found.chapters)
    feed = parse_feed(file.read_bytes())
    return [one for item in (*feed.items, *feed.unnamed) for one in item.chapters]


def differences(file: Path, facts: dict[str, Any]) -> set[str]:
    """Names of the facts that do not hold. Facts give titles as the source writes them, in the source's order."""
    found = read(file)
    chapters = chapters_of(file)
    known = {(one.start_s, one.title) for one in chapters}
    disorder = "goes_back" if any("out of order" in one.reason for one in (found.problems if found else ())) else ""
    bare = _bare_times(file) if facts.get("untitled") else set()

    def holds(fact: list[Any] | None) -> bool:
        if fact is None:
            return not chapters
        start, title = fact
        if title == "" and bare:  # no title on the line of its time: it stands on a line below
            return start in bare and any(one.start_s == start for one in chapters)
        return title is not None and (start, markdown_words(title)) in known

    told = {
        "n_chapters": len(chapters) == facts["n_chapters"],
        "first_chapters": all(map(holds, facts["first_chapters"])) and (bool(facts["first_chapters"]) or not chapters),
        "last_chapter": holds(facts["last_chapter"]),
        "hidden_toc_false": facts.get("hidden_toc_false") in (None, sum(one.hidden for one in chapters)),
        "with_img": facts.get("with_img") in (None, sum(one.image is not None for one in chapters)),
        "with_url": facts.get("with_url") in (None, sum(one.url is not None for one in chapters)),
        "goes_back": facts.get("goes_back") in (None, bool(disorder)),
        "untitled": facts.get("untitled") in (None, len(bare) or sum(not one.title for one in chapters)),
    }
    if not disorder and file.name not in CHAPTERS and chapters:
        ends = [chapters[0].start_s, chapters[-1].start_s]
        told["order"] = ends == [facts["first_chapters"][0][0], facts["last_chapter"][0]] or file.suffix == ".html"
    return {name for name, right in told.items() if not right}


def _bare_times(file: Path) -> set[float]:
    fronts = [at_front(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return {one.start_s for one in fronts if one and one.start_s is not None and not one.rest}


def test_every_fact_of_the_manifest_holds_but_those_that_differ_on_purpose(shared: Path) -> None:
    listed = rows(shared)
    assert len(listed) == FILES
    found = {file.name: wrong for file, facts in listed if (wrong := differences(file, facts))}
    assert found == {name: facts for name, (facts, _) in CHAPTERS.items()}


def test_no_file_loses_a_chapter(shared: Path) -> None:
    lost = [file.name for file, facts in rows(shared) if len(chapters_of(file)) < facts["n_chapters"]]
    assert lost == []


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "name", ["c08_object.json", "c10_all_hidden.json", "c11_psc.xml", "c12_mp4chaps.txt", "c17_beyond_duration.json"]
)
def test_hostile_files_end_as_expected(shared: Path, name: str) -> None:
    with (shared / "inputs" / "hostile" / "expected.tsv").open(encoding="utf-8", newline="") as lines:
        table = {row["file"]: row for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)}
    checks = json.loads(table[name]["checks_json"])
    tracemalloc.start()
    try:
        chapters = chapters_of(shared / "inputs" / "hostile" / name)
        assert tracemalloc.get_traced_memory()[1] < 100 * 1024 * 1024
    finally:
        tracemalloc.stop()
    assert len(chapters) == checks.get("n", len(chapters))
    assert sum(not one.hidden for one in chapters) == checks.get("n_visible", sum(not one.hidden for one in chapters))
    assert len(chapters) >= checks.get("n_min", 0)
    assert len(chapters) in checks.get("n_any", [len(chapters)])
    assert all(one.url is None for one in chapters)


def test_odd_starts_leave_the_right_chapter(shared: Path) -> None:
    hostile = shared / "inputs" / "hostile"
    assert [(one.start_s, one.title) for one in chapters_of(hostile / "c11_psc.xml")][-1] == (5.5, "ok")
    assert (20.5, "Title") in [(one.start_s, one.title) for one in chapters_of(hostile / "c12_mp4chaps.txt")]


def test_every_time_of_real_show_notes_is_a_chapter(shared: Path) -> None:
    files = sorted((shared / "corpus" / "syntax" / "shows").glob("*.md"))
    found = [chapters_of(file) for file in files]
    assert (len(files), sum(map(bool, found)), sum(map(len, found))) == (160, 140, 1121)
    assert sum(not one.title for chapters in found for one in chapters) == 1
