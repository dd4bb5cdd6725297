"""Lists of feeds (OPML) in and out of a community's shelf. What a private feed's address is stays out of both logs and
exports, unless the operator asks for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from bot import texts_shows as texts
from bot.domain import CommunityId, Place, Show
from bot.errors import Ambiguous, UnknownFormat, UsageError, UserError
from bot.rules.access import carries_credentials
from bot.rules.masking import masked
from bot.services.shows import Added, Shows, TitleTaken, Wish
from bot.services.together import together

if TYPE_CHECKING:
    from bot.formats.opml import Outline
    from bot.ports import Storage

#: Feeds that are added at a time.
AT_ONCE = 6

#: Called with (done, total, what is added).
Progress = Callable[[int, int, str], None]


@dataclass(slots=True)
class ListReport:
    """What became of a list: slugs added and known already, and a line for each failure and odd entry."""

    added: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def landed(self) -> bool:
        return bool(self.added or self.same)

    def json(self) -> dict[str, object]:
        return {"added": self.added, "same": self.same, "failures": self.failures, "problems": self.problems}


async def added_from(
    shows: Shows, community: CommunityId, data: bytes, place: Place | None, watch: Progress
) -> ListReport:
    """Add every feed of an OPML file; what fails is listed, and the rest still lands. Raises UsageError for no list."""
    from bot.formats.opml import read_opml

    try:
        opml = await asyncio.to_thread(read_opml, data)
    except UnknownFormat as err:
        raise UsageError(f"That list cannot be read: {err}.") from err
    if not opml.outlines:
        raise UsageError(texts.EMPTY_LIST)
    report = ListReport(
        problems=[f"line {one.line}: {one.reason}" if one.line else one.reason for one in opml.problems]
    )
    waiting = list(reversed(opml.outlines))
    done = 0

    async def work() -> None:
        nonlocal done
        while waiting:
            one = waiting.pop()
            await _add(shows, community, one, place, report)
            done += 1
            watch(done, len(opml.outlines), one.title)

    await together(work() for _ in range(min(AT_ONCE, len(waiting))))
    return report


async def _add(shows: Shows, community: CommunityId, outline: Outline, place: Place | None, report: ListReport) -> None:
    try:
        added = await _joined(shows, community, outline, place)
    except Ambiguous as err:
        report.failures.append(
            f"{outline.title or masked(outline.url)}: {err} {', '.join(map(masked, err.candidates))}"
        )
    except UserError as err:
        report.failures.append(f"{outline.title or masked(outline.url)}: {err}")
    else:
        (report.same if added.outcome == "same" else report.added).append(added.show.slug)


async def _joined(shows: Shows, community: CommunityId, outline: Outline, place: Place | None) -> Added:
    """A show from files of the same title is joined: whoever imports a list cannot be asked for each."""
    try:
        return await shows.add(community, Wish(outline.url, place=place))
    except TitleTaken as taken:
        return await shows.add(community, Wish(outline.url, show=taken.slug, place=place))


async def exported(
    storage: Storage, shows: Sequence[Show], made: datetime, *, private: bool = False
) -> tuple[bytes, int, int]:
    """The shows' feeds as OPML, how many they are, and how many private ones were left out."""
    from bot.formats.opml import Outline, write_opml

    rows: list[Outline] = []
    left_out = 0
    for show in shows:
        state = await storage.feed(show.id)
        url = state.url if state else show.feed_url
        if not url:
            continue
        if (show.private or carries_credentials(url)) and not private:
            left_out += 1
            continue
        rows.append(Outline(url, show.title))
    return write_opml(rows, title=texts.OPML_TITLE, made=made), len(rows), left_out
