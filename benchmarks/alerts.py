"""How fast a new episode reaches its places, in real time over a database file, with the naive sender beside it.

The fake platform runs in the same process and shares its core. ``PULLQUOTE_BENCH_PLACES`` makes the first figure
smaller. Run by itself: ``python -m benchmarks.alerts``.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.alerts_naive import Naive
from benchmarks.alerts_posts import plain_posts
from benchmarks.alerts_room import furnish, places, release, shows_for
from benchmarks.alerts_stage import Stage, rate, staged
from benchmarks.table import Row, print_table
from benchmarks.workspace import fresh
from storage import open_storage
from tests.fake_platform import FakeMessenger, FakePlatform
from tests.virtual_time import LoopClock

PLACES = int(os.environ.get("PULLQUOTE_BENCH_PLACES", "10000"))
RATE, RUNS, PEER_POSTS = 45.0, 3, 60
#: Places beside the one that stalls.
BESIDE = 500
#: Places that are read back while nothing is to be sent, 20 a second at most.
WARMED = 500


def rows() -> list[Row]:
    spread = asyncio.run(_spread(PLACES))
    warmed, peer = asyncio.run(_first_warm(WARMED)), asyncio.run(_peer())
    calm, stalled = (median(asyncio.run(_beside(stall)) for _ in range(RUNS)) for stall in (False, True))
    few, few_cold = ([asyncio.run(_poll_to_post(20, 20, warm)) for _ in range(RUNS)] for warm in (True, False))
    many, many_cold = ([asyncio.run(_poll_to_post(100, 8, warm)) for _ in range(RUNS)] for warm in (True, False))
    return [
        Row(f"{PLACES:,} places, one new episode", f"≥ {RATE:.0f} posts/s of 50, no 429",
            f"{spread.rate:.1f} posts/s, {spread.busy} × 429, busiest second {spread.busiest}",
            f"one after the other: {peer:.1f} posts/s", spread.rate >= RATE and not spread.busy),
        Row("  the first episode after a start, every place read back first", "",
            f"{spread.first_rate:.1f} posts/s", f"{WARMED} places, read while idle: {warmed:.1f} posts/s"),
        Row(f"p99 of {BESIDE} places beside one that stalls", "as without", f"{stalled:.2f} s, without {calm:.2f} s",
            f"× {stalled / calm:.2f}", stalled <= calm * 1.05),
        *_latency("20 places", few, few_cold, 1.0),
        *_latency("100 places", many, many_cold, 3.0),
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spread:
    """Posts a second of the first episode after a start and of the next, what was told to wait, the busiest second."""

    first_rate: float
    rate: float
    busy: int
    busiest: int


async def _spread(count: int) -> Spread:
    async with staged([platform := FakePlatform("discord")], places("discord", count), _file(), episodes=30) as stage:
        first = await _told_all(stage, platform)
        second = await _told_all(stage, platform)
        return Spread(first, second, platform.answered[429], platform.busiest())


async def _first_warm(count: int) -> float:
    """The first episode after a start when there was time to read every place; posts a second."""
    where = places("discord", count)
    async with staged([platform := FakePlatform("discord")], where, _file(), episodes=30, warm=True) as stage:
        await stage.until_read(count / 5 + 60)
        return await _told_all(stage, platform)


async def _told_all(stage: Stage, platform: FakePlatform) -> float:
    """One more episode, until every place has it; posts a second."""
    before = len(platform.log)
    await stage.release()
    await stage.until_posted(before + len(stage.where), within_s=len(stage.where) / 5 + 60)
    return rate(platform.log[before:])


async def _beside(stall: bool) -> float:
    """p99 from the poll to the post in all places but one, which may answer nothing at all (seconds)."""
    where = places("discord", BESIDE + 1)
    async with staged([platform := FakePlatform("discord")], where, _file(), episodes=30) as stage:
        await _told_all(stage, platform)
        platform.room(where[0]).stalled = stall
        before, began = len(platform.log), stage.clock.now()
        await stage.release()
        await stage.until_posted(before + BESIDE, within_s=120)
        return p99([(one.at - began).total_seconds() for one in platform.log[before:] if one.place != where[0]])


async def _poll_to_post(count: int, rounds: int, warm: bool) -> tuple[float, float]:
    """p99 of the episodes after the first, and of the first after a start (seconds): at once, or, ``warm``, when there
    was time to read every place."""
    where, pause_s = places("discord", count), 1.0 + count / 40
    async with staged([platform := FakePlatform("discord")], where, _file(), episodes=30, warm=warm) as stage:
        if warm:
            await stage.until_read(60 + count / 5)
        waits: list[list[float]] = []
        for _ in range(rounds + 1):
            before, began = len(platform.log), stage.clock.now()
            await stage.release()
            await stage.until_posted(before + count, within_s=60)
            waits.append([(one.at - began).total_seconds() for one in platform.log[before:]])
            await asyncio.sleep(pause_s)
        return p99([one for round_ in waits[1:] for one in round_]), p99(waits[0])


Waits = Sequence[tuple[float, float]]


def _latency(what: str, warm: Waits, cold: Waits, most: float) -> list[Row]:
    """As the product does it (``warm``), with the first episode that comes right after a start (``cold``)."""
    steady, first = (median(values) for values in zip(*warm, strict=True))
    unread = median(first for _, first in cold)
    return [
        Row(f"from the poll to the post, {what}, p99", f"≤ {most:.0f} s", f"{steady:.2f} s", "", steady <= most),
        Row("  the first episode after a start", f"≤ {most:.0f} s",
            f"{first:.2f} s; before places were read {unread:.2f} s", "", first <= most),
    ]  # fmt: skip


async def _peer() -> float:
    """The naive sender, one post after the other; posts a second."""
    clock, where = LoopClock(), places("discord", PEER_POSTS)
    platform, storage = FakePlatform("discord", clock), await open_storage(_file())
    try:
        [show] = shows_for(1)
        await furnish(storage, [show], where, clock.now())
        await release(storage, show, 1, clock.now())
        naive = Naive(storage, {"discord": FakeMessenger(platform)}, plain_posts(), clock, "peer", at_once=1)
        running = asyncio.create_task(naive.run())
        while len(platform.log) < PEER_POSTS:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        return rate(platform.log)
    finally:
        await storage.close()


def p99(values: Sequence[float]) -> float:
    return sorted(values)[max(0, -(-len(values) * 99 // 100) - 1)]


def _file() -> str:
    return f"sqlite:///{fresh('alerts') / 'pullquote.db'}"


if __name__ == "__main__":
    print_table(rows())
