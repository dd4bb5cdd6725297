"""What was joined or split is taken back exactly, and what came since stays."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain import (
    Edition,
    EpisodeImport,
    Fix,
    HistoryEntry,
    Joining,
    Level,
    Nickname,
    SavedQuote,
    Viewer,
    Withhold,
)
from bot.errors import UserError
from bot.ports import LineRange, Storage
from tests.storage.build import MEMBER, chapters, episode_import, shelved, stored
from tests.storage.joined import (
    LAMP,
    OTHER,
    OURS,
    everything,
    fed,
    polled,
    resource,
    two,
)


@pytest.mark.parametrize("feed_is_kept", [True, False], ids=["the feed's is kept", "the file's is kept"])
async def test_undo_brings_both_back_exactly_and_can_be_undone(storage: Storage, feed_is_kept: bool) -> None:
    show, feed, file = await two(storage)
    before = await everything(storage, show)
    kept, other = (feed, file) if feed_is_kept else (file, feed)
    joined = await storage.join_episodes(OURS, kept, other, "mod")
    together = await everything(storage, show)
    assert together != before
    back = await storage.undo(OURS, joined.id, "mod")
    assert await everything(storage, show) == before
    again = await storage.undo(OURS, back.id, "mod")
    assert await everything(storage, show) == together
    await storage.undo(OURS, again.id, "mod")
    assert await everything(storage, show) == before


async def test_split_cuts_the_transcript_off_and_undo_heals_it(storage: Storage) -> None:
    show = (await shelved(storage)).id
    [saved] = await storage.apply_poll(polled(show, fed()))
    wrong = episode_import(
        "e-12",
        title="12: The keepers of the light",
        chapters=chapters((0, "Arrival"), (15, "The lighthouse")),
    )
    wrong = replace(wrong, chapters=tuple(replace(each, source="page") for each in wrong.chapters or ()))
    await storage.save_episode(OURS, show, wrong)
    anchor = await storage.anchor(MEMBER, LineRange(saved.episode, LAMP, LAMP))
    assert anchor is not None
    await storage.put(OURS, Fix("f1", anchor, "time", "12.5"), "ann")
    before = await everything(storage, show)
    cut, entry = await storage.split_episode(OURS, saved.episode, "mod")
    assert isinstance(entry.before, Joining)
    assert entry.after is None
    assert cut != saved.episode
    feed, said = await storage.episode(MEMBER, saved.episode), await storage.episode(MEMBER, cut)
    assert feed is not None
    assert said is not None
    assert (feed.key, feed.guid, feed.lines, said.key, said.guid, said.lines) == (
        "e-12",
        "guid-12",
        0,
        "e-12-2",
        None,
        8,
    )
    assert await storage.chapters(MEMBER, saved.episode) == []
    assert [each.title for each in await storage.chapters(MEMBER, cut)] == ["Arrival", "The lighthouse"]
    assert (await storage.lines(MEMBER, cut))[LAMP].start_s == 12.5
    assert [each.episode for each in await storage.known_items(show)] == ["e-12"]
    apart = await everything(storage, show)
    back = await storage.undo(OURS, entry.id, "mod")
    assert without_joinings(await everything(storage, show)) == without_joinings(before)
    await storage.undo(OURS, back.id, "mod")
    assert await everything(storage, show) == apart


def without_joinings(found: list[object]) -> list[object]:
    """A split that is undone stands as a joining."""
    return [each for each in found if not (isinstance(each, list) and each and isinstance(each[0], Joining)) and each]


async def test_what_was_joined_is_split_into_what_it_was(storage: Storage) -> None:
    _show, feed, file = await two(storage)
    await storage.join_episodes(OURS, feed, file, "mod")
    cut, _ = await storage.split_episode(OURS, feed, "mod")
    said = await storage.episode(MEMBER, cut)
    assert said is not None
    assert (said.key, said.title, said.people, said.lines) == ("practical-12", "Practical 12", ("Ann", "Bo"), 8)
    assert cut not in (feed, file)
    assert (await storage.lines(MEMBER, file)) == (await storage.lines(MEMBER, cut)), "the old id leads to the words"


async def test_nothing_to_split(storage: Storage) -> None:
    show, feed, file = await two(storage)
    for id in (feed, file):  # one has no transcript, the other no feed
        with pytest.raises(UserError, match="nothing to split"):
            await storage.split_episode(OURS, id, "mod")
    await storage.note_resources(show, [replace(resource(), state="used")])
    await storage.join_episodes(OURS, feed, file, "mod")
    with pytest.raises(UserError, match="nothing to split"):  # the feed's own transcript
        await storage.split_episode(OURS, feed, "mod")


async def test_undo_keeps_what_came_since(storage: Storage) -> None:
    show, feed, file = await two(storage)
    entry = await storage.join_episodes(OURS, feed, file, "mod")
    await storage.apply_poll(polled(show, fed(title="12: Keepers of the light", summary="Corrected.")))
    anchor = await storage.anchor(MEMBER, LineRange(feed, 0, 0))
    assert anchor is not None
    await storage.put(OURS, Nickname("n2", "hello", anchor), "ann")
    await storage.undo(OURS, entry.id, "mod")
    one, other = await storage.episode(MEMBER, feed), await storage.episode(MEMBER, file)
    assert one is not None
    assert other is not None
    assert (one.title, one.summary, one.lines) == ("12: Keepers of the light", "Corrected.", 0)
    assert (other.title, other.lines) == ("Practical 12", 8)
    new = await storage.record(OURS, "nickname", "n2")
    assert isinstance(new, Nickname)
    assert await storage.resolve(MEMBER, new.anchor) == LineRange(file, 0, 0)


async def test_older_changes_can_be_undone_while_joined_and_after(storage: Storage) -> None:
    _show, feed, file = await two(storage)
    entries = {each.record_id: each for each in await storage.history(OURS)}
    joined = await storage.join_episodes(OURS, feed, file, "mod")
    await storage.undo(OURS, entries["f1"].id, "mod")
    assert (await storage.lines(MEMBER, feed))[LAMP].start_s == 11.5
    back: HistoryEntry = next(each for each in await storage.history(OURS) if each.record_id == "s2" and not each.after)
    await storage.undo(OURS, back.id, "mod")
    quote = await storage.record(OURS, "saved_quote", "s2")
    assert isinstance(quote, SavedQuote)
    assert quote.anchor.episode == feed
    await storage.undo(OURS, joined.id, "mod")
    await storage.undo(OURS, entries["a1"].id, "mod")
    assert {line.speaker for line in await storage.lines(MEMBER, file)} == {"Ann", "Bo"}
    assert (await storage.lines(MEMBER, file))[LAMP].start_s == 11.5


async def test_a_withheld_episode_stays_withheld_in_both_parts(storage: Storage) -> None:
    _show, feed, file = await two(storage)
    joined = await storage.join_episodes(OURS, feed, file, "mod")
    await storage.put(OTHER, Withhold("w9", Level.erased, episode=feed), "zed")
    await storage.undo(OURS, joined.id, "mod")
    assert await storage.episodes(Viewer(OTHER)) == []
    assert len(await storage.episodes(MEMBER)) == 2


async def test_a_withhold_of_the_absorbed_episode_holds_for_the_whole(storage: Storage) -> None:
    show, feed, file = await two(storage)
    await storage.put(OTHER, Withhold("w9", Level.hidden, episode=file), "zed")
    before = await everything(storage, show)
    joined = await storage.join_episodes(OURS, feed, file, "mod")
    assert await storage.episodes(Viewer(OTHER)) == []
    await storage.undo(OURS, joined.id, "mod")
    assert await everything(storage, show) == before


async def test_three_episodes_joined_in_a_row_come_apart_in_the_other_order(storage: Storage) -> None:
    show, feed, file = await two(storage)
    youtube = await stored(
        storage, EpisodeImport("yt", "Keepers", editions=(Edition("youtube", "https://y.example/1"),))
    )
    states = [await everything(storage, show)]
    entries = [await storage.join_episodes(OURS, file, youtube, "mod")]
    states.append(await everything(storage, show))
    entries.append(await storage.join_episodes(OURS, feed, file, "mod"))
    whole = await storage.episode(MEMBER, youtube)
    assert whole is not None
    assert whole.id == feed
    assert [each.kind for each in whole.editions] == ["audio", "page", "youtube"]
    with pytest.raises(UserError, match="later change"):
        await storage.undo(OURS, entries[0].id, "mod")
    for entry, state in zip(reversed(entries), reversed(states), strict=True):
        await storage.undo(OURS, entry.id, "mod")
        assert await everything(storage, show) == state
