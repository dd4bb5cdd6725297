"""What stands beside the index: version, the change it holds, and which folder is current. One small JSON file.

It is replaced in one step after each commit. A kill between the two leaves the older change number, so the
changes after it are applied again, which does no harm.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

#: Of the schema and of how text is folded; an index of another version is built anew.
VERSION = 1

Stamp = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class State:
    """The committed index: the folder's name and the last change in it."""

    folder: str
    seen: int
    version: int = VERSION


def stamp(folder: Path) -> Stamp | None:
    """Changes whenever the state was replaced; None when there is none."""
    try:
        found = (folder / "state.json").stat()
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_ino, found.st_size)


def read(folder: Path) -> State | None:
    """The state, or None when it is absent, unreadable or of another version."""
    try:
        body = json.loads((folder / "state.json").read_text(encoding="utf-8"))
        state = State(str(body["folder"]), int(body["seen"]), int(body["version"]))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    usable = state.version == VERSION and state.seen >= 0 and Path(state.folder).name == state.folder
    return state if usable else None


def write(folder: Path, state: State) -> None:
    """Replace the state so that a reader, or a kill, meets the old or the new one."""
    fresh = folder / "state.json.new"
    with fresh.open("w", encoding="utf-8") as file:
        json.dump(asdict(state), file)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(folder / "state.json")
