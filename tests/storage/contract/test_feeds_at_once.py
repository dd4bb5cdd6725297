"""Who decided by what was read before is told when somebody else stored something since: nothing is overwritten."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain import DEFAULT_COMMUNITY, EpisodeImport, ShowId
from bot.errors import StorageConflict
from bot.feed_memory import FeedState, KnownItem, PollChanges
from bot.ports import Storage
from tests.storage.build import MEMBER, shelved
from tests.storage.contract.test_feeds import FEED, NOON

MOVED = "https://new.example.org/"


async def put(storage: Storage) -> FeedState:
    home = await shelved(storage)
    return await storage.put_feed(FeedState(home.id, FEED, version=0))


def polled(state: FeedState, *keys: str, catalogue: int | None = None) -> PollChanges:
    items = tuple(KnownItem(f"i-{key}", key, NOON, NOON) for key in keys)
    return PollChanges(state, tuple(EpisodeImport(key, key) for key in keys), items, catalogue=catalogue)


async def read(storage: Storage, show: ShowId) -> FeedState:
    state = await storage.feed(show)
    assert state is not None
    return state


async def test_a_state_comes_back_with_its_version_from_every_read(storage: Storage) -> None:
    state = await put(storage)
    assert state.version == 1
    again = await storage.put_feed(state)
    assert again.version == 2
    assert (await read(storage, state.show)).version == 2
    assert [one.version for one in await storage.feeds()] == [2]
    assert [one.version for one in await storage.due_feeds(NOON, 9)] == [2]


async def test_a_feed_that_was_set_since_it_was_read_is_not_put(storage: Storage) -> None:
    state = await put(storage)
    await storage.put_feed(replace(state, url=MOVED))
    with pytest.raises(StorageConflict, match="the feed changed"):
        await storage.put_feed(replace(state, failures=1))
    assert (await read(storage, state.show)).url == MOVED


async def test_a_feed_that_was_thought_new_is_not_put_over_another(storage: Storage) -> None:
    state = await put(storage)
    with pytest.raises(StorageConflict):
        await storage.put_feed(replace(state, url=MOVED, version=0))
    assert (await read(storage, state.show)).url == FEED


async def test_states_written_since_they_were_read_are_not_noted(storage: Storage) -> None:
    state = await put(storage)
    await storage.put_feed(replace(state, url=MOVED))
    await storage.note_polls([replace(state, failures=1)])
    now = await read(storage, state.show)
    assert (now.url, now.failures, now.version) == (MOVED, 0, 2)
    await storage.note_polls([replace(now, failures=4)])
    now = await read(storage, state.show)
    assert (now.failures, now.version) == (4, 3)


async def test_of_two_polls_that_read_the_same_only_one_is_stored(storage: Storage) -> None:
    state = await put(storage)
    await storage.apply_poll(polled(state, "one"))
    before = await storage.last_change()
    with pytest.raises(StorageConflict):
        await storage.apply_poll(polled(state, "one-again"))
    assert [one.key for one in await storage.episodes(MEMBER)] == ["one"]
    assert [one.id for one in await storage.known_items(state.show)] == ["i-one"]
    assert await storage.last_change() == before


async def test_a_feed_that_was_dropped_while_it_was_polled_stays_away(storage: Storage) -> None:
    state = await put(storage)
    await storage.drop_feed(state.show, "main")
    with pytest.raises(StorageConflict):
        await storage.apply_poll(polled(state, "one"))
    assert await storage.feeds() == []
    assert await storage.episodes(MEMBER) == []


async def test_a_poll_decided_before_an_episode_came_is_decided_anew(storage: Storage) -> None:
    state = await put(storage)
    seen = await storage.catalogue(state.show)
    await storage.save_episode(DEFAULT_COMMUNITY, state.show, EpisodeImport("file", "One"))
    with pytest.raises(StorageConflict, match="episodes changed"):
        await storage.apply_poll(polled(state, "feed", catalogue=seen))
    now = await storage.catalogue(state.show)
    assert now > seen
    await storage.apply_poll(polled(state, "file", catalogue=now))
    assert [one.key for one in await storage.episodes(MEMBER)] == ["file"]
    assert await storage.catalogue(state.show) == now


async def test_a_new_episode_decided_before_another_came_is_decided_anew(storage: Storage) -> None:
    show = (await put(storage)).show
    seen = await storage.catalogue(show)
    await storage.save_episode(DEFAULT_COMMUNITY, show, EpisodeImport("one", "One"), catalogue=seen)
    with pytest.raises(StorageConflict, match="episodes changed"):
        await storage.save_episode(DEFAULT_COMMUNITY, show, EpisodeImport("uno", "One"), catalogue=seen)
    assert [one.key for one in await storage.episodes(MEMBER)] == ["one"]


async def test_joining_and_splitting_move_the_catalogue_and_a_changed_title_does_not(storage: Storage) -> None:
    state = await put(storage)
    one = await storage.save_episode(DEFAULT_COMMUNITY, state.show, EpisodeImport("one", "One"))
    two = await storage.save_episode(DEFAULT_COMMUNITY, state.show, EpisodeImport("two", "Two"))
    seen = await storage.catalogue(state.show)
    await storage.save_episode(DEFAULT_COMMUNITY, state.show, EpisodeImport("two", "Two, retold"))
    assert await storage.catalogue(state.show) == seen
    entry = await storage.join_episodes(DEFAULT_COMMUNITY, one.episode, two.episode, "me")
    joined = await storage.catalogue(state.show)
    assert joined > seen
    await storage.undo(DEFAULT_COMMUNITY, entry.id, "me")
    assert await storage.catalogue(state.show) > joined


async def test_a_show_that_is_not_there_has_no_catalogue(storage: Storage) -> None:
    assert await storage.catalogue(ShowId("nowhere")) == 0
