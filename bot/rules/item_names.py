"""The names by which a feed item is met again, in comparable form: addresses, titles, dates and a fingerprint.

Plain functions of what one item says; which item is which episode is decided elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from urllib.parse import parse_qsl, urlencode

from bot.feeds import FeedItem
from bot.rules.words import tokens

#: Query parameters that say where a visitor came from, not where to go.
_TRACKING = re.compile(r"^(?:utm_.*|mc_[ce]id|fbclid|gclid|ref|source|src|si|feature)$", re.IGNORECASE)
#: A path segment that is a host: a tracker's prefix before the real address (podtrac, chtbl, op3, pdst and the rest).
_HOST = re.compile(r"^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,24}(?::\d{1,5})?$")
_FILES = frozenset(("mp3", "m4a", "m4b", "mp4", "m4v", "mov", "ogg", "oga", "opus", "aac", "flac", "wav", "webm",
                    "php", "html", "htm", "aspx", "asp", "jsp", "cgi", "xml", "json"))  # fmt: skip
_SCHEME = re.compile(r"https?:/{1,2}", re.IGNORECASE)

#: Dates outside of these are no release: clocks that were never set, and episodes of the future.
OLDEST = datetime(1920, 1, 1, tzinfo=UTC)
UNSET = datetime(1970, 1, 1, tzinfo=UTC)
AHEAD = timedelta(days=2)

_LEAD = re.compile(
    r"^\s*[\[(]?(?:s(?:eason)?\s*(?P<season>\d{1,3})\s*[,:. -]*\s*)?"
    r"(?:(?:episode|epis\.|ep|folge|nr|no|e)\b[\s.:#-]*|#\s*)0*(?P<number>\d{1,5})\b[\])]?\s*[:.)|,–—-]*\s*",
    re.IGNORECASE,
)
_SEASON = re.compile(r"^\s*s0*(?P<season>\d{1,3})\s*[:. ]?\s*e0*(?P<number>\d{1,5})\b\s*[:.)|,–—-]*\s*", re.IGNORECASE)
_BARE_LEAD = re.compile(r"^\s*0*(?P<number>\d{1,5})\s*(?:[:.)|–—]|-\s)\s*(?=\D)")
_TAIL = re.compile(r"\s+(?:\||//|–|—|-)\s+[^|–—]{2,60}$")
_TAIL_NUMBER = re.compile(r"\s*[(\[]?(?:#|\bep(?:isode)?\.?\s*#?)\s*0*(\d{1,5})[)\]]?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Names:
    """All that can tell which episode something is, ready to be compared; None or empty = it does not say."""

    guid: str | None
    link: str | None
    audio: str | None
    title: str
    published: datetime | None
    duration_s: float | None
    number: int | None = None
    season: int | None = None


def names_of(item: FeedItem, now: datetime) -> Names:
    """The names of a feed item; a date that cannot be is none."""
    return Names(
        item.guid or None,
        address(item.link),
        audio_address(item),
        title_name(item.title),
        usable_date(item.published, now),
        item.duration_s or None,
        item.number if item.number is not None else number_in(item.title),
        item.season,
    )


def usable_date(date: datetime | None, now: datetime) -> datetime | None:
    """The date if something can have come out then: not before 1920, not the epoch, at most two days ahead."""
    if date is None or date < OLDEST or date > now + AHEAD or abs(date - UNSET) <= timedelta(days=1):
        return None
    return date


@lru_cache(maxsize=1 << 14)
def address(url: str | None) -> str | None:
    """``https://www.a.example/x/?utm_source=rss#top`` -> ``a.example/x``; None for none and for a bare host."""
    if not url:
        return None
    rest = url.partition("#")[0].partition("://")[2]
    place, _, query = rest.partition("?")
    host, _, path = place.partition("/")
    path = path.rstrip("/")
    if query:
        kept = [pair for pair in parse_qsl(query, keep_blank_values=True) if not _TRACKING.match(pair[0])]
        query = urlencode(kept)
    if not path and not query:
        return None
    return f"{host.lower().removeprefix('www.')}/{path}" + (f"?{query}" if query else "")


def audio_address(item: FeedItem) -> str | None:
    """The first media file's address, comparable; a YouTube item's video stands for it."""
    if item.enclosures:
        return media_address(item.enclosures[0].url)
    return f"youtube/{item.video_id}" if item.video_id else None


@lru_cache(maxsize=1 << 14)
def media_address(url: str) -> str | None:
    """The address of a media file without query and without the trackers before it.

    ``https://dts.podtrac.com/redirect.mp3/chtbl.com/track/1/cdn.example/a.mp3?token=2`` -> ``cdn.example/a.mp3``: any
    host inside the path begins the real address, so that trackers nobody has heard of are known too.
    """
    rest = url.partition("?")[0].partition("#")[0].partition("://")[2]
    nested = _SCHEME.split(rest)
    rest = nested[-1] if len(nested) > 1 else rest
    host, slash, path = rest.partition("/")
    if not slash or not path:
        return None
    segments = path.split("/")
    if path.count(".") > 1:
        for at in range(len(segments) - 2, -1, -1):
            if _is_host(segments[at].lower()):
                host, segments = segments[at], segments[at + 1 :]
                break
    return f"{host.lower().removeprefix('www.')}/{'/'.join(segments)}"


def _is_host(segment: str) -> bool:
    return "." in segment and bool(_HOST.match(segment)) and segment.rpartition(".")[2] not in _FILES


def file_name(audio: str | None) -> str:
    """The last part of a media address, which a host that moves often keeps."""
    return audio.rpartition("/")[2] if audio else ""


@lru_cache(maxsize=4096)
def title_name(title: str) -> str:
    """The words of a title, comparable; without words its signs."""
    return " ".join(tokens(title)) or " ".join(title.split())


def bare_title(title: str, show: str = "") -> str:
    """The words of a title without number in front or at the end and without the show's name behind:
    ``#12: Kites | The Show`` -> ``kites``. The whole title when nothing would be left."""
    rest = title
    for lead in (_SEASON, _LEAD, _BARE_LEAD):
        if found := lead.match(rest):
            rest = rest[found.end() :]
            break
    tail = _TAIL.search(rest)
    if tail and show and title_name(tail.group().lstrip(" |/–—-")) in (title_name(show), title_name(show) + " podcast"):
        rest = rest[: tail.start()]
    rest = _TAIL_NUMBER.sub("", rest)
    return title_name(rest) if tokens(rest) else title_name(title)


def number_in(title: str) -> int | None:
    """The episode number that a title states: ``#12: Kites``, ``Ep. 12 - Kites``, ``S2E5``, ``12: Kites``."""
    for lead in (_SEASON, _LEAD, _BARE_LEAD):
        if found := lead.match(title):
            return int(found.group("number"))
    tail = _TAIL_NUMBER.search(title)
    return int(tail.group(1)) if tail else None


def fingerprint(item: FeedItem) -> str:
    """A hash of what the item says that would be stored; addresses without their queries, where tokens change."""
    said: list[object] = [
        item.guid, item.title, _place(item.link), item.published, item.duration_s, item.number, item.season,
        item.kind, item.explicit, _place(item.image), item.summary, item.author, item.video_id,
    ]  # fmt: skip
    said.extend(media_address(one.url) for one in item.enclosures)
    for part in (item.credits, item.chapters, item.note_chapters, item.soundbites, item.note_highlights):
        if part:
            said.append(part)
    said.extend((_place(one.url), one.type, one.language) for one in item.transcripts)
    said.extend((_place(one.url), one.type) for one in item.chapters_links)
    return blake2b("\x1f".join(map(str, said)).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def _place(url: str | None) -> str | None:
    """Without query, but not where the query alone says which one it is (``/?p=12``)."""
    if not url:
        return None
    place, _, query = url.partition("?")
    return url if query and place.count("/") <= 3 and place.endswith("/") else place
