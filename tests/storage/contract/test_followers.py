"""Who wants to be told, and the code of the first admin."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain import Person, ShowId
from bot.errors import NotFound
from bot.ports import Storage
from tests.storage.alerting import DAY, HALL, HOUR, NOON, OTHER, OURS, ROOM, SECOND, alert, subscribed
from tests.storage.build import shelved

MEL, KIM = Person("discord", "7", "Mel"), Person("discord", "8", "Kim")


async def test_subscribing_twice_is_one_subscription(storage: Storage) -> None:
    show = await shelved(storage)
    for delay_min in (0, 5):
        await storage.put(OURS, subscribed(show, delay_min=delay_min), "mod")
    [(community, one)] = await storage.subscriptions_to(show.id)
    assert (community, one) == (OURS, subscribed(show, delay_min=5))


async def test_subscriptions_are_read_across_communities(storage: Storage) -> None:
    show, other = await shelved(storage), await shelved(storage, "other")
    await storage.shelve(OTHER, show.id, "theirs")
    ours, more = subscribed(show), subscribed(show, ROOM)
    theirs = replace(ours, id="t1", place="slack/team/general")
    await storage.put(OTHER, theirs, "zed")
    for record in (ours, more, subscribed(other)):
        await storage.put(OURS, record, "mod")
    assert await storage.subscriptions_to(show.id) == [(OTHER, theirs), (OURS, ours), (OURS, more)]
    assert await storage.communities_of(show.id) == [OURS, OTHER]
    assert await storage.subscription(OURS, ours.id) == ours
    assert await storage.subscription(OTHER, ours.id) is None
    assert await storage.subscription(OURS, "nobody") is None


async def test_a_show_off_the_shelf_has_no_subscription(storage: Storage) -> None:
    show = await shelved(storage)
    await storage.shelve(OTHER, show.id, "theirs")
    one = subscribed(show)
    await storage.put(OURS, one, "mod")
    await storage.unshelve(OURS, show.id)
    assert (await storage.subscription(OURS, one.id), await storage.subscriptions_to(show.id)) == (None, [])
    assert await storage.communities_of(show.id) == [OTHER]
    await storage.put_show(OURS, show)
    assert await storage.subscription(OURS, one.id) == one


async def test_a_show_that_is_not_there_has_nobody(storage: Storage) -> None:
    assert await storage.subscriptions_to(ShowId("nobody")) == []
    assert await storage.communities_of(ShowId("nobody")) == []


async def test_dropping_a_subscription_deletes_no_alert(storage: Storage) -> None:
    show = await shelved(storage)
    await storage.put(OURS, subscribed(show), "mod")
    await storage.add_alerts([alert(show=show.id, subscription=subscribed(show).id)], NOON)
    await storage.drop(OURS, "subscription", subscribed(show).id, "mod")
    assert [each.state for each in await storage.alerts(OURS)] == ["waiting"]
    assert [each.place for each in await storage.lanes(OURS)] == [HALL]


async def test_a_wish_is_remembered_once(storage: Storage) -> None:
    one, two = alert(), alert("guid:2")
    await storage.add_alerts([one, two], NOON)
    assert await storage.wish(one.id, MEL)
    assert not await storage.wish(one.id, replace(MEL, name="Melanie"))
    assert await storage.wish(one.id, replace(MEL, platform="slack"))
    assert await storage.wish(one.id, KIM)
    assert await storage.wish(two.id, KIM)
    assert await storage.wishes(one.id) == [MEL, KIM, replace(MEL, platform="slack")]
    assert await storage.wishes("nobody") == []
    with pytest.raises(NotFound):
        await storage.wish("nobody", MEL)


async def test_a_code_is_used_once(storage: Storage) -> None:
    await storage.make_code(OURS, "right", NOON)
    assert not await storage.use_code(OTHER, MEL, "right", NOON)
    assert not await storage.use_code(OURS, MEL, "wrong", NOON)
    assert await storage.use_code(OURS, MEL, "right", NOON + HOUR)
    assert not await storage.use_code(OURS, MEL, "right", NOON + HOUR)


async def test_a_code_holds_a_day(storage: Storage) -> None:
    await storage.make_code(OURS, "right", NOON)
    assert not await storage.use_code(OURS, MEL, "right", NOON + DAY)
    assert not await storage.use_code(OURS, MEL, "right", NOON), "an old one is gone"
    await storage.make_code(OURS, "right", NOON)
    assert await storage.use_code(OURS, MEL, "right", NOON + DAY - SECOND)


async def test_who_tried_five_wrong_ones_rests_an_hour_and_nobody_else_does(storage: Storage) -> None:
    await storage.make_code(OURS, "right", NOON)
    for n in range(20):
        assert not await storage.use_code(OURS, MEL, f"wrong {n} ü", NOON)
    for when in (NOON, NOON + HOUR - SECOND):
        assert not await storage.use_code(OURS, MEL, "right", when)
    namesake = replace(MEL, platform="slack")
    assert not await storage.use_code(OURS, namesake, "wrong", NOON)
    assert await storage.use_code(OURS, KIM, "right", NOON)
    await storage.make_code(OURS, "another", NOON)
    assert await storage.use_code(OURS, MEL, "another", NOON), "a new code, new tries"


@pytest.mark.parametrize(("tries", "after", "used"), [(4, 0 * HOUR, True), (5, HOUR - SECOND, False), (5, HOUR, True)])
async def test_four_wrong_ones_or_an_hour_later_the_right_one_works(
    storage: Storage, tries: int, after: timedelta, used: bool
) -> None:
    await storage.make_code(OURS, "right", NOON)
    for n in range(tries):
        assert not await storage.use_code(OURS, MEL, f"wrong {n}", NOON)
    assert await storage.use_code(OURS, MEL, "right", NOON + after) is used


async def test_after_the_rest_five_more_are_counted(storage: Storage) -> None:
    await storage.make_code(OURS, "right", NOON)
    for when in (NOON, NOON + HOUR):
        for n in range(5):
            assert not await storage.use_code(OURS, MEL, f"wrong {n}", when)
    assert not await storage.use_code(OURS, MEL, "right", NOON + 2 * HOUR - SECOND)
    assert await storage.use_code(OURS, MEL, "right", NOON + 2 * HOUR)


async def test_after_a_hundred_wrong_codes_of_all_there_is_none(storage: Storage) -> None:
    for wrong, left in ((99, True), (100, False)):
        await storage.make_code(OURS, "right", NOON)
        for n in range(wrong):
            assert not await storage.use_code(OURS, Person("discord", f"p{n // 5}"), "wrong", NOON)
        assert await storage.use_code(OURS, MEL, "right", NOON) is left


async def test_only_the_latest_code_is_valid(storage: Storage) -> None:
    await storage.make_code(OURS, "first", NOON)
    await storage.make_code(OURS, "second", NOON)
    assert not await storage.use_code(OURS, MEL, "first", NOON)
    assert await storage.use_code(OURS, MEL, "second", NOON)
