"""Ingest: sources → parsers → one episode a transaction → index. What cannot be read is listed, the rest lands."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.domain import (
    CommunityId,
    EpisodeId,
    EpisodeImport,
    IndexedEpisode,
    Line,
    Problem,
    Role,
    Show,
    ShowId,
    Transcript,
    Viewer,
)
from bot.errors import IndexBusy, StorageConflict, UnknownFormat
from bot.logs import get_logger
from bot.rules.feed_groups import best_taken
from bot.rules.identity import Group, Piece, group_pieces
from bot.rules.ids import new_id
from bot.rules.joining import (
    bare_stem,
    episode_import,
    tells_of_an_episode,
    transcript_for,
    transcript_piece,
    without_monsters,
)
from bot.rules.titles import title_from
from bot.rules.transcripts_met import Meeting, meeting
from bot.rules.words import slug, tokens
from bot.services.follower import Keeper, keeper
from bot.services.import_report import (
    LEAVE_OUT,
    OWN,
    EpisodeReport,
    ImportReport,
    Unsure,
    Wish,
    read_map,
    unnamed_in,
)

if TYPE_CHECKING:
    from bot.ports import QuoteIndex, Saved, Storage
    from bot.services.sources import Source

__all__ = ["EpisodeReport", "ImportReport", "Importer", "Progress", "Unsure", "Wish", "read_map"]

log = get_logger(__name__)

#: So often is it decided anew which episodes the files are, when others bring episodes meanwhile.
AGAIN = 5
UNKNOWN_SPEAKER = "(unknown)"
POORER = "the stored transcript has times or speakers that this one lacks, so it is left out; a map makes it count"

#: Called with (done, total, what is being read).
Progress = Callable[[int, int, str], None]


def _silent(done: int, total: int, name: str) -> None:
    """Nobody watches."""


class Importer:
    """Imports sources for one community."""

    def __init__(self, storage: Storage, index: QuoteIndex, community: CommunityId) -> None:
        self._storage = storage
        self._index = index
        self._community = community
        self._viewer = Viewer(community, Role.operator)

    async def run(self, sources: Sequence[Source], wish: Wish, progress: Progress = _silent) -> ImportReport:
        """Import all; when cancelled, what landed is stored and indexed all the same."""
        began = time.perf_counter()
        report = ImportReport(dry_run=wish.dry_run)
        holder = None if wish.dry_run else await self._holder()
        report.indexed = holder is not None
        try:
            await self._shows(sources, wish, report, holder, progress)
        finally:
            if holder:
                await _finish(holder)
        report.seconds = round(time.perf_counter() - began, 3)
        return report

    async def _holder(self) -> Keeper | None:
        """The index's writer, up to date with all that was there before; None when another process holds it."""
        try:
            holder = await asyncio.to_thread(keeper, self._storage, self._index)
        except IndexBusy:
            return None
        await holder.catch_up()
        return holder

    async def _shows(
        self, sources: Sequence[Source], wish: Wish, report: ImportReport, holder: Keeper | None, progress: Progress
    ) -> None:
        by_show: dict[str, list[Source]] = {}
        for source in sources:
            by_show.setdefault(slug(wish.show) if wish.show else source.show, []).append(source)
        done = 0
        for name, members in by_show.items():
            work = _ShowImport(self, name, wish, report, holder)
            pieces: list[Piece] = []
            for source in members:
                progress(done, len(sources), source.name)
                pieces.extend(_pieces(source, wish, report.problems))
                done += 1
                await asyncio.sleep(0)
            await work.store(pieces)
            progress(done, len(sources), name)


class _ShowImport:
    """One show's part of an import."""

    def __init__(self, importer: Importer, name: str, wish: Wish, report: ImportReport, holder: Keeper | None) -> None:
        self._storage = importer._storage
        self._viewer = importer._viewer
        self._name = name
        self._wish = wish
        self._report = report
        self._holder = holder
        #: What the storage said of its episodes when the pieces were grouped, and what was added since.
        self._catalogue = 0

    async def store(self, pieces: list[Piece]) -> None:
        """Join the pieces to episodes and store each in its own transaction."""
        if not pieces:
            return
        shelf = {show.slug: show for show in await self._storage.shows(self._viewer)}
        show = shelf.get(self._name)
        groups = await self._grouped(show, pieces)
        del pieces[:]
        if groups and not self._wish.dry_run:
            show = await self._ensured(show, groups)
        tries = AGAIN
        while groups:
            # Taken from the end, so that a stored episode's text is freed at once.
            group = groups.pop()
            told = len(self._report.problems)
            try:
                await self._episode(show, group)
            except StorageConflict:
                # A poll or another import brought episodes meanwhile: this may be one of them.
                if not (tries := tries - 1):
                    raise
                del self._report.problems[told:]
                left = [piece for one in (group, *reversed(groups)) for piece in one.pieces]
                groups = await self._grouped(show, left)

    async def _grouped(self, show: Show | None, pieces: Sequence[Piece]) -> list[Group]:
        """The pieces by episode, last first; what is unsure is asked and left out."""
        self._catalogue = await self._storage.catalogue(show.id) if show else 0
        stored = await self._storage.episodes(self._viewer, show.id) if show else []
        groups = group_pieces(pieces, stored, frozenset(tokens(f"{self._name} {show.title if show else ''}")))
        if self._wish.best:
            groups = best_taken(groups, stored)
        self._ask(groups)
        return [group for group in reversed(groups) if not group.unsure]

    def _ask(self, groups: Sequence[Group]) -> None:
        for group in groups:
            if group.unsure:
                piece, _ = transcript_piece(group)
                opening = transcript_for(group, piece).lines[:3] if piece else ()
                self._unsure(group, group.best, group.title, group.reason, group.also, opening)

    def _unsure(
        self, group: Group, key: str | None, title: str | None, reason: str, also: str | None, opening: Sequence[Line]
    ) -> None:
        self._report.unsure.extend(
            Unsure(self._name, piece.file, key, title, group.confidence, reason, also, tuple(opening))
            for piece in group.pieces
        )

    async def _ensured(self, show: Show | None, groups: Sequence[Group]) -> Show:
        if show and not self._wish.title:
            return show
        title = self._wish.title or _feed_title(groups) or title_from(self._name)
        if show:
            return await self._storage.put_show(self._viewer.community, replace(show, title=title))
        return await self._storage.put_show(self._viewer.community, Show(ShowId(new_id()), self._name, title))

    async def _episode(self, show: Show | None, group: Group) -> None:
        piece, surplus = transcript_piece(group)
        self._report.problems.extend(surplus)
        transcript = transcript_for(group, piece) if piece else None
        if transcript is not None and not transcript.lines:
            transcript = None
        existing = group.existing
        stored = await self._storage.indexed_episode(existing.id) if existing else None
        if existing and stored and transcript and piece and not piece.key:
            met = meeting(stored.lines, transcript.lines, sure=group.exact)
            if met is Meeting.other:
                reason = f"{group.reason}; it has another transcript already"
                self._unsure(group, group.key, existing.title, reason, None, transcript.lines[:3])
                return
            if met is Meeting.poorer:
                self._report.problems.append(Problem(POORER, None, piece.file))
                transcript = None
        chapters = await self._storage.chapters(self._viewer, existing.id, hidden=True) if existing else []
        wanted = episode_import(group, transcript, stored.lines if stored and not transcript else (), chapters)
        turns = piece.parsed.turns if piece else ()
        speakers = Counter(turn.speaker or UNKNOWN_SPEAKER for turn in turns)
        report = EpisodeReport(
            self._name, wanted.key, wanted.title, "new" if existing is None else "changed", len(turns),
            len(transcript.lines) if transcript else 0, len(wanted.chapters or ()), len(wanted.highlights or ()),
            dict(speakers.most_common()), tuple(one.file for one in group.pieces), group.reason, group.confidence,
            tuple(line.text for line in transcript.lines[:3]) if transcript else (), (),
            transcript.lines[:3] if transcript else (), unnamed_in(transcript.lines) if transcript else (),
        )  # fmt: skip
        if show is not None and not self._wish.dry_run:
            saved = await self._saved(show.id, wanted, new=existing is None)
            report = replace(report, outcome=saved.outcome, lost=saved.lost)
            if transcript and self._holder and saved.outcome != "same":
                await self._holder.put(_indexed(show, saved.episode, transcript))
        self._report.episodes.append(report)

    async def _saved(self, show: ShowId, wanted: EpisodeImport, *, new: bool) -> Saved:
        catalogue = self._catalogue if new else None
        saved = await self._storage.save_episode(self._viewer.community, show, wanted, catalogue=catalogue)
        self._catalogue += saved.outcome == "new"
        return saved


def _indexed(show: Show, episode: EpisodeId, transcript: Transcript) -> IndexedEpisode:
    return IndexedEpisode(episode, show.id, transcript.language, transcript.lines)


def _feed_title(groups: Sequence[Group]) -> str | None:
    return next((title for group in groups for piece in group.pieces if (title := piece.show_title)), None)


def _pieces(source: Source, wish: Wish, problems: list[Problem]) -> list[Piece]:
    """What one file holds; nothing, with the reason listed, when it cannot be read."""
    from bot.formats import parse

    said = wish.key_of(source.name, source.stem)
    if said == LEAVE_OUT:
        problems.append(Problem("left out, as the map says", None, source.name))
        return []
    try:
        parsed = parse(source.read(), source.name)
    except (UnknownFormat, OSError) as err:
        problems.append(Problem(str(getattr(err, "strerror", None) or err), None, source.name))
        return []
    parsed, monsters = without_monsters(parsed)
    problems.extend(replace(problem, file=source.name) for problem in (*parsed.problems, *monsters))
    if parsed.items:
        return [Piece(source.name, None, item, show_title=parsed.title) for item in parsed.items]
    if not tells_of_an_episode(parsed):
        problems.append(Problem("no times, speakers or episode details were found in it", None, source.name))
        return []
    return [Piece(source.name, bare_stem(source.stem), parsed, said or None, own=said == OWN)]


async def _finish(holder: Keeper) -> None:
    """Commit what landed, even when the import is being cancelled."""
    try:
        await asyncio.shield(holder.catch_up())
    finally:
        holder.close()
