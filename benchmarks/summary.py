"""Chapter summaries of the longest real episode, cold, beside sumy on the same chapters.

Run by itself: ``python -m benchmarks.summary``.
"""

from __future__ import annotations

import importlib
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.table import Row, print_table, shared
from bot.domain import Chapter, Line
from bot.rules.lines import transcript_of
from bot.rules.words import tokens

CHAPTERS, KEEP, RUNS, TARGET_S = 12, 3, 5, 1.5
#: sumy has to be asked for the sentences of a chapter one call at a time; its LexRank is quadratic in them.
PEER_RUNS = 3
#: A whole fresh interpreter that makes the summaries once: what "cold" means to a person who waits.
_COLD = "import sys; from benchmarks.summary import cold; cold(sys.argv[1])"


def rows() -> list[Row]:
    """The figures; one row that says so when the large inputs are not there."""
    folder = shared()
    if folder is None:
        return [Row("chapter summaries, longest episode", f"≤ {TARGET_S} s", "no inputs: set PULLQUOTE_SHARED")]
    page = _longest(folder / "corpus" / "changelog")
    lines = _lines(page)
    chapters = _even(lines)
    cold_s = statistics.median(_cold_s(page) for _ in range(RUNS))
    warm_s = statistics.median(_timed(lambda: _ours(chapters, lines)) for _ in range(RUNS))
    lexrank, textrank = _peers(chapters, lines)
    what = f"chapter summaries, {page.stem}: {len(lines)} lines, {CHAPTERS} chapters"
    cold_ok = cold_s <= TARGET_S
    return [
        Row(f"{what}, first in a process", f"≤ {TARGET_S} s", f"{cold_s:.2f} s", f"sumy LexRank {lexrank}", cold_ok),
        Row(f"{what}, again", "", f"{warm_s:.2f} s", f"sumy TextRank {textrank}"),
    ]


def cold(page: str) -> None:
    """What the fresh interpreter runs: prints the seconds from before the rules are imported to the last summary."""
    lines = _lines(Path(page))
    chapters = _even(lines)
    begun = time.perf_counter()
    _ours(chapters, lines)
    print(time.perf_counter() - begun)


def _cold_s(page: Path) -> float:
    root = Path(__file__).resolve().parents[1]
    ran = subprocess.run([sys.executable, "-c", _COLD, str(page)], capture_output=True, text=True, check=True, cwd=root)
    return float(ran.stdout)


def _ours(chapters: Sequence[Chapter], lines: Sequence[Line]) -> None:
    from bot.rules.summary import summarise

    summarise(chapters, lines, keep=KEEP)


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _longest(corpus: Path) -> Path:
    """The page with the most bytes; by lines it is the longest too."""
    return max(corpus.glob("*/*.md"), key=lambda page: (page.stat().st_size, page.name))


def _lines(page: Path) -> Sequence[Line]:
    from bot.formats import parse

    return transcript_of(parse(page.read_bytes(), page.name).turns).lines


def _even(lines: Sequence[Line]) -> list[Chapter]:
    """Even chapters over the time that the lines have."""
    end = max((line.start_s or 0.0 for line in lines), default=0.0) + 1.0
    starts = [end * n / CHAPTERS for n in range(CHAPTERS)]
    return [Chapter(n + 1, start, start + end / CHAPTERS, f"Part {n + 1}") for n, start in enumerate(starts)]


# --- the peer ----------------------------------------------------------------------------------------------------


class _Words:
    """sumy's own tokenizer wants a download; this object has the one method that ranking needs."""

    def to_words(self, text: str) -> tuple[str, ...]:
        return tuple(tokens(text))


def _peers(chapters: Sequence[Chapter], lines: Sequence[Line]) -> tuple[str, str]:
    """Median seconds of LexRank and TextRank, import not counted; the reason when sumy is not installed."""
    try:
        summarizers = [_sumy(f"summarizers.{name}_rank", f"{name.title()}RankSummarizer")() for name in ("lex", "text")]
    except ImportError:
        return "not installed (extra: bench)", "not installed (extra: bench)"
    documents = [_document([line for line in lines if _inside(line, chapter)]) for chapter in chapters]
    lexrank, textrank = (
        statistics.median(_ranked_s(each, documents) for _ in range(PEER_RUNS)) for each in summarizers
    )
    return f"{lexrank:.2f} s", f"{textrank:.2f} s"


def _sumy(module: str, name: str) -> Any:
    """sumy has no types; nothing else here sees it."""
    return getattr(importlib.import_module(f"sumy.{module}"), name)


def _inside(line: Line, chapter: Chapter) -> bool:
    return line.start_s is not None and chapter.start_s <= line.start_s < (chapter.end_s or float("inf"))


def _document(lines: Sequence[Line]) -> Any:
    words, sentence = _Words(), _sumy("models.dom", "Sentence")
    paragraph = _sumy("models.dom", "Paragraph")([sentence(line.text, words) for line in lines])
    return _sumy("models.dom", "ObjectDocumentModel")([paragraph])


def _ranked_s(summarizer: Any, documents: Sequence[Any]) -> float:
    return _timed(lambda: [summarizer(document, KEEP) for document in documents])


if __name__ == "__main__":
    print_table(rows())
