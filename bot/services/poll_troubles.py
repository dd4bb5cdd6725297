"""What polls leave for the moderators: feeds that fail for long, notices of what a poll met, withdrawn episodes.

Which lines there are is decided in ``bot.rules.troubles``; storage tells each once when it opens. A poll that found
nothing and had nothing to tell costs no read and no write here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot import texts_alerts
from bot.rules import troubles

if TYPE_CHECKING:
    from bot.domain import Episode, EpisodeId, Show
    from bot.feed_memory import FeedState
    from bot.ports import Clock, Storage
    from bot.rules.item_verdicts import Judged
    from bot.rules.polling import Polled


class PollTroubles:
    """Opens and closes troubles as polls go by; every method says whether anything was written."""

    def __init__(self, storage: Storage, clock: Clock) -> None:
        self._storage = storage
        self._clock = clock
        #: The notices that this run wrote last, by their source: quiet feeds need no writing.
        self._noticed: dict[str, tuple[str, ...]] = {}

    async def looked(self, before: FeedState, polled: Polled) -> bool:
        """After any look: whether the feed fails for long, answers again, or has moved."""
        after, now = polled.state, self._clock.now()
        lines = troubles.feed_lines(after, now)
        over = not lines and troubles.recovered(before, after)
        if lines or over:
            name = await self._name(before)
            lines = troubles.feed_lines(after, now, name)
            await self._set(f"feed:{before.show}:{before.role}", before, lines, troubles.over(after, name))
        return bool(lines) or over

    async def moved(self, before: FeedState, polled: Polled) -> bool:
        """After a look that stored nothing: what it says once of the feed's address, beside what is open already."""
        if not (polled.ok and polled.tell):
            return False
        source = _notices(before)
        show = await self._storage.stored_show(before.show)
        new = troubles.notice_lines(show, (polled.reason,))
        await self._set(source, before, (*await self._open(before, source), *new))
        self._noticed.pop(source, None)
        return True

    async def judged(
        self, before: FeedState, polled: Polled, judged: Judged, episodes: Sequence[Episode], show: Show | None
    ) -> bool:
        """After a poll that was stored: its notices, and each episode that was withdrawn or came back."""
        from bot.rules.item_news import MOST, flood_of
        from bot.rules.item_notices import gone_line

        asked = judged.withdrawn if show and len(judged.withdrawn) <= troubles.ASKED else ()
        told = [one for one in judged.notices if not asked or one != gone_line(judged.withdrawn)]
        told += [polled.reason] if polled.tell else []
        if before.baseline_at is not None and (count := flood_of(judged)):
            told.append(texts_alerts.flood(count, MOST))
        noticed = await self._notice(before, troubles.notice_lines(show, told))
        by_key = {one.key: one for one in episodes}
        gone = [by_key[key] for key in asked if key in by_key]
        back = [by_key[one.key] for one in judged.of("republished") if one.key in by_key]
        for episode in gone:
            assert show
            await self._set(_withdrawn(episode.id), before, (troubles.withdrawn_line(show, episode),))
        for episode in back:
            await self._set(_withdrawn(episode.id), before, ())
        return noticed or bool(gone or back)

    async def _notice(self, before: FeedState, lines: tuple[str, ...]) -> bool:
        source = _notices(before)
        if self._noticed.get(source) == lines:
            return False
        await self._set(source, before, troubles.steady(lines, await self._open(before, source)))
        self._noticed[source] = lines
        return bool(lines)

    async def _set(self, source: str, feed: FeedState, lines: Sequence[str], over: str = "") -> None:
        communities = await self._storage.communities_of(feed.show)
        await self._storage.set_troubles(source, lines, communities, self._clock.now(), over=over if not lines else "")

    async def _open(self, feed: FeedState, source: str) -> list[str]:
        found: dict[str, None] = {}
        for community in await self._storage.communities_of(feed.show):
            found |= {one.what: None for one in await self._storage.troubles(community) if one.source == source}
        return list(found)

    async def _name(self, feed: FeedState) -> str:
        return troubles.told_name(await self._storage.stored_show(feed.show))


def _notices(feed: FeedState) -> str:
    return f"notice:{feed.show}:{feed.role}"


def _withdrawn(episode: EpisodeId) -> str:
    return f"withdrawn:{episode}"
