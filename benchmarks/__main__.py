"""``python -m benchmarks [NAME…]``: the figures of all benchmarks, or of those named, in one table."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module

from benchmarks.table import Row, print_table, shared

#: In this order: peaks of memory are taken first, while this process is small (see ``workspace.run``).
NAMES = (
    "importing", "ingest", "idle", "startup", "search", "asking", "summary", "fuzz", "alerts", "alerts_faults", "crash",
    "discord",
)  # fmt: skip


def main() -> None:
    """Measure and print. A missed target is marked in the table and is no failure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one or more of {', '.join(NAMES)}; all by default")
    names = parser.parse_args().names or NAMES
    if unknown := sorted(set(names) - set(NAMES)):
        parser.error(f"no benchmark is called {', '.join(unknown)}; there are {', '.join(NAMES)}")
    if shared() is None:
        _note("The large inputs are missing: set PULLQUOTE_SHARED to their folder. Only what needs none is measured.")
    print_table([row for name in NAMES if name in names for row in _rows(name)])


def _rows(name: str) -> list[Row]:
    _note(f"measuring {name} …")
    rows: list[Row] = import_module(f"benchmarks.{name}").rows()
    return rows


def _note(text: str) -> None:
    print(text, file=sys.stderr)


if __name__ == "__main__":
    main()
