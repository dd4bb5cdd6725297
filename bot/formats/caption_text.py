"""Captions in plain text that are neither WebVTT nor SRT: song lyrics (LRC), SubStation Alpha (ASS, SSA), and tables
(CSV, TSV) with a header. A time keeps its words even when it cannot be used."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from typing import Literal

from bot.domain import Parsed
from bot.formats.cues import turns_of
from bot.formats.problems import Problems, shown
from bot.formats.rolling import Cue
from bot.formats.times import MAX_S, clock_s, seconds

Family = Literal["lrc", "ass", "table"]

_TAG_LINE = re.compile(r"\[(?:ti|ar|al|au|by|re|ve|length|offset|lr|la|tool)\s*:[^\]\n]{0,300}\]", re.IGNORECASE)
_STAMPS = re.compile(r"(?:\[\d{1,3}:\d{2}(?:[.:]\d{1,3})?\][ \t]*)+")
_STAMP = re.compile(r"\[(\d{1,3}:\d{2})(?:[.:](\d{1,3}))?\]")
_WORD_STAMP = re.compile(r"<\d{1,3}:\d{2}(?:[.:]\d{1,3})?>")
_ASS = re.compile(r"\[Script Info\]|\[V4\+? Styles\]|\[Events\]", re.IGNORECASE)
_OVERRIDE = re.compile(r"\{[^{}]*\}")
_BREAK = re.compile(r"\\[Nnh]")

#: What the columns of tables are called, best name first.
_COLUMNS: dict[str, tuple[str, ...]] = {
    "start": (
        *("start", "start time", "starttime", "start_time", "start (s)", "start_s", "in", "in point", "begin", "from"),
        *("timecode in", "start timecode", "timestamp", "timecode", "time", "start_ms", "startms", "start ms"),
    ),
    "end": (
        *("end", "end time", "endtime", "end_time", "end (s)", "end_s", "out", "out point", "stop", "to"),
        *("timecode out", "end timecode", "end_ms", "endms", "end ms"),
    ),
    "speaker": ("speaker", "speaker name", "speaker_name", "speakername", "speakers", "name", "who", "person"),
    "text": (
        *("text", "transcript", "dialogue", "dialog", "words", "sentence", "utterance", "content", "caption", "body"),
        *("speech", "line", "subtitle"),
    ),
}
#: Cells longer than this are cut off by the reader of tables; no line is.
_LONGEST_CELL = 1_000_000


def family(text: str) -> Family | None:
    """Which of them a text is."""
    head = text[:20_000].lstrip("\ufeff \t\n")
    if head[:1] in ("[", ";") and _ASS.search(head[:4000]) and "Dialogue:" in text:
        return "ass"
    if _is_lrc(head):
        return "lrc"
    return "table" if _header(head) else None


def parse(text: str, kind: Family, problems: Problems) -> Parsed:
    read = {"lrc": _lrc, "ass": _ass, "table": _table}[kind]
    cues = list(read(text, problems))
    turns = turns_of(cues, problems)
    if not turns:
        problems.add("no cue could be read")
    return Parsed("srt", turns=turns, problems=problems.all())


# --- lyrics ------------------------------------------------------------------------------------------------


def _is_lrc(head: str) -> bool:
    """Tags of the kind, or fractions in brackets that touch their words: a transcript puts a blank there."""
    lines = [line.strip() for line in head.split("\n")[:60] if line.strip()]
    stamped = [line for line in lines if _STAMPS.match(line)]
    if 2 * len(stamped) < len(lines) or not stamped:
        return False
    if any(_TAG_LINE.fullmatch(line) for line in lines):
        return True
    touching = [line for line in stamped if re.match(r"(?:\[\d{1,3}:\d{2}[.:]\d{1,3}\])+[^\s\[]", line)]
    return 2 * len(touching) >= len(stamped)


def _lrc(text: str, problems: Problems) -> Iterator[Cue]:
    found: list[tuple[float, str, int]] = []
    for number, line in enumerate(text.split("\n"), 1):
        bare = line.strip()
        stamps = _STAMPS.match(bare)
        if stamps is None:
            if bare and not _TAG_LINE.fullmatch(bare):
                problems.add(f"“{shown(bare)}” has no time and was skipped", number)
            continue
        words = " ".join(_WORD_STAMP.sub(" ", bare[stamps.end() :]).split())
        for minutes, fraction in _STAMP.findall(stamps[0]):
            start = clock_s(minutes)
            if start is not None:
                found.append((start + (float(f"0.{fraction}") if fraction else 0.0), words, number))
    ordered = sorted(found, key=lambda one: one[0])
    for (start, words, number), following in zip(ordered, [*ordered[1:], None], strict=True):
        if words:
            yield Cue(words, start, following[0] if following else None, number)


# --- SubStation Alpha --------------------------------------------------------------------------------------


def _ass(text: str, problems: Problems) -> Iterator[Cue]:
    columns = ["layer", "start", "end", "style", "name", "marginl", "marginr", "marginv", "effect", "text"]
    events = False
    for number, line in enumerate(text.split("\n"), 1):
        bare = line.strip()
        if bare.startswith("["):
            events = bare.lower() == "[events]"
        elif events and bare.startswith("Format:"):
            columns = [name.strip().lower() for name in bare[7:].split(",")][:30]
        elif events and bare.startswith("Dialogue:") and "text" in columns:
            row = dict(zip(columns, bare[9:].split(",", len(columns) - 1), strict=False))
            words = " ".join(_BREAK.sub(" ", _OVERRIDE.sub("", row.get("text", ""))).split())
            start, end = (_used(row.get(name, "").strip(), number, problems) for name in ("start", "end"))
            yield Cue(words, start, end, number, row.get("name", row.get("actor", "")).strip() or None)


# --- tables ------------------------------------------------------------------------------------------------


def _header(head: str) -> tuple[str, dict[str, int]] | None:
    """The separator and the known columns of a table: words, and a time or a speaker."""
    first = head.split("\n", 1)[0][:1000]
    for separator in ("\t", ",", ";", "|"):
        if separator in first:
            names = [name.strip().strip("\"'*").strip().lower() for name in first.split(separator)]
            columns = {kind: at for kind in _COLUMNS if (at := _column(names, _COLUMNS[kind])) is not None}
            if "text" in columns and ("start" in columns or "speaker" in columns):
                return separator, columns
    return None


def _column(names: Sequence[str], known: Sequence[str]) -> int | None:
    return next((names.index(name) for name in known if name in names), None)


def _table(text: str, problems: Problems) -> Iterator[Cue]:
    found = _header(text.lstrip("\ufeff \t\n"))
    if found is None:
        return
    separator, columns = found
    rows = list(_rows(text.lstrip("\ufeff \t\n"), separator, problems))
    unit = 0.001 if _in_milliseconds(text, [_at(row, columns, "start") for _, row in rows]) else 1.0
    for number, row in rows:
        start, end = (_used(_at(row, columns, name), number, problems, unit) for name in ("start", "end"))
        words = " ".join(_at(row, columns, "text").split())
        yield Cue(words, start, end, number, " ".join(_at(row, columns, "speaker").split()) or None)


def _rows(text: str, separator: str, problems: Problems) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(text.split("\n"), delimiter=separator, quoting=_quoting(text, separator))
    try:
        next(reader, None)
        for row in reader:
            if any(cell.strip() for cell in row):
                yield reader.line_num, row
    except csv.Error as err:
        problems.add(f"the table cannot be read on: {err}", reader.line_num)


def _quoting(text: str, separator: str) -> Literal[0, 3]:
    """Tables with tabs mostly have no quotes: there a quotation mark is a word's own."""
    return csv.QUOTE_NONE if separator in "\t|" and f'{separator}"' not in text else csv.QUOTE_MINIMAL


def _at(row: Sequence[str], columns: dict[str, int], name: str) -> str:
    at = columns.get(name)
    return row[at].strip() if at is not None and at < len(row) else ""


def _in_milliseconds(text: str, starts: Sequence[str]) -> bool:
    """The header says so, or whole numbers are too great or too far apart for seconds."""
    if re.match(r"[^\n]{0,300}(?:start|begin)[ _(]?ms\b", text, re.IGNORECASE):
        return True
    whole = [int(start) for start in starts if start.isdecimal() and len(start) < 15]
    if len(whole) < max(1, len(starts)):
        return False
    return max(whole) > MAX_S or (len(whole) > 2 and (max(whole) - min(whole)) / len(whole) > 500)


def _used(text: str, number: int, problems: Problems, unit: float = 1.0) -> float | None:
    if not text:
        return None
    found = (
        clock_s(text) if ":" in text else seconds(str(int(text) * unit) if unit != 1.0 and text.isdecimal() else text)
    )
    if found is None:
        problems.add(f"the time “{shown(text)}” cannot be used; the words are kept", number)
    return found
