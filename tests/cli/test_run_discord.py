"""``run`` with a Discord token, as a process against the wire fake: it serves until told, refuses clearly, ends in
order."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import texts_discord
from bot.domain import DEFAULT_COMMUNITY, Place, Subscription
from bot.rules.alert_keys import subscription_id
from storage import open_storage
from tests import feeds_made as made
from tests.cli.program import ROOT, pullquote
from tests.fakes.discord_wire.wire import Room, Wire, wire
from tests.feed_host import FeedHost, feed_host

FEED = "/feed.xml"
SECRET = "not.the-token.of-any-bot-at-all"


@dataclass(slots=True)
class Ran:
    """A process that ended: its code, streams, and how long it took from the signal on."""

    code: int
    out: str
    err: str
    seconds: float


class Child:
    """``pullquote run`` with nothing on its stdin."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        assert process.stdout is not None
        self._out = process.stdout
        self._read = ""

    async def says(self, words: str) -> None:
        async with asyncio.timeout(30):
            while words not in self._read:
                line = (await self._out.readline()).decode()
                assert line, f"it ended without saying {words!r}: {self._read}"
                self._read += line

    async def end(self, how: signal.Signals = signal.SIGTERM) -> Ran:
        began = time.monotonic()
        self.process.send_signal(how)
        return await self.ended(began)

    async def ended(self, began: float = 0.0) -> Ran:
        async with asyncio.timeout(30):
            out, err = await self.process.communicate()
        assert self.process.returncode is not None
        return Ran(self.process.returncode, self._read + out.decode(), err.decode(), time.monotonic() - began)


@asynccontextmanager
async def run(data: Path, discord: Wire, *words: str, **settings: str) -> AsyncIterator[Child]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PULLQUOTE_", "COV_"))}
    given = {
        "DATA_DIR": str(data), "DISCORD_TOKEN": discord.token, "DISCORD_API_URL": discord.api_url,
        "DISCORD_GATEWAY_URL": discord.gateway_url, **settings,
    }  # fmt: skip
    environment = {**kept, **{f"PULLQUOTE_{name}": value for name, value in given.items()}, "PYTHONPATH": str(ROOT)}
    pipe, nothing = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-u", "-m", "bot", "run", *words,
        env=environment, cwd=data.parent, stdin=nothing, stdout=pipe, stderr=pipe,
    )  # fmt: skip
    try:
        yield Child(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


async def until(true: Callable[[], object]) -> None:
    async with asyncio.timeout(30):
        while not true():  # noqa: ASYNC110 - what is waited for happens in the fake, which has no event for it
            await asyncio.sleep(0.01)


@pytest.fixture
async def discord() -> AsyncIterator[Wire]:
    async with wire() as made_wire:
        yield made_wire


@pytest.fixture
def host() -> Iterator[FeedHost]:
    with feed_host() as made_host:
        yield made_host


def says(host: FeedHost, count: int) -> None:
    rows = [made.Item(n, f"Kettle number {n}") for n in range(1, count + 1)]
    host.put(FEED, made.feed(host.url(""), rows), "application/rss+xml")


async def subscribed(folder: Path, room: Room) -> None:
    """The show is subscribed to in #general, and its feed is due now."""
    storage = await open_storage(f"sqlite:///{folder / 'pullquote.db'}")
    [feed] = await storage.feeds()
    place = Place("discord", room.guild.id, room.general.id)
    subscription = Subscription(subscription_id(feed.show, place), feed.show, str(place))
    await storage.link_workspace(DEFAULT_COMMUNITY, "discord", room.guild.id)
    await storage.put(DEFAULT_COMMUNITY, subscription, "test")
    await storage.cache(f"discord|met|{room.guild.id}", "1")  # no welcome: the only message is the post
    await storage.hint_feed(feed.show, feed.role, datetime.now(UTC))
    await storage.close()


async def test_without_a_terminal_it_serves_until_it_is_told_to_end(discord: Wire, tmp_path: Path) -> None:
    room = discord.furnish()
    async with run(tmp_path / "data", discord) as child:
        await child.says("Connected to Discord")
        await discord.say(room.member, room.general, f"<@{discord.state.bot['id']}> help")
        await until(lambda: len(room.general.messages) > 1)
        assert child.process.returncode is None
        ran = await child.end()
    assert ran.code == 0
    assert ran.seconds < 5.0
    assert "Traceback" not in ran.err
    assert discord.token not in ran.out + ran.err


async def test_a_bad_token_is_one_clear_line_and_exit_code_1(discord: Wire, tmp_path: Path) -> None:
    async with run(tmp_path / "data", discord, DISCORD_TOKEN=SECRET, LOG_LEVEL="warning") as child:
        ran = await child.ended()
    assert ran.code == 1
    assert ran.err.splitlines() == [f"pullquote: {texts_discord.BAD_TOKEN}"]
    assert SECRET not in ran.out + ran.err
    assert len(discord.log.asked) == 1


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
async def test_a_post_that_was_begun_is_finished_before_the_end(
    discord: Wire, host: FeedHost, tmp_path: Path, how: signal.Signals
) -> None:
    folder, room = tmp_path / "data", discord.furnish()
    says(host, 2)
    added = await asyncio.to_thread(pullquote, folder, "show", "add", host.url(FEED), ALLOW_HOSTS=host.allow)
    assert added.code == 0
    await subscribed(folder, room)
    says(host, 3)
    discord.faults.next("slow", "POST /channels", seconds=1.0)
    async with run(folder, discord, ALLOW_HOSTS=host.allow) as child:
        await until(lambda: not discord.faults.planned)  # the request is on its way
        ran = await child.end(how)
    assert (ran.code, "Traceback" in ran.err) == (0, False)
    assert ran.seconds < 5.0
    [message] = [one for one in room.general.messages.values() if "Kettle number 3" in one.data["content"]]
    storage = await open_storage(f"sqlite:///{folder / 'pullquote.db'}")
    alerts = await storage.alerts(DEFAULT_COMMUNITY)
    assert [(one.state, one.message) for one in alerts if one.message] == [("posted", message.data["id"])]
    await storage.close()


async def test_a_discord_that_hangs_holds_up_no_end(discord: Wire, host: FeedHost, tmp_path: Path) -> None:
    """What was on its way is not known then: the next start looks before it sends."""
    folder, room = tmp_path / "data", discord.furnish()
    says(host, 2)
    added = await asyncio.to_thread(pullquote, folder, "show", "add", host.url(FEED), ALLOW_HOSTS=host.allow)
    assert added.code == 0
    await subscribed(folder, room)
    says(host, 3)
    discord.faults.next("lost_answer", "POST /channels")
    async with run(folder, discord, ALLOW_HOSTS=host.allow) as child:
        await until(lambda: not discord.faults.planned)  # the request is on its way
        ran = await child.end()
    assert (ran.code, "Traceback" in ran.err) == (0, False)
    assert ran.seconds < 5.0
    storage = await open_storage(f"sqlite:///{folder / 'pullquote.db'}")
    assert [one.state for one in await storage.alerts(DEFAULT_COMMUNITY, states=("sending", "unknown"))]
    await storage.close()
    async with run(folder, discord, ALLOW_HOSTS=host.allow) as child:
        await child.says("Connected to Discord")
        assert (await child.end()).code == 0
    assert sum("Kettle number 3" in one.data["content"] for one in room.general.messages.values()) == 1
