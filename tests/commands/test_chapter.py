"""``/chapters`` and ``/chapter``: finding one's way in an episode."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot import texts
from bot.domain import EpisodeId, Role
from tests.commands.world import OTHER, STORMS, World, lighthouses
from tests.storage.build import chapters, episode_import


async def test_chapters_are_listed_with_times_and_links(member: World) -> None:
    reply = await member.ask("/chapters lighthouses")
    assert reply.outcome == "listed"
    assert reply.title == "Chapters of Lamps and lighthouses"
    assert [row.label for row in reply.fields] == ["0:00", "0:07", "0:27"]
    assert reply.fields[1].url == "https://www.youtube.com/watch?v=abc&t=17"


async def test_both_replies_name_where_the_chapters_came_from(member: World) -> None:
    one = lighthouses()
    assert one.chapters
    await member.save(replace(one, chapters=tuple(replace(chapter, source="audio") for chapter in one.chapters)))
    for asked in ("/chapters lighthouses", "/chapter 2 episode:lighthouses"):
        assert "Chapters from the audio file" in ((await member.ask(asked)).footer or "")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("json", "publisher's chapters file"),
        ("psc", "feed"),
        ("audio", "audio file"),
        ("page", "page"),
        ("notes", "show notes"),
        ("feed", "show notes"),
    ],
)
def test_every_source_has_its_words(source: str, words: str) -> None:
    assert words in texts.chapters_from(source)


async def test_choosing_a_chapter_opens_it(member: World) -> None:
    reply = await member.ask("/chapters lighthouses")
    assert reply.choices
    opened = await member.press(reply.choices.options[1].action)
    assert opened.title
    assert opened.title.startswith("Chapter 2: Nine winters")


async def test_without_an_episode_the_latest_that_has_chapters_is_meant(member: World) -> None:
    assert (await member.ask("/chapters show:harbour")).title == "Chapters of Lamps and lighthouses"
    assert (await member.ask("/chapters")).title == "Chapters of Lamps and lighthouses"


async def test_who_says_latest_means_the_latest(member: World) -> None:
    reply = await member.ask("/chapters latest show:harbour")
    assert "Storms at sea" in reply.text


async def test_an_episode_without_chapters_says_so_and_offers_others(member: World) -> None:
    reply = await member.ask("/chapters storms")
    assert reply.outcome == "not_found"
    listed = await member.press_label(reply, texts.OTHER_EPISODES)
    assert "Lamps and lighthouses" in listed.plain()


@pytest.mark.parametrize(
    ("asked", "n"),
    [
        pytest.param("2", 2, id="number"),
        pytest.param("chapter 3", 3, id="number in words"),
        pytest.param("0:07", 2, id="time at its start"),
        pytest.param("0:20", 2, id="time inside"),
        pytest.param("nine winters", 2, id="topic"),
        pytest.param("boats", 3, id="one word"),
    ],
)
async def test_a_chapter_is_found_by_number_time_or_topic(member: World, asked: str, n: int) -> None:
    reply = await member.ask(f"/chapter {asked}")
    assert reply.outcome == "found"
    assert reply.title
    assert reply.title.startswith(f"Chapter {n}:")
    assert "Lamps and lighthouses" in (reply.footer or "")


async def test_a_topic_of_no_title_is_looked_for_in_what_is_said(member: World) -> None:
    reply = await member.ask("/chapter every sailor swam ashore alive")
    assert reply.title
    assert reply.title.startswith("Chapter 3:")
    assert reply.text.startswith("No chapter title says")
    assert reply.quotes[0].text == "Every sailor swam ashore alive."


async def test_a_topic_that_is_nowhere_says_so_and_lists_the_chapters(member: World) -> None:
    reply = await member.ask("/chapter xylophone quizzes")
    assert reply.outcome == "nothing_fits"
    assert reply.choices
    assert len(reply.choices.options) == 3


@pytest.mark.parametrize("asked", ["9", "0", "#77"])
async def test_a_chapter_that_is_not_there_says_so(member: World, asked: str) -> None:
    reply = await member.ask(f"/chapter {asked}")
    assert reply.outcome == "not_found"


async def test_a_chapter_shows_verbatim_key_lines_and_who_speaks(member: World) -> None:
    reply = await member.ask("/chapter 2 episode:lighthouses")
    said = {line.text for line in await member.storage.lines(member.context.viewer, await lighthouses_id(member))}
    assert reply.quotes
    assert all(quote.text in said for quote in reply.quotes)
    assert [row.label for row in reply.fields] == [texts.WHO_SPEAKS]
    assert "Bo" in reply.fields[0].value


async def test_next_and_previous_lead_through_the_chapters(member: World) -> None:
    second = await member.press_label(await member.ask("/chapter 1"), texts.NEXT_CHAPTER)
    third = await member.press_label(second, texts.NEXT_CHAPTER)
    assert third.title
    assert third.title.startswith("Chapter 3:")
    assert texts.NEXT_CHAPTER not in [action.label for action in third.actions]
    again = await member.press_label(third, texts.PREVIOUS_CHAPTER)
    assert again.title == second.title
    assert (await member.press_label(again, texts.ALL_CHAPTERS)).outcome == "listed"


async def test_a_withheld_line_is_no_key_line(member: World) -> None:
    before = await member.ask("/chapter 2 episode:lighthouses")
    editor = member.as_("ed", Role.editor)
    for quote in before.quotes:
        done = await editor.ask(f"/pullquote withhold {quote.text} yes:true")
        assert done.outcome == "done"
    after = await member.ask("/chapter 2 episode:lighthouses")
    assert not {quote.text for quote in before.quotes} & {quote.text for quote in after.quotes}


async def test_another_community_does_not_see_the_chapters(member: World) -> None:
    other = member.as_(community=OTHER)
    reply = await other.ask("/chapters lighthouses")
    assert reply.outcome == "not_found"
    assert "Nine winters" not in reply.plain()


async def lighthouses_id(world: World) -> EpisodeId:
    episodes = await world.storage.episodes(world.context.viewer)
    return next(one.id for one in episodes if one.key == "lighthouses")


async def test_a_topic_of_another_episode_is_found_when_none_is_named(member: World) -> None:
    later = datetime(2024, 5, 31, tzinfo=UTC)
    newer = episode_import(
        "bells", STORMS, title="Bells", published=later, chapters=chapters((0.0, "A bell in the fog"))
    )
    await member.save(newer)
    assert "Bells" in (await member.ask("/chapter bell in the fog")).plain()
    reply = await member.ask("/chapter boats on the reef")
    assert reply.outcome == "found"
    assert "Boats on the reef" in (reply.title or "")
    named = await member.ask('/chapter boats on the reef episode:"bells"')
    assert named.outcome == "nothing_fits", "a named episode is not left"


async def test_a_word_that_only_resembles_a_topic_is_not_called_said(member: World) -> None:
    reply = await member.ask("/chapter zzyzx quagmire")
    assert reply.outcome == "nothing_fits"
