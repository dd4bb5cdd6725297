"""Which of a platform's connections this process holds: the words of the setting, read. Nothing is connected here."""

from __future__ import annotations

import re
from dataclasses import dataclass

#: More than any bot has; Discord gives one for 1,000 to 2,500 servers.
MOST = 10_000
_WORDS = re.compile(r"(?:(?P<ids>\d{1,5}(?:,\d{1,5})*)/)?(?P<count>\d{1,5})")


@dataclass(frozen=True, slots=True)
class Shards:
    """``count`` of all processes together, None = as many as the platform advises; ``ids`` are this process's, empty =
    all of them."""

    count: int | None = None
    ids: tuple[int, ...] = ()


def read_shards(words: str) -> Shards:
    """``auto``, ``4`` or ``0,1/4``. Raises ValueError for anything else."""
    bare = words.replace(" ", "")
    if bare == "auto":
        return Shards()
    read = _WORDS.fullmatch(bare)
    if read is None:
        raise ValueError(words)
    count = int(read["count"])
    ids = tuple(sorted({int(one) for one in (read["ids"] or "").split(",") if one}))
    if not 1 <= count <= MOST or any(id >= count for id in ids):
        raise ValueError(words)
    return Shards(count, ids)
