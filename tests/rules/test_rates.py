"""When the next request may be made: no stretch of time ever has more than the limit."""

from __future__ import annotations

from collections import deque

from hypothesis import given
from hypothesis import strategies as st

from bot.alerts import Limits
from bot.rules import rates, retries
from tests.platform_limits import busiest

DISCORD = Limits(50.0, 1.0, place_burst=5)
gaps = st.lists(st.floats(0, 0.5) | st.floats(0, 0.002), min_size=1, max_size=300)


def departures(limits: Limits, late: list[float]) -> list[float]:
    """As early as is allowed, each late by so much."""
    pace, leaving, turn, now, times = rates.departures(limits), rates.leaving(limits), 0.0, 0.0, list[float]()
    for one in late:
        now = max(now, pace.free_at(turn), leaving.free_at(times)) + one
        turn = pace.taken(turn, now)
        times.append(now)
    return times


@given(gaps, st.sampled_from([1.0, 5.0, 20.0, 50.0, 120.0]))
def test_no_second_has_more_requests_than_the_limit(late: list[float], per_s: float) -> None:
    assert busiest(departures(Limits(per_s, 1.0), late)) <= (per_s * 0.96 if per_s >= 20 else per_s)


def test_of_fifty_a_second_forty_six_are_used() -> None:
    times = departures(DISCORD, [0.0] * 500)
    assert 46.0 <= 499 / (times[-1] - times[0]) <= 47.0


def test_turns_that_come_late_by_a_little_lose_nothing() -> None:
    """An event loop wakes some milliseconds late; that must not add up."""
    times = departures(DISCORD, [0.0, *[0.001, 0.008] * 200])
    assert 400 / (times[-1] - times[0]) >= 46.0


@given(gaps)
def test_a_place_never_gets_more_than_its_burst_in_the_time_that_it_takes(late: list[float]) -> None:
    window, now = rates.in_place(DISCORD), 0.0
    times: deque[float] = deque(maxlen=window.most)
    sent = []
    for one in late:
        now = max(now, window.free_at(times)) + one
        times.append(now)
        sent.append(now)
    assert busiest(sent, 5.0) <= 5


def test_ten_posts_an_hour_are_published() -> None:
    window = rates.publishing(DISCORD)
    assert window.free_at([float(n) for n in range(9)]) == 0.0
    assert 3600 <= window.free_at([float(n) for n in range(10)]) <= 3700


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_a_retry_waits_from_a_second_to_five_minutes_and_a_quarter_more(failures: int, jitter: float) -> None:
    assert 1.0 <= retries.backoff_s(failures, jitter) <= 375.0


@given(st.floats(0, 1e6), st.integers(1, 50), st.floats(0, 1))
def test_no_retry_comes_before_the_platform_allows_it(asked_s: float, failures: int, jitter: float) -> None:
    assert asked_s < retries.wait_s(failures, jitter, asked_s) <= asked_s + 0.5
