"""Two episodes made one: nothing is lost, whichever is kept, for every community."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain import (
    Change,
    CommunityId,
    EpisodeId,
    Joining,
    Nickname,
    Person,
    SavedQuote,
    Viewer,
)
from bot.errors import NotFound, StorageError, UsageError, UserError
from bot.ports import LineRange, Storage
from storage.sqlite import SqliteStorage
from tests.storage.build import MEMBER, episode_import, stored
from tests.storage.joined import (
    LAMP,
    NOON,
    OTHER,
    OURS,
    PLACE,
    everything,
    fed,
    item,
    polled,
    resource,
    two,
)


async def test_the_kept_episode_takes_what_it_lacks(storage: Storage) -> None:
    show, feed, file = await two(storage)
    await storage.join_episodes(OURS, feed, file, "mod")
    [whole] = await storage.episodes(MEMBER)
    assert (whole.id, whole.key, whole.title, whole.number) == (feed, "e-12", "12: The keepers of the light", 12)
    assert (whole.people, whole.lines, whole.kind, whole.explicit) == (("Ann", "Bo"), 8, "bonus", True)
    assert [each.kind for each in whole.editions] == ["audio", "page"]
    assert [each.title for each in await storage.chapters(MEMBER, feed)] == ["Start", "End"]
    assert [(each.text, each.first_line) for each in await storage.highlights(MEMBER, feed)] == [
        ("", LAMP),
        ("The lamp went out on the third night.", LAMP),
    ]
    assert [each.episode for each in await storage.known_items(show)] == ["e-12"]


async def test_the_feed_tells_the_title_when_the_file_is_kept(storage: Storage) -> None:
    show, feed, file = await two(storage)
    await storage.join_episodes(OURS, file, feed, "mod")
    [whole] = await storage.episodes(MEMBER)
    assert (whole.id, whole.key, whole.title) == (file, "practical-12", "12: The keepers of the light")
    assert (whole.guid, whole.published, whole.number) == ("guid-12", NOON, 12)
    assert [each.episode for each in await storage.known_items(show)] == ["practical-12"]
    assert [each.episode for each in await storage.resources(show, "practical-12")] == ["practical-12"]
    assert [each.title for each in await storage.chapters(MEMBER, file)] == ["Start", "End"]


async def test_overlays_of_every_community_go_with_the_words(storage: Storage) -> None:
    _, feed, file = await two(storage)
    await storage.join_episodes(OURS, feed, file, "mod")
    lines = await storage.lines(MEMBER, feed)
    assert lines[LAMP].start_s == 12.5
    assert {line.speaker for line in lines} == {"Ann", "Bob"}
    assert LAMP not in [line.n for line in await storage.lines(Viewer(OTHER), feed)]
    assert [each.episode for each in await storage.recently_shown(OURS, PLACE)] == [feed]
    assert await storage.lost(OURS) == await storage.lost(OTHER) == []
    [quote] = await storage.records(OURS, "saved_quote")
    assert isinstance(quote, SavedQuote)
    assert await storage.resolve(MEMBER, quote.anchor) == LineRange(feed, LAMP, LAMP)


async def test_the_old_id_leads_to_the_kept_episode_in_every_read(storage: Storage) -> None:
    _show, feed, file = await two(storage)
    anchor = await storage.anchor(MEMBER, LineRange(file, 0, 1))
    assert anchor is not None
    await storage.join_episodes(OURS, feed, file, "mod")
    whole = await storage.episode(MEMBER, file)
    assert whole == await storage.episode(MEMBER, feed)
    assert whole is not None
    assert whole.id == feed
    for read in (storage.lines, storage.highlights, storage.chapters, storage.speaker_counts):
        assert await read(MEMBER, file) == await read(MEMBER, feed) != []
    assert await storage.ranges(MEMBER, [LineRange(file, 0, 1)]) == [(await storage.lines(MEMBER, feed))[:2]]
    assert await storage.resolve(MEMBER, anchor) == LineRange(feed, 0, 1)
    assert (await storage.anchor(MEMBER, LineRange(file, 0, 1))) == replace(anchor, episode=feed)
    viewer = Viewer(OURS, place=PLACE, person=Person("discord", "7"))
    await storage.set_focus(viewer, file, NOON)
    assert await storage.focus(viewer, NOON) == feed
    await storage.note_shown(OURS, PLACE, anchor)
    assert {each.episode for each in await storage.recently_shown(OURS, PLACE)} == {feed}
    entry = await storage.put(OURS, Nickname("n9", "start", anchor), "ann")
    assert isinstance(entry.after, Nickname)
    assert entry.after.anchor.episode == feed
    assert await storage.episode(Viewer(CommunityId("strangers")), file) is None


async def test_an_import_under_the_old_key_goes_to_the_kept_episode(storage: Storage) -> None:
    show, feed, file = await two(storage)
    await storage.join_episodes(OURS, feed, file, "mod")
    saved = await storage.save_episode(OURS, show, episode_import("practical-12", title="12: The keepers of the light"))
    assert (saved.episode, saved.outcome) == (feed, "same")
    assert len(await storage.episodes(MEMBER)) == 1


async def test_followers_hear_that_one_is_gone_and_the_other_has_lines(storage: Storage) -> None:
    _, feed, file = await two(storage)
    n = await storage.last_change()
    await storage.join_episodes(OURS, feed, file, "mod")
    assert {(each.kind, each.episode) for each in await storage.changes_since(n)} == {
        ("removed", file),
        ("transcript", feed),
    }
    n = await storage.last_change()
    await storage.undo(OURS, None, "mod")
    told = await storage.changes_since(n)
    assert [each.n for each in told] == list(range(n + 1, n + 1 + len(told)))
    assert {Change(each.n, "transcript", each.episode) for each in told if each.episode} <= set(told)
    assert {each.episode for each in told if each.kind == "transcript"} == {feed, file}
    assert await storage.indexed_episode(feed) is None
    assert await storage.indexed_episode(file) is not None


async def test_what_cannot_be_joined_stays_as_it_is(storage: Storage) -> None:
    _show, feed, file = await two(storage)
    elsewhere = await stored(storage, episode_import("one", turns=None), slug="kites")
    said = await stored(storage, episode_import("said"))
    n = await storage.last_change()
    for kept, other, kind, words in (
        (file, said, UserError, "transcript"),
        (feed, feed, UserError, "one episode already"),
        (feed, elsewhere, UserError, "two shows"),
        (feed, EpisodeId("nowhere"), NotFound, "no episode nowhere"),
    ):
        with pytest.raises(kind, match=words):
            await storage.join_episodes(OURS, kept, other, "mod")
    with pytest.raises(NotFound):
        await storage.join_episodes(CommunityId("strangers"), feed, file, "mod")
    assert await storage.last_change() == n
    assert len(await storage.episodes(MEMBER)) == 4


async def test_a_joining_is_no_record_to_put_or_drop(storage: Storage) -> None:
    _show, feed, file = await two(storage)
    entry = await storage.join_episodes(OURS, feed, file, "mod")
    assert isinstance(entry.after, Joining)
    with pytest.raises(UsageError):
        await storage.put(OURS, entry.after, "mod")
    with pytest.raises(UsageError):
        await storage.drop(OURS, "joining", entry.record_id, "mod")
    assert await storage.records(OURS, "joining") == [entry.after]
    assert await storage.records(OTHER, "joining") == []
    with pytest.raises(NotFound):
        await storage.undo(OTHER, entry.id, "zed")


async def test_a_poll_that_began_before_the_joining_brings_nothing_back(storage: Storage) -> None:
    show, feed, file = await two(storage)
    late = polled(show, fed(title="12: Corrected"))
    await storage.join_episodes(OURS, file, feed, "mod")
    [saved] = await storage.apply_poll(late)
    assert (saved.episode, saved.outcome) == (file, "changed")
    [whole] = await storage.episodes(MEMBER)
    assert whole.title == "12: Corrected"
    assert [each.episode for each in await storage.known_items(show)] == ["practical-12"]
    fetched = await storage.store_fetched(show, fed(title="12: Again"), [replace(resource(), state="used")])
    assert fetched.episode == file
    assert [each.state for each in await storage.resources(show)] == ["used"]


async def test_a_new_item_may_have_the_key_of_a_joined_episode(storage: Storage) -> None:
    show, feed, file = await two(storage)
    entry = await storage.join_episodes(OURS, file, feed, "mod")
    [saved] = await storage.apply_poll(replace(polled(show, fed(guid="guid-13")), items=(item("e-12", "i13"),)))
    assert saved.outcome == "new"
    assert len(await storage.episodes(MEMBER)) == 2
    with pytest.raises(UserError, match="later change"):
        await storage.undo(OURS, entry.id, "mod")


async def test_a_failed_joining_leaves_both(storage: Storage) -> None:
    show, feed, file = await two(storage)
    assert isinstance(storage, SqliteStorage)
    long = [("Ann", f"Sentence number {n} of a very long talk.") for n in range(800)]
    await storage.save_episode(OURS, show, episode_import("practical-12", long, title="Practical 12"))
    before = await everything(storage, show)
    [row] = await storage._db.writer.execute_fetchall("PRAGMA page_count")
    await storage._db.writer.execute_fetchall(f"PRAGMA max_page_count = {row[0]}")
    with pytest.raises(StorageError, match="disk"):
        await storage.join_episodes(OURS, feed, file, "mod")
    assert await everything(storage, show) == before
    await storage._db.writer.execute_fetchall("PRAGMA max_page_count = 1000000")
    await storage.join_episodes(OURS, feed, file, "mod")
