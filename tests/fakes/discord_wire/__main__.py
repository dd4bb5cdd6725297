"""``python -m tests.fakes.discord_wire [--port N] [--log FILE] [--like-discord]``: one fake Discord as a process.

Its first line of output is JSON: addresses, token and the ids of a small server. It ends with SIGTERM, or when its
input does.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import stat
import sys
from pathlib import Path

from tests.fakes.discord_wire.control import Control
from tests.fakes.discord_wire.log import Log
from tests.fakes.discord_wire.wire import Wire


async def serve(port: int, log: Path | None, like_discord: bool, keep_log: bool) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    made = Wire(log=Log(log, keep_log))
    if like_discord:
        made.limits.like_discord()
    control = Control(made, made.furnish())
    await made.start(port)
    sys.stdout.write(json.dumps(control.world()) + "\n")
    sys.stdout.flush()
    if stat.S_ISFIFO(os.fstat(sys.stdin.fileno()).st_mode):
        loop.add_reader(sys.stdin, stop.set)  # whoever started this is gone
    await stop.wait()
    await made.stop()


def main() -> None:
    said = argparse.ArgumentParser(prog="python -m tests.fakes.discord_wire", description="A Discord on loopback.")
    said.add_argument("--port", type=int, default=0, help="0 = any free one")
    said.add_argument("--log", type=Path, help="every post, one line of JSON each")
    said.add_argument("--like-discord", action="store_true", help="50 requests/s, 5 posts in 5 s to one channel")
    said.add_argument("--forget", action="store_true", help="keep no log in memory")
    given = said.parse_args()
    asyncio.run(serve(given.port, given.log, given.like_discord, not given.forget))


if __name__ == "__main__":
    main()
