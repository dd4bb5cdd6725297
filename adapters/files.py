"""Files on disk: paths, folders and zips become sources to import. Reads names and bytes; parses nothing."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from bot.domain import Problem
from bot.rules.words import slug
from bot.services.sources import Source

#: No text of one episode is larger; more is a mistake or an attack.
LARGEST_FILE = 64 * 1024 * 1024
#: All that one zip may hold, unpacked.
LARGEST_ZIP = 1024 * 1024 * 1024
MOST_ENTRIES = 100_000

#: What systems leave beside people's files.
_LEFTOVERS = frozenset(("__MACOSX", "Thumbs.db", "desktop.ini"))


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


def _under(path: Path, problems: list[Problem]) -> Iterator[Source]:
    if not path.exists():
        problems.append(Problem("there is no such file or folder", None, str(path)))
    elif path.is_dir():
        yield from _folder(path)
    elif zipfile.is_zipfile(path):
        yield from _zip(path, problems)
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


def _zip(path: Path, problems: list[Problem]) -> Iterator[Source]:
    own = slug(path.stem) or "show"
    with zipfile.ZipFile(path) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > LARGEST_ZIP:
        problems.append(Problem("the zip holds more than can be imported at once", None, str(path)))
        return
    for entry in sorted(entries, key=lambda one: _natural(PurePosixPath(one.filename).parts)):
        parts = PurePosixPath(entry.filename).parts
        if any(_ignored(part) for part in parts):
            continue
        yield _entry(path, entry, slug(parts[0]) if len(parts) > 1 else own)


def _entry(path: Path, entry: zipfile.ZipInfo, show: str) -> Source:
    def read() -> bytes:
        try:
            with zipfile.ZipFile(path) as archive, archive.open(entry) as stream:
                # The declared size may lie: never unpack more than one file may have.
                data = stream.read(LARGEST_FILE + 1)
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError) as err:
            raise OSError(f"cannot be unpacked: {err}") from err
        if len(data) > LARGEST_FILE:
            raise OSError(f"larger than {LARGEST_FILE // 1024 // 1024} MiB")
        return data

    return Source(f"{path}/{entry.filename}", PurePosixPath(entry.filename).stem, show, read, entry.file_size)


def _ignored(part: str) -> bool:
    return part.startswith(".") or part in _LEFTOVERS


def _natural(parts: tuple[str, ...]) -> tuple[tuple[tuple[int, str], ...], ...]:
    """Episode 2 before episode 10."""
    import re

    return tuple(
        tuple((int(bit), "") if bit.isdecimal() else (-1, bit.lower()) for bit in re.split(r"(\d+)", part))
        for part in parts
    )


def _why(err: Exception) -> str:
    return getattr(err, "strerror", None) or str(err) or type(err).__name__
