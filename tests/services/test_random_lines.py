"""A line at random: whole, new to the place, within what was asked, from the transcript and never from the page."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from bot.domain import (
    DEFAULT_COMMUNITY,
    CommunityId,
    Edition,
    EpisodeId,
    Highlight,
    Hit,
    Level,
    Place,
    Viewer,
    Withhold,
)
from bot.ports import LineRange, Storage
from bot.rules.highlights import align_highlights
from bot.services.quotes import Quotes
from bot.services.random_lines import RandomLines
from storage import open_storage
from storage.index import open_index
from tests.storage import build

HERE = Place("console", "local", "terminal")
VIEWER = Viewer(DEFAULT_COMMUNITY, place=HERE)
TALK: build.Turns = (
    ("Ann", "Welcome to another episode of the Lighthouse Hour."),
    ("Bo", "A lighthouse lamp is only as good as the lens that stands around it."),
    ("Ann", "And how do you clean it?"),
    ("Ann", "This episode is brought to you by Harbour Rope."),
    ("Ann", "Their rope holds in any weather that you can think of."),
    ("Ann", "Head over to harbourrope.com to get 20% off your first rope."),
    ("Bo", "Fog is the worst weather for a keeper, because no beam gets through it."),
    ("Cy", "Gulls are the only neighbours that never ask a keeper for sugar."),
    ("Ann", "We'll see you all next week, take care."),
)
FIT = {1, 6, 7}
PAGE = Edition("page", "https://lamp.example/one")


@pytest.fixture
async def storage() -> AsyncIterator[Storage]:
    opened = await open_storage("sqlite:///:memory:")
    yield opened
    await opened.close()


@pytest.fixture
def quotes(storage: Storage, tmp_path: Path) -> Quotes:
    return Quotes(storage, open_index(tmp_path / "index"))


async def keep(storage: Storage, key: str = "one", slug: str = "harbour", page_says: str = "") -> EpisodeId:
    highlights = align_highlights([Highlight(page_says, 3000.0)] if page_says else [], build.lines_of(TALK))
    return await build.stored(storage, build.episode_import(key, TALK, editions=(PAGE,), highlights=highlights), slug)


async def picks(lines: RandomLines, times: int, **asked: str) -> list[Hit]:
    found = [
        await lines.pick(VIEWER, asked.get("show"), EpisodeId(asked["episode"]) if "episode" in asked else None, None)
        for _ in range(times)
    ]
    return [hit for hit in found if hit]


async def note(storage: Storage, hit: Hit) -> None:
    line = hit.lines[0]
    anchor = await storage.anchor(VIEWER, LineRange(hit.episode.id, line.n, line.n))
    assert anchor is not None
    await storage.note_shown(DEFAULT_COMMUNITY, HERE, anchor)


async def test_only_whole_lines_that_are_no_greeting_and_no_ad_are_picked(storage: Storage, quotes: Quotes) -> None:
    await keep(storage)
    hits = await picks(RandomLines(storage, quotes, Random(1)), 60)
    assert {hit.lines[0].n for hit in hits} == FIT
    assert all(hit.text == hit.lines[0].text for hit in hits)
    assert all(hit.url == f"https://lamp.example/one#t={int(hit.start_s or 0)}" for hit in hits)


async def test_lines_behind_highlights_come_first_in_the_transcripts_words(storage: Storage, quotes: Quotes) -> None:
    await keep(storage, page_says="Fog is really the worst weather for keepers: no beam gets through it!")
    hits = await picks(RandomLines(storage, quotes, Random(2)), 100)
    highlighted = [hit for hit in hits if hit.lines[0].n == 6]
    assert len(highlighted) > 55
    assert {hit.text for hit in highlighted} == {TALK[6][1]}
    assert all((hit.start_s or 0.0) < 60 for hit in highlighted)
    assert len({hit.lines[0].n for hit in hits}) == 3


async def test_nothing_is_shown_twice_until_all_was_shown(storage: Storage, quotes: Quotes) -> None:
    await keep(storage, page_says=TALK[6][1])
    lines = RandomLines(storage, quotes, Random(3))
    seen = []
    for _ in range(7):
        [hit] = await picks(lines, 1)
        seen.append(hit.lines[0].n)
        await note(storage, hit)
    assert set(seen[:3]) == FIT
    assert seen[3:6] == seen[:3]  # from then on the one shown longest ago
    assert seen[6] == seen[0]


async def test_what_one_place_saw_is_new_to_another(storage: Storage, quotes: Quotes) -> None:
    await keep(storage)
    lines = RandomLines(storage, quotes, Random(4))
    for hit in await picks(lines, 20):
        await note(storage, hit)
    elsewhere = replace(VIEWER, place=Place("console", "local", "other"))
    there = [await lines.pick(elsewhere, None, None, None) for _ in range(40)]
    assert {hit.lines[0].n for hit in there if hit} == FIT
    assert await lines.pick(replace(VIEWER, place=None), None, None, None) is not None


@pytest.mark.parametrize("level", list(Level))
async def test_a_withheld_line_is_never_picked(storage: Storage, quotes: Quotes, level: Level) -> None:
    episode = await keep(storage, page_says=TALK[6][1])
    lines = RandomLines(storage, quotes, Random(5))
    for _ in range(3):
        [hit] = await picks(lines, 1)
        await note(storage, hit)
    anchor = await storage.anchor(build.OPERATOR, LineRange(episode, 6, 6))
    assert anchor is not None
    await storage.put(DEFAULT_COMMUNITY, Withhold("w", level, anchor=anchor), "console:ann")
    for _ in range(20):
        [hit] = await picks(lines, 1)
        assert hit.lines[0].n in FIT - {6}
        await note(storage, hit)


async def test_show_episode_and_speaker_narrow_the_draw(storage: Storage, quotes: Quotes) -> None:
    one = await keep(storage)
    two = await keep(storage, "two", "tower")
    lines = RandomLines(storage, quotes, Random(6))
    assert {hit.episode.id for hit in await picks(lines, 20)} == {one, two}
    assert {hit.episode.id for hit in await picks(lines, 10, show="tower")} == {two}
    assert {hit.episode.id for hit in await picks(lines, 10, episode=one)} == {one}
    said = await lines.pick(VIEWER, None, None, "Cy")
    assert said is not None
    assert said.lines[0].speaker == "Cy"


async def test_a_speaker_who_is_heard_once_is_found_at_once(storage: Storage, quotes: Quotes) -> None:
    for n in range(60):
        await build.stored(storage, build.episode_import(f"part-{n}", TALK[:7]))
    only = await keep(storage, "last")
    hit = await RandomLines(storage, quotes, Random(9)).pick(VIEWER, None, None, "Cy")
    assert hit is not None
    assert (hit.episode.id, hit.speaker) == (only, "Cy")
    assert await RandomLines(storage, quotes, Random(9)).pick(VIEWER, "harbour", None, "Dee") is None


async def test_a_private_shows_line_links_no_enclosure(storage: Storage, quotes: Quotes) -> None:
    given = build.episode_import("one", TALK, editions=(Edition("audio", "https://cdn.example/secret/1.mp3"),))
    await build.stored(storage, given)
    [show] = await storage.shows(VIEWER)
    await storage.put_show(DEFAULT_COMMUNITY, replace(show, private=True, places=(HERE,)))
    [hit] = await picks(RandomLines(storage, quotes, Random(10)), 1)
    assert hit.url is None
    assert "secret" not in repr(hit)


async def test_nothing_is_picked_where_nothing_is(storage: Storage, quotes: Quotes) -> None:
    lines = RandomLines(storage, quotes, Random(7))
    assert await lines.pick(VIEWER, None, None, None) is None
    await keep(storage)
    await build.stored(storage, build.episode_import("small talk", TALK[:1]), "greetings")
    assert await lines.pick(VIEWER, "no such show", None, None) is None
    assert await lines.pick(VIEWER, "greetings", None, None) is None
    assert await lines.pick(VIEWER, None, EpisodeId("nosuchid"), None) is None
    assert await lines.pick(VIEWER, None, None, "Nobody") is None
    stranger = replace(VIEWER, community=CommunityId("elsewhere"))
    assert await lines.pick(stranger, None, None, None) is None


async def test_a_long_shelf_costs_no_more_than_a_short_one(storage: Storage, quotes: Quotes) -> None:
    for n in range(40):
        await keep(storage, f"part-{n}")
    lines = RandomLines(storage, quotes, Random(8))
    await picks(lines, 2)
    begun = time.perf_counter()
    assert len(await picks(lines, 20)) == 20
    assert (time.perf_counter() - begun) / 20 < 30  # a guard against a stall, not a timing
