"""Bodies as servers send them: packed, cut, endless, in parts. Read within a bound or not at all."""

from __future__ import annotations

import asyncio
import gzip
import tracemalloc
import zlib
from typing import Any

import pytest

from adapters.fetch import open_fetcher
from adapters.fetch.body import TooLarge, read_body
from bot.feed_ports import Fetched, Request
from tests.adapters.http_server import Asked, Server, answered, serving

LIMIT = 1_000_000
BODY = b"<rss>" + b"kite " * 400 + b"</rss>"


async def fetch(server: Server, path: str, **more: Any) -> Fetched:
    fetcher = open_fetcher("x", f"127.0.0.1:{server.port}")
    try:
        return await fetcher.fetch(Request(server.base + path, **{"limit": LIMIT, **more}))
    finally:
        await fetcher.close()


# --- bodies ----------------------------------------------------------------------------------------------------------


def packed(data: bytes, wbits: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, wbits)
    return packer.compress(data) + packer.flush()


def gzipped(data: bytes) -> bytes:
    """Without the time, so that the names of tests are the same in every process that collects them."""
    return gzip.compress(data, mtime=0)


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", gzipped(BODY)),
        ("X-GZIP", gzipped(BODY)),
        ("gzip", gzipped(BODY[:9]) + gzipped(BODY[9:])),
        ("gzip", gzipped(BODY) + b"\0" * 30),
        ("deflate", packed(BODY, 15)),
        ("deflate", packed(BODY, -15)),
        ("identity", BODY),
    ],
)
async def test_packed_bodies_are_unpacked(coding: str, body: bytes) -> None:
    async with serving(f=answered(200, body, Content_Encoding=coding)) as server:
        got = await fetch(server, "/f")
    assert (got.status, got.body) == ("ok", BODY)


async def test_a_body_that_comes_byte_by_byte_is_unpacked_all_the_same() -> None:
    data = gzipped(BODY[:700]) + gzipped(BODY[700:])

    async def drip(_: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 X\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n")
        for byte in data:
            writer.write(bytes([byte]))
            await writer.drain()

    async with serving(f=drip) as server:
        assert (await fetch(server, "/f")).body == BODY


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", BODY),
        ("gzip", gzipped(BODY)[:-9]),
        ("gzip", gzipped(BODY)[:-1]),
        ("gzip", gzipped(BODY) + gzipped(BODY)[:-1]),
        ("gzip", b"\x1f"),
        ("deflate", packed(BODY, 15)[:-1]),
        ("deflate", b"\xff\xff\xff\xff"),
        ("br", BODY),
        ("gzip, gzip", gzipped(gzipped(BODY))),
        ("gzip", gzipped(b"") * 5000),
    ],
)
async def test_a_body_that_is_cut_or_packed_otherwise_fails(coding: str, body: bytes) -> None:
    async with serving(f=answered(200, body, Content_Encoding=coding)) as server:
        got = await fetch(server, "/f")
    assert got.status == "failed"
    assert got.body == b""
    assert got.reason


@pytest.mark.parametrize("coding", ["identity", "gzip", "deflate"])
async def test_the_limit_counts_unpacked_bytes_and_is_reached_exactly(coding: str) -> None:
    def pack(data: bytes) -> bytes:
        return {"gzip": gzipped(data), "deflate": packed(data, 15)}.get(coding, data)

    full, more = pack(b"a" * 70_000), pack(b"a" * 70_001)
    async with serving(
        full=answered(200, full, Content_Encoding=coding), more=answered(200, more, Content_Encoding=coding)
    ) as server:
        fits = await fetch(server, "/full", limit=70_000)
        over = await fetch(server, "/more", limit=70_000)
    assert (fits.status, len(fits.body)) == ("ok", 70_000)
    assert (over.status, over.body) == ("too_large", b"")


class OneChunk:
    """A stream that brings everything at once, as a fast server does."""

    def __init__(self, data: bytes) -> None:
        self._left = data

    async def readany(self) -> bytes:
        data, self._left = self._left, b""
        return data


@pytest.mark.parametrize(("coding", "wbits"), [("gzip", 31), ("deflate", 15), ("deflate", -15)])
async def test_a_bomb_is_never_opened_beyond_the_limit(coding: str, wbits: int) -> None:
    bomb = packed(bytes(100 * 2**20), wbits)
    tracemalloc.start()
    with pytest.raises(TooLarge) as caught:
        await read_body(OneChunk(bomb), coding, LIMIT)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(caught.value.head) == LIMIT
    assert peak < 8 * LIMIT


# --- ranges ----------------------------------------------------------------------------------------------------------

FILE = bytes(range(256)) * 40


def ranged(asked: Asked) -> bytes:
    first, last = (int(part) for part in asked.headers["range"].removeprefix("bytes=").split("-"))
    part = FILE[first : last + 1]
    if not part:
        return answered(416, Content_Range=f"bytes */{len(FILE)}")
    return answered(206, part, Content_Range=f"bytes {first}-{first + len(part) - 1}/{len(FILE)}")


async def test_a_part_of_a_file_is_asked_for_and_comes_with_the_whole_size() -> None:
    async with serving(f=ranged) as server:
        head = await fetch(server, "/f", span=(0, 99))
        tail = await fetch(server, "/f", span=(10_000, 20_000))
    assert (head.status, head.code, head.body, head.offset, head.total) == ("ok", 206, FILE[:100], 0, len(FILE))
    assert (tail.body, tail.offset, tail.total) == (FILE[10_000:], 10_000, len(FILE))
    assert server.asked[0].headers["accept-encoding"] == "identity"


async def test_a_part_behind_the_end_fails_with_the_whole_size() -> None:
    async with serving(f=ranged) as server:
        got = await fetch(server, "/f", span=(50_000, 50_100))
    assert (got.status, got.code, got.total) == ("failed", 416, len(FILE))


async def test_a_whole_file_instead_of_a_part_is_read_up_to_the_limit() -> None:
    async with serving(f=answered(200, FILE)) as server:
        cut = await fetch(server, "/f", span=(0, 99), limit=1000)
        whole = await fetch(server, "/f", span=(500, 600), limit=len(FILE))
        far = await fetch(server, "/f", span=(5000, 6000), limit=1000)
    assert (cut.status, cut.code, cut.offset, cut.body, cut.total) == ("ok", 200, 0, FILE[:1000], len(FILE))
    assert (whole.offset, whole.body, whole.total) == (0, FILE, len(FILE))
    assert (far.status, far.body) == ("failed", b"")


@pytest.mark.parametrize("told", ["bytes 5-9/99", "bytes */99", "nonsense", ""])
async def test_another_part_than_was_asked_for_fails(told: str) -> None:
    async with serving(f=answered(206, b"12345", Content_Range=told)) as server:
        assert (await fetch(server, "/f", span=(0, 4))).status == "failed"


async def test_more_than_the_part_that_was_asked_for_is_cut() -> None:
    async with serving(f=answered(206, b"1234567890", Content_Range="bytes 0-9/10")) as server:
        assert (await fetch(server, "/f", span=(0, 4))).body == b"12345"


async def test_an_unknown_whole_size_is_none() -> None:
    async with serving(f=answered(206, b"12345", Content_Range="bytes 0-4/*")) as server:
        got = await fetch(server, "/f", span=(0, 4))
    assert (got.status, got.total) == ("ok", None)
