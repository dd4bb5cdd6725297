"""Computing in one thread: in order, one at a time, with what it raises."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from bot.services.in_turn import in_turn


async def test_work_is_done_in_the_order_it_came_and_never_two_at_once() -> None:
    done: list[int] = []
    threads: set[int] = set()

    def work(n: int) -> int:
        begun = len(done)
        threads.add(threading.get_ident())
        time.sleep(0.001)
        assert len(done) == begun, "somebody else worked meanwhile"
        done.append(n)
        return n

    assert await asyncio.gather(*(in_turn(lambda n=n: work(n)) for n in range(20))) == [*range(20)]  # type: ignore[misc]
    assert done == [*range(20)]
    assert len(threads) == 1
    assert threading.get_ident() not in threads


async def test_what_the_work_raises_is_raised() -> None:
    def fail() -> None:
        raise LookupError("nothing there")

    with pytest.raises(LookupError, match="nothing there"):
        await in_turn(fail)
    assert await in_turn(lambda: 1) == 1
