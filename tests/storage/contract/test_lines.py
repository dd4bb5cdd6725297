"""Lines through the overlays: ranges, anchors, fixes, withholds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain import DEFAULT_COMMUNITY, Anchor, EpisodeId, Fix, Level, Withhold
from bot.errors import NotFound, UsageError
from bot.ports import LineRange, Storage
from bot.rules.anchors import hash_words
from tests.storage.build import MEMBER, episode_import, stored, transcript


async def anchored(storage: Storage, episode: EpisodeId, first: int, last: int) -> Anchor:
    anchor = await storage.anchor(MEMBER, LineRange(episode, first, last))
    assert anchor is not None
    return anchor


def part(anchor: Anchor, first: int, words: str) -> Anchor:
    """Some words inside an anchored line."""
    cut = words.split()
    return Anchor(anchor.episode, anchor.first_word + first, len(cut), hash_words(cut), words, anchor.start_s)


async def test_ranges_come_in_the_order_asked(storage: Storage) -> None:
    one, two = await stored(storage), await stored(storage, episode_import("two", [("Cy", "Short. Talk.")]))
    asked = [LineRange(two, 0, 5), LineRange(one, 6, 7), LineRange(EpisodeId("none"), 0, 1), LineRange(one, 6, 6)]
    found = await storage.ranges(MEMBER, asked)
    assert [[line.n for line in lines] for lines in found] == [[0, 1], [6, 7], [], [6]]
    assert found[1] == list(transcript().lines[6:8])
    assert await storage.ranges(MEMBER, []) == []


async def test_an_anchor_is_made_and_found(storage: Storage) -> None:
    id = await stored(storage)
    anchor = await anchored(storage, id, 3, 4)
    assert anchor.text == "The lamp went out on the third night. What did you do then?"
    assert (anchor.first_word, anchor.words, anchor.start_s) == (23, 13, 11.5)
    assert await storage.resolve(MEMBER, anchor) == LineRange(id, 3, 4)
    assert await storage.anchor(MEMBER, LineRange(id, 50, 60)) is None


async def test_a_made_up_anchor_resolves_to_nothing(storage: Storage) -> None:
    id = await stored(storage)
    gone = Anchor(id, 3, 4, hash_words(["colourless", "green", "ideas", "sleep"]), "colourless green ideas sleep")
    assert await storage.resolve(MEMBER, gone) is None
    assert await storage.resolve(MEMBER, replace(gone, episode=EpisodeId("none"))) is None


async def test_a_text_fix_replaces_just_its_words(storage: Storage) -> None:
    id = await stored(storage)
    line = await anchored(storage, id, 3, 3)
    await storage.put(DEFAULT_COMMUNITY, Fix("f1", part(line, 1, "lamp went"), "text", "lantern burnt"), "mod")
    [[fixed]] = await storage.ranges(MEMBER, [LineRange(id, 3, 3)])
    assert (fixed.text, fixed.fixed, fixed.words, fixed.first_word) == (
        "The lantern burnt out on the third night.",
        True,
        8,
        23,
    )
    assert await storage.fixed_ranges(MEMBER) == [LineRange(id, 3, 3)]
    assert (await anchored(storage, id, 3, 3)).text == fixed.text
    assert await storage.resolve(MEMBER, await anchored(storage, id, 3, 3)) == LineRange(id, 3, 3)


async def test_a_fix_over_two_lines_reads_the_same_in_part(storage: Storage) -> None:
    id = await stored(storage)
    over = await anchored(storage, id, 2, 3)
    await storage.put(DEFAULT_COMMUNITY, Fix("f1", over, "text", "I kept it for nine winters until it failed."), "mod")
    shown = {line.n: line.text for line in await storage.lines(MEMBER, id)}
    assert shown[2] == "I kept it for nine winters until it failed."
    assert 3 not in shown
    assert await storage.ranges(MEMBER, [LineRange(id, 3, 3)]) == [[]]


async def test_a_time_fix_moves_all_its_lines(storage: Storage) -> None:
    id = await stored(storage)
    await storage.put(DEFAULT_COMMUNITY, Fix("f1", await anchored(storage, id, 2, 3), "time", "20"), "mod")
    [[one, two], [alone]] = await storage.ranges(MEMBER, [LineRange(id, 2, 3), LineRange(id, 3, 3)])
    assert (one.start_s, one.end_s, one.exact) == (20.0, 24.0, True)
    assert (two.start_s, two.end_s, two.exact) == (24.0, 28.0, False)
    assert alone == two


@pytest.mark.parametrize("value", ["soon", "-1", "nan", "inf"])
async def test_a_time_that_is_none_is_refused(storage: Storage, value: str) -> None:
    id = await stored(storage)
    with pytest.raises(UsageError):
        await storage.put(DEFAULT_COMMUNITY, Fix("f1", await anchored(storage, id, 2, 2), "time", value), "mod")


async def test_a_not_featured_line_stays_findable(storage: Storage) -> None:
    id = await stored(storage)
    anchor = await anchored(storage, id, 3, 3)
    await storage.put(DEFAULT_COMMUNITY, Withhold("w1", Level.not_featured, anchor=anchor), "mod")
    lines = await storage.lines(MEMBER, id)
    assert [line.n for line in lines if not line.featured] == [3]
    assert await storage.resolve(MEMBER, anchor) == LineRange(id, 3, 3)
    [[line]] = await storage.ranges(MEMBER, [LineRange(id, 3, 3)])
    assert not line.featured


async def test_a_saved_stretch_with_a_hidden_line_inside_resolves_to_nothing(storage: Storage) -> None:
    id = await stored(storage)
    wide = await anchored(storage, id, 2, 4)
    await storage.put(DEFAULT_COMMUNITY, Withhold("w1", Level.hidden, anchor=await anchored(storage, id, 3, 3)), "m")
    assert await storage.resolve(MEMBER, wide) is None
    assert "lamp" not in (await anchored(storage, id, 2, 4)).text


async def test_a_withhold_takes_one_target(storage: Storage) -> None:
    id = await stored(storage)
    for wrong in (Withhold("w", Level.hidden), Withhold("w", Level.hidden, episode=id, person="Bo")):
        with pytest.raises(UsageError):
            await storage.put(DEFAULT_COMMUNITY, wrong, "mod")
    with pytest.raises(NotFound):
        await storage.put(DEFAULT_COMMUNITY, Withhold("w", Level.hidden, episode=EpisodeId("none")), "mod")
