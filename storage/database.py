"""Connections, transactions and locks: one writer, one reader beside it, and nothing of Pullquote's own meaning."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storage.errors import translated
from storage.queries import query

if TYPE_CHECKING:
    from aiosqlite import Connection

#: How long a writer waits for another process before it says that the database is locked.
BUSY_S = 5.0

#: How soon the switch to write-ahead logging is tried again while another process holds the file.
SWITCH_AGAIN_S = 0.02

Params = Mapping[str, object]

#: What an answer can spare for remembering that it was given, in milliseconds.
IMPATIENT_MS = 100

#: What an answer reads by keys that it has. Going to another thread and back costs more than the reading itself, and
#: far more while threads compete for the interpreter; so these are read at once, wherever nobody writes meanwhile.
# fmt: off
AT_ONCE = frozenset((
    "counter", "changes_since", "transcript_changes", "community_of", "cached", "state", "state_id", "focus",
    "shelf", "community_aliases", "wide_withholds", "placed_fixes", "placed_withholds", "shelved_episode",
    "episode", "episode_places", "episode_count", "chapters", "editions_of", "highlights", "ranges", "lines",
    "known_place", "lines_at_words", "recently_shown", "list_setting", "list_grant", "list_alias", "record_spans",
    "stored_show", "member_choices",
))
# fmt: on
#: A list of episodes of at most so many is short too.
FEW_EPISODES = 100


class Transaction:
    """Named queries inside one transaction. Rows come back as ``sqlite3.Row``."""

    def __init__(self, connection: Connection, where: str, *, patience_s: float | None = None) -> None:
        """``patience_s`` says that it only reads, and how long it waits where SQLite itself would not."""
        self._connection = connection
        self._where = where
        self._patience_s = patience_s
        #: In the connection's thread something may still be under way.
        self.away = False

    async def rows(self, name: str, params: Params | None = None) -> list[sqlite3.Row]:
        with translated(self._where):
            if self._patience_s is None:
                return list(await self._connection.execute_fetchall(query(name), params or {}))
            if _is_short(name, params):
                try:
                    return self._connection._conn.execute(query(name), params or {}).fetchall()
                except sqlite3.OperationalError as error:
                    if not _is_busy(error):
                        raise
            return await self._elsewhere(name, params, self._patience_s)

    async def _elsewhere(self, name: str, params: Params | None, patience_s: float) -> list[sqlite3.Row]:
        """In the connection's own thread, which may wait for a lock without keeping anybody else waiting."""
        self.away = True
        await self._connection.execute_fetchall(f"PRAGMA busy_timeout = {int(patience_s * 1000)}")
        try:
            return list(await self._connection.execute_fetchall(query(name), params or {}))
        finally:
            await self._connection.execute_fetchall("PRAGMA busy_timeout = 0")
            self.away = False

    async def one(self, name: str, params: Params | None = None) -> sqlite3.Row | None:
        found = await self.rows(name, params)
        return found[0] if found else None

    async def run(self, name: str, params: Params | None = None) -> None:
        await self.rows(name, params)

    async def many(self, name: str, rows: Iterable[tuple[Any, ...] | Params]) -> None:
        """One statement for each row of parameters, positional or named."""
        with translated(self._where):
            await self._connection.executemany(query(name), rows)


class Database:
    """An open database. A file has a writer and a reader, so that no read waits for a long import; a database in
    memory has one connection for both."""

    def __init__(self, where: str, writer: Connection, reader: Connection, busy_s: float = BUSY_S) -> None:
        self.where = where
        self._busy_s = busy_s
        self.writer = writer
        self.reader = reader
        self._writing = asyncio.Lock()
        self._reading = self._writing if reader is writer else asyncio.Lock()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Transaction]:
        """One consistent state of the database, however many queries it takes."""
        async with self._reading:
            if self.reader._conn.in_transaction:  # left by somebody who was cancelled twice
                await self.reader.rollback()
            t = Transaction(self.reader, self.where, patience_s=self._busy_s)
            try:
                with translated(self.where):
                    self.reader._conn.execute("BEGIN")  # takes no lock yet
                yield t
            finally:
                if t.away:
                    await self.reader.rollback()
                else:
                    self.reader._conn.rollback()

    @asynccontextmanager
    async def writing(self, *, patient: bool = True) -> AsyncIterator[Transaction]:
        """One transaction: committed at the end, rolled back by any error, a cancellation included.

        Not ``patient``: raises StorageLocked soon while another process writes, for what no answer may wait for.
        """
        async with self._writing:
            try:
                await self._begin(patient)
                yield Transaction(self.writer, self.where)
                await self._do(self.writer, "COMMIT")
            finally:
                await self.writer.rollback()  # nothing to do after a commit

    async def _begin(self, patient: bool) -> None:
        if patient:
            await self._do(self.writer, "BEGIN IMMEDIATE")
            return
        [(wait_ms,)] = await self.writer.execute_fetchall("PRAGMA busy_timeout")
        await self.writer.execute_fetchall(f"PRAGMA busy_timeout = {IMPATIENT_MS}")
        try:
            await self._do(self.writer, "BEGIN IMMEDIATE")
        finally:
            await self.writer.execute_fetchall(f"PRAGMA busy_timeout = {int(wait_ms)}")

    async def close(self) -> None:
        if self.reader is not self.writer:
            await self.reader.close()
        await self.writer.close()

    async def _do(self, connection: Connection, sql: str) -> None:
        with translated(self.where):
            await connection.execute_fetchall(sql)


def _is_short(name: str, params: Params | None) -> bool:
    if name == "episodes":
        most = (params or {}).get("limit")
        return isinstance(most, int) and 0 <= most <= FEW_EPISODES
    return name in AT_ONCE


def _is_busy(error: sqlite3.Error) -> bool:
    return error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


async def connect(path: Path | None, where: str, busy_s: float = BUSY_S, *, reader: bool = False) -> Connection:
    """A connection with our pragmas. ``path=None`` is a database in memory."""
    import aiosqlite  # only when a storage is opened

    with translated(where):
        # A reader waits in its thread alone (``Transaction.rows``); it is used from two threads, never by both at once.
        patience_s = 0.0 if reader else busy_s
        waiting = aiosqlite.connect(
            path or ":memory:", timeout=patience_s, isolation_level=None, check_same_thread=False
        )
        # A process that dies without closing must not wait for this thread: a commit is safe without it.
        waiting._thread.daemon = True
        connection = await waiting
    try:
        with translated(where):
            await _prepare(connection, reader)
            if not reader:
                await _keep_a_log(connection, busy_s)
    except BaseException:
        await connection.close()
        raise
    return connection


async def _prepare(connection: Connection, reader: bool) -> None:
    connection.row_factory = sqlite3.Row
    pragmas = ["foreign_keys = ON", "temp_store = MEMORY", "cache_size = -16000"]
    pragmas.append("query_only = ON" if reader else "synchronous = FULL")
    for pragma in pragmas:
        await connection.execute_fetchall(f"PRAGMA {pragma}")


async def _keep_a_log(connection: Connection, busy_s: float) -> None:
    """Switch the file to write-ahead logging, for good.

    SQLite does not wait for others while it switches, whatever the timeout
    (https://www.sqlite.org/c3ref/busy_handler.html), so the waiting for a process that does the same is ours.
    """
    last = time.monotonic() + busy_s
    while True:
        try:
            await connection.execute_fetchall("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > last:
                raise
        await asyncio.sleep(SWITCH_AGAIN_S)
