"""How often search over the whole corpus finds the right line, and how fast, beside plain Tantivy over paragraphs.

Run by itself: ``python -m benchmarks.search``.
"""

from __future__ import annotations

import json
import re
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.table import Row, print_table, shared
from benchmarks.workspace import corpus_data, prototype_whole, pullquote

if TYPE_CHECKING:
    import tantivy

    from bot.services.evaluation import Moment

DEPTH = 10
#: R@1 and R@10 of plain Tantivy as measured before the design (docs/design.md): what re-ranking has to beat.
REFERENCE = {"misremembered": (0.88, 0.97), "fragment": (0.38, 0.74), "typo": (0.52, 0.74)}


@dataclass(frozen=True, slots=True)
class Rated:
    """Shares 0–1, mean reciprocal rank, milliseconds."""

    n: int
    r1: float
    r3: float
    r10: float
    mrr: float
    p50_ms: float
    p99_ms: float

    def found(self) -> str:
        return " / ".join(f"{share:.2f}" for share in (self.r1, self.r3, self.r10, self.mrr))

    def took(self) -> str:
        return f"{self.p50_ms:.0f} / {self.p99_ms:.0f} ms"


def rows() -> list[Row]:
    """The figures of every kind of query; one row that says so when the large inputs are not there."""
    folder = shared()
    if folder is None:
        return [Row("search", "", "no inputs: set PULLQUOTE_SHARED")]
    file = folder / "bench" / "quotes_dev.jsonl"
    printed = pullquote("eval", str(file), "--json", data=corpus_data(folder)).printed
    ours = {kind: Rated(**figures) for kind, figures in json.loads(printed).items()}
    plain = _plain(folder, file)
    return [row for kind, rated in ours.items() for row in _kind_rows(kind, rated, plain[kind])]


def _kind_rows(kind: str, ours: Rated, plain: Rated) -> list[Row]:
    head = f"search, {kind} ({ours.n} queries, whole corpus)"
    target, ok = "", None
    if kind in REFERENCE:
        r1, r10 = REFERENCE[kind]
        target, ok = f"> {r1:.2f} / – / {r10:.2f} / –", ours.r1 > r1 and ours.r10 > r10
    return [
        Row(f"{head}: R@1 / R@3 / R@10 / MRR", target, ours.found(), f"plain Tantivy {plain.found()}", ok),
        Row(f"{head}: p50 / p99", "", ours.took(), f"plain Tantivy {plain.took()}"),
    ]


# --- the peer: the prototype's index, the words OR-ed, bm25 ------------------------------------------------------


def _plain(folder: Path, file: Path) -> dict[str, Rated]:
    import tantivy

    index = tantivy.Index.open(str(prototype_whole(folder).folder / "index"))
    ranks: dict[str, list[int]] = {}
    took_ms: dict[str, list[float]] = {}
    for moment in _moments(folder, file):
        for kind, query in moment.queries.items():
            begun = time.perf_counter()
            found = _asked(index, query)
            took_ms.setdefault(kind, []).append((time.perf_counter() - begun) * 1000)
            ranks.setdefault(kind, []).append(_rank(found, moment))
    return {kind: _rated(ranks[kind], sorted(took_ms[kind])) for kind in ranks}


def _moments(folder: Path, file: Path) -> Iterator[Moment]:
    from bot.services.evaluation import moments, source_paragraphs

    @lru_cache(maxsize=64)
    def paragraphs_of(episode: str) -> list[str]:
        return source_paragraphs((folder / "corpus" / "changelog" / f"{episode}.md").read_text("utf-8"))

    return moments(file.read_bytes(), lambda episode, place: paragraphs_of(episode)[place])


def _asked(index: tantivy.Index, query: str) -> list[tuple[str, str]]:
    """Keys and texts of the first ten paragraphs."""
    words = " ".join(re.findall(r"[a-z0-9]+", query.lower()))
    searcher = index.searcher()
    hits = searcher.search(index.parse_query(words, ["text"]), DEPTH, count=False).hits
    docs = (searcher.doc(address) for _, address in hits)
    return [(str(doc.get_first("key")), str(doc.get_first("text"))) for doc in docs]


def _rank(found: list[tuple[str, str]], moment: Moment) -> int:
    """The place (from 1) of the first right paragraph, 0 when there is none; right as ``eval`` has it."""
    from bot.services.evaluation import trigrams

    key = moment.episode.rpartition("/")[2]
    right = [trigrams(text) for text in moment.right]
    for rank, (episode, text) in enumerate(found, 1):
        asked = trigrams(text)
        standing = sum(any(three in there for there in right) for three in asked)
        if episode == key and asked and standing * 2 >= len(asked):
            return rank
    return 0


def _rated(ranks: list[int], took_ms: list[float]) -> Rated:
    r1, r3, r10 = (statistics.fmean(0 < rank <= depth for rank in ranks) for depth in (1, 3, DEPTH))
    mrr = statistics.fmean(1 / rank if rank else 0.0 for rank in ranks)
    p50, p99 = (took_ms[min(len(took_ms) - 1, int(len(took_ms) * share))] for share in (0.5, 0.99))
    return Rated(len(ranks), r1, r3, r10, mrr, p50, p99)


if __name__ == "__main__":
    print_table(rows())
