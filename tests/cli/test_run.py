"""``run`` as servers and pipes meet it: it polls and posts by itself, and ends in order when it is told to."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import feeds_made as made
from tests.cli.program import ROOT, pullquote
from tests.feed_host import FeedHost, feed_host

FEED = "/feed.xml"


@pytest.fixture
def host() -> Iterator[FeedHost]:
    with feed_host() as made_host:
        yield made_host


@pytest.fixture
def data(host: FeedHost, tmp_path: Path) -> Path:
    """A data folder with a show of two episodes that is subscribed to on the console."""
    folder = tmp_path / "data"
    says(host, 2)
    assert pullquote(folder, "show", "add", host.url(FEED), ALLOW_HOSTS=host.allow).code == 0
    told = pullquote(folder, "do", "/subscribe the-tin-kettle")
    assert told.code == 0, told.out
    return folder


def says(host: FeedHost, count: int) -> None:
    rows = [made.Item(n, f"Kettle number {n}") for n in range(1, count + 1)]
    host.put(FEED, made.feed(host.url(""), rows), "application/rss+xml")


def hint(folder: Path) -> None:
    """The feed is due now."""

    async def hinted() -> None:
        from datetime import UTC, datetime

        from storage import open_storage

        storage = await open_storage(f"sqlite:///{folder / 'pullquote.db'}")
        for one in await storage.feeds():
            await storage.hint_feed(one.show, one.role, datetime.now(UTC))
        await storage.close()

    asyncio.run(hinted())


def posted(folder: Path) -> list[str]:
    """The first lines of all that the console was posted."""
    file = folder / "console_posts.jsonl"
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines() if line] if file.exists() else []
    return [row["text"].splitlines()[0] for row in rows if row["do"] == "post"]


@contextmanager
def server(folder: Path, host: FeedHost) -> Iterator[subprocess.Popen[str]]:
    """``pullquote run --no-console`` until the block ends."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PULLQUOTE_", "COV_"))}
    settings = {
        "PULLQUOTE_DATA_DIR": str(folder), "PULLQUOTE_ALLOW_HOSTS": host.allow, "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
    }  # fmt: skip
    words = [sys.executable, "-m", "bot", "run", "--no-console"]
    child = subprocess.Popen(
        words, env={**kept, **settings}, cwd=folder.parent, text=True, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        yield child
    finally:
        child.kill()
        child.communicate()


def wait_for(there: object, folder: Path) -> None:
    ends = time.monotonic() + 30
    while there not in posted(folder):
        assert time.monotonic() < ends, posted(folder)
        time.sleep(0.05)


def test_a_pipe_posts_what_is_due_before_it_ends_and_only_once(host: FeedHost, data: Path) -> None:
    says(host, 3)
    assert pullquote(data, "poll", ALLOW_HOSTS=host.allow).code == 0
    first = pullquote(data, "run", ALLOW_HOSTS=host.allow)
    assert (first.code, first.err) == (0, "")
    assert first.out.count("Kettle number 3") == 1
    assert "claim" not in first.out
    second = pullquote(data, "run", ALLOW_HOSTS=host.allow)
    assert "Kettle number 3" not in second.out
    assert posted(data) == ["The Tin Kettle: Kettle number 3"]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_server_polls_and_posts_by_itself_and_ends_in_order(host: FeedHost, data: Path, how: signal.Signals) -> None:
    says(host, 3)
    hint(data)
    with server(data, host) as child:
        wait_for("The Tin Kettle: Kettle number 3", data)
        assert child.poll() is None
        child.send_signal(how)
        out, err = child.communicate(timeout=30)
    assert child.returncode == 0
    assert "Traceback" not in err
    assert out.startswith("Running: 1 show is followed. Posts go to: the console")
    assert "/pullquote claim " in out
    assert posted(data) == ["The Tin Kettle: Kettle number 3"]


def test_once_there_is_an_admin_no_code_is_printed(host: FeedHost, data: Path) -> None:
    assert pullquote(data, "do", "/roles subject:console:mia role:admin").code == 0
    says(host, 3)
    hint(data)
    with server(data, host) as child:
        wait_for("The Tin Kettle: Kettle number 3", data)
        child.terminate()
        out, _ = child.communicate(timeout=30)
    assert "claim" not in out


def test_the_sample_is_left_alone(tmp_path: Path) -> None:
    told = pullquote(tmp_path / "data", "run", stdin="/shows\n")
    assert told.code == 0
    assert "claim" not in told.out
    assert told.err == ""
