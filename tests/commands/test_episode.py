"""``/episode``: what it is about; how episodes are named; the list behind it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot import texts
from bot.services.episodes import chapter_names, episode_names, show_names, speaker_names
from tests.commands.world import OTHER, STAFF, Times, World
from tests.storage.build import episode_import


async def test_none_named_is_the_latest(member: World) -> None:
    assert (await member.ask("/episode")).title == "Storms at sea"
    await member.ask("/episode lighthouses")
    assert (await member.ask("/episode")).title == "Storms at sea"


async def test_an_episode_shows_summary_people_and_links(member: World) -> None:
    reply = await member.ask("/episode lighthouses")
    assert reply.text == "Bo kept a lamp for nine winters."
    shown = {row.label: row.value for row in reply.fields}
    assert shown[texts.PEOPLE] == "Ann Keeper, Bo Sailor"
    assert shown[texts.PUBLISHED] == "2024-01-01"
    assert "Bo" in shown[texts.WHO_SPEAKS]
    assert {one.url for one in reply.links} == {
        "https://harbour.example/1",
        "https://www.youtube.com/watch?v=abc",
    }
    assert (await member.press_label(reply, texts.CHAPTERS)).title == "Chapters of Lamps and lighthouses"
    assert (await member.press_label(reply, texts.A_LINE)).quotes[0].episode == "Lamps and lighthouses"


@pytest.mark.parametrize(
    ("words", "title"),
    [
        pytest.param("storms", "Storms at sea", id="key"),
        pytest.param("kitchen/bread", "Slow bread", id="show and key"),
        pytest.param("1", "Lamps and lighthouses", id="number"),
        pytest.param("latest", "Storms at sea", id="latest"),
        pytest.param("latest show:kitchen", "Slow bread", id="latest of a show"),
        pytest.param("2 show:kitchen", "Slow bread", id="number in a show"),
        pytest.param("the lighthouses one", "Lamps and lighthouses", id="part of the title"),
        pytest.param("https://harbour.example/1", "Lamps and lighthouses", id="link"),
    ],
)
async def test_an_episode_is_named_in_many_ways(member: World, words: str, title: str) -> None:
    assert (await member.ask(f"/episode {words}")).title == title


async def test_a_name_that_fits_two_names_both_and_one_can_be_pressed(member: World) -> None:
    reply = await member.ask("/episode 2")
    assert reply.outcome == "ambiguous"
    assert "Storms at sea" in reply.text
    assert "Slow bread" in reply.text
    assert reply.choices
    assert (await member.press(reply.choices.options[1].action)).title == "Slow bread"


async def test_a_default_show_settles_what_is_meant(member: World, admin: World) -> None:
    await admin.ask("/pullquote settings name:show value:kitchen")
    assert (await member.ask("/episode 2")).title == "Slow bread"
    assert (await member.ask("/episode")).title == "Slow bread"
    assert (await member.as_(place=STAFF).ask("/episode 2")).outcome == "ambiguous"


async def test_a_thread_of_an_episode_means_that_episode(member: World) -> None:
    [bread] = [one for one in await member.storage.episodes(member.context.viewer) if one.key == "bread"]
    thread = replace(member, context=replace(member.context, episode=bread.id))
    assert (await thread.ask("/episode")).title == "Slow bread"


async def test_what_was_shown_last_is_meant_for_a_day(member: World) -> None:
    assert isinstance(member.clock, Times)
    await member.ask("/episode lighthouses")
    assert (await member.ask("/quote 0:01")).quotes[0].episode == "Lamps and lighthouses"
    assert (await member.as_("noa").ask("/quote 0:01")).quotes[0].episode == "Storms at sea"
    member.clock.pass_hours(25)
    assert (await member.ask("/quote 0:01")).quotes[0].episode == "Storms at sea"


async def test_a_name_that_fits_none_says_what_is_there(member: World) -> None:
    reply = await member.ask("/episode submarines")
    assert reply.outcome == "not_found"
    assert "Storms at sea" in reply.text
    assert "harbour/" not in reply.text  # a key may be a file's name


async def test_the_list_is_newest_first_and_opens(member: World) -> None:
    reply = await member.ask("/episodes harbour")
    assert [row.label for row in reply.fields] == ["2024-02-01", "2024-01-01"]
    assert reply.choices
    assert (await member.press(reply.choices.options[1].action)).title == "Lamps and lighthouses"
    assert (await member.ask("/episodes page:9")).outcome == "not_found"


async def test_the_list_marks_what_was_withdrawn_and_shows_no_file_name(member: World) -> None:
    gone = episode_import("Ep_07_final", None, title="Tides", number=7)
    await member.save(replace(gone, withdrawn=datetime(2024, 3, 1, tzinfo=UTC)))
    rows = {row.value for row in (await member.ask("/episodes harbour")).fields}
    assert rows == {"Tides · withdrawn", "Storms at sea", "Lamps and lighthouses"}
    everywhere = [row.value for row in (await member.ask("/episodes")).fields]
    assert "Storms at sea · Harbour Tales" in everywhere


async def test_a_machines_transcript_is_labelled(member: World) -> None:
    shown = {row.label: row.value for row in (await member.ask("/episode bread")).fields}
    assert shown[texts.TRANSCRIPT].endswith("written by a machine")


async def test_the_list_has_pages(member: World) -> None:
    for n in range(12):
        await member.save(episode_import(f"extra-{n}", None), "kitchen")
    first = await member.ask("/episodes kitchen")
    second = await member.press_label(first, texts.NEXT_PAGE)
    assert len(first.fields) + len(second.fields) == 13
    back = await member.press_label(second, texts.PREVIOUS_PAGE)
    assert back.fields == first.fields


async def test_private_and_foreign_episodes_are_not_there(member: World) -> None:
    for words in ("merger", "vault/merger", "pruning", "orchard/pruning"):
        reply = await member.ask(f"/episode {words}")
        assert reply.outcome == "not_found"
    assert "merger" not in (await member.ask("/episodes")).plain().lower()
    assert (await member.as_(place=STAFF).ask("/episode merger")).title == "The merger"
    assert (await member.as_(community=OTHER).ask("/episode")).title == "Pruning"


async def test_names_are_completed_from_what_may_be_seen(member: World) -> None:
    assert await show_names(member.context, "") == ["harbour", "kitchen"]
    assert await show_names(member.context, "kit") == ["kitchen"]
    assert await episode_names(member.context, "sea") == ["Storms at sea"]
    assert set(await speaker_names(member.context, "")) == {"Ann", "Bo", "Cy"}
    assert "vault" in await show_names(member.as_(place=STAFF).context, "")
    await member.ask("/episode lighthouses")
    assert await chapter_names(member.context, "reef") == ["Boats on the reef"]
