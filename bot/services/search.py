"""One search between index and storage: what to read, and how what was read is ranked. No I/O of its own; runs in a
thread, because the index and the alignment take milliseconds of CPU."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from bot.domain import Candidate, Line
from bot.ports import IndexQuery, LineRange, QuoteIndex
from bot.rules.alignment import Alignment, Text
from bot.rules.passages import runs
from bot.rules.ranking import Group, Ranked, confidence, distinct, final_score, fits, grouped, shortlist
from bot.rules.spans import span, words_of

#: How many lines on each side of a passage are read too: a quote may run over its border.
NEIGHBOURS = 1
#: So many passages are read and aligned at first where no more than so many answers are asked for: what aligning all of
#: them would put first is among the first four of the shortlist for 265 of the 267 developer queries.
QUICK, QUICK_ANSWERS = 20, 2
#: Fixed lines have no score of the index; they are looked at as if they had this share of the best one's.
_FIXED = 0.5


@dataclass(frozen=True, slots=True)
class Prepared:
    """The query as it is aligned, and the passages worth reading, with their first scores."""

    alignment: Alignment
    short: tuple[tuple[Candidate, float], ...]

    @classmethod
    def of(cls, index: QuoteIndex, query: IndexQuery) -> Prepared:
        short = tuple(shortlist(query.words, index.candidates(query)))
        return cls(Alignment(query.words, index.rarity), short)

    @property
    def asked(self) -> bool:
        return bool(self.alignment.asked)

    def steps(self, limit: int) -> list[Prepared]:
        """What to look at until something is found that fits closely, the last of it being all."""
        if limit > QUICK_ANSWERS or len(self.short) <= QUICK:
            return [self]
        return [replace(self, short=self.short[:QUICK]), self]

    def ranges(self) -> list[LineRange]:
        return [
            LineRange(one.episode, max(0, one.first_line - NEIGHBOURS), one.last_line + NEIGHBOURS)
            for one, _ in self.short
        ]

    def rank(
        self,
        ranges: Sequence[LineRange],
        lines: Sequence[Sequence[Line]],
        fixed: Sequence[tuple[LineRange, Sequence[Line]]],
        names: frozenset[str] | None,
        limit: int,
    ) -> tuple[list[Group], bool]:
        """The hits, and whether the first one fits. ``names`` are the speakers that count, None = all."""
        read = [(where, seen, first) for where, seen, (_, first) in zip(ranges, lines, self.short, strict=True)]
        best = self.short[0][1] if self.short else 1.0
        read += [(where, seen, best * _FIXED) for where, seen in fixed]
        stretches = [
            (where, stretch, first) for where, seen, first in read for stretch in _stretches(where, seen, names)
        ]
        texts = [Text.of(*words_of(stretch)) for _, stretch, _ in stretches]
        self.alignment.learn(texts)
        ordered = distinct(list(self._ranked(stretches, texts)))
        return grouped(ordered, limit), bool(ordered) and fits(ordered[0].aligned)

    def _ranked(
        self, stretches: Iterable[tuple[LineRange, Sequence[Line], float]], texts: Iterable[Text]
    ) -> Iterator[Ranked]:
        for (where, stretch, first), text in zip(stretches, texts, strict=True):
            aligned = self.alignment.align(text)
            if aligned is not None:
                shown = span(stretch, aligned.first, aligned.last)
                yield Ranked(where.episode, shown.lines, shown.text, aligned, final_score(aligned, first))


def enough(groups: Sequence[Group], limit: int) -> bool:
    """Whether these are as many as are asked for, and the first is more than unsure."""
    return len(groups) >= limit and confidence(groups[0].best.aligned) != "unsure"


def _stretches(where: LineRange, lines: Sequence[Line], names: frozenset[str] | None) -> Iterator[Sequence[Line]]:
    """Visible neighbouring lines of one speaker, as they are after the overlays, without mere neighbours."""
    first, last = (where.first + NEIGHBOURS if where.first else 0), where.last - NEIGHBOURS
    for start, end in runs(lines):
        asked = lines[start].n <= last and lines[end - 1].n >= first
        if asked and (names is None or lines[start].speaker in names):
            yield lines[start:end]
