"""Fixtures for every room: the folder of large inputs and a clean environment."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.logs import _Setup

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the machine reaches a test."""
    for name in list(os.environ):
        if name.startswith(("PULLQUOTE_", "SLACK_", "DISCORD_")) and name != "PULLQUOTE_SHARED":
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def _fresh_logs(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """However a test sets up logs, the next one finds them as in a fresh process."""
    for name in ("level", "format", "secrets", "stream", "applied"):
        monkeypatch.setattr(_Setup, name, getattr(_Setup, name))
    yield
    if "structlog" in sys.modules:
        sys.modules["structlog"].reset_defaults()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of large inputs, from ``PULLQUOTE_SHARED`` (default ``../shared``)."""
    folder = Path(os.environ.get("PULLQUOTE_SHARED", ROOT.parent / "shared")).resolve()
    if not (folder / "seed").is_dir():
        pytest.skip("the large inputs are not here: set PULLQUOTE_SHARED")
    return folder
