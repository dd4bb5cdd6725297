"""The use cases of feeds, together: built with the first command that needs them, since most questions never do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.services.poller import Poller
    from bot.services.resources import Resources
    from bot.services.shows import Shows


@dataclass(frozen=True, slots=True)
class FeedWork:
    """Adding and changing shows, looking at feeds, and fetching what they point to."""

    shows: Shows
    poller: Poller
    resources: Resources
