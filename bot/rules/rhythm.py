"""When a show's episodes usually come out, told from their dates, and how often its feed is looked at for that. Pure.

A rhythm is kept as a short text (``15@0600-0700 last=2024-05-06T06:00 gap=168``): usual slots as weekdays (1 = Monday)
and a stretch of the day in UTC, the latest release, and the median number of hours between two days with a release.
A slot is a stretch and not a time, since clocks change twice a year and people are not punctual.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from statistics import median

#: How often by default, and around a usual slot.
USUAL, FAST = timedelta(minutes=60), timedelta(minutes=10)
#: When nothing came for long, and for very long.
SLOW, SLOWER = timedelta(minutes=120), timedelta(minutes=180)
#: A slot is watched from so long before it until so long after it.
BEFORE, AFTER = timedelta(minutes=30), timedelta(hours=2)
#: So many of the latest days with a release tell the rhythm, and so many of them make a slot.
DAYS, ENOUGH = 12, 3
#: More dates than this are not looked at: an hourly show has a slot all day long after a week.
MOST = 150
#: A slot for nearly every day needs so many days with a release, on so many weekdays.
DAILY, WEEKDAYS = 6, 5
#: A slot is at most so wide: an hour for the change of clocks and half an hour to either side.
WIDEST_MIN = 120
#: Nothing for long: so many usual gaps, a month at least; very long: twice that.
GAPS, MONTH = 4, timedelta(days=30)

_DAY_MIN, _WEEK_MIN = 24 * 60, 7 * 24 * 60
_SLOT = re.compile(r"([1-7]{1,7})@([0-2]\d)([0-5]\d)-([0-2]\d)([0-5]\d)")
_LAST = re.compile(r"last=(\S+)")
_GAP = re.compile(r"gap=(\d{1,6})")


@dataclass(frozen=True, slots=True)
class Slot:
    """Weekdays (1 = Monday), and the minutes of the UTC day between which episodes come; ``end`` before ``start`` lies
    in the next day."""

    weekdays: tuple[int, ...]
    start: int
    end: int

    def __str__(self) -> str:
        return f"{''.join(map(str, self.weekdays))}@{_clock(self.start)}-{_clock(self.end)}"


def of(dates: Sequence[datetime], now: datetime) -> str:
    """The rhythm of a show with these release dates (aware, any order); empty when there is none yet."""
    past = sorted({one.astimezone(UTC).replace(second=0, microsecond=0) for one in dates if one <= now})
    if not past:
        return ""
    days = sorted({one.date() for one in past})[-DAYS:]
    recent = [one for one in past if one.date() >= days[0]][-MOST:]
    parts = [str(slot) for slot in _slots(recent)]
    parts.append(f"last={recent[-1]:%Y-%m-%dT%H:%M}")
    if len(days) > 1:
        parts.append(f"gap={round(median(_gaps(days)) * 24)}")
    return " ".join(parts)


def interval(rhythm: str, now: datetime) -> timedelta:
    """How long to wait from ``now`` on: short around a usual slot until its episode is out, long when nothing came for
    long, and never past the moment when watching for the next slot begins."""
    last = _last(rhythm)
    quiet = _quiet(rhythm, last, now)
    if quiet is not None:
        return quiet
    wait = USUAL
    for begins, ends in _watches(rhythm, now):
        if begins <= now < ends and (last is None or last < begins):
            return FAST
        if now < begins:
            wait = min(wait, begins - now)
    return max(wait, FAST)


def _quiet(rhythm: str, last: datetime | None, now: datetime) -> timedelta | None:
    """The wait for a show that has been silent for long; None for one that has not."""
    if last is None:
        return None
    gap = _GAP.search(rhythm)
    long = max(MONTH, GAPS * timedelta(hours=int(gap[1]))) if gap else MONTH
    silent = now - last
    return None if silent < long else SLOW if silent < 2 * long else SLOWER


def _watches(rhythm: str, now: datetime) -> Iterable[tuple[datetime, datetime]]:
    """From when until when each slot is watched, for yesterday, today and tomorrow."""
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    slots = read(rhythm)
    for shift in (-1, 0, 1):
        day = midnight + timedelta(days=shift)
        for slot in slots:
            if day.isoweekday() in slot.weekdays:
                length = (slot.end - slot.start) % _DAY_MIN
                start = day + timedelta(minutes=slot.start)
                yield start - BEFORE, start + timedelta(minutes=length) + AFTER


def read(rhythm: str) -> list[Slot]:
    """The slots of a rhythm; what cannot be read is none."""
    found = []
    for days, hour, minute, end_hour, end_minute in _SLOT.findall(rhythm):
        start, end = int(hour) * 60 + int(minute), int(end_hour) * 60 + int(end_minute)
        if start < _DAY_MIN and end < _DAY_MIN:
            found.append(Slot(tuple(sorted(set(map(int, days)))), start, end))
    return found


def _last(rhythm: str) -> datetime | None:
    said = _LAST.search(rhythm)
    try:
        return datetime.fromisoformat(said[1]).replace(tzinfo=UTC) if said else None
    except ValueError:
        return None


def _slots(dates: Sequence[datetime]) -> list[Slot]:
    """Stretches of the day that nearly every day has, then those of one weekday."""
    found: list[Slot] = []
    told: set[datetime] = set()
    for stretch in _stretches(dates, DAILY, _DAY_MIN, _minute_of_day):
        weekdays = {one.isoweekday() for one in _starts(stretch)}
        if len(weekdays) >= WEEKDAYS:
            found.append(_slot(stretch, tuple(sorted(weekdays))))
            told.update(stretch)
    rest = [one for one in dates if one not in told]
    for stretch in _stretches(rest, ENOUGH, _WEEK_MIN, _minute_of_week):
        found.append(_slot(stretch, (stretch[0].isoweekday(),)))
    return found


def _stretches(
    dates: Sequence[datetime], enough: int, round_min: int, place: Callable[[datetime], int]
) -> Iterable[list[datetime]]:
    """The stretches with enough days in them, the fullest first; no date is in two."""
    left = list(dates)
    while len(_days(stretch := _fullest(left, round_min, place))) >= enough:
        yield stretch
        gone = set(stretch)
        left = [one for one in left if one not in gone]


def _fullest(dates: Sequence[datetime], round_min: int, place: Callable[[datetime], int]) -> list[datetime]:
    """Of all stretches of the day or week that are no wider than a slot, the one with most days: its dates, in order
    of their place in it."""
    ranked = sorted(dates, key=place)
    places = [place(one) for one in ranked]
    best: list[datetime] = []
    for n in range(len(ranked)):
        row = [ranked[n]]
        for m in range(n + 1, n + len(ranked)):
            if (places[m % len(ranked)] - places[n]) % round_min > WIDEST_MIN:
                break
            row.append(ranked[m % len(ranked)])
        if len(_days(row)) > len(_days(best)):
            best = row
    return best


def _days(dates: Iterable[datetime]) -> set[date]:
    return {one.date() for one in dates}


def _starts(stretch: Sequence[datetime]) -> list[datetime]:
    """For each date when its slot began: the day before, where the stretch lies around midnight."""
    first = _minute_of_day(stretch[0])
    return [one - timedelta(minutes=(_minute_of_day(one) - first) % _DAY_MIN) for one in stretch]


def _slot(stretch: Sequence[datetime], weekdays: tuple[int, ...]) -> Slot:
    return Slot(weekdays, _minute_of_day(stretch[0]), _minute_of_day(stretch[-1]))


def _minute_of_day(when: datetime) -> int:
    return when.hour * 60 + when.minute


def _minute_of_week(when: datetime) -> int:
    return when.weekday() * _DAY_MIN + _minute_of_day(when)


def _gaps(days: Sequence[date]) -> list[int]:
    return [(later - earlier).days for earlier, later in pairwise(days)]


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}{minutes % 60:02}"
