"""What a web page of ours is, before any server: a route, what comes in, what goes out. Neutral values only.

Slack, OAuth, health and hubs each bring routes; ``adapters.web`` serves them all on one port.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

#: The largest body that is read, in bytes, unless a route says otherwise.
BODY_LIMIT = 2**20

Method = Literal["GET", "POST"]


class BodyTooLarge(Exception):
    """More than the route's limit; nobody reads on."""


class BodyBroken(Exception):
    """It ended before it was whole, or is no proper HTTP."""


class Body(Protocol):
    """A body on its way, raw (nothing is unpacked): read once, in one of the two ways, or not at all.

    Both raise BodyTooLarge past the route's limit and BodyBroken when it is cut off.
    """

    async def whole(self) -> bytes: ...

    def pieces(self) -> AsyncIterator[bytes]:
        """As it comes, so that a large one is never in memory."""
        ...


@dataclass(frozen=True, slots=True)
class Incoming:
    """One request. ``parts`` are what stood for the names in the route's path; of a query parameter that comes twice
    the first counts; names of headers are in lower case. All of it is a stranger's word."""

    method: Method
    parts: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Body


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back, as text in UTF-8; ``type`` is its media type without a charset."""

    status: int = 200
    text: str = ""
    type: str = "text/plain"
    headers: tuple[tuple[str, str], ...] = ()


Handler = Callable[[Incoming], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Route:
    """One page. In ``path``, ``{name}`` stands for one part of up to 64 letters, digits, ``-`` and ``_``. A route for
    GET answers HEAD too. ``limit``: of the body, in bytes. ``quiet``: as long as all is well, the log need not tell of
    it."""

    method: Method
    path: str
    handler: Handler
    limit: int = BODY_LIMIT
    quiet: bool = False
