"""How long to wait before something is tried again. Numbers in, seconds out; chance is given, never drawn here."""

from __future__ import annotations

from datetime import timedelta

SECOND = timedelta(seconds=1)
#: The first wait and the longest; at full jitter a wait is longer by this share.
FIRST_S, LONGEST_S, JITTER_SHARE = 1.0, 300.0, 0.25
#: The token is not accepted: a person has to act, and each asking may cost an address its access.
TOKEN_FIRST_S, TOKEN_LONGEST_S = 300.0, 3600.0


def backoff_s(failures: int, jitter: float = 0.0, *, first_s: float = FIRST_S, longest_s: float = LONGEST_S) -> float:
    """After so many failures in a row (from 1 on): doubling from ``first_s`` to ``longest_s``. ``jitter`` 0–1."""
    doublings = min(max(failures, 1) - 1, 30)
    return min(longest_s, first_s * 2.0**doublings) * (1 + JITTER_SHARE * jitter)


def wait_s(failures: int, jitter: float = 0.0, retry_after_s: float | None = None) -> float:
    """As long as the platform asks for, and no shorter than a twentieth of a second over it; else by doubling."""
    if retry_after_s is None:
        return backoff_s(failures, jitter)
    return max(0.0, retry_after_s) + 0.05 + jitter * FIRST_S * JITTER_SHARE
