"""What a community laid over a transcript survives the transcript's change, or says that it did not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain import DEFAULT_COMMUNITY, Anchor, CommunityId, EpisodeId, Fix, Level, SavedQuote, Viewer, Withhold
from bot.ports import LineRange, Saved, Storage
from tests.storage.build import MEMBER, TURNS, Turns, episode_import, stored

OURS = DEFAULT_COMMUNITY
OTHER = CommunityId("other")
NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
INTRO: Turns = [("Cy", "This is the harbour show. It comes from the old pier every week."), *TURNS]


def with_bo(night: str) -> Turns:
    """The turns with another second sentence of Bo's."""
    return [TURNS[0], ("Bo", f"I once kept a lighthouse for nine winters. {night}"), *TURNS[2:]]


async def anchored(storage: Storage, episode: EpisodeId, line: int) -> Anchor:
    anchor = await storage.anchor(MEMBER, LineRange(episode, line, line))
    assert anchor is not None
    return anchor


async def again(storage: Storage, turns: Turns, *, timed: bool = True, start_s: float = 0.0) -> Saved:
    [show] = await storage.shows(MEMBER)
    return await storage.save_episode(OURS, show.id, episode_import(turns=turns, timed=timed, start_s=start_s))


async def texts(storage: Storage, episode: EpisodeId) -> list[str]:
    return [line.text for line in await storage.lines(MEMBER, episode)]


@pytest.mark.parametrize(
    ("turns", "line"),
    [
        pytest.param(INTRO, 5, id="an intro before it"),
        pytest.param(with_bo("the lamp — went out, on the third night!"), 3, id="other punctuation"),
        pytest.param(with_bo("The lantern went out on the third night."), 3, id="one word corrected"),
        pytest.param(with_bo("The lamp went out on the very third night."), 3, id="one word more"),
        pytest.param([("Bo", "The lamp went out on the third night."), *INTRO], 0, id="said twice, nearest wins"),
    ],
)
async def test_an_overlay_is_found_again(storage: Storage, turns: Turns, line: int) -> None:
    id = await stored(storage)
    anchor = await anchored(storage, id, 3)
    await storage.put(OURS, Fix("f1", anchor, "speaker", "Dee"), "mod")
    await storage.put(OURS, SavedQuote("s1", anchor, "d:7", NOON), "ann")
    saved = await again(storage, turns)
    assert (saved.outcome, saved.lost) == ("changed", ())
    fixed = [each.n for each in await storage.lines(MEMBER, id) if each.speaker == "Dee"]
    said_twice = line == 0
    assert fixed == [6 if said_twice else line]
    assert await storage.resolve(MEMBER, anchor) == LineRange(id, fixed[0], fixed[0])
    assert await storage.lost(OURS) == []


async def test_a_cut_in_two_covers_both_sentences(storage: Storage) -> None:
    id = await stored(storage)
    anchor = await anchored(storage, id, 3)
    await storage.put(OURS, Withhold("w1", Level.hidden, anchor=anchor), "mod")
    assert (await again(storage, with_bo("The lamp went out. On the third night."))).lost == ()
    assert not [text for text in await texts(storage, id) if "lamp" in text or "third" in text]


async def test_the_same_words_elsewhere_do_not_draw_a_withhold_from_a_corrected_line(storage: Storage) -> None:
    id = await stored(storage)
    await storage.put(OURS, Withhold("w1", Level.hidden, anchor=await anchored(storage, id, 3)), "mod")
    turns = with_bo("The lamp went dark on the third night.")
    long = [("Cy", f"Filler number {n} speaks about nothing at all.") for n in range(100)]
    await again(storage, [*turns, *long, ("Bo", "The lamp went out on the third night.")])
    lamps = [text for text in await texts(storage, id) if "lamp" in text]
    assert lamps == ["The lamp went out on the third night."]


async def test_lost_words_say_so_and_come_back_with_the_transcript(storage: Storage) -> None:
    id = await stored(storage)
    anchor = await anchored(storage, id, 3)
    await storage.put(OURS, SavedQuote("s1", anchor, "d:7", NOON), "ann")
    await storage.put(OURS, Fix("f1", anchor, "text", "The lamp failed."), "mod")
    other = [("Ann", "Wholly different talk of trains and rails. No boats today, sorry to say it.")]
    saved = await again(storage, other)
    assert sorted(saved.lost) == ["f1", "s1"]
    assert sorted(await storage.lost(OURS)) == ["f1", "s1"]
    assert await storage.resolve(MEMBER, anchor) is None
    assert await texts(storage, id) == other[0][1].replace(". ", ".|").split("|")
    assert (await again(storage, INTRO)).lost == ()
    assert "The lamp failed." in await texts(storage, id)
    assert await storage.lost(OURS) == []


async def test_a_lost_withhold_goes_on_hiding_its_moment(storage: Storage) -> None:
    id = await stored(storage)
    await storage.put(OURS, Withhold("w1", Level.erased, anchor=await anchored(storage, id, 3)), "mod")
    saved = await again(storage, with_bo("Darkness fell upon us all then."))
    assert saved.lost == ("w1",)
    assert await storage.lost(OURS) == ["w1"]
    shown = await texts(storage, id)
    assert "Darkness fell upon us all then." not in shown
    assert "Hello there and welcome to the harbour." in shown
    assert "So I lit a fire on the rocks and waved a lantern until dawn." in shown


async def test_a_lost_withhold_without_times_hides_its_place_and_its_remains(storage: Storage) -> None:
    id = await stored(storage, episode_import(timed=False))
    await storage.put(OURS, Withhold("w1", Level.hidden, anchor=await anchored(storage, id, 7)), "mod")
    turns = [*TURNS[:3], ("Bo", "We had none. Well well. I lit a fire on the beach, my friend, believe it or not.")]
    saved = await again(storage, turns, timed=False)
    assert saved.lost == ("w1",)
    assert not [text for text in await texts(storage, id) if "fire" in text]


async def test_a_change_of_times_alone_keeps_everything(storage: Storage) -> None:
    id = await stored(storage)
    await storage.put(OURS, Withhold("w1", Level.hidden, anchor=await anchored(storage, id, 3)), "mod")
    saved = await again(storage, TURNS, start_s=900.0)
    assert (saved.outcome, saved.lost) == ("changed", ())
    assert [line.n for line in await storage.lines(MEMBER, id)] == [0, 1, 2, 4, 5, 6, 7]


async def test_every_community_keeps_its_own(storage: Storage) -> None:
    id = await stored(storage)
    [show] = await storage.shows(MEMBER)
    await storage.shelve(OTHER, show.id, "port")
    anchor = await anchored(storage, id, 3)
    await storage.put(OURS, Withhold("w1", Level.hidden, anchor=anchor), "mod")
    await storage.put(OTHER, Fix("f1", anchor, "text", "Theirs."), "mod")
    assert (await again(storage, INTRO)).lost == ()
    assert "The lamp went out on the third night." not in await texts(storage, id)
    theirs = [line.text for line in await storage.lines(Viewer(OTHER), id)]
    assert "Theirs." in theirs
    saved = await again(storage, [("Ann", "Trains and rails only.")])
    assert saved.lost == ("w1",)
    assert await storage.lost(OTHER) == ["f1"]


async def test_undo_after_re_imports_finds_the_words_again(storage: Storage) -> None:
    id = await stored(storage)
    await storage.put(OURS, Withhold("w1", Level.hidden, anchor=await anchored(storage, id, 3)), "mod")
    dropped = await storage.drop(OURS, "withhold", "w1", "mod")
    assert dropped is not None
    await again(storage, with_bo("The lamp gave out on the third night."))
    await again(storage, with_bo("The lamp gave up on the third dark night."))
    await storage.undo(OURS, dropped.id, "mod")
    assert not [text for text in await texts(storage, id) if "lamp" in text]
    await storage.undo(OURS, None, "mod")
    assert [text for text in await texts(storage, id) if "lamp" in text]


async def test_a_withhold_waits_for_a_transcript_that_is_not_there_yet(storage: Storage) -> None:
    id = await stored(storage)
    anchor = await anchored(storage, id, 3)
    await again(storage, [("Ann", "Trains and rails only.")])
    await storage.put(OURS, Withhold("w1", Level.hidden, anchor=anchor), "mod")
    assert await storage.lost(OURS) == ["w1"]
    await again(storage, TURNS)
    assert await storage.lost(OURS) == []
    assert "The lamp went out on the third night." not in await texts(storage, id)


@pytest.mark.parametrize(
    ("turns", "line"),
    [
        pytest.param(INTRO, 5, id="an intro before it"),
        pytest.param(TURNS[1:], 1, id="the first turn is gone"),
        pytest.param(with_bo("the lamp went out, on the third night!"), 3, id="other punctuation"),
        pytest.param([("Bo", "The lamp went out on the third night."), *INTRO], 6, id="said twice, nearest wins"),
        pytest.param(with_bo("The lantern went out on the third night."), None, id="a word corrected"),
        pytest.param([("Cy", "Only this remains.")], None, id="gone"),
    ],
)
async def test_a_button_finds_the_same_words_where_they_have_moved(
    storage: Storage, turns: Turns, line: int | None
) -> None:
    id = await stored(storage)
    button = replace(await anchored(storage, id, 3), text="", start_s=None)
    await again(storage, turns)
    assert await storage.resolve(MEMBER, button) == (None if line is None else LineRange(id, line, line))


async def test_a_button_of_a_hidden_line_that_has_moved_finds_nothing(storage: Storage) -> None:
    id = await stored(storage)
    anchor = await anchored(storage, id, 3)
    await storage.put(OURS, Withhold("w1", Level.hidden, anchor=await anchored(storage, id, 3)), "mod")
    await again(storage, INTRO)
    assert await storage.resolve(MEMBER, replace(anchor, text="", start_s=None)) is None
