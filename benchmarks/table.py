"""One table for all figures: what was measured, its target, the result, and a peer measured in the same run."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. ``ok`` is None where there is no target to meet, or where the inputs are missing."""

    what: str
    target: str
    result: str
    peer: str = ""
    ok: bool | None = None


def print_table(rows: Sequence[Row]) -> None:
    """Plain columns, as wide as their widest cell; a missed target is marked."""
    head = ("figure", "target", "result", "peer in the same run", "")
    body = [(row.what, row.target, row.result, row.peer, _MARKS[row.ok]) for row in rows]
    widths = [max(len(cells[n]) for cells in (head, *body)) for n in range(len(head))]
    for cells in (head, tuple("-" * width for width in widths), *body):
        print("  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip())


_MARKS = {True: "met", False: "MISSED", None: ""}


def shared() -> Path | None:
    """The folder of large inputs (``PULLQUOTE_SHARED``, default ``../shared``); None when it is not there."""
    default = Path(__file__).resolve().parents[2] / "shared"
    folder = Path(os.environ.get("PULLQUOTE_SHARED", default))
    return folder if (folder / "seed").is_dir() else None
