"""Ranking: which candidates are aligned, how hits are ordered, how sure they are, which are one and the same.

Pure decisions on plain data. The thresholds were tuned on the even-numbered queries of the developer set and on
invented sentences; docs/design.md has the figures for both halves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from bot.domain import Candidate, Confidence, EpisodeId, Line
from bot.rules.alignment import Aligned
from bot.rules.pieces import fold

#: Candidates that are read and aligned.
KEEP = 60
#: Only so many characters of a query are compared in the first look.
_FIRST_LOOK = 200
#: Candidates × characters: the longer a query, the surer the index's own order.
_FIRST_LOOK_COST = 32_000
_ALIKE = 0.6
_ALIGNED = 0.7

#: Alignment scores from which a hit is called close, and from which it fits at all.
CLOSE = 0.62
FITS = 0.55
#: What a word asked for alone must reach.
ALONE = 0.84
#: Texts this alike (0–100) are the same passage elsewhere.
SAME = 90.0


@dataclass(frozen=True, slots=True)
class Ranked:
    """A span of visible lines that answers a query, with its score 0–1."""

    episode: EpisodeId
    lines: tuple[Line, ...]
    text: str
    aligned: Aligned
    score: float

    def overlaps(self, other: Ranked) -> bool:
        same = self.episode == other.episode
        return same and self.lines[0].n <= other.lines[-1].n and other.lines[0].n <= self.lines[-1].n


@dataclass(frozen=True, slots=True)
class Group:
    """One hit, and the same passage elsewhere."""

    best: Ranked
    also: tuple[Ranked, ...]


def shortlist(words: str, candidates: Sequence[Candidate], keep: int = KEEP) -> list[tuple[Candidate, float]]:
    """The best candidates with their first scores 0–1: how alike the letters are, and what the index thinks."""
    if not candidates:
        return []
    asked = fold(words)[:_FIRST_LOOK]
    looked = candidates[: max(keep, _FIRST_LOOK_COST // max(1, len(asked)))]
    greatest = max(one.score for one in looked) or 1.0
    best: list[tuple[float, int]] = []
    for start in range(0, len(looked), keep):
        some = looked[start : start + keep]
        # Below this likeness even the one of these that the index likes best comes after all that are kept so far.
        least = (best[-1][0] - (1 - _ALIKE) * max(one.score for one in some) / greatest) / _ALIKE if best else 0.0
        if least > 1:
            continue
        alike = process.extract_iter(
            asked, [one.text for one in some], scorer=fuzz.partial_ratio, score_cutoff=max(0.0, least * 100 - 0.001)
        )
        best += [
            (_ALIKE * ratio / 100 + (1 - _ALIKE) * some[at].score / greatest, start + at) for _, ratio, at in alike
        ]
        best = sorted(best, reverse=True)[:keep]
    return [(candidates[at], score) for score, at in best]


def final_score(aligned: Aligned, first_look: float) -> float:
    return _ALIGNED * aligned.score + (1 - _ALIGNED) * first_look


def confidence(aligned: Aligned) -> Confidence:
    """``exact``: the asked words stand there as asked; ``close``: most do; ``unsure``: some do."""
    if aligned.literal:
        return "exact"
    return "close" if aligned.fit >= CLOSE else "unsure"


def fits(aligned: Aligned) -> bool:
    """Whether a hit may be shown as an answer; below it is only the closest line."""
    if len(aligned.marks) == 1:
        # Alone, a word one letter away ("house", "horse") is another word; only a slip in a long one is meant.
        return aligned.literal or aligned.fit >= ALONE
    return aligned.literal or aligned.fit >= FITS


def distinct(found: Sequence[Ranked]) -> list[Ranked]:
    """Best first; of spans that overlap, the best."""
    kept: list[Ranked] = []
    for one in sorted(found, key=lambda ranked: (-ranked.score, ranked.episode, ranked.lines[0].n)):
        if not any(one.overlaps(other) for other in kept):
            kept.append(one)
    return kept


def grouped(found: Sequence[Ranked], limit: int) -> list[Group]:
    """The first ``limit`` hits; near-identical texts behind a better one are its ``also``."""
    kept: list[tuple[Ranked, list[Ranked]]] = []
    said: list[str] = []
    for one in found:
        text = fold(one.text)
        home = process.extractOne(text, said, scorer=fuzz.ratio, score_cutoff=SAME)
        if home is not None:
            kept[next(at for at, other in enumerate(said) if _same(other, text))][1].append(one)
        elif len(kept) < limit:
            kept.append((one, []))
            said.append(text)
    return [Group(best, tuple(also)) for best, also in kept]


def _same(left: str, right: str) -> bool:
    return fuzz.ratio(left, right, score_cutoff=SAME) > 0
