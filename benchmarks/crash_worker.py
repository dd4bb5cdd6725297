"""A bot that can be killed: the real storage and outbox over a file, its polls fed from a number on disk.

``python -m benchmarks.crash_worker`` loads everything once and forks a worker for each line of JSON on its input:
``{"start": {…Stage…}, "run": ID, "naive": false}`` answers ``{"pid": N}``; ``{"end": N, "signal": 9}`` sends the
signal, waits, and answers ``{"status": N}`` (``os.waitstatus_to_exitcode``).
"""

from __future__ import annotations

import asyncio
import gc
import importlib
import json
import os
import signal
import sys
import traceback
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NoReturn

from benchmarks.alerts_naive import Naive
from benchmarks.alerts_room import release
from benchmarks.crash_platform import PROFILES, Remote, Stage
from benchmarks.crash_time import run_fast
from bot.alert_ports import Messenger
from bot.domain import ShowId
from bot.ports import Storage
from bot.services.outbox import Outbox
from bot.services.posts import PostMaker
from storage import open_storage, sqlite
from tests.platform_messenger import FakeMessenger

#: Seconds of the harness between two looks at the feed.
LOOK_S = 4.0
#: What a worker would load late, loaded before it is forked.
LOADED = sqlite.__name__


async def work(stage: Stage, run: str, naive: bool) -> None:
    """Poll, then send, until told to stop."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    clock = stage.clock()
    store = await open_storage(f"sqlite:///{stage.database}")
    try:
        feed = Feed(stage, store)
        await feed.look()
        async with _messengers(stage) as messengers:
            posts = PostMaker(store, clock)
            made: Outbox | Naive = (Naive if naive else Outbox)(store, messengers, posts, clock, run=run)
            tasks = [asyncio.create_task(one) for one in (made.run(), feed.follow(made.wake), stop.wait())]
            done, rest = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in rest:
                task.cancel()
            await asyncio.gather(*rest, return_exceptions=True)
            for task in done:
                task.result()
    finally:
        await store.close()


@asynccontextmanager
async def _messengers(stage: Stage) -> AsyncIterator[dict[str, Messenger]]:
    if not stage.wire:
        yield {name: FakeMessenger(Remote(stage, name)) for name in PROFILES}
        return
    from benchmarks.crash_wire import connected

    async with connected(stage) as messenger:
        yield {"discord": messenger}


class Feed:
    """Every show's feed, as far as this worker has seen it."""

    def __init__(self, stage: Stage, store: Storage) -> None:
        self._stage, self._store = stage, store
        self._seen: dict[str, int] = {}

    async def follow(self, wake: Callable[[], None]) -> None:
        while True:
            await asyncio.sleep(LOOK_S)
            if await self.look():
                wake()

    async def look(self) -> int:
        """Poll the shows that have more; how many episodes were new."""
        new = 0
        for show, count in json.loads(self._stage.feed.read_text()).items():
            if count > self._seen.get(show, 0):
                new += await release(self._store, ShowId(show), count, self._stage.clock().now())
                self._seen[show] = count
        return new


# --- the process that forks -----------------------------------------------------------------------------------


def child(order: dict[str, Any]) -> NoReturn:
    """Never returns into the parent's code."""
    status = 1
    try:
        stage = Stage(**order["start"])
        _redirect(Path(stage.folder) / "workers.log")
        run_fast(work(stage, order["run"], order["naive"]), stage.rate)
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)


def _redirect(log: Path) -> None:
    """The parent's pipes are not the worker's."""
    to, nothing = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND), os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(to, 1)
    os.dup2(to, 2)
    os.close(to)
    os.close(nothing)


def main() -> None:
    alive: set[int] = set()
    if "wire" in sys.argv:  # discord.py and its adapter take their time
        importlib.import_module("adapters.discord.messenger")
    gc.freeze()
    print(json.dumps({"ready": LOADED}), flush=True)
    for line in iter(sys.stdin.readline, ""):
        order = json.loads(line)
        if "start" in order:
            pid = os.fork()
            if not pid:
                child(order)
            alive.add(pid)
            print(json.dumps({"pid": pid}), flush=True)
        else:
            alive.remove(order["end"])
            print(json.dumps({"status": end(order["end"], order["signal"])}), flush=True)
    for pid in alive:  # whoever asked is gone
        end(pid, signal.SIGKILL)


def end(pid: int, with_signal: int) -> int:
    os.kill(pid, with_signal)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


if __name__ == "__main__":
    main()
