"""Chapter summaries: which two or three verbatim lines tell best what a chapter is about, and who speaks how much.

Extractive and sparse: nothing is written anew, every answer is a whole line of the transcript. A line is worth the
words that mark its chapter against the rest of the episode, the chapter's title among them; it loses by leaning on
what was said before it, by filler and by talk about the talk itself; lines that repeat each other share a place.
Pure Python and linear in the lines, so that a whole episode takes a fraction of a second (FACTS.md).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from math import inf, isfinite, log, log1p, sqrt

from bot.domain import Chapter, Line
from bot.rules import speech
from bot.rules.wellformed import AD_LEAD, AD_REACH, ad_lines, fillers, may_stand
from bot.rules.words import straighten, tokens

#: A third line must be worth this share of the best, the second that of a chapter which has nothing else to say.
THIRD_WORTH = 0.45
#: How much a line loses for repeating a chosen one: 1 = all of its worth when they are the same.
REPEAT_COST = 0.8
#: Words that a line is best not longer or shorter than.
GOOD_LENGTH = (14, 32)
#: How many lines to each side count as what a line stands in, and what the last line of a chapter loses.
AROUND = 3
LATE_COST = 0.3
#: An open last chapter that runs on longer than the others ends in something else (picks, plugs, small talk): what a
#: line there keeps of its worth, and the least seconds that such a chapter is given.
DRIFTED, LEAST_CHAPTER_S = 0.4, 120.0


@dataclass(frozen=True, slots=True)
class ChapterSummary:
    """A chapter, its key lines in order of time, and each speaker's share of its words (0-1, greatest first)."""

    chapter: Chapter
    lines: tuple[Line, ...]
    speakers: tuple[tuple[str | None, float], ...]


@dataclass(frozen=True, slots=True)
class _Candidate:
    line: Line
    stems: frozenset[str]
    worth: float


def summarise(chapters: Sequence[Chapter], lines: Sequence[Line], *, keep: int = 3) -> list[ChapterSummary]:
    """A summary for each chapter, in the order given: at most ``keep`` whole lines each.

    A chapter without an end goes on to the next start, the last one to the end of the episode. Lines without a time
    are in no chapter. A chapter with nothing worth quoting has no lines; one in which nobody speaks no speakers.
    """
    telling = Telling(chapters, lines)
    return [telling.of(chapter, keep=keep) for chapter in chapters]


class Telling:
    """An episode as its chapters are told from each other. Making it takes about as long as two chapters do."""

    def __init__(self, chapters: Sequence[Chapter], lines: Sequence[Line]) -> None:
        self._lines = [line for line in lines if not line.garbled]
        self._at = {line.n: at for at, line in enumerate(self._lines)}
        self._stems = {line.n: _stems(line.text) for line in self._lines}
        self._spread = Counter(stem for found in self._stems.values() for stem in found)
        self._drift_s = _drift(chapters)
        self._stretches = dict(zip(map(id, chapters), _stretches(chapters, self._lines), strict=True))

    def of(self, chapter: Chapter, *, keep: int = 3) -> ChapterSummary:
        """The summary of one of the chapters that this was made of."""
        stretch = self._stretches[id(chapter)]
        said = [self._stems[line.n] for line in stretch]
        weights = _weights(said, self._spread, len(self._lines))
        ads = self._ads(stretch)
        stand = {line.n for line in stretch if line.n not in ads and may_stand(self._lines, self._at[line.n])}
        candidates = _candidates(stretch, said, weights, stand, _stems(chapter.title))
        candidates = [_drifted(one) if _moment(one.line) > self._drift_s else one for one in candidates]
        return ChapterSummary(chapter, tuple(_choose(candidates, weights, keep)), _shares(stretch))

    def _ads(self, stretch: Sequence[Line]) -> frozenset[int]:
        """The advertising lines of a chapter: of one that began before it, or begins behind it, too."""
        at = [self._at[line.n] for line in stretch]
        first, last = min(at, default=0), max(at, default=-1)
        return ad_lines(self._lines[max(0, first - 2 * AD_REACH) : last + AD_LEAD + 2])


def _drift(chapters: Sequence[Chapter]) -> float:
    """The moment from which an open last chapter is longer than the median of the others; inf without such a one."""
    finite = sorted((one for one in chapters if isfinite(one.start_s)), key=lambda one: one.start_s)
    if len(finite) < 3 or finite[-1].end_s is not None:
        return inf
    lengths = sorted(after.start_s - before.start_s for before, after in pairwise(finite))
    return finite[-1].start_s + max(lengths[len(lengths) // 2], LEAST_CHAPTER_S)


def _drifted(candidate: _Candidate) -> _Candidate:
    return replace(candidate, worth=candidate.worth * DRIFTED)


def recalled(
    chapters: Sequence[Chapter], lines: Sequence[Line], numbers: Sequence[Sequence[int]]
) -> list[ChapterSummary] | None:
    """The summaries whose lines were chosen before (``Line.n`` for each chapter), without choosing again; None when a
    line is no longer among ``lines`` or may no longer be chosen."""
    by_number = {line.n: line for line in lines if line.featured and not line.garbled}
    lines = [line for line in lines if not line.garbled]
    if len(numbers) != len(chapters) or not all(n in by_number for row in numbers for n in row):
        return None
    return [
        ChapterSummary(chapter, tuple(by_number[n] for n in row), _shares(stretch))
        for chapter, row, stretch in zip(chapters, numbers, _stretches(chapters, lines), strict=True)
    ]


def _stretches(chapters: Sequence[Chapter], lines: Sequence[Line]) -> list[list[Line]]:
    """The lines of each chapter by their own times; no line is in two chapters unless both start at once."""
    starts = sorted({chapter.start_s for chapter in chapters if isfinite(chapter.start_s)})
    following = dict(zip(starts, [*starts[1:], inf], strict=False))
    by_start: dict[float, list[Line]] = {start: [] for start in starts}
    at = -1
    for line in sorted((line for line in lines if isfinite(_moment(line))), key=_moment):
        while at + 1 < len(starts) and starts[at + 1] <= _moment(line):
            at += 1
        if at >= 0:
            by_start[starts[at]].append(line)
    ends = [inf if chapter.end_s is None else chapter.end_s for chapter in chapters]
    return [
        [line for line in by_start.get(one.start_s, ()) if _moment(line) < min(end, following[one.start_s])]
        for one, end in zip(chapters, ends, strict=True)
    ]


def _moment(line: Line) -> float:
    return -inf if line.start_s is None else line.start_s


def _shares(stretch: Iterable[Line]) -> tuple[tuple[str | None, float], ...]:
    words: Counter[str | None] = Counter()
    for line in stretch:
        words[line.speaker] += line.words
    total = sum(words.values())
    return tuple((speaker, count / total) for speaker, count in words.most_common() if total)


# --- what a line says -----------------------------------------------------------------------------------------


def _stems(text: str) -> frozenset[str]:
    """The words that carry meaning, without their endings."""
    return frozenset(
        _stem(word) for word in tokens(text) if word not in speech.COMMON_WORDS and (len(word) > 1 or word.isdigit())
    )


@lru_cache(16_384)
def _stem(word: str) -> str:
    """A light English stem: plural and the commonest verb endings, so that "startups" meets "startup"."""
    word = word.removesuffix("'s")
    for ending, least in (("ing", 6), ("ies", 5), ("ed", 5), ("es", 5), ("s", 4)):
        if word.endswith(ending) and len(word) >= least and not word.endswith("ss"):
            bare = word[: -len(ending)] + ("y" if ending == "ies" else "")
            return bare[:-1] if ending in ("ing", "ed") and bare[-1:] == bare[-2:-1] else bare.removesuffix("e")
    return word.removesuffix("e") if len(word) > 4 else word


def _weights(stretch: Sequence[frozenset[str]], spread: Counter[str], total: int) -> dict[str, float]:
    """What each stem is worth in a chapter: more the more of its lines have it, and the less the rest of the
    episode does. Stems that stand once say too little to be a chapter's matter."""
    inside = Counter(stem for found in stretch for stem in found)
    share = max(1, len(stretch)) / max(1, total)
    weights: dict[str, float] = {}
    for stem, count in inside.items():
        expected = spread[stem] * share
        keenness = log1p(max(0.0, count / expected - 1.0)) if expected else 0.0
        rarity = log(1 + total / spread[stem])
        weights[stem] = (log1p(count - 1) * (0.35 + keenness) + 0.15) * rarity
    return weights


def _candidates(
    stretch: Sequence[Line],
    said: Sequence[frozenset[str]],
    weights: dict[str, float],
    stand: set[int],
    title: frozenset[str],
) -> list[_Candidate]:
    """The lines that may be chosen, with what they are worth: the chapter's matter in the line and around it, its
    title's words, how well it is said, and a little for being early, before the talk drifts."""
    matter = [sum(weights[stem] for stem in stems) / sqrt(3 + len(stems)) for stems in said]
    found = []
    for at, (line, stems) in enumerate(zip(stretch, said, strict=True)):
        if line.n not in stand or not stems:
            continue
        around = matter[max(0, at - AROUND) : at + AROUND + 1]
        named = sum(log1p(weights[stem]) for stem in stems & title)
        worth = 0.75 * matter[at] + 0.25 * sum(around) / len(around) + 1.5 * named
        found.append(_Candidate(line, stems, worth * reads_alone(line) * (1 - LATE_COST * at / len(stretch))))
    return found


def reads_alone(line: Line) -> float:
    """How well a line reads alone: 1 is a plain statement of good length, each habit of speech takes its part."""
    text = straighten(line.text)
    words = text.count(" ") + 1
    form = 1.0
    short, long = GOOD_LENGTH
    if words < short:
        form *= 0.2 + 0.8 * words / short
    elif words > long:
        form *= max(0.6, 1 - (words - long) / 40)
    form *= 0.45 if speech.POINTS_BACK.match(text) else 0.7 if speech.SOFT_START.match(text) else 1.0
    form *= 0.35 if speech.ABOUT_TALK.search(text) else 1.0
    form *= 0.55 if speech.TAG_QUESTION.search(text) else 0.3 if text.endswith("?") else 1.0
    form *= 1.2 if speech.CLAIMS.search(text) else 1.0
    form *= 0.3 if speech.SOUND_MARK.search(text) else 1.0
    form *= 0.75 if speech.ENDS_AWAY.search(text) else 1.0
    form *= 0.6 if speech.CONDITION.match(text) else 1.0
    form *= 0.75 if speech.ANECDOTE.match(text) else 1.0
    form *= min(1.0, 0.4 + 2.0 * len(_stems(text)) / words)
    return form * max(0.2, 1 - 4.0 * fillers(text) / words)


# --- choosing ----------------------------------------------------------------------------------------------------


def _choose(candidates: Sequence[_Candidate], weights: dict[str, float], keep: int) -> list[Line]:
    """The best lines that do not repeat each other (MMR), in order of time."""
    best = max((candidate.worth for candidate in candidates), default=0.0)
    left = {at: candidate.worth for at, candidate in enumerate(candidates)}
    chosen: list[_Candidate] = []
    while left and len(chosen) < keep:
        at = max(left, key=left.__getitem__)
        if len(chosen) >= 2 and left[at] < THIRD_WORTH * best:
            break
        del left[at]
        chosen.append(candidates[at])
        for other in left:
            one = candidates[other]
            left[other] -= REPEAT_COST * one.worth * _likeness(one.stems, candidates[at].stems, weights)
    return sorted((one.line for one in chosen), key=lambda line: (_moment(line), line.n))


def _likeness(one: frozenset[str], other: frozenset[str], weights: dict[str, float]) -> float:
    """The weighed share of stems that two lines have in common, 0-1."""
    shared = sum(weights[stem] for stem in one & other)
    smaller = min(sum(weights[stem] for stem in stems) for stems in (one, other))
    return shared / smaller if smaller > 0 else 0.0
