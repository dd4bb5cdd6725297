"""Files on disk: paths, folders and zips become sources to import. Reads names and bytes; parses nothing."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from bot.domain import Problem
from bot.files import LARGEST, Upload
from bot.rules.words import slug
from bot.services.sources import Source

#: No text of one episode is larger; more is a mistake or an attack.
LARGEST_FILE = 64 * 1024 * 1024
#: All that one zip may hold, unpacked.
LARGEST_ZIP = 1024 * 1024 * 1024
MOST_ENTRIES = 100_000
#: Bytes of a zip's own list of entries.
LARGEST_DIRECTORY = 32 * 1024 * 1024

#: What systems leave beside people's files.
_LEFTOVERS = frozenset(("__MACOSX", "Thumbs.db", "desktop.ini"))
_DRIVE = re.compile(r"[A-Za-z]:")


def collect(paths: Sequence[Path]) -> tuple[list[Source], list[Problem]]:
    """Every file under the paths, in order of name. A folder directly under a path is a show of that name; files
    directly in a path belong to a show named as the path itself (a lone file: as its folder)."""
    sources: list[Source] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            sources.extend(_under(path, problems))
        except (OSError, zipfile.BadZipFile) as err:
            problems.append(Problem(_why(err), None, str(path)))
    return sources, problems


def upload(path: Path) -> Upload:
    """One file as a command takes it. Raises OSError when it cannot be read or is too large."""
    size = path.stat().st_size
    if path.is_file() and size > LARGEST:
        raise OSError(f"larger than {LARGEST // 1024 // 1024} MiB")
    with path.open("rb") as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:  # it grew, or is no file with a size
        raise OSError(f"larger than {LARGEST // 1024 // 1024} MiB")
    return Upload(path.name, data)


def why_not(error: OSError) -> str:
    """The reason in words."""
    return _why(error)


def _under(path: Path, problems: list[Problem]) -> Iterator[Source]:
    if not path.exists():
        problems.append(Problem("there is no such file or folder", None, str(path)))
    elif path.is_dir():
        yield from _folder(path)
    elif _is_archive(path):
        yield from _zip(lambda: path, str(path), slug(path.stem) or "show", problems)
    else:
        yield _file(path, slug(path.resolve().parent.name) or "show")


def _folder(root: Path) -> Iterator[Source]:
    own = slug(root.resolve().name) or "show"
    for path in sorted(root.rglob("*"), key=lambda one: _natural(one.relative_to(root).parts)):
        parts = path.relative_to(root).parts
        if not path.is_file() or any(_ignored(part) for part in parts):
            continue
        yield _file(path, slug(parts[0]) if len(parts) > 1 else own)


def _file(path: Path, show: str) -> Source:
    def read() -> bytes:
        if path.stat().st_size > LARGEST_FILE:
            raise OSError(f"larger than {LARGEST_FILE // 1024 // 1024} MiB")
        return path.read_bytes()

    return Source(str(path), path.stem, show, read, path.stat().st_size)


def from_bytes(name: str, data: bytes, show: str) -> tuple[list[Source], list[Problem]]:
    """The sources in one attachment: the file itself, or what a zip of them holds; all belong to ``show``."""
    problems: list[Problem] = []
    parts = _parts(name)
    stem = PurePosixPath(parts[-1] if parts else "file").stem
    try:
        if _is_archive(io.BytesIO(data)):
            found = list(_zip(lambda: io.BytesIO(data), name, show, problems))
            return [replace(one, show=show) for one in found], problems
    except zipfile.BadZipFile as err:
        return [], [Problem(_why(err), None, name)]
    return [Source(name, stem, show, lambda: data, len(data))], problems


def _is_archive(file: Path | BinaryIO) -> bool:
    """Whether this is a zip of files, and not a document that is kept as one (docx, odt, epub)."""
    if not zipfile.is_zipfile(file):
        return False
    if _directory_size(file) > LARGEST_DIRECTORY:
        raise zipfile.BadZipFile("the zip holds more than can be imported at once")
    with zipfile.ZipFile(file) as archive:
        names = set(archive.namelist())
    return not ({"[Content_Types].xml", "mimetype"} & names)


def _directory_size(file: Path | BinaryIO) -> int:
    """Bytes of the zip's list of entries, which is read whole: looked up at the zip's end before it is."""
    if isinstance(file, Path):
        with file.open("rb") as stream:
            return _directory_size(stream)
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - 70_000))
    tail = file.read()
    if (wide := tail.rfind(b"PK\x06\x06")) >= 0 and len(tail) >= wide + 48:
        return int.from_bytes(tail[wide + 40 : wide + 48], "little")
    end = tail.rfind(b"PK\x05\x06")
    return int.from_bytes(tail[end + 12 : end + 16], "little") if end >= 0 else 0


def _zip(open_: Callable[[], Path | BinaryIO], name: str, own: str, problems: list[Problem]) -> Iterator[Source]:
    with zipfile.ZipFile(open_()) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > LARGEST_ZIP:
        problems.append(Problem("the zip holds more than can be imported at once", None, name))
        return
    unpacked = _Unpacked(open_)
    for entry in sorted(entries, key=lambda one: _natural(_parts(one.filename))):
        parts = _parts(entry.filename)
        if not parts or any(_ignored(part) for part in parts):
            continue
        show = (slug(parts[0]) or own) if len(parts) > 1 else own
        path = f"{name}/{'/'.join(parts)}"
        yield Source(path, PurePosixPath(parts[-1]).stem, show, partial(unpacked.read, entry), entry.file_size)


class _Unpacked:
    """Reads entries of one zip, within what one file and all of them together may be: declared sizes may lie."""

    def __init__(self, open_: Callable[[], Path | BinaryIO]) -> None:
        self._open = open_
        self._sizes: dict[str, int] = {}

    def read(self, entry: zipfile.ZipInfo) -> bytes:
        if entry.flag_bits & 1:
            raise OSError("it is encrypted: unpack the zip with its password and import the files")
        try:
            with zipfile.ZipFile(self._open()) as archive, archive.open(entry) as stream:
                data = stream.read(LARGEST_FILE + 1)
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, zlib.error, EOFError) as err:
            raise OSError(f"cannot be unpacked: {err}") from err
        if len(data) > LARGEST_FILE:
            raise OSError(f"larger than {LARGEST_FILE // 1024 // 1024} MiB")
        self._sizes[entry.filename] = len(data)
        if sum(self._sizes.values()) > LARGEST_ZIP:
            raise OSError("the zip unpacks to more than can be imported at once")
        return data


def _parts(name: str) -> tuple[str, ...]:
    """The folders and name of an entry, without what would climb out of a folder."""
    parts = (part.strip() for part in name.replace("\\", "/").split("/"))
    return tuple(part for part in parts if part not in ("", ".", "..") and not _DRIVE.fullmatch(part))


def _ignored(part: str) -> bool:
    return part.startswith(".") or part in _LEFTOVERS


def _natural(parts: tuple[str, ...]) -> tuple[tuple[tuple[int, str], ...], ...]:
    """Episode 2 before episode 10."""
    return tuple(
        tuple((int(bit), "") if bit.isdecimal() else (-1, bit.lower()) for bit in re.split(r"(\d+)", part))
        for part in parts
    )


def _why(err: Exception) -> str:
    return getattr(err, "strerror", None) or str(err) or type(err).__name__
