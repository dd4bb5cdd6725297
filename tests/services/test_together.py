"""Work done side by side ends with one plain error, and none of it goes on after that."""

from __future__ import annotations

import asyncio

import pytest

from bot.errors import StorageLocked
from bot.feed_ports import Fetched
from bot.services.politeness import REST, TIRED, Hosts
from bot.services.together import together
from tests.commands.world import Times


async def test_the_first_error_is_raised_as_it_is_and_stops_the_others() -> None:
    stopped = asyncio.Event()

    async def fails() -> None:
        await asyncio.sleep(0)
        raise StorageLocked("busy")

    async def waits() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()

    with pytest.raises(StorageLocked, match="busy"):
        await together([waits(), fails(), together([waits(), fails()])])
    assert stopped.is_set()


async def test_nothing_to_do_is_done() -> None:
    await together([])


async def test_a_host_gets_no_more_requests_at_a_time_than_it_should() -> None:
    hosts, here, most = Hosts(at_once=10, per_host=2), 0, 0

    async def ask() -> None:
        nonlocal here, most
        async with hosts.turn("https://a.example/x"):
            here += 1
            most = max(most, here)
            await asyncio.sleep(0)
            here -= 1

    await together(ask() for _ in range(20))
    assert most == 2


async def test_a_slow_host_keeps_no_other_waiting() -> None:
    hosts = Hosts(at_once=3, per_host=1)
    async with hosts.turn("https://slow.example/"), asyncio.timeout(30), hosts.turn("https://quick.example/"):
        pass


def test_a_host_that_fails_again_and_again_rests_and_one_that_is_busy_at_once() -> None:
    hosts, now = Hosts(1, 1), Times().now()
    for _ in range(TIRED - 1):
        hosts.note(Fetched("failed", "https://a.example/"), "https://a.example/", now)
    assert hosts.resting_until("https://a.example/other", now) is None
    hosts.note(Fetched("timeout", "https://a.example/"), "https://a.example/", now)
    assert hosts.resting_until("https://a.example/other", now) == now + REST
    assert hosts.resting_until("https://a.example/other", now + REST) is None
    hosts.note(Fetched("busy", "https://b.example/", retry_after_s=60.0), "https://b.example/", now)
    assert hosts.resting_until("https://b.example/", now)


def test_an_answer_in_between_forgets_the_failures() -> None:
    hosts, now = Hosts(1, 1), Times().now()
    for n in range(3 * TIRED):
        status = "ok" if n % 3 == 2 else "failed"
        hosts.note(Fetched(status, "https://a.example/"), "https://a.example/", now)  # type: ignore[arg-type]
    assert hosts.resting_until("https://a.example/", now) is None
