"""Programs run and measured from outside, and the data that several benchmarks share. No figures are judged here.

All that is made goes into one temporary folder that is removed when the process ends.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[1]
#: The command line of this checkout, by the interpreter that runs the benchmarks.
PULLQUOTE = (sys.executable, "-m", "bot")
_PROTOTYPE = (sys.executable, str(ROOT / "benchmarks" / "prototype.py"))


@dataclass(frozen=True, slots=True)
class Ran:
    """One run of a program: wall seconds with start-up, peak memory in MB (10⁶ bytes), what it printed."""

    seconds: float
    peak_mb: float
    printed: str


@dataclass(frozen=True, slots=True)
class Imported:
    """One import into a folder of its own."""

    ran: Ran
    folder: Path


def run(argv: Sequence[str], settings: Mapping[str, str] | None = None) -> Ran:
    """Run to the end and measure. Raises RuntimeError with what it complained of when it fails.

    The peak is the child's own ``ru_maxrss``. Linux starts that figure at the size of the process that started the
    child, so this process must stay small: rows that need the peak come before those that load an index here.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        begun = time.perf_counter()
        child = subprocess.Popen(
            argv, stdout=out, stderr=err, stdin=subprocess.DEVNULL, cwd=_folder(), env=_env(settings)
        )
        _, status, used = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - begun
        child.returncode = os.waitstatus_to_exitcode(status)
        printed, complained = _text(out), _text(err)
    if child.returncode:
        raise RuntimeError(f"{' '.join(argv)} ended with {child.returncode}: {complained.strip()[-500:]}")
    return Ran(seconds, used.ru_maxrss * _MAXRSS_UNIT / 1e6, printed)


def pullquote(*words: str, data: Path) -> Ran:
    """Run ``pullquote`` over a data folder, away from any ``.env`` and without this shell's settings."""
    return run([*PULLQUOTE, *words], {"PULLQUOTE_DATA_DIR": str(data)})


def import_fresh(source: Path) -> Imported:
    """Import a folder into a fresh data folder."""
    data = fresh("data")
    return Imported(pullquote("import", str(source), "--json", data=data), data)


def prototype_fresh(source: Path) -> Imported:
    """The raw prototype over the same folder."""
    data = fresh("prototype")
    return Imported(run([*_PROTOTYPE, str(source), str(data)]), data)


@cache
def whole(shared: Path) -> Imported:
    """The whole corpus, imported once in this process."""
    return import_fresh(shared / "corpus" / "changelog")


@cache
def prototype_whole(shared: Path) -> Imported:
    return prototype_fresh(shared / "corpus" / "changelog")


def corpus_data(shared: Path) -> Path:
    """A data folder that holds the whole corpus: ``PULLQUOTE_BENCH_DATA``, else the one that is imported here."""
    given = os.environ.get("PULLQUOTE_BENCH_DATA")
    return Path(given).resolve() if given else whole(shared).folder


def fresh(name: str) -> Path:
    return Path(tempfile.mkdtemp(prefix=f"{name}-", dir=_folder()))


@cache
def _temporary() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="pullquote-bench-")


def _folder() -> str:
    return _temporary().name


def _env(settings: Mapping[str, str] | None) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PULLQUOTE_")}
    if "PULLQUOTE_SHARED" in os.environ:
        kept["PULLQUOTE_SHARED"] = str(Path(os.environ["PULLQUOTE_SHARED"]).resolve())
    else:
        kept["PULLQUOTE_SHARED"] = str(ROOT.parent / "shared")
    return {**kept, "PYTHONPATH": str(ROOT), **(settings or {})}


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "replace")


#: ``ru_maxrss`` counts KiB, on macOS bytes.
_MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024
