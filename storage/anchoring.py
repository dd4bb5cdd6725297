"""Where anchored records stand after a transcript has changed. Plain decisions on lines; no query enters here."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from bot.domain import Anchor, EpisodeId, Line
from bot.rules.anchors import REACH_WORDS, Finder, hash_words


@dataclass(frozen=True)
class Said:
    """Lines in order (a whole transcript, or a stretch of one) as words and moments."""

    lines: Sequence[Line]

    @cached_property
    def words(self) -> list[str]:
        return [word for line in self.lines for word in line.text.split()]

    @cached_property
    def _starts(self) -> list[int]:
        return [line.first_word for line in self.lines]

    def hash(self, first: int, count: int) -> str:
        """The hash of the words with these numbers in the whole transcript."""
        return hash_words(self.text_words(first, count))

    def text_words(self, first: int, count: int) -> list[str]:
        begin = first - (self.lines[0].first_word if self.lines else 0)
        return self.words[max(0, begin) : max(0, begin + count)]

    def lines_at(self, first: int, count: int) -> list[Line]:
        """The lines that share a word with the span."""
        begin = max(0, bisect_right(self._starts, first) - 1)
        end = bisect_right(self._starts, first + count - 1)
        return [line for line in self.lines[begin:end] if line.first_word + line.words > first]

    def word_at(self, start_s: float | None) -> int | None:
        """The first word of the line at a moment; None without times."""
        if start_s is None:
            return None
        timed = [line for line in self.lines if line.start_s is not None]
        at = bisect_right([line.start_s or 0.0 for line in timed], start_s)
        return timed[max(0, at - 1)].first_word if timed else None

    def lines_during(self, start_s: float, end_s: float) -> list[Line]:
        """The lines that are spoken in some part of a stretch of time."""
        return [line for line in self.lines if _overlaps(line, start_s, end_s)]


def _overlaps(line: Line, start_s: float, end_s: float) -> bool:
    if line.start_s is None:
        return False
    end = line.start_s if line.end_s is None else line.end_s
    return line.start_s <= end_s and end >= start_s


@dataclass(frozen=True, slots=True)
class Span:
    """One stretch of the present transcript."""

    first_word: int
    words: int
    first_line: int
    last_line: int
    start_s: float | None


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """What is known of an anchored record's place: now if ``found``, else the last time that it was found."""

    found: bool
    first_word: int
    words: int
    said: str
    start_s: float | None
    end_s: float | None
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Transition:
    """From one transcript of an episode to the next, made once for all its anchored records."""

    old: Said
    now: Said

    @cached_property
    def finder(self) -> Finder:
        return Finder(self.now.words, self.old.words)


def placed(anchor: Anchor, now: Said, *, guarded: bool) -> Whereabouts:
    """A new record's place. ``guarded`` records (withholds) reach what is left of their words even when lost."""
    finder = Finder(now.words)
    found = finder.find(anchor, near=now.word_at(anchor.start_s))
    if found:
        return _found(found, now)
    before = Whereabouts(False, anchor.first_word, anchor.words, anchor.text, anchor.start_s, anchor.start_s)
    return replace(before, spans=_guard(before, now, finder) if guarded else ())


def moved(anchor: Anchor, before: Whereabouts, change: Transition, *, guarded: bool) -> Whereabouts:
    """Where a record's words stand in the new transcript, from where they stood in the old one."""
    finder, now = change.finder, change.now
    near = now.word_at(before.start_s)
    last = _last_anchor(anchor.episode, before)
    found = finder.find(last, near=near) if before.found else None
    found = found or finder.find(anchor, near=near, was_there=False)
    if not found:
        return replace(before, found=False, spans=_guard(before, now, finder) if guarded else ())
    there = _found(found, now)
    if guarded and before.found and _far(found[0], before, finder):
        return replace(there, spans=there.spans + _guard(before, now, finder))
    return there


def _far(word: int, before: Whereabouts, finder: Finder) -> bool:
    """Whether the same words were found where the old place cannot have moved to: the line itself may still be there
    in other words."""
    expected = finder.moved_to(before.first_word)
    return expected is not None and abs(word - expected) > REACH_WORDS


def _last_anchor(episode: EpisodeId, before: Whereabouts) -> Anchor:
    words = before.said.split()
    return Anchor(episode, before.first_word, before.words, hash_words(words), before.said, before.start_s)


def _found(found: tuple[int, int], now: Said) -> Whereabouts:
    first, count = found
    lines = now.lines_at(first, count)
    said = " ".join(now.text_words(first, count))
    start_s, end_s = lines[0].start_s, lines[-1].end_s or lines[-1].start_s
    span = Span(first, count, lines[0].n, lines[-1].n, start_s)
    return Whereabouts(True, first, count, said, start_s, end_s, (span,))


def _guard(before: Whereabouts, now: Said, finder: Finder) -> tuple[Span, ...]:
    """A withhold never fails open: it reaches the lines at its old moment (without times, at its old place), and
    lines near there that still hold a run of its words."""
    reached: list[Line] = []
    if before.start_s is not None and before.end_s is not None:
        reached += now.lines_during(before.start_s, before.end_s)
    if not reached and before.words:
        reached += now.lines_at(before.first_word, before.words)
    near = now.word_at(before.start_s)
    for first, count in finder.remains(before.said.split(), before.first_word if near is None else near):
        reached += now.lines_at(first, count)
    numbers = sorted({line.n: line for line in reached}.items())
    return tuple(Span(line.first_word, line.words, n, n, line.start_s) for n, line in numbers)
