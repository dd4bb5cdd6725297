"""The one place that knows feedparser: untyped and heavy, so it is imported at first use and typed here.

It lets exceptions escape on about one damaged feed in a hundred; they become UnknownFormat.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.errors import UnknownFormat

_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
#: feedparser takes quadratic time in the attributes of one tag; no real tag comes near this.
_MANY_ATTRIBUTES = re.compile(rb"<[A-Za-z][^<>]{100000}")

# Chapters without a start (TypeError) and references to surrogates (UnicodeEncodeError).
_CULPRIT = re.compile(
    rb"</?psc:[^<>]*>|&#(?:[xX]0*[dD][89a-fA-F][0-9a-fA-F]{2}|0*5[56]\d{3}|0*57[0-2]\d\d|0*573[0-3]\d|0*5734[0-3]);"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One item, as strings; empty = absent. ``published`` is (year, month, day, hour, minute, second) in UTC."""

    guid: str
    title: str
    link: str
    author: str
    summary: str
    notes: str
    number: str
    duration: str
    enclosure: str
    published: Sequence[int] | None


@dataclass(frozen=True, slots=True)
class Source:
    """A feed; ``damage`` says what is wrong with its XML, empty when nothing is."""

    title: str
    link: str
    author: str
    summary: str
    language: str
    is_feed: bool
    damage: str
    entries: tuple[Entry, ...]


def read(data: bytes) -> Source:
    """Raises UnknownFormat for whatever feedparser cannot take."""
    if _MANY_ATTRIBUTES.search(data):
        raise UnknownFormat("the feed has a tag of absurd size")
    try:
        return _source(_parse(data))
    except Exception:  # whatever a damaged feed makes of feedparser: KeyError, TypeError, UnicodeEncodeError …
        return _again(_CULPRIT.sub(b"", data))


def _again(data: bytes) -> Source:
    """Once more without what is known to trip it: one bad chapter must not lose the feed."""
    try:
        return _source(_parse(data))
    except RecursionError:
        raise UnknownFormat("the feed is nested too deeply") from None
    except Exception as err:
        raise UnknownFormat(f"the feed cannot be read ({type(err).__name__})") from err


def _parse(data: bytes) -> Any:
    import feedparser  # lazy: 0.2 s that only feeds should cost

    parser: Any = feedparser
    return parser.parse(data, sanitize_html=False, resolve_relative_uris=False)


def _source(found: Any) -> Source:
    head: Mapping[str, Any] = found.get("feed") or {}
    damage = type(found["bozo_exception"]).__name__ if found.get("bozo") and "bozo_exception" in found else ""
    return Source(
        title=_text(head, "title"),
        link=_text(head, "link"),
        author=_text(head, "author"),
        summary=_text(head, "subtitle") or _text(head, "summary"),
        language=_text(head, "language"),
        is_feed=bool(found.get("version")),
        damage="" if damage in ("CharacterEncodingOverride", "NonXMLContentType") else damage,
        entries=tuple(_entry(item) for item in found.get("entries") or ()),
    )


def _entry(item: Mapping[str, Any]) -> Entry:
    contents = item.get("content") or ()
    notes = max((_text(content, "value") for content in contents), key=len, default="")
    enclosures = [_text(enclosure, "href") for enclosure in item.get("enclosures") or ()]
    link = _text(item, "link")
    return Entry(
        guid=_text(item, "id"),
        title=_text(item, "title"),
        link=link if link not in enclosures else "",
        author=_text(item, "author"),
        summary=_text(item, "summary"),
        notes=notes or _text(item, "summary"),
        number=_text(item, "itunes_episode"),
        duration=_text(item, "itunes_duration"),
        enclosure=next(filter(None, enclosures), ""),
        published=_date(item.get("published_parsed") or item.get("updated_parsed")),
    )


def _date(parts: Any) -> Sequence[int] | None:
    return tuple(int(part) for part in parts[:6]) if parts else None


def _text(item: Mapping[str, Any], key: str) -> str:
    value = item.get(key)
    if not isinstance(value, str):
        return ""
    value = _CONTROL.sub("", value)
    return value if value.isascii() else _SURROGATE.sub("\ufffd", value)
