"""Which piece of an episode gives which part, and what stored parts stay."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import Chapter, Edition, Episode, EpisodeId, EpisodeImport, Parsed, ShowId, Turn
from bot.rules.chapter_sources import SOURCES, numbered
from bot.rules.identity import Group, Piece
from bot.rules.joining import (
    bare_stem,
    episode_import,
    tells_of_an_episode,
    transcript_for,
    transcript_piece,
    without_monsters,
)
from bot.rules.titles import is_made, title_from

FORMATS = {"json": "json-chapters", "psc": "feed", "audio": "audio-tags", "page": "page", "notes": "notes"}


def chapter(start_s: float, title: str, end_s: float | None = None, source: str = "notes") -> Chapter:
    return Chapter(0, start_s, end_s, title, source=source)


def chaptered(source: str) -> Piece:
    own = source if source in ("psc", "audio") else "notes"
    return Piece(source, source, Parsed(FORMATS[source], chapters=(chapter(0, f"from {source}", source=own),)))


def said(format: str) -> Piece:
    return Piece(f"kites.{format}", "kites", Parsed(format, turns=(Turn(f"as the {format} has it", start_s=0.0),)))


def joined(*pieces: Piece, stored: tuple[Chapter, ...] = (), existing: Episode | None = None) -> EpisodeImport:
    return episode_import(Group("kites", pieces, existing), None, (), stored)


@pytest.mark.parametrize(
    ("key", "title"),
    [
        pytest.param("practical-ai-200", "Practical AI 200", id="dashes"),
        pytest.param("Syntax58", "Syntax 58", id="number-at-the-end"),
        pytest.param("the_art_of_kites", "The Art of Kites", id="small-words"),
        pytest.param("McKenzie", "McKenzie", id="own-capitals-stay"),
        pytest.param("--", "--", id="nothing-to-tell"),
    ],
)
def test_a_title_is_made_from_the_key_when_no_file_has_one(key: str, title: str) -> None:
    assert title_from(key) == title


@pytest.mark.parametrize(
    ("key", "title"),
    [
        pytest.param("ep042", "Episode 42", id="number"),
        pytest.param("show-42-final_v2", "Episode 42", id="number-among-noise"),
        pytest.param("S02E05", "Season 2, episode 5", id="season"),
        pytest.param("2021-03-04", "Episode of 4 March 2021", id="date"),
        pytest.param("042 - The Great Heist", "The Great Heist", id="words-behind-a-number"),
        pytest.param("TheGreatHeist", "The Great Heist", id="camel-case"),
        pytest.param("The_Heist_transcript (Part 2)", "The Heist, part 2", id="part"),
        pytest.param("fd529a71612f4412aa", "Untitled episode", id="nothing-to-tell"),
    ],
)
def test_members_never_see_a_files_name(key: str, title: str) -> None:
    assert title_from(key) == title
    assert is_made(title, key)
    assert is_made(title, f"{key}-2")


def test_a_real_title_is_not_a_made_one() -> None:
    assert not is_made("The Great Heist", "ep042")


def test_a_feeds_title_replaces_a_made_one_and_is_not_replaced_by_a_files() -> None:
    made = Episode(EpisodeId("e"), ShowId("s"), "s", "S", "ep042", "Episode 42", 42)
    assert (
        joined(Piece("feed.xml", None, Parsed("feed", title="The Heist", guid="g")), existing=made).title == "The Heist"
    )
    known = replace(made, title="The Heist", guid="g")
    assert joined(Piece("k.vtt", "k", Parsed("vtt", title="Heist, raw cut")), existing=known).title == "The Heist"
    assert joined(Piece("k.vtt", "k", Parsed("vtt", title="ep042_final")), existing=made).title == "Episode 42"


@pytest.mark.parametrize("better", range(len(SOURCES) - 1))
def test_the_best_source_gives_the_chapters(better: int) -> None:
    worse = [chaptered(source) for source in reversed(SOURCES[better + 1 :])]
    made = joined(*worse, chaptered(SOURCES[better]))
    assert made.chapters is not None
    assert [(one.title, one.source) for one in made.chapters] == [(f"from {SOURCES[better]}", SOURCES[better])]


@pytest.mark.parametrize(
    ("kept", "given", "replaced"),
    [
        pytest.param("json", "notes", False, id="notes-do-not-replace-json"),
        pytest.param("psc", "page", False, id="a-page-does-not-replace-the-feed"),
        pytest.param("notes", "notes", True, id="corrected-notes-replace-notes"),
        pytest.param("notes", "json", True, id="json-replaces-notes"),
        pytest.param("derived", "notes", True, id="published-replace-derived"),
    ],
)
def test_stored_chapters_give_way_only_to_a_source_as_good(kept: str, given: str, replaced: bool) -> None:
    made = joined(chaptered(given), stored=(chapter(0, "stored", source=kept),))
    assert (made.chapters is not None) is replaced


def test_a_piece_without_chapters_leaves_the_stored_ones() -> None:
    assert joined(Piece("k", "k", Parsed("notes", title="K"))).chapters is None


def test_chapters_are_sorted_numbered_and_end_where_the_next_begins() -> None:
    made = numbered((chapter(60, "b"), chapter(0, "a", end_s=90), chapter(120, "c", end_s=100)), "notes", 150.0)
    assert [(one.n, one.title, one.end_s) for one in made] == [(1, "a", 60), (2, "b", 120), (3, "c", 150.0)]


_TIMES = st.floats(0, 1e5, allow_nan=False)


@given(st.lists(st.tuples(_TIMES, st.none() | _TIMES), max_size=12), st.none() | _TIMES)
def test_no_chapter_ends_before_it_begins_nor_after_the_next_begins(
    times: list[tuple[float, float | None]], duration_s: float | None
) -> None:
    made = numbered([chapter(start_s, "x", end_s) for start_s, end_s in times], "notes", duration_s)
    assert [one.n for one in made] == list(range(1, len(made) + 1))
    for one, following in pairwise(made):
        assert one.end_s is not None
        assert one.start_s <= one.end_s <= following.start_s
    if made and (end_s := made[-1].end_s) is not None:
        assert end_s >= made[-1].start_s


def test_one_transcript_is_kept_and_the_other_is_a_problem() -> None:
    kept, problems = transcript_piece(Group("kites", (said("srt"), said("vtt"))))
    assert kept is not None
    assert kept.file == "kites.vtt"
    [problem] = problems
    assert (problem.file, "kites.vtt" in problem.reason) == ("kites.srt", True)


def test_an_episode_without_a_transcript_has_no_problem_for_it() -> None:
    assert transcript_piece(Group("kites", (chaptered("notes"),))) == (None, [])


def test_the_transcript_takes_its_language_from_its_file() -> None:
    piece = replace(said("vtt"), parsed=replace(said("vtt").parsed, language="de"))
    made = transcript_for(Group("kites", (piece,)), piece)
    assert (made.language, [line.text for line in made.lines]) == ("de", ["as the vtt has it"])


def test_what_no_file_says_stays_as_it_is_stored() -> None:
    stored = Episode(EpisodeId("e"), ShowId("s"), "s", "S", "kites", "All About Kites", 7, 2, "g1", duration_s=60.0)
    made = joined(Piece("k", "k", Parsed("notes")), existing=stored)
    assert (made.title, made.number, made.season, made.guid, made.duration_s) == ("All About Kites", 7, 2, "g1", 60.0)
    assert (made.summary, made.people, made.editions, made.highlights) == (None, None, None, None)


def test_a_new_edition_replaces_only_the_stored_one_of_its_kind() -> None:
    old = (Edition("page", "https://old"), Edition("audio", "https://a"))
    stored = Episode(EpisodeId("e"), ShowId("s"), "s", "S", "kites", "K", editions=old)
    made = joined(Piece("k", "k", Parsed("feed", editions=(Edition("page", "https://new"),))), existing=stored)
    assert made.editions == (Edition("page", "https://new"), Edition("audio", "https://a"))


def test_a_host_may_put_the_kind_of_file_before_the_ending() -> None:
    assert [bare_stem(stem) for stem in ("late.chapters", "late.en-US", "late", "v1.2", ".chapters")] == [
        "late", "late", "late", "v1.2", ".chapters",
    ]  # fmt: skip


def test_a_turn_that_nobody_can_have_said_is_left_out_and_told() -> None:
    parsed = Parsed("vtt", turns=(Turn("na " * 100_000), Turn("Hello there.")))
    kept, problems = without_monsters(parsed)
    assert [turn.text for turn in kept.turns] == ["Hello there."]
    assert len(problems) == 1


def test_a_title_alone_tells_of_no_episode() -> None:
    assert not tells_of_an_episode(Parsed("notes", title="import asyncio"))
    assert tells_of_an_episode(Parsed("notes", title="Kites", number=3))
    assert tells_of_an_episode(Parsed("vtt", turns=(Turn("Hello."),)))
