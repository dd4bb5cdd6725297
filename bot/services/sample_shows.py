"""What ``show add`` means while the sample show is asked: the feed lands among the user's own shows, which answer from
then on. The sample's database is never added to."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot import texts_shows as texts
from bot.services.shows import Added, Shows, Wish

if TYPE_CHECKING:
    from bot.domain import CommunityId
    from bot.services import Services


class SampleShows(Shows):
    """The sample's shows, beside the ``own`` services of the real database, which has none yet."""

    def __init__(self, sample: Shows, own: Services) -> None:
        # What is listed and changed is the sample's; only adding goes elsewhere.
        super().__init__(sample._storage, sample._discovery, sample._poller, sample._clock)
        self.own = own
        self.left = False

    async def add(self, community: CommunityId, wish: Wish) -> Added:
        added = await self.own.shows.add(community, wish)
        self.left = True
        return replace(added, note=texts.SAMPLE_LEFT)


def own_of(services: Services) -> Services | None:
    """The real database's services beside the sample's; None where no sample is asked."""
    return services.shows.own if isinstance(services.shows, SampleShows) else None


def at_hand(services: Services) -> Services:
    """Who answers the next line: the sample, until a show was added."""
    return services.shows.own if isinstance(services.shows, SampleShows) and services.shows.left else services
