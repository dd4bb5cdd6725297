"""A place of a fake platform and what stands in it, as plain data. For tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.domain import Place
from bot.rules.alert_keys import key_in
from tests.platform_limits import Window

RoomKind = Literal["text", "announcement", "forum", "thread", "direct"]


@dataclass(frozen=True, slots=True)
class Message:
    """As it stands in a place. ``signs`` are the custom ids of its buttons; never a nonce, which nothing gives back."""

    id: str
    at: datetime
    text: str
    signs: tuple[str, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=dict)
    own: bool = True
    thread: str = ""
    thread_title: str = ""
    published: bool = False
    edits: int = 0
    mentions: tuple[str, ...] = ()

    def sign(self) -> tuple[str, str] | None:
        """The alert's key and kind, as they can be read back."""
        if "key" in self.metadata:
            return self.metadata["key"], self.metadata.get("kind", "new")
        return next(filter(None, map(key_in, self.signs)), None)


@dataclass(frozen=True, slots=True)
class Accepted:
    """One line of the log: a post that came to be. ``late``: after its caller had given up."""

    at: datetime
    place: Place
    message: str
    key: str
    kind: str
    late: bool = False


@dataclass(slots=True)
class Room:
    """One place from inside, and what the bot may do there."""

    posts: Window
    publishes: Window
    kind: RoomKind = "text"
    name: str = ""
    can_post: bool = True
    can_read: bool = True
    gone: bool = False
    stalled: bool = False
    messages: dict[str, Message] = field(default_factory=dict)
    nonces: dict[str, tuple[datetime, str]] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)
