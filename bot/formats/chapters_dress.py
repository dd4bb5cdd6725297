"""Lines of a list in any dress to lines with their time in front: table rows, columns, links to a moment, ``1m30s``,
labels before the time, several in one line. What is a chapter is not decided here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from bot.formats.times import CLOCK, clock_s
from bot.rules.links import moment_in_link
from bot.rules.stamps import stamp

Numbered = Sequence[tuple[int, str]]

_HMS = re.compile(
    r"(?P<bullet>[ \t>*+•–-]{0,6}[*_]{0,2}[\[(]?)"
    r"(?:(?P<h>\d{1,2})h[ ]?)?(?P<m>\d{1,3})m(?:in)?[ ]?(?P<s>\d{1,2})s(?:ec)?\b"
)
_LABEL = re.compile(
    r"(?P<bullet>[ \t>*+•–-]{0,6}[*_]{0,2})"
    r"(?:(?:chapter|ch\.?|kapitel|chapitre|cap[ií]tulo|part|teil|topic|segment|section|track)[ #]{0,2}\d{1,4}"
    rf"|minute|min\.?|timestamp|time|zeit|@)[ \t]?[:.)–|-]?[ \t]{{0,3}}(?=[\[(]?{CLOCK})",
    re.IGNORECASE,
)
_TAIL_LINK = re.compile(rf"[\[(]?\[[\[(]?({CLOCK})[\])]?\]\([^()\s]{{0,500}}\)[\])]?\W{{0,3}}$")
_COLUMN = re.compile(rf"\"?([^\",;\t\n]{{1,300}})\"?[,;\t][ ]?\"?({CLOCK})\"?")
_MOMENT = re.compile(
    r"([ \t>*+•–-]{0,6}(?:\d{1,3}[.)][ \t])?)\[([^\[\]]{1,500})\]\(<?([^()\s<>]{2,1000})>?\)(.{0,500})"
)
_CLOCK = re.compile(CLOCK)
_ONLY_CLOCK = re.compile(rf"\W{{0,4}}({CLOCK})\W{{0,4}}")
_RULE = re.compile(r"[\s|:+=-]+")
#: A line that holds a whole list: at least so many times, and no more words for each than a title has.
_MANY, _TITLE_WORDS = 3, 15
_LONG_LINE = 20_000


def dressed(lines: Numbered) -> list[tuple[int, str]]:
    """The lines, those of a known dress rewritten as ``time title`` or ``title (time)``."""
    moments = _moments(lines)
    out: list[tuple[int, str]] = []
    for n, (number, text) in enumerate(lines):
        if n in moments:
            out.append((number, moments[n]))
        elif pieces := _split(text):
            out.extend((number, piece) for piece in pieces)
        else:
            out.append((number, _one(text)))
    return out


def _one(text: str) -> str:
    if len(text) > 1_500 or not any(letter.isdigit() for letter in text):
        return text
    if text.count("|") > 1 and ":" in text and (row := _row(text)):
        return row
    if ("m" in text[:20] or "M" in text[:20]) and (match := _HMS.match(text)):
        clock = f"{int(match['h'] or 0)}:{int(match['m']):02}:{int(match['s']):02}"
        if not match["h"]:
            clock = clock[2:]
        return f"{match['bullet']}{clock}{text[match.end() :]}"
    if ":" not in text:
        return text
    text = _LABEL.sub(r"\g<bullet>", text, count=1) if _LABEL.match(text) else text
    if "](" in text[-600:] and (tail := _TAIL_LINK.search(text)) and tail.start():
        return f"{text[: tail.start()].rstrip()} ({tail[1]})"
    if column := _COLUMN.fullmatch(text):
        return f"{column[1].rstrip()} ({column[2]})"
    return text


def _row(text: str) -> str:
    """A table's row as its first time and the longest of its other cells; empty for a row without both."""
    if _RULE.fullmatch(text):
        return ""
    cells = [cell.strip() for cell in text.strip().strip("|").split("|")]
    clocks = [match[1] for cell in cells if (match := _ONLY_CLOCK.fullmatch(cell))]
    words = [cell for cell in cells if cell and not _ONLY_CLOCK.fullmatch(cell) and not cell.strip("#. ").isdigit()]
    return f"{clocks[0]} {words[0]}" if clocks and words and len(cells) > 1 else ""


def _moments(lines: Numbered) -> dict[int, str]:
    """Lines that open with a link to a moment of one and the same address, with that time in front."""
    found: dict[int, tuple[str, float, str]] = {}
    for n, (_, text) in enumerate(lines):
        if "](" not in text or "t=" not in text or _CLOCK.search(text.split("](", 1)[0]):
            continue
        match = _MOMENT.match(text)
        address, start = moment_in_link(match[3]) if match else ("", None)
        if match and start is not None:
            found[n] = address, start, f"{match[1]}{stamp(start)} {match[2]}{match[4]}"
    same = Counter(address for address, _, _ in found.values() if address).most_common(1)
    kept = {n: one for n, one in found.items() if one[0] in ("", *(address for address, _ in same))}
    several = len({start for _, start, _ in kept.values()}) > 1
    return {n: line for n, (_, _, line) in kept.items()} if several else {}


def _split(text: str) -> list[str]:
    """The pieces of a line that is a list by itself: times that rise, each with a few words behind it."""
    if not 12 < len(text) <= _LONG_LINE or text.count(":") < _MANY or text.lstrip()[:1] == "|":
        return []
    found = list(_CLOCK.finditer(text))
    starts = [clock_s(match[0]) for match in found]
    if len(found) < _MANY or any(a is None or b is None or a >= b for a, b in pairwise(starts)):
        return []
    pieces = list(_pieces(text, [match.start() for match in found]))
    words = [len(piece.split()) - 1 for piece in pieces]
    if min(words) < 1 or sum(words) > _TITLE_WORDS * len(words) or max(words) > 3 * _TITLE_WORDS:
        return []
    whole = (starts[-1] or 0.0) - (starts[0] or 0.0)
    return pieces if sum(words) < whole else []


def _pieces(text: str, begins: Sequence[int]) -> Iterator[str]:
    for at, end in zip(begins, [*begins[1:], len(text)], strict=True):
        opened = text[at - 1 : at] if text[at - 1 : at] in ("(", "[") and at else ""
        yield (opened + text[at:end]).rstrip(" \t,;|/•·-–—([")
