"""A moderator decides about an alert: it moves in the same transaction, and back when that is undone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.alerts import AlertState
from bot.domain import Ruling
from bot.errors import NotFound, UserError
from bot.ports import Storage
from tests.storage.alerting import (
    DAY,
    HALL,
    NOON,
    OTHER,
    OURS,
    RUN,
    TWIN,
    alert,
    claimed,
    held,
    lane,
    sent,
    stored,
    turned,
)


async def rule(storage: Storage, choice: str, id: str | None = None) -> str:
    return (await storage.put(OURS, Ruling(id or alert().id, choice), "mod")).id  # type: ignore[arg-type]


async def test_what_is_there_is_posted(storage: Storage) -> None:
    await held(storage, alert(tried_at=NOON))
    await rule(storage, "there")
    now = await stored(storage, alert().id)
    assert (now.state, now.message, now.posted_at, now.tried_at) == ("posted", "", NOON, None)
    assert (await storage.alert_story(now.id))[-1].state == "posted"
    assert await storage.record(OURS, "ruling", now.id) == Ruling(now.id, "there")
    assert (await lane(storage)).due_at is None
    [entry, *_] = await storage.history(OURS)
    assert (entry.kind, entry.by, entry.after) == ("ruling", "mod", Ruling(now.id, "there"))


async def test_what_is_let_go_is_due_now_and_in_time(storage: Storage) -> None:
    before = alert(state="held", due_at=NOON + DAY, tried_at=NOON)
    await storage.add_alerts([before], NOON)
    await rule(storage, "post")
    now = await stored(storage, before.id)
    assert (now.state, now.tried_at, now.version) == ("waiting", None, 2)
    assert now.due_at <= NOON
    assert now.expires_at >= datetime.now(UTC) + 6 * DAY
    [taken] = await claimed(storage, TWIN, now=NOON)
    assert taken.place == HALL
    await sent(storage, before, TWIN)


async def test_what_is_dropped_is_never_sent(storage: Storage) -> None:
    await held(storage)
    await rule(storage, "drop")
    assert (await stored(storage, alert().id)).state == "dropped"
    assert await claimed(storage, now=NOON + DAY) == []


UNSENT: tuple[AlertState, ...] = ("skipped", "expired", "dropped")


@pytest.mark.parametrize("state", UNSENT)
async def test_what_was_never_sent_can_be_posted_after_all(storage: Storage, state: AlertState) -> None:
    one = alert(state=state, reason="filtered", due_at=NOON + DAY, expires_at=NOON + DAY)
    await storage.add_alerts([one], NOON)
    for choice in ("there", "drop"):
        with pytest.raises(UserError, match=state):
            await rule(storage, choice)
    entry = await rule(storage, "post")
    now = await stored(storage, one.id)
    assert (now.state, now.due_at) == ("waiting", NOON)
    assert now.expires_at >= datetime.now(UTC) + 6 * DAY
    await storage.undo(OURS, entry, "mod")
    assert await storage.alert(one.id) == replace(one, version=3)
    assert (await lane(storage)).due_at is None


STATES: tuple[AlertState, ...] = ("waiting", "sending", "unknown", "posted", "deleted")


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("choice", ["there", "post", "drop"])
async def test_there_is_nothing_to_decide_about_any_other(storage: Storage, state: AlertState, choice: str) -> None:
    await storage.add_alerts([alert(state=state)], NOON)
    with pytest.raises(UserError, match=f"{state}.*nothing to decide"):
        await rule(storage, choice)
    assert (await stored(storage, alert().id)).version == 1
    assert (await storage.records(OURS, "ruling"), await storage.history(OURS)) == ([], [])


async def test_nobody_decides_about_what_is_not_theirs(storage: Storage) -> None:
    one = await held(storage)
    with pytest.raises(NotFound):
        await storage.put(OTHER, Ruling(one.id, "drop"), "zed")
    with pytest.raises(NotFound):
        await rule(storage, "drop", "nothing")
    await rule(storage, "drop")
    assert await storage.drop(OTHER, "ruling", one.id, "zed") is None
    assert await storage.record(OTHER, "ruling", one.id) is None
    assert (await stored(storage, one.id)).state == "dropped"


@pytest.mark.parametrize("choice", ["there", "post", "drop"])
@pytest.mark.parametrize("undone", [True, False], ids=["undone", "taken away"])
async def test_a_ruling_taken_back_leaves_the_alert_as_it_was(storage: Storage, choice: str, undone: bool) -> None:
    before = await held(storage, alert(tried_at=NOON, attempts=2))
    entry = await rule(storage, choice)
    if undone:
        await storage.undo(OURS, entry, "mod")
    else:
        await storage.drop(OURS, "ruling", before.id, "mod")
    after = await stored(storage, before.id)
    assert after == replace(before, version=before.version + 2)
    assert await storage.records(OURS, "ruling") == []
    assert (await storage.alert_story(before.id))[-1].state == "held"


async def test_an_undone_ruling_can_be_made_again_by_undoing_that(storage: Storage) -> None:
    one = await held(storage)
    entry = await rule(storage, "drop")
    back = await storage.undo(OURS, entry, "mod")
    await storage.undo(OURS, back.id, "mod")
    assert (await stored(storage, one.id)).state == "dropped"
    assert await storage.records(OURS, "ruling") == [Ruling(one.id, "drop")]


async def test_another_choice_takes_the_place_of_the_first(storage: Storage) -> None:
    before = await held(storage)
    await rule(storage, "drop")
    entry = await rule(storage, "there")
    assert (await stored(storage, before.id)).state == "posted"
    await storage.undo(OURS, entry, "mod")
    assert (await stored(storage, before.id)).state == "dropped"
    await storage.drop(OURS, "ruling", before.id, "mod")
    assert replace(await stored(storage, before.id), version=0) == replace(before, version=0)


async def test_the_same_choice_twice_is_one(storage: Storage) -> None:
    await held(storage)
    first, version = await rule(storage, "drop"), (await stored(storage, alert().id)).version
    assert await rule(storage, "drop") == first
    assert (await stored(storage, alert().id)).version == version


@pytest.mark.parametrize("state", ["posted", "deleted"])
async def test_what_was_sent_meanwhile_is_not_taken_back(storage: Storage, state: str) -> None:
    one = await held(storage)
    entry = await rule(storage, "post")
    await claimed(storage, TWIN)
    await sent(storage, one, TWIN)
    await turned(storage, one, state, TWIN)
    for attempt in (storage.undo(OURS, entry, "mod"), storage.drop(OURS, "ruling", one.id, "mod")):
        with pytest.raises(UserError, match="posted meanwhile"):
            await attempt
    with pytest.raises(UserError, match="posted meanwhile"):
        await rule(storage, "drop")
    assert (await stored(storage, one.id)).state == state
    assert await storage.records(OURS, "ruling") == [Ruling(one.id, "post")]
    assert not (await storage.history(OURS))[0].undone


@pytest.mark.parametrize("state", ["sending", "unknown"])
async def test_what_may_be_on_its_way_is_not_taken_back(storage: Storage, state: str) -> None:
    one = await held(storage)
    entry = await rule(storage, "post")
    await claimed(storage, TWIN)
    await turned(storage, one, state, TWIN, tried_at=NOON)
    with pytest.raises(UserError, match="being sent"):
        await storage.undo(OURS, entry, "mod")
    assert (await stored(storage, one.id)).state == state


@pytest.mark.parametrize("state", ["held", "expired", "skipped"])
async def test_a_ruling_that_came_to_nothing_is_spent(storage: Storage, state: str) -> None:
    one = await held(storage)
    entry = await rule(storage, "post")
    await claimed(storage, TWIN)
    await turned(storage, one, state, TWIN)
    assert await storage.records(OURS, "ruling") == []
    with pytest.raises(UserError, match="changed again"):
        await storage.undo(OURS, entry, "mod")
    assert await rule(storage, "post") != entry
    assert (await stored(storage, one.id)).state == "waiting"


async def test_a_ruling_does_not_overtake_who_is_at_work(storage: Storage) -> None:
    one, other = await held(storage), alert("guid:2")
    await storage.add_alerts([other], NOON)
    await claimed(storage, RUN)
    read = await stored(storage, one.id)
    await rule(storage, "post")
    assert [each.subject for each in await storage.queue(HALL)] == ["guid:1", "guid:2"]
    assert (await stored(storage, one.id)).version == read.version + 1
    assert (await lane(storage)).leased_by == RUN
