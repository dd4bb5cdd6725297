"""Episodes made one have one alert in a place; made two again, each has its own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.alerts import Alert, AlertState
from bot.domain import EpisodeId
from bot.ports import Storage
from tests.storage.alerting import HALL, NOON, OURS, ROOM, alert, claimed, lane
from tests.storage.alerting import stored as now
from tests.storage.build import episode_import, stored


async def two(storage: Storage) -> tuple[EpisodeId, EpisodeId]:
    return await stored(storage, episode_import("one", None)), await stored(storage, episode_import("two", None))


async def as_they_stand(storage: Storage, *alerts: Alert) -> list[tuple[EpisodeId | None, str, str]]:
    found = [await now(storage, each.id) for each in alerts]
    return [(each.episode, each.state, each.reason) for each in found]


async def test_alerts_follow_the_episode_that_is_kept(storage: Storage) -> None:
    kept, other = await two(storage)
    one = alert(episode=other, state="posted", message="m1")
    trouble = alert("t1", kind="trouble", episode=other)
    await storage.add_alerts([one, trouble], NOON)
    entry = await storage.join_episodes(OURS, kept, other, "mod")
    assert {each.id for each in await storage.alerts(OURS, episode=kept)} == {one.id, trouble.id}
    assert {each.id for each in await storage.alerts(OURS, episode=other)} == {one.id, trouble.id}, (
        "the old id leads there"
    )
    assert [each.id for each in await storage.alerts_of_episodes([other, kept])] == [one.id]
    assert await storage.add_alerts([alert("guid:9", episode=other)], NOON) == [], "told there already"
    await storage.undo(OURS, entry.id, "mod")
    assert {each.episode for each in await storage.alerts(OURS)} == {other}
    assert await storage.alerts(OURS, episode=kept) == []


PAIRS: list[tuple[AlertState, AlertState]] = [
    ("posted", "waiting"),
    ("posted", "held"),
    ("posted", "skipped"),
    ("posted", "posted"),
    ("waiting", "skipped"),
    ("waiting", "waiting"),
    ("unknown", "waiting"),
    ("posted", "unknown"),
    ("deleted", "waiting"),
]


@pytest.mark.parametrize(("stays", "gives_way"), PAIRS)
@pytest.mark.parametrize("of_kept", [True, False], ids=["the kept one's stays", "the other's stays"])
async def test_of_two_in_one_place_what_people_saw_stays(
    storage: Storage, stays: AlertState, gives_way: AlertState, of_kept: bool
) -> None:
    kept, other = await two(storage)
    first, second = (kept, other) if of_kept else (other, kept)
    one = alert("guid:1", episode=first, state=stays, reason="was")
    two_ = alert("guid:2", episode=second, state=gives_way, reason="was")
    await storage.add_alerts([one, two_], NOON)
    before = await as_they_stand(storage, one, two_)
    entry = await storage.join_episodes(OURS, kept, other, "mod")
    standing, given = await as_they_stand(storage, one, two_)
    assert standing == (kept, stays, "was")
    assert given[0] is None
    assert given[1] == ("skipped" if gives_way in ("waiting", "held") else gives_way)
    assert [each.id for each in await storage.alerts(OURS, episode=kept)] == [one.id]
    back = await storage.undo(OURS, entry.id, "mod")
    assert await as_they_stand(storage, one, two_) == before
    await storage.undo(OURS, back.id, "mod")
    assert await as_they_stand(storage, one, two_) == [standing, given]


async def test_what_gave_way_is_not_sent(storage: Storage) -> None:
    kept, other = await two(storage)
    await storage.add_alerts([alert("a", episode=kept, state="posted"), alert("b", episode=other)], NOON)
    await storage.add_alerts([alert("c", ROOM, episode=other)], NOON)
    entry = await storage.join_episodes(OURS, kept, other, "mod")
    assert [each.place for each in await claimed(storage)] == [ROOM]
    assert (await lane(storage)).due_at is None
    story = await storage.alert_story(alert("b").id)
    assert "told here already" in story[-1].reason
    await storage.undo(OURS, entry.id, "mod")
    assert (await lane(storage)).due_at == NOON


async def test_what_was_decided_meanwhile_stays_decided(storage: Storage) -> None:
    kept, other = await two(storage)
    one, two_ = alert("a", episode=kept, state="posted"), alert("b", episode=other)
    await storage.add_alerts([one, two_, alert("c")], NOON)
    entry = await storage.join_episodes(OURS, kept, other, "mod")
    await claimed(storage)
    found = await now(storage, two_.id)
    await storage.advance([replace(found, state="posted", reason="found", message="m2")], "run-one", NOON)
    await storage.undo(OURS, entry.id, "mod")
    assert await as_they_stand(storage, two_) == [(other, "posted", "found")]


async def test_a_split_leaves_alerts_with_the_feeds_part(storage: Storage) -> None:
    from tests.storage.build import shelved
    from tests.storage.joined import fed, from_file, polled

    show = await shelved(storage)
    [fed_one] = await storage.apply_poll(polled(show.id, fed()))
    file = await stored(storage, from_file())
    one = alert(episode=fed_one.episode, state="posted", show=show.id)
    await storage.add_alerts([one], NOON)
    await storage.join_episodes(OURS, file, fed_one.episode, "mod")
    assert (await now(storage, one.id)).episode == file
    cut, entry = await storage.split_episode(OURS, file, "mod")
    assert cut != file
    assert (await now(storage, one.id)).episode == file, "the feed's part keeps this id"
    await storage.undo(OURS, entry.id, "mod")
    assert [(each.id, each.place) for each in await storage.alerts(OURS, episode=file)] == [(one.id, HALL)]
