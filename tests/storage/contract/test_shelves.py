"""Communities and shelves: who has which show, under which name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain import DEFAULT_COMMUNITY, CommunityId, Place, Viewer
from bot.errors import NotFound, UserError
from bot.ports import Storage
from tests.storage.build import MEMBER, OPERATOR, episode_import, shelved, show, stored

OTHER = CommunityId("other")
OTHERS = Viewer(OTHER)


async def test_a_workspace_belongs_to_one_community(storage: Storage) -> None:
    assert await storage.community_of("discord", "guild") is None
    await storage.link_workspace(DEFAULT_COMMUNITY, "discord", "guild")
    assert await storage.community_of("discord", "guild") == DEFAULT_COMMUNITY
    await storage.link_workspace(OTHER, "discord", "guild")
    assert await storage.community_of("discord", "guild") == OTHER
    assert await storage.community_of("slack", "guild") is None


async def test_shows_come_by_title(storage: Storage) -> None:
    await storage.put_show(DEFAULT_COMMUNITY, show("b", "beta"))
    await storage.put_show(DEFAULT_COMMUNITY, show("a", "Alpha"))
    assert [each.title for each in await storage.shows(MEMBER)] == ["Alpha", "beta"]


async def test_a_show_keeps_all_that_was_said_of_it(storage: Storage) -> None:
    places = (Place("slack", "T1", "C2"), Place("discord", "1", "2"))
    given = replace(
        show(), feed_url="https://x.test/feed", page_url="https://x.test", language="de", private=True, places=places,
        roles=("9", "8"),
    )  # fmt: skip
    assert await storage.put_show(DEFAULT_COMMUNITY, given) == given
    assert await storage.shows(OPERATOR) == [given]
    changed = replace(given, title="New", slug="new", places=places[:1], roles=(), private=False)
    await storage.put_show(DEFAULT_COMMUNITY, changed)
    assert await storage.shows(MEMBER) == [changed]


async def test_a_slug_names_one_show_on_a_shelf(storage: Storage) -> None:
    await shelved(storage, "harbour")
    with pytest.raises(UserError, match="harbour"):
        await storage.put_show(DEFAULT_COMMUNITY, show("harbour", "Another"))
    await storage.put_show(OTHER, show("harbour", "Theirs"))
    assert [each.title for each in await storage.shows(OTHERS)] == ["Theirs"]


async def test_a_shared_show_is_stored_once_and_named_twice(storage: Storage) -> None:
    episode = await stored(storage)
    [ours] = await storage.shows(MEMBER)
    await storage.shelve(OTHER, ours.id, "port")
    [theirs] = await storage.shows(OTHERS)
    assert (theirs.id, theirs.slug, theirs.title) == (ours.id, "port", "Harbour")
    seen = await storage.episode(OTHERS, episode)
    assert seen is not None
    assert seen.show_slug == "port"
    await storage.unshelve(OTHER, ours.id)
    assert await storage.shows(OTHERS) == []
    assert await storage.episode(OTHERS, episode) is None
    assert await storage.episode(MEMBER, episode) is not None


async def test_the_same_feed_address_is_the_same_show(storage: Storage) -> None:
    ours = await storage.put_show(DEFAULT_COMMUNITY, replace(show("one"), feed_url="https://x.test/feed"))
    theirs = await storage.put_show(OTHER, replace(show("uno"), feed_url="https://x.test/feed"))
    assert theirs.id == ours.id


@pytest.mark.parametrize("url", ["https://ann:secret@x.test/feed", "https://x.test/feed?auth=Zk3l9"])
async def test_a_feed_with_credentials_is_private_and_never_shared(storage: Storage, url: str) -> None:
    ours = await storage.put_show(DEFAULT_COMMUNITY, replace(show(), feed_url=url))
    assert ours.private
    assert await storage.shows(MEMBER) == []
    with pytest.raises(UserError, match="never shared"):
        await storage.shelve(OTHER, ours.id, "port")
    with pytest.raises(UserError, match="never shared"):
        await storage.put_show(OTHER, replace(ours, slug="port"))
    theirs = await storage.put_show(OTHER, replace(show("port"), feed_url=url))
    assert theirs.id != ours.id


async def test_one_community_does_not_make_a_shared_show_private_for_another(storage: Storage) -> None:
    ours = await shelved(storage)
    await storage.shelve(OTHER, ours.id, "port")
    await storage.put_show(DEFAULT_COMMUNITY, replace(ours, private=True))
    assert await storage.shows(MEMBER) == []
    assert len(await storage.shows(OTHERS)) == 1


async def test_an_unknown_show_is_refused(storage: Storage) -> None:
    with pytest.raises(NotFound):
        await storage.shelve(DEFAULT_COMMUNITY, show().id, "x")
    with pytest.raises(NotFound):
        await storage.save_episode(DEFAULT_COMMUNITY, show().id, episode_import())


async def test_a_community_cannot_import_into_a_show_it_does_not_have(storage: Storage) -> None:
    ours = await shelved(storage)
    with pytest.raises(NotFound):
        await storage.save_episode(OTHER, ours.id, episode_import())
