"""Chapters in the making: what any family of files says of one, and a list of them made safe. No format enters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urljoin

from bot.domain import Chapter
from bot.formats.problems import Problems, shown
from bot.plain import clean_line
from bot.rules.chapter_sources import believed, numbered
from bot.rules.links import safe_url
from bot.rules.stamps import stamp

#: More chapters than any file has that was made for people; the rest is left out and counted.
MOST = 10_000
#: Characters of a title; show notes have whole questions as titles.
LONGEST_TITLE = 1_000
_LONGEST_ADDRESS = 2_000


@dataclass(frozen=True, slots=True)
class Mark:
    """A chapter in the making, in the source's order. ``url`` and ``image`` are safe already (``address``)."""

    start_s: float
    title: str
    url: str | None = None
    end_s: float | None = None
    #: The line of the source, for problems.
    line: int | None = None
    image: str | None = None
    hidden: bool = False


def address(value: object, base: str = "") -> str | None:
    """An http(s) address, a relative one resolved against ``base`` when that is an address; else None."""
    if not isinstance(value, str) or not (text := value.strip()) or len(text) > _LONGEST_ADDRESS:
        return None
    if found := safe_url(text):
        return found
    if not safe_url(base):
        return None
    try:
        return safe_url(urljoin(base, text.replace(" ", "%20")))
    except ValueError:
        return None


def chapters(
    marks: Iterable[Mark], source: str, problems: Problems, duration_s: float | None = None
) -> tuple[Chapter, ...]:
    """In order of time, each once, bounded by the duration (``bot.rules.chapter_sources``); what goes is reported."""
    told = list(marks)
    if len(told) > MOST:
        problems.add(f"the list has {len(told):,} chapters; only the first {MOST:,} are kept")
        told = told[:MOST]
    made = [_chapter(mark, source) for mark in told]
    _report(told, made, duration_s, problems)
    return numbered(made, source, duration_s)


def _chapter(mark: Mark, source: str) -> Chapter:
    title = clean_line(mark.title[: 4 * LONGEST_TITLE])
    if len(title) > LONGEST_TITLE:
        title = shown(title, LONGEST_TITLE)
    return Chapter(0, mark.start_s, mark.end_s, title, mark.url, source, mark.image, mark.hidden)


def _report(marks: list[Mark], made: list[Chapter], duration_s: float | None, problems: Problems) -> None:
    end = believed(made, duration_s)
    if end is None and duration_s:
        problems.add(f"most chapters begin after {stamp(duration_s)}, so that is not believed to be the duration")
    latest = 0.0
    for mark in marks:
        if end is not None and mark.start_s >= end:
            problems.add(f"the chapter at {stamp(mark.start_s)} begins after the end and was skipped", mark.line)
            continue
        if mark.start_s < latest and not mark.hidden:
            problems.add(f"the chapter at {stamp(mark.start_s)} is out of order in the list; sorted by time", mark.line)
        latest = max(latest, mark.start_s)
