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


class Transaction:
    """Named queries inside one transaction. Rows come back as ``sqlite3.Row``."""

    def __init__(self, connection: Connection, where: str) -> None:
        self._connection = connection
        self._where = where

    async def rows(self, name: str, params: Params | None = None) -> list[sqlite3.Row]:
        with translated(self._where):
            return list(await self._connection.execute_fetchall(query(name), params or {}))

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

    def __init__(self, where: str, writer: Connection, reader: Connection) -> None:
        self.where = where
        self.writer = writer
        self.reader = reader
        self._writing = asyncio.Lock()
        self._reading = self._writing if reader is writer else asyncio.Lock()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Transaction]:
        """One consistent state of the database, however many queries it takes."""
        async with self._reading:
            try:
                await self._do(self.reader, "BEGIN")
                yield Transaction(self.reader, self.where)
            finally:
                await self.reader.rollback()

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


async def connect(path: Path | None, where: str, busy_s: float = BUSY_S, *, reader: bool = False) -> Connection:
    """A connection with our pragmas. ``path=None`` is a database in memory."""
    import aiosqlite  # only when a storage is opened

    with translated(where):
        waiting = aiosqlite.connect(path or ":memory:", timeout=busy_s, isolation_level=None)
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
