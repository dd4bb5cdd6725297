"""What every read of episodes and lines goes through: is it on the shelf, may it be seen, and what remains of it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.domain import Chapter, Edition, Episode, EpisodeId, Line, Show, Viewer
from bot.ports import LineRange
from bot.rules.access import files_of, told_address, told_editions
from bot.rules.masking import masked
from bot.rules.overlays import Overlays, apply, hides, person_level
from storage.database import Transaction
from storage.rows import to_episode, to_line
from storage.view import CommunityView, Room


@dataclass(frozen=True, slots=True)
class Located:
    """An episode that the viewer may meet, with the community's overlays on it."""

    row: int
    id: EpisodeId
    show: Show
    overlays: Overlays


async def locate(
    t: Transaction, view: CommunityView, viewer: Viewer, ids: Iterable[EpisodeId]
) -> dict[EpisodeId, Located]:
    """Those of the episodes that the viewer may meet, by the id that was asked for."""
    rows = await t.rows("episode_places", {"episodes": json.dumps(sorted(set(ids)))})
    shows = view.visible(viewer)
    return {
        row["asked"]: Located(
            row["row"], row["id"], shows[row["show"]], view.overlays(shows[row["show"]].id, row["id"])
        )
        for row in rows
        if row["show"] in shows and not view.withheld(row["id"])
    }


async def raw_lines(t: Transaction, row: int) -> list[Line]:
    return [to_line(each) for each in await t.rows("lines", {"row": row})]


async def raw_ranges(t: Transaction, ranges: Sequence[tuple[int, int, int]]) -> list[list[Line]]:
    """The source's lines of many stretches: (episode row, first line, last line)."""
    found: list[list[Line]] = [[] for _ in ranges]
    for each in await t.rows("ranges", {"ranges": json.dumps(ranges)}):
        found[each["i"]].append(to_line(each))
    return found


def visible_episode(row: sqlite3.Row, show: Show, overlays: Overlays) -> Episode:
    """An episode without the names of withheld people and, in a private show, without its enclosures and secrets."""
    episode = to_episode(row, show)
    if show.private:
        episode = _discreet(episode, show)
    if not overlays.persons:
        return episode
    people = tuple(name for name in episode.people if not hides(person_level(name, None, overlays)))
    return replace(episode, people=people)


def _discreet(episode: Episode, show: Show) -> Episode:
    """A private show's episode, with nothing by which somebody else could listen: many guids are the enclosure."""
    files = files_of(episode.editions)
    guid = episode.guid if episode.guid is None or "://" not in episode.guid else told_address(episode.guid, files)
    return replace(
        episode,
        guid=guid,
        summary=masked(episode.summary),
        image=told_address(episode.image, files),
        editions=told_editions(show, episode.editions),
    )


def discreet_chapters(chapters: Iterable[Chapter], editions: Sequence[Edition]) -> list[Chapter]:
    """A private show's chapters; ``editions`` are all of the episode's."""
    files = files_of(editions)
    return [replace(one, url=told_address(one.url, files), image=told_address(one.image, files)) for one in chapters]


class Reading(Room):
    """Reads that several parts need, inside a transaction that is open already."""

    async def _located(self, t: Transaction, viewer: Viewer, episode: EpisodeId) -> Located | None:
        view = await self._view(t, viewer.community)
        return (await locate(t, view, viewer, [episode])).get(episode)

    async def _ranges(self, t: Transaction, viewer: Viewer, ranges: Sequence[LineRange]) -> list[list[Line]]:
        view = await self._view(t, viewer.community)
        places = await locate(t, view, viewer, [each.episode for each in ranges])
        asked = [(i, places[each.episode], each) for i, each in enumerate(ranges) if each.episode in places]
        raw = await raw_ranges(t, [(place.row, each.first, each.last) for _, place, each in asked])
        found: list[list[Line]] = [[] for _ in ranges]
        for (i, place, _), lines in zip(asked, raw, strict=True):
            found[i] = apply(lines, place.overlays)
        return found
