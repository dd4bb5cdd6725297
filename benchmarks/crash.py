"""Killed a thousand times over five thousand alerts: what was lost and what was doubled, by the platforms' own log.

``PULLQUOTE_BENCH_KILLS`` makes it fewer. Run by itself: ``python -m benchmarks.crash``.
"""

from __future__ import annotations

import os

from benchmarks.crash_run import Counted, Plan, crash
from benchmarks.table import Row, print_table
from benchmarks.workspace import fresh

KILLS = int(os.environ.get("PULLQUOTE_BENCH_KILLS", "1000"))
#: One worker; 5,000 alerts for 1,000 kills.
ALONE = Plan(kills=KILLS, episodes=max(1, KILLS // 4))
#: Two workers on one file. Slower time: two that are alive must not be taken for dead when the machine is busy.
TWO = Plan(kills=max(20, KILLS // 10), episodes=25, workers=2, rate=25.0, life_s=(0.05, 2.0), long_pause_s=8.0, seed=2)
RESTORED = Plan(kills=max(20, KILLS // 10), episodes=50, restores=6, seed=3)
#: The real discord.py and our messenger over the fake Discord's sockets; a quarter of the places are forums.
WIRED = Plan(
    kills=max(20, KILLS // 10), episodes=max(10, KILLS // 40), places=8, wire=True, rate=40.0, long_pause_s=5.5,
    life_s=(0.0, 0.8), busy_s=(0.0, 0.5), seed=5,
)  # fmt: skip
PEER = Plan(kills=max(20, KILLS // 10), episodes=50, naive=True, seed=4)


def rows() -> list[Row]:
    alone, two = crash(ALONE, fresh("crash")), crash(TWO, fresh("crash"))
    restored, naive = crash(RESTORED, fresh("crash")), crash(PEER, fresh("crash"))
    wired = crash(WIRED, fresh("crash"))
    return [
        *_rows(_told(alone), alone, peer=naive),
        *_rows(f"two workers on one file, {_told(two)}", two),
        *_rows(f"{restored.restores} older backups restored, {_told(restored)}", restored),
        *_rows(f"the real discord.py over the wire, {_told(wired)}", wired),
    ]


def _told(counted: Counted) -> str:
    return f"{counted.kills:,} kills over {counted.alerts:,} alerts, {counted.long_pauses} outlasting nonces"


def _rows(what: str, counted: Counted, peer: Counted | None = None) -> list[Row]:
    beside = f"send, then mark: lost {peer.lost}, doubled {peer.doubled} ({peer.kills} kills)" if peer else ""
    result = f"lost {counted.lost}, doubled {counted.doubled}, integrity {counted.integrity}"
    cut = f"{counted.cut_off:,} cut off in mid-post; "
    left = ", ".join(f"{count} {state}" for state, count in sorted(counted.states.items()))
    places = f"; {len(counted.stopped_places)} places stopped" if counted.stopped_places else ""
    order = f"{counted.out_of_order} out of order"
    return [
        Row(what, "lost 0, doubled 0, integrity ok", result, beside, counted.flawless),
        Row("  what is left", "held 0, in order", f"{cut}{left}; {order}{places}; {counted.seconds:.0f} s", "",
            not (counted.states["held"] or counted.out_of_order or counted.stopped_places)),
    ]  # fmt: skip


if __name__ == "__main__":
    print_table(rows())
