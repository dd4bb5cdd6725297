"""The real outbox over our messenger and a Discord on loopback: start, crash, release episodes, count posts. No test
enters here."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import discord

from adapters.discord.messenger import DiscordMessenger
from benchmarks.alerts_room import furnish, identity, release
from bot.alerts import Alert, Options
from bot.domain import DEFAULT_COMMUNITY, Place, ShowId
from bot.ports import Storage
from bot.rules.alert_keys import alert_id, key_in
from bot.services.outbox import Outbox
from bot.services.posts import PostMaker
from storage import open_storage
from tests.adapters.discord import socket_time
from tests.adapters.discord.post_world import new_client
from tests.fakes.discord_wire.wire import Wire, wire
from tests.virtual_time import START, LoopClock

SEND = {"text": "POST /channels/{channel}/messages", "forum": "POST /channels/{channel}/threads"}
MANY = Options(START, burst_cap=20)
FORUM = Options(START, burst_cap=20, thread="forum")


@dataclass(slots=True)
class OutboxWorld:
    """One database, the process that works on it, and the Discord that it posts on."""

    storage: Storage
    wire: Wire
    kind: str
    where: list[Place]
    clock: LoopClock
    show: ShowId = ShowId("show00000000")
    released: int = 0
    runs: int = 0
    clients: list[tuple[discord.Client, DiscordMessenger]] = field(default_factory=list)
    outbox: Outbox | None = None
    task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """As a process starts: a connection and a run of its own."""
        self.runs += 1
        client = new_client()
        await client.login(self.wire.token)
        messenger = DiscordMessenger(client)
        self.clients.append((client, messenger))
        posts = PostMaker(self.storage, self.clock)
        run = f"run {self.runs}"
        self.outbox = Outbox(self.storage, {"discord": messenger}, posts, self.clock, run=run, seed=self.runs)
        self.task = asyncio.create_task(self.outbox.run(), name="outbox run")

    async def crash(self) -> None:
        """Whatever is awaited is never come back to; requests that left are not called back."""
        ours = [one for one in asyncio.all_tasks() if one.get_name().startswith(("lane ", "outbox", "discord attempt"))]
        for one in ours:
            one.cancel()
        await asyncio.gather(*ours, return_exceptions=True)

    async def stop(self) -> None:
        if self.task is not None:
            self.task.cancel()
            await asyncio.gather(self.task, return_exceptions=True)

    async def release(self, count: int = 1) -> None:
        self.released += count
        await release(self.storage, self.show, self.released, self.clock.now())
        if self.outbox is not None:
            self.outbox.wake()

    async def until_quiet(self, within: timedelta = timedelta(hours=3)) -> None:
        ends = self.clock.now() + within
        while await self.storage.next_lane_at(["discord"]) is not None:
            assert self.clock.now() < ends, await self.states()
            await asyncio.sleep(5.0)
        await asyncio.sleep(60.0)

    def keys(self, place: Place) -> list[str]:
        return [alert_id(place, self.show, identity(self.show, n), "new") for n in range(self.released)]

    async def alerts(self) -> list[Alert]:
        found = await self.storage.alerts(DEFAULT_COMMUNITY, limit=10_000)
        return [one for one in reversed(found) if one.kind == "new"]

    async def story(self, alert: Alert) -> list[str]:
        return [step.state for step in await self.storage.alert_story(alert.id)]

    async def states(self) -> Counter[str]:
        return Counter(one.state for one in await self.alerts())

    def posted(self, place: Place) -> list[str]:
        """Keys of what came to be in a place, in its order; the platform's own log says it."""
        channels = self.wire.state.channels
        there = [
            one
            for one in self.wire.log.posted
            if one.channel == place.channel or channels[one.channel].data.get("parent_id") == place.channel
        ]
        signs = [sign for one in there if (sign := key_in(one.custom_ids[0]))]
        return [key for key, kind in signs if kind == "new"]

    def check_once(self) -> None:
        """Lost 0, doubled 0, in order."""
        for place in self.where:
            assert self.posted(place) == self.keys(place)


@asynccontextmanager
async def outbox_world(kind: str, count: int = 2, url: str = "sqlite:///:memory:") -> AsyncIterator[OutboxWorld]:
    clock = LoopClock()
    async with wire(clock) as made:
        guild = made.furnish().guild
        channels = [made.state.channel(guild, f"news-{n}", kind) for n in range(count)]
        made.posting.nonce_s = 180.0
        storage = await open_storage(url, busy_s=0.2)
        world = OutboxWorld(storage, made, kind, [Place("discord", guild.id, one.id) for one in channels], clock)
        try:
            await furnish(storage, [world.show], world.where, clock.now(), FORUM if kind == "forum" else MANY)
            yield world
        finally:
            await world.stop()
            for client, messenger in world.clients:
                await messenger.close()
                await client.close()
            await world.storage.close()


def play(scene: Callable[[], Awaitable[None]]) -> None:
    async def main() -> None:
        await scene()

    socket_time.run(main())
