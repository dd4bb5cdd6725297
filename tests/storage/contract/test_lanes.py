"""A place's queue is worked on by one run at a time: claims, leases, what is due when, and places that are closed."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.alerts import Chore
from bot.domain import Place, Setting, Subscription
from bot.errors import StorageConflict
from bot.ports import Storage
from bot.rules.subscription_options import read
from tests.storage.alerting import (
    BOTH,
    DAY,
    HALL,
    HOUR,
    LEASE_S,
    MINUTE,
    NOON,
    OTHER,
    OURS,
    ROOM,
    RUN,
    SECOND,
    SLACK,
    TWIN,
    alert,
    claimed,
    lane,
    sent,
    stored,
    subscribed,
    turned,
)
from tests.storage.build import shelved


async def places(storage: Storage, *given: Place) -> None:
    await storage.add_alerts([alert(place=place, at=NOON + n * SECOND) for n, place in enumerate(given)], NOON)


async def test_a_place_has_a_lane_from_its_first_alert_on(storage: Storage) -> None:
    assert await storage.lane(HALL) is None
    assert await storage.next_lane_at(BOTH) is None
    await places(storage, HALL)
    now = await lane(storage)
    assert (now.place, now.community, now.due_at, now.leased_by, now.leased_until) == (HALL, OURS, NOON, "", None)
    assert await storage.next_lane_at(BOTH) == NOON


async def test_a_lane_without_anything_to_send_is_not_due(storage: Storage) -> None:
    await storage.add_alerts([alert(state="skipped"), alert("guid:2", state="held")], NOON)
    assert (await lane(storage)).due_at is None
    assert await claimed(storage, now=NOON + DAY) == []


async def test_lanes_are_claimed_longest_due_first(storage: Storage) -> None:
    await places(storage, ROOM, SLACK, HALL)
    assert await storage.claim_lanes(RUN, NOON - SECOND, LEASE_S, 9, BOTH) == []
    first = await storage.claim_lanes(RUN, NOON + DAY, LEASE_S, 2, BOTH)
    assert [each.place for each in first] == [ROOM, SLACK]
    assert {(each.leased_by, each.leased_until) for each in first} == {(RUN, NOON + DAY + MINUTE)}
    assert [each.place for each in await claimed(storage, TWIN, NOON + DAY)] == [HALL]
    assert await storage.claim_lanes(RUN, NOON + DAY, LEASE_S, 0, BOTH) == []


async def test_only_lanes_of_the_platforms_asked_for_are_claimed(storage: Storage) -> None:
    await places(storage, HALL, SLACK)
    assert await storage.next_lane_at(["slack"]) == NOON + SECOND
    assert [each.place for each in await storage.claim_lanes(RUN, NOON + DAY, LEASE_S, 9, ["slack"])] == [SLACK]
    assert await storage.claim_lanes(RUN, NOON + DAY, LEASE_S, 9, []) == []
    assert await storage.next_lane_at([]) is None


async def test_two_claimers_never_share_a_lane(storage: Storage) -> None:
    many = [Place("discord", "guild", f"c{n}") for n in range(30)]
    await places(storage, *many)
    later = NOON + DAY
    taken = await asyncio.gather(*(storage.claim_lanes(f"run{n}", later, LEASE_S, 7, BOTH) for n in range(6)))
    found = [each.place for lanes in taken for each in lanes]
    assert sorted(map(str, found)) == sorted(map(str, many))


async def test_a_leased_lane_is_given_to_nobody_not_even_its_own_run(storage: Storage) -> None:
    await places(storage, HALL)
    await claimed(storage)
    assert await claimed(storage, RUN, NOON + 59 * SECOND) == []
    assert await claimed(storage, TWIN, NOON + 59 * SECOND) == []
    assert await storage.next_lane_at(BOTH) == NOON + MINUTE


async def test_a_lapsed_claim_returns(storage: Storage) -> None:
    await places(storage, HALL)
    await claimed(storage)
    assert [each.leased_by for each in await claimed(storage, TWIN, NOON + MINUTE)] == [TWIN]
    assert not await storage.keep_lane(HALL, RUN, NOON + HOUR)


async def test_a_kept_lane_stays(storage: Storage) -> None:
    await places(storage, HALL)
    assert not await storage.keep_lane(HALL, "", NOON + HOUR), "nobody's is nobody's"
    await claimed(storage)
    assert await storage.keep_lane(HALL, RUN, NOON + HOUR)
    assert await claimed(storage, TWIN, NOON + 59 * MINUTE) == []
    assert (await lane(storage)).leased_until == NOON + HOUR
    assert not await storage.keep_lane(ROOM, RUN, NOON + HOUR)


async def test_a_released_lane_is_due_at_its_next_work(storage: Storage) -> None:
    await storage.add_alerts([alert("a"), alert("b", at=NOON + HOUR)], NOON)
    await claimed(storage)
    await sent(storage, alert("a"))
    await storage.release_lane(HALL, TWIN)
    assert (await lane(storage)).leased_by == RUN, "who does not hold it does not give it back"
    await storage.release_lane(HALL, RUN)
    now = await lane(storage)
    assert (now.leased_by, now.leased_until, now.due_at) == ("", None, NOON + HOUR)
    await claimed(storage, now=NOON + HOUR)
    await sent(storage, alert("b"), now=NOON + HOUR)
    await storage.release_lane(HALL, RUN)
    assert (await lane(storage)).due_at is None


async def test_what_stands_behind_the_first_does_not_make_a_lane_due(storage: Storage) -> None:
    await storage.add_alerts([alert("a", due_at=NOON + HOUR), alert("b")], NOON)
    assert (await lane(storage)).due_at == NOON + HOUR


async def test_chores_make_a_lane_due(storage: Storage) -> None:
    one = alert()
    await storage.add_alerts([one], NOON)
    await claimed(storage)
    await sent(storage, one)
    await storage.put_chores([Chore(one.id, "edit", NOON + HOUR, NOON + DAY)])
    await storage.release_lane(HALL, RUN)
    assert (await lane(storage)).due_at == NOON + HOUR


async def test_whoever_did_not_come_back_leaves_an_unknown_outcome(storage: Storage) -> None:
    one, two = alert("a"), alert("b")
    await storage.add_alerts([one, two], NOON)
    await claimed(storage)
    await turned(storage, one, "sending", tried_at=NOON, attempts=1)
    assert [each.state for each in await storage.queue(HALL)] == ["sending", "waiting"]
    assert await claimed(storage, TWIN, NOON + 59 * SECOND) == []
    await claimed(storage, TWIN, NOON + MINUTE)
    after = await stored(storage, one.id)
    assert (after.state, after.tried_at, after.attempts) == ("unknown", NOON, 1)
    assert (await storage.alert_story(one.id))[-1].state == "unknown"
    with pytest.raises(StorageConflict):
        await storage.advance([replace(after, state="posted")], RUN, NOON + MINUTE)


async def test_a_lane_given_back_while_sending_leaves_an_unknown_outcome(storage: Storage) -> None:
    one, elsewhere = alert(), alert(place=ROOM)
    await storage.add_alerts([one, elsewhere], NOON)
    await claimed(storage)
    await turned(storage, one, "sending", tried_at=NOON)
    await turned(storage, elsewhere, "sending", tried_at=NOON)
    await storage.release_lane(HALL, RUN)
    await claimed(storage, TWIN)
    assert (await stored(storage, one.id)).state == "unknown"
    assert (await stored(storage, elsewhere.id)).state == "sending", "that one is still being sent"


async def test_a_settled_alert_never_returns(storage: Storage) -> None:
    one = alert()
    await storage.add_alerts([one], NOON)
    await claimed(storage)
    await sent(storage, one)
    for n in range(1, 4):
        assert await claimed(storage, f"run{n}", NOON + n * DAY) == []
    assert await storage.queue(HALL) == []
    assert await storage.add_alerts([one], NOON + DAY) == []


async def test_what_is_known_of_a_place_never_goes_back(storage: Storage) -> None:
    one, two = alert("a"), alert("b")
    await storage.add_alerts([one, two], NOON)
    [first] = await claimed(storage)
    assert (first.vouched, first.known_until) == ("", None)
    await storage.vouch(HALL, RUN, None)
    assert ((await lane(storage)).vouched, (await lane(storage)).known_until) == (RUN, None)
    await sent(storage, one, now=NOON + 9 * SECOND)
    assert (await lane(storage)).known_until == NOON + 9 * SECOND
    await storage.vouch(HALL, RUN, NOON + 5 * SECOND)
    assert (await lane(storage)).known_until == NOON + 9 * SECOND
    await storage.vouch(HALL, RUN, NOON + 20 * SECOND)
    assert (await lane(storage)).known_until == NOON + 20 * SECOND


async def test_only_who_holds_a_lane_vouches_for_it(storage: Storage) -> None:
    await places(storage, HALL)
    for run in (RUN, ""):
        with pytest.raises(StorageConflict):
            await storage.vouch(HALL, run, NOON)
    await claimed(storage)
    with pytest.raises(StorageConflict):
        await storage.vouch(HALL, TWIN, NOON)
    assert (await lane(storage)).vouched == ""


async def test_a_place_that_is_gone_pauses_its_subscriptions(storage: Storage) -> None:
    show, more = await shelved(storage), await shelved(storage, "more")
    await storage.shelve(OTHER, show.id, "theirs")
    running = subscribed(show)
    paused = subscribed(more, paused="not now", paused_by="moderator")
    elsewhere = subscribed(show, ROOM)
    theirs = replace(running, id="theirs")
    for record in (running, paused, elsewhere):
        await storage.put(OURS, record, "mod")
    await storage.put(OTHER, theirs, "zed")
    await storage.add_alerts([alert()], NOON)
    await claimed(storage)
    given = await storage.block_place(HALL, "no such channel", NOON)
    assert [each.id for each in given] == [running.id, theirs.id]
    now = await storage.record(OURS, "subscription", running.id)
    assert now == given[0]
    assert isinstance(now, Subscription)
    options = read(now.options)
    assert (options.paused, options.paused_by, options.paused_at) == ("no such channel", "bot", NOON)
    assert [await storage.record(OURS, "subscription", each.id) for each in (paused, elsewhere)] == [paused, elsewhere]
    entry = (await storage.history(OURS, limit=1))[0]
    assert (entry.by, entry.kind, entry.after) == ("pullquote", "subscription", now)
    await storage.release_lane(HALL, RUN)
    assert (await lane(storage)).blocked == "no such channel"
    assert await storage.block_place(HALL, "still", NOON) == []


async def test_a_blocked_or_silenced_lane_is_not_claimed_until_it_is_free(storage: Storage) -> None:
    await places(storage, HALL, ROOM)
    await claimed(storage, now=NOON + SECOND)
    await storage.vouch(HALL, RUN, NOON)
    for place in (HALL, ROOM):
        await storage.release_lane(place, RUN)
    await storage.block_place(HALL, "gone", NOON)
    await storage.silence_place(ROOM, "a twin", NOON)
    assert await claimed(storage, TWIN, NOON + DAY) == []
    assert await storage.next_lane_at(BOTH) is None
    assert (await lane(storage, ROOM)).silenced == "a twin"
    assert [each.state for each in await storage.queue(HALL)] == ["waiting"]
    await storage.free_place(HALL, NOON + DAY)
    [free] = await claimed(storage, TWIN, NOON + DAY)
    assert (free.place, free.blocked, free.vouched) == (HALL, "", "")
    await storage.free_place(Place("discord", "guild", "nowhere"), NOON)


async def test_a_place_without_a_lane_can_be_silenced(storage: Storage) -> None:
    await storage.link_workspace(OTHER, "slack", "team")
    await storage.silence_place(SLACK, "a twin", NOON)
    await storage.block_place(HALL, "gone", NOON)
    assert [(each.place, each.silenced) for each in await storage.lanes(OTHER)] == [(SLACK, "a twin")]
    assert [(each.place, each.blocked) for each in await storage.lanes(OURS)] == [(HALL, "gone")]
    await places(storage, SLACK)
    assert await claimed(storage, now=NOON + DAY) == []


async def test_lanes_belong_to_the_community_of_their_workspace(storage: Storage) -> None:
    await places(storage, HALL, SLACK)
    assert [each.place for each in await storage.lanes(OURS)] == [HALL, SLACK]
    await storage.link_workspace(OTHER, "slack", "team")
    assert [each.place for each in await storage.lanes(OURS)] == [HALL]
    assert [(each.place, each.community) for each in await storage.lanes(OTHER)] == [(SLACK, OTHER)]


async def test_a_lane_comes_with_its_quiet_hours(storage: Storage) -> None:
    await places(storage, HALL, ROOM)
    for record in (
        Setting("|quiet", "quiet", "22:00-07:00"),
        Setting("|timezone", "timezone", "Europe/Berlin"),
        Setting(f"{HALL}|quiet", "quiet", "20:00-08:00", str(HALL)),
        Setting(f"{HALL}|quiet_until", "quiet_until", "2026-05-02T00:00:00+00:00", str(HALL)),
    ):
        await storage.put(OURS, record, "mod")
    await storage.put(OTHER, Setting("|quiet_until", "quiet_until", "2027-01-01T00:00:00+00:00"), "zed")
    here, there = await claimed(storage, now=NOON + SECOND)
    assert (here.quiet_hours, here.quiet_until, here.timezone) == (
        "20:00-08:00",
        "2026-05-02T00:00:00+00:00",
        "Europe/Berlin",
    )
    assert (there.quiet_hours, there.quiet_until, there.timezone) == ("22:00-07:00", "", "Europe/Berlin")
    assert await lane(storage) == here
