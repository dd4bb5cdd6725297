"""Chapter summaries as a viewer may see them, kept by a hash of what they were made from. No choice of lines here."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import partial
from hashlib import blake2b
from typing import TYPE_CHECKING, TypeVar

from bot.domain import Chapter, Episode, Line, Viewer
from bot.services.in_turn import in_turn

if TYPE_CHECKING:
    from bot.ports import Offload, Storage
    from bot.rules.summary import ChapterSummary

T = TypeVar("T")

#: Goes into the key: raise it when the rules choose differently, so that no old choice is shown.
VERSION = 1


class Summaries:
    """Makes summaries off the event loop, once for each text that is visible to somebody."""

    def __init__(self, storage: Storage, offload: Offload | None = None) -> None:
        self._storage = storage
        self._offload = offload

    async def of(self, viewer: Viewer, episode: Episode, chapters: Sequence[Chapter]) -> list[ChapterSummary]:
        """One summary for each chapter, in the order given. Only line numbers are kept, under a key made of the very
        words, speakers and times that this viewer sees: a line that was withheld or fixed since cannot come back."""
        if not chapters:
            return []
        lines = await self._storage.lines(viewer, episode.id)
        key = _key(lines, chapters)
        kept = await self._kept(key, chapters, lines)
        if kept is not None:
            return kept
        made = await self._made(chapters, lines, chapters)
        await self._storage.cache(key, json.dumps([[line.n for line in one.lines] for one in made]))
        return made

    async def one(
        self, viewer: Viewer, episode: Episode, chapters: Sequence[Chapter], chapter: Chapter
    ) -> ChapterSummary:
        """The summary of one of the chapters, as ``of`` gives it, without making those of the others."""
        lines = await self._storage.lines(viewer, episode.id)
        whole = _key(lines, chapters)
        key, at = f"{whole}:{chapter.n}", chapters.index(chapter)
        kept = await self._kept(whole, chapters, lines) or await self._kept(key, chapters, lines)
        if kept is not None:
            return kept[at]
        [made] = await self._made(chapters, lines, [chapter])
        numbers = [[line.n for line in made.lines] if one is chapter else [] for one in chapters]
        await self._storage.cache(key, json.dumps(numbers))
        return made

    async def _kept(self, key: str, chapters: Sequence[Chapter], lines: Sequence[Line]) -> list[ChapterSummary] | None:
        from bot.rules.summary import recalled

        numbers = _numbers(await self._storage.cached(key))
        return None if numbers is None else recalled(chapters, lines, numbers)

    async def _made(
        self, chapters: Sequence[Chapter], lines: Sequence[Line], asked: Sequence[Chapter]
    ) -> list[ChapterSummary]:
        """Chapter by chapter, so that what others ask comes between."""
        from bot.rules.summary import Telling

        telling = await self._run(partial(Telling, chapters, lines))
        return [await self._run(partial(telling.of, chapter)) for chapter in asked]

    async def _run(self, work: Callable[[], T]) -> T:
        return await (self._offload.run(work) if self._offload else in_turn(work))

    async def prepare(self, viewer: Viewer, episode: Episode) -> None:
        """Make the summaries of an episode's own chapters ahead of time; for after an import."""
        if episode.lines:
            await self.of(viewer, episode, await self._storage.chapters(viewer, episode.id))


def _key(lines: Sequence[Line], chapters: Sequence[Chapter]) -> str:
    digest = blake2b(digest_size=20)
    for chapter in chapters:
        digest.update(f"{chapter.start_s}\t{chapter.end_s}\t{chapter.title}\n".encode("utf-8", "surrogatepass"))
    for line in lines:
        seen = f"{line.n}\t{line.start_s}\t{line.speaker}\t{line.featured}\t{line.text}\n"
        digest.update(seen.encode("utf-8", "surrogatepass"))
    return f"summary:{VERSION}:{digest.hexdigest()}"


def _numbers(body: str | None) -> list[list[int]] | None:
    """The kept line numbers; None when there are none or the body is not what this module writes."""
    try:
        kept = json.loads(body) if body else None
    except ValueError:
        return None
    if not isinstance(kept, list) or not all(isinstance(row, list) for row in kept):
        return None
    return kept if all(isinstance(n, int) for row in kept for n in row) else None
