"""Quiet hours: how they are said, and until when nothing is sent, over midnight and over changes of the clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.alerts import Lane
from bot.domain import DEFAULT_COMMUNITY, Place
from bot.errors import UsageError
from bot.rules import quiet

HARBOUR = Place("console", "local", "harbour")
BERLIN = "Europe/Berlin"


def lane(hours: str = "", zone: str = "", until: str = "") -> Lane:
    return Lane(HARBOUR, DEFAULT_COMMUNITY, quiet_hours=hours, quiet_until=until, timezone=zone)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def until(hours: str, zone: str, now: str, quiet_until: str = "") -> str:
    """The answer as UTC without its zone; "" when something may be sent."""
    found = quiet.until(lane(hours, zone, quiet_until), at(now))
    assert found is None or found.utcoffset() == timedelta(0)
    return found.strftime("%Y-%m-%dT%H:%M") if found else ""


# === How hours are said ===========================================================================================


@pytest.mark.parametrize(
    ("said", "hours"),
    [
        ("22:00-07:00", "22:00-07:00"),
        ("22-7", "22:00-07:00"),
        (" 22 - 7 ", "22:00-07:00"),
        ("22:00–07:00", "22:00-07:00"),
        ("22:00—7:30", "22:00-07:30"),
        ("22.30-7.15", "22:30-07:15"),
        ("22h30-7h", "22:30-07:00"),
        ("22 Uhr bis 7 Uhr", "22:00-07:00"),
        ("10pm to 7am", "22:00-07:00"),
        ("10 PM until 7 A.M.", "22:00-07:00"),
        ("from 10:30pm to 7am", "22:30-07:00"),
        ("between 22 and 7", "22:00-07:00"),
        ("12am-12pm", "00:00-12:00"),
        ("midnight to noon", "00:00-12:00"),
        ("midnight to 8am", "00:00-08:00"),
        ("22-24", "22:00-00:00"),
        ("0-6", "00:00-06:00"),
        ("22-7am", "22:00-07:00"),
        ("13:00-14:00", "13:00-14:00"),
    ],
)
def test_hours_are_understood_as_people_write_them(said: str, hours: str) -> None:
    assert quiet.check(said) == hours
    assert quiet.check(hours) == hours


@pytest.mark.parametrize(
    "said",
    ["", "night", "22", "22-", "-7", "25-7", "22:60-7", "24:30-7", "13pm-7am", "0am-7am", "10-7am", "9-5pm", "22-7-9",
     "22:00-07:00 Berlin", "22:0-7", "noon pm-7", "٢٢-٧", "1" * 500, "22-7\x00"],
)  # fmt: skip
def test_what_are_no_hours_is_refused_in_one_line(said: str) -> None:
    with pytest.raises(UsageError) as refused:
        quiet.check(said)
    assert str(refused.value).endswith("Say from when to when, such as 22:00-07:00, 22-7 or 10pm to 7am.")
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize("said", ["7-7", "22:00-10pm", "midnight-24", "12am to midnight"])
def test_hours_that_end_as_they_begin_are_refused(said: str) -> None:
    with pytest.raises(UsageError, match="two different hours"):
        quiet.check(said)


@given(st.text(max_size=80))
def test_whatever_is_said_is_understood_or_refused(said: str) -> None:
    try:
        hours = quiet.check(said)
    except UsageError:
        return
    assert quiet.check(hours) == hours


# === Nights =======================================================================================================


@pytest.mark.parametrize(
    ("now", "ends"),
    [
        ("2026-03-01T20:59", ""),
        ("2026-03-01T21:00", "2026-03-02T06:00"),
        ("2026-03-01T23:30", "2026-03-02T06:00"),
        ("2026-03-02T05:59:59", "2026-03-02T06:00"),
        ("2026-03-02T06:00", ""),
    ],
)
def test_a_night_goes_over_midnight_in_the_places_own_time(now: str, ends: str) -> None:
    assert until("22:00-07:00", BERLIN, now) == ends


def test_hours_within_a_day_are_quiet_within_that_day() -> None:
    assert until("13:00-14:30", "", "2026-03-01T13:10") == "2026-03-01T14:30"
    assert until("13:00-14:30", "", "2026-03-01T14:30") == ""
    assert until("13:00-14:30", "", "2026-03-01T12:59") == ""


def test_without_a_time_zone_hours_are_utc() -> None:
    assert until("22:00-07:00", "", "2026-03-01T21:30") == ""
    assert until("22:00-07:00", "", "2026-03-01T22:30") == "2026-03-02T07:00"


def test_an_end_that_the_clocks_skip_is_when_they_have_passed_it() -> None:
    # In Berlin 02:00 became 03:00 on 29 March 2026, which was 01:00 UTC.
    assert until("22:00-02:30", BERLIN, "2026-03-28T23:00") == "2026-03-29T01:00"
    assert until("22:00-02:30", BERLIN, "2026-03-29T01:00") == ""
    assert until("22:00-03:00", BERLIN, "2026-03-28T23:00") == "2026-03-29T01:00"
    assert until("22:00-03:30", BERLIN, "2026-03-28T23:00") == "2026-03-29T01:30"


def test_a_start_that_the_clocks_skip_is_when_they_have_passed_it() -> None:
    assert until("02:30-05:00", BERLIN, "2026-03-29T00:59") == ""
    assert until("02:30-05:00", BERLIN, "2026-03-29T01:00") == "2026-03-29T03:00"
    assert until("02:10-02:50", BERLIN, "2026-03-29T01:00") == ""


def test_a_time_that_comes_twice_begins_at_the_first_and_ends_at_the_last() -> None:
    # In Berlin 03:00 became 02:00 on 25 October 2026, which was 01:00 UTC: 02:30 was at 00:30 and at 01:30.
    assert until("22:00-02:30", BERLIN, "2026-10-24T23:00") == "2026-10-25T01:30"
    assert until("22:00-02:30", BERLIN, "2026-10-25T00:45") == "2026-10-25T01:30"
    assert until("22:00-02:30", BERLIN, "2026-10-25T01:30") == ""
    assert until("02:30-05:00", BERLIN, "2026-10-25T00:29") == ""
    assert until("02:30-05:00", BERLIN, "2026-10-25T00:30") == "2026-10-25T04:00"
    assert until("02:30-05:00", BERLIN, "2026-10-25T01:10") == "2026-10-25T04:00"


def test_a_day_that_the_clocks_take_back_has_its_night_already() -> None:
    # In Newfoundland 00:01 on 7 November 2010 became 23:01 of the day before, which was 02:31 UTC.
    assert until("00:00-06:00", "America/St_Johns", "2010-11-07T02:45") == "2010-11-07T09:30"


def test_a_day_that_a_zone_skipped_has_no_night_of_its_own() -> None:
    # Samoa went from 29 to 31 December 2011 at 10:00 UTC.
    assert until("22:00-07:00", "Pacific/Apia", "2011-12-30T09:00") == "2011-12-30T17:00"


# === Quiet altogether =============================================================================================


def test_quiet_for_a_while_ends_when_it_was_said_to() -> None:
    assert until("", "", "2026-03-01T12:00", "2026-03-01T15:00:00+00:00") == "2026-03-01T15:00"
    assert until("", "", "2026-03-01T12:00", "2026-03-01T15:00:00+01:00") == "2026-03-01T14:00"
    assert until("", "", "2026-03-01T12:00", "2026-03-01T15:00") == "2026-03-01T15:00"
    assert until("", "", "2026-03-01T15:00", "2026-03-01T15:00Z") == ""


def test_quiet_that_ends_at_night_lasts_until_the_morning() -> None:
    assert until("22:00-07:00", "", "2026-03-01T12:00", "2026-03-01T23:00") == "2026-03-02T07:00"


@pytest.mark.parametrize("hours", ["22-7", "22:00-22:00", "25:00-07:00", "night", "22:00-07:00; drop", "٢٢:٠٠-٠٧:٠٠"])
@pytest.mark.parametrize("zone", ["", "Nowhere/Else", "../../etc/passwd", "Europe", "\x00", "x" * 5000])
@pytest.mark.parametrize("ends", ["", "soon", "9999-99-99", "0001-01-01T00:00:00+23:59", "1e9"])
def test_what_is_stored_wrongly_is_not_quiet(hours: str, zone: str, ends: str) -> None:
    assert quiet.until(lane(hours, zone, ends), at("2026-03-01T23:00")) is None


def test_a_zone_that_is_none_counts_as_utc() -> None:
    assert until("22:00-07:00", "Nowhere/Else", "2026-03-01T22:30") == "2026-03-02T07:00"


# === Properties ===================================================================================================

ZONES = ("", "UTC", BERLIN, "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia",
         "Antarctica/Troll", "America/St_Johns", "Africa/Casablanca", "Pacific/Chatham", "Asia/Tehran")  # fmt: skip
NIGHTS_OF_CHANGE = [at(one) for one in ("2026-03-29T00:45", "2026-10-25T00:45", "2026-03-08T06:30", "2026-04-04T15:10")]
moments = st.one_of(
    st.timedeltas(timedelta(0), timedelta(days=6500)).map(lambda off: at("2018-01-01T00:00") + off),
    st.builds(
        lambda night, off: night + off,
        st.sampled_from(NIGHTS_OF_CHANGE),
        st.timedeltas(timedelta(hours=-30), timedelta(hours=30)),
    ),
)
ends = st.tuples(st.integers(0, 1439), st.integers(0, 1439)).filter(lambda pair: pair[0] != pair[1])


def clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def shown_within(moment: datetime, start: int, end: int, zone: str) -> bool:
    """Whether the clocks on the wall show quiet hours."""
    wall = moment.astimezone(ZoneInfo(zone or "UTC"))
    minute = wall.hour * 60 + wall.minute
    return start <= minute < end if start < end else minute >= start or minute < end


@given(ends, st.sampled_from(ZONES), moments)
@example((150, 149), BERLIN, NIGHTS_OF_CHANGE[0])
@example((62, 61), "Antarctica/Troll", at("2026-10-25T01:00"))
def test_quiet_ends_after_now_outside_the_hours_and_within_a_day(
    hours: tuple[int, int], zone: str, now: datetime
) -> None:
    start, end = hours
    there = lane(f"{clock(start)}-{clock(end)}", zone)
    found = quiet.until(there, now)
    if found is None:
        assert not shown_within(now, start, end, zone)
        return
    assert now < found
    assert quiet.until(there, found) is None
    assert not shown_within(found, start, end, zone)
    offsets = {one.astimezone(ZoneInfo(zone or "UTC")).utcoffset() for one in (now - timedelta(hours=3), found)}
    # Where the free minutes are fewer than those that the clocks skip or repeat, two nights can become one.
    most = 50 if (start - end) % 1440 <= 120 else 26 if len(offsets) > 1 else 24
    assert found - now <= timedelta(hours=most)


@given(ends, st.sampled_from(ZONES), moments)
def test_where_clocks_are_not_changed_the_wall_alone_tells(hours: tuple[int, int], zone: str, now: datetime) -> None:
    around = {
        (now + timedelta(hours=hour)).astimezone(ZoneInfo(zone or "UTC")).utcoffset() for hour in range(-30, 31, 3)
    }
    if len(around) == 1:
        found = quiet.until(lane(f"{clock(hours[0])}-{clock(hours[1])}", zone), now)
        assert (found is not None) == shown_within(now, *hours, zone)


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=30), st.datetimes(timezones=st.just(UTC)))
def test_whatever_is_stored_is_never_an_error(hours: str, zone: str, ends: str, now: datetime) -> None:
    found = quiet.until(lane(hours, zone, ends), now)
    assert found is None or found > now


@given(ends, st.sampled_from(ZONES), st.sampled_from(["0001-01-01T00:00", "9999-12-31T23:59"]))
def test_the_ends_of_the_calendar_are_no_error(hours: tuple[int, int], zone: str, now: str) -> None:
    found = quiet.until(lane(f"{clock(hours[0])}-{clock(hours[1])}", zone), at(now))
    assert found is None or found > at(now)
