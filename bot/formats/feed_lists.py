"""The plain kind of chapter list, ``12:30 - Title`` line by line from the start, read at once: most lists are such.

It answers exactly as ``chapter_lines`` would, or not at all; a test holds the two against each other. A feed has
thousands of such lists, and reading each in every dress takes ten times as long.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from bot.domain import Chapter
from bot.formats.chapters_doubt import NOT_CHAPTERS
from bot.formats.sections import heading

#: A clock, a blank or a dash, and a title of plain words; nothing that could be a link, a label or another time.
_LINE = re.compile(
    r"(?:(\d{1,2}):)?([0-5]?\d):([0-5]\d)(?: ?[-–—] | )([A-Za-zÀ-ÖØ-öø-ÿ](?:[\wÀ-ÿ ,'’&?!-]{0,200}[^\W_]|)[?!]?)",
    re.ASCII,
)
#: What makes another line a time in disguise, or this list one for the general reader.
_SPAN = re.compile(r"\W{0,12}\d{1,3} ?[hm]")
_CLOCK = re.compile(r":(?<=\d:)\d\d")
_OF_DAY = re.compile(r"(?:[ap]m\b|o['’]clock|uhr\b|to\b|bis\b)", re.IGNORECASE)
_WORDS = 25
#: A line of more characters or blanks is no heading, unless it is marked as one.
_HEADING, _HEADING_BLANKS = 60, 5
#: So many words between the first time and the last that somebody may be speaking there.
_MUCH = 250
#: Speech has about a word a second; titles of a list have far fewer.
_SLOW = 4


def plain_list(lines: Iterable[str]) -> tuple[Chapter, ...] | None:
    """The chapters, ``source="notes"``; None when the list is not of the plain kind, or there is none."""
    found: list[tuple[str, str, str, str]] = []
    words = between = 0
    for line in lines:
        if match := _LINE.fullmatch(line):
            found.append((match[1], match[2], match[3], match[4]))
            between = words
        elif line:
            if _unlike(line):
                return None
            if found:
                words += line.count(" ") + 1
    if len(found) < 2 or between > _MUCH:
        return None
    starts = [3600 * int(hours or 0) + 60 * int(minutes) + int(seconds) for hours, minutes, seconds, _ in found]
    titles = [title for *_, title in found]
    if starts[0] >= 60 or any(a >= b for a, b in pairwise(starts)) or any(map(_special, titles)):
        return None
    if sum(title.count(" ") + 1 for title in titles) * _SLOW > starts[-1] - starts[0]:
        return None
    ends = [*map(float, starts[1:]), None]
    return tuple(
        Chapter(n, float(start), end, title, None, "notes")
        for n, (start, end, title) in enumerate(zip(starts, ends, titles, strict=True), 1)
    )


def _unlike(line: str) -> bool:
    """Whether a line that is none of the list makes it one for the general reader."""
    if "](" in line or _SPAN.match(line) or (":" in line and _CLOCK.search(line)):
        return True
    short = len(line) <= _HEADING and line.count(" ") <= _HEADING_BLANKS
    return (short or line[0] == "#") and _opens(line)


def _opens(line: str) -> bool:
    """Whether a heading says what the times below it are, or are not."""
    line = line.replace("\0", "")
    return NOT_CHAPTERS.fullmatch(line[:60]) is not None or heading(line) in ("chapters", "highlights", "about")


def _special(title: str) -> bool:
    return title.count(" ") >= _WORDS or "  " in title or "_" in title or _OF_DAY.match(title) is not None
