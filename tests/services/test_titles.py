"""Names kept in memory: never older than the database, never another viewer's."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain import DEFAULT_COMMUNITY, CommunityId, Level, Place, Role, Viewer, Withhold
from bot.ports import Storage
from bot.services.titles import Titles
from storage import open_storage
from tests.commands.world import HALL, OTHER, STAFF, fill, lighthouses
from tests.storage.build import episode_import

MEMBER = Viewer(DEFAULT_COMMUNITY, Role.member, HALL)
EDITOR_IN_STAFF = Viewer(DEFAULT_COMMUNITY, Role.editor, STAFF)
OPERATOR = Viewer(DEFAULT_COMMUNITY, Role.operator)


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    opened = await open_storage(f"sqlite:///{tmp_path / 'titles.db'}")
    await fill(opened)
    yield opened
    await opened.close()


async def names(titles: Titles, viewer: Viewer) -> list[str]:
    return [one.name for one in await titles.names(viewer)]


async def test_names_stand_newest_first(storage: Storage) -> None:
    assert await names(Titles(storage, 0.0), MEMBER) == ["Storms at sea", "Lamps and lighthouses", "Slow bread"]


async def test_viewers_with_other_rights_never_share_what_is_kept(storage: Storage) -> None:
    titles = Titles(storage, 0.0)
    for _ in range(2):
        assert "The merger" in await names(titles, OPERATOR)
        assert "The merger" in await names(titles, EDITOR_IN_STAFF)
        assert "The merger" not in await names(titles, MEMBER)
        assert not await titles.exactly(MEMBER, "The merger")
        assert sum((await titles.counts(MEMBER)).values()) == 3
        assert await names(titles, Viewer(OTHER, Role.operator)) == ["Pruning"]
        direct = Viewer(DEFAULT_COMMUNITY, Role.admin, STAFF, direct=True)
        assert "The merger" not in await names(titles, direct)


async def test_an_unknown_community_sees_nothing(storage: Storage) -> None:
    titles = Titles(storage, 0.0)
    await names(titles, OPERATOR)
    assert await names(titles, Viewer(CommunityId("nobody"), Role.operator, Place("console", "x", "y"))) == []


async def test_a_withheld_episode_is_gone_at_once_and_back_after_undo(storage: Storage) -> None:
    titles = Titles(storage, 0.0)
    [id] = await titles.exactly(MEMBER, "storms at SEA")
    await storage.put(DEFAULT_COMMUNITY, Withhold("w", Level.hidden, episode=id), "console:ann")
    assert "Storms at sea" not in await names(titles, MEMBER)
    assert not await titles.exactly(MEMBER, "Storms at sea")
    await storage.undo(DEFAULT_COMMUNITY, None, "console:ann")
    assert "Storms at sea" in await names(titles, MEMBER)


async def test_another_process_s_episode_and_new_title_are_there_at_the_next_look(
    storage: Storage, tmp_path: Path
) -> None:
    titles = Titles(storage, 0.0)
    await names(titles, MEMBER)
    [harbour, *_] = [one for one in await storage.shows(OPERATOR) if one.slug == "harbour"]
    other = await open_storage(f"sqlite:///{tmp_path / 'titles.db'}")
    await other.save_episode(DEFAULT_COMMUNITY, harbour.id, episode_import("fog", None, title="Fog"))
    assert "Fog" in await names(titles, MEMBER)
    assert (await titles.counts(MEMBER))[harbour.id] == 3
    await other.save_episode(DEFAULT_COMMUNITY, harbour.id, episode_import("fog", None, title="Thick fog"))
    assert "Thick fog" in await names(titles, MEMBER)
    assert "Fog" not in await names(titles, MEMBER)
    await other.close()


async def test_a_show_made_private_takes_its_names_along(storage: Storage) -> None:
    from dataclasses import replace

    titles = Titles(storage, 0.0)
    await names(titles, MEMBER)
    [harbour] = [one for one in await storage.shows(OPERATOR) if one.slug == "harbour"]
    await storage.put_show(DEFAULT_COMMUNITY, replace(harbour, private=True))
    assert await names(titles, MEMBER) == ["Slow bread"]
    assert "Storms at sea" in await names(titles, OPERATOR)


async def test_what_follows_changes_is_what_reading_anew_gives(storage: Storage) -> None:
    followed = Titles(storage, 0.0)
    await names(followed, OPERATOR)
    [harbour] = [one for one in await storage.shows(OPERATOR) if one.slug == "harbour"]
    for n in range(12):
        title = "Lamps and lighthouses" if n % 3 == 0 else f"Tide {n % 5}"
        await storage.save_episode(DEFAULT_COMMUNITY, harbour.id, episode_import(f"e{n}", None, title=title, number=n))
        await storage.save_episode(DEFAULT_COMMUNITY, harbour.id, lighthouses())
        assert await names(followed, OPERATOR) == await names(Titles(storage, 0.0), OPERATOR)


async def test_an_episode_joined_into_another_has_no_name_any_more(storage: Storage) -> None:
    titles = Titles(storage, 0.0)
    [harbour] = [one for one in await storage.shows(OPERATOR) if one.slug == "harbour"]
    plain = await storage.save_episode(DEFAULT_COMMUNITY, harbour.id, episode_import("x", None, title="Gales"))
    [storms] = await titles.exactly(OPERATOR, "Storms at sea")
    assert "Gales" in await names(titles, OPERATOR)
    await storage.join_episodes(DEFAULT_COMMUNITY, storms, plain.episode, "console:ann")
    assert await names(titles, OPERATOR) == await names(Titles(storage, 0.0), OPERATOR)
    assert not await titles.exactly(OPERATOR, "Gales")
