"""Feeds are claimed by lease when they are due, polled once however many look, and let go in order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.feed_ports import Fetched, Request
from bot.scheduler import poll
from bot.scheduler.poll import Polls
from tests import feeds_made as made
from tests.services.feed_room import Room, room
from tests.services.test_poller import items


@pytest.fixture
async def here() -> AsyncIterator[Room]:
    async with room() as made_room:
        yield made_room


class Gate:
    """Holds every request back until it is opened."""

    def __init__(self, here: Room) -> None:
        self._fetch = here.web.fetch
        self.open = asyncio.Event()
        self.asked = asyncio.Event()
        here.web.fetch = self.fetch  # type: ignore[method-assign]

    async def fetch(self, request: Request) -> Fetched:
        self.asked.set()
        await self.open.wait()
        return await self._fetch(request)


def polls(here: Room, run: str = "run") -> Polls:
    return Polls(here.storage, here.poller, here.clock, run)


async def shows(here: Room, count: int) -> None:
    for n in range(count):
        base = f"https://host{n}.example"
        await here.add(made.feed(base, items(2), title=f"Show {n}"), f"{base}/feed")
    here.web.asked.clear()


async def test_what_is_due_is_polled_and_what_is_not_is_left_alone(here: Room) -> None:
    await shows(here, 3)
    ticking = polls(here)
    assert await ticking.caught_up(30)
    assert here.web.asked == []
    here.clock.pass_hours(3)
    assert await ticking.caught_up(30)
    assert len(here.web.asked) == 3
    assert await ticking.caught_up(30)
    assert len(here.web.asked) == 3


async def test_more_than_one_claim_is_drained(here: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(poll, "CLAIM", 2)
    await shows(here, 5)
    here.clock.pass_hours(3)
    assert await polls(here).caught_up(30)
    assert len(here.web.asked) == 5


async def test_two_processes_never_poll_one_feed_twice(here: Room) -> None:
    await shows(here, 6)
    here.clock.pass_hours(3)
    await asyncio.gather(*(polls(here, f"run {n}").caught_up(30) for n in range(3)))
    assert sorted(here.web.urls()) == sorted(set(here.web.urls()))
    assert len(here.web.asked) == 6


async def test_a_slow_feed_holds_up_no_other_and_no_start(here: Room) -> None:
    await shows(here, 2)
    here.clock.pass_hours(3)
    gate = Gate(here)
    ticking = polls(here)
    assert not await ticking.caught_up(0.05)
    assert await here.storage.next_feed_at() != here.clock.now()
    gate.open.set()
    assert await ticking.caught_up(30)


async def test_the_end_claims_nothing_more_and_stores_nothing_half(here: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(poll, "END_S", 0.05)
    await shows(here, 2)
    here.clock.pass_hours(3)
    before = await here.storage.feeds()
    gate = Gate(here)
    ticking = polls(here)
    await ticking.tick()
    async with asyncio.timeout(30):
        await gate.asked.wait()
    await ticking.stop()
    gate.open.set()
    await ticking.tick()
    assert await here.storage.feeds() == before
    assert not [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]


async def test_what_a_dead_run_claimed_is_due_again_when_its_lease_ends(here: Room) -> None:
    await shows(here, 1)
    here.clock.pass_hours(3)
    assert len(await here.storage.claim_feeds("dead", here.clock.now(), poll.LEASE_S, 10)) == 1
    assert await polls(here).caught_up(30)
    assert here.web.asked == []
    here.clock.pass_hours(poll.LEASE_S / 3600)
    assert await polls(here).caught_up(30)
    assert len(here.web.asked) == 1


async def test_a_hint_makes_a_feed_due_at_once(here: Room) -> None:
    await shows(here, 2)
    [one, _] = await here.storage.feeds()
    ticking = polls(here)
    await here.storage.hint_feed(one.show, one.role, here.clock.now())
    ticking.wake()
    async with asyncio.timeout(30):
        while not here.web.asked:  # noqa: ASYNC110 - what was woken has no end to wait for
            await asyncio.sleep(0.01)
    await ticking.stop()
    assert here.web.urls() == [one.url]


async def test_a_database_that_fails_costs_one_look(here: Room) -> None:
    await shows(here, 1)
    here.clock.pass_hours(3)
    ticking = polls(here)
    await here.storage.close()
    ticking.wake()
    await ticking.stop()
