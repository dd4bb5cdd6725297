"""A time-stamped list, in show notes or under a heading, to chapters.

One policy for lists out of order: all are kept and sorted by time, and the list's disorder is reported.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from bot.formats.chapter_marks import Mark, address, chapters
from bot.formats.chapters_doubt import NOT_CHAPTERS, doubted
from bot.formats.chapters_dress import dressed
from bot.formats.chapters_text import linked
from bot.formats.clock_lines import ClockLine, at_bare_end, at_end, at_front
from bot.formats.markup import first_link, markdown_words
from bot.formats.problems import Problems, shown
from bot.rules.links import moment_in_link

__all__ = ["Mark", "chapters", "listed", "read"]

_EDGE = " \t-–—:|•·~>)],.\\→►▶»"
_END_EDGE = " \t-–—:|•·~*→"
#: A title under or above its time is looked for this many lines away.
_NEAR = 3
#: Notes with so many words, and so many of them for each second between their times, are a transcript.
_SPEECH = ((800, 1.0), (300, 1.8))
_DOTS = re.compile(r"[ \t][ \t.]{2,}$")
_COUNTED = re.compile(r"(\d{1,4})[.)][ \t]+(?=\S)")
#: What a page has as a heading of its own, and a list of chapters as a title.
# fmt: off
_PARTS = frozenset((
    "intro", "introduction", "outro", "cold open", "teaser", "preview", "closing", "interview", "the interview",
    "conversation", "the conversation", "q&a", "podcast", "episode", "credits", "summary", "resources", "links",
))
# fmt: on

Numbered = Sequence[tuple[int, str]]


def read(lines: Numbered, problems: Problems, *, at_least: int = 2) -> list[Mark]:
    """Chapters of a list with times at the front of its lines, else at their ends; fewer than ``at_least`` are
    no list, and ``at_least`` 1 says that a heading names it one. ``lines`` are (number, text)."""
    lines = dressed(_without_others(lines))
    named = at_least == 1
    for found, least, behind, bare in (
        ([at_front(text) for _, text in lines], at_least, False, False),
        ([at_end(text) for _, text in lines], at_least, True, False),
        (listed(lines), 3, True, True),
    ):
        said = Problems()
        marks = _read(lines, found, said, least)
        if marks and (named or not (doubted(marks, behind=behind, bare=bare) or _spoken(lines, found, marks))):
            problems.extend(said.all())
            return _uncounted(marks)
    return []


def listed(lines: Numbered) -> list[ClockLine | None]:
    """Bare times at the ends of lines that follow each other; one alone in a text is no chapter."""
    found = [at_bare_end(text) for _, text in lines]
    told = [n for n, (_, text) in enumerate(lines) if text]
    near = {n for a, b in pairwise(told) for n in (a, b) if found[a] and found[b]}
    return [one if n in near else None for n, one in enumerate(found)]


def _spoken(lines: Numbered, found: Sequence[ClockLine | None], marks: Sequence[Mark]) -> bool:
    """Whether as much stands between the first time and the last as people say in it: a transcript, not its notes."""
    places = [n for n, one in enumerate(found) if one]
    words = sum(text.count(" ") + 1 for _, text in lines[places[0] : places[-1]] if text)
    whole = max(mark.start_s for mark in marks) - min(mark.start_s for mark in marks)
    return any(words >= least and words >= rate * whole for least, rate in _SPEECH)


def _without_others(lines: Numbered) -> Numbered:
    """Without the lines below a heading that says that its times are of another kind, up to the next heading."""
    if not any(NOT_CHAPTERS.fullmatch(text[:60]) for _, text in lines if text):
        return lines
    kept: list[tuple[int, str]] = []
    away = blank = False
    for number, text in lines:
        if text and NOT_CHAPTERS.fullmatch(text[:60]):
            away = True
        elif text.startswith("#") or (blank and text and not at_front(text) and not at_bare_end(text)):
            away = False
        blank = not text
        if not away:
            kept.append((number, text))
    return kept


def _read(lines: Numbered, found: Sequence[ClockLine | None], problems: Problems, at_least: int) -> list[Mark]:
    if sum(one is not None for one in found) < at_least:
        return []
    above = _titles_above(lines, found)
    marks: list[Mark] = []
    for n, one in enumerate(found):
        if one is None:
            continue
        if one.start_s is None:
            problems.add(f"“{shown(one.clock)}” is no usable time; the chapter was skipped", lines[n][0] or None)
            continue
        source = one.rest if _title(one.rest) else _beside(lines, found, n, -1 if above else 1)
        text, link = linked(source)
        marks.append(Mark(one.start_s, _title(text), link or _address(source), line=lines[n][0] or None))
    return marks


def _lone(one: ClockLine | None) -> bool:
    return one is not None and not one.rest.strip(_EDGE + "*_")


def _titles_above(lines: Numbered, found: Sequence[ClockLine | None]) -> bool:
    """Whether times that stand alone have their titles above them: more of them touch words there than below, and the
    first has some above it and the last none below."""
    lone = [n for n, one in enumerate(found) if _lone(one)]
    if len(lone) < 2:
        return False
    up = [bool(_neighbour(lines, found, n, -1, 1)) for n in lone]
    down = [bool(_neighbour(lines, found, n, 1, 1)) for n in lone]
    if sum(up) != sum(down):
        return sum(up) > sum(down)
    return up[0] and not down[-1]


def _beside(lines: Numbered, found: Sequence[ClockLine | None], n: int, step: int) -> str:
    return _neighbour(lines, found, n, step, _NEAR)


def _neighbour(lines: Numbered, found: Sequence[ClockLine | None], n: int, step: int, reach: int) -> str:
    """The next line with words below (``step`` 1) or above a time, unless a heading or a time comes first."""
    for k in range(n + step, n + step * (reach + 1), step):
        if not 0 <= k < len(lines) or found[k] is not None:
            return ""
        text = lines[k][1].strip()
        if text.startswith("#"):
            title = text.lstrip("# ")
            return title if title.lower().rstrip(":.") in _PARTS else ""
        if text:
            return text
    return ""


def _title(text: str) -> str:
    """The words of a title without the dashes and dots around it."""
    words = markdown_words(text.strip().lstrip("#").lstrip(_EDGE)).lstrip(_EDGE + "*_").rstrip(_END_EDGE)
    return _DOTS.sub("", words) if words.endswith("..") and " " in words[-40:] else words


def _address(text: str) -> str | None:
    """The first link, unless it only leads to the moment itself."""
    found = address(first_link(text))
    return found if found and moment_in_link(found)[1] is None else None


def _uncounted(marks: list[Mark]) -> list[Mark]:
    """Without numbers before the titles when they only count the list."""
    counts = [_COUNTED.match(mark.title) for mark in marks]
    numbers = [int(match[1]) for match in counts if match]
    if len(numbers) < len(marks) or len(marks) < 2 or any(b - a != 1 for a, b in pairwise(numbers)):
        return marks
    return [replace(mark, title=_COUNTED.sub("", mark.title, count=1)) for mark in marks]
