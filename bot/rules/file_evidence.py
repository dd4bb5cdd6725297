"""Pieces of evidence that a file is an episode, what they add up to, how they are told. Values; nothing is decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Numbering:
    """How the files' numbers relate to the feed's: ``shift`` is added to a file's; ``trust``: 0 (unrelated) to 1;
    2 where other evidence bears it out."""

    shift: int = 0
    trust: float = 1.0
    #: The same for dates: 0 when they are those of recording, or of something else.
    days: float = 1.0


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of evidence: what it is, in words, and its weight (below 0: against)."""

    said: str
    weight: float


@dataclass(frozen=True, slots=True)
class Score:
    """All evidence for one pair."""

    parts: tuple[Part, ...]

    @property
    def total(self) -> float:
        return sum(part.weight for part in self.parts)

    def without_number(self) -> float:
        return self.total - sum(part.weight for part in self.parts if part.said.startswith("number"))

    def without_date(self) -> float:
        return self.total - sum(part.weight for part in self.parts if part.said.startswith("date"))

    @property
    def reason(self) -> str:
        """``number 42, title and length``; what speaks against it follows."""
        told = sorted((part for part in self.parts if part.weight > 0.7), key=lambda part: -part.weight)
        against = [part.said for part in self.parts if part.weight < -1]
        words = _and([part.said for part in told]) or "little tells"
        return f"{words}, but not {_and(against)}" if against else words


def _and(words: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else ""
