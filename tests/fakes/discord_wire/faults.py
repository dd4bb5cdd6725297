"""What goes wrong on purpose: once on a named route, or for a share of all requests by a seed. No sockets."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from tests.fakes.discord_wire.problems import Problem, busy
from tests.platform_faults import FaultKind, Faults

#: Beside ``FaultKind``: bad_gateway (502, HTML) · unavailable (503) · ban (429 of Cloudflare: HTML, no Via) · refused
#: (closed before anything is read) · slow (served after ``seconds``).
WireFault = FaultKind | Literal["bad_gateway", "unavailable", "ban", "refused", "slow"]
#: Where the request is carried out although the answer is lost or bad.
ACCEPTING = frozenset({"error_after", "reset_after", "lost_answer"})


@dataclass(frozen=True, slots=True)
class Planned:
    """``route`` is matched by its beginning: ``POST /channels``; ``scope``: user, shared or global."""

    kind: WireFault
    route: str = ""
    retry_after_s: float = 1.0
    scope: str = "user"
    seconds: float = 0.0

    def busy(self) -> Problem:
        return busy(self.retry_after_s, self.scope)


@dataclass(slots=True)
class WireFaults:
    """``background`` draws, faults and latency, for routes that begin with one of ``concerned``."""

    planned: list[Planned] = field(default_factory=list)
    background: Faults = field(default_factory=lambda: Faults(latency_s=(0.0, 0.0)))
    concerned: tuple[str, ...] = ("POST /channels", "PATCH /channels", "GET /channels")

    def next(
        self,
        kind: WireFault,
        route: str = "",
        *,
        times: int = 1,
        retry_after_s: float = 1.0,
        scope: str = "user",
        seconds: float = 0.0,
    ) -> None:
        """The next ``times`` requests of routes that begin so go wrong."""
        self.planned += [Planned(kind, route, retry_after_s, scope, seconds)] * times

    def clear(self) -> None:
        self.planned.clear()

    def latency(self, route: str) -> float:
        """Drawn for every request, concerned or not, so that one change moves no fault."""
        drawn = self.background.latency()
        return drawn if route.startswith(self.concerned) else 0.0

    def of(self, route: str, now: datetime) -> Planned | None:
        for one in self.planned:
            if route.startswith(one.route):
                self.planned.remove(one)
                return one
        outage = self.background.outage(now)
        if outage:
            return Planned("refused" if outage.kind == "refused" else "unavailable")
        drawn = self.background.of_request(route) if route.startswith(self.concerned) else None
        return Planned(drawn, retry_after_s=self.background.random.uniform(0.2, 5.0)) if drawn else None


@dataclass(slots=True)
class RateLimits:
    """Discord's own: requests a second in all (interactions apart), posts to one channel. None = not limited."""

    overall: tuple[int, float] | None = None
    posts: tuple[int, float] | None = None
    _taken: dict[str, deque[float]] = field(default_factory=dict)

    def like_discord(self) -> None:
        self.overall, self.posts = (50, 1.0), (5, 5.0)

    def take(self, route: str, channel: str, now: float) -> dict[str, str]:
        """The headers of the answer; raises 429."""
        if self.overall and not route.split(" ")[1].startswith(("/interactions", "/webhooks")):
            wait, _ = self._window("", self.overall, now)
            if wait:
                raise busy(wait, "global")
        if not self.posts or route != "POST /channels/{channel}/messages":
            return {}
        wait, left = self._window(channel, self.posts, now)
        most, seconds = self.posts
        headers = {
            "X-RateLimit-Limit": str(most), "X-RateLimit-Remaining": str(left), "X-RateLimit-Bucket": "wire-posts",
            "X-RateLimit-Reset": f"{now + (wait or seconds):.3f}", "X-RateLimit-Reset-After": f"{wait or seconds:.3f}",
        }  # fmt: skip
        if wait:
            made = busy(wait)
            made.headers |= headers
            raise made
        return headers

    def _window(self, key: str, limit: tuple[int, float], now: float) -> tuple[float, int]:
        """How long to wait (0 = taken), and how many are left."""
        most, seconds = limit
        taken = self._taken.setdefault(key, deque())
        while taken and now - taken[0] >= seconds:
            taken.popleft()
        if len(taken) >= most:
            return seconds - (now - taken[0]), 0
        taken.append(now)
        return 0.0, most - len(taken)
