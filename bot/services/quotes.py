"""Quotes: from half-remembered words, a moment or an anchor to verbatim lines. What is shown is read from storage.

The index only proposes passages. Each is read again as the viewer may see it (aliases, fixes, withholds), aligned,
and cut; so a stale index can lose a line for a moment but never show one that is gone, fixed or withheld.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from bot import texts
from bot.domain import Also, Anchor, Episode, EpisodeId, Hit, Line, Show, ShowId, Viewer
from bot.errors import NotFound
from bot.ports import IndexQuery, LineRange
from bot.rules.links import moment_url
from bot.rules.words import slug
from bot.services.in_turn import in_turn

if TYPE_CHECKING:
    from bot.ports import Offload, QuoteIndex, Storage
    from bot.rules.ranking import Group, Ranked
    from bot.services.search import Prepared

T = TypeVar("T")
#: Lines whose words a community has fixed, with where they stand.
Fixed = Sequence[tuple[LineRange, Sequence[Line]]]

#: Passages that the index proposes; hits that one search may list; other places that a hit names.
PROPOSED, MOST_HITS, MOST_ALSO = 500, 100, 20
#: A moment this long (seconds) after the last line still means that line.
AFTER_END_S = 60.0


@dataclass(frozen=True, slots=True)
class Ask:
    """What is looked for. ``show`` is a slug, ``speaker`` a name as people say it."""

    words: str
    show: str | None = None
    episode: EpisodeId | None = None
    speaker: str | None = None
    limit: int = 10


@dataclass(frozen=True, slots=True)
class Found:
    """``fits`` False: nothing is good enough, and the hits are only the closest."""

    hits: tuple[Hit, ...]
    fits: bool


@dataclass(frozen=True, slots=True)
class _Filter:
    shows: frozenset[ShowId]
    only: ShowId | None
    #: Names as shown, and the source's labels for them; None = anybody.
    names: frozenset[str] | None = None
    labels: frozenset[str] = frozenset()


class Quotes:
    """Finds quotes for a viewer. Holds nothing but its storage and index, and may be shared."""

    def __init__(self, storage: Storage, index: QuoteIndex, offload: Offload | None = None) -> None:
        self._storage = storage
        self._index = index
        self._offload = offload

    async def find(self, viewer: Viewer, ask: Ask) -> Found:
        """Best first, at most ``ask.limit``. Raises NotFound for a show or speaker that is not there; words that
        cannot be searched for (none, only signs) find nothing."""
        within = await self._filter(viewer, ask)
        if not within.shows or not ask.words.strip() or ask.limit < 1:
            return Found((), False)
        query = IndexQuery(ask.words, within.shows, ask.episode, within.labels, PROPOSED)
        prepared = await self._run(lambda: _prepare(self._index, query))
        if not prepared.asked:
            return Found((), False)
        fixed = await self._fixed(viewer, ask, within)
        groups, fits = await self._ranked(viewer, prepared, fixed, within, min(ask.limit, MOST_HITS))
        return Found(await self._hits(viewer, groups), fits)

    async def _ranked(
        self, viewer: Viewer, prepared: Prepared, fixed: Fixed, within: _Filter, limit: int
    ) -> tuple[list[Group], bool]:
        from bot.services.search import enough

        found: tuple[list[Group], bool] = ([], False)
        for step in prepared.steps(limit):
            ranges = step.ranges()
            lines = await self._storage.ranges(viewer, ranges)
            found = await self._run(partial(step.rank, ranges, lines, fixed, within.names, limit))
            if enough(found[0], limit):
                break
        return found

    async def at(self, viewer: Viewer, episode: Episode, start_s: float) -> Hit | None:
        """The line that is being said at a moment of the transcript; None where nothing is, or nothing may be seen."""
        lines = await self._storage.lines(viewer, episode.id)
        timed = [line for line in lines if line.start_s is not None and not line.garbled]
        begun = [line for line in timed if (line.start_s or 0.0) <= start_s]
        if not timed or (begun and start_s > _end(timed) + AFTER_END_S):
            return None
        said = max(begun, key=_start) if begun else min(timed, key=_start)
        return None if _is_hidden(start_s, said, timed, episode.lines) else _whole(episode, [said])

    async def by_anchor(self, viewer: Viewer, anchor: Anchor) -> Hit | None:
        """The quote at an anchor; None when its words are gone or may not be seen."""
        where = await self._storage.resolve(viewer, anchor)
        episode = await self._storage.episode(viewer, where.episode) if where else None
        if where is None or episode is None:
            return None
        [lines] = await self._storage.ranges(viewer, [where])
        return _whole(episode, lines) if lines else None

    async def around(self, viewer: Viewer, hit: Hit, before: int, after: int) -> list[Line]:
        """The hit's lines with up to so many neighbouring ones, as far as they may be seen."""
        first, last = hit.lines[0].n - max(0, before), hit.lines[-1].n + max(0, after)
        [lines] = await self._storage.ranges(viewer, [LineRange(hit.episode.id, max(0, first), last)])
        return [line for line in lines if not line.garbled]

    async def _run(self, work: Callable[[], T]) -> T:
        return await (self._offload.run(work) if self._offload else in_turn(work))

    async def _filter(self, viewer: Viewer, ask: Ask) -> _Filter:
        shows = await self._storage.shows(viewer)
        only = _named_show(ask.show, shows) if ask.show else None
        within = _Filter(frozenset([only.id] if only else [show.id for show in shows]), only.id if only else None)
        return await self._speaking(viewer, ask.speaker, within) if ask.speaker else within

    async def _speaking(self, viewer: Viewer, typed: str, within: _Filter) -> _Filter:
        from bot.rules.names import meant

        spoken = [one.name for one in await self._storage.speakers(viewer, within.only) if one.name]
        names = meant(typed, spoken, await self._aliases(viewer))
        if not names:
            raise NotFound(texts.no_such_speaker(typed, spoken[:10]), spoken[:10], "speaker")
        labels = [await self._storage.spoken_as(viewer, name, within.only) for name in names]
        return replace(within, names=frozenset(names), labels=frozenset().union(*labels))

    async def _aliases(self, viewer: Viewer) -> list[tuple[str, str]]:
        from bot.domain import Alias

        records = await self._storage.records(viewer.community, "alias")
        return [(one.label, one.name) for one in records if isinstance(one, Alias)]

    async def _fixed(self, viewer: Viewer, ask: Ask, within: _Filter) -> list[tuple[LineRange, list[Line]]]:
        """Lines whose words this community has fixed, with a neighbour on each side: the index has the old words."""
        ranges = await self._storage.fixed_ranges(viewer)
        wide = [
            LineRange(one.episode, max(0, one.first - 1), one.last + 1)
            for one in ranges
            if ask.episode in (None, one.episode)
        ]
        lines = await self._storage.ranges(viewer, wide) if wide else []
        if within.only is None:
            return list(zip(wide, lines, strict=True))
        shown = [await self._storage.episode(viewer, one.episode) for one in wide]
        return [
            (where, seen)
            for where, seen, episode in zip(wide, lines, shown, strict=True)
            if episode and episode.show == within.only
        ]

    async def _hits(self, viewer: Viewer, groups: Sequence[Group]) -> tuple[Hit, ...]:
        known: dict[EpisodeId, Episode | None] = {}
        for ranked in _all(groups):
            if ranked.episode not in known:
                known[ranked.episode] = await self._storage.episode(viewer, ranked.episode)
        return tuple(hit for group in groups if (hit := _hit(group, known)))


def _prepare(index: QuoteIndex, query: IndexQuery) -> Prepared:
    from bot.services.search import Prepared

    return Prepared.of(index, query)


def _named_show(typed: str, shows: Sequence[Show]) -> Show:
    asked = slug(typed)
    for show in shows:
        if asked in (show.slug, slug(show.title)) or typed == show.slug:
            return show
    raise NotFound(texts.no_such_show(typed, shows[:10]), [show.slug for show in shows[:10]], "show")


def _start(line: Line) -> tuple[float, int]:
    return (line.start_s or 0.0, line.n)


def _is_hidden(start_s: float, line: Line, timed: Sequence[Line], total: int) -> bool:
    """Whether the moment lies in lines that may not be seen, at either end too: then its neighbour is no answer.

    ``line`` is the visible one nearest to the moment; ``total`` counts the transcript's lines, hidden ones included.
    """
    if line.start_s is not None and start_s < line.start_s:
        return line.n > 0
    if line.end_s is None or start_s < line.end_s:
        return False
    return line.n + 1 < total and all(one.n != line.n + 1 for one in timed)


def _end(lines: Sequence[Line]) -> float:
    return max(line.start_s or 0.0 if line.end_s is None else line.end_s for line in lines)


def _whole(episode: Episode, lines: Sequence[Line]) -> Hit:
    """Lines as they stand, cut if they are too long."""
    from bot.rules.spans import span

    shown = span(lines)
    return Hit(episode, shown.lines, shown.text, 1.0, "exact", moment_url(episode, shown.lines[0].start_s))


def _all(groups: Iterable[Group]) -> list[Ranked]:
    return [ranked for group in groups for ranked in (group.best, *group.also[:MOST_ALSO])]


def _hit(group: Group, known: dict[EpisodeId, Episode | None]) -> Hit | None:
    from bot.rules.ranking import confidence

    best = group.best
    episode = known.get(best.episode)
    if episode is None:
        return None
    also = tuple(
        Also(other, one.lines[0].start_s, moment_url(other, one.lines[0].start_s))
        for one in group.also[:MOST_ALSO]
        if (other := known.get(one.episode))
    )
    url = moment_url(episode, best.lines[0].start_s)
    return Hit(episode, best.lines, best.text, round(best.score, 4), confidence(best.aligned), url, also)
