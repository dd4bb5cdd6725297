"""Named SQL, read once from ``storage/sql``: ``-- name: foo`` opens a query, the comment below says what for."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).with_name("sql")
_NAME = re.compile(r"^-- name: (\w+)\n((?:-- .*\n)+)", re.MULTILINE)


@cache
def queries() -> dict[str, str]:
    """Every query by its name. Raises ValueError for a name that stands twice."""
    found: dict[str, str] = {}
    for path in sorted(_FOLDER.glob("*.sql")):
        pieces = _NAME.split(path.read_text(encoding="utf-8"))
        for name, _purpose, body in zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True):
            if name in found:
                raise ValueError(f"two queries are named {name}")
            found[name] = body.strip().rstrip(";")
    return found


def query(name: str) -> str:
    return queries()[name]
