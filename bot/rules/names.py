"""Names of people: who is meant by a first name, a full name, an alias or a slip of the keyboard. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rapidfuzz.distance import OSA

from bot.rules.words import tokens


def meant(typed: str, names: Sequence[str], aliases: Iterable[tuple[str, str]] = ()) -> list[str]:
    """The names that ``typed`` stands for, in the order given; all that share a first name. Empty when none does.

    ``aliases`` are (label, name) pairs: a label that is typed stands for its name.
    """
    asked = tokens(typed)
    if not asked:
        return []
    spelt = {name: tokens(name) for name in names}
    also = {name for label, name in aliases if tokens(label) == asked}
    exact = [name for name in names if spelt[name] == asked or name in also]
    if exact:
        return exact
    parts = [name for name in names if set(asked) <= set(spelt[name])]
    return parts or [name for name in names if _slipped(asked, spelt[name])]


def _slipped(asked: Sequence[str], name: Sequence[str]) -> bool:
    """Each typed word is a word of the name with one slip, two in a long one."""
    return bool(name) and all(any(_near(word, part) for part in name) for word in asked)


def _near(word: str, part: str) -> bool:
    allowed = 0 if len(word) < 4 else 1 if len(word) < 7 else 2
    return OSA.distance(word, part, score_cutoff=allowed) <= allowed
