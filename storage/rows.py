"""Rows end here: from what the database returns to domain values, and back to parameters."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.domain import (
    Alias,
    Anchor,
    Change,
    Chapter,
    Edition,
    Episode,
    EpisodeId,
    Fix,
    Grant,
    Highlight,
    HistoryEntry,
    Joining,
    Level,
    Line,
    Nickname,
    Place,
    Record,
    RecordKind,
    Report,
    Role,
    Ruling,
    SavedQuote,
    Setting,
    Show,
    ShowId,
    Subscription,
    Transcript,
    Withhold,
)
from storage.codec import decode

#: The bits of a line's ``exact`` column.
_EXACT, _GARBLED = 1, 2


def instant(value: datetime | None) -> str | None:
    """How a time is stored: ISO 8601 in UTC. Raises ValueError for a naive time."""
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError(f"a time without its zone cannot be stored: {value}")
    return value.astimezone(UTC).isoformat()


def to_instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def to_show(row: sqlite3.Row) -> Show:
    return Show(
        ShowId(row["id"]),
        row["slug"],
        row["title"],
        row["feed_url"],
        row["page_url"],
        row["language"],
        bool(row["private"]),
        tuple(Place(*parts) for parts in json.loads(row["places"])),
        tuple(json.loads(row["roles"])),
        row["author"],
        row["summary"],
        row["image"],
        row["offset_s"],
        row["link_template"],
    )


def to_people(row: sqlite3.Row) -> tuple[str, ...]:
    return tuple(json.loads(row["people"]))


def to_editions(row: sqlite3.Row) -> tuple[Edition, ...]:
    return tuple(to_edition(parts) for parts in json.loads(row["editions"]))


def to_edition(parts: Sequence[Any]) -> Edition:
    kind, url, offset_s, premiere, exact = parts
    return Edition(kind, url, offset_s, bool(premiere), bool(exact))


def to_episode(row: sqlite3.Row, show: Show) -> Episode:
    return Episode(
        EpisodeId(row["id"]),
        show.id,
        show.slug,
        show.title,
        row["key"],
        row["title"],
        row["number"],
        row["season"],
        row["guid"],
        to_instant(row["published"]),
        row["duration_s"],
        row["summary"],
        to_people(row),
        to_editions(row),
        row["lines"],
        row["made"],
        row["kind"],
        None if row["explicit"] is None else bool(row["explicit"]),
        row["image"],
        to_instant(row["withdrawn"]),
        show.offset_s,
        show.link_template,
    )


def to_chapter(row: Sequence[Any]) -> Chapter:
    n, start_s, end_s, title, url, source, image, hidden = row
    return Chapter(n, start_s, end_s, title, url, source, image, bool(hidden))


def to_highlight(row: Sequence[Any]) -> Highlight:
    return Highlight(*row)


def to_line(row: sqlite3.Row) -> Line:
    """The first nine columns of every query on lines, in this order."""
    n, turn, label, start_s, end_s, bits, first_word, words, text = row[:9]
    line = Line(n, turn, label, start_s, end_s, bits & _EXACT == _EXACT, first_word, words, text)
    return line if bits < _GARBLED else replace(line, garbled=True)


def to_change(row: sqlite3.Row) -> Change:
    return Change(row["n"], row["kind"], row["episode"])


def milliseconds(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds * 1000)


def voice_rows(episode: int, lines: Iterable[Line]) -> tuple[dict[str | None, int], list[tuple[object, ...]]]:
    """Small numbers for the speakers, and a row for each with what they say in all."""
    turns: dict[str | None, set[int]] = {}
    sums: dict[str | None, list[int]] = {}
    for line in lines:
        turns.setdefault(line.speaker, set()).add(line.turn)
        total = sums.setdefault(line.speaker, [0, 0])
        total[0] += 1
        total[1] += line.words
    numbers = {label: number for number, label in enumerate(sums)}
    return numbers, [(episode, n, label, len(turns[label]), *sums[label]) for label, n in numbers.items()]


def line_rows(episode: int, transcript: Transcript, voices: dict[str | None, int]) -> Iterator[tuple[object, ...]]:
    for line in transcript.lines:
        start_ms, end_ms = milliseconds(line.start_s), milliseconds(line.end_s)
        yield (
            episode, line.n, line.turn, voices[line.speaker], start_ms, end_ms,
            line.exact * _EXACT + line.garbled * _GARBLED, line.first_word, line.words, line.text,
        )  # fmt: skip


# --- records --------------------------------------------------------------------------------------------------


def to_anchor(row: sqlite3.Row) -> Anchor:
    return Anchor(
        EpisodeId(row["anchor_episode"]),
        row["anchor_first"],
        row["anchor_words"],
        row["anchor_hash"],
        row["anchor_text"],
        row["anchor_start_s"],
    )


def _to_report(row: sqlite3.Row) -> Report:
    at = None if row["at"] is None else datetime.fromisoformat(row["at"])
    said = (row["id"], to_anchor(row), row["wrong"], row["reporter"], row["state"], row["note"], at)
    return Report(*said, row["reporter_name"], row["settled_by"])


def to_record(kind: RecordKind, row: sqlite3.Row) -> Record:
    """One record of its kind's own table, joined with its anchor."""
    match kind:
        case "alias":
            return Alias(row["id"], ShowId(row["show"]), row["label"], row["name"], row["episode"])
        case "fix":
            return Fix(row["id"], to_anchor(row), row["field"], row["value"])
        case "withhold":
            anchor = None if row["anchor_episode"] is None else to_anchor(row)
            return Withhold(
                row["id"], Level(row["level"]), anchor, row["episode"], row["person"], row["show"], row["reason"]
            )
        case "nickname":
            return Nickname(row["id"], row["words"], to_anchor(row))
        case "saved_quote":
            saved = datetime.fromisoformat(row["saved"])
            return SavedQuote(row["id"], to_anchor(row), row["owner"], saved, row["speaker"], row["note"])
        case "setting":
            return Setting(row["id"], row["name"], row["value"], row["place"])
        case "grant":
            return Grant(row["id"], row["subject"], Role(row["role"]))
        case "subscription":
            return Subscription(row["id"], ShowId(row["show"]), row["place"], row["options"])
        case "report":
            return _to_report(row)
        case "joining":
            show, kept, other = ShowId(row["show"]), EpisodeId(row["kept"]), EpisodeId(row["other"])
            return Joining(row["id"], show, kept, other, row["kept_key"], row["other_key"])
        case "ruling":
            return Ruling(row["id"], row["choice"])


def to_history(row: sqlite3.Row) -> HistoryEntry:
    return HistoryEntry(
        row["id"],
        row["community"],
        datetime.fromisoformat(row["at"]),
        row["by"],
        row["kind"],
        row["record"],
        decode(row["kind"], row["before"]),
        decode(row["kind"], row["after"]),
        bool(row["undone"]),
        row["undoes"],
    )
