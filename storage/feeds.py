"""What is remembered of feeds between polls, and what one poll found, stored whole. No surface reads any of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import TypeVar

from bot.domain import Chapter, Episode, EpisodeImport, Show, ShowId
from bot.errors import NotFound, StorageConflict
from bot.feed_memory import (
    FeedRole,
    FeedState,
    KnownItem,
    PollChanges,
    Resource,
    ResourceKind,
    ShowFacts,
)
from bot.ports import Saved
from bot.rules.access import carries_credentials
from storage.announcing import announce
from storage.database import Transaction
from storage.feed_rows import feed_params, item_params, resource_params, to_feed, to_item, to_resource
from storage.ingest import check_catalogue, store
from storage.rows import instant, to_chapter, to_episode, to_show
from storage.shelves import changed
from storage.view import Room

OfAnEpisode = TypeVar("OfAnEpisode", KnownItem, Resource)


class Feeds(Room):
    """The ``FeedStore``."""

    async def put_feed(self, state: FeedState) -> FeedState:
        async with self._db.writing() as t:
            return await self._put(t, await _show(t, state.show), state)

    async def feed(self, show: ShowId, role: FeedRole = "main") -> FeedState | None:
        async with self._db.reading() as t:
            row = await t.one("feed", {"show": show, "role": role})
        return to_feed(row) if row else None

    async def feeds(self) -> list[FeedState]:
        async with self._db.reading() as t:
            return [to_feed(row) for row in await t.rows("feeds")]

    async def show_of_feed(self, url: str) -> ShowId | None:
        if carries_credentials(url):
            return None
        async with self._db.reading() as t:
            row = await t.one("show_of_feed", {"url": url})
        return ShowId(row["id"]) if row else None

    async def due_feeds(self, now: datetime, limit: int) -> list[FeedState]:
        async with self._db.reading() as t:
            rows = await t.rows("due_feeds", {"now": instant(now), "limit": max(0, limit)})
        return [to_feed(row) for row in rows]

    async def drop_feed(self, show: ShowId, role: FeedRole) -> None:
        async with self._db.writing() as t:
            await t.run("drop_feed", {"show": show, "role": role})

    async def note_polls(self, states: Sequence[FeedState]) -> None:
        async with self._db.writing() as t:
            await t.many("note_poll", (feed_params(state) for state in states))

    async def catalogue(self, show: ShowId) -> int:
        async with self._db.reading() as t:
            row = await t.one("catalogue", {"show": show})
        return int(row["catalogue"]) if row else 0

    async def known_items(self, show: ShowId) -> list[KnownItem]:
        async with self._db.reading() as t:
            return [to_item(row) for row in await t.rows("known_items", {"show": show})]

    async def stored_show(self, show: ShowId) -> Show | None:
        async with self._db.reading() as t:
            row = await t.one("stored_show", {"show": show})
        return to_show(row) if row else None

    async def stored_episodes(self, show: ShowId, keys: Sequence[str] | None = None) -> list[Episode]:
        asked = None if keys is None else json.dumps(list(keys))
        async with self._db.reading() as t:
            home = await t.one("stored_show", {"show": show})
            rows = await t.rows("stored_episodes", {"show": home["row"], "keys": asked}) if home else []
        return [to_episode(row, to_show(home)) for row in rows] if home else []

    async def stored_chapters(self, show: ShowId, key: str) -> list[Chapter]:
        async with self._db.reading() as t:
            return [to_chapter(row) for row in await t.rows("stored_chapters", {"show": show, "key": key})]

    async def apply_poll(self, changes: PollChanges) -> list[Saved]:
        async with self._db.writing() as t:
            row = await _show(t, changes.state.show)
            if changes.catalogue is not None:
                await check_catalogue(t, changes.state.show, changes.catalogue, self._db.where)
            changes = await _where_they_are_now(t, row, changes)
            await self._put(t, row, changes.state)
            await _tell_show(t, row, changes.show)
            saved = await store(t, row, changes.episodes)
            await t.many("put_feed_item", (item_params(row, item) for item in changes.items))
            await t.many("add_resource", ({**resource_params(each), "row": row} for each in changes.resources))
            await announce(t, row, changes)
        return saved

    async def store_fetched(self, show: ShowId, episode: EpisodeImport, resources: Sequence[Resource]) -> Saved:
        async with self._db.writing() as t:
            row = await _show(t, show)
            now = await t.one("standing_key", {"show": row, "key": episode.key})
            keys = {episode.key: now["key"]} if now else {}  # joined into another one while it was fetched
            [saved] = await store(t, row, [_renamed(episode, keys)])
            await _note(t, show, [_elsewhere(each, keys) for each in resources])
        return saved

    async def resources(self, show: ShowId, episode: str | None = None) -> list[Resource]:
        async with self._db.reading() as t:
            if episode is None:
                rows = await t.rows("resources", {"show": show})
            else:
                rows = await t.rows("resources_of", {"show": show, "episode": episode})
        return [to_resource(row) for row in rows]

    async def due_resources(
        self, now: datetime, limit: int, show: ShowId | None = None, kind: ResourceKind | None = None
    ) -> list[tuple[ShowId, Resource]]:
        asked = {"now": instant(now), "limit": max(0, limit), "show": show, "kind": kind}
        async with self._db.reading() as t:
            return [(ShowId(row["show"]), to_resource(row)) for row in await t.rows("due_resources", asked)]

    async def note_resources(self, show: ShowId, resources: Sequence[Resource]) -> None:
        async with self._db.writing() as t:
            await _note(t, show, resources)

    async def _put(self, t: Transaction, row: int, state: FeedState) -> FeedState:
        """Write a state that nobody else wrote since it was read."""
        if state.version is not None:
            now = await t.one("feed_version", {"row": row, "role": state.role})
            self._unchanged(state.version, now["version"] if now else 0, "the feed")
        written = await t.one("put_feed", {**feed_params(state), "row": row})
        return replace(state, version=written["version"] if written else None)

    def _unchanged(self, read: int, now: int, what: str) -> None:
        if read != now:
            raise StorageConflict(f"{what} changed while it was looked at: try again", self._db.where)


async def _note(t: Transaction, show: ShowId, resources: Sequence[Resource]) -> None:
    await t.many("note_resource", ({**resource_params(each), "show": show} for each in resources))


async def _show(t: Transaction, show: ShowId) -> int:
    row = await t.one("show_by_id", {"id": show})
    if row is None:
        raise NotFound(f"there is no show {show}")
    return int(row["row"])


async def _tell_show(t: Transaction, row: int, facts: ShowFacts | None) -> None:
    if facts is not None and await t.rows("tell_show", {**asdict(facts), "row": row}):
        await changed(t, "overlay")  # shelves say it anew


async def _where_they_are_now(t: Transaction, row: int, changes: PollChanges) -> PollChanges:
    """Whoever polled read the items before; an episode that was joined into another one since does not come back."""
    ids = json.dumps([item.id for item in changes.items])
    moved = {
        (each["id"], each["absorbed"]): each["kept"] for each in await t.rows("moved_items", {"row": row, "items": ids})
    }
    keys = {item.episode: moved[item.id, item.episode] for item in changes.items if (item.id, item.episode) in moved}
    if not keys:
        return changes
    return replace(
        changes,
        episodes=tuple(_renamed(each, keys) for each in changes.episodes),
        items=tuple(_elsewhere(each, keys) for each in changes.items),
        resources=tuple(_elsewhere(each, keys) for each in changes.resources),
        news=tuple(replace(each, key=keys.get(each.key, each.key)) for each in changes.news),
    )


def _renamed(episode: EpisodeImport, keys: dict[str, str]) -> EpisodeImport:
    return replace(episode, key=keys.get(episode.key, episode.key))


def _elsewhere(each: OfAnEpisode, keys: dict[str, str]) -> OfAnEpisode:
    return replace(each, episode=keys.get(each.episode, each.episode))
