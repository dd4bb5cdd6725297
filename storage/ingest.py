"""Storing one episode in one transaction: new, changed or the same, with every community's overlays found again."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import asdict, replace

from bot.domain import (
    Anchor,
    Chapter,
    CommunityId,
    Edition,
    EpisodeId,
    EpisodeImport,
    Highlight,
    Line,
    Show,
    ShowId,
    Transcript,
)
from bot.errors import NotFound
from bot.ports import Saved
from bot.rules.access import told_editions
from bot.rules.ids import new_id
from storage.anchoring import Said, Transition, Whereabouts, moved
from storage.database import Transaction
from storage.reading import raw_lines
from storage.rows import instant, line_rows, to_chapter, to_editions, to_highlight, to_people, voice_rows
from storage.shelves import changed
from storage.view import Room

_FACTS = ("title", "number", "season", "guid", "published", "duration_s", "summary")


class Ingest(Room):
    """The part of ``Storage`` that takes episodes in."""

    async def save_episode(self, community: CommunityId, show: ShowId, episode: EpisodeImport) -> Saved:
        async with self._db.writing() as t:
            home = await t.one("shelved_show", {"community": community, "show": show})
            if home is None:
                raise NotFound(f"this community has no show {show}")
            old = await t.one("episode_by_key", {"show": home["row"], "key": episode.key})
            if old is None:
                id = await _add(t, home["row"], episode)
                await changed(t, "transcript" if episode.transcript else "episode", id)
                return Saved(id, "new")
            return await _update(t, community, old, _with_untold(episode, old, home))


def _with_untold(episode: EpisodeImport, old: sqlite3.Row, home: sqlite3.Row) -> EpisodeImport:
    """Whoever imports has read a private show's episode without its enclosures, and so cannot give them back: those
    stay for which the import brings no other of their kind."""
    if episode.editions is None or not home["private"]:
        return episode
    stored, kinds = to_editions(old), {each.kind for each in episode.editions}
    told = told_editions(Show(ShowId(""), "", "", private=True), stored)
    untold = tuple(each for each in stored if each not in told and each.kind not in kinds)
    return replace(episode, editions=episode.editions + untold)


async def _add(t: Transaction, show: int, episode: EpisodeImport) -> EpisodeId:
    id = EpisodeId(new_id())
    row = await t.one("add_episode", {**_facts(episode), "id": id, "show": show, "key": episode.key})
    assert row is not None
    await _put_parts(t, row["row"], episode)
    if episode.transcript:
        await _put_transcript(t, row["row"], episode.transcript)
    return id


async def _update(t: Transaction, community: CommunityId, old: sqlite3.Row, episode: EpisodeImport) -> Saved:
    row, id = old["row"], EpisodeId(old["id"])
    said = episode.transcript
    resaid = said is not None and said.hash != old["hash"]
    retold = said is not None and (said.made, said.language) != (old["made"], old["language"])
    retitled = await _parts_differ(t, old, episode)
    if not (resaid or retold or retitled):
        return Saved(id, "same")
    await t.run("update_episode", {**_facts(episode), "row": row})
    await _put_parts(t, row, episode)
    lost: tuple[str, ...] = ()
    if resaid and said:
        await _replace_transcript(t, id, row, said, realign=episode.highlights is None)
        lost = tuple(each["id"] for each in await t.rows("lost", {"community": community, "episode": id}))
    elif retold and said:
        await t.run("retell_transcript", {"row": row, "made": said.made, "language": said.language})
    await changed(t, "transcript" if resaid or retold else "episode", id)
    return Saved(id, "changed", lost)


def _facts(episode: EpisodeImport) -> dict[str, object]:
    facts: dict[str, object] = {name: getattr(episode, name) for name in _FACTS}
    return {**facts, "published": instant(episode.published)}


async def _parts_differ(t: Transaction, old: sqlite3.Row, episode: EpisodeImport) -> bool:
    facts = _facts(episode)
    if any(facts[name] is not None and facts[name] != old[name] for name in _FACTS):
        return True
    if _differs(episode.people, to_people(old)) or _differs(episode.editions, to_editions(old)):
        return True
    of = {"row": old["row"]}
    chapters = [] if episode.chapters is None else await t.rows("chapters", of)
    highlights = [] if episode.highlights is None else await t.rows("highlights", of)
    return _differs(episode.chapters, [to_chapter(each) for each in chapters]) or _differs(
        episode.highlights, [to_highlight(each) for each in highlights]
    )


def _differs(given: Sequence[object] | None, stored: Sequence[object]) -> bool:
    return given is not None and tuple(given) != tuple(stored)


async def _put_parts(t: Transaction, row: int, episode: EpisodeImport) -> None:
    """Those parts that the import says something about, in place of what was there."""
    if episode.people is not None:
        await _put(t, row, ("drop_people", "add_person"), [(n, name) for n, name in enumerate(episode.people)])
    if episode.editions is not None:
        rows = [(n, *_edition(each)) for n, each in enumerate(episode.editions)]
        await _put(t, row, ("drop_editions", "add_edition"), rows)
    if episode.chapters is not None:
        await _put(t, row, ("drop_chapters", "add_chapter"), [_chapter(each) for each in episode.chapters])
    if episode.highlights is not None:
        await _put_highlights(t, row, episode.highlights)


async def _put_highlights(t: Transaction, row: int, highlights: Sequence[Highlight]) -> None:
    rows = [(n, *_highlight(each)) for n, each in enumerate(highlights)]
    await _put(t, row, ("drop_highlights", "add_highlight"), rows)


async def _put(t: Transaction, row: int, queries: tuple[str, str], rows: Sequence[tuple[object, ...]]) -> None:
    drop, add = queries
    await t.run(drop, {"row": row})
    if rows:
        await t.many(add, [(row, *each) for each in rows])


def _edition(edition: Edition) -> tuple[object, ...]:
    return edition.kind, edition.url, edition.offset_s


def _chapter(chapter: Chapter) -> tuple[object, ...]:
    return chapter.n, chapter.start_s, chapter.end_s, chapter.title, chapter.url, chapter.source


def _highlight(highlight: Highlight) -> tuple[object, ...]:
    return highlight.text, highlight.start_s, highlight.first_line, highlight.last_line


# --- transcripts ----------------------------------------------------------------------------------------------


async def _put_transcript(t: Transaction, row: int, transcript: Transcript) -> None:
    facts = {"hash": transcript.hash, "made": transcript.made, "language": transcript.language}
    await t.run("add_transcript", {"row": row, **facts, "lines": len(transcript.lines)})
    numbers, voices = voice_rows(row, transcript.lines)
    await t.many("add_voice", voices)
    await t.many("add_line", line_rows(row, transcript, numbers))


async def _replace_transcript(
    t: Transaction, episode: EpisodeId, row: int, transcript: Transcript, *, realign: bool
) -> None:
    anchors = await t.rows("anchors_on", {"episode": episode})
    old = await raw_lines(t, row) if anchors else []
    await t.run("drop_transcript", {"row": row})
    await _put_transcript(t, row, transcript)
    if anchors:
        change = Transition(Said(old), Said(await raw_lines(t, row)))  # as stored: times are whole milliseconds
        for each in anchors:
            await _find_again(t, each, change)
    if realign:
        await _realign(t, row, transcript.lines)


async def _find_again(t: Transaction, row: sqlite3.Row, change: Transition) -> None:
    anchor = Anchor(row["episode"], row["first_word"], row["words"], row["hash"], row["text"], row["start_s"])
    where = moved(anchor, whereabouts(row), change, guarded=row["kind"] == "withhold")
    key = {"community": row["community"], "kind": row["kind"], "id": row["id"]}
    await t.run("move_anchor", {**key, **place_params(where)})
    await put_spans(t, key, where)


async def _realign(t: Transaction, row: int, lines: Sequence[Line]) -> None:
    """Highlights that this import does not bring stand on other lines now."""
    from bot.rules.highlights import align_highlights

    kept = [to_highlight(each) for each in await t.rows("highlights", {"row": row})]
    if kept:
        await _put_highlights(t, row, align_highlights(kept, lines))


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
