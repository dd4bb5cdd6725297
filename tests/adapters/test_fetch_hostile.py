"""Every case of the misbehaving server: a status that fits, in bounded time and memory, and the canary stays silent."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from adapters.fetch import Manners, open_fetcher, user_agent
from bot.feed_ports import Fetched, Fetcher, Request

LIMIT = 25 * 2**20
Check = Callable[[Fetched], bool]


def status(*statuses: str) -> Check:
    return lambda got: got.status in statuses and bool(got.reason) != (got.status in ("ok", "unchanged"))


def item(got: Fetched) -> bool:
    return got.status == "ok" and got.body.count(b"<item>") == 1


def moved(to: str, check: Check = item) -> Check:
    return lambda got: check(got) and bool(got.moved_to and got.moved_to.endswith(to))


def stayed(got: Fetched) -> bool:
    return item(got) and got.moved_to is None


def waits(kind: str, seconds: float | None) -> Check:
    return lambda got: got.status == kind and got.retry_after_s == seconds


def whole(body: bytes) -> Check:
    return lambda got: got.status == "ok" and got.body == body


#: What each case must come to. A case of the server that is not here fails the test.
CASES: dict[str, Check] = {
    "/ok": item,
    "/301": moved("/ok"),
    "/302": stayed,
    "/307": stayed,
    "/308": moved("/ok"),
    "/301-html": moved("/html", whole(b"<html>parked</html>")),
    "/html": whole(b"<html>parked</html>"),
    "/redirect-loop": status("failed"),
    "/hop0": status("failed"),
    "/to-canary": status("refused"),
    "/to-metadata": status("refused"),
    "/to-file": status("refused"),
    "/to-gopher": status("refused"),
    "/redirect-no-location": status("failed"),
    "/304-unasked": status("unchanged"),
    "/410": status("gone"),
    "/404": status("missing"),
    "/401": status("denied"),
    "/429": waits("busy", 3600),
    "/429-date": waits("busy", 1680),
    "/429-negative": waits("busy", None),
    "/429-huge": waits("busy", 30 * 86400),
    "/503": waits("busy", 120),
    "/500": status("failed"),
    "/empty": whole(b""),
    "/204": status("failed"),
    "/wrong-type": item,
    "/image-type": item,
    "/cl-too-long": status("failed"),
    "/cl-too-short": status("failed"),
    "/cl-negative": status("failed"),
    "/cl-two": lambda got: got.status == "failed" or item(got),
    "/bad-chunk": status("failed"),
    "/header-100k": lambda got: got.status == "failed" or item(got),
    "/headers-5000": lambda got: got.status == "failed" or item(got),
    "/bad-status": status("failed"),
    "/gzip": item,
    "/gzip-lie": status("failed"),
    "/gzip-cut": status("failed"),
    "/br-unasked": status("failed"),
    "/gzip-bomb": status("too_large"),
    "/etag": item,
    "/etag-flap": item,
    "/etag-weird": item,
    "/lastmod-future": item,
    "/flaky": status("failed"),
    "/guid-changes": item,
    "/reset": status("failed"),
    "/close": status("failed"),
    "/slow-headers": status("timeout"),
    "/slow-body": status("timeout"),
    "/infinite": status("too_large"),
    "/hang": status("timeout"),
}


#: What never ends by itself; the others get all the time that a busy machine needs.
ENDLESS = ("/slow-headers", "/slow-body", "/hang")


def free_pair() -> int:
    """A port that is free, and so is the next one, where the canary sits."""
    for _ in range(100):
        with closing(socket.socket()) as one, closing(socket.socket()) as two:
            one.bind(("127.0.0.1", 0))
            port: int = one.getsockname()[1]
            try:
                two.bind(("127.0.0.1", port + 1))
            except (OSError, OverflowError):
                continue
            return port
    raise AssertionError("no two neighbouring ports are free")


@pytest.fixture
def port(shared: Path) -> Iterator[int]:
    port = free_pair()
    command = [sys.executable, str(shared / "tools/hostile_server.py"), str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as server:
        assert server.stdout
        assert b"serving" in server.stdout.readline()
        try:
            yield port
        finally:
            server.kill()


def resident() -> int:
    """Bytes of memory that this process holds."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        pytest.skip("this system does not say how much memory a process holds")
    return pages * os.sysconf("SC_PAGE_SIZE")


class Watch:
    """The most memory that was held while it looked."""

    def __init__(self) -> None:
        self.before = self.most = resident()

    async def look(self) -> None:
        while True:
            self.most = max(self.most, resident())
            await asyncio.sleep(0.002)


async def timed(fetcher: Fetcher, base: str, path: str) -> tuple[Fetched, float]:
    began = time.monotonic()
    got = await fetcher.fetch(Request(base + path, LIMIT, deadline_s=2 if path in ENDLESS else 25))
    return got, time.monotonic() - began


async def test_every_hostile_answer_ends_well(port: int) -> None:
    base = f"http://127.0.0.1:{port}"
    fetcher = open_fetcher(user_agent("0.1.0"), f"127.0.0.1:{port}", manners=Manners(per_host=60))
    listed, _ = await timed(fetcher, base, "/cases")
    paths = [row.split("\t")[0] for row in listed.body.decode().splitlines()]
    watch = Watch()
    looking = asyncio.create_task(watch.look())
    results = await asyncio.gather(*(timed(fetcher, base, path) for path in paths))
    again = await fetcher.fetch(Request(f"{base}/etag", LIMIT, etag='"v1"'))
    looking.cancel()
    count, _ = await timed(fetcher, base, "/canary")
    await fetcher.close()

    assert set(paths) == CASES.keys()
    wrong = {path: got for path, (got, _) in zip(paths, results, strict=True) if not CASES[path](got)}
    assert wrong == {}
    assert max(seconds for _, seconds in results) < 30
    assert again.status == "unchanged"
    assert json.loads(count.body)["canary"] == 0
    assert watch.most - watch.before < 100 * 2**20
