"""The peer of ``benchmarks.polling``: lemon24/reader's ``update_feeds``, as ``reader_peer PORT COUNT FILE``.

Prints the seconds of two rounds as JSON: all feeds new, then all unchanged (304).
"""

from __future__ import annotations

import importlib
import json
import socket
import sys
import time
from typing import Any

_resolve = socket.getaddrinfo


def _loopback(host: Any, *rest: Any, **named: Any) -> Any:
    """Every name under ``.test`` is this machine."""
    return _resolve("127.0.0.1" if str(host).endswith(".test") else host, *rest, **named)


def main(port: int, count: int, path: str) -> None:
    # reader brings a feedparser of its own, which wants the standard library's old module under its old name.
    sys.modules.setdefault("sgmllib", importlib.import_module("feedparser_sgmllib"))
    from reader import make_reader

    socket.getaddrinfo = _loopback
    reader = make_reader(path)
    for n in range(count):
        reader.add_feed(f"http://h{n % 500}.feeds.test:{port}/{n}")
    rounds = []
    for _ in range(2):
        began = time.perf_counter()
        reader.update_feeds(scheduled=False, workers=8)
        rounds.append(time.perf_counter() - began)
    entries = reader.get_entry_counts().total
    print(json.dumps({"new_s": rounds[0], "same_s": rounds[1], "entries": entries}))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
