"""Names that a text dresses as headings or list items, put back in front of their words, on evidence.

``## Ann (00:00)`` above the words becomes ``Ann (00:00)``, ``## Ann`` becomes ``Ann:`` before the next line, and
``- Ann: words`` loses its bullet. Chapters, sections and recipes are dressed alike, so names must return.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from bot.formats.sections import heading
from bot.formats.speakers import could_be_name, is_generic, looks_full, split_label
from bot.formats.times import CLOCK

_HEADING = re.compile(r"#{1,6}[ \t]+(?P<text>[^\n]{1,120})")
_TIMED = re.compile(
    rf"[*_]{{0,3}}(?P<name>[^\d\W][^\n\[\]()#:*]{{0,58}}?)[*_]{{0,3}}:?[ \t]*[-–—|@]?[ \t]*[\[(]?(?P<time>{CLOCK})"
    rf"[\])]?:?"
    rf"|[\[(]?(?P<at>{CLOCK})[\])]?[ \t]*[-–—|:]?[ \t]*[*_]{{0,3}}(?P<who>[^\d\W][^\n\[\]()#:*]{{0,58}}?)[*_]{{0,3}}:?"
)
_BULLET = re.compile(r"(?:[-*+•–—]|\d{1,4}[.)])[ \t]+")
_EDGE, _AROUND = "*_: \t", "#*_:()[]-–—|@ \t"
_CLOCK, _LETTERS = re.compile(CLOCK), re.compile(r"[^\W\d_]+")
#: Fewer than these many headings or items are no pattern.
_LEAST_TIMED, _LEAST = 2, 4


def undressed(text: str) -> str:
    """The text with such names in front of their words; the very same text where nothing shows that they are names."""
    lines = text.split("\n")
    if "#" in text:
        return _unheaded(lines) or text
    return _unlisted(lines) or text


def _unheaded(lines: Sequence[str]) -> str | None:
    titles = {n: found["text"].strip() for n, line in enumerate(lines) if (found := _HEADING.fullmatch(line.strip()))}
    timed = {n: found for n, title in titles.items() if (found := _TIMED.fullmatch(title))}
    names = {n: _name(found["name"] or found["who"]) for n, found in timed.items()}
    if len(names) >= _LEAST_TIMED and _are_people(list(names.values()), lines):
        return "\n".join(
            f"{names[n]} ({timed[n]['time'] or timed[n]['at']})" if n in names else line for n, line in enumerate(lines)
        )
    bare = {n: _name(title) for n, title in titles.items() if heading(lines[n].strip()) == "other"}
    people = {n: name for n, name in bare.items() if name}
    if len(people) >= _LEAST and _return(list(people.values())) and 3 * len(people) >= 2 * len(titles):
        return "\n\n".join(_prefixed(lines, people))
    return None


def _name(text: str) -> str:
    name = " ".join(text.strip(_EDGE).split())
    return name if name and could_be_name(name) and len(name) <= 60 else ""


def _are_people(names: Sequence[str], lines: Sequence[str]) -> bool:
    """They return, or name nobody in particular, or are full names of which one is spoken of in the text."""
    if not all(names):
        return False
    return _return(names) or all(map(is_generic, names)) or (all(map(looks_full, names)) and is_spoken_of(names, lines))


def _return(names: Sequence[str]) -> bool:
    counts = Counter(names)
    returning = sum(count for count in counts.values() if count > 1)
    return len(counts) > 1 and 3 * len(counts) <= 2 * len(names) and 2 * returning >= len(names)


def is_spoken_of(names: Sequence[str], lines: Sequence[str]) -> bool:
    """Whether somebody says a first or last name of them elsewhere: chapter titles are hardly ever said."""
    whole = set(names)
    counts = Counter(part for name in whole for part in set(name.split()) if len(part) > 2 and part[0].isupper())
    parts = {part for part, count in counts.items() if count == 1}  # "Getting Feedback", "Giving Feedback"
    for line in lines:
        alone = len(line) <= 90 and _CLOCK.sub("", line).strip(_AROUND) in whole
        if not alone and not parts.isdisjoint(_LETTERS.findall(line)):
            return True
    return False


def _prefixed(lines: Sequence[str], people: dict[int, str]) -> list[str]:
    """Paragraphs, the first below each heading behind its name."""
    found: list[str] = []
    name = ""
    for n, line in enumerate(lines):
        if n in people:
            name = people[n]
        elif line.strip():
            found.append(f"{name}: {line.strip()}" if name else line)
            name = ""
    return found


def _unlisted(lines: Sequence[str]) -> str | None:
    told = [n for n, line in enumerate(lines) if line.strip()]
    bare = {n: _BULLET.sub("", lines[n].strip(), count=1) for n in told if _BULLET.match(lines[n].strip())}
    if len(bare) < _LEAST or 10 * len(bare) < 6 * len(told):
        return None
    labels = {n: label[0] for n, text in bare.items() if (label := split_label(text))}
    if len(labels) < _LEAST or 10 * len(labels) < 6 * len(bare) or not _return(list(labels.values())):
        return None
    return "\n".join(bare.get(n, line) for n, line in enumerate(lines))
