"""Whose voices nobody has named yet: the labels of a transcript, with lines by which a person may know each.

Only reads; what a viewer may not see is not shown here either.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.services.import_report import Unnamed, unnamed_in

if TYPE_CHECKING:
    from bot.domain import Episode, ShowId, Viewer
    from bot.ports import Storage

#: The newest episodes that are looked through for labels.
NEWEST = 30


@dataclass(frozen=True, slots=True)
class Voice:
    """A label of one episode that names nobody."""

    episode: Episode
    unnamed: Unnamed


async def voices_of(storage: Storage, viewer: Viewer, episode: Episode) -> list[Voice]:
    """The labels of this episode without a name here; what was said without any label cannot be named by one."""
    raw = await storage.indexed_episode(episode.id)
    if raw is None:
        return []
    labels = {line.n: line.speaker for line in raw.lines}
    said = [line for line in await storage.lines(viewer, episode.id) if line.speaker is None]
    labelled = [replace(line, speaker=labels.get(line.n)) for line in said]
    return [Voice(episode, one) for one in unnamed_in(labelled) if one.label]


async def voices_in(storage: Storage, viewer: Viewer, show: ShowId, most: int) -> list[Voice]:
    """As ``voices_of``, of a show's newest episodes, at most so many."""
    if all(one.name for one in await storage.speakers(viewer, show)):
        return []
    found: list[Voice] = []
    for episode in await storage.episodes(viewer, show, limit=NEWEST):
        if len(found) >= most:
            break
        if episode.lines:
            found += await voices_of(storage, viewer, episode)
    return found[:most]
