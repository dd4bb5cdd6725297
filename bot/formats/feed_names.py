"""Namespaces of feeds in all their spellings, and the one short name that each tag has here: ``itunes:duration``.

The feed's own tags (RSS of all versions, Atom) have no prefix: ``title``. Unknown ones have an empty name.
"""

from __future__ import annotations

import re

#: Short names of namespaces, by their address without scheme, in lower case, without an end of ``/`` or ``#``.
_KNOWN = {
    "www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "www.itunes.com/dtds/podcast": "itunes",
    "podcastindex.org/namespace/1.0": "podcast",
    "podlove.org/simple-chapters": "psc",
    "purl.org/rss/1.0/modules/content": "content",
    "search.yahoo.com/mrss": "media",
    "www.rssboard.org/media-rss": "media",
    "www.google.com/schemas/play-podcasts/1.0": "googleplay",
    "www.google.com/schemas/play-podcasts/1.0/play-podcasts.xsd": "googleplay",
    "purl.org/dc/elements/1.1": "dc",
    "purl.org/dc/elements/1.0": "dc",
    "purl.org/dc/terms": "dc",
    "www.youtube.com/xml/schemas/2015": "yt",
    "gdata.youtube.com/schemas/2007": "yt",
    "rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "purl.org/syndication/history/1.0": "fh",
    "www.w3.org/1999/xhtml": "xhtml",
    "www.w3.org/1999/02/22-rdf-syntax-ns": "rdf",
    "www.w3.org/2005/atom": "",
    "purl.org/atom/ns": "",
    "purl.org/rss/1.0": "",
    "purl.org/net/rss1.1": "",
    "my.netscape.com/rdf/simple/0.9": "",
    "channel.netscape.com/rdf/simple/0.9": "",
    "backend.userland.com/rss": "",
    "backend.userland.com/rss2": "",
    "backend.userland.com/rss091": "",
    "backend.userland.com/rss092": "",
    "blogs.law.harvard.edu/tech/rss": "",
    "cyber.law.harvard.edu/rss": "",
}
#: The podcast namespace's document at any branch or commit, as feeds name it.
_PODCAST = re.compile(r"github\.com/podcastindex-org/podcast-namespace(?:/.*)?", re.DOTALL)
_ATOM = "www.w3.org/2005/atom"
#: Prefixes that feeds use without declaring them, by the short names that pieces of a feed are parsed with.
DECLARED_ANYWAY = {
    name: f"urn:{name}"
    for name in (
        "itunes", "podcast", "psc", "content", "media", "googleplay", "dc", "yt", "feedburner", "fh", "xhtml", "rdf",
    )
} | {"atom": "urn:core"}  # fmt: skip
_SHORT = re.compile(r"urn:([a-z]{1,12})")
_KEYS = frozenset(DECLARED_ANYWAY) - {"atom"}
_PLAIN_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[!#$%'()*+,./0-9:;=?@A-Z\[\]_a-z~-]+")
_MOST = 5_000


def key_of(uri: str) -> str | None:
    """``itunes``, ``podcast``, … for a namespace in any spelling, ``""`` for a feed's own, None for an unknown one."""
    flat = "".join(uri.split()).lower()
    flat = flat.partition("://")[2] or flat
    flat = flat.rstrip("/#")
    if flat in _KNOWN:
        return _KNOWN[flat]
    if flat.endswith("dtds/podcast-1.0.dtd"):
        return "itunes"
    return "podcast" if _PODCAST.fullmatch(flat) else None


def namespace(uri: str) -> str:
    """The name under which a declared namespace is parsed: a short one where it is known, else itself if it can be."""
    key = key_of(uri)
    if key is not None:
        return f"urn:{key or 'core'}"
    flat = uri.strip()
    return flat if _PLAIN_URI.fullmatch(flat) and not flat.startswith("urn:") else "urn:unknown"


class Names(dict[str, str]):
    """Tags as the parser gives them (``{namespace}name``) to short names, each worked out once."""

    def __missing__(self, tag: str) -> str:
        if len(self) > _MOST:
            self.clear()
        name = self[tag] = _short(tag)
        return name


def _short(tag: str) -> str:
    if tag[:1] != "{":
        # A prefix that nobody declared keeps its tag's name as a whole.
        return tag.lower() if ":" not in tag else ""
    uri, _, local = tag[1:].partition("}")
    if match := _SHORT.fullmatch(uri):
        key = "" if match[1] == "core" else match[1] if match[1] in _KEYS else None
    else:
        key = key_of(uri)
    if key is None:
        return ""
    return f"{key}:{local.lower()}" if key else local.lower()
