"""A transcript in place of another in one transaction, and every community's anchored records found again in it."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import asdict, replace

from bot.domain import Anchor, EpisodeId, Highlight, Line, Transcript
from storage.anchoring import Said, Transition, Whereabouts, moved
from storage.database import Transaction
from storage.reading import raw_lines
from storage.rows import line_rows, to_highlight, voice_rows


async def put_transcript(t: Transaction, row: int, transcript: Transcript) -> None:
    facts = {"hash": transcript.hash, "made": transcript.made, "language": transcript.language}
    await t.run("add_transcript", {"row": row, **facts, "lines": len(transcript.lines)})
    numbers, voices = voice_rows(row, transcript.lines)
    await t.many("add_voice", voices)
    await t.many("add_line", line_rows(row, transcript, numbers))


async def replace_transcript(
    t: Transaction, episode: EpisodeId, row: int, transcript: Transcript, *, realign: bool
) -> None:
    """``realign``: the highlights stay as they were, and stand on other lines now."""
    anchors = await t.rows("anchors_on", {"episode": episode})
    old = await raw_lines(t, row) if anchors else []
    await t.run("drop_transcript", {"row": row})
    await put_transcript(t, row, transcript)
    if anchors:
        await find_again(t, anchors, old, await raw_lines(t, row))  # as stored: times are whole milliseconds
    if realign:
        await realign_highlights(t, row, transcript.lines)


async def find_again(t: Transaction, anchors: Sequence[sqlite3.Row], old: Sequence[Line], now: Sequence[Line]) -> None:
    """Look up where the words of these records stand, after lines have changed."""
    change = Transition(Said(old), Said(now))
    for each in anchors:
        await _find_one(t, each, change)


async def _find_one(t: Transaction, row: sqlite3.Row, change: Transition) -> None:
    anchor = Anchor(row["episode"], row["first_word"], row["words"], row["hash"], row["text"], row["start_s"])
    where = moved(anchor, whereabouts(row), change, guarded=row["kind"] == "withhold")
    key = {"community": row["community"], "kind": row["kind"], "id": row["id"]}
    await t.run("move_anchor", {**key, **place_params(where)})
    await put_spans(t, key, where)


async def realign_highlights(t: Transaction, row: int, lines: Sequence[Line]) -> None:
    from bot.rules.highlights import align_highlights

    kept = [to_highlight(each) for each in await t.rows("highlights", {"row": row})]
    if kept:
        nowhere = [replace(each, first_line=None, last_line=None) for each in kept]
        await t.run("drop_highlights", {"row": row})
        await t.many("add_highlights", highlight_rows(row, align_highlights(kept, lines) if lines else nowhere))


def highlight_rows(row: int, highlights: Sequence[Highlight]) -> list[tuple[object, ...]]:
    return [
        (row, n, each.text, each.start_s, each.first_line, each.last_line, each.end_s)
        for n, each in enumerate(highlights)
    ]


def whereabouts(row: sqlite3.Row) -> Whereabouts:
    return Whereabouts(
        bool(row["found"]),
        row["last_first"],
        row["last_words"],
        row["last_said"],
        row["last_start_s"],
        row["last_end_s"],
    )


def place_params(where: Whereabouts) -> dict[str, object]:
    return {
        "found": where.found,
        "last_first": where.first_word,
        "last_words": where.words,
        "last_said": where.said,
        "last_start_s": where.start_s,
        "last_end_s": where.end_s,
    }


async def put_spans(t: Transaction, key: dict[str, object], where: Whereabouts) -> None:
    """Tell anew which stretches a record reaches."""
    await t.run("drop_spans", key)
    rows = [(*key.values(), n, *asdict(span).values()) for n, span in enumerate(where.spans)]
    await t.many("add_span", rows)
