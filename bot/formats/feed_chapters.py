"""Chapters that stand in a feed's own item: Podlove simple chapters (https://podlove.org/simple-chapters/)."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain import Chapter
from bot.formats import feed_values as values
from bot.formats.chapter_marks import Mark, chapters
from bot.formats.feed_elements import Fields, attribute, text_of
from bot.formats.problems import Problems

#: More chapters than any episode has.
_MOST = 10_000


def in_feed(fields: Fields, problems: Problems) -> tuple[Chapter, ...]:
    """All of them in order of time; the episode's duration, which the feed may have wrong, bounds none here."""
    lists = fields.all("psc:chapters", most=20)
    if not lists:
        return ()
    marks = [mark for one in lists for mark in _marks(fields.within(one), problems)]
    return chapters(marks[:_MOST], "psc", Problems())


def _marks(fields: Fields, problems: Problems) -> Iterator[Mark]:
    for n, element in enumerate(fields.all("psc:chapter", most=_MOST), 1):
        start = values.moment(element.get("start"))
        title = values.line(element.get("title") or text_of(element))
        if start is None:
            problems.add(f"chapter {n} has no usable start and was skipped")
            continue
        # The specification knows no ``toc``; who borrows it from JSON chapters means what it means there.
        hidden = (element.get("toc") or "").strip().lower() == "false"
        link, image = (values.address(attribute(element, key), fields.base) for key in ("href", "image"))
        if hidden and not (title or link or image):
            continue  # nothing to show, and nobody would miss it
        yield Mark(start, title, link, image=image, hidden=hidden)
