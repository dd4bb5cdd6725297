"""The one place where SQLite's errors become ours. A bug (a wrong query, a broken constraint) passes through."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from bot.errors import (
    StorageCorrupt,
    StorageError,
    StorageFull,
    StorageLocked,
    StorageReadOnly,
)

_ADVICE: dict[type[StorageError], str] = {
    StorageLocked: "another process holds the database {where}: wait for it or stop it, then try again",
    StorageReadOnly: "the database {where} cannot be written: allow writing to the file and its folder",
    StorageFull: "the disk of the database {where} is full: make room, then try again; nothing was changed",
    StorageCorrupt: "{where} is damaged or no Pullquote database: restore a backup, or move it away to start anew",
}

#: SQLite's primary result codes (the low byte), https://www.sqlite.org/rescode.html
_KINDS: dict[int, type[StorageError]] = {
    sqlite3.SQLITE_BUSY: StorageLocked,
    sqlite3.SQLITE_LOCKED: StorageLocked,
    sqlite3.SQLITE_READONLY: StorageReadOnly,
    sqlite3.SQLITE_CANTOPEN: StorageReadOnly,
    sqlite3.SQLITE_PERM: StorageReadOnly,
    sqlite3.SQLITE_FULL: StorageFull,
    sqlite3.SQLITE_CORRUPT: StorageCorrupt,
    sqlite3.SQLITE_NOTADB: StorageCorrupt,
}
#: Input and output errors that mean a full disk: the file, its log or the shared memory could not grow.
_NO_ROOM = {sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_IOERR_FSYNC}


def failure(kind: type[StorageError], where: str) -> StorageError:
    """The error of this kind with its one clear line: what is wrong and what to do."""
    return kind(_ADVICE[kind].format(where=where or "in memory"), where)


@contextmanager
def translated(where: str) -> Iterator[None]:
    """Driver errors that a person can do something about arrive as ``bot.errors.StorageError``."""
    try:
        yield
    except sqlite3.Error as error:
        kind = _kind(error)
        if kind is None:
            raise
        raise failure(kind, where) from error


def _kind(error: sqlite3.Error) -> type[StorageError] | None:
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return None
    if code in _NO_ROOM:
        return StorageFull
    if code & 0xFF == sqlite3.SQLITE_IOERR:
        return StorageCorrupt
    return _KINDS.get(code & 0xFF)
