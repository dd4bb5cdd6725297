"""Dates as feeds write them, to aware UTC: RFC 822 in all its wild forms, ISO 8601, several languages' month names.

A date that cannot be (31 February, 25:61) is none; one that is merely unlikely (1970, 9999) is kept and judged later.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone

_MONTHS = {
    name: n
    for n, names in enumerate(
        (
            "jan gen ene ian sty led", "feb fev lut", "mar mrt mae brz", "apr avr abr kwi", "may mai mei mag maj",
            "jun giu juin cze", "jul lug juil lip", "aug aou ago sie", "sep set", "oct okt out ott paz",
            "nov lis", "dec dez dic des gru",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
#: Hours from UTC of names that feeds use (RFC 822 and what is common beyond it).
_ZONES = {
    "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7, "akst": -9, "akdt": -8,
    "hst": -10, "ast": -4, "adt": -3, "nst": -3.5, "ndt": -2.5, "brt": -3, "art": -3, "wet": 0, "west": 1, "bst": 1,
    "cet": 1, "cest": 2, "mez": 1, "mesz": 2, "eet": 2, "eest": 3, "msk": 3, "trt": 3, "sast": 2, "ist": 5.5,
    "sgt": 8, "hkt": 8, "awst": 8, "jst": 9, "kst": 9, "acst": 9.5, "acdt": 10.5, "aest": 10, "aedt": 11,
    "nzst": 12, "nzdt": 13,
}  # fmt: skip
_CLOCK = r"(?P<h>\d{1,2})[:.h](?P<m>\d{2})(?:[:.](?P<s>\d{2})(?:[.,]\d{1,9})?)?(?:\s*(?P<half>[AaPp])\.?[Mm]\.?)?"
_ZONE = r"\s*(?P<zone>[^\W\d_]{1,5})?\s*(?P<offset>[+-]\d{1,2}:?(?:\d{2})?)?(?:\s*\([^()]{0,60}\))?"
_DAY_FIRST = re.compile(
    rf"(?:[^\W\d_]{{2,12}}\.?\s*,?\s*)?(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.|er)?[\s-]+(?:de\s+)?"
    r"(?P<month>[^\W\d_]{3,10})\.?,?[\s-]+(?:de\s+)?(?P<year>\d{2}|\d{4,5})"
    rf"(?:[\s,T-]+(?:um\s+|at\s+|à\s+)?{_CLOCK})?{_ZONE}"
)
_MONTH_FIRST = re.compile(
    rf"(?:[^\W\d_]{{2,12}}\.?\s*,?\s+)?(?P<month>[^\W\d_]{{3,10}})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?"
    rf"(?:,?\s+(?P<year>\d{{4}}))?(?:[\s,]+(?:at\s+)?{_CLOCK})?{_ZONE}(?:\s+(?P<late>\d{{4}}))?"
)
_ISO = re.compile(
    r"(?P<year>\d{4})(?:[-/]?(?P<month>\d{2})(?:[-/]?(?P<day>\d{2}))?)?"
    rf"(?:[Tt\s]+{_CLOCK.replace('[:.h]', ':?').replace('[:.](', ':?(')}{_ZONE})?"
)
#: What nearly every feed writes.
_USUAL = re.compile(
    r"(?:[A-Z][a-z]{2}, ?)?(\d\d?) ([A-Z][a-z]{2}) (\d{4}) ([01]\d|2[0-3]):(\d\d):(\d\d)"
    r" (?:GMT|UTC|Z|([+-])(\d\d)(\d\d))",
    re.ASCII,
)
_EPOCH = re.compile(r"\d{9,10}(?:\d{3})?")
_LONGEST = 100


def date(text: str) -> datetime | None:
    """Aware UTC; without a zone UTC is meant. None for what is no date of the calendar."""
    text = text.strip()
    if not text or len(text) > _LONGEST:
        return None
    if (usual := _USUAL.fullmatch(text)) and usual[2].lower() in _MONTHS:
        return _exactly(usual)
    match = _DAY_FIRST.fullmatch(text) or _ISO.fullmatch(text)
    if match is None and (text := " ".join(text.split())):
        match = _DAY_FIRST.fullmatch(text) or _MONTH_FIRST.fullmatch(text) or _ISO.fullmatch(text)
    if match is None:
        return _epoch(text)
    try:
        return _made(match)
    except (ValueError, OverflowError):
        return None


def _exactly(match: re.Match[str]) -> datetime | None:
    day, name, year, hour, minute, second, sign, ahead, past = match.groups()
    if sign and (int(ahead) > 14 or int(past) > 59):
        sign = None
    try:
        found = datetime(
            int(year), _MONTHS[name.lower()], int(day), int(hour), int(minute), _second(int(second)), tzinfo=UTC
        )
        if sign and (ahead != "00" or past != "00"):
            shift = timedelta(hours=int(ahead), minutes=int(past))
            found = found - shift if sign == "+" else found + shift
    except (ValueError, OverflowError):
        return None
    return found


def _epoch(text: str) -> datetime | None:
    if not _EPOCH.fullmatch(text) or not text.isascii():
        return None
    return datetime.fromtimestamp(int(text) / (1000 if len(text) > 10 else 1), UTC)


def _made(match: re.Match[str]) -> datetime | None:
    month = match["month"] or "1"
    number = int(month) if month.isdigit() else _month(month)
    year = match["year"] or match.groupdict().get("late")
    if not number or not year:
        return None
    hour, minute, second = (int(match[part] or 0) for part in "hms")
    if match["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match["half"] in "pP" else 0)
    days, hour = (1, 0) if (hour, minute, second) == (24, 0, 0) else (0, hour)
    day = int(match["day"] or 1)
    local = datetime(_full(year), number, day, hour, minute, _second(second), tzinfo=_zone(match))
    return (local + timedelta(days=days)).astimezone(UTC)


def _second(value: int) -> int:
    """A leap second has no datetime of its own."""
    return 59 if value == 60 else value


def _full(year: str) -> int:
    """Two digits as POSIX reads them: 69-99 are of the last century."""
    value = int(year)
    return value if len(year) > 2 else value + (1900 if value >= 69 else 2000)


def _month(name: str) -> int:
    flat = name.lower()
    if not flat.isascii():
        flat = "".join(c for c in unicodedata.normalize("NFD", flat) if not unicodedata.combining(c))
    return _MONTHS.get(flat[:3]) or _MONTHS.get(flat[:4]) or 0


def _zone(match: re.Match[str]) -> timezone:
    """An offset in digits comes before a name; what is neither is UTC."""
    offset, name = match["offset"], (match["zone"] or "").lower()
    if offset:
        digits = offset[1:].replace(":", "")
        cut = 1 if len(digits) == 3 else 2
        hours, minutes = int(digits[:cut]), int(digits[cut:] or 0)
        if hours > 14 or minutes > 59:
            return UTC
        shift = timedelta(hours=hours, minutes=minutes)
        return timezone(-shift if offset[0] == "-" else shift)
    return timezone(timedelta(hours=_ZONES[name])) if name in _ZONES else UTC
