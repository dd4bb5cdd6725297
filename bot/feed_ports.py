"""What polling asks of the outside: fetching, and a memory of feeds. Protocols only; nothing is built here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from bot.domain import Chapter, Episode, EpisodeImport, Show, ShowId
    from bot.feed_memory import FeedRole, FeedState, KnownItem, PollChanges, Resource, ResourceKind
    from bot.ports import Saved

#: Limits after decompression, in bytes.
TRANSCRIPT_LIMIT, CHAPTERS_LIMIT, AUDIO_HEAD_LIMIT = 10 * 2**20, 2 * 2**20, 4 * 2**20


class Room(Protocol):
    """Room for a large body, shared by all that are on their way."""

    async def wanted(self) -> None:
        """Wait until there is room for one more large body; at once when this one has it already."""
        ...


@dataclass(frozen=True, slots=True)
class Request:
    """One thing to fetch. ``limit`` is in bytes after decompression; ``span`` asks for bytes first–last, both included;
    ``deadline_s`` is for all of it, redirects included. ``room`` is asked for once the body turns out to be large, and
    held by whoever gave it until the body is done with. A ``form`` follows 307 and 308 only, and over
    plain http to nobody else."""

    url: str
    limit: int
    etag: str | None = None
    modified: str | None = None
    span: tuple[int, int] | None = None
    accept: str = "*/*"
    deadline_s: float = 25.0
    room: Room | None = field(default=None, compare=False, repr=False)
    #: Names and values that are posted as a form, in this order, instead of asking; they may hold secrets.
    form: tuple[tuple[str, str], ...] | None = field(default=None, repr=False)


#: ok: a body came · unchanged: 304 · gone: 410 · missing: 404 · denied: 401, 403 · busy: 429, 503 · refused: an
#: address, scheme or redirect that is not allowed · too_large · timeout · failed: everything else
FetchStatus = Literal[
    "ok", "unchanged", "gone", "missing", "denied", "busy", "refused", "too_large", "timeout", "failed"
]


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of a request. Network trouble is a status with a one-line ``reason`` (secrets masked), not an error.

    ``moved_to`` is set when the first hops were all permanent (301, 308): where they led. ``retry_after_s`` and
    ``max_age_s`` are what the server asked for, already capped. ``total`` is the whole size, None when not said;
    ``offset`` is where in the whole the body begins: a server that does not know ranges answers one with the whole
    file (code 200), read from 0 to the limit. ``links``: (relation, address as it was written) of its Link headers.
    """

    status: FetchStatus
    url: str
    reason: str = ""
    code: int | None = None
    body: bytes = b""
    content_type: str = ""
    etag: str | None = None
    modified: str | None = None
    retry_after_s: float | None = None
    max_age_s: float | None = None
    moved_to: str | None = None
    total: int | None = None
    offset: int = 0
    links: tuple[tuple[str, str], ...] = ()


class Fetcher(Protocol):
    """HTTP for feeds and what they point to. Raises nothing but cancellation."""

    async def fetch(self, request: Request) -> Fetched: ...

    async def close(self) -> None: ...


class FeedStore(Protocol):
    """What is remembered of feeds between polls: shared by all communities, read by no surface.

    As for ``Storage``: times are aware UTC, a write is one transaction, errors arrive as ``StorageError``.
    """

    async def put_feed(self, state: FeedState) -> FeedState:
        """Create or replace the state of the feed ``(state.show, state.role)``; the show exists. As it is stored, with
        its new version. Raises StorageConflict when it was written since ``state.version`` was read."""
        ...

    async def feed(self, show: ShowId, role: FeedRole = "main") -> FeedState | None: ...

    async def feeds(self) -> list[FeedState]:
        """Those of every show that stands on a shelf, by show and role."""
        ...

    async def show_of_feed(self, url: str) -> ShowId | None:
        """The show, on any shelf or none, whose main feed has this address and is no private one's."""
        ...

    async def due_feeds(self, now: datetime, limit: int) -> list[FeedState]:
        """Feeds of shelved shows that are not stopped and whose ``next_at`` is None or has come; longest due first."""
        ...

    async def drop_feed(self, show: ShowId, role: FeedRole) -> None: ...

    async def note_polls(self, states: Sequence[FeedState]) -> None:
        """The states after polls that found nothing to store, in one transaction; the change counter does not move.
        One that was written since its ``version`` was read stays as it is."""
        ...

    async def catalogue(self, show: ShowId) -> int:
        """A number that grows when episodes of the show come or go, whoever adds them; read before they are."""
        ...

    async def known_items(self, show: ShowId) -> list[KnownItem]:
        """In the order in which they were first stored."""
        ...

    async def stored_show(self, show: ShowId) -> Show | None:
        """A show by its id, on any shelf: slug, privacy and offset as its first shelf has them (slug "" on none).
        For polling alone, as the two below: no surface reads them."""
        ...

    async def stored_episodes(self, show: ShowId, keys: Sequence[str] | None = None) -> list[Episode]:
        """Every episode of a show, or those with these keys, newest first: as stored, without any overlay, withheld
        ones and a private show's enclosures included."""
        ...

    async def stored_chapters(self, show: ShowId, key: str) -> list[Chapter]:
        """All chapters of the episode with this key, hidden ones too."""
        ...

    async def apply_poll(self, changes: PollChanges) -> list[Saved]:
        """Everything one poll found, in one transaction: the state, the show's facts, each episode (as ``save_episode``
        would, in the order given; overlays of every community are found again), items replaced by their id, resources
        that are new. ``lost`` names lost overlays of all communities. Raises StorageConflict, with nothing stored, when
        the state's version or the show's catalogue is another one than was read: judge again by what is there now."""
        ...

    async def store_fetched(self, show: ShowId, episode: EpisodeImport, resources: Sequence[Resource]) -> Saved:
        """What was fetched for one episode (as ``save_episode`` would, for every community), and the state of the
        resources that it came from (as ``note_resources``), in one transaction. ``lost`` names lost overlays
        of all communities."""
        ...

    async def resources(self, show: ShowId, episode: str | None = None) -> list[Resource]:
        """Of one episode (by key) or the whole show; newest episode first, then in the order of their adding."""
        ...

    async def due_resources(
        self, now: datetime, limit: int, show: ShowId | None = None, kind: ResourceKind | None = None
    ) -> list[tuple[ShowId, Resource]]:
        """Those whose ``next_at`` has come (or is None while wanted), of shelved shows, newest episodes first."""
        ...

    async def note_resources(self, show: ShowId, resources: Sequence[Resource]) -> None:
        """Replace the state of resources that are there (by episode, kind, url); the change counter does not move."""
        ...
