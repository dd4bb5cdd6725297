"""The derived search index over Tantivy. It can be thrown away: storage is the truth. No ranking beyond candidates.

``bot`` may not import Tantivy and Tantivy takes time to load, so nothing of it is imported before the first use.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.ports import QuoteIndex


def open_index(folder: Path) -> QuoteIndex:
    """The index in ``folder``, which need not exist. What is there of another version or damaged counts as none."""
    from storage.index.reader import TantivyIndex

    return TantivyIndex(folder)
