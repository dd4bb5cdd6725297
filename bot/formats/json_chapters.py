"""Chapters as JSON: Podcasting 2.0 (``chapters`` of startTime and title), Podlove (start), Podigee (start_time)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.domain import Parsed
from bot.errors import UnknownFormat
from bot.formats.chapter_marks import Mark, address, chapters
from bot.formats.front_matter import date, edition_of
from bot.formats.json_values import Json, first, string
from bot.formats.problems import Problems, shown
from bot.formats.times import seconds
from bot.rules.links import safe_url

_START = ("startTime", "start", "start_time", "startSeconds", "offset", "time", "timestamp", "timecode")
_END = ("endTime", "end", "end_time", "endSeconds")
_TITLE = ("title", "name", "text", "label")
_LINK = ("url", "href", "link")
_IMAGE = ("img", "image", "imageUrl", "image_url")
#: Lists of chapters, and objects that may hold one.
_LISTS, _AROUND = ("chapters", "psc", "chapter_marks", "chaptermarks"), ("episode", "data", "result")


def chapters_of(value: Json) -> Sequence[object] | None:
    """The list of chapters of a JSON file, None when it is none. Raises UnknownFormat for chapters of a wrong type."""
    if isinstance(value, Mapping):
        return _held(value)
    sample = [item for item in value[:20] if isinstance(item, dict)]
    return value if any("title" in item and _time(item, _START) is not None for item in sample) else None


def _held(value: Mapping[str, object]) -> Sequence[object] | None:
    around = [value, *(inner for key in _AROUND if isinstance(inner := value.get(key), Mapping))]
    for place in around:
        for key in _LISTS:
            found = place.get(key)
            if isinstance(found, Mapping) and isinstance(found.get("chapters"), list):
                found = found["chapters"]
            if isinstance(found, list):
                return found
    if any(key in value for key in _LISTS):
        raise UnknownFormat("the JSON's “chapters” is not a list")
    return None


def parse(value: Json, found: Sequence[object], problems: Problems, name: str = "") -> Parsed:
    """``name`` is the file's address, against which relative ones are resolved, or its path."""
    base = name if safe_url(name) else string(first(value, "link", "url") if isinstance(value, Mapping) else "")
    head = value if isinstance(value, Mapping) else {}
    length = seconds(head.get("duration")) or None
    marks = [mark for n, item in enumerate(found, 1) if (mark := _mark(n, item, base, problems))]
    author, page = string(head.get("author")), string(first(head, "link", "url"))
    edition = edition_of(page)
    return Parsed(
        "json-chapters",
        title=string(head.get("title")) or None,
        author=author or None,
        people=(author,) if author else (),
        published=date(string(head.get("publicationDate"))),
        duration_s=length,
        editions=(edition,) if edition else (),
        chapters=chapters(marks, "json", problems, length),
        problems=problems.all(),
    )


def _mark(n: int, item: object, base: str, problems: Problems) -> Mark | None:
    if not isinstance(item, Mapping):
        problems.add(f"chapter {n} is no object and was skipped")
        return None
    tags = item.get("tags")  # ffprobe: its ``start`` counts time bases
    title = string(first(item, *_TITLE) or (first(tags, *_TITLE) if isinstance(tags, Mapping) else None))
    start = _time(item, ("start_time",) if "time_base" in item else _START)
    if start is None:
        problems.add(f"chapter {n} (“{shown(title)}”) has no usable start and was skipped")
        return None
    return Mark(
        start,
        title,
        address(_linked(item, _LINK), base),
        _time(item, ("end_time",) if "time_base" in item else _END),
        image=address(_linked(item, _IMAGE), base),
        hidden=item.get("toc") is False or item.get("hidden") is True,
    )


def _time(item: Mapping[str, object], keys: Sequence[str]) -> float | None:
    value = first(item, *keys)
    found = seconds(value)
    if found is None:
        millis = first(item, *(f"{key}{ending}" for key in keys for ending in ("Ms", "_ms")))
        if isinstance(millis, int | float) and not isinstance(millis, bool):
            found = seconds(millis / 1000 if abs(millis) < 1e12 else None)
    return found


def _linked(item: Mapping[str, object], keys: Sequence[str]) -> object:
    """An address as a string, or as an object that holds one."""
    value = next((item[key] for key in keys if item.get(key)), None)
    return first(value, "url", "href", "src") if isinstance(value, Mapping) else value
