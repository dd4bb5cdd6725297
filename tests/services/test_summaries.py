"""Chapter summaries through storage: kept by what is seen, so that a withheld or fixed line never comes back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.domain import DEFAULT_COMMUNITY, Chapter, CommunityId, Episode, EpisodeId, Fix, Level, Line, Withhold
from bot.ports import LineRange, Storage
from bot.rules.summary import ChapterSummary
from bot.services import summaries as module
from bot.services.summaries import Summaries
from storage import open_storage
from tests.storage import build

TALK: build.Turns = (
    ("Ann", "Welcome to another episode of the Lighthouse Hour."),
    ("Bo", "A lighthouse lamp is only as good as the lens that stands around it."),
    ("Bo", "The lens bends all of the light of the lamp into one narrow beam."),
    ("Bo", "You clean the lens with vinegar and a soft cloth, never with sand."),
    ("Ann", "Keepers of old polished the glass of the lens every single morning."),
    ("Bo", "Fog is the worst weather for a keeper, because no beam gets through it."),
    ("Bo", "A fog horn carries three miles in fog when the wind is with it."),
)
CHAPTERS = build.chapters((0.0, "The lens"), (30.0, "Fog"))


@pytest.fixture
async def storage() -> AsyncIterator[Storage]:
    opened = await open_storage("sqlite:///:memory:")
    yield opened
    await opened.close()


async def kept(storage: Storage) -> Episode:
    id = await build.stored(storage, build.episode_import("one", TALK, chapters=CHAPTERS))
    episode = await storage.episode(build.MEMBER, id)
    assert episode is not None
    return episode


def shown(summaries: list[ChapterSummary]) -> list[Line]:
    return [line for one in summaries for line in one.lines]


async def withhold(storage: Storage, episode: EpisodeId, line: Line, level: Level) -> None:
    anchor = await storage.anchor(build.OPERATOR, LineRange(episode, line.n, line.n))
    assert anchor is not None
    await storage.put(DEFAULT_COMMUNITY, Withhold("w", level, anchor=anchor), "console:ann")


async def test_a_chapter_is_told_by_its_own_lines(storage: Storage) -> None:
    episode = await kept(storage)
    lens, fog = await Summaries(storage).of(build.MEMBER, episode, CHAPTERS)
    assert lens.chapter.title == "The lens"
    assert 2 <= len(lens.lines) <= 3
    assert {line.n for line in fog.lines} == {5, 6}
    assert fog.speakers == (("Bo", 1.0),)


async def test_the_second_time_it_is_recalled_not_chosen(storage: Storage) -> None:
    episode = await kept(storage)
    await Summaries(storage).prepare(build.MEMBER, episode)

    class _NoWork:
        async def run(self, work: object) -> object:
            raise AssertionError("chosen again")

    first = await Summaries(storage).of(build.MEMBER, episode, CHAPTERS)
    assert await Summaries(storage, _NoWork()).of(build.MEMBER, episode, CHAPTERS) == first  # type: ignore[arg-type]


@pytest.mark.parametrize("level", list(Level))
async def test_a_withheld_line_does_not_come_back_from_the_cache(storage: Storage, level: Level) -> None:
    episode = await kept(storage)
    before = shown(await Summaries(storage).of(build.MEMBER, episode, CHAPTERS))
    await withhold(storage, episode.id, before[0], level)
    after = shown(await Summaries(storage).of(build.MEMBER, episode, CHAPTERS))
    assert before[0].n not in {line.n for line in after}
    await storage.undo(DEFAULT_COMMUNITY, None, "console:ann")
    assert shown(await Summaries(storage).of(build.MEMBER, episode, CHAPTERS)) == before


async def test_a_fixed_line_is_shown_as_fixed(storage: Storage) -> None:
    episode = await kept(storage)
    line = shown(await Summaries(storage).of(build.MEMBER, episode, CHAPTERS))[0]
    anchor = await storage.anchor(build.OPERATOR, LineRange(episode.id, line.n, line.n))
    assert anchor is not None
    fixed = line.text.replace("lens", "Fresnel lens")
    await storage.put(DEFAULT_COMMUNITY, Fix("f", anchor, "text", fixed), "console:ann")
    after = shown(await Summaries(storage).of(build.MEMBER, episode, CHAPTERS))
    assert line.text not in {one.text for one in after}
    assert fixed in {one.text for one in after}


async def test_other_communities_and_other_chapters_have_summaries_of_their_own(storage: Storage) -> None:
    episode = await kept(storage)
    whole = await Summaries(storage).of(build.MEMBER, episode, [Chapter(1, 0.0, None, "All of it")])
    parts = await Summaries(storage).of(build.MEMBER, episode, CHAPTERS)
    assert (len(whole), len(parts)) == (1, 2)
    stranger = replace(build.MEMBER, community=CommunityId("elsewhere"))
    assert shown(await Summaries(storage).of(stranger, episode, CHAPTERS)) == []


@pytest.mark.parametrize("body", ["", "no json", "{}", "[[0], [99]]", '[["0"]]', "[[1]]", "[1, 2]"])
async def test_a_damaged_cache_is_made_again(storage: Storage, body: str) -> None:
    episode = await kept(storage)
    good = await Summaries(storage).of(build.MEMBER, episode, CHAPTERS)
    await storage.cache(module._key(await storage.lines(build.MEMBER, episode.id), CHAPTERS), body)
    assert await Summaries(storage).of(build.MEMBER, episode, CHAPTERS) == good


async def test_without_chapters_or_transcript_there_is_nothing_to_prepare(storage: Storage) -> None:
    id = await build.stored(storage, build.episode_import("two", None, chapters=CHAPTERS))
    episode = await storage.episode(build.MEMBER, id)
    assert episode is not None
    await Summaries(storage).prepare(build.MEMBER, episode)
    assert await Summaries(storage).of(build.MEMBER, episode, ()) == []
    assert [one.lines for one in await Summaries(storage).of(build.MEMBER, episode, CHAPTERS)] == [(), ()]
