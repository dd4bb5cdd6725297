"""From what people type to the address of a feed: schemes of podcast apps, bare hosts, platforms. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qs, urlsplit, urlunsplit

from bot.rules.links import safe_url
from bot.rules.words import slug

LONGEST = 2_000
#: Schemes by which podcast apps and players name a feed.
_APPS = ("feed", "feeds", "pcast", "podcast", "podcasts", "itpc", "antennapod-subscribe")
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]{0,30}):")
_HOST = re.compile(r"[\w-]+(\.[\w-]+)+(:\d{1,5})?(/.*)?|localhost(:\d{1,5})?(/.*)?|\[[0-9a-fA-F:.]+\](:\d{1,5})?(/.*)?")
_APPLE_ID = re.compile(r"id(\d{3,15})")
_CHANNEL = re.compile(r"UC[\w-]{22}", re.ASCII)
_PLAYLIST = re.compile(r"(?:PL|UU|OL|FL|RD)[\w-]{10,60}", re.ASCII)
YOUTUBE_FEED = "https://www.youtube.com/feeds/videos.xml"

#: feed: fetch it, it should be a feed (or a page that names one) · apple: fetch it, it is Apple's answer in JSON
Kind = Literal["feed", "apple"]


@dataclass(frozen=True, slots=True)
class Address:
    """Where to look. ``youtube`` marks a YouTube feed or page; ``guessed``: no scheme was given, so it may be http."""

    url: str
    kind: Kind = "feed"
    youtube: bool = False
    guessed: bool = False


def address_of(words: str) -> Address | None:
    """The address that these words mean; None when they are no address that can be fetched."""
    bare = words.strip().removeprefix("<").removesuffix(">").strip()
    url = _with_scheme(bare)
    if url is None or len(url) > LONGEST or not _fetchable(url):
        return None
    parts = urlsplit(url)
    host = (parts.hostname or "").lower().removeprefix("www.").removeprefix("m.")
    if host in ("youtube.com", "music.youtube.com"):
        return Address(_youtube(url), youtube=True)
    if host in ("podcasts.apple.com", "itunes.apple.com"):
        return _apple(url)
    return Address(url, guessed="http://" not in bare.lower() and "https://" not in bare.lower())


def _with_scheme(bare: str) -> str | None:
    """``feed://x``, ``feed:https://x``, ``pcast:x``, ``x.org/feed`` as http(s); None for anything else."""
    if not bare or any(letter.isspace() for letter in bare) or not bare.isprintable():
        return None
    for _ in range(3):
        match = _SCHEME.match(bare)
        if match is None or _HOST.fullmatch(bare):
            break
        scheme = match[1].lower()
        if scheme in ("http", "https"):
            return scheme + bare[match.end(1) :]
        if scheme not in _APPS:
            return None
        bare = bare[match.end() :].removeprefix("//")
    return f"https://{bare}" if _HOST.fullmatch(bare) else None


def _fetchable(url: str) -> bool:
    """http(s) with a host; a name and password of a private feed are allowed here."""
    try:
        parts = urlsplit(url)
        bare = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
        port_is_one = parts.port is None or 1 <= parts.port <= 65535
    except ValueError:
        return False
    return port_is_one and safe_url(bare) is not None


def _youtube(url: str) -> str:
    """A channel's or playlist's own feed where its id stands in the address; else the page, which names its feed."""
    parts = urlsplit(url)
    steps = [step for step in parts.path.split("/") if step]
    query = parse_qs(parts.query)
    if steps[:1] == ["feeds"]:
        return url
    if len(steps) > 1 and steps[0] == "channel" and _CHANNEL.fullmatch(steps[1]):
        return f"{YOUTUBE_FEED}?channel_id={steps[1]}"
    playlist = query.get("list", [""])[0]
    return f"{YOUTUBE_FEED}?playlist_id={playlist}" if _PLAYLIST.fullmatch(playlist) else url


def _apple(url: str) -> Address:
    """Apple's public look-up of a show's number, which answers with the feed's address."""
    found = _APPLE_ID.findall(urlsplit(url).path) or parse_qs(urlsplit(url).query).get("id", [])
    if not found or not found[-1].isdigit():
        return Address(url)
    return Address(f"https://itunes.apple.com/lookup?id={found[-1]}&entity=podcast", "apple")


def same_feed(one: str, other: str) -> bool:
    """Whether two addresses are one feed's: scheme, ``www.``, default port and a last slash do not count."""
    return _bare(one) == _bare(other)


def _bare(url: str) -> str:
    try:
        parts = urlsplit(url.strip())
        host, port = (parts.hostname or "").removeprefix("www."), parts.port
    except ValueError:
        return url
    user = parts.netloc.rpartition("@")[0]
    shown = f":{port}" if port and (parts.scheme, port) not in (("http", 80), ("https", 443)) else ""
    query = f"?{parts.query}" if parts.query else ""
    return f"{user}@{host}{shown}{parts.path.rstrip('/')}{query}"


def slug_for(title: str, url: str, taken: frozenset[str]) -> str:
    """A name for a show on a shelf that is not taken: from its title, else its feed's host."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    base = slug(title, 50) or slug(host, 50) or "show"
    if base not in taken:
        return base
    return next(name for n in range(2, len(taken) + 3) if (name := f"{base}-{n}") not in taken)
