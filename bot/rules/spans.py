"""Spans: which words of the visible lines are shown for an aligned stretch. Verbatim, whole lines, at most ``LONGEST``.

A quote is the lines that the aligned words touch, joined by one blank each. A line without end punctuation is
continued in the next one only if the aligned words run on into it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain import Line

#: Characters of a shown quote, the marks of a cut included.
LONGEST = 500
CUT = "…"


@dataclass(frozen=True, slots=True)
class Span:
    """The lines of a quote and its shown text."""

    lines: tuple[Line, ...]
    text: str


def words_of(lines: Sequence[Line]) -> tuple[list[str], frozenset[int]]:
    """All words of the lines, and which of them begin a line."""
    words: list[str] = []
    starts: list[int] = []
    for line in lines:
        starts.append(len(words))
        words.extend(line.text.split(" "))
    return words, frozenset(starts)


def span(lines: Sequence[Line], first: int = 0, last: int | None = None) -> Span:
    """The quote for words ``first`` to ``last`` (both included, counted over all lines; None = the last word)."""
    touched: list[Line] = []
    at, shift = 0, 0
    for line in lines:
        end = at + line.text.count(" ") + 1
        if end > first and (last is None or at <= last):
            if not touched:
                shift = at
            touched.append(line)
        at = end
    text = " ".join(line.text for line in touched)
    if len(text) <= LONGEST:
        return Span(tuple(touched), text)
    words = text.split(" ")
    stop = len(words) - 1 if last is None else min(last - shift, len(words) - 1)
    return _cut(touched, words, max(0, first - shift), stop)


def _cut(lines: Sequence[Line], words: Sequence[str], first: int, last: int) -> Span:
    """As many whole words as fit around ``first``–``last``, grown to both sides in turn."""
    room = LONGEST - 2 * (len(CUT) + 1)
    start = stop = first
    size = len(words[first])
    if size > room:  # one endless word: there is no place to cut at
        return Span(tuple(_within(lines, first, first + 1)), f"{words[first][: LONGEST - len(CUT)]}{CUT}")
    stop += 1
    while stop <= last and size + 1 + len(words[stop]) <= room:
        size += 1 + len(words[stop])
        stop += 1
    grew = True
    while grew:
        grew = False
        if stop < len(words) and size + 1 + len(words[stop]) <= room:
            size += 1 + len(words[stop])
            stop, grew = stop + 1, True
        if start > 0 and size + 1 + len(words[start - 1]) <= room:
            size += 1 + len(words[start - 1])
            start, grew = start - 1, True
    head = f"{CUT} " if start > 0 else ""
    tail = f" {CUT}" if stop < len(words) else ""
    return Span(tuple(_within(lines, start, stop)), f"{head}{' '.join(words[start:stop])}{tail}")


def _within(lines: Sequence[Line], start: int, stop: int) -> list[Line]:
    """The lines that hold words ``start`` up to ``stop``."""
    kept: list[Line] = []
    at = 0
    for line in lines:
        end = at + line.text.count(" ") + 1
        if end > start and at < stop:
            kept.append(line)
        at = end
    return kept
