"""Troubles are told once, over once, and again when they return."""

from __future__ import annotations

from bot.alerts import TROUBLE_AGE, Alert
from bot.domain import DEFAULT_COMMUNITY, EpisodeId, Place, Setting, ShowId
from bot.ports import Storage
from storage import open_storage
from tests.storage.alerting import DAY, HALL, HOUR, NOON, OTHER, OURS, lane
from tests.storage.build import stored

FEED = "feed:showaaaaaaaa:main"
CONSOLE = Place("console", "local", "console")
FAILS, MOVED = "The feed fails.", "The feed moved."


async def told(storage: Storage, community: str = OURS) -> list[tuple[str, str]]:
    """What was told, oldest first."""
    alerts: list[Alert] = await storage.alerts(OTHER if community == OTHER else OURS)
    return [(each.kind, each.text) for each in reversed(alerts)]


async def test_a_trouble_is_told_once_and_its_end_once(storage: Storage) -> None:
    [opened] = await storage.set_troubles(FEED, [FAILS], [OURS], NOON)
    assert (opened.community, opened.source, opened.what, opened.since) == (OURS, FEED, FAILS, NOON)
    assert await storage.set_troubles(FEED, [FAILS], [OURS], NOON + HOUR) == []
    assert await storage.troubles(OURS) == [opened]
    assert await storage.set_troubles(FEED, [], [OURS], NOON + DAY, "It works again.") == []
    assert await storage.set_troubles(FEED, [], [OURS], NOON + DAY, "It works again.") == []
    assert await storage.troubles(OURS) == []
    assert await told(storage) == [("trouble", FAILS), ("over", "It works again.")]


async def test_a_trouble_that_returns_is_told_again(storage: Storage) -> None:
    ids = set()
    for n in range(3):
        [opened] = await storage.set_troubles(FEED, [FAILS], [OURS], NOON + n * DAY)
        ids.add(opened.id)
        await storage.set_troubles(FEED, [], [OURS], NOON + n * DAY + HOUR, "over")
    assert len(ids) == 3
    assert await told(storage) == [("trouble", FAILS), ("over", "over")] * 3


async def test_an_end_without_words_is_not_told(storage: Storage) -> None:
    await storage.set_troubles(FEED, [FAILS], [OURS], NOON)
    await storage.set_troubles(FEED, [], [OURS], NOON)
    assert await told(storage) == [("trouble", FAILS)]


async def test_one_of_two_troubles_ends_alone(storage: Storage) -> None:
    assert len(await storage.set_troubles(FEED, [FAILS, MOVED, FAILS], [OURS], NOON)) == 2
    await storage.set_troubles(FEED, [MOVED], [OURS], NOON + HOUR, "over")
    assert [each.what for each in await storage.troubles(OURS)] == [MOVED]
    assert await told(storage) == [("trouble", FAILS), ("trouble", MOVED), ("over", "over")]


async def test_sources_and_communities_do_not_end_each_other(storage: Storage) -> None:
    await storage.set_troubles(FEED, [FAILS], [OURS, OTHER, OURS], NOON)
    await storage.set_troubles("twin:discord/guild/hall", [], [OURS], NOON, "over")
    await storage.set_troubles(FEED, [], [OTHER], NOON, "over")
    await storage.set_troubles(FEED, [], [], NOON, "over")
    assert [each.what for each in await storage.troubles(OURS)] == [FAILS]
    assert await storage.troubles(OTHER) == []
    assert await told(storage) == [("trouble", FAILS)]
    assert await told(storage, OTHER) == [("trouble", FAILS), ("over", "over")]


async def test_moderators_are_told_where_they_said_else_in_the_console(storage: Storage) -> None:
    await storage.put(OURS, Setting("|moderators", "moderators", str(HALL)), "mod")
    await storage.put(OTHER, Setting("|moderators", "moderators", "no such place"), "mod")
    await storage.set_troubles(FEED, [FAILS], [OURS, OTHER], NOON)
    [ours], [theirs] = await storage.alerts(OURS), await storage.alerts(OTHER)
    assert (ours.place, theirs.place) == (HALL, CONSOLE)
    assert (ours.state, ours.due_at, ours.expires_at) == ("waiting", NOON, NOON + TROUBLE_AGE)
    assert (ours.show, ours.episode) == (ShowId("showaaaaaaaa"), None)
    assert (await lane(storage)).due_at == NOON


async def test_a_withdrawn_episode_is_named_by_its_alert(storage: Storage) -> None:
    episode = await stored(storage)
    await storage.set_troubles(f"withdrawn:{episode}", ["Gone."], [OURS], NOON)
    await storage.set_troubles("withdrawn:nobody", ["Gone."], [OURS], NOON)
    told = await storage.alerts(OURS)
    assert [each.episode for each in told] == [None, EpisodeId(episode)]
    assert told[1].show is not None


async def test_a_restored_database_tells_no_trouble_twice() -> None:
    """Two copies of one past: the ids of what is told are the same."""
    ids = []
    for _ in range(2):
        storage = await open_storage("sqlite:///:memory:")
        for n in range(2):
            await storage.set_troubles(FEED, [FAILS], [DEFAULT_COMMUNITY], NOON + n * DAY)
            await storage.set_troubles(FEED, [], [DEFAULT_COMMUNITY], NOON + n * DAY, "over")
        ids.append([each.id for each in await storage.alerts(DEFAULT_COMMUNITY)])
        await storage.close()
    assert ids[0] == ids[1]
    assert len(set(ids[0])) == 4
