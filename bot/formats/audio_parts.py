"""A file of which only some byte ranges are at hand: reads across them, and says what is missing. No format enters.

Reading is written as if the whole file were there; what is not raises ``Missing``, which asks for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

#: All that is ever asked for of one audio file, the head included.
MOST_BYTES = 4 * 1024 * 1024
#: The least that is asked for at once: a request costs more than the bytes.
PIECE = 64 * 1024


class Missing(Exception):
    """This range (first, last; both included) is needed to go on."""

    def __init__(self, first: int, last: int) -> None:
        super().__init__(f"bytes {first}-{last}")
        self.first, self.last = first, last


class TooFar(Exception):
    """What is wanted lies beyond the end of the file, or beyond what may be asked for."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The byte ranges at hand by their offset. An empty range says that nothing is there any more.

    ``total`` is the size of the whole file in bytes, None when nobody knows.
    """

    ranges: Mapping[int, bytes]
    total: int | None = None

    @property
    def left(self) -> int:
        """How many bytes may still be asked for."""
        return MOST_BYTES - sum(len(part) for part in self.ranges.values())

    @property
    def end(self) -> int | None:
        """Where the file ends, as far as known."""
        ends = [first for first, part in self.ranges.items() if not part]
        return min([*ends, *([self.total] if self.total is not None else [])], default=None)

    def has(self, first: int, size: int) -> bool:
        return len(self.at_hand(first, size)) == size

    def at_hand(self, first: int, size: int) -> bytes:
        """What is there of ``size`` bytes at ``first``, without a gap."""
        pieces: list[bytes] = []
        at, stop = first, first + size
        while at < stop and (piece := self._piece(at, stop)):
            pieces.append(piece)
            at += len(piece)
        return b"".join(pieces)

    def _piece(self, at: int, stop: int) -> bytes:
        found = (part[at - begin : stop - begin] for begin, part in self.ranges.items() if begin <= at)
        return max(found, key=len, default=b"")

    def read(self, first: int, size: int, ahead: int = PIECE) -> bytes:
        """Exactly these bytes. ``ahead``: what may be useful behind ``first`` is asked for along with them.

        Raises Missing for what may be asked for, TooFar for what may not.
        """
        found = self.at_hand(first, size)
        if len(found) == size:
            return found
        end, at = self.end, first + len(found)
        if size < 0 or (end is not None and first + size > end) or size - len(found) > self.left:
            raise TooFar
        last = max(first + size, min(first + max(size, ahead), at + self.left))
        raise Missing(at, (last if end is None else min(last, end)) - 1)
