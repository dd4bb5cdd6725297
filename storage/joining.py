"""Two episodes made one, one made two, and both ways back: whole, inside one transaction, for every community at once.

Whatever stands on words goes with the transcript: records, moments shown, old ids. Whatever a feed told goes with its
items and resources. A withhold of a whole episode holds for both parts. Facts that nobody changed since return to what
they were; what was changed since stays.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import fields, replace
from typing import Any

from bot.domain import EpisodeId, EpisodeImport
from bot.errors import UserError
from bot.rules.ids import new_id
from bot.rules.merging import merged, parted
from storage.database import Transaction
from storage.ingest import add_episode_rows, read_episode, rewrite_episode, write_piles
from storage.joined_alerts import follow, go_back
from storage.joining_log import Change, Log, RecordKey, decode_log
from storage.reading import raw_lines
from storage.shelves import all_changed
from storage.transcripts import find_again, realign_highlights

_SINCE = "those episodes have been changed since: undo the later change first"
_BOTH_SAID = "both episodes have a transcript: they are two episodes, or one is imported twice"
_NOTHING = "there is nothing to split: only a transcript that was imported beside a feed can be cut off"


async def join(t: Transaction, kept: sqlite3.Row, other: sqlite3.Row) -> Log:
    """``kept`` and ``other`` are rows of ``whole_episode``, of one show."""
    if kept["hash"] is not None and other["hash"] is not None:
        raise UserError(_BOTH_SAID)
    one, two = await read_episode(t, kept["row"]), await read_episode(t, other["row"])
    whole = merged(one, two, kept_fed=bool(kept["fed"]), other_fed=bool(other["fed"]))
    return await _absorb(t, kept, other, whole, realign=True)


async def split(t: Transaction, kept: sqlite3.Row) -> Log:
    if kept["hash"] is None or not kept["fed"] or kept["fetched"]:
        raise UserError(_NOTHING)
    whole = await read_episode(t, kept["row"])
    told = await _told_before(t, kept["id"])
    key = await _free_key(t, kept["show"], told.key if told else f"{whole.key}-2")
    feeds, cut = parted(whole, told, key)
    records = await _records_of(t, kept["id"])
    log = Log(kept["id"], EpisodeId(new_id()), Change(whole, feeds), Change(None, cut), True, kept["hash"])
    ids = [row["id"] for row in await t.rows("absorbed_into", {"episode": kept["id"], "said": True})]
    return await _cut(t, kept, replace(log, redirected=tuple(ids)), records, realign=True)


async def take_back(t: Transaction, log: Log) -> Log:
    """The way back of what a log tells, and the log of that. Raises UserError when something stands in the way."""
    kept = await _exactly(t, log.kept_id)
    other = await _exactly(t, log.other_id)
    if kept is None:
        raise UserError(_SINCE)
    if log.other.after is None:
        return await _apart(t, kept, other, log)
    return await _together(t, kept, other, log)


async def _exactly(t: Transaction, id: EpisodeId) -> sqlite3.Row | None:
    row = await t.one("whole_episode", {"episode": id, "community": None})
    return row if row and row["id"] == id else None


async def _apart(t: Transaction, kept: sqlite3.Row, other: sqlite3.Row | None, log: Log) -> Log:
    back = log.other.before
    assert back is not None
    if other is not None or await t.one("key_taken", {"show": kept["show"], "key": back.key}):
        raise UserError(_SINCE)
    if log.said and kept["hash"] is None:
        raise UserError(_SINCE)
    now = await read_episode(t, kept["row"])
    there = await _records_of(t, kept["id"])
    going = [each for each in there if each not in log.own] if log.said else [e for e in there if e in log.moved]
    new = Log(
        log.kept_id, log.other_id, Change(now, _as_before(now, log.kept)), Change(None, back), log.said, kept["hash"],
        own=log.own, moved=log.moved, items=log.items, resources=log.resources, both=log.both,
        redirected=log.redirected, alerts=log.alerts, doubles=log.doubles,
    )  # fmt: skip
    return await _cut(t, kept, new, going, realign=log.hash != kept["hash"])


async def _together(t: Transaction, kept: sqlite3.Row, other: sqlite3.Row | None, log: Log) -> Log:
    if other is None or (log.said and other["hash"] is None) or None not in (kept["hash"], other["hash"]):
        raise UserError(_SINCE)
    now = await read_episode(t, kept["row"])
    realign = log.hash not in (kept["hash"], other["hash"])
    return await _absorb(t, kept, other, _as_before(now, log.kept), realign=realign, copies=log.copies)


def _as_before(now: EpisodeImport, change: Change) -> EpisodeImport:
    """The episode with everything as it was before, but for what was changed again since."""
    assert change.before
    assert change.after
    same = [each.name for each in fields(now) if getattr(now, each.name) == getattr(change.after, each.name)]
    return replace(now, **{name: getattr(change.before, name) for name in same})


async def _told_before(t: Transaction, episode: EpisodeId) -> EpisodeImport | None:
    """What the side with the transcript was, if the episode was joined from two that we know."""
    row = await t.one("joining_log_of", {"episode": episode})
    if row is None:
        return None
    log = decode_log(row["body"])
    return log.other.before if log.said else log.kept.before if log.items else None


async def _free_key(t: Transaction, show: int, key: str) -> str:
    base, n = key.removesuffix("-2"), 2
    while await t.one("key_taken", {"show": show, "key": key}):
        key, n = f"{base}-{n}", n + 1
    return key


# --- one of two -----------------------------------------------------------------------------------------------


async def _absorb(
    t: Transaction,
    kept: sqlite3.Row,
    other: sqlite3.Row,
    whole: EpisodeImport,
    *,
    realign: bool,
    copies: Sequence[RecordKey] = (),
) -> Log:
    one, two = await read_episode(t, kept["row"]), await read_episode(t, other["row"])
    said = other["hash"] is not None
    way = {"from": other["row"], "to": kept["row"]}
    await _drop_copies(t, kept["id"], copies)
    own, moved = await _records_of(t, kept["id"]), await _records_of(t, other["id"])
    if said:
        await _move_transcript(t, way)
    await _readdress(t, moved, other["id"], kept["id"])
    await _find(t, kept, own if said else moved)
    items = await _move_items(t, way)
    resources, both = await _move_resources(t, way)
    alerts, doubles = await follow(t, other["id"], kept["id"])
    redirected = await _redirect_all(t, kept, other, said=said)
    for query in ("move_shown", "move_focus"):
        await t.run(query, {"from": other["id"], "to": kept["id"]})
    await rewrite_episode(t, kept["row"], one, whole)
    if realign:
        await realign_highlights(t, kept["row"], await raw_lines(t, kept["row"]))
    for part in ("people", "editions", "chapters", "highlights"):
        await t.run(f"drop_{part}", {"row": other["row"]})
    await t.run("drop_episode", {"row": other["row"]})
    await t.run("move_catalogue", {"show": kept["show"]})
    await all_changed(t, [("removed", other["id"]), ("transcript", kept["id"])])
    after = await read_episode(t, kept["row"])
    return Log(
        kept["id"], other["id"], Change(one, after), Change(two, None), said, kept["hash"] or other["hash"],
        tuple(own), tuple(moved), items, resources, both, redirected, alerts=alerts, doubles=doubles,
    )  # fmt: skip


async def _redirect_all(t: Transaction, kept: sqlite3.Row, other: sqlite3.Row, *, said: bool) -> tuple[str, ...]:
    ids = [row["id"] for row in await t.rows("absorbed_into", {"episode": other["id"], "said": False})]
    await t.run("redirect", {"to": kept["id"], "ids": json.dumps(ids)})
    names = {"id": other["id"], "show": other["show"], "key": other["key"]}
    await t.run("absorb", {**names, "to": kept["id"], "said": said})
    return tuple(ids)


async def _move_items(t: Transaction, way: dict[str, int]) -> tuple[str, ...]:
    items = [row["id"] for row in await t.rows("items_of", {"row": way["from"]})]
    await t.run("move_items", {**way, "items": json.dumps(items)})
    return tuple(items)


async def _move_resources(
    t: Transaction, way: dict[str, int]
) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    """(all that went along, those that were on both sides)."""
    names = [(row["kind"], row["url"]) for row in await t.rows("resource_names", {"row": way["from"]})]
    there = {(row["kind"], row["url"]) for row in await t.rows("resource_names", {"row": way["to"]})}
    rows = [{**way, "kind": kind, "url": url} for kind, url in names]
    await t.many("copy_resource", rows)
    await t.many("drop_resource", rows)
    return tuple(names), tuple(name for name in names if name in there)


async def _drop_copies(t: Transaction, kept: EpisodeId, copies: Sequence[RecordKey]) -> None:
    """A withhold that was made to hold for both parts needs no copy, if it still stands itself."""
    standing = {(row["community"], row["id"]) for row in await t.rows("whole_withholds", {"episode": kept})}
    for community, id, copy in copies:
        if (community, id) in standing:
            await t.run("drop_withhold", {"community": community, "id": copy})


# --- two of one -----------------------------------------------------------------------------------------------


async def _cut(t: Transaction, kept: sqlite3.Row, log: Log, going: Collection[RecordKey], *, realign: bool) -> Log:
    """Cut off ``log.other.after`` with the records that go with it. Returns the log with what was seen on the way."""
    assert log.other.after
    assert log.kept.before
    assert log.kept.after
    row = await _new_episode(t, kept["show"], log.other_id, log.other.after)
    way = {"from": kept["row"], "to": row}
    if log.said:
        await _move_transcript(t, way)
        await t.run("move_shown", {"from": kept["id"], "to": log.other_id})
    copies = await _hold_both(t, kept["id"], log)
    whole = {(community, "withhold", id) for community, id, _ in copies}
    going = [each for each in going if each not in whole]
    await _readdress(t, going, kept["id"], log.other_id)
    await t.run("move_items", {**way, "items": json.dumps(log.items)})
    await go_back(t, log.other_id, log.alerts, log.doubles)
    rows = [{**way, "kind": kind, "url": url} for kind, url in log.resources]
    await t.many("copy_resource", rows)
    await t.many("drop_resource", [each for each in rows if (each["kind"], each["url"]) not in log.both])
    await t.run("unabsorb", {"id": log.other_id})
    await t.run("redirect", {"to": log.other_id, "ids": json.dumps(log.redirected)})
    await rewrite_episode(t, kept["row"], log.kept.before, log.kept.after)
    other = await _exactly(t, log.other_id)
    assert other is not None
    await _find(t, *((kept, await _records_of(t, kept["id"])) if log.said else (other, going)))
    if realign:
        await realign_highlights(t, row, await raw_lines(t, row))
    await all_changed(t, [("transcript", kept["id"]), ("transcript", log.other_id)])
    after = Change(log.kept.before, await read_episode(t, kept["row"]))
    return replace(log, kept=after, other=Change(None, await read_episode(t, row)), copies=copies)


async def _new_episode(t: Transaction, show: int, id: EpisodeId, episode: EpisodeImport) -> int:
    last = await t.one("last_episode_row")
    row = (last["row"] if last else 0) + 1
    piles: dict[str, list[Any]] = defaultdict(list)
    add_episode_rows(piles, show, row, id, episode)
    await write_piles(t, piles)
    await t.run("move_catalogue", {"show": show})
    return row


async def _hold_both(t: Transaction, kept: EpisodeId, log: Log) -> tuple[RecordKey, ...]:
    """Withholds of the whole episode reach both parts, but for those that were one side's own before."""
    copies: list[RecordKey] = []
    for row in await t.rows("whole_withholds", {"episode": kept}):
        key = (row["community"], "withhold", row["id"])
        if key not in log.own and key not in log.moved:
            copies.append((row["community"], row["id"], new_id()))
            ids = {"community": row["community"], "id": row["id"], "copy": copies[-1][2]}
            await t.run("copy_withhold", {**ids, "to": log.other_id})
    return tuple(copies)


# --- what both ways share -------------------------------------------------------------------------------------


async def _move_transcript(t: Transaction, way: dict[str, int]) -> None:
    for query in ("copy_transcript", "copy_voices", "copy_lines"):
        await t.run(query, way)
    await t.run("drop_transcript", {"row": way["from"]})


async def _records_of(t: Transaction, episode: EpisodeId) -> list[RecordKey]:
    rows = await t.rows("records_of", {"episode": episode, "mark": _mark(episode)})
    return [(row["community"], row["kind"], row["id"]) for row in rows]


def _mark(episode: EpisodeId) -> str:
    """How an episode's id stands in a record's JSON; inside a text the quotes would be escaped."""
    return f'"episode": "{episode}"'


async def _readdress(t: Transaction, records: Collection[RecordKey], old: EpisodeId, new: EpisodeId) -> None:
    ways = {"from": old, "to": new, "from_mark": _mark(old), "to_mark": _mark(new)}
    rows = [{**ways, "community": community, "kind": kind, "id": id} for community, kind, id in records]
    for query in ("readdress_anchor", "readdress_alias", "readdress_withhold", "readdress_history"):
        await t.many(query, rows)


async def _find(t: Transaction, episode: sqlite3.Row, records: Collection[RecordKey]) -> None:
    """Look up the words of records that did not come with the transcript where they are now."""
    anchors = await t.rows("anchors_on", {"episode": episode["id"]})
    lone = [row for row in anchors if (row["community"], row["kind"], row["id"]) in records]
    if lone:
        await find_again(t, lone, [], await raw_lines(t, episode["row"]))
