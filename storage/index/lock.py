"""The index's writer lock: held by one open file, so that the system gives it up when its process dies."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

from bot.errors import IndexBusy


class WriterLock:
    """Taken on creation. Raises IndexBusy when another writer, here or in another process, holds it."""

    def __init__(self, folder: Path) -> None:
        self._file: int | None = os.open(folder / "writer.lock", os.O_RDWR | os.O_CREAT, 0o644)
        try:
            _lock(self._file)
        except OSError as error:
            self.release()
            raise IndexBusy("Another process is writing the search index; it will follow what is stored.") from error

    def release(self) -> None:
        if self._file is not None:
            with contextlib.suppress(OSError):
                os.close(self._file)
            self._file = None


if sys.platform == "win32":

    def _lock(file: int) -> None:
        import msvcrt

        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)

else:

    def _lock(file: int) -> None:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
