"""Import into a show whose feed is known: what joins, what is asked, what an answer does, and what members see."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain import DEFAULT_COMMUNITY, EpisodeImport, Role, Show, ShowId, Viewer
from bot.services.import_report import LEAVE_OUT, OWN, read_map, unsure_table
from bot.services.ingest import Wish
from storage import open_storage
from storage.index import open_index
from tests.services.test_ingest import Desk, outcomes, source

OPERATOR = Viewer(DEFAULT_COMMUNITY, Role.operator)
TITLES = ("The Great Heist", "Boats with Ann Lee", "Old Kites", "The Long Winter", "Bread and Salt")
MARCH = datetime(2021, 3, 4, 5, tzinfo=UTC)


def talk(n: int, speaker: str = "", words: str = "") -> bytes:
    """A transcript of the fifth minute, each of other words."""
    said = (
        words or f"Number {n} is about the {n * 31} lanterns that nobody on the pier ever lit in the year {1900 + n}."
    )
    voice = f"<v {speaker}>" if speaker else ""
    last = f"00:04:55.000 --> 00:05:00.000\n{voice}And that was all of it for today."
    return f"WEBVTT\n\n00:00:01.000 --> 00:00:05.000\n{voice}{said}\n\n{last}\n".encode()


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """A show with a feed of five episodes, one a week, each of five minutes."""
    storage = await open_storage("sqlite:///:memory:")
    index = open_index(tmp_path / "index")
    show = await storage.put_show(
        DEFAULT_COMMUNITY, Show(ShowId("show-1"), "kite-talk", "Kite Talk", "https://k.example/f")
    )
    for n, title in enumerate(TITLES, 40):
        made = EpisodeImport(
            title.lower().replace(" ", "-"), title, number=n, guid=f"g-{n}", duration_s=302.0,
            published=MARCH + timedelta(days=7 * (n - 40)),
        )  # fmt: skip
        await storage.save_episode(DEFAULT_COMMUNITY, show.id, made)
    yield Desk(storage, index)
    index.close()
    await storage.close()


async def lines_by_key(desk: Desk) -> dict[str, int]:
    return {key: one.lines for key, one in (await desk.episodes()).items()}


async def test_files_find_their_episodes_by_number_date_and_title(desk: Desk) -> None:
    report = await desk.take(
        source("ep040.vtt", talk(40)), source("2021-03-11.vtt", talk(41)), source("Old_Kites_final.vtt", talk(42))
    )
    assert outcomes(report) == {"the-great-heist": "changed", "boats-with-ann-lee": "changed", "old-kites": "changed"}
    assert report.unsure == []
    reasons = {one.episode: one.reason for one in report.episodes}
    assert "number 40" in reasons["the-great-heist"]
    assert "date 11 March 2021" in reasons["boats-with-ann-lee"]
    assert "title" in reasons["old-kites"]
    assert [one.title for one in (await desk.episodes()).values()] == list(reversed(TITLES))


async def test_what_is_unsure_is_listed_and_not_stored(desk: Desk) -> None:
    report = await desk.take(source("transcript.vtt", talk(1)), source("ep041.vtt", talk(41)))
    assert outcomes(report) == {"boats-with-ann-lee": "changed"}
    [one] = report.unsure
    assert (one.file, one.confidence < 0.88, bool(one.reason)) == ("transcript.vtt", True, True)
    assert set(await lines_by_key(desk)) == {title.lower().replace(" ", "-") for title in TITLES}


async def test_two_files_that_want_one_episode_are_both_asked_about(desk: Desk) -> None:
    report = await desk.take(source("ep042.vtt", talk(42)), source("kite talk 42 corrected.vtt", talk(43)))
    assert report.episodes == []
    assert {one.file: one.episode for one in report.unsure} == {
        "ep042.vtt": "old-kites",
        "kite talk 42 corrected.vtt": "old-kites",
    }


async def test_the_table_of_what_is_unsure_comes_back_as_a_map(desk: Desk) -> None:
    files = [source(name, talk(n)) for n, name in enumerate(("transcript.vtt", "audio final.vtt", "recording.vtt"), 7)]
    report = await desk.take(*files)
    assert len(report.unsure) == 3
    rows = unsure_table(report.unsure).splitlines()
    assert rows[0] == "file,episode,candidate title,confidence,reason"
    answers = ("old-kites", "", "-")
    edited = [rows[0]]
    for row, answer in zip(rows[1:], answers, strict=True):
        name, _, *rest = row.split(",")
        edited.append(",".join([name, answer, *rest]))
    keys = read_map("\n".join(edited).encode())
    assert list(keys.values()) == ["old-kites", OWN, LEAVE_OUT]
    again = await desk.take(*files, wish=Wish(keys=keys))
    assert again.unsure == []
    assert outcomes(again) == {"old-kites": "changed", "audio final": "new"}
    assert [(one.file, one.reason) for one in again.problems] == [("recording.vtt", "left out, as the map says")]


async def test_a_file_without_any_guess_stays_open_until_somebody_says_more(desk: Desk) -> None:
    nameless = source("transcript.vtt", b"WEBVTT\n\n00:00:01.000 --> 00:00:05.000\nHello again, and goodbye.\n")
    report = await desk.take(nameless, wish=Wish(best=True))
    assert (report.episodes, [one.episode for one in report.unsure]) == ([], [None])
    assert read_map(unsure_table(report.unsure).encode()) == {}


async def test_a_number_far_from_all_of_the_feeds_is_an_episode_of_its_own(desk: Desk) -> None:
    report = await desk.take(source("ep999.vtt", talk(999)))
    assert outcomes(report) == {"ep999": "new"}
    assert report.episodes[0].title == "Episode 999"


async def test_the_best_guesses_are_taken_when_that_is_asked_for(desk: Desk) -> None:
    guess = source(
        "Winter stories.vtt", talk(43, words="It was a long winter, and the long winter was only the half of it.")
    )
    first = await desk.take(guess)
    [one] = first.unsure
    assert one.episode == "the-long-winter"
    report = await desk.take(guess, wish=Wish(best=True))
    assert outcomes(report) == {"the-long-winter": "changed"}
    assert report.episodes[0].reason.startswith("the best guess")


async def test_a_file_of_something_else_becomes_an_episode_with_a_title_of_its_own(desk: Desk) -> None:
    report = await desk.take(source("tulips_in_the_autumn-garden_final_v2.vtt", talk(900)))
    [one] = report.episodes
    assert (one.outcome, one.episode) == ("new", "tulips_in_the_autumn-garden_final_v2")
    assert one.title == "Tulips in the Autumn Garden"
    assert "fits no episode" in one.reason


async def test_the_same_files_again_change_nothing_whatever_they_are_called(desk: Desk) -> None:
    await desk.take(source("ep040.vtt", talk(40)))
    assert outcomes(await desk.take(source("ep040.vtt", talk(40)))) == {"the-great-heist": "same"}
    assert outcomes(await desk.take(source("kite-talk-40-final.vtt", talk(40)))) == {"the-great-heist": "same"}


async def test_another_talk_never_replaces_a_transcript_because_of_a_number(desk: Desk) -> None:
    await desk.take(source("ep040.vtt", talk(40)))
    other = talk(40, words="Completely different words about tulips, bulbs and the price of manure in spring.")
    report = await desk.take(source("kite-talk-40-final.vtt", other))
    assert report.episodes == []
    [one] = report.unsure
    assert (one.episode, "another transcript" in one.reason) == ("the-great-heist", True)
    assert await desk.finds("lanterns that nobody on the pier") is not None


async def test_a_poorer_transcript_of_the_same_talk_is_listed_and_left_out(desk: Desk) -> None:
    lines = [f"Sentence {n} tells of the {n * 7} boats and the {n * 11} nets that were lost." for n in range(1, 45)]
    cues = "".join(
        f"00:0{n // 8}:{n % 8 * 7:02d}.000 --> 00:0{n // 8}:{n % 8 * 7:02d}.900\n<v Ann Lee>{line}\n\n"
        for n, line in enumerate(lines)
    )
    await desk.take(source("ep040.vtt", f"WEBVTT\n\n{cues}".encode()))
    plain = "---\ntitle: The Great Heist\n---\n\n" + "\n\n".join(f"**Ann Lee:** {line}" for line in lines)
    report = await desk.take(source("ep040.md", plain.encode()))
    assert "it is left out" in " ".join(one.reason for one in report.problems)
    [episode] = [one for one in (await desk.episodes()).values() if one.key == "the-great-heist"]
    assert (await desk.storage.lines(OPERATOR, episode.id))[5].start_s is not None


async def test_a_generic_label_is_reported_with_lines_to_know_the_voice_by(desk: Desk) -> None:
    report = await desk.take(source("ep040.vtt", talk(40, speaker="Speaker 1")))
    [one] = report.episodes
    assert [unnamed.label for unnamed in one.unnamed] == ["Speaker 1"]
    assert "lanterns" in one.unnamed[0].lines[0].text
    assert one.opening[0].speaker == "Speaker 1"


async def test_a_dry_run_says_which_episode_each_file_would_join(desk: Desk) -> None:
    before = await desk.storage.last_change()
    report = await desk.take(source("ep040.vtt", talk(40)), wish=Wish(dry_run=True))
    [one] = report.episodes
    assert (one.episode, "number 40" in one.reason, one.confidence >= 0.88) == ("the-great-heist", True, True)
    assert await desk.storage.last_change() == before


# --- files first, feed later ----------------------------------------------------------------------------------------


def feed_xml() -> bytes:
    items = "".join(
        f"<item><title>{title}</title><guid>g-{n}</guid><itunes:episode>{n}</itunes:episode>"
        f"<pubDate>{MARCH + timedelta(days=7 * (n - 40)):%a, %d %b %Y %H:%M:%S} +0000</pubDate></item>"
        for n, title in enumerate(TITLES, 40)
    )
    space = 'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
    channel = f"<channel><title>Kite Talk</title>{items}</channel>"
    return f'<?xml version="1.0"?><rss version="2.0" {space}>{channel}</rss>'.encode()


async def test_a_made_title_gives_way_to_the_feeds_in_either_order(desk: Desk) -> None:
    names = ("ep040.vtt", "kites_show-42-final_v2.vtt", "2021-04-01.vtt")
    files = [source(name, talk(n), "late") for name, n in zip(names, (40, 42, 44), strict=True)]
    first = await desk.take(*files)
    titles = {one.episode: one.title for one in first.episodes}
    assert titles == {
        "ep040": "Episode 40",
        "kites_show-42-final_v2": "Episode 42",
        "2021-04-01": "Episode of 1 April 2021",
    }
    await desk.take(source("feed.xml", feed_xml(), "late"))
    late = next(show for show in await desk.storage.shows(OPERATOR) if show.slug == "late")
    stored = {one.key: one.title for one in await desk.storage.episodes(OPERATOR, late.id)}
    assert len(stored) == len(TITLES)
    assert stored["ep040"] == "The Great Heist"
    assert stored["kites_show-42-final_v2"] == "Old Kites"
    assert stored["2021-04-01"] == "Bread and Salt"


async def test_files_and_feed_in_one_import_are_one_episode_each(desk: Desk) -> None:
    report = await desk.take(
        source("feed.xml", feed_xml(), "both"),
        source("ep041.vtt", talk(41), "both"),
        source("ep043.vtt", talk(43), "both"),
    )
    assert len(report.episodes) == len(TITLES)
    assert {one.episode: one.title for one in report.episodes if one.lines} == {
        "ep041": "Boats with Ann Lee",
        "ep043": "The Long Winter",
    }
