"""How fast the core answers over the whole corpus, without any platform: each command alone, and all of them in an open
loop beside a process that imports.

Run by itself: ``python -m benchmarks.asking``.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import shutil
import sqlite3
import subprocess
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.table import Row, print_table, shared
from benchmarks.workspace import PULLQUOTE, corpus_data, fresh

if TYPE_CHECKING:
    from bot.context import Context
    from bot.services import Services

#: The open loop of issue 5: so many a second, for so long, and what share of them asks for what.
A_SECOND, SECONDS = 30, 60.0
QUOTES, COMPLETIONS = 0.6, 0.2
BURST = 200
CHAPTERS = 8

Ask = Callable[[], Awaitable[object]]


def rows() -> list[Row]:
    """One row a figure; one row that says so when the large inputs are not there."""
    folder = shared()
    if folder is None:
        return [Row("asking", "", "no inputs: set PULLQUOTE_SHARED")]
    os.environ["PULLQUOTE_LOG_LEVEL"] = "error"
    return asyncio.run(_measured(folder))


async def _measured(folder: Path) -> list[Row]:
    data = corpus_copy(corpus_data(folder))
    async with _open(data) as services:
        asked = Asked(services, words_of(folder), await _titles(services))
        alone = [await _alone(asked, kind) for kind in ("shows", "quote", "chapter", "completion")]
        by_itself = await _open_loop(asked, "open loop, nothing beside it")
        with importing(folder, data):
            beside = await _open_loop(asked, "open loop, an import beside it")
            burst = await _burst(asked)
        return [*alone, *by_itself, *beside, burst]


# --- what is asked ------------------------------------------------------------------------------------------------


class Asked:
    """Requests of many members, the same for every run."""

    def __init__(self, services: Services, words: Sequence[str], titles: Sequence[str]) -> None:
        self._services = services
        self._words = words
        self._titles = titles
        self._chance = random.Random(5)

    def one(self, kind: str) -> Ask:
        return {"shows": self._shows, "quote": self._quote, "chapter": self._chapter, "completion": self._completion}[
            kind
        ]()

    def any_one(self) -> tuple[str, Ask]:
        drawn = self._chance.random()
        kind = "quote" if drawn < QUOTES else "completion" if drawn < QUOTES + COMPLETIONS else "chapter"
        return kind, self.one(kind)

    def _shows(self) -> Ask:
        return self._run("shows", {})

    def _quote(self) -> Ask:
        return self._run("quote", {"words": self._chance.choice(self._words)})

    def _chapter(self) -> Ask:
        number = str(self._chance.randint(1, CHAPTERS))
        return self._run("chapter", {"chapter": number, "episode": self._chance.choice(self._titles)})

    def _completion(self) -> Ask:
        from bot.commands.completion import complete

        command = self._services.registry.get("quote")
        assert command is not None
        param = command.param(self._chance.choice(("episode", "show", "speaker")))
        typed = self._chance.choice(self._titles)[: self._chance.randint(0, 8)]

        async def ask() -> object:
            assert param is not None
            return await complete(command, param, await self._context(), typed)

        return ask

    def _run(self, name: str, raw: dict[str, object]) -> Ask:
        from bot.commands.dispatch import dispatch

        command = self._services.registry.get(name)
        assert command is not None

        async def ask() -> object:
            reply = await dispatch(command, await self._context(), raw)
            assert reply.outcome not in ("failed", "bad_usage"), reply.text
            return reply

        return ask

    async def _context(self) -> Context:
        """What a surface looks up before each command."""
        from bot.context import Context
        from bot.domain import DEFAULT_COMMUNITY, Person, Place, Role
        from bot.services.preferences import place_zone
        from bot.services.roles import role_of

        storage, place = self._services.storage, Place("discord", "1", str(self._chance.randint(1, 50)))
        person = Person("discord", str(self._chance.randint(1, 5000)), "Somebody")
        community = await storage.community_of("discord", "1") or DEFAULT_COMMUNITY
        role = await role_of(storage, community, person, frozenset({"7", "8"}), Role.member)
        zone = await place_zone(storage, community, place)
        return Context(self._services, person, role, community, place, "asked", timezone=zone)


# --- how it is measured ---------------------------------------------------------------------------------------------


async def _alone(asked: Asked, kind: str, count: int = 200) -> Row:
    """One after the other, each the only one: wall time and time of the processor."""
    for _ in range(3):
        await asked.one(kind)()
    took_ms = []
    cpu = time.process_time()
    for _ in range(count):
        took_ms.append(await _took(asked.one(kind)))
    each_ms = (time.process_time() - cpu) / count * 1000
    return Row(f"{kind}, one at a time: p50 / p99", "", f"{_told(took_ms)}; {each_ms:.1f} ms of a core each")


async def _open_loop(asked: Asked, what: str) -> list[Row]:
    took: dict[str, list[float]] = {"quote": [], "completion": [], "chapter": []}
    late_ms: list[float] = []
    heart = asyncio.create_task(_beat(late_ms))
    begun, tasks = time.perf_counter(), []
    cpu = time.process_time()

    async def one(due: float) -> None:
        kind, ask = asked.any_one()
        await ask()
        took[kind].append((time.perf_counter() - due) * 1000)

    for n in range(int(A_SECOND * SECONDS)):
        due = begun + n / A_SECOND
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        tasks.append(asyncio.create_task(one(due)))
    await asyncio.gather(*tasks)
    core = (time.process_time() - cpu) / (time.perf_counter() - begun)
    heart.cancel()
    everything = [each for found in took.values() for each in found]
    return [
        Row(
            f"{what}, {A_SECOND}/s for {SECONDS:.0f} s: p50 / p99, max",
            "p99 ≤ 500 ms, max ≤ 1.5 s",
            f"{_told(everything)}, {max(everything):.0f} ms",
            ok=quantile(everything, 0.99) <= 500 and max(everything) <= 1500,
        ),
        *(Row(f"  {kind}: p50 / p99", "", _told(found)) for kind, found in took.items() if kind != "completion"),
        Row(
            "  completion: p50 / p99",
            "p99 ≤ 100 ms",
            _told(took["completion"]),
            ok=quantile(took["completion"], 0.99) <= 100,
        ),
        Row("  the event loop is late by: p50 / p99", "", f"{_told(late_ms)}; {core:.0%} of a core"),
    ]


async def _burst(asked: Asked) -> Row:
    begun = time.perf_counter()
    took_ms = await asyncio.gather(*(_took(asked.one("quote")) for _ in range(BURST)))
    return Row(
        f"a burst of {BURST} quotes beside the import: p50 / p99, all",
        "(issue 5: answered or deferred within 2.5 s)",
        f"{_told(took_ms)}, {time.perf_counter() - begun:.1f} s",
    )


async def _took(ask: Ask) -> float:
    begun = time.perf_counter()
    await ask()
    return (time.perf_counter() - begun) * 1000


async def _beat(late_ms: list[float], every_s: float = 0.01) -> None:
    while True:
        begun = time.perf_counter()
        await asyncio.sleep(every_s)
        late_ms.append((time.perf_counter() - begun - every_s) * 1000)


def _told(took_ms: Sequence[float]) -> str:
    return f"{quantile(took_ms, 0.5):.1f} / {quantile(took_ms, 0.99):.1f} ms"


def quantile(took_ms: Sequence[float], share: float) -> float:
    return sorted(took_ms)[min(len(took_ms) - 1, int(len(took_ms) * share))]


# --- what it is measured over -----------------------------------------------------------------------------------------


@asynccontextmanager
async def _open(data: Path) -> AsyncIterator[Services]:
    from bot.app import open_app

    async with open_app({"PULLQUOTE_DATA_DIR": str(data), "PULLQUOTE_LOG_LEVEL": "error"}).services() as services:
        yield services


def corpus_copy(data: Path) -> Path:
    """The corpus in a folder of its own, each episode with even chapters."""
    folder = fresh("asking")
    shutil.copytree(data, folder, dirs_exist_ok=True)
    with sqlite3.connect(folder / "pullquote.db") as database:
        ends = database.execute("SELECT episode, max(start_ms) / 1000.0 + 10 FROM lines GROUP BY episode").fetchall()
        database.execute("DELETE FROM chapters")
        database.executemany(
            "INSERT INTO chapters (episode, n, start_s, end_s, title, source) VALUES (?, ?, ?, ?, ?, 'feed')",
            [
                (episode, n + 1, end * n / CHAPTERS, end * (n + 1) / CHAPTERS, f"Part {n + 1}")
                for episode, end in ends
                if end is not None
                for n in range(CHAPTERS)
            ],
        )
    database.close()
    return folder


@contextmanager
def importing(folder: Path, data: Path) -> Iterator[None]:
    """Another process that imports one show's files into the same data, over and over."""
    source = folder / "corpus" / "changelog" / "practicalai"
    # Whoever kills this process ends the loop too.
    again = (
        f"while kill -0 {os.getpid()}; do {PULLQUOTE[0]} -m bot import {source} --show practicalai-again --json; done"
    )
    env = {**os.environ, "PULLQUOTE_DATA_DIR": str(data), "PYTHONPATH": str(Path(__file__).resolve().parents[1])}
    child = subprocess.Popen(
        ["/bin/sh", "-c", again], env=env, cwd=data, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield
    finally:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, 9)
        child.wait()


def words_of(folder: Path) -> list[str]:
    lines = (folder / "bench" / "quotes_dev.jsonl").read_text("utf-8").splitlines()
    queries = [json.loads(line)["queries"] for line in lines]
    return [queries[at][kind] for at in range(len(queries)) for kind in ("misremembered", "fragment", "typo")]


async def titles_of(data: Path) -> list[str]:
    """Titles of episodes with a transcript, as people are offered them."""
    async with _open(data) as services:
        return await _titles(services)


async def _titles(services: Services) -> list[str]:
    from bot.domain import DEFAULT_COMMUNITY, Role, Viewer

    episodes = await services.storage.episodes(Viewer(DEFAULT_COMMUNITY, Role.operator))
    named = await services.episodes.titles.names(Viewer(DEFAULT_COMMUNITY, Role.operator))
    with_lines = {one.title for one in episodes if one.lines}
    return [one.name for one in named if one.name in with_lines]


if __name__ == "__main__":
    print_table(rows())
