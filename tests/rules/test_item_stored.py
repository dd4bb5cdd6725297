"""Which episodes that came from files a feed's items are, and which video is whose."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain import Edition
from bot.feeds import Feed, FeedItem
from bot.rules.feed_items import judge
from tests.rules.polled import MAY, NOW, Show, item, keys, kinds, stored


def test_an_imported_episode_is_met_by_its_guid() -> None:
    judged = Show([stored("kites-1", guid="a.example:1")]).poll(item(1))
    assert keys(judged) == ["kites-1"]
    assert kinds(judged) == ["changed"]
    assert judged.verdicts[0].joined


@pytest.mark.parametrize(
    "title",
    ["The long way home", "#12: The long way home", "Ep. 12 — The long way home | Kites", "S2E12 The Long Way Home!"],
)
def test_an_imported_episode_is_met_by_its_title_whatever_stands_around_it(title: str) -> None:
    judged = Show([stored("long-way", title="The Long Way Home")]).poll(item(1, title=title))
    assert keys(judged) == ["long-way"]
    assert judged.verdicts[0].confidence >= 0.9


def test_an_imported_episode_of_the_same_title_but_another_date_is_another() -> None:
    old = stored("trailer", title="Trailer", published=datetime(2020, 1, 1, tzinfo=UTC))
    assert kinds(Show([old]).poll(item(1, title="Trailer"))) == ["new"]


def test_a_number_joins_where_the_stored_title_says_nothing_else() -> None:
    files = [stored(f"Kites{n}", title=f"Kites {n}", number=n) for n in (1, 2, 3)]
    judged = Show(files).poll(*(item(n, title=f"#{n}: On {word}", number=n) for n, word in ((3, "wind"), (2, "rope"))))
    assert keys(judged) == ["Kites3", "Kites2"]


def test_a_number_that_stands_twice_joins_nothing() -> None:
    files = [stored("Kites1", title="Kites 1", number=1)]
    feed = [item(n, title=title, season=n, number=1) for n, title in ((2, "Rope"), (1, "Wind"))]
    assert kinds(Show(files).poll(*feed)) == ["new", "new"]


def test_a_number_under_another_title_is_new_and_names_the_one_that_it_may_be() -> None:
    judged = Show([stored("boats", title="Boats of the north", number=7)]).poll(item(7, title="Wind", number=7))
    assert kinds(judged) == ["new"]
    assert judged.verdicts[0].maybe == "boats"
    assert "wind (boats)" in judged.notices[0]


def test_two_imported_episodes_of_one_title_are_told_apart_by_their_dates() -> None:
    files = [stored(f"qa-{n}", title="Q&A", published=item(n).published) for n in (1, 2)]
    assert keys(Show(files).poll(item(2, title="Q&A"), item(1, title="Q&A"))) == ["qa-2", "qa-1"]


def test_an_imported_episode_is_met_by_its_page_and_a_title_much_like_it() -> None:
    page = stored("kites", title="Kites of the north", editions=(Edition("page", "https://a.example/show/1"),))
    assert keys(Show([page]).poll(item(1, title="Kites of the North (rerecorded)"))) == ["kites"]


def test_a_joined_episode_stays_joined() -> None:
    show = Show([stored("long-way", title="The Long Way Home")])
    feed = item(1, title="#12: The Long Way Home")
    show.poll(feed)
    assert kinds(show.poll(feed)) == ["same"]
    assert keys(show.poll(replace(feed, title="Renamed altogether"))) == ["long-way"]


# --- a channel of videos ----------------------------------------------------------------------------------------------


def test_a_video_is_tied_to_its_episode_and_never_makes_one() -> None:
    episodes = [stored("wind", title="How wind works", published=MAY, duration_s=1800.0)]
    video = FeedItem(guid="yt:1", title="How wind works", video_id="abcdefghijk", published=MAY, duration_s=1801.0)
    clip = FeedItem(guid="yt:2", title="Cat falls off a kite", video_id="bbcdefghijk", published=MAY)
    judged = judge(Feed(items=(video, clip)), [], episodes, NOW, baseline=True, role="youtube")
    assert keys(judged) == ["wind", ""]
    assert kinds(judged) == ["changed", "held"]
    assert judged.notices == ()
    assert judged.items[0].role == "youtube"
    again = judge(Feed(items=(video, clip)), judged.items, episodes, NOW, baseline=False, role="youtube")
    assert kinds(again) == ["same", "held"]
    assert again.items == ()
