"""Times as people write them: seconds to ``27:47`` and back."""

from __future__ import annotations

import re

_STAMP = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):([0-5]\d)(?:[.,](\d{1,3}))?")


def stamp(seconds: float) -> str:
    """``27:47`` or ``1:02:03``; whole seconds, rounded down."""
    whole = max(0, int(seconds))
    hours, rest = divmod(whole, 3600)
    minutes, secs = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{secs:02}" if hours else f"{minutes}:{secs:02}"


def shown_moment(start_s: float | None, exact: bool) -> str | None:
    """What a reply shows for a moment: ``27:47``, ``≈ 27:47`` when interpolated, None when there is no time."""
    if start_s is None:
        return None
    return stamp(start_s) if exact else f"≈ {stamp(start_s)}"


def parse_stamp(text: str) -> float | None:
    """Seconds of ``mm:ss``, ``hh:mm:ss`` or either with a fraction; None for anything else."""
    match = _STAMP.fullmatch(text.strip())
    if not match:
        return None
    hours, minutes, seconds, fraction = match.groups()
    if hours is not None and int(minutes) > 59:
        return None
    value = int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)
    return value + (int(fraction) / 10 ** len(fraction) if fraction else 0.0)
