"""When a word was said: from a transcript's marks to a time for any word position. No text enters here."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest

#: Seconds a word where nothing tells the pace: 150 words a minute.
DEFAULT_PACE_S = 0.4
#: Nobody speaks slower than this for long; a slower stretch held music or silence.
SLOWEST_PACE_S = 2.0


@dataclass(frozen=True, slots=True)
class Mark:
    """The word at index ``word`` starts at ``start_s``. ``end_s`` is when the stretch that it opens falls silent."""

    word: int
    start_s: float
    end_s: float | None = None


class Timeline:
    """Times for word positions. Between two marks by word position; before the first from 0; after the last at the
    pace of the neighbouring stretch and never past ``duration_s``; without marks there is no time.

    A mark that contradicts the others is dropped unless it has an end of its own: then it is a cue of a source whose
    cues go back (an advertisement put in front), and its words were said at its own time, whatever is around it.
    """

    def __init__(self, marks: Sequence[Mark], total_words: int, duration_s: float | None = None) -> None:
        self._marks = placed(marks)
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
        return self._between(bisect_left(self._words, after) - 1, after)

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
        if till is not None and till >= mark.start_s and until > mark.word:
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
        return min(SLOWEST_PACE_S, (last.start_s - before.start_s) / (last.word - before.word))


def placed(marks: Sequence[Mark]) -> list[Mark]:
    """The marks to go by, in order of words: the most that agree with each other (words and times both rising), and
    of the others those that are cues with a start and an end of their own. All else is dropped."""
    tidy: list[Mark] = []
    for mark in marks:
        # Two marks on one word: the later one is where the word really starts.
        if tidy and tidy[-1].word == mark.word:
            tidy[-1] = mark
        else:
            tidy.append(mark)
    if all(a.start_s <= b.start_s for a, b in pairwise(tidy)):
        return [_bounded(mark, tidy[n] if n < len(tidy) else None) for n, mark in enumerate(tidy, 1)]
    rising = _longest_rising(tidy)
    after = {mark.word: following for mark, following in zip_longest(rising, rising[1:])}
    kept = [mark for mark in tidy if mark.word in after or _stands_alone(mark)]
    return [_bounded(mark, after.get(mark.word)) for mark in kept]


def _stands_alone(mark: Mark) -> bool:
    return mark.end_s is not None and mark.end_s > mark.start_s


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
