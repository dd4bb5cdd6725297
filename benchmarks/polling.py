"""Ten thousand feeds polled: where nothing changed, and where all did, with lemon24/reader on 500 of them beside it.

The host is a process of its own on loopback, so that both cores are at work; 500 host names lead there by a resolver of
the benchmark's. ``PULLQUOTE_BENCH_FEEDS`` makes it fewer. Run by itself: ``python -m benchmarks.polling``.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from benchmarks.table import Row, print_table
from benchmarks.workspace import ROOT, fresh, run

FEEDS = int(os.environ.get("PULLQUOTE_BENCH_FEEDS", "10000"))
ITEMS, PEER_FEEDS = 20, 500
SAME_S, SAME_MB, CHANGED_S = 25.0, 150.0, 300.0


def rows() -> list[Row]:
    """The figures; the peak of the unchanged round is that of a process that does nothing else."""
    with feed_host() as port:
        folder = fresh("feeds")
        every = _measured(folder, port, "all")
        same = [_measured(folder, port, "same") for _ in range(3)]
    with feed_host() as port:
        peer = json.loads(_run("benchmarks.reader_peer", str(port), str(PEER_FEEDS), str(fresh("reader") / "r.db")))
    seconds = sorted(one["same"]["seconds"] for one in same)[1]
    peak = max(one["same_mb"] for one in same)
    changed = every["changed"]["seconds"]
    statuses = {**every["same"]["statuses"], **every["changed"]["statuses"]}
    assert statuses == {"unchanged": FEEDS, "ok": FEEDS}, statuses
    return [
        Row(f"{FEEDS:,} feeds, nothing changed (304), median of 3", f"≤ {SAME_S:.0f} s", f"{seconds:.1f} s",
            _peer(peer["same_s"], seconds), seconds <= SAME_S),
        Row("  its peak memory", f"≤ {SAME_MB:.0f} MB", f"{peak:.0f} MB", "", peak <= SAME_MB),
        Row(f"{FEEDS:,} feeds, all changed, {ITEMS} items each", f"≤ {CHANGED_S:.0f} s", f"{changed:.0f} s",
            _peer(peer["new_s"], changed), changed <= CHANGED_S),
        Row(f"{FEEDS:,} feeds, all new (baseline)", "", f"{every['new']['seconds']:.0f} s"),
    ]  # fmt: skip


def _peer(peer_s: float, ours_s: float) -> str:
    """The peer's time for a feed, and ours as a share of it."""
    theirs, ours = peer_s / PEER_FEEDS, ours_s / FEEDS
    return f"reader {theirs * 1000:.1f} ms a feed; ours × {ours / theirs:.2f}"


def _measured(folder: object, port: int, rounds: str) -> Any:
    return json.loads(_run("benchmarks.poll_feeds", str(folder), str(port), str(FEEDS), rounds))


def _run(module: str, *words: str) -> str:
    return run([sys.executable, "-m", module, *words]).printed


@contextmanager
def feed_host() -> Iterator[int]:
    """The feed host, until the block ends."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [sys.executable, "-m", "benchmarks.feed_server", str(port), str(ITEMS)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, text=True) as host:
        assert host.stdout is not None
        host.stdout.readline()
        try:
            yield port
        finally:
            host.terminate()


if __name__ == "__main__":
    print_table(rows())
