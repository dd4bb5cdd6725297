"""All figures of taking feeds, transcripts and chapters in, in one table: ``python -m benchmarks.ingest``."""

from __future__ import annotations

from benchmarks import cues, feeds, hostile, polling
from benchmarks.table import Row, print_table


def rows() -> list[Row]:
    """Parsing, polling, cues, and everything hostile; the mutation loop is ``benchmarks.fuzz``."""
    return [*feeds.rows(), *polling.rows(), *cues.rows(), *hostile.rows()]


if __name__ == "__main__":
    print_table(rows())
