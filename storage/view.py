"""What one community lays over the shared shows: its shelf and overlays, read once and kept until the counter moves.

Every read goes through a ``CommunityView``: it alone knows which shows a viewer may meet.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain import CommunityId, EpisodeId, Level, Show, ShowId, Viewer
from bot.ports import SpeakerCount
from bot.rules.access import may_see
from bot.rules.overlays import Overlays, PlacedFix, PlacedWithhold, hides, same_name, strictest
from storage.database import Database, Transaction
from storage.rows import to_show

#: How many communities are kept; a direct message's user is one of its own.
KEPT_VIEWS = 64


@dataclass(frozen=True, slots=True)
class FixedLines:
    """Where a text fix stands: for those who ask which lines the index does not know."""

    show_row: int
    first_line: int
    last_line: int


@dataclass(frozen=True, slots=True)
class ShownAs:
    """How a label is shown: the name with its compared form (None = unknown), and whether nobody sees who it is."""

    name: str | None
    key: str | None
    hidden: bool


@dataclass(frozen=True, slots=True)
class CommunityView:
    """A community's shelf and overlays at change ``n``."""

    community: CommunityId
    n: int
    #: By the show's row, in order of title.
    shows: Mapping[int, Show]
    show_aliases: Mapping[ShowId, Mapping[str, str]]
    episode_aliases: Mapping[EpisodeId, Mapping[str, str]]
    #: By show; None = wherever the name is found.
    persons: Mapping[ShowId | None, Mapping[str, Level]]
    episodes: Mapping[EpisodeId, Level]
    fixes: Mapping[EpisodeId, tuple[PlacedFix, ...]]
    fixed_lines: Mapping[EpisodeId, tuple[FixedLines, ...]]
    withholds: Mapping[EpisodeId, tuple[PlacedWithhold, ...]]
    #: Filled as it is asked for, and dropped with the view: how each label of a show is shown; and, of some shows (by
    #: row) together, the labels behind every name in its compared form, where anything is said, and who speaks.
    shown: dict[tuple[ShowId, str | None], ShownAs] = field(default_factory=dict, compare=False, repr=False)
    labels: dict[frozenset[int], Mapping[str, frozenset[str]]] = field(default_factory=dict, compare=False, repr=False)
    heard: dict[frozenset[int], tuple[EpisodeId, ...]] = field(default_factory=dict, compare=False, repr=False)
    spoken: dict[frozenset[int], tuple[SpeakerCount, ...]] = field(default_factory=dict, compare=False, repr=False)

    def visible(self, viewer: Viewer, show: ShowId | None = None) -> dict[int, Show]:
        """The shows that this viewer may meet, or the one asked for if it is among them."""
        return {
            row: each for row, each in self.shows.items() if may_see(each, viewer) and (show is None or each.id == show)
        }

    def withheld_episodes(self) -> str:
        """Ids of episodes that nobody sees, as JSON."""
        return json.dumps([id for id, level in self.episodes.items() if hides(level)])

    def of_their_own(self) -> set[EpisodeId]:
        """Episodes with overlays of their own, beside what holds for their show."""
        return {*self.episode_aliases, *self.fixes, *self.withholds}

    def withheld(self, episode: EpisodeId) -> bool:
        return hides(self.episodes.get(episode))

    def overlays(self, show: ShowId, episode: EpisodeId) -> Overlays:
        return Overlays(
            self.episode_aliases.get(episode, {}),
            self.show_aliases.get(show, {}),
            self.fixes.get(episode, ()),
            self.withholds.get(episode, ()),
            self._persons(show),
            self.episodes.get(episode),
        )

    def _persons(self, show: ShowId) -> Mapping[str, Level]:
        here, anywhere = self.persons.get(show, {}), self.persons.get(None, {})
        if not (here and anywhere):
            return here or anywhere
        both = {name: (here.get(name), anywhere.get(name)) for name in {**here, **anywhere}}
        found = {name: strictest(level for level in levels if level) for name, levels in both.items()}
        return {name: level for name, level in found.items() if level}


class Room:
    """What every part of the storage shares: the database and the views kept of it."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._views: dict[CommunityId, CommunityView] = {}

    async def _view(self, t: Transaction, community: CommunityId) -> CommunityView:
        """The community as this reading transaction sees it. Never for a writing one: what is kept is committed."""
        row = await t.one("counter")
        n = row["n"] if row else 0
        kept = self._views.pop(community, None)
        view = kept if kept and kept.n == n else await load(t, community, n)
        self._views[community] = view
        if len(self._views) > KEPT_VIEWS:
            self._views.pop(next(iter(self._views)))
        return view


async def load(t: Transaction, community: CommunityId, n: int) -> CommunityView:
    of = {"community": community}
    shows = {row["row"]: to_show(row) for row in await t.rows("shelf", of)}
    show_aliases: dict[ShowId, dict[str, str]] = {}
    episode_aliases: dict[EpisodeId, dict[str, str]] = {}
    for row in await t.rows("community_aliases", of):
        scope = episode_aliases.setdefault(row["episode"], {}) if row["episode"] else None
        names = show_aliases.setdefault(row["show"], {}) if scope is None else scope
        names[same_name(row["label"])] = row["name"]
    persons, episodes = await _wide_withholds(t, community)
    fixes, fixed_lines = await _fixes(t, community)
    withholds: dict[EpisodeId, tuple[PlacedWithhold, ...]] = {}
    for row in await t.rows("placed_withholds", of):
        placed = PlacedWithhold(row["first_word"], row["words"], Level(row["level"]))
        withholds[row["episode"]] = (*withholds.get(row["episode"], ()), placed)
    return CommunityView(
        community, n, shows, show_aliases, episode_aliases, persons, episodes, fixes, fixed_lines, withholds
    )


async def _wide_withholds(
    t: Transaction, community: CommunityId
) -> tuple[dict[ShowId | None, dict[str, Level]], dict[EpisodeId, Level]]:
    persons: dict[ShowId | None, dict[str, Level]] = {}
    episodes: dict[EpisodeId, Level] = {}
    for row in await t.rows("wide_withholds", {"community": community}):
        level = Level(row["level"])
        if row["episode"] is not None:
            episodes[row["episode"]] = strictest({level, episodes.get(row["episode"], level)}) or level
        else:
            names = persons.setdefault(row["show"], {})
            key = same_name(row["person"])
            names[key] = strictest({level, names.get(key, level)}) or level
    return persons, episodes


async def _fixes(
    t: Transaction, community: CommunityId
) -> tuple[dict[EpisodeId, tuple[PlacedFix, ...]], dict[EpisodeId, tuple[FixedLines, ...]]]:
    fixes: dict[EpisodeId, tuple[PlacedFix, ...]] = {}
    lines: dict[EpisodeId, tuple[FixedLines, ...]] = {}
    for row in await t.rows("placed_fixes", {"community": community}):
        id = row["episode"]
        placed = PlacedFix(row["first_word"], row["words"], row["field"], row["value"], row["start_s"])
        fixes[id] = (*fixes.get(id, ()), placed)
        if placed.field == "text":
            where = FixedLines(row["show"], row["first_line"], row["last_line"])
            lines[id] = (*lines.get(id, ()), where)
    return fixes, lines
