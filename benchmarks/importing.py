"""Importing one show and the whole corpus: wall seconds and peak memory, beside the raw prototype.

Run by itself: ``python -m benchmarks.importing``.
"""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable
from pathlib import Path

from benchmarks.table import Row, print_table, shared
from benchmarks.workspace import Imported, Ran, import_fresh, prototype_fresh, prototype_whole, whole

SHOW, RUNS, TARGET_S = "practicalai", 3, 8.0
WHOLE_TARGET_S, WHOLE_TARGET_MB = 75.0, 400.0


def rows() -> list[Row]:
    """The figures; rows that say so when the large inputs are not there."""
    folder = shared()
    if folder is None:
        return [Row("import", f"≤ {TARGET_S:g} s", "no inputs: set PULLQUOTE_SHARED")]
    return [*_whole_rows(folder), _show_row(folder / "corpus" / "changelog" / SHOW)]


def _show_row(source: Path) -> Row:
    ours = _median_s(import_fresh, source)
    peer = _median_s(prototype_fresh, source)
    what = f"import {SHOW}, median of {RUNS} in fresh folders"
    return Row(what, f"≤ {TARGET_S:g} s", f"{ours:.1f} s", f"raw prototype {peer:.1f} s", ours <= TARGET_S)


def _median_s(work: Callable[[Path], Imported], source: Path) -> float:
    return statistics.median(work(source).ran.seconds for _ in range(RUNS))


def _whole_rows(folder: Path) -> list[Row]:
    ours, peer = whole(folder).ran, prototype_whole(folder).ran
    what = f"import the whole corpus, {_told(ours)}"
    seconds = f"raw prototype {peer.seconds:.1f} s"
    memory = f"raw prototype {peer.peak_mb:.0f} MB"
    in_time, in_memory = ours.seconds <= WHOLE_TARGET_S, ours.peak_mb <= WHOLE_TARGET_MB
    return [
        Row(f"{what}: time, one run", f"≤ {WHOLE_TARGET_S:g} s", f"{ours.seconds:.1f} s", seconds, in_time),
        Row(f"{what}: peak memory", f"≤ {WHOLE_TARGET_MB:g} MB", f"{ours.peak_mb:.0f} MB", memory, in_memory),
    ]


def _told(ran: Ran) -> str:
    """How much landed, so that a fast import of little cannot pass for a fast import."""
    report = json.loads(ran.printed)
    episodes = report["episodes"]
    lines = sum(one["lines"] for one in episodes)
    indexed = "indexed" if report["indexed"] else "NOT indexed"
    return f"{len(episodes):,} episodes, {lines:,} lines, {len(report['problems'])} problems, {indexed}"


if __name__ == "__main__":
    print_table(rows())
