"""Ten thousand posts through platforms that fail, on virtual time: lost, doubled and held by the platforms' own log.

``PULLQUOTE_BENCH_POSTS`` makes it fewer. Run by itself: ``python -m benchmarks.alerts_faults``.
"""

from __future__ import annotations

import asyncio
import os
import time
from dataclasses import dataclass
from datetime import timedelta

from benchmarks.alerts_room import places
from benchmarks.alerts_stage import Stage, Told, staged, told
from benchmarks.table import Row, print_table
from tests.fake_platform import DISCORD, SLACK, FakePlatform, Faults, Outage, each
from tests.virtual_time import START, run

POSTS = int(os.environ.get("PULLQUOTE_BENCH_POSTS", "10000"))
#: The clocks differ, history shows a post late, and events come late.
SKEW, VISIBLE_S, EVENT_S = timedelta(seconds=20), 2.0, 1.5


@dataclass(frozen=True, slots=True)
class Trial:
    """``episodes`` to ``places`` places, half on either platform, one each ``every_s``; each kind of fault in so large
    a ``share`` of all requests, and stalls in ``stalls``."""

    episodes: int
    places: int
    share: float
    every_s: float = 20.0
    stalls: float = 0.0
    seed: int = 1
    outages: tuple[Outage, ...] = ()
    chatter: int = 3
    profiles: tuple[str, ...] = ("discord", "slack")
    naive: bool = False


def try_(trial: Trial) -> Told:
    """On virtual time, until all is quiet."""
    return run(_play(trial), patience_s=300)


async def _play(trial: Trial) -> Told:
    platforms = [_platform(trial, name) for name in trial.profiles]
    where = [place for one in trial.profiles for place in places(one, trial.places // len(trial.profiles))]
    async with staged(platforms, where, episodes=trial.episodes, naive=trial.naive) as stage:
        for _ in range(trial.episodes):
            await stage.release()
            _chat(stage, trial.chatter)
            await asyncio.sleep(trial.every_s)
        await stage.until_quiet(timedelta(days=9))
        return await told(stage)


def _platform(trial: Trial, name: str) -> FakePlatform:
    faults = Faults(each(trial.share, stalls=trial.stalls), trial.outages, seed=trial.seed)
    profile = {"discord": DISCORD, "slack": SLACK}[name]
    return FakePlatform(profile, faults=faults, visible_s=VISIBLE_S, event_s=EVENT_S, skew=SKEW)


def _chat(stage: Stage, count: int) -> None:
    """Members talk, so that reading back takes more than a page."""
    for place in stage.where:
        stage.platforms[place.platform].chat(place, count)


#: Twelve hours without either platform, from the second hour on: half refuses connections, then all is answered by 503.
DOWN = (
    Outage(START + timedelta(hours=2), START + timedelta(hours=8)),
    Outage(START + timedelta(hours=8), START + timedelta(hours=14), "errors"),
)


def rows() -> list[Row]:
    many = Trial(max(1, POSTS // 100), 100, 0.05)
    worse = Trial(max(1, POSTS // 500), 50, 0.20, stalls=0.05, seed=2)
    down = Trial(40, 20, 0.0, every_s=1800.0, outages=DOWN, seed=3)
    peer = try_(Trial(max(1, POSTS // 1000), 100, 0.05, naive=True))
    return [
        *_rows("5 % each of 500, 429, reset, accepted-then-timeout", many, peer),
        *_rows("20 % of each, and 5 % that stall", worse),
        *_rows("both platforms down for 12 hours", down),
    ]


def _rows(what: str, trial: Trial, peer: Told | None = None) -> list[Row]:
    begun = time.perf_counter()
    got = try_(trial)
    seconds = time.perf_counter() - begun
    fate = f"lost {got.lost}, doubled {got.doubled}, held {got.held}, {got.out_of_order} out of order"
    pace = f"{got.busiest}/s, {got.busiest_slack_place}/s, {got.avoidable:.2%} of {got.requests:,}"
    beside = f"send, then mark: lost {peer.lost}, doubled {peer.doubled} of {peer.alerts:,}" if peer else ""
    late = f"{got.longest_wait.total_seconds() / 3600:.1f} h"
    return [
        Row(f"{got.alerts:,} posts, {what}", "0, 0, 0, 0", fate, beside,
            not (got.lost or got.doubled or got.held or got.out_of_order)),
        Row("  busiest second, in a Slack channel, avoidable answers", "≤ 50/s, ≤ 1/s, < 1 %", pace, "",
            got.busiest <= 50 and got.busiest_slack_place <= 1 and got.avoidable < 0.01),
        Row("  longest wait (simulated), seconds on the wall", "≤ 7 days", f"{late}, {seconds:.0f} s", "",
            got.longest_wait <= timedelta(days=7)),
    ]  # fmt: skip


if __name__ == "__main__":
    print_table(rows())
