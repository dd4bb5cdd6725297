"""What places and people saw, and state behind buttons."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.domain import DEFAULT_COMMUNITY, Anchor, CommunityId, EpisodeId, Person, Place, Viewer
from bot.ports import Storage
from tests.storage.build import MEMBER, stored

HERE, THERE = Place("discord", "guild", "here"), Place("discord", "guild", "there")
OTHER = CommunityId("other")
NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)


async def test_the_last_fifty_shown_moments_of_a_place_are_kept(storage: Storage) -> None:
    id = await stored(storage)
    for n in range(53):
        await storage.note_shown(DEFAULT_COMMUNITY, HERE, Anchor(id, n, 2, f"h{n}", "words", float(n)))
    await storage.note_shown(DEFAULT_COMMUNITY, THERE, Anchor(id, 0, 2, "x"))
    shown = await storage.recently_shown(DEFAULT_COMMUNITY, HERE)
    assert [each.first_word for each in shown] == list(range(52, 2, -1))
    assert shown[0] == Anchor(id, 52, 2, "h52", "", 52.0)
    assert len(await storage.recently_shown(DEFAULT_COMMUNITY, THERE)) == 1
    assert await storage.recently_shown(OTHER, HERE) == []


async def test_focus_is_of_one_person_in_one_place_for_a_while(storage: Storage) -> None:
    one = await stored(storage)
    me = Viewer(DEFAULT_COMMUNITY, place=HERE, person=Person("discord", "7", "Ann"))
    await storage.set_focus(me, one, NOON)
    renamed = replace(me, person=Person("discord", "7", "Anne"))
    assert await storage.focus(renamed, NOON - timedelta(hours=24)) == one
    assert await storage.focus(me, NOON + timedelta(seconds=1)) is None
    assert await storage.focus(replace(me, place=THERE), NOON) is None
    assert await storage.focus(replace(me, person=Person("discord", "8")), NOON) is None
    assert await storage.focus(replace(me, person=None), NOON) is None
    await storage.set_focus(MEMBER, one, NOON)
    assert await storage.focus(MEMBER, NOON) is None


async def test_focus_moves_to_what_was_shown_last(storage: Storage) -> None:
    me = Viewer(DEFAULT_COMMUNITY, place=HERE, person=Person("discord", "7"))
    one = await stored(storage)
    await storage.set_focus(me, one, NOON)
    assert await storage.focus(me, NOON) == one
    [show] = await storage.shows(MEMBER)
    await storage.unshelve(DEFAULT_COMMUNITY, show.id)
    assert await storage.focus(me, NOON) is None


async def test_focus_on_an_episode_that_is_not_seen_is_not_kept(storage: Storage) -> None:
    me = Viewer(DEFAULT_COMMUNITY, place=HERE, person=Person("discord", "7"))
    await storage.set_focus(me, EpisodeId("none"), NOON)
    assert await storage.focus(me, NOON) is None


async def test_the_same_state_has_the_same_id_and_one_community(storage: Storage) -> None:
    id = await storage.save_state(DEFAULT_COMMUNITY, '{"a": "ü"}')
    assert await storage.save_state(DEFAULT_COMMUNITY, '{"a": "ü"}') == id
    assert await storage.save_state(DEFAULT_COMMUNITY, '{"a": "b"}') != id
    theirs = await storage.save_state(OTHER, '{"a": "ü"}')
    assert theirs != id
    assert await storage.state(DEFAULT_COMMUNITY, id) == '{"a": "ü"}'
    assert await storage.state(OTHER, id) is None


async def test_the_cache_keeps_the_last(storage: Storage) -> None:
    assert await storage.cached("k") is None
    await storage.cache("k", "one")
    await storage.cache("k", "two")
    assert await storage.cached("k") == "two"
