"""Files that people give to a command and get from one: bytes with a name. Nothing is read or written here."""

from __future__ import annotations

from dataclasses import dataclass

#: The largest file that a command takes, in bytes.
LARGEST = 8 * 2**20


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that a person gave. ``name`` is theirs and not to be trusted; ``data`` has at most ``LARGEST`` bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class File:
    """A file to give to a person: ``name`` with its ending, and what it holds in words."""

    name: str
    data: bytes
    about: str
