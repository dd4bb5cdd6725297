"""Chapters as JSON: Podcasting 2.0 (``chapters`` of startTime and title), Podlove (start), Podigee (start_time)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.domain import Parsed
from bot.errors import UnknownFormat
from bot.formats.chapter_lines import Mark, chapters
from bot.formats.front_matter import date, edition_of
from bot.formats.json_values import Json, first, string
from bot.formats.problems import Problems, shown
from bot.formats.times import seconds

_START = ("startTime", "start", "start_time")
_END = ("endTime", "end", "end_time")


def chapters_of(value: Json) -> Sequence[object] | None:
    """The list of chapters of a JSON file, None when it is none. Raises UnknownFormat for chapters of a wrong type."""
    if isinstance(value, Mapping):
        if "chapters" not in value:
            return None
        found = value["chapters"]
        if not isinstance(found, list):
            raise UnknownFormat("the JSON's “chapters” is not a list")
        return found
    sample = [item for item in value[:20] if isinstance(item, dict)]
    return value if any("title" in item and first(item, *_START) is not None for item in sample) else None


def parse(value: Json, found: Sequence[object], problems: Problems) -> Parsed:
    head = value if isinstance(value, Mapping) else {}
    length = seconds(head.get("duration")) or None
    marks = [mark for n, item in enumerate(found, 1) if (mark := _mark(n, item, problems))]
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


def _mark(n: int, item: object, problems: Problems) -> Mark | None:
    if not isinstance(item, dict):
        problems.add(f"chapter {n} is no object and was skipped")
        return None
    title = string(item.get("title"))
    start = seconds(first(item, *_START))
    if start is None:
        problems.add(f"chapter {n} (“{shown(title)}”) has no usable start and was skipped")
        return None
    if item.get("toc") is False:
        problems.add(f"chapter {n} (“{shown(title)}”) is hidden by its publisher (toc: false) and was skipped")
        return None
    address = string(first(item, "url", "href"))
    return Mark(start, title, address if edition_of(address) else None, seconds(first(item, *_END)))
