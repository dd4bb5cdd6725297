"""What a web page says about feeds: its ``<link rel="alternate">`` tags. Bytes in, addresses out; never raises."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from urllib.parse import urljoin

from bot.plain import clean_line
from bot.rules.links import safe_url

#: Links stand in the head; YouTube's stands some hundred kilobytes down.
SEARCHED = 2 * 2**20
MOST = 20
_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+xml")
_TAG = re.compile(r"<link\b([^<>]{1,4000})>", re.IGNORECASE)
_BASE = re.compile(r"<base\b([^<>]{1,4000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([a-zA-Z:-]{1,40})\s{0,9}=\s{0,9}(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_HIDDEN = ((b"<!--", b"-->"), (b"<script", b"</script"), (b"<style", b"</style"))
_PAGE = re.compile(rb"\s*(?:<!--.{0,2000}?-->\s*){0,9}<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A feed that a page names."""

    url: str
    title: str = ""


def is_web_page(data: bytes) -> bool:
    """Whether the bytes begin as an HTML page does."""
    return _PAGE.match(data[:8_192].removeprefix(b"\xef\xbb\xbf")) is not None


def feed_links(data: bytes, url: str) -> tuple[FeedLink, ...]:
    """The feeds that the page at ``url`` names, each once, in its order; comment feeds come last."""
    text = _visible(data[:SEARCHED]).decode("utf-8", "replace")
    base = next((href for one in _BASE.findall(text) if (href := _attributes(one).get("href"))), "")
    home = _joined(url, base) or url
    found: dict[str, FeedLink] = {}
    for tag in _TAG.findall(text):
        said = _attributes(tag)
        wanted = "alternate" in said.get("rel", "").lower().split() and said.get("type", "").lower() in _FEED_TYPES
        target = _joined(home, said.get("href", "")) if wanted else None
        if target:
            found.setdefault(target, FeedLink(target, clean_line(said.get("title", ""))[:200]))
        if len(found) >= MOST:
            break
    return tuple(sorted(found.values(), key=_of_comments))


def _visible(page: bytes) -> bytes:
    """Without comments, scripts and styles, in linear time; what is never closed stays."""
    for opening, closing in _HIDDEN:
        lowered, kept, at = page.lower(), list[bytes](), 0
        while (start := lowered.find(opening, at)) >= 0 and (end := lowered.find(closing, start)) >= 0:
            kept.append(page[at:start])
            at = end + len(closing)
        page = b" ".join([*kept, page[at:]])
    return page


def _attributes(tag: str) -> dict[str, str]:
    return {name.lower(): html.unescape(a or b or c).strip() for name, a, b, c in _ATTRIBUTE.findall(tag)}


def _joined(url: str, href: str) -> str | None:
    if not href:
        return None
    try:
        return safe_url(urljoin(url, href))
    except ValueError:
        return None


def _of_comments(link: FeedLink) -> bool:
    return "comment" in f"{link.url} {link.title}".lower()
