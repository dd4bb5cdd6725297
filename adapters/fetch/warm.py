"""Which servers keep a connection open for the next request: a bounded number, or the files of the process run out."""

from __future__ import annotations

import time

#: Of the files that a process may have open, the share that may be idle connections; never more than these.
_SHARE, _MOST = 3, 1000


class Warm:
    """Hosts that were asked lately; others are told to close once the room is full."""

    def __init__(self, idle_s: float, most: int | None = None) -> None:
        self._idle_s = idle_s
        self._most = most if most is not None else min(_MOST, _open_files() // _SHARE)
        self._until: dict[str, float] = {}

    def keeps(self, host: str) -> bool:
        """Whether the connection to the host may stay open after the request that is made now."""
        now = time.monotonic()
        known = self._until.pop(host, None)
        if known is None and len(self._until) >= self._most:
            self._forget(now)
            if len(self._until) >= self._most:
                return False
        self._until[host] = now + self._idle_s
        return True

    def _forget(self, now: float) -> None:
        """Drop whose connections are closed by now; the one asked longest ago stands first."""
        for host, until in list(self._until.items()):
            if until > now:
                return
            del self._until[host]


def _open_files() -> int:
    try:
        import resource
    except ImportError:  # Windows
        return 512
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return 3 * _MOST if soft == resource.RLIM_INFINITY else soft
