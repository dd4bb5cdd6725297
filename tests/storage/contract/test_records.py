"""Records of every kind: put, read, dropped, undone; and a history that tells the truth."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.domain import (
    DEFAULT_COMMUNITY,
    Alias,
    Anchor,
    CommunityId,
    EpisodeId,
    Fix,
    Grant,
    Level,
    Nickname,
    Record,
    RecordKind,
    Report,
    Role,
    SavedQuote,
    Setting,
    ShowId,
    Subscription,
    Withhold,
)
from bot.errors import NotFound, UserError
from bot.ports import LineRange, Storage
from tests.storage.build import MEMBER, stored

NOON = datetime(2024, 5, 1, 12, 0, 0, 250, tzinfo=UTC)
OURS = DEFAULT_COMMUNITY
OTHER = CommunityId("other")


def of_each_kind(show: ShowId, episode: EpisodeId, anchor: Anchor) -> list[tuple[RecordKind, Record, Record]]:
    """(kind, a record, the same record changed)."""
    return [
        ("alias", Alias("1", show, "Bob", "Bo"), Alias("1", show, "Bob", "Bo Lund", episode)),
        ("fix", Fix("1", anchor, "text", "x y"), Fix("1", anchor, "speaker", "Cy")),
        ("withhold", Withhold("1", Level.not_featured, anchor=anchor), Withhold("1", Level.hidden, person="Bo")),
        ("nickname", Nickname("1", "the mop story", anchor), Nickname("1", "mop", anchor)),
        ("saved_quote", SavedQuote("1", anchor, "d:7", NOON, "Bo", "ha"), SavedQuote("1", anchor, "d:7", NOON)),
        ("setting", Setting("|show", "show", "a"), Setting("|show", "show", "b")),
        ("grant", Grant("d:7", "d:7", Role.editor), Grant("d:7", "d:7", Role.admin)),
        ("subscription", Subscription("1", show, "d/1/2"), Subscription("1", show, "d/1/2", '{"ping": 1}')),
        (
            "report",
            Report("1", anchor, "text", "d:7"),
            Report("1", anchor, "time", "d:7", "fixed", "x", NOON, "M", "E"),
        ),
    ]


async def each_kind(storage: Storage) -> list[tuple[RecordKind, Record, Record]]:
    episode = await stored(storage)
    [show] = await storage.shows(MEMBER)
    anchor = await storage.anchor(MEMBER, LineRange(episode, 3, 3))
    assert anchor is not None
    return of_each_kind(show.id, episode, anchor)


async def test_every_kind_is_put_changed_dropped_and_undone(storage: Storage) -> None:
    for kind, first, second in await each_kind(storage):
        made = await storage.put(OURS, first, "ann")
        assert (made.kind, made.by, made.before, made.after) == (kind, "ann", None, first)
        assert await storage.record(OURS, kind, first.id) == first
        changed = await storage.put(OURS, second, "bo")
        assert (changed.before, changed.after) == (first, second)
        assert await storage.records(OURS, kind) == [second]
        dropped = await storage.drop(OURS, kind, first.id, "cy")
        assert dropped is not None
        assert (dropped.before, dropped.after) == (second, None)
        assert await storage.records(OURS, kind) == []
        assert await storage.record(OURS, kind, first.id) is None
        for expected in (second, first, None):
            undone = await storage.undo(OURS, None, "dee")
            assert undone.after == expected
            assert await storage.record(OURS, kind, first.id) == expected


async def test_dropping_what_is_not_there_says_so(storage: Storage) -> None:
    assert await storage.drop(OURS, "setting", "none", "ann") is None
    assert await storage.history(OURS) == []


async def test_putting_the_same_again_is_no_change(storage: Storage) -> None:
    entry = await storage.put(OURS, Setting("|a", "a", "1"), "ann")
    n = await storage.last_change()
    assert (await storage.put(OURS, Setting("|a", "a", "1"), "bo")).id == entry.id
    assert len(await storage.history(OURS)) == 1
    assert await storage.last_change() == n


async def test_records_come_oldest_first_and_keep_their_place_when_changed(storage: Storage) -> None:
    for name in "bca":
        await storage.put(OURS, Setting(f"|{name}", name, "1"), "ann")
    await storage.put(OURS, Setting("|b", "b", "2"), "ann")
    assert [each.id for each in await storage.records(OURS, "setting")] == ["|b", "|c", "|a"]


async def test_the_history_comes_newest_first_in_pages(storage: Storage) -> None:
    for value in "123":
        await storage.put(OURS, Setting("|a", "a", value), "ann")
    entries = await storage.history(OURS)
    assert [each.after for each in entries] == [Setting("|a", "a", value) for value in "321"]
    assert await storage.history(OURS, limit=1, offset=1) == entries[1:2]
    assert all(each.at.tzinfo is not None for each in entries)


async def test_undo_takes_the_latest_that_stands_and_never_an_undo(storage: Storage) -> None:
    await storage.put(OURS, Setting("|a", "a", "1"), "ann")
    await storage.put(OURS, Setting("|b", "b", "1"), "ann")
    await storage.undo(OURS, None, "ann")
    assert [each.id for each in await storage.records(OURS, "setting")] == ["|a"]
    await storage.undo(OURS, None, "ann")
    assert await storage.records(OURS, "setting") == []
    with pytest.raises(NotFound):
        await storage.undo(OURS, None, "ann")


async def test_an_undo_can_be_undone_by_its_id_and_so_on(storage: Storage) -> None:
    made = await storage.put(OURS, Setting("|a", "a", "1"), "ann")
    entry, there = made, True
    for _ in range(4):
        undo = await storage.undo(OURS, entry.id, "ann")
        there = not there
        assert undo.undoes == entry.id
        assert (await storage.record(OURS, "setting", "|a") is not None) == there
        standing = {each.id: not each.undone for each in await storage.history(OURS)}
        assert standing[made.id] == there
        with pytest.raises(UserError, match="already"):
            await storage.undo(OURS, entry.id, "ann")
        entry = undo


async def test_undo_refuses_what_has_changed_since(storage: Storage) -> None:
    first = await storage.put(OURS, Setting("|a", "a", "1"), "ann")
    await storage.put(OURS, Setting("|a", "a", "2"), "ann")
    with pytest.raises(UserError, match="changed"):
        await storage.undo(OURS, first.id, "ann")
    assert await storage.record(OURS, "setting", "|a") == Setting("|a", "a", "2")


async def test_an_unknown_or_foreign_entry_cannot_be_undone(storage: Storage) -> None:
    entry = await storage.put(OURS, Setting("|a", "a", "1"), "ann")
    for community, id in ((OURS, "nothing"), (OTHER, entry.id), (OTHER, None)):
        with pytest.raises(NotFound):
            await storage.undo(community, id, "eve")
    assert await storage.record(OURS, "setting", "|a") is not None


async def test_a_community_cannot_touch_another_ones_episode_or_show(storage: Storage) -> None:
    for _kind, record, _ in await each_kind(storage):
        if isinstance(record, Setting | Grant):
            continue
        with pytest.raises(NotFound):
            await storage.put(OTHER, record, "eve")
        assert await storage.history(OTHER) == []


async def test_the_same_ids_live_apart_in_two_communities(storage: Storage) -> None:
    await storage.put(OURS, Setting("|a", "a", "ours"), "ann")
    await storage.put(OTHER, Setting("|a", "a", "theirs"), "eve")
    await storage.drop(OTHER, "setting", "|a", "eve")
    assert await storage.records(OURS, "setting") == [Setting("|a", "a", "ours")]


async def test_a_time_without_its_zone_is_refused(storage: Storage) -> None:
    episode = await stored(storage)
    anchor = await storage.anchor(MEMBER, LineRange(episode, 3, 3))
    assert anchor is not None
    with pytest.raises(ValueError, match="zone"):
        await storage.put(OURS, SavedQuote("1", anchor, "d:7", NOON.replace(tzinfo=None)), "ann")
    local = SavedQuote("1", anchor, "d:7", NOON.astimezone(timezone(timedelta(hours=-3))))
    await storage.put(OURS, local, "ann")
    assert await storage.record(OURS, "saved_quote", "1") == local


async def test_a_record_read_with_blanked_words_keeps_them_when_it_is_put_again(storage: Storage) -> None:
    episode = await stored(storage)
    anchor = await storage.anchor(MEMBER, LineRange(episode, 3, 3))
    assert anchor is not None
    await storage.put(OURS, SavedQuote("1", anchor, "d:7", NOON), "ann")
    await storage.put(OURS, Withhold("w", Level.erased, anchor=anchor), "mod")
    blank = await storage.record(OURS, "saved_quote", "1")
    assert isinstance(blank, SavedQuote)
    assert blank.anchor.text == ""
    await storage.put(OURS, replace(blank, note="edited"), "ann")
    await storage.drop(OURS, "withhold", "w", "mod")
    assert await storage.record(OURS, "saved_quote", "1") == SavedQuote("1", anchor, "d:7", NOON, note="edited")
