"""Virtual time held to its word: hours pass at once, never before real work is done, and a hang is told."""

from __future__ import annotations

import asyncio
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain import DEFAULT_COMMUNITY, Setting
from storage import open_storage
from tests.virtual_time import START, LoopClock, Stuck, run

GUARD_S = 30.0


def test_hours_pass_at_once_and_in_order() -> None:
    async def main() -> list[tuple[str, timedelta]]:
        clock, seen = LoopClock(), list[tuple[str, timedelta]]()

        async def sleeper(name: str, hours: float) -> None:
            await asyncio.sleep(hours * 3600)
            seen.append((name, clock.now() - START))

        await asyncio.gather(sleeper("late", 30), sleeper("early", 0.5), sleeper("noon", 3))
        return seen

    begun = time.monotonic()
    assert run(main()) == [
        ("early", timedelta(hours=0.5)),
        ("noon", timedelta(hours=3)),
        ("late", timedelta(hours=30)),
    ]
    assert time.monotonic() - begun < GUARD_S


def test_time_waits_for_work_in_threads() -> None:
    done = threading.Event()

    def slow() -> str:
        time.sleep(0.05)
        done.set()
        return "worked"

    async def main() -> tuple[str, float]:
        alarm = asyncio.create_task(asyncio.sleep(10))
        answer = await asyncio.to_thread(slow)
        assert done.is_set()
        assert not alarm.done()
        at = asyncio.get_running_loop().time()
        await alarm
        return answer, at

    assert run(main()) == ("worked", 0.0)


@pytest.mark.parametrize("kind", ["memory", "file"])
def test_thousands_of_writes_between_sleeps_of_hours(kind: str, tmp_path: Path) -> None:
    url = "sqlite:///:memory:" if kind == "memory" else f"sqlite:///{tmp_path / 'p.db'}"

    async def main() -> tuple[list[str], timedelta]:
        storage = await open_storage(url)
        order: list[str] = []

        async def worker(name: str, minutes: int) -> None:
            for n in range(100):
                await asyncio.sleep(minutes * 60)
                await storage.put(DEFAULT_COMMUNITY, Setting(f"|{name}{n}", f"{name}{n}", str(n)), "tests")
                order.append(f"{name}{n}")

        try:
            await asyncio.gather(worker("a", 60), worker("b", 61), worker("c", 90))
            assert len(await storage.records(DEFAULT_COMMUNITY, "setting")) == 300
            return order, LoopClock().now() - START
        finally:
            await storage.close()

    order, took = run(main())
    minutes = {"a": 60, "b": 61, "c": 90}
    due = [minutes[name[0]] * (int(name[1:]) + 1) for name in order]
    assert (len(due), due) == (300, sorted(due))
    assert took == timedelta(minutes=9000)


def test_the_same_program_over_one_connection_runs_the_same_way_twice() -> None:
    async def main() -> list[str]:
        storage = await open_storage("sqlite:///:memory:")
        seen: list[str] = []

        async def worker(name: str, pause_s: float) -> None:
            for n in range(40):
                await asyncio.sleep(pause_s)
                await storage.cache(f"{name}{n}", "x")
                seen.append(f"wrote {name}{n}")
                await storage.cached(f"{name}{n}")
                seen.append(f"read {name}{n}")

        try:
            await asyncio.gather(*(worker(name, 0.5) for name in "abcdef"))
        finally:
            await storage.close()
        return seen

    assert run(main()) == run(main())


def test_two_storages_on_one_file_wait_for_each_other(tmp_path: Path) -> None:
    async def main() -> int:
        first, second = [await open_storage(f"sqlite:///{tmp_path / 'p.db'}") for _ in range(2)]
        try:
            writes = [one.cache(f"{n}", "x") for n in range(50) for one in (first, second)]
            await asyncio.gather(*writes)
            return sum([await second.cached(f"{n}") == "x" for n in range(50)])
        finally:
            await first.close()
            await second.close()

    assert run(main()) == 50


def test_a_wait_for_nothing_is_reported_with_its_place() -> None:
    async def forgotten() -> None:
        await asyncio.Event().wait()

    with pytest.raises(Stuck, match=r"no timer is set.*\n.*Event\.wait"):
        run(forgotten())


def test_turning_without_time_passing_is_reported() -> None:
    async def spin() -> None:
        while True:  # noqa: ASYNC110
            await asyncio.sleep(0)

    with pytest.raises(Stuck, match="no time has passed"):
        run(spin(), patience_s=0.2)


def test_ticking_for_ever_is_reported() -> None:
    async def tick() -> None:
        while True:  # noqa: ASYNC110
            await asyncio.sleep(60)

    with pytest.raises(Stuck, match="too much time"):
        run(tick(), longest=timedelta(days=2))


def test_an_error_inside_comes_out() -> None:
    async def main() -> None:
        await asyncio.sleep(3600)
        raise LookupError("inside")

    with pytest.raises(LookupError, match="inside"):
        run(main())
