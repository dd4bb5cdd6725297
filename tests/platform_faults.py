"""What goes wrong on a fake platform, as a seeded plan: the same seed breaks the same requests. For tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Literal

#: error: 500 · reset: the connection breaks · lost_answer: accepted, and no answer ever comes · stall: nothing comes
#: before the caller gives up; accepted after that, or never · busy: 429. *before* and *after*: accepted or not.
FaultKind = Literal[
    "error_before", "error_after", "reset_before", "reset_after", "lost_answer", "stall_accepted", "stall", "busy"
]


@dataclass(frozen=True, slots=True)
class Outage:
    """From ``begins`` to ``ends`` nothing works: connections are refused, or everything is answered with 503."""

    begins: datetime
    ends: datetime
    kind: Literal["refused", "errors"] = "refused"


@dataclass(slots=True)
class Faults:
    """``shares``: how often each fault happens, as a share of all requests. ``latency_s``: shortest and longest.

    ``methods``: the requests that are concerned; empty = all.
    """

    shares: Mapping[FaultKind, float] = field(default_factory=dict)
    outages: Sequence[Outage] = ()
    latency_s: tuple[float, float] = (0.02, 0.2)
    methods: frozenset[str] = frozenset()
    seed: int = 1
    random: Random = field(init=False)

    def __post_init__(self) -> None:
        self.random = Random(self.seed)

    def of_request(self, method: str) -> FaultKind | None:
        """Drawn for every request, whether it is concerned or not, so that one change moves no other fault."""
        at = self.random.random()
        for kind, share in self.shares.items():
            if at < share:
                return kind if not self.methods or method in self.methods else None
            at -= share
        return None

    def latency(self) -> float:
        return self.random.uniform(*self.latency_s)

    def outage(self, now: datetime) -> Outage | None:
        return next((one for one in self.outages if one.begins <= now < one.ends), None)


def each(share: float, *, stalls: float = 0.0) -> dict[FaultKind, float]:
    """``share`` of 500, of 429, of resets and of accepted-then-timeout; half of 500 and resets come after accepting."""
    half = share / 2
    made: dict[FaultKind, float] = {
        "error_before": half,
        "error_after": half,
        "reset_before": half,
        "reset_after": half,
        "lost_answer": share,
        "busy": share,
    }
    return made | ({"stall": stalls / 2, "stall_accepted": stalls / 2} if stalls else {})
