"""CPU work off the event loop: the ``Offload`` port over processes that may stall, crash or eat memory without harm.

Each worker is a pebble pool of one process: the processes of a pool share a pipe and its lock, so that one killed at a
bad moment could hold up the others. What crosses a pipe is bytes that are made and read here: pebble gives up a whole
pool over an object that cannot be pickled.
"""

from __future__ import annotations

import asyncio
import gc
import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, TypeVar, cast

from bot import texts
from bot.errors import WorkFailed
from bot.logs import get_logger

if TYPE_CHECKING:
    from pebble import ProcessPool

T = TypeVar("T")
log = get_logger(__name__)

#: What a worker may take beyond what it starts with (bytes), and how long it is kept without work (seconds).
MEMORY, IDLE_S = 1536 * 2**20, 120.0
#: Who asks a question comes before a feed: a worker's share of a busy processor is about a third of theirs.
_BEHIND = 5
#: Answers from here on are read without looking for garbage (bytes); how rarely a worker looks (objects).
_LARGE, _RARELY = 2**20, 100_000


class Inline:
    """``Offload`` in a thread of this process: nothing can stop the work. For tests and for our own files only."""

    async def run(self, work: Callable[..., T], *given: object, seconds: float = 30.0) -> T:
        return await asyncio.to_thread(work, *given)

    async def close(self) -> None:
        """Nothing is kept."""


class Workers:
    """``Offload`` on at most ``count`` processes, each started with the first work that finds no other free."""

    def __init__(self, count: int = 2, memory: int = MEMORY, idle_s: float = IDLE_S) -> None:
        self._free = [_Worker(memory, idle_s) for _ in range(count)]
        self._all = tuple(self._free)
        self._places = asyncio.Semaphore(count)
        self._closed = False

    async def run(self, work: Callable[..., T], *given: object, seconds: float = 30.0) -> T:
        """See ``bot.ports.Offload``. The wait for a free worker does not count as ``seconds``."""
        async with self._places:
            if self._closed:
                raise WorkFailed(texts.WORK_ENDED)
            worker = self._free.pop()  # the one used last: the others may rest
            try:
                return cast("T", await worker.run(work, given, seconds))
            finally:
                self._free.append(worker)

    async def close(self) -> None:
        """Stop what runs and end every process."""
        self._closed = True
        await asyncio.gather(*(worker.stop() for worker in self._all))


class _Worker:
    """One process, or none while there is nothing to do."""

    def __init__(self, memory: int, idle_s: float) -> None:
        self._memory = memory
        self._idle_s = idle_s
        self._pool: ProcessPool | None = None
        self._closed = False
        #: Held while the process is started: a cancelled start may still be under way when the next work comes.
        self._starting = threading.Lock()
        self._job: Future[bytes] | None = None
        self._rest: asyncio.TimerHandle | None = None
        self._ends: set[asyncio.Future[None]] = set()

    async def run(self, work: Callable[..., object], given: tuple[object, ...], seconds: float) -> object:
        loop = asyncio.get_running_loop()
        if self._rest:
            self._rest.cancel()
        begun = loop.run_in_executor(None, self._begin, work, given, seconds)
        try:
            self._job = await asyncio.shield(begun)
            told = await self._result(self._job, seconds)
        except asyncio.CancelledError:
            begun.add_done_callback(_cancel)
            raise
        finally:
            self._job = None
            self._rest = loop.call_later(self._idle_s, self._retire)
        failed, value = await asyncio.to_thread(_read, told)
        if failed:
            raise value
        return value

    def _begin(self, work: Callable[..., object], given: tuple[object, ...], seconds: float) -> Future[bytes]:
        """In a thread, because starting a process takes a while. What cannot be pickled is the caller's error."""
        payload = pickle.dumps((work, given), pickle.HIGHEST_PROTOCOL)
        with self._starting:
            if self._closed:
                raise WorkFailed(texts.WORK_ENDED)
            if self._pool is not None and not self._pool.active:  # someone ended its process while it rested
                _end(self._pool)
                self._pool = None
            self._pool = self._pool or _started(self._memory)
            return cast("Future[bytes]", self._pool.schedule(_worked, (payload,), timeout=seconds))

    async def _result(self, job: Future[bytes], seconds: float) -> bytes:
        from concurrent.futures.process import BrokenProcessPool

        from pebble import ProcessExpired

        try:
            return await asyncio.wrap_future(job)
        except TimeoutError as error:
            raise WorkFailed(texts.work_too_long(seconds)) from error
        except ProcessExpired as error:
            raise WorkFailed(texts.work_crashed(_how(error.exitcode))) from error
        except (BrokenProcessPool, RuntimeError) as error:
            self._retire()
            raise WorkFailed(texts.work_crashed("")) from error
        except asyncio.CancelledError:
            if self._closed:  # ended by ``stop``, not by whoever waits: that one goes on
                raise WorkFailed(texts.WORK_ENDED) from None
            raise

    def _retire(self) -> None:
        """End the process in a thread; the next work gets a new one."""
        pool, self._pool = self._pool, None
        if pool is not None:
            end = asyncio.get_running_loop().run_in_executor(None, _end, pool)
            self._ends.add(end)
            end.add_done_callback(self._ends.discard)

    async def stop(self) -> None:
        self._closed = True
        if self._rest:
            self._rest.cancel()
        if self._job:
            self._job.cancel()
        await asyncio.to_thread(self._started_by_now)
        self._retire()
        await asyncio.gather(*self._ends)

    def _started_by_now(self) -> None:
        with self._starting:
            pass


def _read(told: bytes) -> tuple[bool, Any]:
    """What a worker told. 50,000 items are made at once here and none of them is garbage: looking for it in between
    doubles the time."""
    if len(told) < _LARGE or not gc.isenabled():
        return cast("tuple[bool, Any]", pickle.loads(told))
    gc.disable()
    try:
        return cast("tuple[bool, Any]", pickle.loads(told))
    finally:
        gc.enable()


def _cancel(begun: asyncio.Future[Future[bytes]]) -> None:
    if not begun.cancelled() and not begun.exception():
        begun.result().cancel()


def _started(memory: int) -> ProcessPool:
    """A pool with its process under way. Ctrl-C at the console is for us alone: the process starts with it blocked."""
    import multiprocessing

    from pebble import ProcessPool

    # Not fork: this process has threads. Not forkserver: it would stay behind as one more process.
    pool = ProcessPool(
        max_workers=1, initializer=_settle, initargs=(memory,), context=multiprocessing.get_context("spawn")
    )
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT}) if sys.platform != "win32" else None
    try:
        if not pool.active:  # this starts it: its threads and its process inherit what is blocked here
            raise WorkFailed(texts.work_crashed("no process could be started"))
    finally:
        if before is not None:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return pool


def _end(pool: ProcessPool) -> None:
    cast("Callable[[], None]", pool.stop)()  # untyped in pebble
    pool.join()


def _how(exit_code: int) -> str:
    """The name of the signal that ended a process; empty for an ordinary end."""
    try:
        return signal.Signals(-exit_code).name if exit_code < 0 else ""
    except ValueError:
        return ""


# --- in the worker ---------------------------------------------------------------------------------------------------


def _settle(memory: int) -> None:
    """Limits of the worker, once, as it starts. SIGTERM ends it even inside C code that never returns."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    gc.set_threshold(_RARELY, 10, 10)
    try:
        import resource
    except ImportError:  # Windows has none
        return
    os.nice(_BEHIND)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    taken = _address_space()
    if taken:
        resource.setrlimit(resource.RLIMIT_AS, (taken + memory, resource.RLIM_INFINITY))


def _address_space() -> int:
    """Bytes of address space in use; 0 where the system does not say (macOS does not hold to such a limit either)."""
    try:
        with open("/proc/self/statm", encoding="ascii") as status:
            pages = int(status.read().split()[0])
    except OSError:
        return 0
    import resource

    return pages * resource.getpagesize()


def _worked(payload: bytes) -> bytes:
    """Do the work; (whether it raised, what it returned or raised), pickled."""
    try:
        work, given = pickle.loads(payload)
        return pickle.dumps((False, work(*given)), pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        return pickle.dumps((True, WorkFailed(texts.WORK_TOO_LARGE)))
    except Exception as error:
        return _told(error)
    except BaseException as error:  # SystemExit and its kind end the work, not the bot
        return pickle.dumps((True, WorkFailed(texts.work_crashed(type(error).__name__))))


def _told(error: Exception) -> bytes:
    """An exception as it was; one that cannot be pickled and read again becomes a line about it."""
    try:
        told = pickle.dumps((True, error), pickle.HIGHEST_PROTOCOL)
        pickle.loads(told)
    except Exception:
        return pickle.dumps((True, WorkFailed(texts.work_crashed(f"{type(error).__name__}: {error}"[:300]))))
    return told
