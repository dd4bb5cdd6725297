"""Where a page's highlights stand in the transcript: words decide, time only breaks ties; a soundbite, which is a
stretch of time, goes by its seconds where its title is not what was said. No score leaves this room.

Pages edit what they pull out and their times drift by minutes, so a highlight keeps its own words and time and only
learns the numbers of the lines that it came from. Rare words vote for a few places, and each place is compared word by
word; the work is linear in the transcript however often a hostile page repeats a word.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import log

from bot.domain import Highlight, Line
from bot.rules.words import tokens

#: Dice coefficient of the words in order, 0-1, from which a place is believed.
FITS = 0.6
#: Places within this of the best are the same to the words; then the nearer in time is taken.
TIE = 0.03
#: Fewer words than this fit anywhere.
LEAST_WORDS = 4
#: Only so many words of a highlight are compared, and so many places for each.
MOST_WORDS, MOST_PLACES = 120, 6
#: A word that stands more often than this in the transcript votes for no place.
MOST_OFTEN = 400


@dataclass(frozen=True, slots=True)
class _Words:
    """A transcript as one row of tokens: the line (index) of each, and where each token stands."""

    row: list[str]
    line_of: array[int]
    places: dict[str, list[int]]


@dataclass(frozen=True, slots=True)
class _Place:
    first: int
    last: int
    fit: float


def align_highlights(highlights: Sequence[Highlight], lines: Sequence[Line]) -> tuple[Highlight, ...]:
    """The same highlights with ``first_line`` and ``last_line`` (``Line.n``) filled in, or None where nothing fits."""
    if not highlights:
        return ()
    words = _words(lines)
    return tuple(_aligned(highlight, words, lines) for highlight in highlights)


def _words(lines: Sequence[Line]) -> _Words:
    row: list[str] = []
    line_of = array("l")
    places: dict[str, list[int]] = {}
    for index, line in enumerate(lines):
        for word in tokens(line.text):
            places.setdefault(word, []).append(len(row))
            row.append(word)
            line_of.append(index)
    return _Words(row, line_of, places)


def _aligned(highlight: Highlight, words: _Words, lines: Sequence[Line]) -> Highlight:
    asked = tokens(highlight.text)[:MOST_WORDS]
    found = [place for start in _windows(asked, words) if (place := _compare(asked, words, start)) is not None]
    if len(asked) < LEAST_WORDS or not found:
        return _by_time(highlight, lines)
    best = max(place.fit for place in found)
    place = min(
        (place for place in found if place.fit >= best - TIE),
        key=lambda place: (_away(highlight, lines[words.line_of[place.first]]), -place.fit, place.first),
    )
    first, last = words.line_of[place.first], words.line_of[place.last]
    return replace(highlight, first_line=lines[first].n, last_line=lines[last].n)


def _by_time(highlight: Highlight, lines: Sequence[Line]) -> Highlight:
    """A soundbite is a stretch of time: what its title does not say, its own seconds do. Nothing else goes by time."""
    start_s, end_s = highlight.start_s, highlight.end_s
    inside: list[int] = []
    if start_s is not None and end_s is not None:
        inside = [
            line.n for line, until in zip(lines, _ends(lines), strict=True) if _mostly(line, until, start_s, end_s)
        ]
    first, last = (inside[0], inside[-1]) if inside else (None, None)
    return replace(highlight, first_line=first, last_line=last)


def _ends(lines: Sequence[Line]) -> list[float | None]:
    following = (line.start_s for line in [*lines[1:], *lines[-1:]])
    return [line.end_s if line.end_s is not None else after for line, after in zip(lines, following, strict=True)]


def _mostly(line: Line, until: float | None, start_s: float, end_s: float) -> bool:
    """Whether the middle of the line lies in the stretch."""
    if line.start_s is None or line.garbled:
        return False
    middle = line.start_s if until is None else (line.start_s + until) / 2
    return start_s <= middle <= end_s


def _away(highlight: Highlight, line: Line) -> float:
    if highlight.start_s is None or line.start_s is None:
        return 0.0
    return abs(line.start_s - highlight.start_s)


def _windows(asked: Sequence[str], words: _Words) -> list[int]:
    """Where windows begin that hold the most of the highlight's rare words, best first. Buckets as long as the
    highlight, so that what stands across a border is found from the bucket before it."""
    votes: defaultdict[int, float] = defaultdict(float)
    size = max(1, len(asked))
    for word in set(asked):
        places = words.places.get(word, ())
        if len(places) <= MOST_OFTEN:
            weight = log(1 + len(words.row) / max(1, len(places)))
            for bucket in {place // size for place in places}:
                votes[bucket] += weight
    pairs = {at: votes.get(at, 0.0) + votes.get(at + 1, 0.0) for at in {*votes, *(at - 1 for at in votes)}}
    best = sorted(pairs, key=lambda at: (-pairs[at], at))[:MOST_PLACES]
    return [max(0, at) * size for at in best]


def _compare(asked: Sequence[str], words: _Words, start: int) -> _Place | None:
    """The stretch near ``start`` that has the highlight's words in order; None when too few of them fit."""
    from rapidfuzz.distance import LCSseq

    begin = max(0, start - len(asked) // 2)
    window = words.row[begin : start + 3 * len(asked)]
    matched: list[int] = []
    for block in LCSseq.opcodes(asked, window):
        if block.tag == "equal":
            matched.extend(range(block.dest_start, block.dest_end))
    first, last = _tightened(matched, len(asked))
    if last < first:
        return None
    fit = _dice(last - first + 1, matched[last] - matched[first] + 1, len(asked))
    return _Place(begin + matched[first], begin + matched[last], fit) if fit >= FITS else None


def _tightened(matched: Sequence[int], asked: int) -> tuple[int, int]:
    """The part of the matched words without strays at its ends: a lone "the" far before the rest belongs to it not."""
    first, last = 0, len(matched) - 1
    while first < last:
        fit = _dice(last - first + 1, matched[last] - matched[first] + 1, asked)
        without_first = _dice(last - first, matched[last] - matched[first + 1] + 1, asked)
        without_last = _dice(last - first, matched[last - 1] - matched[first] + 1, asked)
        if max(without_first, without_last) <= fit:
            break
        first, last = (first + 1, last) if without_first >= without_last else (first, last - 1)
    return first, last


def _dice(shared: int, span: int, asked: int) -> float:
    return 2 * shared / (span + asked)
