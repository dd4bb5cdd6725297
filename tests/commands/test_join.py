"""``/pullquote join`` and ``split``: which files are one episode, said by a person, and taken back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot import texts
from bot.domain import EpisodeImport
from tests.commands.world import World
from tests.storage.build import episode_import
from tests.storage.joined import polled

HEIST: EpisodeImport = EpisodeImport(
    "the-great-heist", "The Great Heist", number=42, guid="g-42", published=datetime(2021, 3, 4, tzinfo=UTC)
)
FILE = episode_import("ep042", (("Bo", "Nobody had counted the lanterns before the great flood."),), title="Episode 42")


@pytest.fixture
async def apart(admin: World) -> World:
    """The feed's episode, and a transcript that came by itself."""
    home = next(show for show in await admin.storage.shows(admin.context.viewer) if show.slug == "harbour")
    await admin.storage.apply_poll(polled(home.id, HEIST))
    await admin.save(FILE)
    return admin


async def keys(world: World) -> set[str]:
    return {one.key for one in await world.storage.episodes(world.context.viewer)} & {"the-great-heist", "ep042"}


async def test_two_episodes_become_one_and_undo_makes_them_two(apart: World) -> None:
    done = await apart.ask('/pullquote join harbour/ep042 into:"the great heist"')
    assert (done.outcome, "The Great Heist" in done.text, "undo" in (done.footer or "")) == ("done", True, True)
    assert await keys(apart) == {"the-great-heist"}
    found = (await apart.ask("/quote nobody had counted the lanterns")).quotes[0]
    assert (found.text, found.episode) == ("Nobody had counted the lanterns before the great flood.", "The Great Heist")
    assert (await apart.press_label(done, texts.UNDO)).outcome == "done"
    assert await keys(apart) == {"the-great-heist", "ep042"}


async def test_what_was_joined_wrongly_is_split(apart: World) -> None:
    await apart.ask('/pullquote join harbour/ep042 into:"the great heist"')
    done = await apart.ask("/pullquote split the great heist")
    assert done.outcome == "done"
    heist = next(one for one in await apart.storage.episodes(apart.context.viewer) if one.key == "the-great-heist")
    assert (heist.lines, heist.guid) == (0, "g-42")
    assert (await apart.press_label(done, texts.UNDO)).outcome == "done"


async def test_an_episode_is_not_joined_to_itself_or_to_another_shows(apart: World) -> None:
    assert (await apart.ask("/pullquote join harbour/ep042 into:harbour/ep042")).outcome == "usage"
    elsewhere = next(
        one for one in await apart.storage.episodes(apart.context.viewer) if one.show_slug not in ("harbour", "")
    )
    line = f"/pullquote join {elsewhere.show_slug}/{elsewhere.key} into:harbour/ep042"
    assert (await apart.ask(line)).outcome in ("usage", "not_found")


async def test_what_cannot_be_joined_or_split_says_why(apart: World) -> None:
    both = await apart.ask("/pullquote join harbour/lighthouses into:harbour/ep042")
    assert both.outcome == "user_error"
    assert both.text
    assert (await apart.ask("/pullquote join harbour/nothing into:harbour/ep042")).outcome == "not_found"
    assert (await apart.ask("/pullquote split harbour/the-great-heist")).outcome == "user_error"


@pytest.mark.parametrize("line", ["join a into:b", "split a"])
async def test_who_is_no_admin_is_refused(member: World, editor: World, line: str) -> None:
    assert (await member.ask(f"/pullquote {line}")).outcome == "not_allowed"
    assert (await editor.ask(f"/pullquote {line}")).outcome == "not_allowed"
