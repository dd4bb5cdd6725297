"""Which items of a poll are news: new ones of the main feed after the baseline, oldest first, each known by its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.alerts import News
from bot.domain import ShowId
from bot.feed_memory import FeedRole, FeedState
from bot.feeds import Credit, Feed, FeedItem
from bot.rules.alert_keys import identity
from bot.rules.feed_items import judge
from bot.rules.item_import import changes
from bot.rules.item_news import MOST
from tests.rules.polled import MAY, NOW, THREE, Show, item

STATE = FeedState(ShowId("s"), "https://a.example/feed")


def news(show: Show, *items: FeedItem, baseline: bool = False, role: FeedRole = "main", **parts: object) -> list[News]:
    """What the next poll of the show would announce."""
    feed = replace(Feed(title="Kites", link="https://a.example/"), items=items, **parts)  # type: ignore[arg-type]
    judged = judge(feed, list(show.known.values()), list(show.episodes.values()), NOW, baseline=baseline, role=role)
    made = changes(judged, feed, STATE, list(show.episodes.values()), NOW, baseline=baseline)
    return list(made.news)


def seen() -> Show:
    show = Show()
    show.poll(*THREE)
    return show


def test_the_baseline_has_no_news_and_neither_has_a_poll_that_met_everything() -> None:
    assert news(Show(), *THREE, baseline=True) == []
    assert news(seen(), *THREE) == []


def test_news_come_oldest_first_whatever_the_order_of_the_feed_is() -> None:
    fresh = [item(n) for n in (4, 5, 6)]
    assert [one.title for one in news(seen(), *reversed(fresh), *THREE)] == ["Episode 4", "Episode 5", "Episode 6"]
    assert [one.title for one in news(seen(), *THREE, *fresh)] == ["Episode 4", "Episode 5", "Episode 6"]


def test_items_without_dates_are_taken_as_newest_first() -> None:
    fresh = [item(n, published=None) for n in (6, 5, 4)]
    assert [one.title for one in news(seen(), *fresh, *THREE)] == ["Episode 4", "Episode 5", "Episode 6"]


def test_the_rules_see_what_members_will_see() -> None:
    fresh = item(
        4, title="S2E7: A trailer for kites", kind="trailer", duration_s=95.0, season=2, credits=(Credit("Ann Lee"),)
    )
    [one] = news(seen(), fresh, *THREE, explicit=True)
    assert (one.title, one.kind, one.number, one.season) == ("S2E7: A trailer for kites", "trailer", 7, 2)
    assert (one.duration_s, one.explicit, one.people) == (95.0, True, ("Ann Lee",))
    assert (one.seen_at, one.published) == (NOW, fresh.published)
    assert one.reason == "not seen before"


def test_what_is_older_than_everything_is_marked() -> None:
    [one] = news(seen(), *THREE, item(0, published=MAY - timedelta(days=90)))
    assert one.older
    assert not news(seen(), item(4), *THREE)[0].older


@pytest.mark.parametrize("year", [1970, 2035])
def test_a_date_that_cannot_be_is_no_date(year: int) -> None:
    [one] = news(seen(), item(4, published=NOW.replace(year=year, month=1, day=1)), *THREE)
    assert one.published is None
    assert not one.older


def test_an_item_is_known_by_its_guid_and_without_one_by_all_that_it_says() -> None:
    named, nameless = item(4), item(5, guid=None)
    first, second = news(seen(), nameless, named, *THREE)
    assert first.identity == "guid:a.example:4"
    assert second.identity == identity(nameless)
    assert second.identity.startswith("item:")


def test_a_guid_that_several_share_tells_nobody() -> None:
    twins = [item(n, guid="same for all") for n in (4, 5)]
    found = news(seen(), *twins, *THREE)
    assert len({one.identity for one in found}) == len(found) == 2
    assert not [one for one in found if one.identity.startswith("guid:")]


def test_the_same_item_is_known_by_the_same_after_everything_was_lost() -> None:
    [first] = news(seen(), item(4), *THREE)
    [again] = news(seen(), item(4), *THREE)
    assert (first.identity, first.key) == (again.identity, again.key)


def test_of_a_flood_the_newest_are_looked_at_and_the_others_counted() -> None:
    flood = [item(n, published=NOW - timedelta(minutes=n)) for n in range(10, 10 + MOST + 50)]
    found = news(seen(), *flood, *THREE)
    assert len(found) == MOST
    assert [one.published for one in found] == [NOW - timedelta(minutes=n) for n in reversed(range(10, 10 + MOST))]
    assert {one.further for one in found} == {50}
    assert {one.further for one in news(seen(), item(4), *THREE)} == {0}


def test_a_video_channel_has_none() -> None:
    assert news(seen(), item(4), *THREE, role="youtube") == []
