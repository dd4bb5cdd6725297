"""Storing episodes: new, changed or the same, many in one transaction, with every community's overlays found again.

What is stored of the episodes is read for a thousand of them at once, and all that changes is written in piles, one for
each statement; only transcripts are replaced one by one.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.domain import Chapter, CommunityId, Edition, EpisodeId, EpisodeImport, Show, ShowId, Transcript
from bot.errors import NotFound, StorageConflict
from bot.ports import Saved
from bot.rules.access import told_editions
from bot.rules.ids import new_id
from storage.database import Transaction
from storage.rows import instant, to_chapter, to_edition, to_highlight, to_instant
from storage.shelves import ChangeKind, all_changed
from storage.transcripts import highlight_rows, replace_transcript
from storage.view import Room

#: So many episodes are held at once.
CHUNK = 1000
_NEW: dict[str, object] = {
    "title": "",
    "number": None,
    "season": None,
    "guid": None,
    "published": None,
    "duration_s": None,
    "summary": "",
    "kind": "full",
    "explicit": None,
    "image": None,
    "withdrawn": None,
}
FACTS = tuple(_NEW)
Parts = dict[str, tuple[Any, ...]]


class Ingest(Room):
    """The part of ``Storage`` that takes episodes in."""

    async def save_episode(
        self, community: CommunityId, show: ShowId, episode: EpisodeImport, *, catalogue: int | None = None
    ) -> Saved:
        async with self._db.writing() as t:
            home = await t.one("shelved_show", {"community": community, "show": show})
            if home is None:
                raise NotFound(f"this community has no show {show}")
            if catalogue is not None:
                await check_catalogue(t, show, catalogue, self._db.where)
            key = await t.one("standing_key", {"show": home["row"], "key": episode.key})
            if key is not None:
                episode = replace(episode, key=key["key"])  # it was joined into another one
            untold = bool(home["private"])
            return (await store(t, home["row"], [episode], community=community, untold=untold))[0]


async def check_catalogue(t: Transaction, show: ShowId, read: int, where: str) -> None:
    """Raises StorageConflict when episodes of the show came or went since ``catalogue`` said ``read``."""
    now = await t.one("catalogue", {"show": show})
    if read != (now["catalogue"] if now else 0):
        raise StorageConflict("the show's episodes changed while it was looked at: try again", where)


async def store(
    t: Transaction,
    show: int,
    episodes: Sequence[EpisodeImport],
    *,
    community: CommunityId | None = None,
    untold: bool = False,
) -> list[Saved]:
    """Store the episodes in their order. ``lost`` names overlays of ``community``, or of all of them.

    ``untold``: the import cannot know the enclosures that are stored (``_with_untold``).
    """
    saved: list[Saved] = []
    for chunk in _chunks(episodes):
        saved += await _store_chunk(t, show, chunk, community, untold)
    return saved


def _chunks(episodes: Sequence[EpisodeImport]) -> Iterator[list[EpisodeImport]]:
    """Pieces of bounded size in which no key stands twice."""
    chunk: dict[str, EpisodeImport] = {}
    for episode in episodes:
        if len(chunk) >= CHUNK or episode.key in chunk:
            yield list(chunk.values())
            chunk = {}
        chunk[episode.key] = episode
    if chunk:
        yield list(chunk.values())


@dataclass(slots=True)
class Stored:
    """What an import would change."""

    row: int
    id: EpisodeId
    facts: dict[str, object]
    parts: Parts = field(default_factory=dict)
    #: Hash, how it was made, language; None without a transcript.
    said: tuple[str, str, str] | None = None


@dataclass(slots=True)
class _Piles:
    """What is to be written, by statement, and what follows it."""

    rows: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))
    #: Episodes whose lines change.
    said: list[tuple[int, EpisodeId, EpisodeImport]] = field(default_factory=list)
    changes: list[tuple[ChangeKind, EpisodeId | None]] = field(default_factory=list)


async def _store_chunk(
    t: Transaction, show: int, chunk: Sequence[EpisodeImport], community: CommunityId | None, untold: bool
) -> list[Saved]:
    old = await _stored(t, show, chunk)
    last = await t.one("last_episode_row")
    row = last["row"] if last else 0
    piles, saved = _Piles(), []
    for episode in chunk:
        stored = old.get(episode.key)
        if stored is None:
            row += 1
            saved.append(_add(piles, show, row, episode))
        else:
            retold = await _retold(t, stored, episode.transcript)
            saved.append(_update(piles, stored, _with_untold(episode, stored) if untold else episode, retold))
    await write_piles(t, piles.rows)
    if "add_episode" in piles.rows:
        await t.run("move_catalogue", {"show": show})
    lost = await _put_transcripts(t, piles, community)
    await all_changed(t, piles.changes)
    return [replace(each, lost=lost.get(each.episode, ())) for each in saved]


async def write_piles(t: Transaction, piles: dict[str, list[Any]]) -> None:
    """Episodes before what they have, and old parts out before new ones come in."""
    for statement in sorted(piles, key=lambda name: (not name.endswith("_episode"), not name.startswith("drop_"))):
        await t.many(statement, piles[statement])


def _with_untold(episode: EpisodeImport, stored: Stored) -> EpisodeImport:
    """Whoever imports has read a private show's episode without its enclosures, and so cannot give them back: those
    stay for which the import brings no other of their kind. A feed brings its enclosures itself."""
    if episode.editions is None:
        return episode
    before, kinds = stored.parts["editions"], {each.kind for each in episode.editions}
    told = told_editions(Show(ShowId(""), "", "", private=True), before)
    untold = tuple(each for each in before if each not in told and each.kind not in kinds)
    return replace(episode, editions=episode.editions + untold)


# --- what is stored -------------------------------------------------------------------------------------------

#: What an episode has many of: the query for many episodes' at once, and what a row of it without its first column is.
_PARTS: dict[str, tuple[str, Callable[[Sequence[Any]], object]]] = {
    "people": ("people_of", lambda row: row[0]),
    "editions": ("editions_of", to_edition),
    "chapters": ("chapters_of", to_chapter),
    "highlights": ("highlights_of", to_highlight),
}


async def _stored(t: Transaction, show: int, chunk: Sequence[EpisodeImport]) -> dict[str, Stored]:
    """Those that are stored already, by key, with the parts that the imports say something about."""
    keys = json.dumps([each.key for each in chunk])
    found: dict[str, Stored] = {}
    for row in await t.rows("episodes_by_key", {"show": show, "keys": keys}):
        said = None if row["hash"] is None else (row["hash"], row["made"], row["language"])
        facts = {name: row[name] for name in FACTS}
        found[row["key"]] = Stored(row["row"], EpisodeId(row["id"]), facts, said=said)
    for name in _PARTS:
        asked = [each.key for each in chunk if each.key in found and getattr(each, name) is not None]
        await _read_part(t, name, {found[key].row: found[key] for key in asked})
    return found


async def _read_part(t: Transaction, name: str, episodes: dict[int, Stored]) -> None:
    if not episodes:
        return
    query, made = _PARTS[name]
    values: dict[int, list[object]] = {row: [] for row in episodes}
    for row in await t.rows(query, {"rows": json.dumps(list(episodes))}):
        values[row[0]].append(made(row[1:]))
    for at, stored in episodes.items():
        stored.parts[name] = tuple(values[at])


async def read_episode(t: Transaction, row: int) -> EpisodeImport:
    """Everything that one episode has beside its transcript."""
    [facts] = await t.rows("episode_facts", {"row": row})
    stored = Stored(row, EpisodeId(facts["id"]), {name: facts[name] for name in FACTS})
    for name in _PARTS:
        await _read_part(t, name, {row: stored})
    values: dict[str, Any] = {**stored.facts, **stored.parts}
    for name in ("published", "withdrawn"):
        values[name] = to_instant(values[name])
    values["explicit"] = None if values["explicit"] is None else bool(values["explicit"])
    return EpisodeImport(facts["key"], **values)


async def rewrite_episode(t: Transaction, row: int, old: EpisodeImport, new: EpisodeImport) -> None:
    """Everything of ``new`` in place of ``old``, but for the key and the transcript; None is a value here."""
    piles: dict[str, list[Any]] = defaultdict(list)
    piles["update_episode"].append({"row": row, **_NEW, **_said(new)})
    for name in _PARTS:
        if getattr(old, name) != getattr(new, name):
            piles[f"drop_{name}"].append({"row": row})
            _add_part(piles, row, name, getattr(new, name) or ())
    await write_piles(t, piles)


async def _retold(t: Transaction, stored: Stored, said: Transcript | None) -> bool:
    """Whether the same words are garbled in other places now."""
    if said is None or stored.said is None or said.hash != stored.said[0]:
        return False
    now = {line.n for line in said.lines if line.garbled}
    return now != {row["n"] for row in await t.rows("garbled_lines", {"row": stored.row})}


# --- what changes ---------------------------------------------------------------------------------------------


def _said(episode: EpisodeImport) -> dict[str, object]:
    """The facts that an import says something about, as they are stored."""
    facts = {name: getattr(episode, name) for name in FACTS if getattr(episode, name) is not None}
    if episode.published is not None:
        facts["published"] = instant(episode.published)
    if episode.withdrawn is not None:
        facts["withdrawn"] = instant(episode.withdrawn) if episode.withdrawn else None
    return facts


def _add(piles: _Piles, show: int, row: int, episode: EpisodeImport) -> Saved:
    id = EpisodeId(new_id())
    add_episode_rows(piles.rows, show, row, id, episode)
    if episode.transcript:
        piles.said.append((row, id, episode))
    piles.changes.append(("transcript" if episode.transcript else "episode", id))
    return Saved(id, "new")


def _update(piles: _Piles, stored: Stored, episode: EpisodeImport, remarked: bool) -> Saved:
    said, was = episode.transcript, stored.said
    facts = {**stored.facts, **_said(episode)}
    others = [name for name, before in stored.parts.items() if tuple(getattr(episode, name)) != before]
    resaid = said is not None and (was is None or said.hash != was[0] or remarked)
    retold = said is not None and was is not None and (said.made, said.language) != was[1:]
    if facts == stored.facts and not (others or resaid or retold):
        return Saved(stored.id, "same")
    if facts != stored.facts:
        piles.rows["update_episode"].append({"row": stored.row, **facts})
    for name in others:
        piles.rows[f"drop_{name}"].append({"row": stored.row})
        _add_part(piles.rows, stored.row, name, getattr(episode, name))
    if said is not None and resaid:
        piles.said.append((stored.row, stored.id, episode))
    elif said is not None and retold:
        piles.rows["retell_transcript"].append({"row": stored.row, "made": said.made, "language": said.language})
    piles.changes.append(("transcript" if resaid or retold else "episode", stored.id))
    return Saved(stored.id, "changed")


def add_episode_rows(piles: dict[str, list[Any]], show: int, row: int, id: EpisodeId, episode: EpisodeImport) -> None:
    """Rows of a new episode without its transcript."""
    facts = {"row": row, "id": id, "show": show, "key": episode.key, **_NEW, **_said(episode)}
    piles["add_episode"].append(facts)
    for name in _PARTS:
        _add_part(piles, row, name, getattr(episode, name) or ())


async def _put_transcripts(
    t: Transaction, piles: _Piles, community: CommunityId | None
) -> dict[EpisodeId, tuple[str, ...]]:
    """The new lines, and which overlays are lost by them."""
    lost: dict[EpisodeId, tuple[str, ...]] = {}
    for row, id, episode in piles.said:
        assert episode.transcript is not None
        realign = episode.highlights is None
        await replace_transcript(t, id, row, episode.transcript, realign=realign)
        gone = await t.rows("lost_on", {"community": community, "episode": id})
        lost[id] = tuple(each["id"] for each in gone)
    return lost


def _add_part(piles: dict[str, list[Any]], row: int, name: str, values: Sequence[Any]) -> None:
    """Rows for what an episode has many of; an empty part has none."""
    if values:
        statement, rows = _ROWS[name]
        piles[statement].extend(rows(row, values))


def _people(row: int, names: Sequence[str]) -> list[tuple[object, ...]]:
    return [(row, n, name) for n, name in enumerate(names)]


def _editions(row: int, editions: Sequence[Edition]) -> list[tuple[object, ...]]:
    return [(row, n, each.kind, each.url, each.offset_s, each.premiere, each.exact) for n, each in enumerate(editions)]


def _chapters(row: int, chapters: Sequence[Chapter]) -> list[tuple[object, ...]]:
    return [
        (row, each.n, each.start_s, each.end_s, each.title, each.url, each.source, each.image, each.hidden)
        for each in chapters
    ]


_ROWS: dict[str, tuple[str, Callable[[int, Sequence[Any]], list[tuple[object, ...]]]]] = {
    "people": ("add_people", _people),
    "editions": ("add_editions", _editions),
    "chapters": ("add_chapters", _chapters),
    "highlights": ("add_highlights", highlight_rows),
}
