"""Small shows, episodes and lines for tests, made of plain domain values; no storage and no parser enters here."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain import (
    DEFAULT_COMMUNITY,
    Chapter,
    CommunityId,
    Edition,
    EpisodeId,
    EpisodeImport,
    Highlight,
    Line,
    Made,
    Role,
    Show,
    ShowId,
    Transcript,
    Viewer,
)
from bot.ports import Storage
from bot.rules.ids import new_id

#: (speaker, what is said); sentences become lines.
Turns = Sequence[tuple[str | None, str]]

MEMBER = Viewer(DEFAULT_COMMUNITY)
OPERATOR = Viewer(DEFAULT_COMMUNITY, role=Role.operator)
#: Every word takes this long.
PACE_S = 0.5
TURNS: Turns = (
    ("Ann", "Hello there and welcome to the harbour. Today we talk about lighthouses and their keepers."),
    ("Bo", "I once kept a lighthouse for nine winters. The lamp went out on the third night."),
    ("Ann", "What did you do then? Did you call the coast guard?"),
    ("Bo", "We had no radio at all. So I lit a fire on the rocks and waved a lantern until dawn."),
)
_SENTENCE_END = re.compile(r"(?<=[.?!])\s+")


def lines_of(turns: Turns = TURNS, *, timed: bool = True, start_s: float = 0.0) -> tuple[Line, ...]:
    """One line a sentence; ``PACE_S`` a word from ``start_s``, or no times at all."""
    lines: list[Line] = []
    word = 0
    for turn, (speaker, text) in enumerate(turns):
        for i, sentence in enumerate(_SENTENCE_END.split(text)):
            count = len(sentence.split())
            start = start_s + word * PACE_S if timed else None
            end = start_s + (word + count) * PACE_S if timed else None
            lines.append(Line(len(lines), turn, speaker, start, end, timed and i == 0, word, count, sentence))
            word += count
    return tuple(lines)


def transcript(
    turns: Turns = TURNS, *, timed: bool = True, start_s: float = 0.0, made: Made = "publisher"
) -> Transcript:
    lines = lines_of(turns, timed=timed, start_s=start_s)
    body = repr([(line.speaker, line.start_s, line.text) for line in lines])
    return Transcript(lines, hashlib.sha256(body.encode()).hexdigest(), made)


def episode_import(
    key: str = "one",
    turns: Turns | None = TURNS,
    *,
    title: str | None = None,
    number: int | None = None,
    guid: str | None = None,
    published: datetime | None = None,
    summary: str | None = None,
    people: tuple[str, ...] | None = None,
    editions: tuple[Edition, ...] | None = None,
    chapters: tuple[Chapter, ...] | None = None,
    highlights: tuple[Highlight, ...] | None = None,
    timed: bool = True,
    start_s: float = 0.0,
) -> EpisodeImport:
    """An episode ready for ``save_episode``; ``turns=None`` is one without a transcript."""
    said = None if turns is None else transcript(turns, timed=timed, start_s=start_s)
    return EpisodeImport(
        key,
        title or key.replace("-", " ").title(),
        number=number,
        guid=guid,
        published=published,
        summary=summary,
        people=people,
        editions=editions,
        chapters=chapters,
        highlights=highlights,
        transcript=said,
    )


def chapters(*starts: tuple[float, str]) -> tuple[Chapter, ...]:
    """Chapters that follow each other: (start in seconds, title)."""
    ends = [start for start, _ in starts[1:]]
    return tuple(
        Chapter(n, start, end, title)
        for n, ((start, title), end) in enumerate(zip(starts, [*ends, None], strict=True), 1)
    )


def show(slug: str = "harbour", title: str | None = None) -> Show:
    return Show(ShowId(new_id()), slug, title or slug.title())


async def shelved(storage: Storage, slug: str = "harbour", community: CommunityId = DEFAULT_COMMUNITY) -> Show:
    """A new show on the community's shelf."""
    return await storage.put_show(community, show(slug))


async def stored(
    storage: Storage,
    episode: EpisodeImport | None = None,
    slug: str = "harbour",
    community: CommunityId = DEFAULT_COMMUNITY,
) -> EpisodeId:
    """Store one episode in the show of that slug, which is made if new."""
    operator = replace(OPERATOR, community=community)
    shelf = {each.slug: each for each in await storage.shows(operator)}
    home = shelf.get(slug) or await shelved(storage, slug, community)
    return (await storage.save_episode(community, home.id, episode or episode_import())).episode
