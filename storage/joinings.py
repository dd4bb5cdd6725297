"""Joining and splitting episodes as changes of one community, with their history."""

from __future__ import annotations

import sqlite3

from bot.domain import CommunityId, EpisodeId, HistoryEntry, Joining, ShowId
from bot.errors import NotFound, UserError
from bot.rules.ids import new_id
from storage.codec import plain
from storage.database import Transaction
from storage.history import new_entry, remember
from storage.joining import join, split
from storage.joining_log import Log, encode_log
from storage.reticence import Reticence
from storage.shelves import known


class Joinings(Reticence):
    """The part of ``Storage`` that makes one episode of two."""

    async def join_episodes(self, community: CommunityId, kept: EpisodeId, other: EpisodeId, by: str) -> HistoryEntry:
        async with self._db.writing() as t:
            await known(t, community)
            one, two = await _whole(t, community, kept), await _whole(t, community, other)
            if one["id"] == two["id"]:
                raise UserError("that is one episode already")
            if one["show"] != two["show"]:
                raise UserError("those are episodes of two shows: only episodes of one show can be one")
            log = await join(t, one, two)
            made = _joining(one, log, two["key"])
            await t.run("put_joining", {"community": community, **plain(made)})
            return await _remembered(t, new_entry(community, by, "joining", made.id, None, made), log)

    async def split_episode(
        self, community: CommunityId, episode: EpisodeId, by: str
    ) -> tuple[EpisodeId, HistoryEntry]:
        async with self._db.writing() as t:
            await known(t, community)
            one = await _whole(t, community, episode)
            log = await split(t, one)
            assert log.other.after is not None
            made = _joining(one, log, log.other.after.key)
            entry = await _remembered(t, new_entry(community, by, "joining", made.id, made, None), log)
        return log.other_id, entry


async def _whole(t: Transaction, community: CommunityId, episode: EpisodeId) -> sqlite3.Row:
    row = await t.one("whole_episode", {"episode": episode, "community": community})
    if row is None:
        raise NotFound(f"this community has no episode {episode}")
    return row


def _joining(kept: sqlite3.Row, log: Log, other_key: str) -> Joining:
    return Joining(new_id(), ShowId(kept["show_id"]), log.kept_id, log.other_id, kept["key"], other_key)


async def _remembered(t: Transaction, entry: HistoryEntry, log: Log) -> HistoryEntry:
    await remember(t, entry)
    await t.run("add_joining_log", {"entry": entry.id, "body": encode_log(log)})
    return entry
