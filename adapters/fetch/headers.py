"""What the headers of an answer mean: waiting times, validators, ranges. Plain text in, values out; no network."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

#: No server makes us wait longer: a month after Retry-After, a day after Cache-Control or Expires (seconds).
RETRY_AFTER_CAP_S, MAX_AGE_CAP_S = 30 * 86400.0, 86400.0
#: A validator longer than this is not sent back: servers refuse such requests.
_VALIDATOR_LIMIT = 8000
_UNSENDABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")

_AGE = re.compile(r"(?:^|,)\s*(max-age|no-cache|no-store)\s*(?:=\s*\"?(\d+)\"?)?\s*(?=,|$)", re.IGNORECASE | re.ASCII)
_RANGE = re.compile(r"\s*bytes\s+(?:(\d{1,18})-(\d{1,18})|\*)\s*/\s*(\d{1,18}|\*)\s*", re.IGNORECASE | re.ASCII)

#: One link of a Link header (RFC 8288 §3); so many and so long are read (characters of all headers together).
_LINK = re.compile(r'<([^<>\s]{1,2000})>((?:\s*;\s*[\w*-]{1,20}\s*=\s*(?:"[^"\\]{0,200}"|[^\s",;]{0,200}))*)', re.ASCII)
_PARAMETER = re.compile(r';\s*([\w*-]+)\s*=\s*(?:"([^"\\]*)"|([^\s",;]*))', re.ASCII)
_LINKS, _LINKS_LENGTH = 20, 16_000

Headers = Mapping[str, str]


def validator(value: str | None) -> str | None:
    """An ETag or Last-Modified as it came, None when it cannot be sent back as it is (RFC 9110 §8.8)."""
    if not value or len(value) > _VALIDATOR_LIMIT:
        return None
    return None if _UNSENDABLE.search(value) else value


def retry_after_s(headers: Headers, now: datetime) -> float | None:
    """Seconds to wait, capped at a month; a date counts from the answer's own Date. Negative or unreadable: None."""
    value = headers.get("Retry-After", "").strip()
    if re.fullmatch(r"\d+", value, re.ASCII):
        return RETRY_AFTER_CAP_S if len(value) > 9 else min(float(value), RETRY_AFTER_CAP_S)
    until = _date(value)
    if until is None:
        return None
    wait = (until - (_date(headers.get("Date", "")) or now)).total_seconds()
    return min(wait, RETRY_AFTER_CAP_S) if wait >= 0 else None


def max_age_s(headers: Headers, now: datetime) -> float | None:
    """Seconds for which the answer stays good (Cache-Control before Expires, less its Age), capped at a day."""
    control = {name.lower(): value for name, value in _AGE.findall(headers.get("Cache-Control", ""))}
    if "no-cache" in control or "no-store" in control:
        return None
    if "max-age" in control:
        return _left(_seconds(control["max-age"]) - _seconds(headers.get("Age", "")))
    expires = _date(headers.get("Expires", ""))
    if expires is None:
        return None
    return _left((expires - (_date(headers.get("Date", "")) or now)).total_seconds())


def _left(seconds: float) -> float | None:
    return min(seconds, MAX_AGE_CAP_S) if seconds > 0 else None


def _seconds(value: str) -> float:
    digits = re.match(r"\s*(\d+)", value, re.ASCII)
    return float(digits[1][:12]) if digits else 0.0


def _date(value: str) -> datetime | None:
    """An HTTP date in any of its three forms (RFC 9110 §5.6.7); without a zone it is UTC."""
    try:
        when = parsedate_to_datetime(value[:100])
        return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def content_range(headers: Headers) -> tuple[int | None, int | None]:
    """(first byte, whole size) of ``Content-Range``, each None when not said."""
    found = _RANGE.fullmatch(headers.get("Content-Range", ""))
    if not found:
        return None, None
    return int(found[1]) if found[1] else None, None if found[3] == "*" else int(found[3])


def links(told: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """(relation in lower case, address) of every Link header, in their order; what is no proper link is left out."""
    found = _LINK.finditer(", ".join(told)[:_LINKS_LENGTH])
    named = ((name, link[1]) for link in found for name in _relations(link[2]))
    return tuple(named)[:_LINKS]


def _relations(parameters: str) -> list[str]:
    """Of a link's parameters the first ``rel`` counts (RFC 8288 §3.3)."""
    for name, quoted, plain in _PARAMETER.findall(parameters):
        if name.lower() == "rel":
            told: str = quoted or plain
            return told.lower().split()
    return []


def content_length(headers: Headers) -> int | None:
    value = headers.get("Content-Length", "")
    return int(value) if re.fullmatch(r"\d{1,18}", value, re.ASCII) else None


def codings(headers: Headers) -> tuple[str, ...]:
    """The content codings in the order in which they were applied; ``identity`` is none."""
    names = (name.strip().lower() for name in headers.get("Content-Encoding", "").split(","))
    return tuple(name for name in names if name and name != "identity")
