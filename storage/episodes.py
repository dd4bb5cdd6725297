"""Reads about episodes: lists, chapters, highlights, who speaks, how much there is."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from bot.domain import Chapter, Episode, EpisodeId, Highlight, Line, Show, ShowId, Viewer
from bot.ports import Counts, SpeakerCount
from bot.rules.overlays import Overlays, PlacedFix, apply, hides, person_level, repeats, same_name, shown_name
from storage.database import Transaction
from storage.reading import Located, Reading, locate, raw_lines, visible_episode
from storage.rows import to_chapter, to_highlight
from storage.view import CommunityView


@dataclass(slots=True)
class _Sum:
    turns: int = 0
    lines: int = 0
    words: int = 0

    def add(self, turns: int, lines: int, words: int) -> None:
        self.turns += turns
        self.lines += lines
        self.words += words


@dataclass(slots=True)
class _Voices:
    """Who says how much, by shown name."""

    sums: dict[str | None, _Sum] = field(default_factory=dict)

    def add(self, name: str | None, turns: int, lines: int, words: int) -> None:
        self.sums.setdefault(name, _Sum()).add(turns, lines, words)

    def add_lines(self, lines: Iterable[Line]) -> None:
        turns: set[tuple[str | None, int]] = set()
        for line in lines:
            new = (line.speaker, line.turn) not in turns
            turns.add((line.speaker, line.turn))
            self.add(line.speaker, int(new), 1, line.words)

    def counts(self) -> list[SpeakerCount]:
        found = [SpeakerCount(name, each.turns, each.words) for name, each in self.sums.items()]
        return sorted(found, key=lambda each: (-each.words, each.name is None, each.name or ""))


class Episodes(Reading):
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
            row = await t.one("episode", {"episode": episode}) if place else None
        return visible_episode(row, place.show, place.overlays) if place and row else None

    async def chapters(self, viewer: Viewer, episode: EpisodeId) -> list[Chapter]:
        async with self._db.reading() as t:
            place = await self._located(t, viewer, episode)
            return [to_chapter(row) for row in await t.rows("chapters", {"row": place.row})] if place else []

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
            return (await _voices(t, view, viewer, show)).counts()

    async def speaker_counts(self, viewer: Viewer, episode: EpisodeId) -> list[SpeakerCount]:
        async with self._db.reading() as t:
            view = await self._view(t, viewer.community)
            voices = _Voices()
            await _add_episodes(t, voices, view, viewer, view.visible(viewer), {episode})
        return voices.counts()

    async def spoken_as(self, viewer: Viewer, name: str, show: ShowId | None = None) -> frozenset[str]:
        async with self._db.reading() as t:
            view = await self._view(t, viewer.community)
            shows = view.visible(viewer, show)
            rows = await t.rows("labels", _within(view, shows))
            named = await locate(t, view, viewer, view.episode_aliases)
        labels = {
            row["label"] for row in rows if _called(name, row["label"], view.overlays(shows[row["show"]].id, _NOWHERE))
        }
        for id, place in named.items():
            if place.show.id in {each.id for each in shows.values()}:
                written = {row["label"] for row in rows if same_name(row["label"]) in view.episode_aliases[id]}
                labels |= {label for label in written if _called(name, label, place.overlays)}
        return frozenset(labels)

    async def counts(self, viewer: Viewer) -> Counts:
        async with self._db.reading() as t:
            view = await self._view(t, viewer.community)
            shows = view.visible(viewer)
            row = await t.one("episode_count", _within(view, shows))
            voices = await _voices(t, view, viewer, None)
        lines = sum(each.lines for each in voices.sums.values())
        words = sum(each.words for each in voices.sums.values())
        return Counts(len(shows), row["episodes"] if row else 0, row["transcripts"] if row else 0, lines, words)


#: An episode that no overlay names: what holds for the show alone.
_NOWHERE = EpisodeId("")


def _within(view: CommunityView, shows: dict[int, Show]) -> dict[str, object]:
    return {"shows": json.dumps(list(shows)), "withheld": view.withheld_episodes()}


def _called(name: str, label: str, overlays: Overlays) -> bool:
    shown = shown_name(label, overlays)
    return shown is not None and same_name(shown) == same_name(name) and not hides(person_level(label, shown, overlays))


async def _voices(t: Transaction, view: CommunityView, viewer: Viewer, show: ShowId | None) -> _Voices:
    """Who speaks in what the viewer can see: one sum a show, except where an episode has overlays of its own."""
    shows = view.visible(viewer, show)
    own = view.of_their_own()
    voices = _Voices()
    for row in await t.rows("voice_sums", {**_within(view, shows), "besides": json.dumps(sorted(own))}):
        _add(voices, row, view.overlays(shows[row["show"]].id, _NOWHERE))
    await _add_episodes(t, voices, view, viewer, shows, own)
    return voices


async def _add_episodes(
    t: Transaction,
    voices: _Voices,
    view: CommunityView,
    viewer: Viewer,
    shows: dict[int, Show],
    episodes: set[EpisodeId],
) -> None:
    """Kept sums do for whole speakers; where single lines are laid over, the lines themselves are counted."""
    exact: set[EpisodeId] = set()
    for row in await t.rows("voices", {**_within(view, shows), "episodes": json.dumps(sorted(episodes))}):
        overlays = view.overlays(shows[row["show"]].id, row["episode"])
        if overlays.touches_lines:
            exact.add(row["episode"])
        else:
            _add(voices, row, overlays)
    for place in (await locate(t, view, viewer, exact)).values():
        voices.add_lines(apply(await raw_lines(t, place.row), place.overlays))


def _add(voices: _Voices, row: sqlite3.Row, overlays: Overlays) -> None:
    name = shown_name(row["label"], overlays)
    if not hides(person_level(row["label"], name, overlays)):
        voices.add(name, row["turns"], row["lines"], row["words"])


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
