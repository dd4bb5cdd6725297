"""Reads about episodes: lists, chapters, highlights, who speaks, how much there is."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from bot.domain import Chapter, Episode, EpisodeId, Highlight, Line, Show, ShowId, Viewer
from bot.ports import Counts, SpeakerCount
from bot.rules.overlays import Overlays, PlacedFix, apply, repeats, same_name
from storage.database import Transaction
from storage.reading import Located, discreet_chapters, locate, raw_lines, visible_episode
from storage.rows import to_chapter, to_edition, to_highlight
from storage.view import CommunityView
from storage.voices import Speaking, labels_by_name


class Episodes(Speaking):
    """The part of ``Storage`` about episodes as a whole."""

    async def episodes(
        self, viewer: Viewer, show: ShowId | None = None, *, limit: int | None = None, offset: int = 0
    ) -> list[Episode]:
        async with self._db.reading() as t:
            view = await self._view(t, viewer.community)
            shows = view.visible(viewer, show)
            most = -1 if limit is None else max(0, limit)
            rows = await t.rows("episodes", {**_within(view, shows), "limit": most, "offset": max(0, offset)})
        return [
            visible_episode(row, home, view.overlays(home.id, row["id"]))
            for row in rows
            if (home := shows[row["show"]])
        ]

    async def episode(self, viewer: Viewer, episode: EpisodeId) -> Episode | None:
        async with self._db.reading() as t:
            place = await self._located(t, viewer, episode)
            row = await t.one("episode", {"episode": place.id}) if place else None
        return visible_episode(row, place.show, place.overlays) if place and row else None

    async def chapters(self, viewer: Viewer, episode: EpisodeId, *, hidden: bool = False) -> list[Chapter]:
        async with self._db.reading() as t:
            place = await self._located(t, viewer, episode)
            rows = await t.rows("chapters", {"row": place.row, "hidden": hidden}) if place else []
            chapters = [to_chapter(row) for row in rows]
            if place is None or not place.show.private:
                return chapters
            outlets = await t.rows("editions_of", {"rows": json.dumps([place.row])})
        return discreet_chapters(chapters, [to_edition(row[1:]) for row in outlets])

    async def highlights(self, viewer: Viewer, episode: EpisodeId) -> list[Highlight]:
        async with self._db.reading() as t:
            place = await self._located(t, viewer, episode)
            if place is None:
                return []
            found = [to_highlight(row) for row in await t.rows("highlights", {"row": place.row})]
            if not found or not (place.overlays.withholds or place.overlays.persons):
                return found
            return _untouched(found, await _hidden_lines(t, place))

    async def speakers(self, viewer: Viewer, show: ShowId | None = None) -> list[SpeakerCount]:
        async with self._db.reading() as t:
            view = await self._view(t, viewer.community)
            shows = view.visible(viewer, show)
            known = view.spoken.get(frozenset(shows))
            if known is None:
                known = view.spoken[frozenset(shows)] = tuple((await self._sums(t, view, shows)).counts())
        return list(known)

    async def speaker_counts(self, viewer: Viewer, episode: EpisodeId) -> list[SpeakerCount]:
        async with self._db.reading() as t:
            view = await self._view(t, viewer.community)
            shows = view.visible(viewer)
            places = await locate(t, view, viewer, [episode])
            heard = (await self._book(t, view)).get(places[episode].id) if places else None
            if heard is None:
                return []
            return (await self._of_one(t, view, shows[heard.show], places[episode].id, heard)).counts()

    async def spoken_as(self, viewer: Viewer, name: str, show: ShowId | None = None) -> frozenset[str]:
        async with self._db.reading() as t:
            view = await self._view(t, viewer.community)
            shows = view.visible(viewer, show)
            known = view.labels.get(frozenset(shows))
            if known is None:
                known = view.labels[frozenset(shows)] = labels_by_name(await self._book(t, view), view, shows)
        return known.get(same_name(name), frozenset())

    async def spoken_in(self, viewer: Viewer, show: ShowId | None = None, name: str | None = None) -> list[EpisodeId]:
        async with self._db.reading() as t:
            view = await self._view(t, viewer.community)
            shows = view.visible(viewer, show)
            if name is not None:
                key = same_name(name)
                return [id async for id, names in self._names(t, view, shows) if key in names]
            found = view.heard.get(frozenset(shows))
            if found is None:
                found = tuple([id async for id, names in self._names(t, view, shows) if names])
                view.heard[frozenset(shows)] = found
            return list(found)

    async def counts(self, viewer: Viewer) -> Counts:
        async with self._db.reading() as t:
            view = await self._view(t, viewer.community)
            shows = view.visible(viewer)
            row = await t.one("episode_count", _within(view, shows))
            voices = await self._sums(t, view, shows)
        episodes, transcripts = (row["episodes"], row["transcripts"]) if row else (0, 0)
        return Counts(len(shows), episodes, transcripts, voices.lines, voices.words)


def _within(view: CommunityView, shows: dict[int, Show]) -> dict[str, object]:
    return {"shows": json.dumps(list(shows)), "withheld": view.withheld_episodes()}


async def _hidden_lines(t: Transaction, place: Located) -> list[Line]:
    lines = await raw_lines(t, place.row)
    shown = {line.n for line in apply(lines, replace(place.overlays, fixes=_unwritten(place.overlays)))}
    return [line for line in lines if line.n not in shown]


def _unwritten(overlays: Overlays) -> tuple[PlacedFix, ...]:
    """The fixes that cannot empty a line."""
    return tuple(fix for fix in overlays.fixes if fix.field != "text")


def _untouched(highlights: Sequence[Highlight], hidden: Sequence[Line]) -> list[Highlight]:
    """Without those that stand on a hidden line or, standing nowhere, say one again."""
    gone = {line.n for line in hidden}
    return [each for each in highlights if not _touches(each, gone, hidden)]


def _touches(highlight: Highlight, gone: set[int], hidden: Sequence[Line]) -> bool:
    if highlight.first_line is None or highlight.last_line is None:
        return repeats(highlight.text, hidden)
    return not gone.isdisjoint(range(highlight.first_line, highlight.last_line + 1))
