"""Work in other processes: what it returns and raises comes back, what goes wrong stays there."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
import threading
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from adapters.workers import Inline, Workers
from bot.domain import Role
from bot.errors import Ambiguous, NotAllowed, UnknownFormat, WorkFailed

# --- work, as the workers import it ----------------------------------------------------------------------------------


def doubled(value: Any) -> Any:
    return value * 2


def slowly(value: int, seconds: float) -> int:
    time.sleep(seconds)
    return value


def stalled() -> None:
    """C code that never looks at signals again."""
    re.match(r"(a+)+$", "a" * 60 + "b")


def crashed() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def left(code: int) -> None:
    os._exit(code)


def exited() -> None:
    sys.exit(3)


def hungry() -> int:
    return len(bytearray(4 * 2**30))


def hungry_for_answers() -> list[bytes]:
    return [bytes(2**20) * 700] * 2 + [bytes(700 * 2**20)]


def raised(error: Exception) -> None:
    raise error


class Odd(Exception):
    """Cannot be made again from what it keeps in ``args``."""

    def __init__(self, one: str, two: str) -> None:
        super().__init__(f"{one} and {two}")


def odd() -> None:
    raise Odd("a", "b")


def unspeakable() -> object:
    return threading.Lock()


def place() -> int:
    return os.getpid()


def ignores_interrupts() -> bool:
    blocked = signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, set())
    return blocked or signal.getsignal(signal.SIGINT) is signal.SIG_IGN


@pytest.fixture
async def workers() -> AsyncIterator[Workers]:
    workers = Workers(count=2)
    yield workers
    await workers.close()


def alive(pid: int) -> bool:
    """Whether there is such a process; a zombie counts."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


# --- what comes back -------------------------------------------------------------------------------------------------


async def test_what_the_work_returns_comes_back(workers: Workers) -> None:
    assert await workers.run(doubled, 21) == 42
    assert await workers.run(doubled, ("é", b"\0")) == ("é", b"\0", "é", b"\0")


async def test_the_work_is_done_in_another_process_and_the_next_one_in_the_same(workers: Workers) -> None:
    first = await workers.run(place)
    assert first != os.getpid()
    assert await workers.run(place) == first


async def test_answers_go_to_who_asked_whatever_is_ready_first(workers: Workers) -> None:
    asked = [workers.run(slowly, i, 0.01 * (5 - i % 5)) for i in range(20)]
    assert await asyncio.gather(*asked) == list(range(20))


async def test_never_more_processes_than_said(workers: Workers) -> None:
    both = await asyncio.gather(*(workers.run(_place_after, 0.2) for _ in range(6)))
    assert len(set(both)) == 2


def _place_after(seconds: float) -> int:
    time.sleep(seconds)
    return os.getpid()


@pytest.mark.parametrize(
    "error",
    [
        UnknownFormat("no feed"),
        Ambiguous("which", ["a", "b"], "show"),
        NotAllowed("no", Role.admin),
        ValueError("x", 1),
        TimeoutError("its own"),
        KeyError("k"),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_what_the_work_raises_is_raised_as_it_was(workers: Workers, error: Exception) -> None:
    with pytest.raises(type(error)) as caught:
        await workers.run(raised, error)
    assert type(caught.value) is type(error)
    assert caught.value.args == error.args
    given = {name: value for name, value in vars(caught.value).items() if not name.startswith("__")}
    assert given == vars(error)


async def test_an_error_that_cannot_travel_is_told(workers: Workers) -> None:
    with pytest.raises(WorkFailed, match="Odd: a and b"):
        await workers.run(odd)


async def test_an_answer_that_cannot_travel_is_told(workers: Workers) -> None:
    with pytest.raises((WorkFailed, TypeError), match="lock"):
        await workers.run(unspeakable)
    assert await workers.run(doubled, 1) == 2


async def test_what_cannot_be_sent_is_the_askers_error(workers: Workers) -> None:
    with pytest.raises(TypeError):
        await workers.run(doubled, threading.Lock())
    assert await workers.run(doubled, 1) == 2


limited = pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory of a process has no limit here")

# --- what goes wrong -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("work", "given", "says", "seconds"),
    [
        (stalled, (), "longer than 1 s", 1.0),
        (slowly, (1, 600.0), "longer than 1 s", 1.0),
        (crashed, (), "SIGSEGV", 20.0),
        (left, (0,), "longer than 1 s", 1.0),
        (left, (3,), "failed badly", 20.0),
        (exited, (), "SystemExit", 20.0),
        pytest.param(hungry, (), "memory", 20.0, marks=limited),
        pytest.param(hungry_for_answers, (), "memory", 20.0, marks=limited),
    ],
    ids=["stall", "sleep", "segfault", "exit-0", "exit-3", "sys-exit", "memory", "memory-of-the-answer"],
)
async def test_work_that_goes_wrong_is_one_clear_line_and_the_next_works(
    workers: Workers, work: Any, given: tuple[Any, ...], says: str, seconds: float
) -> None:
    assert await workers.run(doubled, 1) == 2
    with pytest.raises(WorkFailed, match=says) as caught:
        await asyncio.wait_for(workers.run(work, *given, seconds=seconds), 30)
    assert "\n" not in str(caught.value)
    assert await workers.run(doubled, 2) == 4


async def test_work_that_goes_wrong_takes_no_other_down(workers: Workers) -> None:
    bad = [workers.run(stalled, seconds=0.5), workers.run(crashed), workers.run(left, 1)]
    good = [workers.run(slowly, i, 0.3) for i in range(4)]
    results = await asyncio.gather(*bad, *good, return_exceptions=True)
    assert [type(one) for one in results[:3]] == [WorkFailed] * 3
    assert results[3:] == [0, 1, 2, 3]


async def test_a_process_that_was_ended_while_it_rested_is_replaced(workers: Workers) -> None:
    pid = await workers.run(place)
    os.kill(pid, signal.SIGKILL)
    while alive(pid):  # noqa: ASYNC110 - nobody tells when it is gone
        await asyncio.sleep(0.01)
    for _ in range(3):
        try:
            assert await workers.run(place) != pid
        except WorkFailed:
            continue
        return
    raise AssertionError("no work was done any more")


async def test_the_wait_for_a_free_process_does_not_count(workers: Workers) -> None:
    asked = [workers.run(slowly, i, 0.4, seconds=1.5) for i in range(12)]
    assert await asyncio.gather(*asked) == list(range(12))


async def test_cancelled_work_is_ended(workers: Workers) -> None:
    pid = await workers.run(place)
    task = asyncio.create_task(workers.run(slowly, 1, 600.0, seconds=600.0))
    await asyncio.sleep(0.3)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await workers.run(doubled, 2) == 4
    while alive(pid):  # noqa: ASYNC110 - the limit of the test ends this when it never goes
        await asyncio.sleep(0.02)


# --- beginning and end -----------------------------------------------------------------------------------------------


async def test_no_process_before_there_is_work_and_none_after() -> None:
    workers = Workers()
    pids = set(await asyncio.gather(workers.run(_place_after, 0.1), workers.run(_place_after, 0.1)))
    await workers.close()
    assert not any(alive(pid) for pid in pids)
    with pytest.raises(WorkFailed, match="ends"):
        await workers.run(doubled, 1)


async def test_the_end_stops_what_runs() -> None:
    workers = Workers()
    task = asyncio.create_task(workers.run(slowly, 1, 600.0, seconds=600.0))
    await asyncio.sleep(0.5)
    await asyncio.wait_for(workers.close(), 30)
    with pytest.raises(WorkFailed, match="ends"):
        await asyncio.wait_for(task, 30)


async def test_a_process_without_work_is_let_go_and_comes_back() -> None:
    workers = Workers(idle_s=0.05)
    pid = await workers.run(place)
    while alive(pid):  # noqa: ASYNC110 - the limit of the test ends this when it never goes
        await asyncio.sleep(0.02)
    assert await workers.run(place) != pid
    await workers.close()


async def test_ctrl_c_is_none_of_their_business(workers: Workers) -> None:
    assert await workers.run(ignores_interrupts)
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, set())


async def test_work_in_a_thread_answers_and_raises_alike() -> None:
    inline = Inline()
    assert await inline.run(doubled, 2) == 4
    with pytest.raises(UnknownFormat):
        await inline.run(raised, UnknownFormat("no feed"))
    await inline.close()
