"""Completion: of each person only the latest is worked on, and nothing takes longer than Discord waits."""

from __future__ import annotations

import asyncio

import pytest
from structlog.testing import capture_logs

from adapters.discord.completing import Completions
from bot.commands.completion import Suggestion
from bot.commands.registry import Registry
from tests.adapters.discord.tree_build import services_of

FOUND = [Suggestion("Acme", "acme")]
MIA, MAX = 1, 2


def completions(within_s: float = 30) -> Completions:
    return Completions(services_of(Registry([])), within_s)


class Work:
    """A look-up that takes until it is let go."""

    def __init__(self) -> None:
        self.begun, self.go = asyncio.Event(), asyncio.Event()
        self.given_up = False

    async def __call__(self) -> list[Suggestion]:
        self.begun.set()
        try:
            await self.go.wait()
        except asyncio.CancelledError:
            self.given_up = True
            raise
        return FOUND


async def test_a_newer_one_ends_the_work_on_the_older() -> None:
    all, older, newer = completions(), Work(), Work()
    first = asyncio.create_task(all.latest(MIA, older()))
    await older.begun.wait()
    second = asyncio.create_task(all.latest(MIA, newer()))
    assert await first == []
    assert older.given_up
    newer.go.set()
    assert await second == FOUND


async def test_people_do_not_end_each_others_work() -> None:
    all, mine, yours = completions(), Work(), Work()
    both = asyncio.gather(all.latest(MIA, mine()), all.latest(MAX, yours()))
    await mine.begun.wait()
    await yours.begun.wait()
    mine.go.set()
    yours.go.set()
    assert list(await both) == [FOUND, FOUND]


async def test_what_takes_too_long_offers_nothing_and_says_so_once() -> None:
    work = Work()
    with capture_logs() as logs:
        assert await completions(within_s=0.01).latest(MIA, work()) == []
    await asyncio.sleep(0)
    assert work.given_up
    assert [one["event"] for one in logs] == ["completion too slow"]


async def test_who_waits_can_be_cancelled_and_the_work_ends_too() -> None:
    work = Work()
    waiting = asyncio.create_task(completions().latest(MIA, work()))
    await work.begun.wait()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await asyncio.sleep(0)
    assert work.given_up


async def test_nothing_is_kept_of_what_is_over() -> None:
    all = completions()
    for person in range(100):
        work = Work()
        work.go.set()
        await all.latest(person, work())
    assert not all._under_way
