"""The use cases of alerts, together: built with the first command or background work that needs them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.alert_ports import Messenger
    from bot.services.growth import Growth
    from bot.services.hubs import Hubs
    from bot.services.outbox import Outbox
    from bot.services.posts import PostMaker


@dataclass(frozen=True, slots=True)
class AlertWork:
    """Making posts, sending them, letting them grow, and being told by hubs; a messenger for each platform.

    ``run`` names this start of this process: what it leases is its own. ``first_polls`` is set when the feeds that were
    due at the start have been polled, or are too slow to wait for: the outbox sends nothing before."""

    outbox: Outbox
    posts: PostMaker
    growth: Growth
    hubs: Hubs
    messengers: Mapping[str, Messenger]
    run: str
    first_polls: asyncio.Event
