"""Import as a whole, over a real storage in memory and a real index: what lands, what is listed, what search finds."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.domain import DEFAULT_COMMUNITY, Episode, Role, Viewer
from bot.errors import UsageError
from bot.ports import QuoteIndex, Storage
from bot.services.follower import catch_up_if_free
from bot.services.ingest import Importer, ImportReport, Wish, read_map
from bot.services.quotes import Ask, Quotes
from bot.services.sources import Source
from storage import open_storage
from storage.index import open_index

OPERATOR = Viewer(DEFAULT_COMMUNITY, Role.operator)
KITES = b"""WEBVTT

00:00:01.000 --> 00:00:05.000
<v Ann Lee>A kite is only a wing that somebody forgot to let go of.

00:00:06.000 --> 00:00:10.000
<v Bo Ray>Paper tears in the rain, so I build mine from old umbrellas.
"""
CORRECTED = KITES.replace(b"old umbrellas", b"retired parachutes")
SRT = b"1\n00:00:01,000 --> 00:00:04,000\nNobody expects a lighthouse to answer the telephone.\n"
NOTES = b"---\nnumber: 58\ntitle: The Lighthouse\n---\n\n## Show Notes\n\n* 00:00 Hello\n* 10:30 The telephone\n"
CHAPTERS = json.dumps(
    {"version": "1.2.0", "chapters": [{"startTime": 0, "title": "Wings"}, {"startTime": 5, "title": "Umbrellas"}]}
).encode()
FEED = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Kite Talk Weekly</title>
<item><title>All About Kites</title><guid>g-1</guid><pubDate>Wed, 01 May 2024 06:00:00 GMT</pubDate>
<link>https://example.com/kites</link></item>
<item><title>Only Announced</title><guid>g-2</guid></item></channel></rss>"""


def source(name: str, data: bytes, show: str = "kite-talk") -> Source:
    return Source(name, name.rpartition("/")[2].rpartition(".")[0], show, lambda: data, len(data))


@dataclass(frozen=True, slots=True)
class Desk:
    """An importer with what it writes to."""

    storage: Storage
    index: QuoteIndex

    async def take(
        self, *sources: Source, wish: Wish | None = None, progress: Callable[[int, int, str], None] | None = None
    ) -> ImportReport:
        importer = Importer(self.storage, self.index, DEFAULT_COMMUNITY)
        if progress:
            return await importer.run(sources, wish or Wish(), progress)
        return await importer.run(sources, wish or Wish())

    async def episodes(self) -> dict[str, Episode]:
        return {one.key: one for one in await self.storage.episodes(OPERATOR)}

    async def finds(self, words: str) -> str | None:
        found = await Quotes(self.storage, self.index).find(OPERATOR, Ask(words))
        return found.hits[0].text if found.fits else None


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    storage = await open_storage("sqlite:///:memory:")
    index = open_index(tmp_path / "index")
    yield Desk(storage, index)
    index.close()
    await storage.close()


def outcomes(report: ImportReport) -> dict[str, str]:
    return {one.episode: one.outcome for one in report.episodes}


# --- the same, the corrected ---------------------------------------------------------------------------------


async def test_an_imported_line_is_found_at_once(desk: Desk) -> None:
    report = await desk.take(source("kites.vtt", KITES))
    assert (outcomes(report), report.indexed, report.landed) == ({"kites": "new"}, True, True)
    assert await desk.finds("mine from old umbrellas") == "Paper tears in the rain, so I build mine from old umbrellas."


async def test_the_same_file_twice_changes_nothing(desk: Desk) -> None:
    await desk.take(source("kites.vtt", KITES), source("kites.json", CHAPTERS))
    before = await desk.storage.last_change()
    report = await desk.take(source("kites.vtt", KITES), source("kites.json", CHAPTERS))
    assert (outcomes(report), report.problems) == ({"kites": "same"}, [])
    assert await desk.storage.last_change() == before
    assert desk.index.seen() == before


async def test_a_corrected_file_replaces_the_lines_and_search_follows(desk: Desk) -> None:
    await desk.take(source("kites.vtt", KITES))
    report = await desk.take(source("kites.vtt", CORRECTED))
    assert outcomes(report) == {"kites": "changed"}
    assert await desk.finds("mine from old umbrellas") != "Paper tears in the rain, so I build mine from old umbrellas."
    assert await desk.finds("retired parachutes") == "Paper tears in the rain, so I build mine from retired parachutes."
    [episode] = (await desk.episodes()).values()
    assert len(await desk.storage.lines(OPERATOR, episode.id)) == 2


# --- bad input -----------------------------------------------------------------------------------------------

_HUGE = b"WEBVTT\n\n00:00:01.000 --> 00:00:05.000\n" + b"kite-strings-and-their-many-knots-in-a-cue " * 120_000 + b"\n"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        pytest.param("empty.vtt", b"", id="empty"),
        pytest.param("blank.txt", b" \n\n\t\n", id="blank"),
        pytest.param("half.json", b'{"version": "1.0.0", "segments": [{"startTime": 0, "bo', id="truncated-json"),
        pytest.param("noise.vtt", bytes(range(256)) * 8, id="binary"),
    ],
)
async def test_a_file_that_cannot_be_read_is_listed_and_the_rest_lands(desk: Desk, name: str, data: bytes) -> None:
    report = await desk.take(source(name, data), source("kites.vtt", KITES))
    assert outcomes(report) == {"kites": "new"}
    assert [one.file for one in report.problems] == [name]
    assert report.problems[0].reason


async def test_when_nothing_can_be_read_nothing_landed(desk: Desk) -> None:
    report = await desk.take(source("empty.vtt", b""))
    assert not report.landed
    assert await desk.storage.shows(OPERATOR) == []


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "latin-1"])
async def test_a_file_in_another_encoding_keeps_its_letters(desk: Desk, encoding: str) -> None:
    text = KITES.decode().replace("old umbrellas", "old café awnings")
    await desk.take(source("kites.vtt", text.encode(encoding)))
    assert await desk.finds("mine from old café awnings") == (
        "Paper tears in the rain, so I build mine from old café awnings."
    )


async def test_a_cue_with_a_time_that_is_none_loses_no_other_cue(desk: Desk) -> None:
    broken = KITES + b"\n00:00:NaN --> -00:00:99.000\n<v Ann Lee>Lost in time.\n"
    report = await desk.take(source("kites.vtt", broken))
    assert report.landed
    assert await desk.finds("mine from old umbrellas") is not None


async def test_json_times_that_are_no_times_do_not_stop_an_import(desk: Desk) -> None:
    body = b'{"version":"1.0.0","segments":[{"speaker":"Ann","startTime":NaN,"body":"A kite is a wing."},'
    body += b'{"speaker":"Ann","startTime":-4,"body":"It is tied down."}]}'
    report = await desk.take(source("odd.json", body), source("kites.vtt", KITES))
    assert "kites" in outcomes(report)
    for episode in (await desk.episodes()).values():
        for line in await desk.storage.lines(OPERATOR, episode.id):
            assert line.start_s is None or line.start_s >= 0


async def test_five_megabytes_in_one_cue_do_not_stall_an_import(desk: Desk) -> None:
    report = await desk.take(source("huge.vtt", _HUGE), source("kites.vtt", KITES))
    assert outcomes(report)["kites"] == "new"
    assert report.seconds < 20


async def test_a_file_that_vanished_is_a_problem_of_its_own(desk: Desk) -> None:
    def gone() -> bytes:
        raise FileNotFoundError(2, "No such file or directory")

    report = await desk.take(Source("gone.vtt", "gone", "kite-talk", gone), source("kites.vtt", KITES))
    assert [(one.file, one.reason) for one in report.problems] == [("gone.vtt", "No such file or directory")]
    assert outcomes(report) == {"kites": "new"}


# --- joining -------------------------------------------------------------------------------------------------


async def test_a_transcript_and_the_notes_of_its_number_become_one_episode(desk: Desk) -> None:
    report = await desk.take(
        source("shows/058 - Lighthouse.md", NOTES, "syntax"), source("transcripts/Syntax58.srt", SRT, "syntax")
    )
    [episode] = report.episodes
    assert (episode.episode, episode.chapters, episode.lines) == ("Syntax58", 2, 1)
    assert "58" in episode.reason
    assert episode.confidence < 1
    assert (await desk.episodes())["Syntax58"].title == "The Lighthouse"


async def test_notes_that_come_later_join_the_stored_episode(desk: Desk) -> None:
    await desk.take(source("Syntax58.srt", SRT, "syntax"))
    report = await desk.take(source("058 - Lighthouse.md", NOTES, "syntax"))
    assert outcomes(report) == {"Syntax58": "changed"}
    [episode] = (await desk.episodes()).values()
    assert episode.lines == 1
    assert [one.title for one in await desk.storage.chapters(OPERATOR, episode.id)] == ["Hello", "The telephone"]


async def test_chapters_join_the_transcript_of_the_same_stem(desk: Desk) -> None:
    await desk.take(source("kites.json", CHAPTERS), source("kites.vtt", KITES))
    [episode] = (await desk.episodes()).values()
    made = await desk.storage.chapters(OPERATOR, episode.id)
    assert (made[0].n, made[0].start_s, made[0].end_s, made[0].source) == (1, 0.0, 5.0, "json")


async def test_a_feed_joins_by_title_and_names_the_show(desk: Desk) -> None:
    await desk.take(source("all-about-kites.vtt", KITES), source("feed.xml", FEED))
    episodes = await desk.episodes()
    assert set(episodes) == {"all-about-kites", "only-announced"}
    assert (episodes["all-about-kites"].guid, episodes["all-about-kites"].lines) == ("g-1", 2)
    assert [show.title for show in await desk.storage.shows(OPERATOR)] == ["Kite Talk Weekly"]


async def test_of_two_transcripts_of_one_episode_one_is_kept_and_the_other_is_listed(desk: Desk) -> None:
    report = await desk.take(source("kites.srt", SRT), source("kites.vtt", KITES))
    assert outcomes(report) == {"kites": "new"}
    assert [one.file for one in report.problems] == ["kites.srt"]
    assert "kites.vtt is kept" in report.problems[0].reason
    assert await desk.finds("expects a lighthouse to answer the telephone") is None


async def test_a_map_joins_what_no_name_would(desk: Desk) -> None:
    keys = read_map(b"\xef\xbb\xbffile,episode\nkites.vtt,the-kite-one\nextra,the-kite-one\n")
    report = await desk.take(source("kites.vtt", KITES), source("extra.json", CHAPTERS), wish=Wish(keys=keys))
    [episode] = report.episodes
    assert (episode.episode, episode.lines, episode.chapters) == ("the-kite-one", 2, 2)


@pytest.mark.parametrize("rows", [b"only-one-column\n", b"file,episode\nkites.vtt,\n", b"a,b\n,c\n"])
def test_a_map_of_another_shape_is_refused(rows: bytes) -> None:
    with pytest.raises(UsageError, match="two columns"):
        read_map(rows)


async def test_each_folder_is_a_show_unless_one_is_named(desk: Desk) -> None:
    apart = await desk.take(source("a/kites.vtt", KITES, "a"), source("b/lamp.srt", SRT, "b"))
    assert apart.shows == ["a", "b"]
    named = await desk.take(source("a/kites.vtt", KITES, "a"), wish=Wish("All of It", "All of It!"))
    assert named.shows == ["all-of-it"]
    assert "All of It!" in {show.title for show in await desk.storage.shows(OPERATOR)}


# --- dry runs, a busy index, a cancelled import ------------------------------------------------------------------


async def test_a_dry_run_stores_nothing(desk: Desk) -> None:
    report = await desk.take(source("kites.vtt", KITES), wish=Wish(dry_run=True))
    assert report.episodes[0].sample[0] == "A kite is only a wing that somebody forgot to let go of."
    assert (await desk.storage.last_change(), await desk.storage.shows(OPERATOR)) == (0, [])


async def test_with_a_busy_index_the_import_lands_and_a_later_catch_up_finds_it(desk: Desk) -> None:
    holder = desk.index.writer()
    report = await desk.take(source("kites.vtt", KITES))
    assert (report.landed, report.indexed) == (True, False)
    assert not await catch_up_if_free(desk.storage, desk.index)
    assert await desk.finds("mine from old umbrellas") is None
    holder.close()
    assert await catch_up_if_free(desk.storage, desk.index)
    assert await desk.finds("mine from old umbrellas") is not None


async def test_a_cancelled_import_keeps_and_indexes_what_landed(desk: Desk) -> None:
    running: list[asyncio.Task[ImportReport]] = []

    def stop_at_the_second_show(done: int, total: int, name: str) -> None:
        if name == "b/lamp.srt":
            running[0].cancel()

    work = desk.take(
        source("a/kites.vtt", KITES, "a"), source("b/lamp.srt", SRT, "b"), progress=stop_at_the_second_show
    )
    running.append(asyncio.create_task(work))
    with pytest.raises(asyncio.CancelledError):
        await running[0]
    assert set(await desk.episodes()) == {"kites"}
    assert await desk.finds("mine from old umbrellas") is not None
    assert desk.index.seen() == await desk.storage.last_change()
    again = await desk.take(source("a/kites.vtt", KITES, "a"), source("b/lamp.srt", SRT, "b"))
    assert outcomes(again) == {"kites": "same", "lamp": "new"}
