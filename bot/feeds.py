"""What a publisher's feed says, and what is remembered of it between polls. Frozen values; no I/O and no decision.

Texts are plain unless said otherwise: one line, markup and control characters removed. Addresses are absolute http(s)
addresses without credentials trouble (``bot.rules.links.safe_url`` or a private feed's own), else they are absent.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.domain import Chapter, EpisodeImport, EpisodeKind, Highlight, Problem, ShowId

# --- what one feed says -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TranscriptLink:
    """``podcast:transcript``: the declared ``type`` may lie, ``language`` is a BCP 47 tag, ``rel`` may be captions."""

    url: str
    type: str = ""
    language: str | None = None
    rel: str = ""


@dataclass(frozen=True, slots=True)
class ChaptersLink:
    """``podcast:chapters``, or ``atom:link rel="http://podlove.org/simple-chapters"``."""

    url: str
    type: str = ""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A media file; ``length`` in bytes as declared, None when absent or absurd."""

    url: str
    type: str = ""
    length: int | None = None


@dataclass(frozen=True, slots=True)
class Credit:
    """A person as ``podcast:person`` names them; role and group in lower case, defaults from the specification."""

    name: str
    role: str = "host"
    group: str = "cast"
    url: str | None = None
    image: str | None = None


@dataclass(frozen=True, slots=True)
class Soundbite:
    """A stretch that the publisher pulled out; ``title`` may be empty. Times are finite, >= 0, duration > 0."""

    start_s: float
    duration_s: float
    title: str = ""


@dataclass(frozen=True, slots=True)
class Funding:
    url: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Txt:
    text: str
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class UpdateFrequency:
    """``podcast:updateFrequency``: a text for people, a recurrence rule (RFC 5545), whether the show has ended."""

    text: str = ""
    rrule: str = ""
    complete: bool = False
    starts: datetime | None = None


@dataclass(frozen=True, slots=True)
class FeedItem:
    """One item of a feed, whole: a half item at a cut-off end is none.

    ``notes`` is the longest description as it came (HTML or text), for lists of times; ``summary`` is plain text.
    ``published`` is None when it is absent or no date; dates that cannot be (1970, 2035) are kept and judged later.
    ``video_id`` is set by YouTube feeds. ``chapters`` are those that stand in the feed itself (psc), ``source="psc"``.
    """

    guid: str | None = None
    title: str = ""
    link: str | None = None
    published: datetime | None = None
    updated: datetime | None = None
    summary: str = ""
    notes: str = ""
    author: str = ""
    enclosures: tuple[Enclosure, ...] = ()
    #: ``podcast:alternateEnclosure`` sources and further media.
    alternates: tuple[Enclosure, ...] = ()
    duration_s: float | None = None
    number: int | None = None
    season: int | None = None
    season_name: str = ""
    #: How the publisher writes the number ("Ch. 3", "204.5"); empty when only the number was given.
    display: str = ""
    kind: EpisodeKind = "full"
    explicit: bool | None = None
    blocked: bool = False
    image: str | None = None
    language: str | None = None
    credits: tuple[Credit, ...] = ()
    transcripts: tuple[TranscriptLink, ...] = ()
    chapters_links: tuple[ChaptersLink, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    soundbites: tuple[Soundbite, ...] = ()
    #: What stands in ``notes`` as lists of times and titles (``source="notes"``), and of times and quotes.
    note_chapters: tuple[Chapter, ...] = ()
    note_highlights: tuple[Highlight, ...] = ()
    keywords: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    txt: tuple[Txt, ...] = ()
    funding: tuple[Funding, ...] = ()
    location: str = ""
    license: str = ""
    video_id: str | None = None
    #: YouTube's count; 0 is a video that nobody could watch yet, or a very new one.
    views: int | None = None
    problems: tuple[Problem, ...] = ()


LiveState = Literal["pending", "live", "ended"]


@dataclass(frozen=True, slots=True)
class LiveItem:
    """``podcast:liveItem``: never an episode by itself."""

    item: FeedItem
    status: LiveState
    starts: datetime | None = None
    ends: datetime | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as one poll saw it. ``cut`` is true when its end is missing: what is absent then says nothing."""

    format: Literal["rss", "rdf", "atom"] = "rss"
    title: str = ""
    subtitle: str = ""
    link: str | None = None
    author: str = ""
    summary: str = ""
    language: str | None = None
    image: str | None = None
    owner: str = ""
    copyright: str = ""
    guid: str | None = None
    kind: Literal["", "episodic", "serial"] = ""
    explicit: bool | None = None
    blocked: bool = False
    complete: bool = False
    locked: bool = False
    medium: str = ""
    keywords: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    credits: tuple[Credit, ...] = ()
    funding: tuple[Funding, ...] = ()
    txt: tuple[Txt, ...] = ()
    update_frequency: UpdateFrequency | None = None
    #: ``itunes:new-feed-url``, ``atom:link rel=self``, ``rel=hub`` (WebSub) and ``rel=next`` (RFC 5005 pages).
    new_url: str | None = None
    self_url: str | None = None
    hub_url: str | None = None
    next_url: str | None = None
    ttl_s: float | None = None
    items: tuple[FeedItem, ...] = ()
    live: tuple[LiveItem, ...] = ()
    #: Whole items that have no guid, link, enclosure or title: never episodes, since nothing tells them apart.
    unnamed: tuple[FeedItem, ...] = ()
    cut: bool = False
    #: What was wrong with the XML, one clear line each.
    problems: tuple[Problem, ...] = ()


# --- what is remembered between polls -----------------------------------------------------------------------

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


@dataclass(frozen=True, slots=True)
class ShowFacts:
    """What a feed says about its show as a whole; None = nothing said, the stored value stays."""

    title: str | None = None
    author: str | None = None
    summary: str | None = None
    image: str | None = None
    page_url: str | None = None
    language: str | None = None
