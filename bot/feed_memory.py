"""What is remembered of a feed between polls. Frozen values; no I/O and no decision.

Apart from ``bot.feeds``, which only reading and judging a feed need: whatever opens the storage loads this.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from bot.domain import EpisodeImport, ShowId

if TYPE_CHECKING:
    from bot.alerts import News

FeedRole = Literal["main", "youtube"]


@dataclass(frozen=True, slots=True)
class FeedState:
    """One feed of a show: where it is, what its server said last, and when it is looked at next.

    ``baseline_at`` is the first poll that succeeded: what was there then is never news. ``stopped`` says why it is
    polled no more (410, removed); empty while it is. ``moved_to`` is where permanent redirects led in the last
    ``moved_polls`` polls in a row. ``etag`` and ``modified`` are kept as they came. ``version`` says which writing of
    it was read (0: none was there), so that a later one is not overwritten; None where nothing is to be compared.
    """

    show: ShowId
    url: str
    role: FeedRole = "main"
    etag: str | None = None
    modified: str | None = None
    body_hash: str | None = None
    checked_at: datetime | None = None
    succeeded_at: datetime | None = None
    changed_at: datetime | None = None
    next_at: datetime | None = None
    baseline_at: datetime | None = None
    failures: int = 0
    error: str = ""
    stopped: str = ""
    moved_to: str | None = None
    moved_polls: int = 0
    #: When its episodes usually come out, and its hub (``bot.rules.rhythm``, ``bot.rules.websub``).
    rhythm: str = ""
    hub: str = ""
    topic: str = ""
    version: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class KnownItem:
    """What is remembered of one feed item: every name that it ever had, so that it is met again and never doubled.

    ``episode`` is the episode's key within the show. ``guids``, ``links`` (normalised), ``enclosures`` (without their
    query) hold the latest name first and older ones behind it. ``fingerprint`` is a hash of what the item said last:
    the same hash needs no storing. ``missing`` counts polls in a row without it.
    """

    id: str
    episode: str
    first_seen: datetime
    last_seen: datetime
    role: FeedRole = "main"
    guids: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    enclosures: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    published: datetime | None = None
    duration_s: float | None = None
    fingerprint: str = ""
    missing: int = 0
    withdrawn_at: datetime | None = None


ResourceKind = Literal["transcript", "chapters", "audio"]
#: wanted: not fetched yet · used: what is shown comes from it · spare: read, but a better one is used ·
#: translation: in another language than is spoken, never quoted · empty: nothing usable in it · failed: tried in vain
ResourceState = Literal["wanted", "used", "spare", "translation", "empty", "failed"]


@dataclass(frozen=True, slots=True)
class Resource:
    """Something that an item points to: fetched once, looked at again with its validators, kept when that fails."""

    episode: str
    kind: ResourceKind
    url: str
    type: str = ""
    language: str | None = None
    rel: str = ""
    state: ResourceState = "wanted"
    etag: str | None = None
    modified: str | None = None
    hash: str | None = None
    fetched_at: datetime | None = None
    next_at: datetime | None = None
    failures: int = 0
    error: str = ""


@dataclass(frozen=True, slots=True)
class PollChanges:
    """All that one poll changes, for one transaction; ``items`` and ``resources`` name their episodes by key.

    It was decided by what was read before: the state's version and the show's ``catalogue`` (None: not compared)."""

    state: FeedState
    episodes: tuple[EpisodeImport, ...] = ()
    items: tuple[KnownItem, ...] = ()
    #: Resources that are new, by (episode, kind, url); those that are stored already keep their state.
    resources: tuple[Resource, ...] = ()
    show: ShowFacts | None = None
    catalogue: int | None = None
    #: What is to be announced: storage makes the alerts in the same transaction.
    news: tuple[News, ...] = ()


@dataclass(frozen=True, slots=True)
class ShowFacts:
    """What a feed says about its show as a whole; None = nothing said, the stored value stays."""

    title: str | None = None
    author: str | None = None
    summary: str | None = None
    image: str | None = None
    page_url: str | None = None
    language: str | None = None
