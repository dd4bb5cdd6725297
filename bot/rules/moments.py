"""When a word was said: from a transcript's marks to a time for any word position. No text enters here."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

#: Seconds a word where nothing tells the pace: 150 words a minute.
DEFAULT_PACE_S = 0.4


@dataclass(frozen=True, slots=True)
class Mark:
    """The word at index ``word`` starts at ``start_s``. ``end_s`` is when the stretch that it opens falls silent."""

    word: int
    start_s: float
    end_s: float | None = None


class Timeline:
    """Times for word positions. Between two marks by word position; before the first from 0; after the last at the
    pace of the neighbouring stretch and never past ``duration_s``; without marks there is no time."""

    def __init__(self, marks: Sequence[Mark], total_words: int, duration_s: float | None = None) -> None:
        self._marks = ascending(marks)
        self._words = [mark.word for mark in self._marks]
        self._total = total_words
        self._duration = duration_s

    def start(self, word: int) -> tuple[float | None, bool]:
        """``(start_s, exact)`` of the word: exact only where a mark stands."""
        at = bisect_right(self._words, word) - 1
        if at >= 0 and self._words[at] == word:
            return self._marks[at].start_s, True
        return self._between(at, word), False

    def end(self, after: int) -> float | None:
        """When the word before position ``after`` has been said."""
        at = bisect_left(self._words, after) - 1
        end = self._between(at, after)
        following = at + 1
        if end is not None and following < len(self._marks) and self._words[following] == after:
            return min(end, self._marks[following].start_s)
        return end

    def _between(self, at: int, word: int) -> float | None:
        marks = self._marks
        if not marks:
            return None
        if at < 0:
            first = marks[0]
            return first.start_s * word / first.word if first.word else first.start_s
        mark = marks[at]
        until = self._words[at + 1] if at + 1 < len(marks) else self._total
        till = mark.end_s if mark.end_s is not None else marks[at + 1].start_s if at + 1 < len(marks) else None
        if till is not None and until > mark.word:
            return mark.start_s + (till - mark.start_s) * (word - mark.word) / (until - mark.word)
        return self._onward(at, word)

    def _onward(self, at: int, word: int) -> float:
        mark = self._marks[at]
        guess = mark.start_s + (word - mark.word) * self._pace(at)
        return max(mark.start_s, min(guess, self._duration)) if self._duration is not None else guess

    def _pace(self, at: int) -> float:
        """Seconds a word in the stretch before mark ``at``."""
        last = self._marks[at]
        before = self._marks[at - 1] if at else Mark(0, 0.0)
        if last.word <= before.word or last.start_s <= before.start_s:
            return DEFAULT_PACE_S
        return (last.start_s - before.start_s) / (last.word - before.word)


def ascending(marks: Sequence[Mark]) -> list[Mark]:
    """The most marks that agree with each other: words and times both rising. A time out of order is dropped."""
    tidy: list[Mark] = []
    for mark in marks:
        # Two marks on one word: the later one is where the word really starts.
        if tidy and tidy[-1].word == mark.word:
            tidy[-1] = mark
        else:
            tidy.append(mark)
    rising = all(a.start_s <= b.start_s for a, b in pairwise(tidy))
    kept = tidy if rising else _longest_rising(tidy)
    return [_bounded(mark, kept[i + 1] if i + 1 < len(kept) else None) for i, mark in enumerate(kept)]


def _bounded(mark: Mark, following: Mark | None) -> Mark:
    """An end that lies before its start or after the next start says nothing."""
    if mark.end_s is None:
        return mark
    if mark.end_s < mark.start_s or (following and mark.end_s > following.start_s):
        return Mark(mark.word, mark.start_s)
    return mark


def _longest_rising(marks: list[Mark]) -> list[Mark]:
    tails: list[float] = []
    tail_at: list[int] = []
    previous: list[int] = []
    for index, mark in enumerate(marks):
        place = bisect_right(tails, mark.start_s)
        previous.append(tail_at[place - 1] if place else -1)
        if place == len(tails):
            tails.append(mark.start_s)
            tail_at.append(index)
        else:
            tails[place], tail_at[place] = mark.start_s, index
    kept: list[Mark] = []
    index = tail_at[-1]
    while index >= 0:
        kept.append(marks[index])
        index = previous[index]
    return kept[::-1]
