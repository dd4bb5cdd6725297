"""Opening a database: what can be wrong with it, said before anything is changed, and the migrations forward."""

from __future__ import annotations

import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import SettingsError, StorageCorrupt, StorageError, StorageLocked, StorageNewer, StorageReadOnly
from storage.database import BUSY_S, Database, connect
from storage.errors import failure, translated

if TYPE_CHECKING:
    from aiosqlite import Connection

#: "PlQt" in the file's header says whose database it is.
APPLICATION_ID = 0x506C5174
_FOLDER = Path(__file__).with_name("migrations")
_MAGIC = b"SQLite format 3\x00"
_SCHEME = "sqlite:///"


@dataclass(frozen=True, slots=True)
class Migration:
    """One step forward; ``number`` becomes the database's ``user_version``."""

    number: int
    script: str


def migrations() -> list[Migration]:
    paths = sorted(_FOLDER.glob("[0-9]*.sql"))
    return [Migration(int(path.name.partition("_")[0]), path.read_text(encoding="utf-8")) for path in paths]


def path_of(url: str) -> Path | None:
    """The file that ``sqlite:///path`` names (``sqlite:////abs/path``), None for ``sqlite:///:memory:``."""
    rest = url.removeprefix(_SCHEME)
    if rest == url or not rest:
        scheme = url.partition(":")[0] if ":" in url else url
        raise SettingsError(
            f"PULLQUOTE_DATABASE_URL: no database of the kind {scheme!r} can be opened;"
            " use sqlite:///path/to/file.db or sqlite:///:memory:"
        )
    return None if rest == ":memory:" else Path(rest)


async def open_database(url: str, busy_s: float = BUSY_S) -> Database:
    """Open and bring up to date. Raises ``bot.errors.StorageError`` with everything left as it was."""
    path = path_of(url)
    if path is None:
        return await _opened(None, "", busy_s)
    where = str(path)
    made = _make_ready(path, where)
    try:
        return await _opened(path, where, busy_s)
    except StorageLocked:
        raise  # somebody else is making it, however bare it is still
    except BaseException:
        if made and _holds_nothing(path):
            _remove(path)
        raise


async def _opened(path: Path | None, where: str, busy_s: float) -> Database:
    writer = await connect(path, where, busy_s)
    try:
        with translated(where):
            await _migrate(writer, where)
        reader = writer if path is None else await connect(path, where, busy_s, reader=True)
    except BaseException:
        await writer.close()
        raise
    return Database(where, writer, reader, busy_s)


# --- before SQLite touches the file ---------------------------------------------------------------------------


def _make_ready(path: Path, where: str) -> bool:
    """Check the file from outside. True when there is none yet."""
    if path.is_dir():
        raise StorageReadOnly(f"the database {where} is a folder, not a file: name a file in it", where)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        header = _header(path)
    except OSError as error:
        raise failure(StorageReadOnly, where) from error
    if header:
        _check_header(header, path, where)
    if not _writable(path.parent) or (path.exists() and not _writable(path)):
        raise failure(StorageReadOnly, where)
    return not path.exists()


def _writable(path: Path) -> bool:
    return os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def _header(path: Path) -> bytes:
    """The first 100 bytes; none when there is no file or an empty one."""
    if not path.exists():
        return b""
    with path.open("rb") as file:
        return file.read(100)


def _check_header(header: bytes, path: Path, where: str) -> None:
    """Refuse what is no database of ours. https://www.sqlite.org/fileformat.html#the_database_header"""
    if len(header) < 100 or not header.startswith(_MAGIC):
        raise failure(StorageCorrupt, where)
    if _unfinished_log(path):
        return  # the header of the last state stands in the log: looked at after opening
    page_size = int.from_bytes(header[16:18], "big")
    pages = int.from_bytes(header[28:32], "big")
    application, version = int.from_bytes(header[68:72], "big"), int.from_bytes(header[60:64], "big")
    if (application, version, pages) == (0, 0, 1):
        return  # made a moment ago, by another process that has not written its tables yet: looked at after opening
    _check_identity(application, version, where)
    if header[24:28] == header[92:96] and path.stat().st_size < pages * (65536 if page_size == 1 else page_size):
        raise failure(StorageCorrupt, where)  # cut off


def _unfinished_log(path: Path) -> bool:
    log = path.with_name(path.name + "-wal")
    return log.exists() and log.stat().st_size > 0


def _check_identity(application: int, version: int, where: str) -> None:
    if application != APPLICATION_ID:
        raise failure(StorageCorrupt, where)
    latest = migrations()[-1].number
    if version > latest:
        raise StorageNewer(
            f"the database {where} was written by a newer Pullquote (its schema is {version}, this one knows {latest}):"
            " update Pullquote, or open another database",
            where,
        )


def _holds_nothing(path: Path) -> bool:
    """Whether the file is as bare as we left it: another process may have made its database there meanwhile."""
    try:
        header = _header(path)
    except OSError:
        return False  # what cannot be looked at is not ours to remove
    return not _unfinished_log(path) and (not header or int.from_bytes(header[28:32], "big") <= 1)


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


# --- migrations -----------------------------------------------------------------------------------------------


async def _migrate(connection: Connection, where: str) -> None:
    version = await _number(connection, "user_version")
    steps = migrations()
    if version or await _has_tables(connection):
        _check_identity(await _number(connection, "application_id"), version, where)
    for step in steps:
        if step.number > version:
            await _step(connection, step, where)


async def _step(connection: Connection, step: Migration, where: str) -> None:
    """One migration in one transaction, unless another process was faster."""
    await connection.execute_fetchall("PRAGMA foreign_keys = OFF")  # no effect inside a transaction
    try:
        await connection.execute_fetchall("BEGIN IMMEDIATE")
        if await _number(connection, "user_version") < step.number:
            for statement in statements(step.script):
                await connection.execute_fetchall(statement)
            await _check_references(connection, step, where)
            await connection.execute_fetchall(f"PRAGMA application_id = {APPLICATION_ID}")
            await connection.execute_fetchall(f"PRAGMA user_version = {step.number}")
        await connection.execute_fetchall("COMMIT")
    finally:
        await connection.rollback()
        await connection.execute_fetchall("PRAGMA foreign_keys = ON")


async def _check_references(connection: Connection, step: Migration, where: str) -> None:
    broken = list(await connection.execute_fetchall("PRAGMA foreign_key_check"))
    if broken:
        raise StorageError(f"migration {step.number} of {where} would break {len(broken)} references", where)


def statements(script: str) -> list[str]:
    """A script cut into its statements (``executescript`` would commit before it runs)."""
    found, pending = [], ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            found.append(pending)
            pending = ""
    return found


async def _number(connection: Connection, pragma: str) -> int:
    [row] = await connection.execute_fetchall(f"PRAGMA {pragma}")
    return int(row[0])


async def _has_tables(connection: Connection) -> bool:
    [row] = await connection.execute_fetchall("SELECT count(*) FROM sqlite_master")
    return bool(row[0])
