"""Where imported bytes come from: a file, an entry of a zip or an attachment, each with the show it belongs to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """One file to read. ``name`` is shown in reports; ``show`` is the folder's slug when no show was named.

    ``read`` returns the bytes; it raises OSError, which becomes a problem of this file alone.
    """

    name: str
    stem: str
    show: str
    read: Callable[[], bytes]
    size: int = 0
