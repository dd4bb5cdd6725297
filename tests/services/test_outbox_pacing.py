"""The gate that every request of a platform goes through. On virtual time."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest

from bot.alerts import Limits
from bot.domain import Place
from bot.services.pacing import Gate, Resting, Urgency
from tests.platform_limits import busiest
from tests.virtual_time import run

LIMITS = Limits(50.0, 1.0, place_burst=5)
HERE = Place("discord", "hall", "news")


def now() -> float:
    return asyncio.get_running_loop().time()


def test_turns_come_evenly_and_never_more_than_the_limit_in_a_second() -> None:
    async def scene() -> list[float]:
        gate, times = Gate(LIMITS), []

        async def one() -> None:
            await gate.turn("send")
            await gate.depart()
            times.append(now())

        await asyncio.gather(*(one() for _ in range(300)))
        return times

    times = run(scene())
    assert busiest(times) <= 48
    assert times[-1] <= 300 / 46
    assert max(b - a for a, b in pairwise(times)) <= 0.04


def test_those_who_were_prepared_together_do_not_leave_together() -> None:
    """A commit took three seconds: what waited for it leaves at the platform's pace all the same."""

    async def scene() -> list[float]:
        gate, times, written = Gate(LIMITS), [], asyncio.Event()

        async def one() -> None:
            await gate.turn("send")
            await written.wait()
            await gate.depart()
            times.append(now())

        tasks = [asyncio.create_task(one()) for _ in range(200)]
        await asyncio.sleep(3.0)
        written.set()
        await asyncio.gather(*tasks)
        return times

    times = run(scene())
    assert busiest(times) <= 50
    assert times[-1] <= 3.0 + 200 / 45


def test_a_loop_that_stands_still_lets_no_second_have_more_than_forty_eight() -> None:
    """Requests arrive some milliseconds after they left, so fifty departures in a second may be fifty-one arrivals."""

    async def scene() -> list[float]:
        gate, times = Gate(LIMITS), []
        loop = asyncio.get_running_loop()

        def stall() -> None:
            loop._seconds += 0.09  # type: ignore[attr-defined] # whatever comes due meanwhile is late together

        async def one() -> None:
            await gate.turn("send")
            await gate.depart()
            times.append(now())

        for n in range(30):
            loop.call_later(0.35 * n, stall)
        await asyncio.gather(*(one() for _ in range(400)))
        return times

    times = run(scene())
    assert busiest(times) <= 48
    assert 399 / (times[-1] - times[0]) >= 39


def test_posts_go_before_reading_and_reading_before_chores_and_nobody_waits_for_ever() -> None:
    async def scene() -> list[Urgency]:
        gate, order = Gate(Limits(1.0, 1.0)), []

        async def one(urgency: Urgency) -> None:
            await gate.turn(urgency)
            order.append(urgency)

        kinds: list[Urgency] = ["chore", "read", "read", "send", "send"]
        tasks = [asyncio.create_task(one(each)) for each in kinds]
        for _ in range(40):
            await asyncio.sleep(1.0)
            tasks.append(asyncio.create_task(one("send")))
        await asyncio.gather(*tasks)
        return order

    order = run(scene())
    assert order[:4] == ["send", "send", "read", "read"] or order[:3] == ["send", "send", "send"]
    assert order.index("read") < order.index("chore") < 25


def test_a_resting_platform_sends_away_whoever_would_wait_long() -> None:
    async def scene() -> None:
        gate = Gate(LIMITS)
        waiting = [asyncio.create_task(gate.turn("send")) for _ in range(20)]
        await asyncio.sleep(0.1)
        gate.rest(60.0)
        answers = await asyncio.gather(*waiting, return_exceptions=True)
        assert {type(one) for one in answers} == {type(None), Resting}
        with pytest.raises(Resting):
            await gate.turn("send")
        await asyncio.sleep(60.0)
        await gate.turn("send")

    run(scene())


def test_a_short_rest_is_waited_out() -> None:
    async def scene() -> None:
        gate = Gate(LIMITS)
        gate.rest(2.0)
        await gate.turn("send")
        assert now() == pytest.approx(2.0)

    run(scene())


def test_whoever_no_longer_waits_takes_nobodys_turn() -> None:
    async def scene() -> None:
        gate = Gate(Limits(1.0, 1.0))
        await gate.turn("send")
        gone = [asyncio.create_task(gate.turn("send")) for _ in range(5)]
        await asyncio.sleep(0.1)
        for one in gone:
            one.cancel()
        await gate.turn("send")
        assert now() < 1.2

    run(scene())


def test_a_place_takes_its_burst_and_then_its_pace() -> None:
    async def scene() -> None:
        gate = Gate(LIMITS)
        for _ in range(5):
            assert gate.place_free_s(HERE) == 0
            gate.noted(HERE)
        assert gate.place_free_s(HERE) == pytest.approx(5.1)
        await asyncio.sleep(5.2)
        assert gate.place_free_s(HERE) == 0

    run(scene())


def test_a_place_that_asks_for_a_pause_gets_it_alone() -> None:
    async def scene() -> None:
        gate, other = Gate(LIMITS), Place("discord", "hall", "other")
        gate.rest_place(HERE, 30.0)
        assert (gate.place_free_s(HERE), gate.place_free_s(other), gate.resting_s) == (30.0, 0.0, 0.0)
        await asyncio.sleep(31.0)
        assert gate.place_free_s(HERE) == 0

    run(scene())


def test_an_hour_of_publishing_is_counted_by_place() -> None:
    async def scene() -> None:
        gate = Gate(LIMITS)
        for _ in range(10):
            assert gate.publish_free_s(HERE) == 0
            gate.noted_publish(HERE)
        assert gate.publish_free_s(HERE) > 3500
        assert gate.publish_free_s(Place("discord", "hall", "other")) == 0

    run(scene())
