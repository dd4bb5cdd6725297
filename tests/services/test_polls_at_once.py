"""Two who look at one feed at the same moment, in one process or two, and a feed that is set while it is looked at."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import textwrap
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from adapters.workers import Inline
from bot.domain import DEFAULT_COMMUNITY, EpisodeImport, ShowId
from bot.feed_memory import FeedState
from bot.feed_ports import Fetched, Request
from bot.services.poller import Poller
from storage import open_storage
from tests.fake_web import FakeWeb
from tests.feeds_made import Item, feed
from tests.services.feed_room import BASE, FEED, room

ROOT = Path(__file__).resolve().parents[2]
OTHER = f"{BASE}/other.xml"


def body(count: int) -> str:
    return feed(BASE, [Item(n, f"Kettle {n}") for n in range(1, count + 1)])


@dataclass
class Interrupted:
    """The web of a room; something happens while a feed is on its way."""

    web: FakeWeb
    meanwhile: asyncio.Future[None] | None = None

    async def fetch(self, request: Request) -> Fetched:
        fetched = await self.web.fetch(request)
        if self.meanwhile:
            await self.meanwhile
        return fetched

    async def close(self) -> None:
        await self.web.close()


async def test_two_pollers_of_one_database_find_a_new_item_once() -> None:
    async with room() as here:
        await here.add(body(1))
        here.clock.pass_hours(1)
        here.web.put(FEED, body(3))
        states = await here.storage.feeds()
        others = [Poller(here.storage, here.web, Inline(), here.clock, chance=lambda: 0.0) for _ in range(4)]
        found = await asyncio.gather(*(one.poll(states) for one in (here.poller, *others)))
        assert len(await here.episodes()) == 3
        told = Counter(new.title for reports in found for report in reports for new in report.new)
        assert told == {"Kettle 2": 1, "Kettle 3": 1}
        assert {report.status for reports in found for report in reports} == {"ok"}


async def test_an_address_set_during_a_poll_stays() -> None:
    async with room() as here:
        show = await here.add(body(1))
        here.web.put(FEED, body(2))
        here.web.put(OTHER, body(2))
        states = await here.storage.feeds()
        gate: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        slow = Poller(here.storage, Interrupted(here.web, gate), Inline(), here.clock, chance=lambda: 0.0)
        looking = asyncio.create_task(slow.poll(states))
        await asyncio.sleep(0)
        await here.shows.set_feed(DEFAULT_COMMUNITY, show, OTHER)
        gate.set_result(None)
        [report] = await looking
        assert (report.status, report.new) == ("unchanged", ())
        assert (await here.state()).url == OTHER
        assert len(await here.episodes()) == 2


async def test_a_failed_look_does_not_bring_the_old_address_back() -> None:
    async with room() as here:
        show = await here.add(body(1))
        states = await here.storage.feeds()
        here.web.put(OTHER, body(1))
        here.web.fail(FEED, "failed")
        gate: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        slow = Poller(here.storage, Interrupted(here.web, gate), Inline(), here.clock, chance=lambda: 0.0)
        looking = asyncio.create_task(slow.poll(states))
        await asyncio.sleep(0)
        await here.shows.set_feed(DEFAULT_COMMUNITY, show, OTHER)
        gate.set_result(None)
        await looking
        assert (await here.state()).url == OTHER


async def test_a_file_imported_during_a_poll_and_its_item_are_one_episode() -> None:
    async with room() as here:
        show = await here.add(body(1))
        here.web.put(FEED, body(2))
        read = here.storage.known_items

        async def known_items(asked: ShowId) -> object:
            known = await read(asked)
            if len(await here.episodes()) == 1:  # the last moment: the poll has read all that it decides by
                made = EpisodeImport("some-file", "Kettle 2", number=2, guid="item-2")
                await here.storage.save_episode(DEFAULT_COMMUNITY, show.id, made)
            return known

        here.storage.known_items = known_items  # type: ignore[method-assign, assignment]
        await here.poll()
        assert [one.key for one in await here.episodes()].count("some-file") == 1
        assert len(await here.episodes()) == 2


POLLS = """
    import asyncio, sys
    from adapters.workers import Inline
    from bot.logs import set_up_logs
    from bot.services.poller import Poller
    from storage import open_storage
    from tests.commands.world import Times
    from tests.fake_web import FakeWeb
    from tests.services.test_polls_at_once import FEED, body

    set_up_logs("error", "json", ())

    async def main(path):
        storage, web = await open_storage("sqlite:///" + path, busy_s=60.0), FakeWeb()
        poller = Poller(storage, web, Inline(), Times(), chance=lambda: 0.0)
        for line in sys.stdin:
            web.put(FEED, body(int(line)))
            reports = await poller.poll(await storage.feeds())
            print("|".join(new.title for report in reports for new in report.new), flush=True)
        await storage.close()

    asyncio.run(main(sys.argv[1]))
"""


def test_two_processes_that_poll_a_changed_feed_fifty_times_remember_every_item_once(tmp_path: Path) -> None:
    path = tmp_path / "two.db"
    asyncio.run(_add(path))
    command = [sys.executable, "-c", textwrap.dedent(POLLS), str(path)]
    children = [
        subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    told: Counter[str] = Counter()
    for count in range(2, 52):
        for child in children:  # both are told before either is heard
            assert child.stdin
            child.stdin.write(f"{count}\n")
            child.stdin.flush()
        for child in children:
            assert child.stdout
            told.update(title for title in child.stdout.readline().strip().split("|") if title)
    assert [child.communicate(timeout=60)[0] for child in children] == ["", ""]
    assert told == {f"Kettle {n}": 1 for n in range(2, 52)}
    asyncio.run(_whole(path, 51))


async def _add(path: Path) -> None:
    async with room() as here:
        here.web.put(FEED, body(1))
        storage = await open_storage(f"sqlite:///{path}")
        show = await here.add()
        await storage.put_show(DEFAULT_COMMUNITY, show)
        state = await storage.put_feed(FeedState(show.id, FEED))
        poller = Poller(storage, here.web, Inline(), here.clock, chance=lambda: 0.0)
        await poller.poll([state])
        await storage.close()


async def _whole(path: Path, count: int) -> None:
    storage = await open_storage(f"sqlite:///{path}")
    [state] = await storage.feeds()
    episodes, items = await storage.stored_episodes(state.show), await storage.known_items(state.show)
    assert len(episodes) == len({one.title for one in episodes}) == count
    assert len(items) == len({one.episode for one in items}) == count
    await storage.close()
