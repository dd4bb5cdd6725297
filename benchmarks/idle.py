"""What the bot costs while nothing happens: a thousand shows with ten subscriptions each, everything running.

The feed host is a process of its own on loopback. Run by itself: ``python -m benchmarks.idle`` (five minutes).
"""

from __future__ import annotations

import json
import sys
from typing import Any

from benchmarks.idle_run import PLACES, SHOWS
from benchmarks.polling import feed_host
from benchmarks.table import Row, print_table
from benchmarks.workspace import fresh, run

SECONDS = 60
SHARE, PEAK_MB = 0.01, 150.0


def rows() -> list[Row]:
    """CPU of one core and peak memory, over a minute each."""
    with feed_host() as port:
        folder = fresh("idle")
        _run(folder, port, "fill")
        due, quiet = (json.loads(_run(folder, port, mode, str(SECONDS))) for mode in ("due", "quiet"))
    scene = f"{SHOWS:,} shows, {SHOWS * PLACES:,} subscriptions"
    return [
        _share(f"idle, {scene}, feeds due as they come", due),
        _share(f"idle, {scene}, no feed due", quiet),
        Row("  peak memory of both", f"≤ {PEAK_MB:.0f} MB", f"{max(due['peak_mb'], quiet['peak_mb']):.0f} MB", "",
            max(due["peak_mb"], quiet["peak_mb"]) <= PEAK_MB),
    ]  # fmt: skip


def _share(what: str, found: Any) -> Row:
    shown = f"{found['share']:.2%} of a core, {found['polls']} polls in {SECONDS} s"
    return Row(what, f"≤ {SHARE:.0%}", shown, "", found["share"] <= SHARE)


def _run(folder: object, port: int, *words: str) -> str:
    return run([sys.executable, "-m", "benchmarks.idle_run", str(folder), str(port), *words]).printed


if __name__ == "__main__":
    print_table(rows())
