"""Evaluation: how often the right line is found, per kind of query, and how fast. Measures; decides nothing."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean
from typing import TYPE_CHECKING

from bot.domain import Hit, Viewer
from bot.errors import UsageError

if TYPE_CHECKING:
    from bot.services.quotes import Quotes

#: (``show/key``, paragraph index) -> the paragraph's source text; None when it is not at hand.
Paragraphs = Callable[[str, int], str | None]

_WORD = re.compile(r"[a-z0-9']+")
#: A name with nothing but time marks behind it (``**Break:** \\[14:37\\]``) is no paragraph to the developer set.
_NAME_ALONE = re.compile(r"\*\*[^*\n]+:\*\*\s*(?:\\?\[[\\\d:.]+\\?\]\s*)*")
_DEPTH = 10


@dataclass(frozen=True, slots=True)
class Moment:
    """One known moment: where it is, what was said, and queries for it by kind."""

    episode: str
    right: tuple[str, ...]
    queries: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class KindResult:
    """Shares 0–1 of queries whose right hit is first, in three, in ten; mean reciprocal rank; milliseconds."""

    n: int
    r1: float
    r3: float
    r10: float
    mrr: float
    p50_ms: float
    p99_ms: float


@dataclass(slots=True)
class _Tally:
    ranks: list[int] = field(default_factory=list)
    took_ms: list[float] = field(default_factory=list)

    def result(self) -> KindResult:
        ranks, took = self.ranks, sorted(self.took_ms)
        r1, r3, r10 = (fmean(0 < rank <= depth for rank in ranks) for depth in (1, 3, _DEPTH))
        mrr = fmean(1 / rank if rank else 0.0 for rank in ranks)
        return KindResult(len(ranks), r1, r3, r10, mrr, _quantile(took, 0.5), _quantile(took, 0.99))


def _verbatim_only(episode: str, place: int) -> None:
    """No source at hand."""


async def evaluate(
    quotes: Quotes,
    viewer: Viewer,
    data: bytes,
    *,
    paragraphs: Paragraphs = _verbatim_only,
    show: str | None = None,
) -> dict[str, KindResult]:
    """Ask every query of a JSON Lines file (``ep``, ``i``, ``also``, ``verbatim``, ``queries``) and rate the hits.

    ``paragraphs`` gives the source's paragraphs; where it does not know one, ``verbatim`` stands for it.
    Raises UsageError when the file is not of that form.
    """
    tallies: dict[str, _Tally] = {}
    for moment in moments(data, paragraphs):
        for kind, query in moment.queries.items():
            tally = tallies.setdefault(kind, _Tally())
            hits, took_ms = await _ask(quotes, viewer, query, show)
            tally.took_ms.append(took_ms)
            tally.ranks.append(rank_of_right(hits, moment))
    return {kind: tally.result() for kind, tally in tallies.items()}


def moments(data: bytes, paragraphs: Paragraphs) -> Iterator[Moment]:
    """The moments of a file. Raises UsageError naming the line that cannot be read."""
    for number, row in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
        if not row.strip():
            continue
        try:
            body = json.loads(row)
            queries = {str(kind): str(query) for kind, query in body["queries"].items()}
            places = [int(place) for place in (body["i"], *body.get("also", ()))]
            episode, verbatim = str(body["ep"]), str(body["verbatim"])
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise UsageError(f"line {number} of the evaluation file cannot be read: {error}") from error
        right = [text for place in places if (text := paragraphs(episode, place)) is not None]
        yield Moment(episode, tuple(right) or (verbatim,), queries)


def source_paragraphs(markdown: str) -> list[str]:
    """The paragraphs of a transcript in markdown, as evaluation files count them."""
    blocks = (block.strip() for block in re.split(r"\n\s*\n", markdown))
    return [block for block in blocks if block and not block.startswith("#") and not _NAME_ALONE.fullmatch(block)]


def rank_of_right(hits: Sequence[Hit], moment: Moment) -> int:
    """The place (from 1) of the first right hit; 0 when there is none among the first ten."""
    return next((rank for rank, hit in enumerate(hits[:_DEPTH], 1) if is_right(hit, moment)), 0)


def is_right(hit: Hit, moment: Moment) -> bool:
    """The episode, or one in ``also``, is the moment's, and at least half of the hit's word trigrams are in it."""
    key = moment.episode.rpartition("/")[2]
    episodes = {hit.episode.key, *(one.episode.key for one in hit.also)}
    asked = trigrams(hit.text)
    if key not in episodes or not asked:
        return False
    there = [trigrams(text) for text in moment.right]
    standing = sum(any(three in text for text in there) for three in asked)
    return standing * 2 >= len(asked)


def trigrams(text: str) -> set[tuple[str, ...]]:
    """Runs of three words (lower case; letters, digits and apostrophes)."""
    words = _WORD.findall(text.lower().replace("’", "'"))
    return set(zip(words, words[1:], words[2:], strict=False))


async def _ask(quotes: Quotes, viewer: Viewer, query: str, show: str | None) -> tuple[Sequence[Hit], float]:
    from bot.services.quotes import Ask

    start = time.perf_counter()
    found = await quotes.find(viewer, Ask(query, show=show, limit=_DEPTH))
    return found.hits, (time.perf_counter() - start) * 1000


def _quantile(ordered: Sequence[float], share: float) -> float:
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 2)
