"""The sample show is whole: every file reads without a problem, and its parts belong together."""

from __future__ import annotations

import re
from pathlib import PurePath

import pytest

from bot.domain import Parsed
from bot.formats import parse
from bot.rules.words import slug
from bot.sample import SHOW_SLUG, SHOW_TITLE, files

FILES = dict(files())
KETTLE = "the-kettle-episode"
LIGHTHOUSE = "how-to-wake-a-lighthouse"
NIGHT_TRAIN = "night-train-to-nowhere-in-particular"

FORMATS = {
    f"{KETTLE}.txt": "page",
    f"{LIGHTHOUSE}.vtt": "vtt",
    f"{LIGHTHOUSE}.json": "json-chapters",
    f"{NIGHT_TRAIN}.md": "speaker-markdown",
    f"{NIGHT_TRAIN}.html": "notes",
    "feed.xml": "feed",
}
TRANSCRIPTS = (f"{KETTLE}.txt", f"{LIGHTHOUSE}.vtt", f"{NIGHT_TRAIN}.md")

CHAPTERS = {
    f"{KETTLE}.txt": [
        (0, "Down to one spring"),
        (47, "The kettle that stopped singing"),
        (85, "Three questions before the screwdriver"),
        (125, "A small cave with ambition"),
        (187, "The whistle in B flat"),
        (266, "A screw called Gerald"),
    ],
    f"{LIGHTHOUSE}.json": [
        (0, "A hundred and ninety-nine steps"),
        (43, "Two tonnes and one finger"),
        (97, "The sparrow in the clockwork"),
        (178, "A word from Grumbold's"),
        (207, "Salt keeps its appointments"),
        (258, "Gerald at the top of the stairs"),
    ],
    f"{NIGHT_TRAIN}.html": [
        (0, "Berth fourteen, after dark"),
        (36, "Wrap your spanner in a sock"),
        (81, "The rattle in berth nine"),
        (145, "How to sleep on a night train"),
        (199, "Gerald goes home"),
    ],
}

SPEAKERS = {
    f"{KETTLE}.txt": {"Ike Bramblewood", "Maud Tansley", "Pim"},  # the page writes "Ike"
    f"{LIGHTHOUSE}.vtt": {"Ike Bramblewood", "Maud Tansley", "Perpetua Vane", "Pim"},
    f"{NIGHT_TRAIN}.md": {"Ike Bramblewood", "Maud Tansley", "Anselm Drury", "Pim"},
}


def read(name: str) -> Parsed:
    return parse(FILES[name], name)


def times(parsed: Parsed) -> list[float]:
    """Every time of a transcript in source order, marks inside turns too."""
    found: list[float] = []
    for turn in parsed.turns:
        found += [] if turn.start_s is None else [turn.start_s]
        found += [seconds for _, seconds in turn.marks]
    return found


def spoken(name: str) -> str:
    return " ".join(turn.text for turn in read(name).turns)


def test_the_show_holds_these_files_and_no_other() -> None:
    assert set(FILES) == set(FORMATS)
    assert slug(SHOW_TITLE) == SHOW_SLUG


@pytest.mark.parametrize(("name", "form"), FORMATS.items())
def test_every_file_reads_as_its_format_without_a_problem(name: str, form: str) -> None:
    parsed = read(name)
    assert parsed.format == form
    assert parsed.problems == ()


@pytest.mark.parametrize(("name", "speakers"), SPEAKERS.items())
def test_a_transcript_knows_who_speaks(name: str, speakers: set[str]) -> None:
    assert {turn.speaker for turn in read(name).turns} == speakers


@pytest.mark.parametrize("name", TRANSCRIPTS)
def test_the_times_of_a_transcript_are_those_of_people_talking(name: str) -> None:
    found = times(read(name))
    assert found == sorted(found)
    assert found[0] == 0
    words = spoken(name).split()
    assert 500 <= len(words) <= 900
    assert 120 <= len(words) / (found[-1] / 60) <= 180


@pytest.mark.parametrize(("name", "chapters"), CHAPTERS.items())
def test_the_chapters_are_those_that_were_written(name: str, chapters: list[tuple[int, str]]) -> None:
    assert [(chapter.start_s, chapter.title) for chapter in read(name).chapters] == chapters


@pytest.mark.parametrize("name", [NIGHT_TRAIN, KETTLE, LIGHTHOUSE])
def test_every_chapter_starts_inside_the_feeds_duration(name: str) -> None:
    [item] = [item for item in read("feed.xml").items if item.title and slug(item.title) == name]
    starts = [start for file, rows in CHAPTERS.items() if PurePath(file).stem == name for start, _ in rows]
    spoken_until = max(times(read(next(file for file in TRANSCRIPTS if PurePath(file).stem == name))))
    assert item.duration_s is not None
    assert max(*starts, spoken_until) < item.duration_s


def test_the_page_has_its_title_author_and_highlights() -> None:
    page = read(f"{KETTLE}.txt")
    assert (page.title, page.author) == ("The Kettle Episode", "Ike Bramblewood")
    assert page.summary.startswith("A kettle arrives at the workshop in a pillowcase")
    assert [highlight.start_s for highlight in page.highlights] == [67, 102, 141, 261]
    assert "toaster apart at the age of nine" not in spoken(f"{KETTLE}.txt")  # about the author is nobody's speech


def test_the_feed_has_the_three_episodes_by_title_with_dates_and_links() -> None:
    feed = read("feed.xml")
    assert feed.title == SHOW_TITLE
    assert {slug(item.title or "") for item in feed.items} == {PurePath(name).stem for name in TRANSCRIPTS}
    assert sorted(item.number or 0 for item in feed.items) == [1, 2, 3]
    assert len({item.guid for item in feed.items}) == 3
    for item in feed.items:
        assert item.published is not None
        assert item.published.tzinfo is not None
        assert {edition.kind for edition in item.editions} == {"page", "audio"}


def test_the_running_joke_runs_through_every_episode() -> None:
    for name in TRANSCRIPTS:
        assert re.search(r"[Aa]lways one (?:screw )?left over", spoken(name)), name
        assert "Put Gerald in the jar" in spoken(name)


def test_no_address_leads_into_the_real_world() -> None:
    for name, data in FILES.items():
        text = re.sub(r'xmlns:\w+="[^"]+"', "", data.decode("utf-8"))
        hosts = set(re.findall(r"https?://([^/\s\"<]+)", text))
        assert hosts <= {"example.com"}, name
