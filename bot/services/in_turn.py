"""Computing off the event loop, in one thread of the process, first come first served. No I/O is done there.

Threads that compute at the same time in one interpreter take turns of milliseconds, and whatever gives up its turn for
a moment (each passage that the index hands out does) waits that long to get it back: with ``SWITCH_S`` 200 searches at
once took four times as long as 200 after each other.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

T = TypeVar("T")

#: How long a computing thread keeps the interpreter while others want it, in seconds; Python's own is ten times that.
#: The event loop was then late by 13 ms (p99) where it was by 90 (one run of 12 s each, 18 searches a second).
SWITCH_S = 0.0005


async def in_turn(work: Callable[[], T]) -> T:
    """``work()`` when those before it are done. What it raises is raised."""
    return await asyncio.get_running_loop().run_in_executor(_thread(), work)


@cache
def _thread() -> ThreadPoolExecutor:
    """Made with the first work: who never computes keeps Python's own way of taking turns."""
    from concurrent.futures import ThreadPoolExecutor  # not before there is something to do

    sys.setswitchinterval(SWITCH_S)
    return ThreadPoolExecutor(1, "computing")
