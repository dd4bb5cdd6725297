"""Several processes over one file: no lane or feed is ever two's, and whoever is killed loses nothing."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import textwrap
from collections import Counter
from dataclasses import replace
from pathlib import Path

from bot.domain import Place
from bot.feed_memory import FeedState
from storage import open_storage
from tests.storage.alerting import BOTH, DAY, LEASE_S, NOON, OURS, alert
from tests.storage.build import shelved

ROOT = Path(__file__).resolve().parents[2]
PLACES = 40

WORK = """
    import asyncio, sys
    from dataclasses import replace
    from datetime import UTC, datetime, timedelta
    from storage import open_storage

    NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)

    async def feeds(storage, run):
        while found := await storage.claim_feeds(run, NOW, 60, 3):
            for state in found:
                print("feed", state.show, flush=True)

    async def lanes(storage, run):
        while found := await storage.claim_lanes(run, NOW, 60, 3, ["discord"]):
            for lane in found:
                for one in await storage.queue(lane.place):
                    [one] = await storage.advance([replace(one, state="sending", tried_at=NOW)], run, NOW)
                    print("sent", one.id, flush=True)
                    await storage.advance([replace(one, state="posted", posted_at=NOW, message="m")], run, NOW)
                await storage.release_lane(lane.place, run)

    async def main(path, run):
        storage = await open_storage("sqlite:///" + path)
        print("ready", flush=True)
        sys.stdin.readline()
        await feeds(storage, run)
        await lanes(storage, run)
        await storage.close()

    asyncio.run(main(*sys.argv[1:]))
"""


def working(path: Path, run: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", textwrap.dedent(WORK), str(path), run]
    return subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


async def made(path: Path, shows: int = 12) -> None:
    storage = await open_storage(f"sqlite:///{path}")
    for n in range(shows):
        show = await shelved(storage, f"s{n}")
        await storage.put_feed(FeedState(show.id, f"https://f.example/{n}", next_at=NOON))
    places = [Place("discord", "guild", f"c{n}") for n in range(PLACES)]
    await storage.add_alerts([alert(f"s{n}", place) for place in places for n in range(3)], NOON)
    await storage.close()


def begun(running: list[subprocess.Popen[str]]) -> None:
    """All are ready, and all go at once."""
    for each in running:
        assert each.stdout is not None
        assert each.stdout.readline() == "ready\n"
    for each in running:
        assert each.stdin is not None
        each.stdin.write("go\n")
        each.stdin.flush()


def test_processes_side_by_side_share_no_lane_and_no_feed(tmp_path: Path) -> None:
    path = tmp_path / "shared.db"
    asyncio.run(made(path))
    running = [working(path, f"run{n}") for n in range(3)]
    begun(running)
    ended = [each.communicate(timeout=90) for each in running]
    assert [error for _, error in ended] == ["", "", ""]
    said = Counter(line for out, _ in ended for line in out.splitlines())
    assert len(said) == 12 + PLACES * 3
    assert set(said.values()) == {1}


def test_whoever_is_killed_leaves_what_may_be_there_as_unknown(tmp_path: Path) -> None:
    path = tmp_path / "killed.db"
    asyncio.run(made(path, 0))
    sent: set[str] = set()
    for n in range(4):
        child = working(path, f"run{n}")
        begun([child])
        assert child.stdout is not None
        said = [child.stdout.readline() for _ in range(5 + 3 * n)]
        child.kill()
        rest, _ = child.communicate(timeout=30)
        sent |= {line.split()[1] for line in [*said, *rest.splitlines()]}
        asyncio.run(nothing_is_lost(path, sent))


async def nothing_is_lost(path: Path, sent: set[str]) -> None:
    """Whatever may have left is posted or, once the lease is over, unknown (then held, here); all else still waits."""
    storage = await open_storage(f"sqlite:///{path}")
    taken = await storage.claim_lanes("later", NOON + DAY, LEASE_S, 10**6, BOTH)
    states = {one.id: one.state for one in await storage.alerts(OURS, limit=10**6)}
    assert len(states) == PLACES * 3
    assert {states[id] for id in sent} <= {"posted", "unknown", "held"}
    unsaid = {state for id, state in states.items() if id not in sent}
    assert unsaid <= {"waiting", "unknown", "held"}, "killed between storing and saying so"
    for lane in taken:
        unknown = [one for one in await storage.queue(lane.place) if one.state == "unknown"]
        await storage.advance([replace(one, state="held", reason="r") for one in unknown], "later", NOON + DAY)
        await storage.release_lane(lane.place, "later")
    assert await storage.next_lane_at(BOTH) == NOON
    await storage.close()
