"""When the next request may be made so that a limit is never hit. Times in seconds in, times out; nobody waits here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.alerts import Limits

#: The share of a platform's limit that is used. Requests that leave evenly arrive unevenly: with answers after 20 to
#: 200 ms, 46 of 50 a second leave room for what bunches on the way.
SHARE = 0.924
#: A place's limit is counted from the answer to the request before it, and a little longer.
MARGIN = 1.02
HOUR_S = 3600.0


@dataclass(frozen=True, slots=True)
class Pace:
    """Evenly, one in ``every_s``; whoever is late by up to ``slack_s`` may catch up (GCRA: ``turn`` is when the next
    one would come if all were on time)."""

    every_s: float
    slack_s: float = 0.0

    def free_at(self, turn: float) -> float:
        """The earliest time for the next one."""
        return turn - self.slack_s

    def taken(self, turn: float, now: float) -> float:
        """The turn after one at ``now``."""
        return max(turn, now) + self.every_s


@dataclass(frozen=True, slots=True)
class Window:
    """At most ``most`` in any ``seconds``."""

    most: int
    seconds: float

    def free_at(self, times: Sequence[float]) -> float:
        """The earliest time for the next one after those at ``times`` (ascending; the latest ``most`` are enough)."""
        return times[-self.most] + self.seconds if len(times) >= self.most else 0.0


def overall(limits: Limits) -> Pace:
    """All requests of a platform as they get their turn; one that comes late by a turn is caught up."""
    every_s = 1 / (limits.per_s * SHARE)
    return Pace(every_s, every_s if limits.per_s >= 20 else 0.0)


def departures(limits: Limits) -> Pace:
    """The same as they leave: any second has at most ``per_s`` of them, with up to two that catch up."""
    every_s = 1 / (limits.per_s * SHARE)
    return Pace(every_s, 2 * every_s if limits.per_s >= 40 else 0.0)


def in_place(limits: Limits) -> Window:
    """What is posted in one place: ``place_burst`` in as long as that many take at ``place_per_s``. Stricter than a
    bucket of tokens, because a platform may count in windows."""
    burst = max(1, limits.place_burst)
    return Window(burst, burst / limits.place_per_s * MARGIN)


def publishing(limits: Limits) -> Window:
    return Window(max(1, limits.publish_per_hour), HOUR_S * MARGIN)
