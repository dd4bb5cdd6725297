"""What is still to be done to posts that are there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.alerts import Alert, Chore
from bot.errors import NotFound, StorageConflict
from bot.ports import Storage
from tests.storage.alerting import DAY, HALL, HOUR, NOON, ROOM, RUN, SECOND, alert, claimed, lane, sent, stored


async def posted(storage: Storage, one: Alert) -> Alert:
    await storage.add_alerts([one], NOON)
    await claimed(storage)
    after = await sent(storage, one)
    await storage.release_lane(one.place, RUN)
    return after


def chore(one: Alert, kind: str = "edit", **said: object) -> Chore:
    return replace(Chore(one.id, "edit", NOON, NOON + DAY), kind=kind, **said)  # type: ignore[arg-type]


async def test_chores_come_first_due_first_and_only_when_due(storage: Storage) -> None:
    one, elsewhere = await posted(storage, alert()), await posted(storage, alert(place=ROOM))
    late, soon = chore(one, "thread", due_at=NOON + HOUR), chore(one, "publish", due_at=NOON + SECOND)
    await storage.put_chores([late, soon, chore(one, due_at=NOON + DAY), chore(elsewhere)])
    assert await storage.chores(HALL, NOON) == []
    assert await storage.chores(HALL, NOON + HOUR) == [soon, late]
    assert await storage.chores(ROOM, NOON) == [chore(elsewhere)]


async def test_a_chore_put_again_takes_the_place_of_the_former(storage: Storage) -> None:
    one = await posted(storage, alert())
    await storage.put_chores([chore(one)])
    later = chore(one, due_at=NOON + HOUR, expires_at=NOON + 2 * DAY, attempts=2, error="busy")
    await storage.put_chores([later])
    assert await storage.chores(HALL, NOON + DAY) == [later]
    assert (await lane(storage)).due_at == NOON + HOUR


async def test_a_post_and_its_chores_are_written_together(storage: Storage) -> None:
    one = alert()
    await storage.add_alerts([one], NOON)
    await claimed(storage)
    now = await stored(storage, one.id)
    wish = chore(one, "thread")
    with pytest.raises(NotFound):
        await storage.advance([replace(now, state="posted")], RUN, NOON, [wish, Chore("nobody", "edit", NOON, NOON)])
    assert (await stored(storage, one.id)).state == "waiting"
    await storage.advance([replace(now, state="posted")], RUN, NOON, [wish])
    assert await storage.chores(HALL, NOON) == [wish]


async def test_a_done_chore_is_gone_and_the_post_is_as_it_stands(storage: Storage) -> None:
    one = await posted(storage, alert())
    await storage.put_chores([chore(one, "thread"), chore(one)])
    await storage.end_chore(chore(one, "thread"), replace(one, thread="t1"))
    assert (await stored(storage, one.id)).thread == "t1"
    assert await storage.chores(HALL, NOON) == [chore(one)]
    await storage.end_chore(chore(one))
    assert await storage.chores(HALL, NOON) == []
    assert (await lane(storage)).due_at is None


async def test_a_chore_that_was_put_down_anew_while_it_was_done_is_still_to_be_done(storage: Storage) -> None:
    one = await posted(storage, alert())
    await storage.put_chores([chore(one)])
    await storage.put_chores([chore(one, due_at=NOON + HOUR)])  # the episode changed while the request was on its way
    await storage.end_chore(chore(one), replace(one, digest="d1"))
    assert await storage.chores(HALL, NOON + DAY) == [chore(one, due_at=NOON + HOUR)]


async def test_a_post_that_was_taken_away_stays_away(storage: Storage) -> None:
    one = await posted(storage, alert())
    await storage.put_chores([chore(one, due_at=NOON + HOUR)])
    await storage.end_chore(chore(one, due_at=NOON + HOUR), replace(one, state="deleted", reason="taken away"))
    assert (await stored(storage, one.id)).state == "deleted"
    assert (await storage.alert_story(one.id))[-1].at == NOON + HOUR
    assert await claimed(storage, now=NOON + DAY) == []


async def test_a_chore_done_to_an_older_state_is_done_again(storage: Storage) -> None:
    one = await posted(storage, alert())
    await storage.put_chores([chore(one, "thread"), chore(one)])
    await storage.end_chore(chore(one, "thread"), replace(one, thread="t1"))
    with pytest.raises(StorageConflict):
        await storage.end_chore(chore(one), replace(one, digest="d2"))
    assert await storage.chores(HALL, NOON) == [chore(one)]
    assert (await stored(storage, one.id)).digest == ""


async def test_a_chore_of_nothing_is_refused(storage: Storage) -> None:
    for write in (storage.put_chores([chore(alert())]), storage.end_chore(chore(alert()))):
        with pytest.raises(NotFound, match="no alert"):
            await write
    await storage.put_chores([])
