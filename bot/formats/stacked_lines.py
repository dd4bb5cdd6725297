"""Names and times on lines of their own, put in front of the words below them: a name above or below its time,
``00:12 Ann`` or ``[00:12] - Ann`` above the words, a time above ``Ann: …``.

A bare line is taken for a name only when such lines repeat at most of the file's times; a name in the words is worse
than none, but words taken for a name are worse still.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from bot.formats.name_lines import is_spoken_of
from bot.formats.speakers import could_be_name, is_generic, looks_full

_NAME = re.compile(r"[^\W_][^:\n\[\]{}<>\"“”?!;=/\\|,…]{0,49}")
_EDGE = "*_: \t-–—"
#: Of the times in question this share needs a name beside it.
_MOST = 0.6


@dataclass(slots=True)
class Front:
    """What a line says before its words: a time, a name, both or neither. ``timed`` also for an unusable time."""

    line: int
    rest: str
    timed: bool = False
    start_s: float | None = None
    label: str | None = None
    #: The name stands beside a time and needs no further evidence.
    sure: bool = False
    #: What stood between label and words, should the label turn out to be none.
    joint: str = ": "
    #: Which of the lines given this is; lines of a web page have no numbers.
    at: int = 0


def joined(items: list[Front], people: Collection[str] = ()) -> list[Front]:
    """The fronts with names and times of lines of their own at the front of the words that follow them."""
    if not any(item.timed and not item.label for item in items):
        return items
    for shape in (_above, _below, _beside):
        places = {n: name for n, item in enumerate(items) if (name := shape(items, n))}
        if places and _evident(items, places, shape, people):
            return _timed_words(_merged(items, places, shape))
    return _timed_words(items)


def _lone(items: Sequence[Front], n: int) -> bool:
    """A time and nothing else on the line."""
    return 0 <= n < len(items) and items[n].timed and not items[n].rest and not items[n].label


def _spoken(items: Sequence[Front], n: int) -> bool:
    return 0 <= n < len(items) and not items[n].timed


def _name(item: Front) -> str | None:
    """The line's text when nothing but a name could be on it."""
    text = item.label if item.label and not item.rest else item.rest.strip(_EDGE) if not item.label else ""
    fits = text and len(text) <= 50 and _NAME.fullmatch(text) and not (text.endswith(".") and text.count(" ") > 2)
    return " ".join(text.split()) if fits and could_be_name(text) else None


def _above(items: Sequence[Front], n: int) -> str | None:
    """The name on the line above a lone time that has words below it."""
    fits = _lone(items, n) and _spoken(items, n - 1) and _spoken(items, n + 1)
    return _name(items[n - 1]) if fits else None


def _below(items: Sequence[Front], n: int) -> str | None:
    """The name on the line below a lone time, with words below that."""
    fits = _lone(items, n) and _spoken(items, n + 1) and _spoken(items, n + 2) and not items[n + 1].label
    return _name(items[n + 1]) if fits else None


def _beside(items: Sequence[Front], n: int) -> str | None:
    """The name that is all a timed line says, with words below it."""
    fits = items[n].timed and not items[n].label and items[n].rest and _spoken(items, n + 1)
    return _name(items[n]) if fits else None


Shape = Callable[[Sequence[Front], int], str | None]


def _evident(items: Sequence[Front], places: dict[int, str], shape: Shape, people: Collection[str]) -> bool:
    times = sum(item.timed if shape is _beside else _lone(items, n) for n, item in enumerate(items))
    names = list(places.values())
    if len(names) < _MOST * times:
        return False
    different = set(names)
    if 2 * len(different) <= len(names) or all(name in people or is_generic(name) for name in different):
        return True
    sure = len(names) == times or any(looks_full(name) or name in people for name in different)
    if len(different) < len(names):
        return sure
    # Names that never return could be titles, unless somebody says one of them and all are followed by sentences.
    full = len(names) == times > 1 and all(looks_full(name) for name in different)
    return full and all(_is_said(items, n) for n in places) and is_spoken_of(names, [item.rest for item in items])


def _is_said(items: Sequence[Front], n: int) -> bool:
    """Whether a sentence stands below a name, and no item of a list."""
    below = [item.rest for item in items[n + 1 : n + 3] if item.rest]
    return any(text.endswith((".", "?", "!", "…", "”", '"')) and text[0] not in "*-+•–#" for text in below)


def _merged(items: Sequence[Front], places: dict[int, str], shape: Shape) -> list[Front]:
    away = {n - 1 for n in places} if shape is _above else {n + 1 for n in places} if shape is _below else set()
    kept: list[Front] = []
    for n, item in enumerate(items):
        if n in places:
            at = items[n - 1].at if shape is _above else item.at
            kept.append(replace(item, rest="", label=places[n], sure=True, at=at))
        elif n not in away:
            kept.append(item)
    return kept


def _timed_words(items: Sequence[Front]) -> list[Front]:
    """A lone time goes to the line below it."""
    kept: list[Front] = []
    for item in items:
        if kept and _lone(kept, len(kept) - 1) and not item.timed:
            time = kept.pop()
            kept.append(replace(item, timed=True, start_s=time.start_s, line=time.line, at=time.at))
        else:
            kept.append(item)
    return kept
