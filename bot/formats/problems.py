"""What a parser skipped, collected while it reads: reason and line, never more than a person would read."""

from __future__ import annotations

from bot.domain import Problem

#: A hostile file must not turn into millions of problems; the rest is counted.
LIMIT = 100


class Problems:
    """Collects problems of one file, in source order; after ``LIMIT`` only their number is kept."""

    def __init__(self) -> None:
        self._kept: list[Problem] = []
        self._more = 0

    def add(self, reason: str, line: int | None = None) -> None:
        """``line`` counts from 1; None = the whole file."""
        if len(self._kept) < LIMIT:
            self._kept.append(Problem(reason, line))
        else:
            self._more += 1

    def extend(self, problems: tuple[Problem, ...]) -> None:
        for problem in problems:
            self.add(problem.reason, problem.line)

    def all(self) -> tuple[Problem, ...]:
        if not self._more:
            return tuple(self._kept)
        return (*self._kept, Problem(f"and {self._more} more problems like these"))


def shown(text: str, limit: int = 60) -> str:
    """A piece of the source as a reason quotes it: one line, cut short."""
    flat = " ".join(text[: 4 * limit].split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"
