"""Chapters as plain text that tools write and read: FFMetadata, ``CHAPTER01=`` pairs, mp4chaps. No show notes here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from statistics import median

from bot.domain import Parsed
from bot.formats.chapter_marks import Mark, address, chapters
from bot.formats.problems import Problems, shown
from bot.formats.times import clock_s, sane

_FF_HEAD = re.compile(r"\s{0,100};FFMETADATA", re.IGNORECASE)
_FF_SECTION = re.compile(r"\[(\w{1,20})\]\s*")
_FF_KEY = re.compile(r"([^=\\]{1,200}|\\.)=")
_TIMEBASE = re.compile(r"(\d{1,12})\s*/\s*(\d{1,12})")
#: FFMetadata without a time base counts nanoseconds (ffmpeg's documentation, "Metadata").
_DEFAULT_BASE = (1, 1_000_000_000)
_ESCAPE = re.compile(r"\\([=;#\\\n])")
_PAIR = re.compile(r"\s{0,20}(CHAPTER(\d{1,5})(NAME|URL)?)\s{0,5}=([^\n]*)", re.IGNORECASE)
_MP4CHAPS = re.compile(r"(\d{1,3}:\d{2}:\d{2}[.,]\d{1,9})(?:[ \t]+([^\n]*))?")
#: Words a second, and words a line, above which lines are speech.
_SPEECH, _SAID_WORDS = 1.0, 5
_LINKED = re.compile(r"(.*?)[ \t]*<([^<>\s]{1,2000}(?:\([^<>]*\))?)>\s*")


def family(text: str) -> str | None:
    """``ffmetadata``, ``ogm-chapters`` or ``mp4chaps`` when that is all that the text is; None for all else."""
    if _FF_HEAD.match(text):
        return "ffmetadata"
    lines = [line.strip() for line in text[:200_000].split("\n") if line.strip()]
    if len(lines) > 1 and all(map(_PAIR.fullmatch, lines)):
        return "ogm-chapters"
    told = [line for line in lines if not line.startswith("#")]
    fits = [match for line in told if (match := _MP4CHAPS.fullmatch(line))]
    titled = fits and len(fits) == len(told) and any(match[2] for match in fits)
    return "mp4chaps" if titled and not _spoken(fits) else None


def _spoken(fits: Sequence[re.Match[str]]) -> bool:
    """Whether the lines are said and no titles: names in bold before them, or as many words as people say."""
    said = [match[2] or "" for match in fits]
    if 2 * sum(words.startswith("**") for words in said) > len(said):
        return True
    words = [text.count(" ") + 1 for text in said]
    whole = (clock_s(fits[-1][1]) or 0.0) - (clock_s(fits[0][1]) or 0.0)
    return len(fits) > 2 and median(words) >= _SAID_WORDS and sum(words[:-1]) >= _SPEECH * whole


def parse(text: str, format: str, problems: Problems) -> Parsed:
    """``format`` as ``family`` gave it."""
    title = None
    if format == "ffmetadata":
        title, marks = _ffmetadata(text, problems)
    elif format == "ogm-chapters":
        lines = text.split("\n")
        pairs = [(match[1], match[4]) for line in lines if (match := _PAIR.fullmatch(line.strip()))]
        marks = list(ogm_marks(pairs, problems))
    else:
        marks = list(_mp4chaps(text, problems))
    if not marks:
        problems.add("no chapter could be read")
    return Parsed(format, title=title, chapters=chapters(marks, "json", problems), problems=problems.all())


def ogm_marks(pairs: Iterable[tuple[str, str]], problems: Problems) -> Iterator[Mark]:
    """Of ``CHAPTER001=00:01:02.000`` with ``CHAPTER001NAME`` and ``CHAPTER001URL``, in any order and case: text files
    and Vorbis comments (https://wiki.xiph.org/Chapter_Extension)."""
    found: dict[int, dict[str, str]] = {}
    for key, value in pairs:
        match = _PAIR.fullmatch(f"{key}=")
        if match:
            found.setdefault(int(match[2]), {}).setdefault((match[3] or "").upper(), value)
    for number, parts in sorted(found.items()):
        start = clock_s(parts.get("", ""))
        title = " ".join(parts.get("NAME", "").split())
        if start is None:
            problems.add(f"chapter {number} (“{shown(title)}”) has no usable start and was skipped")
            continue
        yield Mark(start, title, address(parts.get("URL")))


def _mp4chaps(text: str, problems: Problems) -> Iterator[Mark]:
    for number, line in enumerate(text.split("\n"), 1):
        match = _MP4CHAPS.fullmatch(line.strip())
        if not match:
            continue
        start = clock_s(match[1])
        if start is None:
            problems.add(f"“{match[1]}” is no usable time; the chapter was skipped", number)
            continue
        title, link = linked(match[2] or "")
        yield Mark(start, title, link, line=number)


def linked(title: str) -> tuple[str, str | None]:
    """``Title <https://…>`` as its title and its address; an address of another kind is dropped."""
    match = _LINKED.fullmatch(title) if title.rstrip().endswith(">") else None
    if match and ":" in match[2]:
        return match[1].strip(), address(match[2])
    return title.strip(), None


# --- FFMetadata (https://ffmpeg.org/ffmpeg-formats.html#Metadata-2) ---------------------------------------------


def _ffmetadata(text: str, problems: Problems) -> tuple[str | None, list[Mark]]:
    title: str | None = None
    marks: list[Mark] = []
    for section, line, pairs in _sections(text):
        if section == "":
            title = " ".join(pairs.get("title", "").split()) or None
        elif section == "CHAPTER" and (mark := _ff_mark(pairs, line, problems)):
            marks.append(mark)
    return title, marks


def _sections(text: str) -> Iterator[tuple[str, int, dict[str, str]]]:
    """(name, line of its heading, pairs with keys in lower case); the first has no name."""
    name, begun, pairs = "", 1, dict[str, str]()
    for number, line in _logical(text):
        if match := _FF_SECTION.fullmatch(line):
            yield name, begun, pairs
            name, begun, pairs = match[1].upper(), number, {}
        elif line[:1] not in (";", "#") and (key := _FF_KEY.match(line)):
            pairs.setdefault(key[1].strip().lower(), _ESCAPE.sub(r"\1", line[key.end() :]))
    yield name, begun, pairs


def _logical(text: str) -> Iterator[tuple[int, str]]:
    """Lines, those that end in an odd number of backslashes joined with the next."""
    held: list[str] = []
    begun = 1
    for number, line in enumerate(text.split("\n"), 1):
        held.append(line)
        if (len(line) - len(line.rstrip("\\"))) % 2 == 0:
            yield begun, "\n".join(held)
            held, begun = [], number + 1
    if held:
        yield begun, "\n".join(held)


def _ff_mark(pairs: dict[str, str], line: int, problems: Problems) -> Mark | None:
    base = _TIMEBASE.fullmatch(pairs.get("timebase", "").strip())
    over, under = (int(base[1]), int(base[2])) if base else _DEFAULT_BASE
    title = " ".join(pairs.get("title", "").split())
    start = _ticks(pairs.get("start", ""), over, under)
    if start is None:
        problems.add(f"the chapter “{shown(title)}” has no usable start and was skipped", line)
        return None
    return Mark(start, title, address(pairs.get("url")), _ticks(pairs.get("end", ""), over, under), line)


def _ticks(text: str, over: int, under: int) -> float | None:
    text = text.strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 18 and over and under):
        return None
    return sane(int(text) * over / under)
