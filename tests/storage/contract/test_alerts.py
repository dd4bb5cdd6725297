"""Alerts are stored once, read by community, and written by nobody who read an older state of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from bot.alerts import Alert, AlertState, AlertStep
from bot.domain import EpisodeId, Place, ShowId
from bot.errors import NotFound, StorageConflict
from bot.ports import Storage
from tests.storage.alerting import (
    DAY,
    HALL,
    HOUR,
    MINUTE,
    NOON,
    OTHER,
    OURS,
    ROOM,
    RUN,
    SECOND,
    SHOW,
    SLACK,
    TWIN,
    alert,
    claimed,
    lane,
    sent,
    stored,
    turned,
)

EPISODE = EpisodeId("epaaaaaaaaaa")


async def test_an_alert_comes_back_as_it_went_in(storage: Storage) -> None:
    full = alert(
        state="held", reason="why", episode=EPISODE, subscription="sub", quiet=True, text="a line", attempts=3,
        tried_at=NOON, posted_at=NOON + HOUR, message="m1", thread="t1", digest="d", due_at=NOON + MINUTE,
        order_at=NOON + 2 * MINUTE, expires_at=NOON + DAY,
    )  # fmt: skip
    assert await storage.add_alerts([full], NOON) == [full.id]
    assert await storage.alert(full.id) == replace(full, version=1)
    assert await storage.alert_story(full.id) == [AlertStep(NOON, "held", "why")]
    assert await storage.alert("nothing") is None
    assert await storage.alert_story("nothing") == []


@pytest.mark.parametrize(
    "again",
    [
        pytest.param(alert(reason="another poll"), id="the same id"),
        pytest.param(alert(id="b" * 24), id="the same told in the same place"),
        pytest.param(alert("guid:2", episode=EPISODE), id="the same episode in the same place"),
    ],
)
async def test_what_is_told_already_is_not_stored_again(storage: Storage, again: Alert) -> None:
    first = alert(episode=EPISODE)
    await storage.add_alerts([first], NOON)
    assert await storage.add_alerts([again], NOON + HOUR) == []
    assert await storage.alerts(OURS) == [replace(first, version=1)]
    assert len(await storage.alert_story(first.id)) == 1


@pytest.mark.parametrize(
    "another",
    [
        pytest.param(alert("guid:2"), id="another episode"),
        pytest.param(alert(place=ROOM, episode=EPISODE), id="another place"),
        pytest.param(alert(kind="transcript", episode=EPISODE), id="another kind"),
        pytest.param(alert(show=ShowId("showbbbbbbbb")), id="the same guid in another show"),
    ],
)
async def test_what_was_not_told_yet_is_stored(storage: Storage, another: Alert) -> None:
    await storage.add_alerts([alert(episode=EPISODE)], NOON)
    assert await storage.add_alerts([another], NOON) == [another.id]


async def test_one_call_may_hold_known_and_new_ones(storage: Storage) -> None:
    one, two, three = (alert(f"guid:{n}") for n in range(3))
    await storage.add_alerts([two], NOON)
    assert await storage.add_alerts([one, two, three, one], NOON) == [one.id, three.id]


async def test_troubles_with_one_episode_are_told_each(storage: Storage) -> None:
    two = [alert(subject, kind="trouble", episode=EPISODE) for subject in ("t1", "t2")]
    assert len(await storage.add_alerts(two, NOON)) == 2


async def test_alerts_are_found_by_show_episode_place_and_state(storage: Storage) -> None:
    here, there = alert(episode=EPISODE), alert("guid:2", ROOM, show=ShowId("showbbbbbbbb"))
    skipped = alert("guid:3", state="skipped")
    await storage.add_alerts([here, there, skipped], NOON)

    async def found(**asked: object) -> list[str]:
        return [each.id for each in await storage.alerts(OURS, **asked)]  # type: ignore[arg-type]

    assert await found() == [skipped.id, there.id, here.id]
    assert await found(limit=2) == [skipped.id, there.id]
    assert await found(limit=-1) == []
    assert await found(show=SHOW) == [skipped.id, here.id]
    assert await found(episode=EPISODE) == [here.id]
    assert await found(place=ROOM) == [there.id]
    assert await found(place=HALL, states=["skipped"]) == [skipped.id]
    assert await found(episode=EPISODE, place=ROOM) == []
    assert await found(episode=EPISODE, place=HALL, show=SHOW) == [here.id]
    assert await found(states=["waiting"]) == [there.id, here.id]
    assert await found(states=["waiting", "skipped"], show=SHOW) == [skipped.id, here.id]
    assert await found(states=["held"]) == []


async def test_posted_alerts_of_episodes_come_from_every_community(storage: Storage) -> None:
    ours = alert(episode=EPISODE, state="posted", message="m1")
    theirs = alert(place=SLACK, community=OTHER, episode=EPISODE, state="posted", message="m2")
    waits = alert(place=ROOM, episode=EPISODE)
    await storage.add_alerts([ours, theirs, waits], NOON)
    assert [each.id for each in await storage.alerts_of_episodes([EPISODE, EPISODE])] == [ours.id, theirs.id]
    assert await storage.alerts_of_episodes([]) == []


async def test_the_queue_is_in_order_of_turn_then_of_making(storage: Storage) -> None:
    late, first, second = alert("a", order_at=NOON + HOUR), alert("b"), alert("c")
    await storage.add_alerts([late, first, second, alert("d", state="held"), alert("e", ROOM)], NOON)
    assert [each.subject for each in await storage.queue(HALL)] == ["b", "c", "a"]
    assert [each.subject for each in await storage.queue(HALL, 1)] == ["b"]
    assert await storage.queue(Place("discord", "guild", "nowhere")) == []


async def test_a_retry_keeps_its_turn(storage: Storage) -> None:
    one, two = alert("a"), alert("b")
    await storage.add_alerts([one, two], NOON)
    await claimed(storage)
    await turned(storage, one, "waiting", due_at=NOON + HOUR)
    assert [each.subject for each in await storage.queue(HALL)] == ["a", "b"]
    await storage.release_lane(HALL, RUN)
    assert (await lane(storage)).due_at == NOON + HOUR


async def test_what_became_of_an_alert_is_told_step_by_step(storage: Storage) -> None:
    one = alert()
    await storage.add_alerts([one], NOON)
    await claimed(storage)
    await sent(storage, one, now=NOON + SECOND)
    await turned(storage, one, "posted", now=NOON + HOUR, reason="posted", digest="d2")
    story = [(each.state, each.at) for each in await storage.alert_story(one.id)]
    assert story == [("waiting", NOON), ("sending", NOON + SECOND), ("posted", NOON + SECOND)]
    assert (await stored(storage, one.id)).digest == "d2"


async def test_a_story_keeps_its_latest_fifty_steps(storage: Storage) -> None:
    one = alert()
    await storage.add_alerts([one], NOON)
    await claimed(storage)
    for n in range(60):
        await turned(storage, one, "waiting", reason=f"try {n}")
    story = await storage.alert_story(one.id)
    assert [story[0].reason, story[-1].reason, len(story)] == ["try 10", "try 59", 50]


async def test_an_alert_written_since_it_was_read_is_not_written_over(storage: Storage) -> None:
    one, two = alert("a"), alert("b")
    await storage.add_alerts([one, two], NOON)
    await claimed(storage)
    read = [await stored(storage, each.id) for each in (one, two)]
    await turned(storage, two, "held")
    with pytest.raises(StorageConflict, match="changed"):
        await storage.advance([replace(each, state="sending", reason="mine") for each in read], RUN, NOON)
    assert (await stored(storage, one.id)).state == "waiting"
    assert len(await storage.alert_story(one.id)) == 1


async def test_only_the_run_that_holds_the_lane_writes(storage: Storage) -> None:
    one = alert()
    await storage.add_alerts([one], NOON)
    for run in (RUN, ""):
        with pytest.raises(StorageConflict, match="no longer this run's"):
            await turned(storage, one, "held", run)
    await claimed(storage)
    with pytest.raises(StorageConflict):
        await turned(storage, one, "held", TWIN)
    await turned(storage, one, "held")
    await storage.release_lane(HALL, RUN)
    with pytest.raises(StorageConflict):
        await turned(storage, one, "waiting")
    assert (await stored(storage, one.id)).state == "held"


async def test_a_lapsed_lease_settles_but_begins_nothing(storage: Storage) -> None:
    one, two = alert("a"), alert("b")
    await storage.add_alerts([one, two], NOON)
    await claimed(storage)
    await turned(storage, one, "sending", tried_at=NOON)
    late = NOON + 2 * MINUTE
    await turned(storage, one, "posted", now=late, posted_at=late, message="m1")
    with pytest.raises(StorageConflict, match="lease"):
        await turned(storage, two, "sending", now=late)
    assert await storage.keep_lane(HALL, RUN, late + MINUTE)
    await turned(storage, two, "sending", now=late)


SETTLED: tuple[AlertState, ...] = ("posted", "deleted", "skipped", "expired", "dropped")


@pytest.mark.parametrize("settled", SETTLED)
@pytest.mark.parametrize("state", ["waiting", "sending", "unknown", "held"])
async def test_a_settled_alert_is_never_queued_again(storage: Storage, settled: AlertState, state: AlertState) -> None:
    one = alert(state=settled)
    await storage.add_alerts([one, alert("guid:2")], NOON)
    await claimed(storage)
    with pytest.raises(ValueError, match=f"was {settled} and cannot become {state}"):
        await turned(storage, one, state)
    assert (await stored(storage, one.id)).state == settled


@pytest.mark.parametrize("settled", ["skipped", "expired", "dropped"])
async def test_what_was_never_sent_may_be_found_there(storage: Storage, settled: AlertState) -> None:
    one = alert(state=settled)
    await storage.add_alerts([one, alert("guid:2")], NOON)
    await claimed(storage)
    after = await turned(storage, one, "posted", message="m1", posted_at=NOON)
    assert (after.state, after.message) == ("posted", "m1")


async def test_what_an_alert_is_about_is_never_rewritten(storage: Storage) -> None:
    one = alert(episode=EPISODE, subscription="sub")
    await storage.add_alerts([one], NOON)
    await claimed(storage)
    other = replace(
        await stored(storage, one.id),
        subject="x",
        kind="burst",
        show=None,
        episode=None,
        subscription="",
        community=OTHER,
    )
    [after] = await storage.advance([replace(other, state="held", reason="r")], RUN, NOON)
    assert after == replace(one, state="held", reason="r", version=2)


async def test_one_lane_is_advanced_at_a_time(storage: Storage) -> None:
    two = [alert(), alert(place=ROOM)]
    await storage.add_alerts(two, NOON)
    await claimed(storage)
    with pytest.raises(ValueError, match="one lane"):
        await storage.advance(two, RUN, NOON)
    assert await storage.advance([], RUN, NOON) == []
    with pytest.raises(NotFound):
        await storage.advance([alert("nobody's")], RUN, NOON)


async def test_one_alert_may_not_be_advanced_twice_at_once(storage: Storage) -> None:
    await storage.add_alerts([alert()], NOON)
    await claimed(storage)
    now = await stored(storage, alert().id)
    [after] = await storage.advance([replace(now, state="sending", reason="r")], RUN, NOON)
    with pytest.raises(StorageConflict):
        await storage.advance([replace(now, state="sending", reason="r")], RUN, NOON)
    assert after.version == 2


async def test_posts_are_paged_in_the_order_of_posting(storage: Storage) -> None:
    posts = [
        alert(f"p{n}", place=(HALL, SLACK)[n % 2], state="posted", posted_at=NOON + n // 2 * HOUR) for n in range(6)
    ]
    await storage.add_alerts([*posts, alert("w"), alert("d", state="deleted", posted_at=NOON + HOUR)], NOON)
    wanted = sorted(posts, key=lambda each: (each.posted_at, each.id))
    found: list[Alert] = []
    while page := await storage.posts_since(*_last(found), limit=4):
        found += page
    assert [each.id for each in found] == [each.id for each in wanted]


def _last(found: list[Alert]) -> tuple[datetime, str]:
    return (found[-1].posted_at or NOON, found[-1].id) if found else (NOON - DAY, "")
