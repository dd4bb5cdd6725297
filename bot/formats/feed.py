"""A feed (RSS or Atom) to one ``Parsed`` with an item for each episode. What feedparser says is judged here.

Basic on purpose: the podcast namespace needs a pass of its own, which a later step adds.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.domain import Edition, Parsed
from bot.errors import UnknownFormat
from bot.formats.chapter_lines import chapters
from bot.formats.chapter_lines import read as read_chapters
from bot.formats.feed_source import Entry
from bot.formats.feed_source import read as read_source
from bot.formats.front_matter import edition_of, language
from bot.formats.hypertext import lines as html_lines
from bot.formats.hypertext import plain
from bot.formats.problems import Problems, shown
from bot.formats.times import seconds


def parse(data: bytes, problems: Problems) -> Parsed:
    """``data`` is the feed as it came: XML declares its own encoding. Raises UnknownFormat for what is no feed."""
    source = read_source(data)
    items = [item for n, entry in enumerate(source.entries, 1) if (item := _item(n, entry, problems))]
    if not items and not source.title and not source.is_feed:
        raise UnknownFormat("the XML is no feed")
    if source.damage:
        problems.add(f"the feed is damaged ({source.damage}); what could be read was kept")
    page = edition_of(source.link)
    return Parsed(
        "feed",
        title=_line(source.title) or None,
        author=_line(source.author) or None,
        summary=plain(source.summary),
        editions=(page,) if page else (),
        language=language(source.language),
        problems=problems.all(),
        items=tuple(items),
    )


def _line(text: str) -> str:
    return " ".join(plain(text).split())


def _item(n: int, entry: Entry, problems: Problems) -> Parsed | None:
    title, guid = _line(entry.title), entry.guid.strip()
    if not (title or guid or entry.link):
        problems.add(f"item {n} has no guid, title or link and was skipped")
        return None
    own = Problems()
    length = _duration(entry.duration, own)
    notes = html_lines(entry.notes) if "<" in entry.notes else entry.notes.split("\n")
    marks = read_chapters([(0, line.strip()) for line in notes], own)
    author = _line(entry.author)
    return Parsed(
        "feed",
        title=title or None,
        author=author or None,
        number=_number(entry.number),
        guid=guid or None,
        published=_published(entry.published, own),
        duration_s=length,
        summary=plain(entry.summary or entry.notes),
        people=(author,) if author else (),
        editions=_editions(entry, own),
        chapters=chapters(marks, "feed", own, length),
        problems=own.all(),
    )


def _number(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else None


def _duration(text: str, problems: Problems) -> float | None:
    found = seconds(text) if text.strip() else None
    if found is None and text.strip():
        problems.add(f"the duration “{shown(text)}” was not understood")
    return found or None


def _published(parts: Sequence[int] | None, problems: Problems) -> datetime | None:
    if parts is None:
        return None
    try:
        year, month, day, hour, minute, second = parts[:6]
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except (ValueError, OverflowError, TypeError):
        problems.add("the date was not understood")
        return None


def _editions(entry: Entry, problems: Problems) -> tuple[Edition, ...]:
    found: list[Edition] = []
    for address, audio in ((entry.link, False), (entry.enclosure, True)):
        edition = edition_of(address, audio=audio)
        if edition:
            found.append(edition)
        elif address:
            problems.add("an address that is not http was dropped")
    return tuple(dict.fromkeys(found))
