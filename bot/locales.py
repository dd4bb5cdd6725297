"""The commands' names and help in other languages, as platforms show them. Replies are not translated. No code but the
check of the table lives here.

A translation is found by what stands in the declaration: ``names`` by a command's, group's or option's word ("quote"),
``texts`` by the whole help, choice or menu entry. What is missing stays English.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

#: The limits of commands' names and help hold for translations too (Discord, 2025-01).
NAME_LENGTH = 32
TEXT_LENGTH = 100

_NAME = re.compile(r"[-_'\w]{1,32}")


@dataclass(frozen=True, slots=True)
class Locale:
    """One language."""

    names: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)

    def name(self, word: str) -> str | None:
        """The translated word; None where there is none, or none that could be typed."""
        found = self.names.get(word)
        return found if found and fits_as_name(found) else None

    def text(self, whole: str, most: int = TEXT_LENGTH) -> str | None:
        found = (self.texts.get(whole) or "").strip()
        return found if found and len(found) <= most else None


#: By language tag as platforms write it: "de", "pt-BR".
LOCALES: Mapping[str, Locale] = {}


def fits_as_name(word: str) -> bool:
    """Whether it can be typed after a slash: one lower-case word of at most 32 letters, digits, - _ '."""
    return _NAME.fullmatch(word) is not None and word == word.lower()
