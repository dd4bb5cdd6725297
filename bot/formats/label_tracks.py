"""Marks of audio editors as text: Audacity's labels, the marker tables of Audition and Reaper, tables of chapters, and
cue sheets. Labels may be chapters or, as recognisers write them, speech; transcripts in tables do not enter.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from bot.domain import Parsed
from bot.formats.chapter_marks import Mark, address, chapters
from bot.formats.cues import turns_of
from bot.formats.problems import Problems, shown
from bot.formats.rolling import Cue
from bot.formats.times import clock_s, sane, seconds

_LABEL = re.compile(r"(-?\d{1,6}[.,]\d{1,9})\t(-?\d{1,6}[.,]\d{1,9})(?:\t(.*))?")
_SPECTRAL = re.compile(r"\\\t[\d.,-]+\t[\d.,-]+")
_TITLES = (
    "name",
    "title",
    "chapter",
    "chapter title",
    "chapter name",
    "label",
    "marker",
    "marker name",
    "topic",
    "titel",
)
_STARTS = (
    *("start", "start time", "starttime", "start_time", "timestamp", "timecode", "time", "position", "in", "begin"),
    *("start (s)", "start_s", "startzeit", "zeit"),
)
_LINKS = ("url", "link", "href")
_INDEX = re.compile(r"INDEX[ \t]+0?1[ \t]+(\d{1,4}):(\d{2}):(\d{2})")
_TITLE = re.compile(r"TITLE[ \t]+\"?([^\"\n]{0,500})\"?")
#: Two chapters of anything are further apart; ranks and numbers are not.
_LEAST_S = 20.0
#: Words a second above which labels are speech.
_SPEECH = 0.6


def family(text: str) -> str | None:
    """``labels``, ``markers`` or ``cue-sheet``; None for all other text."""
    lines = [line for line in text[:100_000].split("\n") if line.strip()]
    if len(lines) > 1 and all(_LABEL.fullmatch(line.strip("\r ")) or _SPECTRAL.fullmatch(line) for line in lines[:50]):
        return "labels"
    if "INDEX" in text[:20_000] and re.search(r"^\s*TRACK\s+\d+\s+AUDIO", text[:20_000], re.MULTILINE):
        return "cue-sheet"
    return "markers" if lines and _columns(lines[0]) and _rising(text) else None


def parse(text: str, kind: str, problems: Problems) -> Parsed:
    """``kind`` as ``family`` gave it."""
    if kind == "labels":
        return _labels(text, problems)
    read: Callable[[str, Problems], Iterator[Mark]] = _cue_sheet if kind == "cue-sheet" else _markers
    marks = list(read(text, problems))
    return Parsed(kind, chapters=chapters(marks, "json", problems), problems=problems.all())


# --- Audacity (https://manual.audacityteam.org/man/importing_and_exporting_labels.html) --------------------------


def _labels(text: str, problems: Problems) -> Parsed:
    cues = list(_label_cues(text, problems))
    words = sum(cue.text.count(" ") + 1 for cue in cues)
    whole = sum(max(0.0, (cue.end_s or 0.0) - (cue.start_s or 0.0)) for cue in cues)
    if whole and words >= _SPEECH * whole:
        return Parsed("srt", turns=turns_of(cues, problems), problems=problems.all())
    marks = [Mark(cue.start_s, cue.text, line=cue.line) for cue in cues if cue.start_s is not None]
    return Parsed("labels", chapters=chapters(marks, "json", problems), problems=problems.all())


def _label_cues(text: str, problems: Problems) -> Iterator[Cue]:
    for number, line in enumerate(text.split("\n"), 1):
        match = _LABEL.fullmatch(line.strip("\r "))
        if not match:
            if line.strip() and not _SPECTRAL.fullmatch(line):
                problems.add(f"“{shown(line)}” is no label and was skipped", number)
            continue
        start, end = seconds(match[1]), seconds(match[2])
        if start is None:
            problems.add(f"“{match[1]}” is no usable time; the label was skipped", number)
            continue
        yield Cue(" ".join((match[3] or "").split()), start, end, number)


# --- tables ------------------------------------------------------------------------------------------------


def _columns(header: str) -> tuple[str, dict[str, int]] | None:
    """The separator and the columns of title, start and link."""
    for separator in ("\t", ",", ";", "|"):
        names = [name.strip().strip("\"'").strip().lower() for name in header[:1000].split(separator)]
        if len(names) < 2:
            continue
        known = {"title": _TITLES, "start": _STARTS, "link": _LINKS}
        found = {
            kind: at
            for kind, wanted in known.items()
            if (at := next((names.index(one) for one in wanted if one in names), None)) is not None
        }
        if "title" in found and "start" in found:
            return separator, found
    return None


def _rows(text: str) -> Iterator[tuple[int, str, float | None, str | None]]:
    lines = text.lstrip("\n \t").split("\n")
    found = _columns(lines[0])
    if found is None:
        return
    separator, columns = found
    reader = csv.reader(lines[1:], delimiter=separator)
    try:
        for row in reader:
            if max(columns["title"], columns["start"]) < len(row):
                link = row[columns["link"]] if columns.get("link", len(row)) < len(row) else None
                yield reader.line_num + 1, row[columns["title"]], _seconds(row[columns["start"]]), address(link)
    except csv.Error:
        return


def _seconds(text: str) -> float | None:
    text = text.strip()
    return clock_s(text) if ":" in text else seconds(text)


def _rising(text: str) -> bool:
    """Whether the times of a table could be chapters: two at least, each usable and after the one above it."""
    starts = [start for _, _, start, _ in _rows(text[:200_000])]
    known = [start for start in starts if start is not None]
    rises = len(known) == len(starts) and all(a < b for a, b in pairwise(known))
    return rises and len(known) > 1 and known[-1] >= _LEAST_S


def _markers(text: str, problems: Problems) -> Iterator[Mark]:
    for number, title, start, link in _rows(text):
        if start is None:
            problems.add(f"the chapter “{shown(title)}” has no usable start and was skipped", number)
        else:
            yield Mark(start, " ".join(title.split()), link, line=number)


# --- cue sheets --------------------------------------------------------------------------------------------


def _cue_sheet(text: str, problems: Problems) -> Iterator[Mark]:
    """Tracks with ``INDEX 01 mm:ss:ff``; a second has 75 frames."""
    title = ""
    for number, line in enumerate(text.split("\n"), 1):
        bare = line.strip()
        if bare.startswith("TRACK"):
            title = ""
        elif match := _TITLE.fullmatch(bare):
            title = " ".join(match[1].split())
        elif index := _INDEX.fullmatch(bare):
            start = sane(int(index[1]) * 60 + int(index[2]) + int(index[3]) / 75)
            if start is None:
                problems.add(f"“{shown(bare)}” is no usable time; the track was skipped", number)
            else:
                yield Mark(start, title, line=number)
