"""Runs the real command line in a process of its own, for the tests of this room."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Run:
    """What one run of the program left: exit code, stdout and stderr."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def pullquote(data: Path, *words: str | Path, stdin: str = "", **settings: str) -> Run:
    """Run ``python -m bot`` over the data folder, with no setting and no ``.env`` of this machine."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PULLQUOTE_", "COV_"))}
    environment = {
        **kept,
        **{f"PULLQUOTE_{name}": value for name, value in settings.items()},
        "PULLQUOTE_DATA_DIR": str(data),
        "PYTHONPATH": str(ROOT),
        "PYTHONIOENCODING": "utf-8",
        "COLUMNS": "120",
    }
    data.parent.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-m", "bot", *map(str, words)],
        input=stdin.encode(),
        capture_output=True,
        env=environment,
        cwd=data.parent,
        timeout=60,
        check=False,
    )
    return Run(done.returncode, done.stdout.decode(), done.stderr.decode())


def is_one_clear_line(run: Run) -> bool:
    return len(run.err.strip().splitlines()) == 1 and "Traceback" not in run.err + run.out


def do(data: Path, line: str) -> Any:
    """The reply to one command, as JSON."""
    return pullquote(data, "do", line, "--json").json


def first_quote(reply: Any) -> dict[str, Any]:
    quote: dict[str, Any] = reply["quotes"][0]
    return quote
