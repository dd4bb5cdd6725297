"""Passages: how the lines of one transcript are grouped for the index. Pure and linear; no ranking enters here.

A passage is neighbouring lines of one speaker, at most ``LIMIT`` words, and shares its last sentence with the next,
so that a quote over a border is whole in one of them. It crosses cue and turn borders. An unknown speaker may be
two people: there a passage ends at a pause of more than ``PAUSE_S``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.domain import Line, Passage
from bot.rules.labels import is_generic

LIMIT = 120
PAUSE_S = 2.0
#: The shared sentence is cut to this many words where cues carry no punctuation.
OVERLAP = 30

_SENTENCE_ENDS = (".", "?", "!", "…", '."', '?"', '!"', ".”", "?”", "!”", ".)", "?)", "!)", ".'", ".’")


def ends_sentence(text: str) -> bool:
    return text.endswith(_SENTENCE_ENDS)


def passages(lines: Sequence[Line]) -> list[Passage]:
    """Every line that is not garbled is in at least one passage; one of more than ``LIMIT`` words is several."""
    made: list[Passage] = []
    for first, end in runs(lines):
        _pack(lines, first, end, made)
    return made


def runs(lines: Sequence[Line]) -> Iterator[tuple[int, int]]:
    """Stretches ``first`` to ``end`` (not included) of one speaker without a gap; garbled lines are in none."""
    generic: dict[str | None, bool] = {}
    start = 0
    for at in range(1, len(lines)):
        before, line = lines[at - 1], lines[at]
        who = line.speaker
        if who == before.speaker and line.n == before.n + 1 and not (line.garbled or before.garbled):
            if who not in generic:
                generic[who] = who is None or is_generic(who)
            if not generic[who] or not _pause(before, line):
                continue
        if not before.garbled:
            yield start, at
        start = at
    if lines and not lines[-1].garbled:
        yield start, len(lines)


def _pause(before: Line, line: Line) -> bool:
    ended = before.start_s if before.end_s is None else before.end_s
    return ended is not None and line.start_s is not None and line.start_s - ended > PAUSE_S


def _pack(lines: Sequence[Line], first: int, end: int, made: list[Passage]) -> None:
    """Fill passages from the left; each next one starts with the last sentence of the one before."""
    counts = [line.text.count(" ") + 1 for line in lines[first:end]]
    at = first
    while at < end:
        total = counts[at - first]
        if total > LIMIT:
            made.extend(_windows(lines[at]))
            at += 1
            continue
        stop = at + 1
        while stop < end and total + counts[stop - first] <= LIMIT:
            total += counts[stop - first]
            stop += 1
        made.append(_passage(lines[at:stop]))
        if stop == end:
            return
        room = LIMIT - counts[stop - first]
        at = _back(lines, counts, first, at, stop, room)


def _back(lines: Sequence[Line], counts: Sequence[int], first: int, at: int, stop: int, room: int) -> int:
    """Where the next passage starts: at the last sentence before ``stop`` if that still leaves room for a new line."""
    start, words = stop, 0
    while start - 1 > at:
        words += counts[start - 1 - first]
        if words > room or (words > OVERLAP and start < stop):
            break
        start -= 1
        if ends_sentence(lines[start - 1].text):
            break
    return start


def _passage(lines: Sequence[Line]) -> Passage:
    return Passage(lines[0].n, lines[-1].n, lines[0].speaker, " ".join([line.text for line in lines]))


def _windows(line: Line) -> Iterator[Passage]:
    words = line.text.split(" ")
    for at in range(0, max(1, len(words) - OVERLAP), LIMIT - OVERLAP):
        yield Passage(line.n, line.n, line.speaker, " ".join(words[at : at + LIMIT]))
