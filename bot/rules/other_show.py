"""Whether a feed that is given for a show is another show's. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.feed_memory import KnownItem
from bot.feeds import Feed
from bot.rules.item_names import names_of, title_name

#: A show of fewer remembered items cannot be told from another by what it lacks.
ENOUGH = 3


def shares_nothing(feed: Feed, known: Sequence[KnownItem], now: datetime) -> bool:
    """Whether no item of the feed has a guid, link, audio address or title that an item of the show ever had."""
    if len(known) < ENOUGH or not feed.items:
        return False
    had = {name for one in known for name in (*one.guids, *one.links, *one.enclosures, *map(title_name, one.titles))}
    found = (names_of(item, now) for item in feed.items)
    return not any({one.guid, one.link, one.audio, one.title} & had for one in found)
