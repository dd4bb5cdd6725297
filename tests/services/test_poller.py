"""Polling a feed: what is new is reported once, what was there first never, and a feed that moves loses nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain import DEFAULT_COMMUNITY, Show, ShowId
from bot.feed_memory import FeedState
from bot.rules.ids import new_id
from tests import feeds_made as made
from tests.fake_web import Page
from tests.services.feed_room import BASE, FEED, Room, room


@pytest.fixture
async def here() -> AsyncIterator[Room]:
    async with room() as made_room:
        yield made_room


def items(count: int, first: int = 1) -> list[made.Item]:
    return [made.Item(n, f"Kettle number {n}") for n in range(first, first + count)]


async def test_what_was_there_first_is_no_news_and_what_comes_is_told_once(here: Room) -> None:
    await here.add(made.feed(BASE, items(3)))
    assert (await here.poll()).new == ()
    report = await here.poll(made.feed(BASE, items(4)))
    assert [(one.episode, one.title) for one in report.new] == [("kettle-number-4", "Kettle number 4")]
    assert report.status == "ok"
    assert (await here.poll(made.feed(BASE, items(4), extra="<ttl>5</ttl>"))).new == ()
    assert len(await here.episodes()) == 4


async def test_a_feed_that_opens_its_past_says_that_it_is_old(here: Room) -> None:
    await here.add(made.feed(BASE, items(2, first=5)))
    report = await here.poll(made.feed(BASE, [*items(2, first=1), *items(3, first=5)]))
    assert {one.title: one.reason for one in report.new} == {
        "Kettle number 1": "not seen before, and older than every episode known here",
        "Kettle number 2": "not seen before, and older than every episode known here",
        "Kettle number 7": "not seen before",
    }


async def test_an_empty_feed_is_a_baseline_too(here: Room) -> None:
    await here.add(made.feed(BASE, []))
    assert (await here.state()).baseline_at is not None
    assert [one.title for one in (await here.poll(made.feed(BASE, items(1)))).new] == ["Kettle number 1"]


async def test_an_unchanged_feed_stores_nothing_but_that_it_was_looked_at(here: Room) -> None:
    here.web.pages[FEED] = Page(made.feed(BASE, items(3)).encode(), etag='"x"')
    await here.add()
    change = await here.storage.last_change()
    assert (await here.poll()).status == "unchanged"
    assert here.web.asked[-1].etag == '"x"'
    here.web.pages[FEED] = replace(here.web.pages[FEED], etag='"y"')  # another validator, the same bytes
    assert (await here.poll()).status == "unchanged"
    assert await here.storage.last_change() == change
    assert (await here.state()).checked_at == here.clock.now()


async def test_a_changed_title_is_a_change_with_its_reason(here: Room) -> None:
    await here.add(made.feed(BASE, items(3)))
    rows = items(3)
    rows[0] = replace(rows[0], title="Kettle number 1, corrected")
    report = await here.poll(made.feed(BASE, rows))
    assert [(one.episode, one.kind) for one in report.changed] == [("kettle-number-1", "changed")]
    assert report.changed[0].reason


async def test_a_failing_feed_keeps_what_it_had_and_waits_longer(here: Room) -> None:
    await here.add(made.feed(BASE, items(3)))
    for body in (b"<html>parked</html>", b"", b"{}", made.feed(BASE, items(3)).encode()[:200]):
        report = await here.poll(body)
        assert report.new == ()
        if body.startswith(b"<html"):
            assert "a web page, not with a feed" in report.reason
    here.web.fail(FEED, "failed", 500, "the server says 500")
    report = await here.poll()
    assert (report.status, report.reason) == ("failed", "the server says 500")
    assert len(await here.episodes()) == 3
    assert (await here.poll(made.feed(BASE, items(4)))).new[0].title == "Kettle number 4"
    assert (await here.state()).failures == 0


async def test_a_feed_that_moved_is_followed_after_three_polls(here: Room) -> None:
    await here.add(made.feed(BASE, items(3)))
    here.web.put("https://new.example/feed.xml", made.feed(BASE, items(3)))
    here.web.move(FEED, "https://new.example/feed.xml")
    seen = []
    for _ in range(3):
        await here.poll()
        seen.append((await here.state()).url)
    assert seen == [FEED, FEED, "https://new.example/feed.xml"]
    assert [one.title for one in (await here.poll(made.feed(BASE, items(4)), "https://new.example/feed.xml")).new] == [
        "Kettle number 4"
    ]


async def test_a_redirect_to_a_page_moves_nothing(here: Room) -> None:
    await here.add(made.feed(BASE, items(3)))
    here.web.put("https://parked.example/", "<html>for sale</html>")
    here.web.move(FEED, "https://parked.example/")
    for _ in range(5):
        assert (await here.poll()).status == "failed"
    assert (await here.state()).url == FEED
    assert len(await here.episodes()) == 3


async def test_a_new_feed_url_counts_as_a_move_once_a_feed_is_there(here: Room) -> None:
    new = "https://new.example/rss"
    moving = made.feed(BASE, items(3), extra=f"<itunes:new-feed-url>{new}</itunes:new-feed-url>")
    here.web.pages[FEED] = Page(moving.encode(), etag='"m"')
    await here.add()
    for _ in range(4):
        await here.poll()
    assert (await here.state()).url == FEED  # nothing is there yet
    here.web.put(new, made.feed("https://new.example", items(3)))
    here.web.pages[FEED] = Page(moving.replace("Ann Lee", "Ann B. Lee").encode(), etag='"n"')
    seen = []
    for _ in range(3):
        await here.poll()
        seen.append((await here.state()).url)
    assert seen == [FEED, FEED, new]
    assert (await here.poll(url=new)).new == ()
    assert len(await here.episodes()) == 3


async def test_older_pages_are_read_when_a_show_is_added_and_only_then(here: Room) -> None:
    def page(first: int, following: str) -> str:
        return made.feed(BASE, items(3, first), extra=f'<atom:link rel="next" href="{following}"/>')

    here.web.put(f"{BASE}/2", page(4, f"{BASE}/3"))
    here.web.put(f"{BASE}/3", page(1, FEED))  # back to the first: a loop
    await here.add(page(7, f"{BASE}/2"))
    assert len(await here.episodes()) == 9
    before = len(here.web.asked)
    report = await here.poll(page(7, f"{BASE}/2").replace("Ann Lee", "Ann B. Lee"))
    assert len(here.web.asked) == before + 1
    assert report.withdrawn == ()
    for _ in range(8):
        assert (await here.poll(page(7, f"{BASE}/2"))).withdrawn == ()


async def test_a_withdrawn_episode_is_kept_and_reported_once(here: Room) -> None:
    await here.add(made.feed(BASE, items(6)))
    rest = [one for one in items(6) if one.n != 3]
    gone = [(await here.poll(made.feed(BASE, rest))).withdrawn for _ in range(5)]
    assert sorted(gone) == [(), (), (), (), ("kettle-number-3",)]
    kept = next(one for one in await here.episodes() if one.key == "kettle-number-3")
    assert kept.withdrawn is not None
    report = await here.poll(made.feed(BASE, items(6)))
    assert [one.kind for one in report.changed] == ["republished"]
    assert next(one for one in await here.episodes() if one.key == "kettle-number-3").withdrawn is None


async def test_one_broken_feed_holds_up_no_other(here: Room) -> None:
    urls = [f"https://host{n}.example/feed" for n in range(20)]
    for n, url in enumerate(urls):
        await here.add(made.feed(f"https://host{n}.example", items(2), title=f"Show {n}"), url)
    here.clock.pass_hours(3)  # their latest episode is long ago
    here.web.fail(urls[3], "timeout")
    here.web.put(urls[4], "no feed at all")
    for n, url in enumerate(urls[5:], 5):
        here.web.put(url, made.feed(f"https://host{n}.example", items(3), title=f"Show {n}"))
    states = await here.storage.feeds()
    reports = await here.poller.poll_due(here.clock.now())
    assert len(reports) == len(states) == 20
    by_url = {state.show: state.url for state in states}
    told = {by_url[one.show]: one for one in reports}
    assert (told[urls[3]].status, told[urls[4]].status) == ("timeout", "failed")
    assert sum(len(one.new) for one in reports) == 15
    assert await here.poller.poll_due(here.clock.now()) == []


async def test_thousands_of_unchanged_feeds_are_written_down_together(here: Room) -> None:
    body = made.feed(BASE, items(1)).encode()
    for n in range(600):
        show = await here.storage.put_show(DEFAULT_COMMUNITY, Show(ShowId(new_id()), f"show-{n}", f"Show {n}"))
        url = f"https://host{n % 50}.example/{n}"
        now = here.clock.now()
        await here.storage.put_feed(FeedState(show.id, url, etag='"e"', succeeded_at=now, baseline_at=now))
        here.web.pages[url] = Page(body, etag='"e"')
    reports = await here.poller.poll_due(here.clock.now(), limit=1000)
    assert {one.status for one in reports} == {"unchanged"}
    assert all(state.checked_at == here.clock.now() for state in await here.storage.feeds())


async def test_two_looks_at_once_find_a_new_item_once(here: Room) -> None:
    await here.add(made.feed(BASE, items(3)))
    here.clock.pass_hours(1)
    here.web.put(FEED, made.feed(BASE, items(4)))
    states = await here.storage.feeds()
    first, second = await asyncio.gather(here.poller.poll(states), here.poller.poll(states))
    assert len(first[0].new) + len(second[0].new) == 1
    assert len(await here.storage.known_items(states[0].show)) == 4


async def test_a_flood_is_new_once(here: Room, shared: Path) -> None:
    first, second = sorted((shared / "inputs" / "hostile").glob("s06_flood_v*.xml"))
    await here.add(first.read_bytes())
    report = await here.poll(second.read_bytes())
    assert len(report.new) + len(report.skipped) >= 5000
    assert (await here.poll(second.read_bytes() + b"<!-- again -->")).new == ()
