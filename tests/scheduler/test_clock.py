"""Ticks: again and again, one at a time, a failure costs one tick, and the end waits for what runs."""

from __future__ import annotations

import asyncio

import pytest

from bot.errors import StorageError
from bot.scheduler import clock
from bot.scheduler.clock import Ticks

OFTEN_S = 0.01


class Counted:
    """Work that counts, and waits for leave each time."""

    def __init__(self, error: Exception | None = None) -> None:
        self.begun = self.ended = self.most = 0
        self.leave = asyncio.Event()
        self.error = error
        self.reached: dict[int, asyncio.Event] = {}

    async def __call__(self) -> None:
        self.begun += 1
        self.most = max(self.most, self.begun - self.ended)
        self.reached.setdefault(self.begun, asyncio.Event()).set()
        if self.error:
            self.ended += 1
            raise self.error
        await self.leave.wait()
        self.ended += 1

    async def times(self, count: int) -> None:
        async with asyncio.timeout(30):
            await self.reached.setdefault(count, asyncio.Event()).wait()


async def test_a_tick_comes_again_and_again() -> None:
    ticks, work = Ticks(), Counted()
    work.leave.set()
    ticks.every(OFTEN_S, "work", work)
    ticks.start()
    await work.times(3)
    await ticks.stop()
    assert work.begun == work.ended


@pytest.mark.parametrize("error", [ValueError("a fault of ours"), StorageError("busy", "here")])
async def test_a_tick_that_fails_comes_again(error: Exception) -> None:
    ticks, work = Ticks(), Counted(error)
    ticks.every(OFTEN_S, "work", work)
    ticks.start()
    await work.times(3)
    await ticks.stop()


async def test_a_slow_tick_is_never_twice_at_a_time_and_is_not_dropped_for_good() -> None:
    ticks, slow, other = Ticks(), Counted(), Counted()
    other.leave.set()
    ticks.every(OFTEN_S, "slow", slow)
    ticks.every(OFTEN_S, "other", other)
    ticks.start()
    await other.times(5)
    assert slow.begun == 1
    slow.leave.set()
    await slow.times(3)
    await ticks.stop()
    assert slow.most == 1


async def test_the_end_waits_for_what_runs_and_nothing_begins_after_it() -> None:
    ticks, work = Ticks(), Counted()
    ticks.every(OFTEN_S, "work", work, at_once=True)
    ticks.start()
    await work.times(1)
    stopping = asyncio.create_task(ticks.stop())
    await asyncio.sleep(5 * OFTEN_S)
    assert not stopping.done()
    work.leave.set()
    await stopping
    assert (work.begun, work.ended) == (1, 1)
    await asyncio.sleep(5 * OFTEN_S)
    assert work.begun == 1


async def test_work_that_does_not_end_is_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "END_S", 0.05)
    ticks, work = Ticks(), Counted()
    ticks.every(OFTEN_S, "work", work, at_once=True)
    ticks.start()
    await work.times(1)
    await ticks.stop()
    assert work.ended == 0
    assert not [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]


async def test_ticks_that_never_started_stop() -> None:
    ticks = Ticks()
    ticks.every(60, "work", Counted())
    await ticks.stop()
