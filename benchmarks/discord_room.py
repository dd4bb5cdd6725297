"""What ``benchmarks.discord`` measures in: a Discord on loopback in this process, the bot and whatever stands beside it
in processes of their own. No figure is judged here."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.workspace import PULLQUOTE, ROOT
from tests.fakes.discord_wire.people import shown

if TYPE_CHECKING:
    from tests.fakes.discord_wire.people import Answered
    from tests.fakes.discord_wire.wire import Room, Wire

#: So long may the bot take to be ready, in seconds, before the benchmark gives up.
PATIENCE_S = 60.0
#: Clock ticks a second in /proc.
_TICKS = os.sysconf("SC_CLK_TCK")

Ask = Callable[[], Awaitable["Answered"]]


@dataclass(slots=True)
class Bot:
    """A bot that runs: its process, and how long it took from its start until people could ask."""

    process: asyncio.subprocess.Process
    ready_s: float

    def core_s(self) -> float:
        """Seconds of a processor that it has used."""
        parts = Path(f"/proc/{self.process.pid}/stat").read_text("utf-8").rpartition(")")[2].split()
        return (int(parts[11]) + int(parts[12])) / _TICKS

    def memory_mb(self) -> float:
        """Resident memory, in MB (10⁶ bytes)."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text("utf-8").splitlines()
        return next(int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith("VmRSS"))

    def files(self) -> int:
        """Open files and sockets."""
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))


@asynccontextmanager
async def ours(wire: Wire, data: Path, **settings: str) -> AsyncIterator[Bot]:
    """``pullquote run --no-console`` over a data folder; ready when it says so."""
    given = {
        "DATA_DIR": str(data), "DISCORD_TOKEN": wire.token, "DISCORD_API_URL": wire.api_url,
        "DISCORD_GATEWAY_URL": wire.gateway_url, "LOG_LEVEL": "error", **settings,
    }  # fmt: skip
    argv = [*PULLQUOTE, "run", "--no-console"]
    async with _running(argv, {f"PULLQUOTE_{name}": value for name, value in given.items()}, "Discord") as bot:
        await _synced(wire, "quote")
        yield bot


@asynccontextmanager
async def bare(wire: Wire, data: Path | None = None) -> AsyncIterator[Bot]:
    """The peer."""
    argv = [sys.executable, "-m", "benchmarks.discord_bare", wire.api_url, wire.gateway_url, wire.token]
    async with _running([*argv, *([str(data)] if data else [])], {}, "ready") as bot:
        await _synced(wire, "find" if data else "hello")
        yield bot


@asynccontextmanager
async def _running(argv: Sequence[str], settings: dict[str, str], says: str) -> AsyncIterator[Bot]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PULLQUOTE_")}
    begun = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        *argv, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
        env={**kept, "PYTHONPATH": str(ROOT), **settings}, cwd="/",
    )  # fmt: skip
    try:
        async with asyncio.timeout(PATIENCE_S):
            await _said(process, says)
        yield Bot(process, time.perf_counter() - begun)
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await process.wait()


async def _said(process: asyncio.subprocess.Process, words: str) -> None:
    assert process.stdout is not None
    while line := await process.stdout.readline():
        if words in line.decode():
            return
    raise RuntimeError(f"the bot ended before it said {words!r}")


async def _synced(wire: Wire, name: str) -> None:
    """Until the platform knows the command."""
    async with asyncio.timeout(PATIENCE_S):
        while all(one["name"] != name for one in wire.commands.kept.get("", [])):  # noqa: ASYNC110
            await asyncio.sleep(0.02)


# --- people ------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class People:
    """Members of one server who ask, the same questions in every run."""

    wire: Wire
    room: Room
    words: Sequence[str]
    titles: Sequence[str]
    chance: random.Random = field(default_factory=lambda: random.Random(5))

    def quote(self) -> Ask:
        words = self.chance.choice(self.words)
        return lambda: self._slash("quote", words=words)

    def find(self) -> Ask:
        words = self.chance.choice(self.words)
        return lambda: self._slash("find", words=words)

    def shows(self) -> Ask:
        return lambda: self._slash("shows")

    def hello(self) -> Ask:
        return lambda: self._slash("hello")

    def chapter(self) -> Ask:
        number, title = str(self.chance.randint(1, 8)), self.chance.choice(self.titles)
        return lambda: self._slash("chapter", chapter=number, episode=title)

    def completion(self) -> Ask:
        option = self.chance.choice(("episode", "show", "speaker"))
        typed = self.chance.choice(self.titles)[: self.chance.randint(0, 8)]
        wire, room = self.wire, self.room
        return lambda: wire.complete(room.member, room.general, "quote", option, typed)

    async def _slash(self, name: str, **given: str) -> Answered:
        answered = await self.wire.slash(self.room.member, self.room.general, name, **given)
        if answered.message:  # whoever only looks on must not grow either
            self.room.general.messages.pop(answered.message.id, None)
        return answered


def unread(answered: Answered) -> bool:
    """Whether somebody was left without anything to read."""
    if answered.kind == "choices":
        return False
    return not (answered.text or any(shown(one) for one in answered.followups))


async def steady(next_one: Callable[[], Ask], a_second: float, seconds: float) -> list[tuple[float, Answered]]:
    """An open loop: one is begun when it is due, however long others take; (seconds from due to settled, answer)."""
    done: list[tuple[float, Answered]] = []

    async def one(due: float, ask: Ask) -> None:
        answered = await ask()
        done.append((time.perf_counter() - due, answered))

    begun, tasks = time.perf_counter(), []
    for n in range(int(a_second * seconds)):
        due = begun + n / a_second
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        tasks.append(asyncio.create_task(one(due, next_one())))
    await asyncio.gather(*tasks)
    return done


async def as_fast_as_it_goes(next_one: Callable[[], Ask], count: int, at_once: int) -> float:
    """A closed loop of ``at_once`` people: answers a second."""
    left = iter(range(count))

    async def person() -> None:
        for _ in left:
            answered = await next_one()()
            assert not unread(answered), f"{answered.interaction.name} was answered with {answered.kind}"

    begun = time.perf_counter()
    await asyncio.gather(*(person() for _ in range(at_once)))
    return count / (time.perf_counter() - begun)
