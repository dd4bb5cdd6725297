"""Links to a moment: which edition, and how its host writes a time."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from bot.domain import Edition

#: Page or video first: they open in a browser at the moment; raw audio last.
_ORDER = {"youtube": 0, "video": 1, "page": 2, "spotify": 3, "audio": 4}
_NUMBER = r"(\d{1,9}(?:\.\d{0,9})?|\.\d{1,9})"
#: ``1h2m3s`` and any part of it; a bare number is seconds.
_SPAN = re.compile(rf"(?:{_NUMBER}h)?(?:{_NUMBER}m)?(?:{_NUMBER}s?)?", re.ASCII)


def safe_url(url: str | None) -> str | None:
    """The address if it is http(s) with a host and no credentials, else None: nothing else may become a link.

    Blanks and what cannot be seen (controls, text direction, halves of characters) are in no address.
    """
    if not url or " " in url or not url.isprintable():
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc:
        return None
    return url


def moment_url(editions: Sequence[Edition], start_s: float | None) -> str | None:
    """A link to the moment in the best edition; None when there is no edition or no time."""
    if start_s is None or not math.isfinite(start_s):
        return None
    for edition in sorted(editions, key=lambda one: _ORDER[one.kind]):
        if safe_url(edition.url):
            return at_moment(edition, start_s)
    return None


def episode_url(editions: Sequence[Edition]) -> str | None:
    """Where the episode is: its page if there is one, else the best edition."""
    usable = [edition for edition in editions if safe_url(edition.url)]
    pages = [edition for edition in usable if edition.kind == "page"]
    best = pages or sorted(usable, key=lambda one: _ORDER[one.kind])
    return best[0].url if best else None


def at_moment(edition: Edition, start_s: float) -> str:
    """The edition's address at a transcript time, whole seconds: ``t=`` for players that know it, else ``#t=``."""
    seconds = max(0, int(start_s + edition.offset_s))
    parts = urlsplit(edition.url)
    if edition.kind in ("youtube", "spotify"):
        query = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != "t"]
        return urlunsplit(parts._replace(query=urlencode([*query, ("t", str(seconds))])))
    return urlunsplit(parts._replace(fragment=f"t={seconds}"))


def moment_in_link(url: str) -> tuple[str, float | None]:
    """A pasted link as (address without its time, seconds or None): ``t=1668``, ``t=27m48s``, ``#t=27:48``."""
    try:
        parts = urlsplit(url)
        url.encode("utf-8")
    except ValueError:  # an address that no host can have, or half a character
        return url, None
    found: str | None = None
    kept = []
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        if name in ("t", "start"):
            found = value
        else:
            kept.append((name, value))
    fragment = parts.fragment
    if fragment.startswith("t="):
        found, fragment = fragment[2:].split(",")[0], ""
    return urlunsplit(parts._replace(query=urlencode(kept), fragment=fragment)), _seconds(found)


def _seconds(value: str | None) -> float | None:
    from bot.rules.stamps import parse_stamp

    if not value or not value.isascii():
        return None
    if ":" in value:
        return parse_stamp(value)
    match = _SPAN.fullmatch(value.lower())
    if not match:
        return None
    hours, minutes, seconds = (float(part) if part else 0.0 for part in match.groups())
    return hours * 3600 + minutes * 60 + seconds
