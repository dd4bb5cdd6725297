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
#: What may leave together in about a second, as a share of the limit; and that second beside an even pace's: shorter,
#: since what an event loop loses by waking late is to be caught up.
LEAVING_SHARE, LEAVING_ROOM = 0.96, 0.99
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
    """The same as they leave; up to four catch up, as far as ``leaving`` has room."""
    every_s = 1 / (limits.per_s * SHARE)
    return Pace(every_s, 4 * every_s if limits.per_s >= 40 else 0.0)


def leaving(limits: Limits) -> Window:
    """So many of them in any stretch of a second and a little, whoever catches up: of 50 a second 48. The rest is for
    those that leave late in one second and arrive early in the next."""
    most = max(1, int(limits.per_s * LEAVING_SHARE))
    return Window(most, most / (limits.per_s * SHARE) * LEAVING_ROOM)


def in_place(limits: Limits) -> Window:
    """What is posted in one place: ``place_burst`` in as long as that many take at ``place_per_s``. Stricter than a
    bucket of tokens, because a platform may count in windows."""
    burst = max(1, limits.place_burst)
    return Window(burst, burst / limits.place_per_s * MARGIN)


def publishing(limits: Limits) -> Window:
    return Window(max(1, limits.publish_per_hour), HOUR_S * MARGIN)
