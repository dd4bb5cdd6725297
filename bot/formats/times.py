"""Times as sources write them, to seconds; and which of many times contradict the others. No text is read here."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

#: Nothing that people call an episode is longer; a greater time is a mistake or an attack.
MAX_S = 360_000.0

#: A clock inside a line: ``mm:ss`` or ``hh:mm:ss``, perhaps with a fraction. No groups, so that others may embed it.
CLOCK = r"(?<![\d:.])(?:\d{1,12}:)?\d{1,3}:\d{2}(?:[.,]\d{1,3})?(?!\d|:\d)"

_PARTS = re.compile(r"(?:(\d{1,12}):)?(\d{1,3}):(\d{1,2})(?:[.,:](\d{1,9}))?")
_NUMBER = re.compile(r"\d{1,9}(?:[.,]\d{1,9})?")


def clock_s(text: str) -> float | None:
    """Seconds of ``mm:ss``, ``hh:mm:ss``, either with a fraction (or frames, taken as one); None for anything else,
    for sixty or more in a field that cannot hold it, and for more than 100 hours."""
    match = _PARTS.fullmatch(text.strip())
    if not match:
        return None
    hours, minutes, seconds, fraction = match.groups()
    if int(seconds) > 59 or (hours is not None and int(minutes) > 59):
        return None
    value = int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds) + (float("0." + fraction) if fraction else 0.0)
    return sane(value)


def sane(value: float) -> float | None:
    """The value itself when it can be a moment of an episode: finite, not negative, at most 100 hours."""
    return float(value) if math.isfinite(value) and 0 <= value <= MAX_S else None


def seconds(value: object) -> float | None:
    """Seconds of a JSON value: a number, a number in quotes or a clock; None when it is none of them or not sane."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return sane(value) if abs(value) <= MAX_S else None
    if isinstance(value, float):
        return sane(value)
    if not isinstance(value, str) or len(value) > 40:
        return None
    text = value.strip()
    return sane(float(text.replace(",", "."))) if _NUMBER.fullmatch(text) else clock_s(text)


def out_of_order(values: Sequence[float]) -> set[int]:
    """Positions of the fewest values to drop so that the rest never goes back; of two that contradict each other
    the later one is dropped."""
    if all(a <= b for a, b in pairwise(values)):
        return set()
    # The longest run that never goes back, found from the end so that ties keep what came first.
    tails: list[float] = []
    at: list[int] = []
    before = [-1] * len(values)
    for position in range(len(values) - 1, -1, -1):
        value = -values[position]
        length = bisect_right(tails, value)
        before[position] = at[length - 1] if length else -1
        if length == len(tails):
            tails.append(value)
            at.append(position)
        else:
            tails[length], at[length] = value, position
    kept: set[int] = set()
    position = at[-1]
    while position >= 0:
        kept.add(position)
        position = before[position]
    return set(range(len(values))) - kept
