"""Lines that begin or end with a time, however a page decorates it: bullets, brackets, bold, links, ranges, dashes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.formats.times import CLOCK, clock_s

_BULLET = r"[ \t>#]{0,8}(?:[-*+•–—▶►→][ \t]+|\d{1,3}[.)][ \t]+)?[^\w\s\[\](<*`]{0,4}[ \t]{0,2}[*_`]{0,3}"
# ``00:00:05:12``: the frames of a video editor.
_FRAMES = r"(?<![\d:.])\d{1,2}:\d{2}:\d{2}:\d{2}(?![\d:])"
_UNTIL = rf"(?:{_FRAMES}|{CLOCK})"
_FRONT = re.compile(
    rf"{_BULLET}(?P<open>[\[(<]?)\\?\[?(?P<clock>{_UNTIL})\\?[\])>]{{0,2}}(?:\([^()\s]{{0,500}}\))?[*_`]{{0,3}}"
    rf"(?:[ \t]*(?:-{{0,2}}>|-|–|—|→|to|bis)[ \t]*[\[(]?{_UNTIL}[\])]?)?"
)
_TAIL = re.compile(
    rf"(?P<title>.*\S)[ \t]*"
    rf"(?:[\[(](?:[^()\[\]]{{0,40}}[ \t])?(?P<clock>{CLOCK})[\])]|[ \t](?:[-=]>|[-–—|:@→])[ \t]*(?P<bare>{CLOCK}))\W*"
)
# A link around both time and title.
_WHOLE_LINK = re.compile(rf"^(?P<bullet>{_BULLET})\[(?P<clock>{CLOCK})[ \t–—|:-]{{1,5}}(?P<title>[^\[\]]{{1,500}})\]\(")
_BARE_TAIL = re.compile(rf"(?P<title>[^\n]*[^\s\d:])[ \t]+(?P<clock>{CLOCK})[*_ \t)]{{0,3}}")
_OF_DAY = re.compile(r"\s*(?:[ap]\.?m\b|o'clock|uhr\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ClockLine:
    """A line's time and the rest of it. ``start_s`` is None when what stands there cannot be a time (``00:75``)."""

    start_s: float | None
    clock: str
    rest: str
    bracketed: bool
    #: A minus touches the clock: a time before the start, or a bullet without its blank.
    minus: bool = False


def at_front(line: str) -> ClockLine | None:
    """A line whose first word is a time; None for all others and for a time of day ("3:30 pm")."""
    if ":" not in line[:80]:
        return None
    if "](" in line:
        line = _WHOLE_LINK.sub(r"\g<bullet>\g<clock> [\g<title>](", line, count=1)
    match = _FRONT.match(line[:1200])
    if not match:
        return None
    rest = line[match.end() :]
    if rest and (_OF_DAY.match(rest) or (rest[0].isalnum() and not _may_touch(line[match.end() - 1], rest[0]))):
        return None
    minus = line[: match.start("clock")].endswith("-")
    return ClockLine(clock_s(match["clock"]), match["clock"], rest.strip(), bool(match["open"]), minus)


def _may_touch(before: str, first: str) -> bool:
    """Whether words may follow a time without a blank: behind a bracket, and in scripts that have none."""
    return before in "])>" or "\u2e80" <= first <= "\ud7ff"


def at_end(line: str) -> ClockLine | None:
    """``Title (Story starts around 00:05:00)`` or ``Title - 05:00``: the time closes the line."""
    if ":" not in line[-60:] or len(line) > 500:
        return None
    match = _TAIL.fullmatch(line)
    if not match:
        return None
    clock = match["clock"] or match["bare"]
    return ClockLine(clock_s(clock), clock, match["title"], match["bare"] is None)


def at_bare_end(line: str) -> ClockLine | None:
    """``Title 05:00``: only in a list of several is that a time and not the title's last word."""
    if ":" not in line[-16:] or len(line) > 200:
        return None
    match = _BARE_TAIL.fullmatch(line)
    return ClockLine(clock_s(match["clock"]), match["clock"], match["title"], False) if match else None
