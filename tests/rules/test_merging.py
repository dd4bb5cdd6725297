"""What two episodes are as one: the feed tells first, the other fills, and nothing that only one knows is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain import Chapter, Edition, EpisodeImport, Highlight
from bot.rules.merging import merged, parted

MAY, JUNE = datetime(2024, 5, 1, tzinfo=UTC), datetime(2024, 6, 1, tzinfo=UTC)
FILE = EpisodeImport(
    "file-7", "File 7", number=7, people=("ANN", "Bo"), editions=(Edition("page", "https://f.example/"),)
)
FEED = EpisodeImport("feed", "The seven", guid="g", published=MAY, people=("Ann",), summary="Short.", kind="bonus")


@pytest.mark.parametrize("kept", ["file", "feed"])
def test_the_feed_tells_first_whichever_is_kept(kept: str) -> None:
    if kept == "file":
        whole = merged(FILE, FEED, kept_fed=False, other_fed=True)
    else:
        whole = merged(FEED, FILE, kept_fed=True, other_fed=False)
    assert (whole.key, whole.title) == ({"file": "file-7", "feed": "feed"}[kept], "The seven")
    assert (whole.number, whole.guid, whole.published, whole.summary) == (7, "g", MAY, "Short.")
    assert (whole.kind, whole.people, whole.editions) == ("bonus", ("Ann", "Bo"), FILE.editions)


def test_without_a_feed_the_kept_one_tells_first() -> None:
    assert merged(FILE, FEED, kept_fed=False, other_fed=False).title == "File 7"
    assert merged(FEED, FILE, kept_fed=True, other_fed=True).title == "The seven"


@pytest.mark.parametrize(
    ("dates", "fed", "withdrawn"),
    [
        pytest.param((MAY, JUNE), (True, True), JUNE, id="both are gone"),
        pytest.param((MAY, None), (True, True), None, id="one is in the feed still"),
        pytest.param((MAY, None), (True, False), MAY, id="a file says nothing of it"),
        pytest.param((None, None), (False, False), None, id="no feed"),
    ],
)
def test_one_that_stands_in_a_feed_still_is_not_withdrawn(
    dates: tuple[datetime | None, datetime | None], fed: tuple[bool, bool], withdrawn: datetime | None
) -> None:
    one, other = replace(FEED, withdrawn=dates[0]), replace(FILE, withdrawn=dates[1])
    assert merged(one, other, kept_fed=fed[0], other_fed=fed[1]).withdrawn == withdrawn
    assert merged(other, one, kept_fed=fed[1], other_fed=fed[0]).withdrawn == withdrawn


@pytest.mark.parametrize(
    ("first", "second", "won"),
    [("notes", "json", "json"), ("psc", "page", "psc"), ("psc", "json", "json"), ("notes", "notes", "notes")],
)
def test_the_better_source_of_chapters_wins_whole(first: str, second: str, won: str) -> None:
    one = replace(FEED, chapters=(Chapter(1, 0.0, None, "one", source=first),))
    two = replace(FILE, chapters=(Chapter(1, 0.0, None, "two", source=second),))
    for whole in (
        merged(one, two, kept_fed=True, other_fed=False),
        merged(two, one, kept_fed=False, other_fed=True),
    ):
        assert whole.chapters is not None
        assert [each.source for each in whole.chapters] == [won]
    assert merged(FEED, two, kept_fed=True, other_fed=False).chapters == two.chapters


def test_highlights_and_outlets_are_told_once() -> None:
    quote, bite = Highlight("Same words", 1.0), Highlight("", 5.0, end_s=9.0)
    audio = Edition("audio", "https://a.example/1")
    one = replace(FEED, highlights=(bite, quote), editions=(audio,))
    two = replace(FILE, highlights=(Highlight("same WORDS", 3.0, 1, 1), bite, Highlight("Other", None)))
    whole = merged(one, two, kept_fed=True, other_fed=False)
    assert whole.highlights == (bite, quote, Highlight("Other", None))
    assert whole.editions == (audio, *(FILE.editions or ()))


def test_what_is_cut_off_takes_the_pages_part_along() -> None:
    quote, bite = Highlight("Words", 1.0, 2, 2), Highlight("", 5.0, 2, 3, end_s=9.0)
    page, psc = Chapter(1, 0.0, 1.0, "p", source="page"), Chapter(2, 1.0, None, "f", source="psc")
    whole = replace(FEED, highlights=(quote, bite), chapters=(page, psc))
    feeds, cut = parted(whole, None, "feed-2")
    assert feeds == replace(
        whole, highlights=(replace(bite, first_line=None, last_line=None),), chapters=(replace(psc, n=1),)
    )
    assert (cut.key, cut.title, cut.highlights, cut.chapters) == ("feed-2", "The seven", (quote,), (page,))
    assert (cut.guid, cut.published, cut.people, cut.editions) == (None, None, (), ())
    assert parted(whole, FILE, "file-7") == (feeds, FILE)
