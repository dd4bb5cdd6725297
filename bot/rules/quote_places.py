"""Where a quote's words stand in a transcript, word for word: every place, so that the caller never guesses. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain import Line
from bot.rules.words import tokens

#: Two moments this close (seconds) are the same one.
NEAR_S = 5.0


@dataclass(frozen=True, slots=True)
class Spot:
    """Neighbouring lines that hold the words, both ends included."""

    first: int
    last: int
    start_s: float | None
    speakers: frozenset[str | None]


def spots(words: str, lines: Sequence[Line]) -> list[Spot]:
    """Every place where the words stand together, in order; lines that are left out break a stretch."""
    asked = tokens(words)
    said = [(word, at) for at, line in enumerate(lines) for word in (tokens(line.text) if not line.garbled else ())]
    found = []
    for start in range(len(said) - len(asked) + 1):
        if asked and all(said[start + n][0] == word for n, word in enumerate(asked)):
            first, last = said[start][1], said[start + len(asked) - 1][1]
            stretch = lines[first : last + 1]
            if stretch[-1].n - stretch[0].n == last - first:
                speakers = frozenset(line.speaker for line in stretch)
                found.append(Spot(stretch[0].n, stretch[-1].n, stretch[0].start_s, speakers))
    return found


def nearest(found: Sequence[Spot], start_s: float | None) -> Spot | None:
    """The one that is meant: the only one, else the only one that begins at this moment. None = it cannot be told."""
    if len({(one.first, one.last) for one in found}) == 1:
        return found[0]
    if start_s is None:
        return None
    near = [one for one in found if one.start_s is not None and abs(one.start_s - start_s) <= NEAR_S]
    return near[0] if len({(one.first, one.last) for one in near}) == 1 else None
