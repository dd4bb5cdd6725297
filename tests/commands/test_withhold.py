"""``/pullquote withhold``: what is taken out is out of every command, and can be brought back."""

from __future__ import annotations

import pytest

from bot import texts
from bot.domain import Withhold
from bot.reply import Reply
from tests.commands.world import World, lighthouses

NINE = "I once kept a lighthouse for nine winters."
EVERY_DOOR = (
    f"/quote {NINE}",
    "/quote nine winters",
    "/quote nine winters speaker:Bo",
    "/quote 0:08 episode:lighthouses",
    "/quote https://youtu.be/abc?t=18",
    "/quote episode:lighthouses",
    f"/match {NINE} skip:0",
    f"/match {NINE} skip:1",
    "/chapter 2 episode:lighthouses",
    "/chapter kept a lighthouse episode:lighthouses",
    "/chapters lighthouses",
    f"/quotes save {NINE}",
    "/quotes list",
    "/quote 0:11 episode:lighthouses",
)


async def everything(world: World) -> str:
    """All that a member can get to see, buttons included."""
    replies = [await world.ask(line) for line in EVERY_DOOR]
    pressed = [await world.press(action) for reply in replies for action in reply.actions]
    return "\n".join(reply.plain() for reply in replies + pressed).lower()


async def withheld(world: World, line: str) -> Reply:
    reply = await world.ask(f"/pullquote withhold {line} yes:true")
    assert reply.outcome == "done", reply.plain()
    return reply


async def test_without_yes_it_shows_the_line_and_asks(member: World, editor: World) -> None:
    reply = await editor.ask(f"/pullquote withhold {NINE}")
    assert reply.outcome == "confirm"
    assert [quote.text for quote in reply.quotes] == [NINE]
    assert (await member.ask(f"/quote {NINE}")).quotes[0].text == NINE
    done = await editor.press_label(reply, texts.YES)
    assert done.outcome == "done"
    assert NINE.lower() not in await everything(member)


@pytest.mark.parametrize("level", ["hidden", "erased"])
async def test_a_withheld_line_is_behind_no_door(member: World, editor: World, level: str) -> None:
    await withheld(editor, f"{NINE} level:{level}")
    assert NINE.lower() not in await everything(member)
    assert NINE.lower() not in await everything(editor)


async def test_exactly_the_line_is_withheld(member: World, editor: World) -> None:
    before = [line.text for line in await lines(member)]
    await withheld(editor, NINE)
    assert [line for line in before if line not in [one.text for one in await lines(member)]] == [NINE]


async def test_it_stays_withheld_when_the_episode_is_imported_again(member: World, editor: World) -> None:
    from tests.commands.world import LIGHTHOUSES

    await withheld(editor, NINE)
    await member.save(lighthouses())
    assert NINE.lower() not in await everything(member)
    await member.save(lighthouses((("Ann", "A new opening line stands before all others now."), *LIGHTHOUSES)))
    assert NINE.lower() not in await everything(member)


async def test_the_answer_says_how_to_bring_it_back(member: World, editor: World) -> None:
    reply = await withheld(editor, NINE)
    assert "/pullquote undo" in (reply.footer or "")
    assert (await editor.press_label(reply, texts.UNDO)).outcome == "done"
    assert (await member.ask(f"/quote {NINE}")).quotes[0].text == NINE


async def test_an_erased_lines_words_are_repeated_nowhere(editor: World) -> None:
    reply = await withheld(editor, f"{NINE} level:erased")
    history = await editor.ask("/pullquote history")
    undone = await editor.ask("/pullquote undo")
    for shown in (reply, history, undone):
        assert "nine winters" not in shown.plain().lower()
    [record] = [one.before or one.after for one in await editor.storage.history(editor.context.community, limit=1)]
    assert isinstance(record, Withhold)
    assert record.anchor
    assert record.anchor.text == ""


async def test_words_that_fit_nothing_well_withhold_nothing(member: World, editor: World) -> None:
    for words in ("colourless green ideas sleep furiously", "xylophone"):
        assert (await editor.ask(f"/pullquote withhold {words} yes:true")).outcome == "not_found"
    assert await member.storage.records(member.context.community, "withhold") == []


async def test_a_stretch_is_withheld_by_its_times(member: World, editor: World) -> None:
    asked = await editor.ask("/pullquote withhold episode:lighthouses start:0:07 end:0:15")
    assert asked.outcome == "confirm"
    await editor.press_label(asked, texts.YES)
    said = " ".join(line.text for line in await lines(member))
    assert "nine winters" not in said
    assert "third night" not in said
    assert "Did you call the coast guard?" in said


@pytest.mark.parametrize(
    "line",
    [
        "episode:lighthouses start:0:07",
        "episode:lighthouses start:0:15 end:0:07",
        "episode:lighthouses start:soon end:later",
        "",
        "words person:Bo",
        "yes:true",
        "show:harbour yes:true",
    ],
)
async def test_what_is_not_clear_is_asked_back_and_changes_nothing(editor: World, line: str) -> None:
    reply = await editor.ask(f"/pullquote withhold {line}")
    assert reply.outcome == "usage"
    assert await editor.storage.records(editor.context.community, "withhold") == []


async def test_a_whole_episode_is_withheld(member: World, editor: World) -> None:
    asked = await editor.ask("/pullquote withhold episode:lighthouses")
    assert "whole episode" in asked.text
    await editor.press_label(asked, texts.YES)
    assert (await member.ask("/episode lighthouses")).outcome == "not_found"
    assert NINE.lower() not in await everything(member)
    await editor.ask("/pullquote undo")
    assert (await member.ask("/episode lighthouses")).outcome == "found"


async def test_a_person_is_withheld_in_one_show(member: World, editor: World) -> None:
    asked = await editor.ask("/pullquote withhold person:bo")
    assert "everything that Bo says in Harbour Tales" in asked.text
    await editor.press_label(asked, texts.YES)
    assert {line.speaker for line in await lines(member)} == {"Ann"}
    assert (await member.ask("/quote lamp speaker:Bo")).outcome == "not_found"


async def test_not_featured_is_still_found_when_asked_for(member: World, editor: World) -> None:
    await withheld(editor, f"{NINE} level:not_featured")
    assert (await member.ask(f"/quote {NINE}")).quotes[0].text == NINE
    for _ in range(10):
        assert (await member.ask("/quote episode:lighthouses")).quotes[0].text != NINE


async def test_the_level_of_a_withheld_thing_can_be_raised(editor: World) -> None:
    await withheld(editor, f"{NINE} level:not_featured")
    await withheld(editor, f"{NINE} level:hidden")
    [record] = await editor.storage.records(editor.context.community, "withhold")
    assert isinstance(record, Withhold)
    assert record.level.value == "hidden"


async def test_members_may_not_withhold(member: World) -> None:
    reply = await member.ask(f"/pullquote withhold {NINE} yes:true")
    assert reply.outcome == "not_allowed"
    assert "editor" in reply.text


async def lines(world: World) -> list:  # type: ignore[type-arg]
    [one] = [one for one in await world.storage.episodes(world.context.viewer) if one.key == "lighthouses"]
    return await world.storage.lines(world.context.viewer, one.id)
