"""A line at random, for when nobody gave words: whole, no greeting, no ad, not shown here lately.

An episode is drawn first, then a window of its transcript, so that a shelf of thousands costs no more than one of two.
Its words and time are the transcript's, never a page's. Which lines may be chosen, ``bot.rules.wellformed`` decides;
what a place saw, storage knows.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from random import Random
from typing import TYPE_CHECKING

from bot.domain import Anchor, Episode, EpisodeId, Highlight, Hit, Line, Viewer
from bot.ports import LineRange
from bot.rules.links import moment_url

if TYPE_CHECKING:
    from bot.ports import Storage
    from bot.services.quotes import Quotes

#: How often the publisher's own highlights are asked first.
HIGHLIGHTS_FIRST = 0.6
#: Episodes looked at for a highlight, and for any line, before the pool counts as spent.
HIGHLIGHT_TRIES, TRIES = 8, 25
#: Lines of a transcript drawn from at once, and the share of a long one at each end that is mostly hello and good-bye.
WINDOW, LONG, EDGE = 60, 200, 0.03
#: Of so many drawn lines the one that reads best alone is taken.
DRAWN = 3


class RandomLines:
    """Draws lines. ``rng`` is injectable so that tests can repeat a draw."""

    def __init__(self, storage: Storage, quotes: Quotes, rng: Random | None = None) -> None:
        self._storage = storage
        self._quotes = quotes
        self._rng = rng or Random()

    async def pick(
        self, viewer: Viewer, show: str | None, episode: EpisodeId | None, speaker: str | None
    ) -> Hit | None:
        """A line that the viewer may see, from the show (slug), the episode or the speaker (name as shown) if given;
        None when there is none. When all were shown in the viewer's place lately, the one shown longest ago."""
        pool = await self._episodes(viewer, show, episode, speaker)
        shown = await self._storage.recently_shown(viewer.community, viewer.place) if viewer.place else []
        self._rng.shuffle(pool)
        draw = _Draw(self._storage, self._rng, viewer, speaker, shown)
        found = await draw.highlight(pool) if self._rng.random() < HIGHLIGHTS_FIRST else None
        return found or await draw.any_line(pool) or await self._longest_ago(viewer, pool, speaker, shown)

    async def _episodes(
        self, viewer: Viewer, show: str | None, episode: EpisodeId | None, speaker: str | None
    ) -> list[EpisodeId]:
        """Where something is said (by the speaker), as ids: whole episodes cost more to read than a line to draw."""
        if episode is not None:
            return [episode]
        if show is None:
            return await self._storage.spoken_in(viewer, None, speaker)
        named = [one for one in await self._storage.shows(viewer) if one.slug == show]
        return await self._storage.spoken_in(viewer, named[0].id, speaker) if named else []

    async def _longest_ago(
        self, viewer: Viewer, pool: Sequence[EpisodeId], speaker: str | None, shown: Sequence[Anchor]
    ) -> Hit | None:
        """``shown`` is newest first. A line that was withheld from being chosen since is passed over."""
        episodes = set(pool)
        latest: dict[tuple[EpisodeId, int, int], Anchor] = {}
        for anchor in shown:
            latest.setdefault((anchor.episode, anchor.first_word, anchor.words), anchor)
        for anchor in reversed(latest.values()):
            hit = await self._quotes.by_anchor(viewer, anchor) if anchor.episode in episodes else None
            if hit and all(
                line.featured and not line.garbled and speaker in (None, line.speaker) for line in hit.lines
            ):
                return hit
        return None


class _Draw:
    """One draw: what is asked for and what this place has seen, over and over for different episodes."""

    def __init__(
        self, storage: Storage, rng: Random, viewer: Viewer, speaker: str | None, shown: Sequence[Anchor]
    ) -> None:
        self._storage = storage
        self._rng = rng
        self._viewer = viewer
        self._speaker = speaker
        self._shown = shown

    async def highlight(self, pool: Sequence[EpisodeId]) -> Hit | None:
        """A transcript line that a highlight aligns to."""
        for id in pool[:HIGHLIGHT_TRIES]:
            aligned = await self._storage.highlights(self._viewer, id)
            episode = await self._storage.episode(self._viewer, id) if aligned else None
            for highlight in self._rng.sample(aligned, len(aligned)) if episode else ():
                if episode and (found := self._best(await self._highlighted(episode, highlight), episode)):
                    return found
        return None

    async def any_line(self, pool: Sequence[EpisodeId]) -> Hit | None:
        for id in pool[:TRIES]:
            episode = await self._storage.episode(self._viewer, id)
            if episode and episode.lines:
                found = await self._in_window(episode) or await self._in_whole(episode)
                if found:
                    return found
        return None

    async def _highlighted(self, episode: Episode, highlight: Highlight) -> list[Line]:
        if highlight.first_line is None or highlight.last_line is None:
            return []
        return await self._choosable(episode, highlight.first_line, highlight.last_line)

    async def _in_window(self, episode: Episode) -> Hit | None:
        edge = int(episode.lines * EDGE) if episode.lines >= LONG else 0
        first = self._rng.randrange(edge, max(edge + 1, episode.lines - edge - WINDOW))
        return self._best(await self._choosable(episode, first, first + WINDOW - 1), episode)

    async def _in_whole(self, episode: Episode) -> Hit | None:
        return self._best(await self._choosable(episode, 0, episode.lines), episode)

    async def _choosable(self, episode: Episode, first: int, last: int) -> list[Line]:
        """The lines of a stretch that may be chosen here. Its neighbours are read too, for an ad that began before
        or begins behind it."""
        from bot.rules.wellformed import AD_LEAD, AD_REACH, quotable  # lazy: its patterns take 20 ms to compile

        around = LineRange(episode.id, max(0, first - AD_REACH), last + AD_LEAD + 1)
        [lines] = await self._storage.ranges(self._viewer, [around])
        fit = await asyncio.to_thread(quotable, lines)
        return [line for line in fit if first <= line.n <= last and self._fresh(episode, line)]

    def _fresh(self, episode: Episode, line: Line) -> bool:
        if self._speaker is not None and line.speaker != self._speaker:
            return False
        return not any(one.episode == episode.id and _same(one, line) for one in self._shown)

    def _best(self, lines: Sequence[Line], episode: Episode) -> Hit | None:
        from bot.rules.summary import reads_alone

        if not lines:
            return None
        # Never more than a third of a short list, or the same line would win every time.
        drawn = self._rng.sample(lines, max(1, min(DRAWN, len(lines) // 3)))
        line = max(drawn, key=reads_alone)
        return Hit(episode, (line,), line.text, 1.0, "exact", moment_url(episode, line.start_s))


def _same(anchor: Anchor, line: Line) -> bool:
    """The same words, or the same place in a transcript that may have changed since."""
    overlaps = anchor.first_word < line.first_word + line.words and line.first_word < anchor.first_word + anchor.words
    return overlaps or (bool(anchor.text) and anchor.text == line.text)
