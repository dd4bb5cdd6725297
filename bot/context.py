"""Who asks, from where, and what the asked command may use. Built by an adapter, read by commands."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.domain import CommunityId, EpisodeId, Person, Place, Role, Viewer

if TYPE_CHECKING:
    from bot.reply import Reply
    from bot.services import Services


async def _no_progress(text: str) -> None:
    """Surfaces that cannot show progress say nothing."""


async def _nobody_told(person: Person, reply: Reply) -> bool:
    """Surfaces that cannot write to a person directly."""
    return False


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """A message in chat that a request is about: what a message's menu was opened on. ``text`` is as written, without
    mark-up; ``url`` leads to it. ``bot``: no human wrote it."""

    id: str
    text: str
    author: Person
    at: datetime
    url: str = ""
    bot: bool = False


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
    #: Whether this person may write messages here: else they share nothing.
    may_write: bool = True
    #: The answer is seen by everybody here (words in a channel): it holds what every member here may see, no more.
    public: bool = False
    #: What a message's menu was opened on.
    message: ChatMessage | None = None
    #: Writes to a person directly; False when they cannot be reached so.
    tell: Callable[[Person, Reply], Awaitable[bool]] = _nobody_told

    @property
    def viewer(self) -> Viewer:
        """The same person as storage reads want to know them."""
        role, roles = (Role.member, frozenset[str]()) if self.public else (self.role, self.platform_roles)
        return Viewer(self.community, role, self.place, self.person, self.direct, roles)
