"""How the bot answers on Discord: the real discord.py over a Discord on loopback, the whole corpus with eight even
chapters an episode, each program in a process of its own.

Run by itself: ``python -m benchmarks.discord [PART…]``; parts are ``ready``, ``load``, ``throughput`` and ``long``.
What plays Discord and its people needs a good part of a core itself, so times are worse than a person's.
"""

from __future__ import annotations

import asyncio
import statistics
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.asking import BURST, COMPLETIONS, QUOTES, corpus_copy, importing, quantile, titles_of, words_of
from benchmarks.discord_room import Ask, Bot, People, as_fast_as_it_goes, bare, ours, steady, unread
from benchmarks.poll_feeds import tell
from benchmarks.table import Row, print_table, shared
from benchmarks.workspace import ROOT, fresh

if TYPE_CHECKING:
    from bot.ports import Storage
    from tests.fakes.discord_wire.people import Answered
    from tests.fakes.discord_wire.wire import Wire

A_SECOND, SECONDS, FEEDS = 30.0, 60.0, 200
#: Answers in one throughput run, how many ask at once, and runs of each side in turn.
ANSWERS, AT_ONCE, RUNS = 1500, 16, 3
SEARCHES = 300
#: The long run, and after how much of it growth is counted.
LONG, WARM = 100_000, 10_000
PARTS = ("ready", "load", "throughput", "long")


def rows(parts: Sequence[str] = PARTS) -> list[Row]:
    """One row a figure; one row that says so when the large inputs are not there."""
    folder = shared()
    if folder is None:
        return [Row("discord", "", "no inputs: set PULLQUOTE_SHARED")]
    measured = {"ready": _ready, "load": _load, "throughput": _throughput, "long": _long}
    found: list[Row] = []
    for part in parts:
        found += asyncio.run(measured[part](folder))
    return found


# --- start --------------------------------------------------------------------------------------------------------


async def _ready(folder: Path) -> list[Row]:
    """From the start of the process; the first start makes the database, the second is what a restart is."""
    empty, whole = fresh("ready"), _data(folder)
    async with _discord() as wire:
        wire.furnish()
        took = {what: [await _ready_s(wire, data) for _ in range(5)] for what, data in (("empty", empty), ("", whole))}
    return [
        _ready_row("nothing in it yet", took["empty"][1:]),
        _ready_row("the whole corpus", took[""]),
    ]


async def _ready_s(wire: Wire, data: Path) -> float:
    async with ours(wire, data) as bot:
        return bot.ready_s


def _ready_row(what: str, seconds: Sequence[float]) -> Row:
    middle = statistics.median(seconds)
    told = f"{middle:.2f} s (worst {max(seconds):.2f})"
    return Row(f"from start to ready, {what}: median of {len(seconds)}", "≤ 2 s", told, ok=middle <= 2)


# --- load ---------------------------------------------------------------------------------------------------------


async def _load(folder: Path) -> list[Row]:
    data = corpus_copy(_data(folder))
    async with _feeds(data) as (storage, port), _discord() as wire:
        people = await _people(wire, folder, data)
        mixed = _Mix(people)
        async with ours(wire, data, ALLOW_HOSTS=_hosts(port)) as bot:
            await _baseline(storage)
            alone = await steady(mixed.next, A_SECOND, SECONDS / 2)
            await asyncio.to_thread(tell, port, 2)
            with importing(folder, data):
                hints = asyncio.create_task(_hint(storage))
                before = bot.core_s()
                done = await steady(mixed.next, A_SECOND, SECONDS)
                core = (bot.core_s() - before) / SECONDS
                await hints
                polled = await _looked_at(storage)
                burst = await steady(people.quote, 10_000, BURST / 10_000)
    took = [seconds * 1000 for seconds, _ in alone]
    by_itself = Row(
        f"open loop, {A_SECOND:.0f}/s for {SECONDS / 2:.0f} s, nothing beside it: p50 / p99, max", "",
        f"{_told(took)}, {max(took):.0f} ms; {sum(unread(answered) for _, answered in alone)} unanswered",
    )  # fmt: skip
    return [by_itself, *_load_rows(done, mixed.kinds, core, polled), _burst_row(burst)]


class _Mix:
    """What is asked, one after the other, and of which kind it was."""

    def __init__(self, people: People) -> None:
        self._people = people
        self.kinds: dict[str, str] = {"quote": "quote", "chapter": "chapter"}

    def next(self) -> Ask:
        drawn = self._people.chance.random()
        if drawn < QUOTES:
            return self._people.quote()
        return self._people.completion() if drawn < QUOTES + COMPLETIONS else self._people.chapter()


def _load_rows(done: Sequence[tuple[float, Answered]], kinds: dict[str, str], core: float, polled: int) -> list[Row]:
    took: dict[str, list[float]] = {"quote": [], "chapter": [], "completion": []}
    for seconds, answered in done:
        kind = "completion" if answered.kind == "choices" else kinds.get(answered.interaction.name, "")
        took[kind].append(seconds * 1000)
    everything = [one for found in took.values() for one in found]
    failed = sum(unread(answered) for _, answered in done)
    deferred = sum(answered.deferred for _, answered in done)
    worst = max(everything)
    return [
        Row(
            f"open loop, {A_SECOND:.0f}/s for {SECONDS:.0f} s beside an import and {FEEDS} feeds: p50 / p99, max",
            "p99 ≤ 500 ms, max ≤ 1.5 s", f"{_told(everything)}, {worst:.0f} ms",
            ok=quantile(everything, 0.99) <= 500 and worst <= 1500 and not failed,
        ),
        Row("  /quote", "", _told(took["quote"])),
        Row("  /chapter", "", _told(took["chapter"])),
        Row("  autocomplete", "p99 ≤ 100 ms", _told(took["completion"]), ok=quantile(took["completion"], 0.99) <= 100),
        Row("  unanswered, deferred, feeds polled", "0 unanswered", f"{failed}, {deferred}, {polled}", ok=not failed),
        Row("  the bot's share of a core", "", f"{core:.0%}"),
    ]  # fmt: skip


def _burst_row(burst: Sequence[tuple[float, Answered]]) -> Row:
    first = [answered.elapsed_s for _, answered in burst]
    settled = max(seconds for seconds, _ in burst)
    failed = sum(unread(answered) for _, answered in burst)
    told = f"worst {max(first):.2f} s, {failed} unanswered; all read after {settled:.1f} s"
    ok = max(first) <= 2.5 and not failed
    return Row(f"a burst of {BURST} /quote: answered or deferred", "≤ 2.5 s each", told, ok=ok)


# --- throughput ---------------------------------------------------------------------------------------------------


async def _throughput(folder: Path) -> list[Row]:
    data = _data(folder)
    shows = await _pair(folder, data, lambda one: one.shows, lambda one: one.hello, None, ANSWERS)
    quotes = await _pair(folder, data, lambda one: one.quote, lambda one: one.find, data, SEARCHES)
    return [_pair_row("/shows", "hello", shows), _pair_row("/quote", "the same search", quotes)]


#: Answers a second and milliseconds of a core for each, of us and of the peer, a run each.
Pair = list[tuple[tuple[float, float], tuple[float, float]]]
Kind = Callable[[People], Callable[[], Ask]]


async def _pair(folder: Path, data: Path, mine: Kind, theirs: Kind, searches: Path | None, count: int) -> Pair:
    """The two in turn, so that both meet the same weather."""
    found: Pair = []
    for _ in range(RUNS):
        async with _discord() as wire:
            people = await _people(wire, folder, data)
            async with ours(wire, data) as bot:
                one = await _rate(bot, mine(people), count)
        async with _discord() as wire, bare(wire, searches) as peer:
            found.append((one, await _rate(peer, theirs(await _people(wire, folder, data)), count)))
    return found


async def _rate(bot: Bot, next_one: Callable[[], Ask], count: int) -> tuple[float, float]:
    await next_one()()  # the first one of a process reads what the others find
    await as_fast_as_it_goes(next_one, count // 10, AT_ONCE)
    before = bot.core_s()
    a_second = await as_fast_as_it_goes(next_one, count, AT_ONCE)
    return a_second, (bot.core_s() - before) / count * 1000


def _pair_row(what: str, peer: str, pair: Pair) -> Row:
    ratio = statistics.median(one[0] / other[0] for one, other in pair)
    mine, theirs = (statistics.median(one[side][0] for one in pair) for side in (0, 1))
    core, bare_core = (statistics.median(one[side][1] for one in pair) for side in (0, 1))
    return Row(
        f"{what} a second, {AT_ONCE} at once, median of {RUNS}", "≥ 0.7 × bare",
        f"× {ratio:.2f}: {mine:.0f}/s, {core:.1f} ms of a core each",
        f"bare discord.py, {peer}: {theirs:.0f}/s, {bare_core:.1f} ms", ok=ratio >= 0.7,
    )  # fmt: skip


# --- for long -----------------------------------------------------------------------------------------------------


async def _long(folder: Path) -> list[Row]:
    """Mostly what is cheap, so that so many end in minutes; each kind of request is among them."""
    data = _data(folder)
    async with _discord() as wire:
        people = await _people(wire, folder, data)
        async with ours(wire, data) as bot:
            return await _grown(people, bot)


async def _grown(people: People, bot: Bot) -> list[Row]:
    def next_one() -> Ask:
        drawn = people.chance.random()
        if drawn < 0.1:
            return people.quote()
        return people.completion() if drawn < 0.3 else people.chapter() if drawn < 0.4 else people.shows()

    await as_fast_as_it_goes(next_one, WARM, AT_ONCE)
    memory, files = bot.memory_mb(), bot.files()
    await as_fast_as_it_goes(next_one, LONG - WARM, AT_ONCE)
    grown, now = bot.memory_mb() / memory - 1, bot.files()
    return [
        Row(
            f"{LONG:,} interactions: growth of memory after the first {WARM:,}", "< 5 %",
            f"{grown:+.1%} ({memory:.0f} MB)", ok=grown < 0.05,
        ),
        Row("  open files", "flat", f"{files}, then {now}", ok=now <= files + 2),
    ]  # fmt: skip


# --- what it is measured in ---------------------------------------------------------------------------------------


@cache
def _data(folder: Path) -> Path:
    """The corpus with its chapters, written by nobody."""
    from benchmarks.workspace import corpus_data

    return corpus_copy(corpus_data(folder))


@asynccontextmanager
async def _discord() -> AsyncIterator[Wire]:
    from tests.fakes.discord_wire.log import Log
    from tests.fakes.discord_wire.wire import Wire

    wire = Wire(log=Log(keep=False))
    await wire.start()
    try:
        yield wire
    finally:
        await wire.stop()


async def _people(wire: Wire, folder: Path, data: Path) -> People:
    """People of a server that belongs to the community: before the bot starts over data that another server joined."""
    from bot.domain import DEFAULT_COMMUNITY
    from storage import open_storage

    room = wire.furnish()
    storage = await open_storage(f"sqlite:///{data / 'pullquote.db'}")
    try:
        await storage.link_workspace(DEFAULT_COMMUNITY, "discord", room.guild.id)
    finally:
        await storage.close()
    return People(wire, room, words_of(folder), await titles_of(data))


@asynccontextmanager
async def _feeds(data: Path) -> AsyncIterator[tuple[Storage, int]]:
    """So many shows with a feed each, on hosts of their own that are all this machine."""
    from bot.domain import DEFAULT_COMMUNITY, Show, ShowId
    from bot.feed_memory import FeedState
    from bot.rules.ids import new_id
    from storage import open_storage

    port = 18_000 + len(str(data)) * 7
    argv = [sys.executable, "-m", "benchmarks.feed_server", str(port), "20", "0.0.0.0", "grows"]
    host = await asyncio.create_subprocess_exec(*argv, cwd=ROOT, stdout=subprocess.PIPE)
    storage = await open_storage(f"sqlite:///{data / 'pullquote.db'}")
    try:
        assert host.stdout is not None
        await host.stdout.readline()
        for n in range(FEEDS):
            url = f"http://127.0.0.{n + 1}:{port}/{n}"
            show = await storage.put_show(DEFAULT_COMMUNITY, Show(ShowId(new_id()), f"fed-{n}", f"Fed {n}", url))
            await storage.put_feed(FeedState(show.id, url))
        yield storage, port
    finally:
        await storage.close()
        host.kill()
        await host.wait()


def _hosts(port: int) -> str:
    return f"127.0.0.0/8:{port}"


async def _baseline(storage: Storage) -> None:
    """Until the bot has seen every feed once."""
    async with asyncio.timeout(300):
        while await _unseen(storage):  # noqa: ASYNC110 - another process does it
            await asyncio.sleep(0.5)


async def _unseen(storage: Storage) -> int:
    return sum(one.baseline_at is None for one in await storage.feeds())


async def _hint(storage: Storage) -> None:
    """Every feed is due once, spread over the loop."""
    for one in await storage.feeds():
        await storage.hint_feed(one.show, one.role, datetime.now(UTC))
        await asyncio.sleep(0.9 * SECONDS / FEEDS)


async def _looked_at(storage: Storage) -> int:
    """How many were polled since their baseline."""
    return sum(
        one.checked_at is not None and one.baseline_at is not None and one.checked_at > one.baseline_at
        for one in await storage.feeds()
    )


def _told(took_ms: Sequence[float]) -> str:
    return f"{quantile(took_ms, 0.5):.0f} / {quantile(took_ms, 0.99):.0f} ms"


if __name__ == "__main__":
    print_table(rows(sys.argv[1:] or PARTS))
