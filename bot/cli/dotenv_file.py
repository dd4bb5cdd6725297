"""Keeps one setting in ``.env``: every other line stays as it is, and nobody else can read the file."""

from __future__ import annotations

import os
from pathlib import Path

from bot.errors import SettingsError

_OURS = 0o600


def keep(path: Path, name: str, value: str) -> None:
    """Set ``name`` in the file, which is made when it is missing. Raises SettingsError when it cannot be written."""
    from dotenv import set_key

    try:
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY, _OURS))
        path.chmod(_OURS)
        set_key(path, name, value, quote_mode="never")
        path.chmod(_OURS)
    except OSError as err:
        raise SettingsError(f"{path} cannot be written ({err.strerror}). Put {name}=… into it yourself.") from err
