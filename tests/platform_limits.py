"""How fast a fake platform lets itself be asked: sliding windows, and what each profile allows. For tests."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from bot.alerts import Limits


@dataclass(frozen=True, slots=True)
class Profile:
    """One kind of platform. ``limits`` is what its messenger says, the windows are what the server measures.

    ``overall``, ``place_posts``, ``place_publishes``: (requests, in so many seconds). ``nonce_s``: how long a key sent
    again makes no second post; 0 = never. ``page``: messages in one page of history.
    """

    platform: str
    limits: Limits
    overall: tuple[int, float]
    place_posts: tuple[int, float]
    place_publishes: tuple[int, float] = (10, 3600.0)
    nonce_s: float = 0.0
    page: int = 100
    carries: Literal["buttons", "metadata"] = "buttons"
    forums: bool = True
    publishes: bool = True


DISCORD = Profile(
    "discord",
    Limits(50.0, 1.0, place_burst=5, settle_s=15.0, remembers_nonce=True),
    overall=(50, 1.0),
    place_posts=(5, 5.0),
    nonce_s=180.0,
)
SLACK = Profile(
    "slack",
    Limits(50.0, 1.0, settle_s=15.0),
    overall=(50, 1.0),
    place_posts=(1, 1.0),
    page=15,
    carries="metadata",
    forums=False,
    publishes=False,
)
PROFILES = {"discord": DISCORD, "slack": SLACK}


@dataclass(slots=True)
class Window:
    """At most ``most`` in any ``seconds``."""

    most: int
    seconds: float
    _taken: deque[float] = field(default_factory=deque)

    def take(self, now: float) -> float:
        """0 and one is taken; else so many seconds until the next may be."""
        while self._taken and self._taken[0] <= now - self.seconds:
            self._taken.popleft()
        if len(self._taken) >= self.most:
            return max(0.001, self._taken[0] + self.seconds - now)
        self._taken.append(now)
        return 0.0


def busiest(times: Iterable[float], seconds: float = 1.0) -> int:
    """The most that came within any half-open stretch of so many seconds."""
    window: deque[float] = deque()
    most = 0
    for time in sorted(times):
        # A stretch is a second less the width of a rounding error: what came exactly one second apart is not in one.
        while window and window[0] <= time - seconds + 1e-6:
            window.popleft()
        window.append(time)
        most = max(most, len(window))
    return most
