"""Many large bodies at once: they wait for room, small ones pass, and nothing is held that is not needed."""

from __future__ import annotations

import asyncio
import gzip
from contextlib import AsyncExitStack

import pytest

from adapters.fetch import Manners, open_fetcher
from adapters.fetch.body import SMALL
from bot.feed_ports import Fetched, Request
from bot.services.large_bodies import LargeBodies, Place
from tests.adapters.http_server import Asked, Server, answered, serving

LARGE = b"k" * (2 * SMALL)
LIMIT = 3 * SMALL


class Counting(Place):
    """A place that is counted for as long as it is taken."""

    most = now = 0

    async def wanted(self) -> None:
        before = self._taken
        await super().wanted()
        if not before:
            Counting.now += 1
            Counting.most = max(Counting.most, Counting.now)

    def leave(self) -> None:
        Counting.now -= self._taken
        super().leave()


async def look(server: Server, path: str, places: asyncio.Semaphore) -> Fetched:
    fetcher = open_fetcher("x", f"127.0.0.1:{server.port}", manners=Manners(per_host=64))
    place = Counting(places)
    try:
        return await fetcher.fetch(Request(server.base + path, LIMIT, deadline_s=20.0, room=place))
    finally:
        await asyncio.sleep(0.01)  # it is read and stored
        place.leave()
        await fetcher.close()


@pytest.mark.parametrize("coding", ["identity", "gzip"])
async def test_only_so_many_large_bodies_are_in_memory_at_a_time(coding: str) -> None:
    Counting.most = Counting.now = 0
    places = asyncio.Semaphore(3)
    body = gzip.compress(LARGE, 1) if coding == "gzip" else LARGE
    async with serving(f=answered(200, body, Content_Encoding=coding)) as server:
        found = await asyncio.gather(*(look(server, "/f", places) for _ in range(24)))
    assert [(one.status, len(one.body)) for one in found] == [("ok", len(LARGE))] * 24
    assert (Counting.most, Counting.now) == (3, 0)


async def test_a_small_body_passes_while_all_room_is_taken() -> None:
    async with serving(f=answered(200, b"k" * SMALL)) as server:
        got = await look(server, "/f", asyncio.Semaphore(0))
    assert (got.status, len(got.body)) == ("ok", SMALL)


async def test_the_wait_for_room_is_not_held_against_the_server() -> None:
    places = asyncio.Semaphore(0)
    async with serving(f=answered(200, LARGE)) as server:
        fetcher = open_fetcher("x", f"127.0.0.1:{server.port}")
        place = Place(places)
        looking = asyncio.create_task(fetcher.fetch(Request(server.base + "/f", LIMIT, deadline_s=2.0, room=place)))
        await asyncio.sleep(2.5)
        assert not looking.done()
        places.release()
        assert (await looking).status == "ok"
        await fetcher.close()


async def test_a_body_that_never_ends_gives_its_room_back() -> None:
    async def endless(_: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 X\r\nConnection: close\r\n\r\n" + b"k" * (SMALL + 9))
        await writer.drain()
        await asyncio.sleep(30)

    bodies = LargeBodies(1)
    async with serving(f=endless, g=answered(200, LARGE)) as server, AsyncExitStack() as stack:
        fetcher = open_fetcher("x", f"127.0.0.1:{server.port}")
        stack.push_async_callback(fetcher.close)
        for path, seconds, status in (("/f", 0.5, "timeout"), ("/g", 20.0, "ok")):
            async with bodies.room() as room:
                got = await fetcher.fetch(Request(server.base + path, LIMIT, deadline_s=seconds, room=room))
            assert got.status == status
