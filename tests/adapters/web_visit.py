"""A web port with some pages, and visits to it: by a client, or by raw bytes. No test enters here."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from adapters.web import Site, serve
from bot.errors import StorageLocked
from bot.web_ports import Answer, Incoming, Route

GUARD_S = 30


async def hello(incoming: Incoming) -> Answer:
    return Answer(200, f"{incoming.method} {sorted(incoming.query.items())}")


async def echo(incoming: Incoming) -> Answer:
    body = await incoming.body.whole()
    return Answer(200, f"{incoming.parts['id']} {len(body)} {body[:20].decode('latin-1')}")


async def nap(incoming: Incoming) -> Answer:
    await asyncio.sleep(3600)
    return Answer()


async def fail(incoming: Incoming) -> Answer:
    raise RuntimeError("the password is s3cret")


async def locked(incoming: Incoming) -> Answer:
    raise StorageLocked("another process holds /home/me/pullquote.db")


async def header(incoming: Incoming) -> Answer:
    return Answer(201, incoming.headers["x-hub-signature"], "application/json", (("X-Own", "yes"),))


ROUTES = (
    Route("GET", "/hello", hello),
    Route("POST", "/hello", header),
    Route("POST", "/in/{id}", echo, limit=100_000),
    Route("GET", "/nap", nap),
    Route("GET", "/fail", fail),
    Route("GET", "/locked", locked),
)


@asynccontextmanager
async def visited(**given: Any) -> AsyncIterator[tuple[Site, aiohttp.ClientSession]]:
    routes = given.pop("routes", ROUTES)
    async with serve("127.0.0.1", 0, routes, **given) as site:
        timeout = aiohttp.ClientTimeout(total=GUARD_S)
        async with aiohttp.ClientSession(f"http://127.0.0.1:{site.port}", timeout=timeout) as client:
            yield site, client


async def raw(site: Site, *pieces: bytes) -> bytes:
    """Everything that comes back for these bytes, until the server closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", site.port)
    out = b""
    try:
        async with asyncio.timeout(GUARD_S):
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
            while more := await reader.read(65536):
                out += more
    except (ConnectionResetError, BrokenPipeError):
        return out
    finally:
        writer.close()
    return out


def events(logged: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in logged.getvalue().splitlines()]
