"""The measured program of ``benchmarks.idle``: ``idle_run FOLDER PORT fill|due|quiet [SECONDS]``.

``fill`` makes the database: shows of 20 episodes with a feed on loopback, ten subscriptions each, everything that their
first weeks brought settled. ``due`` and ``quiet`` run everything that runs beside a console or a server, for so long,
and print JSON: with the feeds due as in real life (spread over their hour), and with none due. The first seconds, in
which modules are loaded and the index is opened, are not counted.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import resource
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.ports import Storage

SHOWS, PLACES = 1000, 10
WARM_UP_S = 20.0


def settings(folder: Path, port: int) -> Mapping[str, str]:
    """A server with a public address: the web port is open, hubs are looked after."""
    return {
        "PULLQUOTE_DATA_DIR": str(folder),
        "PULLQUOTE_ALLOW_HOSTS": f"127.0.0.1:{port}",
        "PULLQUOTE_PUBLIC_URL": "https://bench.example",
        "PULLQUOTE_HTTP_PORT": str(port + 1 if port < 65535 else port - 1),
        "PULLQUOTE_LOG_LEVEL": "warning",
    }


async def fill(folder: Path, port: int) -> None:
    from bot.alerts import Options
    from bot.app import open_app
    from bot.domain import DEFAULT_COMMUNITY, Place, Show, ShowId, Subscription
    from bot.feed_memory import FeedState
    from bot.rules.alert_keys import subscription_id
    from bot.rules.ids import new_id
    from bot.rules.subscription_options import write
    from bot.services.follower import catch_up_if_free

    async with open_app(settings(folder, port)).services() as services:
        storage, now = services.storage, services.clock.now()
        states = []
        for n in range(SHOWS):
            url = f"http://127.0.0.1:{port}/{n}"
            show = await storage.put_show(
                DEFAULT_COMMUNITY, Show(ShowId(new_id()), f"show-{n}", f"Show {n}", feed_url=url)
            )
            states.append(await storage.put_feed(FeedState(show.id, url)))
            for m in range(PLACES):
                place = Place("console", "local", f"place-{n}-{m}")
                options = write(Options(now))
                wanted = Subscription(subscription_id(show.id, place), show.id, str(place), options)
                await storage.put(DEFAULT_COMMUNITY, wanted, "bench")
        await services.poller.poll(states)
        for state in states:
            known = await storage.resources(state.show)
            late = now + timedelta(days=7)
            await storage.note_resources(state.show, [replace(one, state="empty", next_at=late) for one in known])
        await catch_up_if_free(storage, services.index)
        await storage.cache("summaries|seen", str(await storage.last_change()))
        while await services.alerts.growth.follow():
            pass


async def idle(folder: Path, port: int, mode: str, seconds: float) -> dict[str, float]:
    from bot.app import open_app
    from bot.services.background import running

    app = open_app(settings(folder, port))
    async with app.services() as services:
        await _spread(services.storage, services.clock.now(), 0.0 if mode == "due" else 7200.0)
        async with running(services, app.port()):
            await asyncio.sleep(WARM_UP_S)
            used, began, at = _cpu_s(), time.monotonic(), services.clock.now()
            await asyncio.sleep(seconds)
            share = (_cpu_s() - used) / (time.monotonic() - began)
            looked = [one for one in await services.storage.feeds() if one.checked_at and one.checked_at > at]
    unit = 1 if sys.platform == "darwin" else 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
    return {"share": share, "peak_mb": peak, "polls": len(looked)}


async def _spread(storage: Storage, now: datetime, from_s: float) -> None:
    """Let every feed be due once within the hour that begins ``from_s`` seconds from now."""
    chance = random.Random(1)
    states = await storage.feeds()
    await storage.note_polls(
        [replace(one, next_at=now + timedelta(seconds=from_s + 3600 * chance.random())) for one in states]
    )


def _cpu_s() -> float:
    """Of this process and of those that it started and saw end."""
    found = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in found)


if __name__ == "__main__":
    for name in list(os.environ):
        if name.startswith("PULLQUOTE_") and name != "PULLQUOTE_SHARED":
            del os.environ[name]
    words = sys.argv[1:]
    where, port_, mode_ = Path(words[0]), int(words[1]), words[2]
    if mode_ == "fill":
        asyncio.run(fill(where, port_))
    else:
        print(json.dumps(asyncio.run(idle(where, port_, mode_, float(words[3])))))
