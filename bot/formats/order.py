"""Times that contradict each other are dropped, never the words: out of order, or beyond the known end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.domain import Turn
from bot.formats.problems import Problems
from bot.formats.times import out_of_order
from bot.rules.stamps import stamp


def trusted(
    turns: Sequence[Turn], lines: Sequence[int], problems: Problems, duration_s: float | None = None
) -> tuple[Turn, ...]:
    """The turns without the times that go back or lie beyond the end. ``lines`` are the source lines of the turns."""
    # (turn, place, seconds); place -1 is the start, -2 the end, others count marks.
    times = [time for n, turn in enumerate(turns) if _timed(turn) for time in _times(n, turn)]
    bad = out_of_order([seconds for _, _, seconds in times])
    if duration_s is not None:
        bad |= {k for k, (_, _, seconds) in enumerate(times) if seconds > duration_s}
    if not bad:
        return tuple(turns)
    kept = list(turns)
    for k in sorted(bad, reverse=True):
        n, place, seconds = times[k]
        kept[n] = _without(kept[n], place)
        problems.add(f"the time {stamp(seconds)} is out of order or beyond the end; its words are kept", lines[n])
    return tuple(kept)


def _timed(turn: Turn) -> bool:
    return turn.start_s is not None or bool(turn.marks) or turn.end_s is not None


def _times(n: int, turn: Turn) -> list[tuple[int, int, float]]:
    times = [(n, -1, turn.start_s)] if turn.start_s is not None else []
    times += [(n, place, seconds) for place, (_, seconds) in enumerate(turn.marks)]
    if turn.end_s is not None:
        times.append((n, -2, turn.end_s))
    return times


def _without(turn: Turn, place: int) -> Turn:
    if place == -1:
        return replace(turn, start_s=None)
    if place == -2:
        return replace(turn, end_s=None)
    return replace(turn, marks=turn.marks[:place] + turn.marks[place + 1 :])
