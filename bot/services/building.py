"""The use cases of feeds and of alerts, put together over ports that are open. Loading them takes as long as a short
answer, so nothing here is loaded before it is asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from bot.rules.ids import new_id

if TYPE_CHECKING:
    from bot.alert_ports import Messenger
    from bot.feed_ports import Fetcher
    from bot.ports import Clock, Offload, Storage
    from bot.services.alert_work import AlertWork
    from bot.services.feed_work import FeedWork
    from bot.settings import Settings


def build_feed_work(
    storage: Storage, fetcher: Fetcher, offload: Offload, clock: Clock, limit: int, on_news: Callable[[], None]
) -> FeedWork:
    """What feeds need; loading it takes as long as a short answer."""
    from bot.services.discovery import Discovery
    from bot.services.feed_work import FeedWork
    from bot.services.poller import Poller
    from bot.services.resources import Resources
    from bot.services.shows import Shows

    poller = Poller(storage, fetcher, offload, clock, limit, on_news=on_news)
    shows = Shows(storage, Discovery(fetcher, offload, limit), poller, clock)
    return FeedWork(shows, poller, Resources(storage, fetcher, offload, clock))


def build_alert_work(
    storage: Storage, fetcher: Fetcher, clock: Clock, settings: Settings, there: Sequence[Messenger]
) -> AlertWork:
    """What alerts need."""
    from bot.rules.addresses import read_allow_list
    from bot.services.alert_work import AlertWork
    from bot.services.growth import Growth
    from bot.services.hubs import Hubs
    from bot.services.outbox import Outbox
    from bot.services.posts import PostMaker

    run, posts = new_id(), PostMaker(storage, clock)
    messengers = {one.platform: one for one in there}
    first_polls = asyncio.Event()
    outbox = Outbox(storage, messengers, posts, clock, run=run, first_polls=first_polls, warm=True)
    hubs = Hubs(
        storage, fetcher, clock, settings.public_url,
        allowed=read_allow_list(settings.allow_hosts), body_limit=settings.feed_limit,
    )  # fmt: skip
    return AlertWork(outbox, posts, Growth(storage, posts, clock), hubs, messengers, run, first_polls)
