"""Who asks, from where, and what the asked command may use. Built by an adapter, read by commands."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.domain import CommunityId, EpisodeId, Person, Place, Role, Viewer

if TYPE_CHECKING:
    from bot.services import Services


async def _no_progress(text: str) -> None:
    """Surfaces that cannot show progress say nothing."""


@dataclass(frozen=True, slots=True)
class Context:
    """One request. ``services`` are the use cases that commands call; they hold storage and index."""

    services: Services
    person: Person
    role: Role
    community: CommunityId
    place: Place
    request_id: str
    #: The episode that the surface knows this is about: the thread's, or that of the message replied to.
    episode: EpisodeId | None = None
    platform_roles: frozenset[str] = frozenset()
    direct: bool = False
    locale: str = "en"
    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    progress: Callable[[str], Awaitable[None]] = _no_progress

    @property
    def viewer(self) -> Viewer:
        """The same person as storage reads want to know them."""
        return Viewer(self.community, self.role, self.place, self.person, self.direct, self.platform_roles)
