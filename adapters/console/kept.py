"""Files that a reply gives, kept in the folder where the console was opened. Nothing that is there is overwritten."""

from __future__ import annotations

import re
from pathlib import Path

from bot.files import File

#: So many files of one name are told apart.
MOST = 1000
_LOOSE = re.compile(r"[^\w.-]+")


def keep(file: File, folder: Path) -> Path:
    """Write the file under its own name, or one with a number. Raises OSError."""
    name = Path(_LOOSE.sub("_", file.name).lstrip("._-") or "file")
    for n in range(1, MOST):
        path = folder / (name if n == 1 else f"{name.stem}-{n}{name.suffix}")
        try:
            with path.open("xb") as there:
                there.write(file.data)
        except FileExistsError:
            continue
        return path
    raise FileExistsError(17, "there are too many of that name", str(name))
