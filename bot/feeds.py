"""What a publisher's feed says. Frozen values; no I/O and no decision.

Texts are plain unless said otherwise: one line, markup and control characters removed. Addresses are absolute http(s)
addresses without credentials trouble (``bot.rules.links.safe_url`` or a private feed's own), else they are absent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.domain import Chapter, EpisodeKind, Highlight, Problem


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
