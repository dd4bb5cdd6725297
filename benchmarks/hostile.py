"""Everything hostile at once: misbehaving servers through the real fetcher and parser, hostile files through parsers.

Run by itself: ``python -m benchmarks.hostile``. ``python -m benchmarks.hostile PORT FOLDER`` is the measured process.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from benchmarks.table import Row, print_table, shared
from benchmarks.workspace import ROOT, run

SLOWEST_S, GROWTH_MB = 30.0, 100.0


def rows() -> list[Row]:
    """The figures; without the large inputs there is nothing to measure."""
    folder = shared()
    if folder is None:
        return [Row("hostile servers and files", "0 escapes", "inputs missing")]
    with _server(folder) as port:
        found = json.loads(run([sys.executable, "-m", "benchmarks.hostile", str(port), str(folder)]).printed)
        canary = int(json.loads(_read(port, "/canary"))["canary"])
    for escape in found["escapes"]:
        print(f"  {escape}", file=sys.stderr)
    what = f"hostile: {found['answers']} answers, {found['files']} files"
    return [
        Row(f"{what}: escapes", "0", str(len(found["escapes"])), ok=not found["escapes"]),
        Row("hostile: connections to the canary", "0", str(canary), ok=canary == 0),
        Row("hostile: slowest case", "≤ 30 s", f"{found['slowest_s']:.1f} s ({found['slowest']})",
            ok=found["slowest_s"] <= SLOWEST_S),
        Row("hostile: growth of the process", "≤ 100 MB", f"{found['growth_mb']:.0f} MB",
            ok=found["growth_mb"] <= GROWTH_MB),
    ]  # fmt: skip


@contextmanager
def _server(folder: Path) -> Iterator[int]:
    """The misbehaving server and, a port above, its canary, until the block ends."""
    port = _free_pair()
    command = [sys.executable, str(folder / "tools" / "hostile_server.py"), str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT) as server:
        try:
            _wait(port)
            yield port
        finally:
            server.terminate()


def _free_pair() -> int:
    while True:
        with socket.socket() as one, socket.socket() as two:
            one.bind(("127.0.0.1", 0))
            port = int(one.getsockname()[1])
            try:
                two.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


def _wait(port: int) -> None:
    for _ in range(200):
        try:
            _read(port, "/cases")
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("the hostile server does not answer")


def _read(port: int, path: str) -> str:
    with urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
        return str(answer.read().decode())


# --- the measured process ---------------------------------------------------------------------------------------


async def measure(port: int, folder: Path) -> dict[str, object]:
    from adapters.fetch import Manners
    from adapters.fetch.client import HttpFetcher
    from adapters.workers import Workers
    from bot.errors import UnknownFormat
    from bot.feed_ports import Request
    from bot.formats import parse
    from bot.rules.addresses import read_allow_list
    from bot.services.readers import read_feed

    fetcher = HttpFetcher("Pullquote/bench", read_allow_list(f"127.0.0.1:{port}"), None, Manners(per_host=64))
    workers = Workers()
    cases = [line.split("\t")[0] for line in _read(port, "/cases").splitlines() if line.startswith("/")]
    files = _files(folder)
    await fetcher.fetch(Request(f"http://127.0.0.1:{port}/ok", 2**20))
    await workers.run(len, b"")
    before, times, escapes = _resident_mb(), {}, []

    async def answer(path: str) -> None:
        fetched = await fetcher.fetch(Request(f"http://127.0.0.1:{port}{path}", 25 * 2**20))
        if fetched.status == "ok":
            await workers.run(read_feed, fetched.body, fetched.url, fetched.content_type)

    async def file(name: str, body: bytes) -> None:
        try:
            await workers.run(parse, body, name)
        except UnknownFormat:
            return

    async def timed(name: str, work: asyncio.Future[None]) -> None:
        began = time.perf_counter()
        try:
            await work
        except Exception as err:
            escapes.append(f"{name}: {type(err).__name__}: {err}"[:200])
        times[name] = time.perf_counter() - began

    await asyncio.gather(*(timed(path, asyncio.ensure_future(answer(path))) for path in cases))
    for name, body in files.items():
        await timed(name, asyncio.ensure_future(file(name, body)))
    await fetcher.close()
    await workers.close()
    slowest = max(times, key=lambda name: times[name])
    return {
        "answers": len(cases), "files": len(files), "escapes": escapes, "slowest": slowest,
        "slowest_s": times[slowest], "growth_mb": _peak_mb() - before,
    }  # fmt: skip


def _files(folder: Path) -> dict[str, bytes]:
    paths = sorted(path for path in (folder / "inputs" / "hostile").iterdir() if path.suffix != ".tsv")
    return {path.name: path.read_bytes() for path in paths}


def _status(field: str) -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) * 1024 / 1e6
    return 0.0


def _resident_mb() -> float:
    return _status("VmRSS")


def _peak_mb() -> float:
    """The highest that the process ever was: ``ru_maxrss`` would begin at its parent's."""
    return _status("VmHWM")


if __name__ == "__main__":
    if sys.argv[1:]:
        os.chdir(ROOT)
        print(json.dumps(asyncio.run(measure(int(sys.argv[1]), Path(sys.argv[2])))))
    else:
        print_table(rows())
