"""What stood in an alert's way is gone: it has its old turn again, with the write that ended it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from bot.alerts import Alert
from bot.domain import Setting, Show
from bot.ports import Storage
from bot.rules import delivery
from bot.texts_alerts import PAUSED_BY_MODERATOR, REVIVED, UNSUBSCRIBED
from tests.storage.alerting import (
    HALL,
    HOUR,
    MINUTE,
    NOON,
    OTHER,
    OURS,
    ROOM,
    RUN,
    alert,
    claimed,
    lane,
    stored,
    subscribed,
    turned,
)
from tests.storage.build import shelved

LATER = NOON + 10 * MINUTE


async def waiting(storage: Storage, show: Show, *subjects: str, place: Any = HALL) -> list[Alert]:
    """Alerts of a subscription, each a second later than the one before."""
    await storage.put(OURS, subscribed(show, place), "mod")
    made = [
        alert(one, place, NOON + n * MINUTE, show=show.id, subscription=subscribed(show, place).id)
        for n, one in enumerate(subjects)
    ]
    await storage.add_alerts(made, NOON)
    return made


async def put_off(storage: Storage, one: Alert, until: datetime, *, aside: bool) -> None:
    """As the outbox does it."""
    await claimed(storage, now=until)
    off = delivery.put_off(await stored(storage, one.id), delivery.WaitUntil(until, "later", aside=aside))
    await storage.advance([off], RUN, NOON)
    await storage.release_lane(one.place, RUN)


async def dues(storage: Storage, made: list[Alert]) -> list[datetime]:
    return [(await stored(storage, one.id)).due_at for one in made]


@pytest.mark.parametrize("way", ["place", "community", "zone", "options", "drop", "freed", "undone"])
async def test_what_stepped_aside_is_due_in_its_order_once_its_reason_may_be_gone(storage: Storage, way: str) -> None:
    show = await shelved(storage)
    quiet = Setting(f"{HALL}|quiet", "quiet", "22:00-07:00", str(HALL))
    entry = await storage.put(OURS, quiet, "mod")
    made = await waiting(storage, show, "one", "two")
    await put_off(storage, made[1], NOON + HOUR, aside=True)
    await put_off(storage, made[0], NOON + 2 * HOUR, aside=True)
    assert (await lane(storage)).due_at == NOON + HOUR
    match way:
        case "place":
            await storage.drop(OURS, "setting", quiet.id, "mod")
        case "community":
            await storage.put(OURS, Setting("|quiet_until", "quiet_until", NOON.isoformat(), ""), "mod")
        case "zone":
            await storage.put(OURS, Setting("|timezone", "timezone", "Asia/Tokyo", ""), "mod")
        case "options":
            await storage.put(OURS, subscribed(show, trailer="skip"), "mod")
        case "drop":
            await storage.drop(OURS, "subscription", subscribed(show).id, "mod")
        case "freed":
            await storage.free_place(HALL, NOON)
        case _:
            await storage.undo(OURS, entry.id, "mod")
    assert [one.id for one in await storage.queue(HALL)] == [one.id for one in made]
    assert await dues(storage, made) == [NOON, NOON + MINUTE]
    assert (await lane(storage)).due_at == NOON


async def test_a_delay_a_retry_and_what_is_not_meant_stay_as_they_are(storage: Storage) -> None:
    show = await shelved(storage)
    delayed, retried = await waiting(storage, show, "one", "two")
    [elsewhere] = await waiting(storage, show, "three", place=ROOM)
    await put_off(storage, delayed, LATER, aside=False)
    await put_off(storage, retried, LATER, aside=False)
    await put_off(storage, elsewhere, LATER, aside=True)
    await storage.put(OURS, Setting(f"{HALL}|quiet", "quiet", "1:00-2:00", str(HALL)), "mod")
    await storage.put(OURS, Setting("|answers", "answers", "public", ""), "mod")
    await storage.put(OTHER, Setting("|quiet", "quiet", "1:00-2:00", ""), "mod")
    await storage.put(OURS, subscribed(show, trailer="skip"), "mod")
    await storage.free_place(HALL, NOON)
    assert await dues(storage, [delayed, retried, elsewhere]) == [LATER, LATER, LATER]


async def test_whoever_works_there_meanwhile_does_not_put_it_off_again(storage: Storage) -> None:
    from bot.errors import StorageConflict

    show = await shelved(storage)
    [one] = await waiting(storage, show, "one")
    await put_off(storage, one, LATER, aside=True)
    await claimed(storage, now=LATER)
    read = await stored(storage, one.id)
    await storage.put(OURS, subscribed(show, trailer="skip"), "mod")
    with pytest.raises(StorageConflict):
        await storage.advance([replace(read, due_at=NOON + HOUR)], RUN, LATER)


async def test_undoing_an_unsubscribe_revives_what_was_skipped_for_it(storage: Storage) -> None:
    show = await shelved(storage)
    one, two = await waiting(storage, show, "one", "two")
    dropped = await storage.drop(OURS, "subscription", subscribed(show).id, "mod")
    assert dropped
    await claimed(storage, now=LATER)
    await turned(storage, one, "skipped", reason=UNSUBSCRIBED)
    await turned(storage, two, "skipped", reason="the show is withheld")
    await storage.release_lane(HALL, RUN)
    await storage.undo(OURS, dropped.id, "mod")
    assert [(each.id, each.state, each.reason) for each in await storage.queue(HALL)] == [(one.id, "waiting", REVIVED)]
    assert (await lane(storage)).due_at == NOON
    assert [step.state for step in await storage.alert_story(one.id)] == ["waiting", "skipped", "waiting"]


async def test_subscribing_again_revives_nothing(storage: Storage) -> None:
    show = await shelved(storage)
    [one] = await waiting(storage, show, "one")
    await storage.drop(OURS, "subscription", subscribed(show).id, "mod")
    await claimed(storage, now=LATER)
    await turned(storage, one, "skipped", reason=UNSUBSCRIBED)
    await storage.put(OURS, subscribed(show), "mod")
    assert await storage.queue(HALL) == []


async def test_undoing_a_pause_revives_what_waited_and_not_what_came_meanwhile(storage: Storage) -> None:
    show = await shelved(storage)
    [waited] = await waiting(storage, show, "one")
    paused = subscribed(show, paused="by Ada", paused_by="moderator", paused_at=NOON)
    entry = await storage.put(OURS, paused, "mod")
    why = PAUSED_BY_MODERATOR.format(why="by Ada")
    came = alert("two", show=show.id, subscription=paused.id, state="skipped", reason=why)
    await storage.add_alerts([came], NOON)
    await claimed(storage, now=LATER)
    await turned(storage, waited, "skipped", reason=why)
    await storage.release_lane(HALL, RUN)
    await storage.undo(OURS, entry.id, "mod")
    assert [each.id for each in await storage.queue(HALL)] == [waited.id]


async def test_troubles_of_a_show_end_with_its_leaving_the_shelf(storage: Storage) -> None:
    show, other = await shelved(storage), await shelved(storage, "other")
    for source in (f"feed:{show.id}:main", f"notice:{show.id}:youtube", f"feed:{other.id}:main", "platform:discord"):
        await storage.set_troubles(source, ["wrong"], [OURS, OTHER], NOON)
    await storage.unshelve(OURS, show.id)
    assert [one.source for one in await storage.troubles(OURS)] == [f"feed:{other.id}:main", "platform:discord"]
    assert len(await storage.troubles(OTHER)) == 4
