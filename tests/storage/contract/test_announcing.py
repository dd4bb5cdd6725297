"""A poll's news become alerts in the poll's own transaction: for every subscription, and nothing without its poll."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from bot.alerts import Alert, Filters, News
from bot.domain import CommunityId, EpisodeImport, Show
from bot.errors import StorageConflict, UsageError
from bot.feed_memory import FeedState, KnownItem, PollChanges
from bot.ports import Storage
from bot.rules.alert_keys import alert_id
from tests.storage import build
from tests.storage.alerting import DAY, HALL, HOUR, NOON, OTHER, OURS, ROOM, SLACK, lane, news, subscribed
from tests.storage.build import MEMBER, shelved

FEED = "https://feeds.example.org/harbour"


def polled(show: Show, *found: News, at: datetime = NOON) -> PollChanges:
    state = FeedState(show.id, FEED, checked_at=at, baseline_at=NOON - DAY)
    items = tuple(KnownItem(f"i-{one.key}", one.key, at, at) for one in found)
    return PollChanges(state, tuple(EpisodeImport(one.key, one.title) for one in found), items, news=found)


async def said(storage: Storage, community: CommunityId = OURS, **asked: object) -> list[Alert]:
    """Oldest first."""
    return list(reversed(await storage.alerts(community, **asked)))  # type: ignore[arg-type]


async def test_every_subscription_is_told_of_a_new_episode(storage: Storage) -> None:
    show = await shelved(storage)
    await storage.shelve(OTHER, show.id, "theirs")
    for place in (HALL, ROOM):
        await storage.put(OURS, subscribed(show, place), "mod")
    await storage.put(OTHER, subscribed(show, SLACK), "zed")
    [saved] = await storage.apply_poll(polled(show, news()))
    here, there = await said(storage)
    assert [here.place, there.place] == [HALL, ROOM]
    assert (here.id, here.episode) == (alert_id(HALL, show.id, "guid:one", "new"), saved.episode)
    assert (here.state, here.show, here.subscription) == ("waiting", show.id, subscribed(show).id)
    [theirs] = await said(storage, OTHER)
    assert (theirs.place, theirs.community, theirs.episode) == (SLACK, OTHER, saved.episode)
    assert (await lane(storage, SLACK)).community == OTHER
    assert (await lane(storage)).due_at == NOON


async def test_a_poll_without_news_makes_no_alert(storage: Storage) -> None:
    show = await shelved(storage)
    await storage.put(OURS, subscribed(show), "mod")
    await storage.apply_poll(replace(polled(show, news()), news=()))
    assert (await said(storage), await storage.lanes(OURS)) == ([], [])


async def test_news_that_nobody_wants_make_no_alert(storage: Storage) -> None:
    show, other = await shelved(storage), await shelved(storage, "other")
    await storage.put(OURS, subscribed(other), "mod")
    await storage.apply_poll(polled(show, news()))
    assert await said(storage) == []


async def test_the_same_news_twice_are_told_once(storage: Storage) -> None:
    show = await shelved(storage)
    await storage.put(OURS, subscribed(show), "mod")
    for n in range(2):
        await storage.apply_poll(polled(show, news(), at=NOON + n * HOUR))
    assert len(await said(storage)) == 1


async def test_subscribing_again_tells_nothing_again(storage: Storage) -> None:
    show = await shelved(storage)
    await storage.put(OURS, subscribed(show), "mod")
    await storage.apply_poll(polled(show, news()))
    await storage.drop(OURS, "subscription", subscribed(show).id, "mod")
    await storage.put(OURS, subscribed(show, delay_min=5), "mod")
    await storage.put(OURS, replace(subscribed(show), id="another"), "mod")
    await storage.apply_poll(polled(show, news(), news("two")))
    assert [each.subject for each in await said(storage)] == ["guid:one", "guid:two"]


async def test_of_two_subscriptions_in_one_place_the_one_that_wants_it_counts(storage: Storage) -> None:
    show = await shelved(storage)
    picky = subscribed(show, filters=Filters(with_words=("sea",)))
    await storage.put(OURS, picky, "mod")
    await storage.put(OURS, replace(subscribed(show), id="another"), "mod")
    await storage.apply_poll(polled(show, news()))
    assert [(each.state, each.subscription) for each in await said(storage)] == [("waiting", "another")]


async def test_what_is_skipped_is_kept_with_its_reason(storage: Storage) -> None:
    show = await shelved(storage)
    await storage.put(OURS, subscribed(show, filters=Filters(with_words=("sea",))), "mod")
    [saved] = await storage.apply_poll(polled(show, news()))
    [one] = await storage.alerts(OURS, episode=saved.episode, states=["skipped"])
    assert one.reason
    assert (await lane(storage)).due_at is None


async def test_a_burst_is_summed_up_once_an_hour(storage: Storage) -> None:
    show = await storage.put_show(OURS, build.show(title="Harbour Lights"))
    await storage.put(OURS, subscribed(show, burst_cap=1), "mod")
    await storage.apply_poll(polled(show, *(news(f"a{n}") for n in range(4))))
    first = await said(storage)
    assert sorted(each.kind for each in first) == ["burst", "new", "new", "new", "new"]
    assert sum(each.state == "waiting" for each in first) == 2
    [line] = [each for each in first if each.kind == "burst"]
    assert "Harbour Lights" in line.text
    assert line.episode is not None
    await storage.apply_poll(polled(show, news("b1"), at=NOON + HOUR / 2))
    assert [each.state for each in (await said(storage))[5:]] == ["skipped"], "the hour's cap is reached"
    await storage.apply_poll(polled(show, *(news(f"c{n}") for n in range(3)), at=NOON + 3 * HOUR))
    later = (await said(storage))[6:]
    assert sorted((each.kind, each.state) for each in later) == [
        ("burst", "waiting"), ("new", "skipped"), ("new", "skipped"), ("new", "waiting"),
    ]  # fmt: skip


async def test_a_private_show_is_told_of_in_its_places_only(storage: Storage) -> None:
    show = await shelved(storage)
    await storage.put_show(OURS, replace(show, private=True, places=(HALL,), roles=("patron",)))
    for place in (HALL, ROOM):
        await storage.put(OURS, subscribed(show, place, burst_cap=1), "mod")
    await storage.apply_poll(polled(show, *(news(f"a{n}") for n in range(3))))
    there = await said(storage, place=ROOM)
    assert {(each.kind, each.state) for each in there} == {("new", "skipped")}
    assert all("private" in each.reason and not each.text for each in there)
    here = await said(storage, place=HALL)
    assert sorted({(each.kind, each.state) for each in here}) == [
        ("burst", "waiting"), ("new", "skipped"), ("new", "waiting"),
    ]  # fmt: skip


async def test_a_show_off_the_shelf_is_told_of_no_more(storage: Storage) -> None:
    show = await shelved(storage)
    await storage.shelve(OTHER, show.id, "theirs")
    await storage.put(OURS, subscribed(show), "mod")
    await storage.put(OTHER, subscribed(show, SLACK), "zed")
    await storage.unshelve(OURS, show.id)
    await storage.apply_poll(polled(show, news()))
    assert await said(storage) == []
    assert len(await said(storage, OTHER)) == 1


async def test_a_subscription_to_no_place_is_refused(storage: Storage) -> None:
    show = await shelved(storage)
    for nowhere in ("nowhere", "discord/guild", "", "discord//hall"):
        with pytest.raises(UsageError, match="platform/workspace/channel"):
            await storage.put(OURS, replace(subscribed(show), id="odd", place=nowhere), "mod")
    assert await storage.records(OURS, "subscription") == []


async def test_why_a_poll_took_an_episode_for_a_new_one_is_kept_also_for_nobody(storage: Storage) -> None:
    show = await shelved(storage)
    await storage.apply_poll(polled(show, news()))
    await storage.apply_poll(polled(show, replace(news(), reason="again"), at=NOON + HOUR))
    assert await storage.finding(show.id, "one") == (NOON, "not seen before")
    assert await storage.finding(show.id, "two") is None


async def test_a_refused_poll_leaves_neither_episode_nor_alert(storage: Storage) -> None:
    show = await shelved(storage)
    await storage.put(OURS, subscribed(show), "mod")
    changes = polled(show, news())
    state = await storage.put_feed(changes.state)
    await storage.put_feed(state)
    with pytest.raises(StorageConflict):
        await storage.apply_poll(replace(changes, state=state))
    with pytest.raises(StorageConflict):
        await storage.apply_poll(replace(changes, catalogue=-1))
    assert (await storage.episodes(MEMBER), await said(storage)) == ([], [])


async def test_news_of_an_episode_that_was_joined_into_another_are_no_second_alert(storage: Storage) -> None:
    show = await shelved(storage)
    await storage.put(OURS, subscribed(show), "mod")
    one, two = await storage.apply_poll(polled(show, news(), news("two")))
    await storage.join_episodes(OURS, one.episode, two.episode, "mod")
    again = replace(polled(show, news("two")), news=(replace(news("two"), identity="guid:other"),))
    await storage.apply_poll(again)
    assert {each.subject for each in await said(storage)} == {"guid:one", "guid:two"}
