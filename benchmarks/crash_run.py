"""One run of the crash harness: starts workers, kills them at random moments, restores backups, and counts at the end.

What was lost or doubled is read from the platforms' own log on disk, never from the bot's database.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import IO, Any

from benchmarks.alerts_room import furnish, keys, places, shared_out, shows_for
from benchmarks.crash_platform import Stage
from benchmarks.crash_wire import wired_places
from benchmarks.workspace import ROOT
from bot.domain import DEFAULT_COMMUNITY, Place
from storage import open_storage

#: How long all must be quiet at the end, and how long that may take, in seconds of the clock on the wall.
QUIET_S, PATIENCE_S = 2.0, 180.0
#: How long it takes to put a backup back, in seconds of the harness: what was on its way arrives meanwhile.
RESTORING_S = 30.0


@dataclass(frozen=True, slots=True)
class Plan:
    """``kills`` over ``places * episodes`` alerts, half of the places on either platform.

    Real seconds, shortest and longest: a worker lives for ``life_s``, then new episodes come out, then it lives for
    ``busy_s``, is killed, and stays away for ``pause_s``; in ``long_share`` of the kills for ``long_pause_s``, longer
    than a nonce is remembered. ``restores``: so often an older backup takes the database's place. ``wire``: all places
    are on the fake Discord, over real sockets.
    """

    kills: int
    episodes: int
    places: int = 20
    workers: int = 1
    restores: int = 0
    naive: bool = False
    seed: int = 1
    rate: float = 100.0
    life_s: tuple[float, float] = (0.0, 0.5)
    busy_s: tuple[float, float] = (0.0, 0.2)
    pause_s: tuple[float, float] = (0.0, 0.2)
    long_pause_s: float = 2.2
    long_share: float = 0.05
    wire: bool = False

    @property
    def alerts(self) -> int:
        return self.places * self.episodes


@dataclass(slots=True)
class Counted:
    """What became of one run."""

    kills: int = 0
    alerts: int = 0
    lost: int = 0
    doubled: int = 0
    strangers: int = 0
    out_of_order: int = 0
    #: Posts whose outcome nobody had seen when the worker died or gave up.
    cut_off: int = 0
    long_pauses: int = 0
    restores: int = 0
    states: Counter[str] = field(default_factory=Counter)
    stopped_places: list[str] = field(default_factory=list)
    integrity: str = ""
    failures: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def flawless(self) -> bool:
        return not (self.lost or self.doubled or self.strangers or self.failures) and self.integrity == "ok"


def crash(plan: Plan, folder: Path) -> Counted:
    """Run the plan in an empty folder."""
    stage = Stage(str(folder), time.monotonic(), plan.rate, plan.seed, plan.wire)
    begun = time.monotonic()
    with _platform(stage, plan), Zygote(plan.wire) as zygote:
        counted = _Run(plan, stage, zygote).go()
    counted.seconds = time.monotonic() - begun
    return counted


class Zygote:
    """The process that has everything loaded and forks workers."""

    def __init__(self, wire: bool = False) -> None:
        self._words = ["wire"] if wire else []

    def __enter__(self) -> Zygote:
        self._process = _program("benchmarks.crash_worker", *self._words)
        self._read()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.__exit__(None, None, None)

    def start(self, stage: Stage, run: str, naive: bool) -> int:
        return int(self._ask({"start": asdict(stage), "run": run, "naive": naive})["pid"])

    def end(self, pid: int, with_signal: int) -> int:
        """The exit code: minus the signal's number when it was that."""
        return int(self._ask({"end": pid, "signal": with_signal})["status"])

    def _ask(self, order: Mapping[str, object]) -> Any:
        assert self._process.stdin
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return self._read()

    def _read(self) -> Any:
        assert self._process.stdout
        return json.loads(self._process.stdout.readline())


class _Run:
    def __init__(self, plan: Plan, stage: Stage, zygote: Zygote) -> None:
        self._plan, self._stage, self._zygote = plan, stage, zygote
        self._random = Random(plan.seed)
        self._shows = shows_for(plan.episodes)
        self._where = _places(plan, stage)
        self._counted = Counted(alerts=plan.alerts)
        self._started = 0

    def go(self) -> Counted:
        self._feed(0)
        asyncio.run(self._furnish())
        restores = self._moments(self._plan.restores)
        slots = [self._start() for _ in range(self._plan.workers)]
        for n in range(self._plan.kills):
            time.sleep(self._random.uniform(*self._plan.life_s))
            self._feed(self._due(n))
            time.sleep(self._random.uniform(*self._plan.busy_s))
            slot = self._random.randrange(len(slots))
            if n in restores:
                slots = self._restored(slots)
            self._end(slots[slot], signal.SIGKILL)
            self._pause()
            slots[slot] = self._start()
        self._feed(self._plan.episodes)
        self._settle()
        for pid in slots:
            self._end(pid, signal.SIGTERM)
        return self._count()

    async def _furnish(self) -> None:
        store = await open_storage(f"sqlite:///{self._stage.database}")
        try:
            await furnish(store, self._shows, self._where, self._stage.clock().now())
        finally:
            await store.close()

    def _due(self, kills: int) -> int:
        """How many episodes are out by then: the last a while before the last kill."""
        return min(self._plan.episodes, 1 + kills * self._plan.episodes * 20 // (self._plan.kills * 19))

    def _feed(self, episodes: int) -> None:
        part = self._stage.feed.with_suffix(".part")
        part.write_text(json.dumps(shared_out(episodes, self._shows)))
        part.replace(self._stage.feed)

    def _start(self) -> int:
        self._started += 1
        return self._zygote.start(self._stage, f"run{self._started}", self._plan.naive)

    def _end(self, pid: int, with_signal: int) -> None:
        status = self._zygote.end(pid, with_signal)
        if with_signal == signal.SIGKILL and status == -signal.SIGKILL:
            self._counted.kills += 1
        elif status:
            self._counted.failures.append(f"worker ended with {status}: {self._complaint()}")

    def _complaint(self) -> str:
        log = Path(self._stage.folder) / "workers.log"
        return log.read_text()[-1500:] if log.exists() else ""

    def _pause(self) -> None:
        if self._random.random() < self._plan.long_share:
            self._counted.long_pauses += 1
            time.sleep(self._plan.long_pause_s)
        else:
            time.sleep(self._random.uniform(*self._plan.pause_s))

    # -- restoring

    def _moments(self, count: int) -> set[int]:
        """After which kills a backup is put back: spread over the run, never at once."""
        step = self._plan.kills // (count + 1)
        return {step * (n + 1) for n in range(count)}

    def _restored(self, slots: list[int]) -> list[int]:
        """Take a backup of the running bot, let it work on, kill all, put the backup in the file's place."""
        backup = self._stage.database.with_suffix(".backup")
        _back_up(self._stage.database, backup)
        time.sleep(4 * self._plan.life_s[1])
        for pid in slots:
            self._end(pid, signal.SIGKILL)
        for suffix in ("-wal", "-shm"):
            Path(f"{self._stage.database}{suffix}").unlink(missing_ok=True)
        backup.replace(self._stage.database)
        self._counted.restores += 1
        time.sleep(RESTORING_S / self._plan.rate)
        return [self._start() for _ in slots]

    # -- counting

    def _settle(self) -> None:
        """Until everything is told and nothing was accepted for a while, or patience ends."""
        ends = time.monotonic() + PATIENCE_S
        quiet, size = time.monotonic() + QUIET_S, -1
        while time.monotonic() < min(ends, quiet):
            now = self._stage.log.stat().st_size if self._stage.log.exists() else 0
            if now != size or not self._all_there():
                quiet, size = time.monotonic() + QUIET_S, now
            time.sleep(0.2)

    def _all_there(self) -> bool:
        there = {one["key"] for one in self._accepted()}
        return all(key in there for key in self._expected())

    def _expected(self) -> list[str]:
        return [key for wanted in self._wanted() for key in wanted]

    def _wanted(self) -> list[list[str]]:
        return list(keys(self._shows, self._where, self._plan.episodes).values())

    def _accepted(self) -> list[dict[str, Any]]:
        log = self._stage.log
        return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []

    def _count(self) -> Counted:
        counted, accepted = self._counted, self._accepted()
        times = Counter(one["key"] for one in accepted)
        expected = set(self._expected())
        counted.lost = len(expected - times.keys())
        counted.doubled = sum(count > 1 for count in times.values())
        counted.strangers = len(times.keys() - expected)
        counted.out_of_order = self._inversions([one["key"] for one in accepted])
        counted.integrity = _integrity(self._stage.database)
        counted.cut_off = _cut_off(self._stage.database)
        asyncio.run(self._look_inside())
        return counted

    def _inversions(self, told: list[str]) -> int:
        """Episodes that came after a later one of the same show in the same place."""
        first: dict[str, int] = {}
        for n, key in enumerate(told):
            first.setdefault(key, n)
        seen = [[first[key] for key in wanted if key in first] for wanted in self._wanted()]
        return sum(one > after for row in seen for one, after in pairwise(row))

    async def _look_inside(self) -> None:
        store = await open_storage(f"sqlite:///{self._stage.database}")
        try:
            alerts = await store.alerts(DEFAULT_COMMUNITY, limit=10 * self._plan.alerts)
            self._counted.states = Counter(one.state for one in alerts if one.kind == "new")
            lanes = await store.lanes(DEFAULT_COMMUNITY)
            self._counted.stopped_places = [
                f"{lane.place}: {lane.blocked or lane.silenced}" for lane in lanes if lane.blocked or lane.silenced
            ]
        finally:
            await store.close()


def _places(plan: Plan, stage: Stage) -> list[Place]:
    if plan.wire:
        return wired_places(stage)
    return places("discord", (plan.places + 1) // 2) + places("slack", plan.places // 2)


def _back_up(database: Path, to: Path) -> None:
    source, target = sqlite3.connect(database), sqlite3.connect(to)
    with source, target:
        source.backup(target)
    source.close()
    target.close()


def _integrity(database: Path) -> str:
    connection = sqlite3.connect(database)
    try:
        [(said,)] = connection.execute("PRAGMA integrity_check").fetchall()
        broken = connection.execute("PRAGMA foreign_key_check").fetchall()
        return str(said) if not broken else f"{len(broken)} broken references"
    finally:
        connection.close()


def _cut_off(database: Path) -> int:
    connection = sqlite3.connect(database)
    try:
        [(count,)] = connection.execute("SELECT count(*) FROM alert_steps WHERE state = 'unknown'").fetchall()
        return int(count)
    finally:
        connection.close()


def _program(module: str, *words: str) -> subprocess.Popen[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PULLQUOTE_")}
    return subprocess.Popen(
        [sys.executable, "-m", module, *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env=kept | {"PYTHONPATH": str(ROOT)},
        text=True,
    )


@contextmanager
def _platform(stage: Stage, plan: Plan) -> Iterator[None]:
    module = "benchmarks.crash_wire" if plan.wire else "benchmarks.crash_platform"
    with _program(module, json.dumps(asdict(stage)), str(plan.places)) as process:
        out: IO[str] | None = process.stdout
        assert out is not None
        assert out.readline().strip() == "ready"
        try:
            yield
        finally:
            process.terminate()
