"""A feed host on loopback, as small as can be, so that what polls it is measured.

``feed_server PORT ITEMS [ADDRESS [grows]]``: ``GET /N`` is feed N with ITEMS items and an ETag of the present version;
a conditional request is answered with 304. ``GET /version/V`` makes version V the present one, in which every item has
another title; where feeds grow, each has one item more instead.
"""

from __future__ import annotations

import asyncio
import sys

_ITEM = (
    "<item><title>Harbour talk {n} of show {feed}, take {version}</title><guid>show{feed}-{n}</guid>"
    '<link>https://shows.example/{feed}/{n}</link><enclosure url="https://cdn.example/{feed}/{n}.mp3" length="1" '
    'type="audio/mpeg"/><pubDate>Mon, 01 Jan 2024 {hour:02}:{minute:02}:00 +0000</pubDate>'
    "<description>About the harbour, the lamp and the people who keep it, number {n}.</description></item>"
)
_FEED = '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>Show {feed}</title>{items}</channel>'


def feed(number: int, items: int, version: int) -> bytes:
    """One feed; every feed differs from the others, and every version from the one before."""
    made = "".join(
        _ITEM.format(n=n, feed=number, version=version, hour=n // 60 % 24, minute=n % 60) for n in range(items)
    )
    return _FEED.format(feed=number, items=made).encode() + b"</rss>"


class Host(asyncio.Protocol):
    """One connection: requests one after the other, kept alive."""

    items = 20
    version = 1
    grows = False

    def __init__(self) -> None:
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while b"\r\n\r\n" in self._buffer:
            head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
            assert self._transport is not None
            self._transport.write(self._answer(head))

    def _answer(self, head: bytes) -> bytes:
        path = head.split(b" ", 2)[1].decode()
        if path.startswith("/version/"):
            Host.version = int(path.rpartition("/")[2])
            return b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
        etag = f'"v{Host.version}"'.encode()
        if b"if-none-match: " + etag in head.lower():
            return b"HTTP/1.1 304 Not Modified\r\nETag: " + etag + b"\r\n\r\n"
        more = Host.version - 1 if Host.grows else 0
        body = feed(int(path.strip("/") or 0), Host.items + more, 1 if Host.grows else Host.version)
        return (b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nETag: %b\r\nContent-Length: %d\r\n\r\n%b") % (
            etag,
            len(body),
            body,
        )


async def serve(port: int, items: int, address: str = "127.0.0.1", grows: str = "") -> None:
    Host.items, Host.grows = items, bool(grows)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Host, address, port, backlog=4096)
    print("ready", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:5]))
