"""A time-stamped list, in show notes or under a heading, to chapters.

One policy for lists out of order: all are kept and sorted by time, and the list's disorder is reported.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.domain import Chapter
from bot.formats.clock_lines import ClockLine, at_bare_end, at_end, at_front
from bot.formats.front_matter import edition_of
from bot.formats.markup import first_link, markdown_words
from bot.formats.problems import Problems, shown
from bot.rules.stamps import stamp

_EDGE = " \t-–—:|•·~>)],.\\→►▶»"
_END_EDGE = " \t-–—:|•·~*→"
#: A title under its time is looked for this many lines down.
_BELOW = 3


@dataclass(frozen=True, slots=True)
class Mark:
    """A chapter in the making, in the source's order."""

    start_s: float
    title: str
    url: str | None = None
    end_s: float | None = None
    #: The line of the source, for problems.
    line: int | None = None


def read(lines: Sequence[tuple[int, str]], problems: Problems, *, at_least: int = 2) -> list[Mark]:
    """Chapters of a list with times at the front of its lines, else at their ends; fewer than ``at_least`` are
    no list. ``lines`` are (number, text)."""
    marks = _read(lines, [at_front(text) for _, text in lines], problems, at_least)
    marks = marks or _read(lines, [at_end(text) for _, text in lines], problems, at_least)
    return marks or _read(lines, listed(lines), problems, 3)


def listed(lines: Sequence[tuple[int, str]]) -> list[ClockLine | None]:
    """Bare times at the ends of lines that follow each other; one alone in a text is no chapter."""
    found = [at_bare_end(text) for _, text in lines]
    told = [n for n, (_, text) in enumerate(lines) if text]
    near = {n for a, b in pairwise(told) for n in (a, b) if found[a] and found[b]}
    return [one if n in near else None for n, one in enumerate(found)]


def _read(
    lines: Sequence[tuple[int, str]], found: Sequence[ClockLine | None], problems: Problems, at_least: int
) -> list[Mark]:
    if sum(one is not None for one in found) < at_least:
        return []
    marks: list[Mark] = []
    for n, one in enumerate(found):
        if one is None:
            continue
        if one.start_s is None:
            problems.add(f"“{shown(one.clock)}” is no usable time; the chapter was skipped", lines[n][0] or None)
            continue
        source = one.rest if _title(one.rest) else _below(lines, found, n)
        marks.append(Mark(one.start_s, _title(source), _address(source), line=lines[n][0] or None))
    return marks


def _below(lines: Sequence[tuple[int, str]], found: Sequence[ClockLine | None], n: int) -> str:
    """The title of a time that stands alone is the next line with words, unless a heading or a time comes first."""
    for k in range(n + 1, min(n + 1 + _BELOW, len(lines))):
        text = lines[k][1].strip()
        if found[k] is not None or text.startswith("#"):
            return ""
        if text:
            return text
    return ""


def _title(text: str) -> str:
    """The words of a title without the dashes and dots around it."""
    return markdown_words(text.strip().lstrip("#").lstrip(_EDGE)).lstrip(_EDGE + "*_").rstrip(_END_EDGE)


def _address(text: str) -> str | None:
    link = first_link(text)
    return link if link and edition_of(link) else None


def chapters(
    marks: Iterable[Mark], source: str, problems: Problems, duration_s: float | None = None
) -> tuple[Chapter, ...]:
    """Numbered in order of time; each ends where the next begins, the last at the known end of the episode."""
    kept: list[Mark] = []
    latest = 0.0
    for mark in marks:
        if duration_s is not None and mark.start_s >= duration_s > 0:
            problems.add(f"the chapter at {stamp(mark.start_s)} begins after the end and was skipped", mark.line)
            continue
        if mark.start_s < latest:
            problems.add(f"the chapter at {stamp(mark.start_s)} is out of order in the list; sorted by time", mark.line)
        latest = max(latest, mark.start_s)
        kept.append(mark)
    kept.sort(key=lambda mark: mark.start_s)
    ends = [mark.start_s for mark in kept[1:]] + [duration_s]
    return tuple(
        Chapter(n, mark.start_s, _end(mark, following), mark.title, mark.url, source)
        for n, (mark, following) in enumerate(zip(kept, ends, strict=False), 1)
    )


def _end(mark: Mark, following: float | None) -> float | None:
    if following is not None:
        return following
    return mark.end_s if mark.end_s is not None and mark.end_s > mark.start_s else None
