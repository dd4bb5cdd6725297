"""The truth on disk: one ``open_storage`` for every database, and no decision of the core. Imports ``bot`` only."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.ports import Storage


async def open_storage(url: str, *, busy_s: float = 5.0) -> Storage:
    """Open ``sqlite:///path/to/file.db`` (made if new, brought up to date) or ``sqlite:///:memory:``.

    ``busy_s`` is how long a write waits for another process. Raises ``bot.errors.StorageError`` with everything left
    as it was, and SettingsError for another kind of address.
    """
    from storage.opening import open_database
    from storage.sqlite import SqliteStorage

    return SqliteStorage(await open_database(url, busy_s))
