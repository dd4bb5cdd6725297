"""The measured program of ``benchmarks.polling``: ``poll_feeds FOLDER PORT COUNT`` polls COUNT feeds in three rounds.

All new, all unchanged (304), all changed, over 500 host names that lead to loopback; between the rounds it
tells the host which version is the present one. Prints JSON. ``poll_feeds FOLDER PORT COUNT same`` does the unchanged
round alone, so that its peak is that of nothing else.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import urlopen

if TYPE_CHECKING:
    from bot.ports import Storage
    from bot.services.poller import Poller

HOSTS = 500


async def measure(folder: Path, port: int, count: int, rounds: str) -> dict[str, object]:
    from adapters.fetch import Manners
    from adapters.fetch.client import HttpFetcher
    from adapters.workers import Workers
    from bot.app import SystemClock
    from bot.rules.addresses import read_allow_list
    from bot.services.poller import Poller
    from storage import open_storage

    storage = await open_storage(f"sqlite:///{folder / 'pullquote.db'}")
    fetcher = HttpFetcher("Pullquote/bench", read_allow_list(f"127.0.0.1:{port}"), loopback, Manners())
    workers = Workers()
    poller = Poller(storage, fetcher, workers, SystemClock())
    found: dict[str, object] = {}
    try:
        if rounds == "all":
            await add(storage, port, count)
            found["new"] = await round_(poller, storage, count)
        found["same"] = await round_(poller, storage, count)
        found["same_mb"] = peak_mb()
        if rounds == "all":
            await asyncio.to_thread(tell, port, 2)
            found["changed"] = await round_(poller, storage, count)
            found["all_mb"] = peak_mb()
    finally:
        await fetcher.close()
        await workers.close()
        await storage.close()
    return found


async def loopback(host: str) -> list[str]:
    """Every name is this machine."""
    return ["127.0.0.1"]


async def add(store: Storage, port: int, count: int) -> None:
    from bot.domain import DEFAULT_COMMUNITY, Show, ShowId
    from bot.feed_memory import FeedState
    from bot.rules.ids import new_id

    for n in range(count):
        url = f"http://h{n % HOSTS}.feeds.test:{port}/{n}"
        show = await store.put_show(DEFAULT_COMMUNITY, Show(ShowId(new_id()), f"show-{n}", f"Show {n}", url))
        await store.put_feed(FeedState(show.id, url))


async def round_(poller: Poller, store: Storage, count: int) -> dict[str, object]:
    states = [replace(state, next_at=None) for state in await store.feeds()]
    assert len(states) == count
    began = time.perf_counter()
    reports = await poller.poll(states)
    seconds = time.perf_counter() - began
    statuses = Counter(report.status for report in reports)
    return {"seconds": seconds, "statuses": dict(statuses), "changed": sum(len(one.changed) for one in reports)}


def tell(port: int, version: int) -> None:
    with urlopen(f"http://127.0.0.1:{port}/version/{version}"):
        pass


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


if __name__ == "__main__":
    arguments = sys.argv[1:]
    made = asyncio.run(
        measure(Path(arguments[0]), int(arguments[1]), int(arguments[2]), arguments[3] if arguments[3:] else "all")
    )
    print(json.dumps(made))
