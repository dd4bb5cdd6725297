"""Names that a text dresses as headings or list items, put back in front of their words, on evidence.

``## Ann (00:00)`` above the words becomes ``Ann (00:00)``, ``## Ann`` becomes ``Ann:`` before the next line, and
``- Ann: words`` loses its bullet. Chapters, sections and recipes are dressed alike, so names must return.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from bot.formats.sections import heading
from bot.formats.speakers import could_be_name, is_generic, is_sound, looks_full, split_label
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
_WHO = r"(?P<who>[^\W\d_][^:\n\[\]{}()<>\"“”?!;=/\\|*\t]{0,39}?)"
_AT = rf"(?:(?P<at>[\[(]?{CLOCK}[\])]?)[ \t]*[-–—]?[ \t]+)?"
_SAID = r"(?P<said>\S.*)"
#: ``[Ann] words``, ``(Ann) words``, ``*Ann:* words``, ``Ann<tab>words``, ``Ann - words``; a time may stand before.
_DRESSES = tuple(
    re.compile(dress)
    for dress in (
        rf"{_AT}\[{_WHO}\][ \t]*:?[ \t]*{_SAID}",
        rf"{_AT}\({_WHO}\)[ \t]+{_SAID}",
        rf"{_AT}[*_]{{1,3}}{_WHO}:?[*_]{{1,3}}:?[ \t]+(?![*_\[(]{{0,4}}\d{{1,3}}:\d){_SAID}",
        rf"{_WHO}:?\t[ \t]*{_SAID}",
        rf"{_WHO}[ \t]+[-–—][ \t]+{_SAID}",
    )
)
_BARE = re.compile(rf"([*_]{{0,3}}){_WHO}:?[*_]{{0,3}}:?")
_LONE_CLOCK = re.compile(rf"[\[(]?{CLOCK}[\])]?")
#: Fewer than these many headings or items are no pattern.
_LEAST_TIMED, _LEAST = 2, 4


def undressed(text: str) -> str:
    """The text with such names in front of their words; the very same text where nothing shows that they are names."""
    lines = text.split("\n")
    found = _unheaded(lines) if "#" in text else _unlisted(lines)
    return found or _within(lines) or text


def _within(lines: Sequence[str]) -> str | None:
    """The names of the part below a heading "Transcript", or of all lines, in other dresses."""
    heads = [n + 1 for n, line in enumerate(lines) if len(line) < 60 and "ranscri" in line and heading(line.strip())]
    first = heads[0] if heads and heading(lines[heads[0] - 1].strip()) == "transcript" else 0
    found = next((one for dress in _DRESSES if (one := _fronted(lines[first:], dress))), None) or _alone(lines[first:])
    return "\n".join([*lines[:first], *found]) if found else None


def _fronted(lines: Sequence[str], dress: re.Pattern[str]) -> list[str] | None:
    """Lines of which most begin with a name in one and the same dress, as ``Name: words``."""
    told = sum(bool(line.strip()) for line in lines)
    found = {
        n: match for n, line in enumerate(lines) if (match := dress.fullmatch(line.strip())) and _person(match["who"])
    }
    clocks = sum(_LONE_CLOCK.fullmatch(match["said"]) is not None for match in found.values())
    if len(found) < 3 or len(found) < (0.3 if clocks == len(found) else 0.6) * told:
        return None
    if not _return([" ".join(match["who"].split()) for match in found.values()]):
        return None
    joint = " " if clocks == len(found) else ": "
    return [_put(found[n], joint) if n in found else line for n, line in enumerate(lines)]


def _put(match: re.Match[str], joint: str) -> str:
    at = match.groupdict().get("at")
    time = f"[{at.strip('[]()')}] " if at else ""
    return f"{time}{match['who']}{joint}{match['said']}"


def _person(label: str) -> bool:
    return could_be_name(label) and not label[0].islower() and not is_sound(label)


def _alone(lines: Sequence[str]) -> list[str] | None:
    """Names on lines of their own, in bold, in capitals or in full, with words below them."""
    told = [n for n, line in enumerate(lines) if line.strip()]
    bare = {n: match for n in told if len(lines[n]) < 70 and (match := _BARE.fullmatch(lines[n].strip()))}
    names = {n: match["who"] for n, match in bare.items() if _person(match["who"]) and _stands_out(match)}
    after = dict(pairwise(told))
    names = {n: name for n, name in names.items() if n in after and after[n] not in names}
    if len(names) < _LEAST or 5 * len(names) < len(told) or not _return(list(names.values())):
        return None
    return "\n".join(_prefixed(lines, names)).split("\n")


def _stands_out(match: re.Match[str]) -> bool:
    return bool(match[1]) or match["who"].isupper() or looks_full(match["who"]) or is_generic(match["who"])


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
