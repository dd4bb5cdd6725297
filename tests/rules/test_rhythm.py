"""When a show comes out, told from its dates, and how soon a release on schedule is seen by looking so often."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import ShowId
from bot.feed_memory import FeedState
from bot.feed_ports import Fetched
from bot.rules import rhythm
from bot.rules.polling import after
from bot.rules.rhythm import FAST, MONTH, SLOW, SLOWER, USUAL, interval, of

BERLIN = ZoneInfo("Europe/Berlin")
#: A Monday; the clocks of Berlin change on 27 October 2024 and 30 March 2025.
MONDAY = datetime(2024, 7, 1, 6, 0, tzinfo=BERLIN)
YEAR_2026 = datetime(2026, 1, 1, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def dates(weekdays: str, days: int, first: datetime = MONDAY) -> list[datetime]:
    """At the same local time on these weekdays (1 = Monday)."""
    found = (first + n * DAY for n in range(days))
    return [one.astimezone(UTC) for one in found if str(one.isoweekday()) in weekdays]


def slots(made: str) -> str:
    return made.partition(" last=")[0]


@pytest.mark.parametrize(
    ("weekdays", "told"),
    [
        pytest.param("2", "2@0400-0400", id="weekly"),
        pytest.param("25", "2@0400-0400 5@0400-0400", id="twice a week"),
        pytest.param("12345", "12345@0400-0400", id="weekdays"),
        pytest.param("1234567", "1234567@0400-0400", id="daily"),
    ],
)
def test_a_regular_show_has_the_slots_that_it_keeps(weekdays: str, told: str) -> None:
    kept = dates(weekdays, 100)
    assert slots(of(kept, kept[-1] + HOUR)) == told


def test_the_change_of_clocks_makes_a_slot_wider_and_not_two() -> None:
    kept = dates("2", 20 * 7, datetime(2024, 8, 5, 6, 0, tzinfo=BERLIN))
    assert slots(of(kept, kept[-1] + HOUR)) == "2@0400-0500"


def test_a_slot_around_midnight_is_one_slot() -> None:
    kept = [datetime(2024, 7, 1, 23, 50, tzinfo=UTC) + n * 7 * DAY + (n % 3) * 10 * MINUTE for n in range(12)]
    assert slots(of(kept, kept[-1] + HOUR)) == "1@2350-0010"
    daily = [datetime(2024, 7, 1, 23, 50, tzinfo=UTC) + n * DAY + (n % 3) * 10 * MINUTE for n in range(12)]
    assert slots(of(daily, daily[-1] + HOUR)) == "1234567@2350-0010"


def test_three_on_one_weekday_are_a_slot_and_two_are_none() -> None:
    odd = [datetime(2024, 7, 1, n, 0, tzinfo=UTC) + n * 10 * DAY for n in range(9)]
    late = odd[-1]
    twice = [late + n * 7 * DAY for n in (1, 2)]
    assert slots(of([*odd, *twice], late + 50 * DAY)).count("@") == 1  # with the odd one on that weekday and hour
    assert "@" not in of([*odd[:-1], *twice], late + 50 * DAY)


def test_several_episodes_of_one_day_are_no_slot() -> None:
    dropped = [datetime(2024, 7, 1, 6, n, tzinfo=UTC) for n in range(10)]
    assert of(dropped, dropped[-1] + HOUR) == "last=2024-07-01T06:09"


def test_nothing_is_said_of_a_show_without_dates_nor_of_dates_to_come() -> None:
    assert of([], MONDAY) == ""
    assert of([MONDAY + DAY], MONDAY) == ""
    assert interval("", MONDAY) == USUAL


# --- how often -------------------------------------------------------------------------------------------------------

TUESDAYS = of(dates("2", 90), datetime(2024, 9, 24, 12, tzinfo=UTC))  # 04:00 UTC; the latest on the 24th
NEXT = datetime(2024, 10, 1, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before_min", "wait_min"),
    [(600, 60), (100, 60), (75, 45), (31, 10), (30, 10), (0, 10), (-60, 10), (-119, 10), (-120, 60), (-300, 60)],
)
def test_a_feed_is_watched_from_half_an_hour_before_its_slot_to_two_hours_after(before_min: int, wait_min: int) -> None:
    assert interval(TUESDAYS, NEXT - before_min * MINUTE) == wait_min * MINUTE


def test_once_it_is_out_nobody_hurries_any_more() -> None:
    out = of([*dates("2", 90), NEXT + 5 * MINUTE], NEXT + 10 * MINUTE)
    assert interval(out, NEXT + 10 * MINUTE) == USUAL


def test_a_show_that_is_silent_for_long_is_looked_at_less_often() -> None:
    last = datetime(2024, 9, 24, 4, 0, tzinfo=UTC)
    assert interval(TUESDAYS, last + MONTH - 10 * HOUR) == USUAL
    assert interval(TUESDAYS, last + MONTH) == SLOW
    assert interval(TUESDAYS, last + 2 * MONTH) == SLOWER
    monthly = of([last - n * 30 * DAY for n in range(12)], last)
    assert interval(monthly, last + 100 * DAY + 12 * HOUR) == USUAL
    assert interval(monthly, last + 120 * DAY + 12 * HOUR) == SLOW


@given(st.lists(st.timedeltas(timedelta(0), timedelta(days=4000)).map(lambda ago: YEAR_2026 - ago), max_size=60))
def test_any_dates_make_a_rhythm_that_can_be_kept_and_a_wait_in_bounds(any_dates: list[datetime]) -> None:
    now = YEAR_2026
    made = of(any_dates, now)
    assert len(made) < 1000
    assert made.isascii()
    assert of(list(reversed(any_dates)), now) == made
    for minutes in range(0, 7 * 24 * 60, 97):
        at = now + minutes * MINUTE
        wait = interval(made, at)
        assert FAST <= wait <= SLOWER
        begins = [start for start, _ in rhythm._watches(made, at) if start > at]
        if wait <= USUAL:
            assert all(at + wait <= max(start, at + FAST) for start in begins)


@given(st.text(max_size=80))
def test_no_stored_text_breaks_the_wait(text: str) -> None:
    assert FAST <= interval(text, MONDAY) <= SLOWER


def test_thousands_of_dates_cost_little() -> None:
    flood = [MONDAY + n * 7 * MINUTE for n in range(20_000)]
    assert of(flood, flood[-1])


# --- how soon a release is seen --------------------------------------------------------------------------------------


def waits(history: list[datetime], releases: list[datetime], *, validators: bool = True) -> list[float]:
    """Minutes from each release to the poll that saw it, polling as ``after`` says, at any jitter."""
    chance = random.Random(7)
    state = FeedState(ShowId("s"), "https://a.example/feed", etag='"e"' if validators else None)
    known, now, found = list(history), history[-1] + HOUR, []
    for release in releases:
        while True:
            fresh = [one for one in releases if one <= now and one not in known]
            known += fresh
            answer = Fetched("ok", state.url, code=200, body=b"<rss/>", etag=state.etag)
            state = replace(state, rhythm=of(known, now), version=None)
            state = after(state, answer, now, is_feed=True, jitter=chance.random()).state
            seen = now
            assert state.next_at
            now = state.next_at
            if release in known:
                break
        found.append((seen - release) / MINUTE)
    return found


def told(name: str, found: list[float]) -> None:
    print(f"{name}: median {median(found):.0f} min, worst {max(found):.0f} min")  # noqa: T201 - shown with -s


@pytest.mark.parametrize(
    ("name", "weekdays"), [("weekly", "2"), ("twice a week", "25"), ("weekdays", "12345"), ("daily", "1234567")]
)
@pytest.mark.parametrize("late_min", [0, 25])
def test_a_release_on_schedule_is_seen_within_minutes(name: str, weekdays: str, late_min: int) -> None:
    """Between two changes of clocks; each up to ``late_min`` minutes late."""
    chance = random.Random(3)
    kept = [one + chance.random() * late_min * MINUTE for one in dates(weekdays, 110)]
    found = waits(kept[:40], kept[40:]) if len(kept) > 60 else waits(kept[:8], kept[8:])
    told(f"{name}, up to {late_min} min late", found)
    assert median(found) <= 8
    assert max(found) <= 11


@pytest.mark.parametrize(
    "change", [datetime(2024, 10, 27, tzinfo=BERLIN), datetime(2025, 3, 30, tzinfo=BERLIN)], ids=["autumn", "spring"]
)
@pytest.mark.parametrize("weekdays", ["2", "1234567"])
def test_a_change_of_clocks_delays_little(change: datetime, weekdays: str) -> None:
    """In autumn the release comes an hour after its slot of before, which is still watched; in spring an hour before,
    and is seen when the watch begins."""
    first = (change - 60 * DAY).replace(hour=6)
    kept = dates(weekdays, 120, first)
    old = [one for one in kept if one < change]
    found = waits(old, [one for one in kept if one >= change])
    told(f"clocks change, {weekdays}", found)
    assert median(found) <= 11
    assert max(found) <= 40


def test_without_validators_an_hour_is_what_there_is() -> None:
    kept = dates("2", 110)
    found = waits(kept[:8], kept[8:], validators=False)
    told("weekly, no validators", found)
    assert max(found) <= 66


def test_an_irregular_show_is_seen_within_the_hour() -> None:
    chance = random.Random(5)
    kept = [MONDAY.astimezone(UTC)]
    for _ in range(60):
        kept.append(kept[-1] + (2 + 9 * chance.random()) * DAY)
    found = waits(kept[:12], kept[12:])
    told("irregular", found)
    assert max(found) <= 66
