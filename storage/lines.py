"""Reads of lines, always through the community's overlays, and the anchors that stand for them."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain import Anchor, EpisodeId, IndexedEpisode, Line, ShowId, Viewer
from bot.ports import LineRange
from bot.rules.anchors import find, hash_words
from bot.rules.overlays import apply, hides, reach
from storage.anchoring import Said
from storage.database import Transaction
from storage.reading import Located, Reading, raw_lines, raw_ranges
from storage.rows import to_line


class Lines(Reading):
    """The part of ``Storage`` about lines."""

    async def lines(self, viewer: Viewer, episode: EpisodeId) -> list[Line]:
        async with self._db.reading() as t:
            place = await self._located(t, viewer, episode)
            raw = await raw_lines(t, place.row) if place else []
        return apply(raw, place.overlays) if place else []

    async def ranges(self, viewer: Viewer, ranges: Sequence[LineRange]) -> list[list[Line]]:
        async with self._db.reading() as t:
            return await self._ranges(t, viewer, ranges)

    async def fixed_ranges(self, viewer: Viewer) -> list[LineRange]:
        async with self._db.reading() as t:
            view = await self._view(t, viewer.community)
            shows = view.visible(viewer)
            fixed = [
                LineRange(episode, each.first_line, each.last_line)
                for episode, all_of_it in view.fixed_lines.items()
                for each in all_of_it
                if each.show_row in shows
            ]
            seen = await self._ranges(t, viewer, fixed)
        return [each for each, lines in zip(fixed, seen, strict=True) if lines]

    async def anchor(self, viewer: Viewer, lines: LineRange) -> Anchor | None:
        async with self._db.reading() as t:
            place = await self._located(t, viewer, lines.episode)
            if place is None:
                return None
            [raw] = await raw_ranges(t, [(place.row, lines.first, lines.last)])
        shown = apply(raw, place.overlays)
        return _anchor_of(place.id, raw, shown) if shown else None

    async def resolve(self, viewer: Viewer, anchor: Anchor) -> LineRange | None:
        async with self._db.reading() as t:
            place = await self._located(t, viewer, anchor.episode)
            lines = await self._lines_of(t, viewer, place, anchor) if place else []
        if place is None or not lines or hides(reach(lines, place.overlays)):
            return None
        return LineRange(place.id, lines[0].n, lines[-1].n)

    async def _lines_of(self, t: Transaction, viewer: Viewer, place: Located, anchor: Anchor) -> list[Line]:
        """The source's lines where the anchor's words stand; empty when they are gone."""
        known = await t.one(
            "known_place",
            {
                "community": viewer.community,
                "episode": place.id,
                "first_word": anchor.first_word,
                "words": anchor.words,
                "hash": anchor.hash,
            },
        )
        if known is not None:
            if not known["found"] or known["first_line"] is None:
                return []
            return (await raw_ranges(t, [(place.row, known["first_line"], known["last_line"])]))[0]
        span = {"row": place.row, "first": anchor.first_word, "end": anchor.first_word + anchor.words}
        there = [to_line(row) for row in await t.rows("lines_at_words", span)]
        if there and Said(there).hash(anchor.first_word, anchor.words) == anchor.hash:
            return there
        said = Said(await raw_lines(t, place.row))
        found = find(anchor, said.words, near=said.word_at(anchor.start_s))
        return said.lines_at(*found) if found else []

    async def indexed_episode(self, episode: EpisodeId) -> IndexedEpisode | None:
        async with self._db.reading() as t:
            row = await t.one("indexed_episode", {"episode": episode})
            if row is None:
                return None
            lines = await raw_lines(t, row["row"])
        return IndexedEpisode(row["id"], ShowId(row["show"]), row["language"], tuple(lines))

    async def indexed_episodes(self) -> list[EpisodeId]:
        async with self._db.reading() as t:
            return [EpisodeId(row["id"]) for row in await t.rows("indexed_episodes")]


def _anchor_of(episode: EpisodeId, raw: list[Line], shown: list[Line]) -> Anchor:
    """Over the source's words from the first to the last line that is seen, with the text that is seen."""
    covered = [line for line in raw if shown[0].n <= line.n <= shown[-1].n]
    words = [word for line in covered for word in line.text.split()]
    text = " ".join(line.text for line in shown)
    return Anchor(episode, covered[0].first_word, len(words), hash_words(words), text, shown[0].start_s)
