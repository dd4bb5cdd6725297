"""How long a person at a shell waits, start-up included, with the whole corpus imported.

Run by itself: ``python -m benchmarks.startup``.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from benchmarks.table import Row, print_table, shared
from benchmarks.workspace import PULLQUOTE, Ran, corpus_data, fresh, run

RUNS, DO_TARGET_S, HELP_TARGET_S = 7, 0.6, 0.3
#: A fragment, a half remembered line and one with typing errors: the last needs other spellings, so the most work.
QUERIES = (
    "old format and overweight",
    "it was an old overweight slow format but it could load and play anywhere",
    "gifs were old and overwieght but they play in anythign",
)


def rows() -> list[Row]:
    """The figures, with and without compiled modules; without the large inputs only those that need none."""
    folder = shared()
    data = corpus_data(folder) if folder else fresh("empty")
    cached, uncached = _bytecode(fresh("bytecode")), {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPYCACHEPREFIX": ""}
    missing = [Row("pullquote do, whole corpus", f"≤ {DO_TARGET_S} s", "no inputs: set PULLQUOTE_SHARED")]
    return [
        *_rows("", cached, data, QUERIES if folder else ()),
        *_rows(" (no bytecode kept)", uncached, data, QUERIES if folder else ()),
        *([] if folder else missing),
    ]


def _bytecode(folder: Path) -> dict[str, str]:
    """What a person's shell does by default: modules are compiled once. Ours are kept outside the checkout."""
    return {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(folder)}


def _rows(note: str, python: Mapping[str, str], data: Path, queries: Sequence[str]) -> list[Row]:
    settings = {**python, "PULLQUOTE_DATA_DIR": str(data)}
    peer = f"python -c pass {_median_s(lambda: run([sys.executable, '-c', 'pass'], settings)):.2f} s"

    def row(shown: str, target_s: float, *words: str) -> Row:
        seconds = _median_s(lambda: run([*PULLQUOTE, *words], settings))
        what = f"pullquote {shown}, median of {RUNS}{note}"
        return Row(what, f"≤ {target_s} s", f"{seconds:.2f} s", peer, seconds <= target_s)

    asked = [f"/quote {query}" for query in queries]
    return [*(row(f'do "{line}"', DO_TARGET_S, "do", line) for line in asked), row("--help", HELP_TARGET_S, "--help")]


def _median_s(work: Callable[[], Ran]) -> float:
    """After one run that is not counted: the files are in the system's cache, as they are for the second question."""
    work()
    return statistics.median(work().seconds for _ in range(RUNS))


if __name__ == "__main__":
    print_table(rows())
