"""Records of a community: put, drop, read, and the history that can be taken back. Generic over their kinds.

The words of the transcript that a record's anchor keeps are blanked on the way out wherever a withhold reaches them.
"""

from __future__ import annotations

import sqlite3
from dataclasses import replace

from bot.domain import (
    Alias,
    Anchor,
    CommunityId,
    EpisodeId,
    Fix,
    HistoryEntry,
    Joining,
    Record,
    RecordKind,
    Report,
    Ruling,
    ShowId,
    Subscription,
    Withhold,
)
from bot.errors import NotFound, UsageError, UserError
from storage.alert_rows import to_place
from storage.anchoring import Said, placed
from storage.codec import anchor_of, decode, encode, kind_of, plain, with_anchor, with_text
from storage.database import Transaction
from storage.history import mark_undone, new_entry, remember, to_undo
from storage.joining import take_back
from storage.joining_log import decode_log, encode_log
from storage.links import link, unlink
from storage.reading import raw_lines
from storage.reticence import Reticence
from storage.reviving import look_again, revive
from storage.rows import to_history, to_record
from storage.rulings import rule, unrule
from storage.shelves import changed, known
from storage.transcripts import place_params, put_spans

_BY_THEMSELVES = "episodes are joined and split as such, not as records"


class Records(Reticence):
    """The part of ``Storage`` about what a community owns."""

    async def put(self, community: CommunityId, record: Record, by: str) -> HistoryEntry:
        async with self._db.writing() as t:
            await known(t, community)
            record = await _readdressed(t, record)
            await _check(t, community, record)
            entry = await put_record(t, community, record, by)
        return await self._told(entry)

    async def drop(self, community: CommunityId, kind: RecordKind, id: str, by: str) -> HistoryEntry | None:
        async with self._db.writing() as t:
            before = await _stored(t, community, kind, id)
            if before is None:
                return None
            if isinstance(before, Joining):
                raise UsageError(_BY_THEMSELVES)
            await _remove(t, community, kind, id)
            entry = new_entry(community, by, kind, id, before, None)
            await remember(t, entry)
        return await self._told(entry)

    async def settle(self, community: CommunityId, report: Report, by: str) -> Report | None:
        async with self._db.writing() as t:
            now = await _stored(t, community, "report", report.id)
            if not isinstance(now, Report):
                raise NotFound("there is no such report any more")
            if now.state == "open":
                await put_record(t, community, report, by)
                return None
        return replace(now, anchor=replace(now.anchor, text=""), note="")

    async def record(self, community: CommunityId, kind: RecordKind, id: str) -> Record | None:
        async with self._db.reading() as t:
            found = await _stored(t, community, kind, id)
            return (await self._discreet(t, community, [found]))[0] if found else None

    async def records(self, community: CommunityId, kind: RecordKind) -> list[Record]:
        async with self._db.reading() as t:
            rows = await t.rows(f"list_{kind}", {"community": community, "id": None})
            return await self._discreet(t, community, [to_record(kind, row) for row in rows])

    async def lost(self, community: CommunityId) -> list[str]:
        async with self._db.reading() as t:
            return [row["id"] for row in await t.rows("lost", {"community": community})]

    async def history(self, community: CommunityId, *, limit: int = 20, offset: int = 0) -> list[HistoryEntry]:
        page = {"community": community, "limit": max(0, limit), "offset": max(0, offset)}
        async with self._db.reading() as t:
            entries = [to_history(row) for row in await t.rows("history", page)]
            return await self._discreet_entries(t, community, entries)

    async def undo(self, community: CommunityId, entry: str | None, by: str) -> HistoryEntry:
        async with self._db.writing() as t:
            row = await to_undo(t, community, entry)
            kind, id = row["kind"], row["record"]
            now = await _stored(t, community, kind, id)
            if encode(now) != row["after"]:
                raise UserError("that has been changed again since: undo the later change first")
            before = decode(kind, row["before"])
            if before is not None:
                before = await _readdressed(t, before)
            made = replace(new_entry(community, by, kind, id, now, before), undoes=row["id"])
            await mark_undone(t, community, row)
            await remember(t, made)
            await _take_back(t, community, row, before, made)
        return await self._told(made)


async def _take_back(
    t: Transaction, community: CommunityId, row: sqlite3.Row, before: Record | None, made: HistoryEntry
) -> None:
    kind, id = made.kind, made.record_id
    if kind == "joining":
        log = await t.one("joining_log", {"entry": row["id"]})
        assert log is not None  # written in the transaction of the entry
        back = await take_back(t, decode_log(log["body"]))
        await t.run("add_joining_log", {"entry": made.id, "body": encode_log(back)})
    if before is None:
        await _remove(t, community, kind, id)
    else:
        await _write(t, community, before)
        await revive(t, community, made.before, before)


# --- reading and writing one record, whatever its kind --------------------------------------------------------


async def put_record(t: Transaction, community: CommunityId, record: Record, by: str) -> HistoryEntry:
    """Write a record that was checked, with its line in the history."""
    kind = kind_of(record)
    before = await _stored(t, community, kind, record.id)
    record = _with_kept_text(record, before)
    if encode(record) == encode(before):
        last = await t.one("last_of_record", {"community": community, "kind": kind, "record": record.id})
        if last is not None:
            return to_history(last)  # nothing changes, so there is nothing to take back
    await _write(t, community, record)
    entry = new_entry(community, by, kind, record.id, before, record)
    await remember(t, entry)
    return entry


async def _stored(t: Transaction, community: CommunityId, kind: RecordKind, id: str) -> Record | None:
    row = await t.one(f"list_{kind}", {"community": community, "id": id})
    return None if row is None else to_record(kind, row)


async def _write(t: Transaction, community: CommunityId, record: Record) -> None:
    if isinstance(record, Ruling):
        await rule(t, community, record)
        await changed(t, "overlay")
        return
    kind, anchor = kind_of(record), anchor_of(record)
    values = plain(record)
    values.pop("anchor", None)
    await t.run(f"put_{kind}", {"community": community, **values})
    await link(t, community, record)
    if anchor is not None:
        await _place(t, community, kind, record.id, anchor)
    elif kind == "withhold":
        await t.run("rest_anchor", {"community": community, "kind": kind, "id": record.id})
    await look_again(t, community, record)
    await changed(t, "overlay", _episode_of(record))


async def _remove(t: Transaction, community: CommunityId, kind: RecordKind, id: str) -> None:
    before = await _stored(t, community, kind, id)
    if kind == "ruling":
        await unrule(t, community, id)
    await unlink(t, community, before)
    await t.run(f"drop_{kind}", {"community": community, "id": id})
    await t.run("rest_anchor", {"community": community, "kind": kind, "id": id})
    await look_again(t, community, before)
    await changed(t, "overlay", _episode_of(before) if before else None)


async def _place(t: Transaction, community: CommunityId, kind: RecordKind, id: str, anchor: Anchor) -> None:
    """Find the words; a record that comes back keeps the way that its place has gone meanwhile."""
    key: dict[str, object] = {"community": community, "kind": kind, "id": id}
    row = await t.one("anchor_of", key)
    if row is not None and _same_anchor(row, anchor):
        await t.run("keep_anchor", {**key, "text": anchor.text, "start_s": anchor.start_s})
        return
    home = await t.one("episode", {"episode": anchor.episode})
    now = Said(await raw_lines(t, home["row"]) if home else [])
    where = placed(anchor, now, guarded=kind == "withhold")
    own = {
        "episode": anchor.episode,
        "first_word": anchor.first_word,
        "words": anchor.words,
        "hash": anchor.hash,
        "text": anchor.text,
        "start_s": anchor.start_s,
    }
    await t.run("put_anchor", {**key, **own, **place_params(where)})
    await put_spans(t, key, where)


def _same_anchor(row: sqlite3.Row, anchor: Anchor) -> bool:
    own = (anchor.episode, anchor.first_word, anchor.words, anchor.hash)
    return own == (row["episode"], row["first_word"], row["words"], row["hash"])


def _with_kept_text(record: Record, before: Record | None) -> Record:
    """A record that was read with its words blanked, and is put again, keeps them."""
    new, old = anchor_of(record), anchor_of(before)
    if new is None or old is None or new.text or replace(old, text="") != new:
        return record
    if isinstance(record, Fix) and isinstance(before, Fix) and record.field == before.field == "text":
        record = replace(record, value=record.value or before.value)
    return with_text(record, old.text)


async def _readdressed(t: Transaction, record: Record) -> Record:
    """The record on the episode that its own was joined into."""
    now = await t.one("standing_id", {"episode": _episode_of(record)})
    if now is None or isinstance(record, Joining):
        return record
    anchor = anchor_of(record)
    if anchor is not None:
        return with_anchor(record, replace(anchor, episode=now["episode"]))
    return replace(record, episode=now["episode"]) if isinstance(record, Alias | Withhold) else record


def _episode_of(record: Record) -> EpisodeId | None:
    anchor = anchor_of(record)
    episode: EpisodeId | None = anchor.episode if anchor else getattr(record, "episode", None)
    return episode


# --- what a record must be ------------------------------------------------------------------------------------


async def _check(t: Transaction, community: CommunityId, record: Record) -> None:
    """Refuse what makes no sense, and what points outside the community's shelf."""
    if isinstance(record, Joining):
        raise UsageError(_BY_THEMSELVES)
    if isinstance(record, Withhold) and sum(each is not None for each in _targets(record)) != 1:
        raise UsageError("a withhold takes exactly one of a line, an episode or a person")
    if isinstance(record, Subscription) and to_place(record.place) is None:
        raise UsageError("a subscription's place is platform/workspace/channel")
    if isinstance(record, Fix) and record.field == "time":
        _check_time(record.value)
    if isinstance(record, Alias | Withhold | Subscription) and record.show is not None:
        await _check_show(t, community, record.show)
    episode = _episode_of(record)
    if episode is not None:
        await _check_episode(t, community, episode)


def _targets(withhold: Withhold) -> tuple[object, ...]:
    return withhold.anchor, withhold.episode, withhold.person


def _check_time(value: str) -> None:
    try:
        seconds = float(value)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < 1e7:
        raise UsageError("a time is a number of seconds from 0 on")


async def _check_show(t: Transaction, community: CommunityId, show: ShowId) -> None:
    if await t.one("shelved_show", {"community": community, "show": show}) is None:
        raise NotFound(f"this community has no show {show}")


async def _check_episode(t: Transaction, community: CommunityId, episode: EpisodeId) -> None:
    if await t.one("shelved_episode", {"community": community, "episode": episode}) is None:
        raise NotFound(f"this community has no episode {episode}")
