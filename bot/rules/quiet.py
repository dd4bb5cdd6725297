"""Until when nothing may be sent to a place: its quiet hours, or quiet altogether for a while. Pure.

Hours are wall-clock hours of the place's time zone. What is stored but cannot be read means: not quiet.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot import texts_news as texts
from bot.alerts import Lane
from bot.errors import UsageError

_STORED = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-3]):([0-5][0-9])")
_END = r"(noon|midnight|[0-9]{1,2}(?:[:.h][0-9]{2})?)\s*(a\.?m\.?|p\.?m\.?|h|uhr|o'clock)?"
_SAID = re.compile(rf"(?:from\s+|between\s+)?{_END}\s*(?:-|–|—|−|to|till|until|and|bis)\s*{_END}", re.IGNORECASE)
_LONGEST = 60
_DAY, _MINUTE = timedelta(days=1), timedelta(minutes=1)


def until(lane: Lane, now: datetime) -> datetime | None:
    """The first moment (UTC) when something may be sent again, None while it may be."""
    ends = _moment(lane.quiet_until)
    start = ends if ends and ends > now else now
    hours = _hours(lane.quiet_hours)
    clear = _after_hours(start, *hours, _zone(lane.timezone)) if hours else start
    return clear if clear > now else None


def check(text: str) -> str:
    """``22-7``, ``22:00–07:00`` or ``10pm to 7am`` as ``22:00-07:00``. Raises UsageError for anything else."""
    said = _SAID.fullmatch(text.strip()) if len(text) <= _LONGEST else None
    if not said:
        raise UsageError(texts.not_hours(text))
    marks = (_half(said[2]), _half(said[4]))
    start, end = _time(said[1], *marks), _time(said[3], *reversed(marks))
    if start is None or end is None:
        raise UsageError(texts.not_hours(text))
    if start == end:
        raise UsageError(texts.no_hours_between(f"{start:%H:%M}"))
    return f"{start:%H:%M}-{end:%H:%M}"


# === What was typed ===============================================================================================


def _half(mark: str | None) -> str:
    """``am``, ``pm`` or ""."""
    bare = (mark or "").replace(".", "").lower()
    return bare if bare in ("am", "pm") else ""


def _time(said: str, half: str, other: str) -> time | None:
    """None for what is no time, and for a bare hour up to 12 beside one that says which half of the day it means."""
    if said.lower() in ("noon", "midnight"):
        return None if half else time(12 if said.lower() == "noon" else 0)
    hour, _, minute = re.sub("[.h]", ":", said.lower()).partition(":")
    h, m = int(hour), int(minute or 0)
    if half:
        return time(h % 12 + (12 if half == "pm" else 0), m) if 1 <= h <= 12 and m < 60 else None
    if (other and 1 <= h <= 12) or h > 24 or m > 59 or (h == 24 and m):
        return None
    return time(h % 24, m)


# === What is stored ===============================================================================================


def _moment(text: str) -> datetime | None:
    """An ISO time; one without a zone is UTC."""
    try:
        found = datetime.fromisoformat(text.strip())
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _hours(text: str) -> tuple[time, time] | None:
    found = _STORED.fullmatch(text.strip())
    if not found:
        return None
    start, end = time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))
    return None if start == end else (start, end)


@lru_cache(maxsize=256)
def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name) if name else UTC
    except (ValueError, KeyError, OSError):
        return UTC


# === Nights =======================================================================================================


def _after_hours(at: datetime, start: time, end: time, zone: tzinfo) -> datetime:
    """``at``, or the end of the quiet hours that it falls into."""
    try:
        # Twice: where the clocks skip or repeat the free minutes between two nights, one follows the other at once.
        return _end_of_night(_end_of_night(at, start, end, zone), start, end, zone)
    except OverflowError:
        return at  # the first and last days of the calendar have no night around them


def _end_of_night(at: datetime, start: time, end: time, zone: tzinfo) -> datetime:
    today = at.astimezone(zone).date()
    for day in (today - _DAY, today, today + _DAY):
        begins = _clock_shows(datetime.combine(day, start), zone, last=False)
        ends = _clock_shows(datetime.combine(day if start < end else day + _DAY, end), zone, last=True)
        if begins <= at < ends:
            return ends
    return at


def _clock_shows(wall: datetime, zone: tzinfo, *, last: bool) -> datetime:
    """When (UTC) the clocks show ``wall`` or, where they skip it, when they have passed it.

    Of the two moments when clocks that were put back show it, the first or the last: a night is never cut in two.
    """
    first, second = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first <= second:
        return second if last else first
    # Skipped: the clocks jump between these two; to the minute.
    while first - second > _MINUTE:
        middle = second + (first - second) / 2
        if middle.astimezone(zone).replace(tzinfo=None) < wall:
            second = middle
        else:
            first = middle
    return first.replace(second=0, microsecond=0)
