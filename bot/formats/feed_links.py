"""Addresses of an item: its page, its media, its chapters elsewhere. Links of RSS (text) and Atom (``rel``) alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.feeds import ChaptersLink, Enclosure
from bot.formats import feed_values as values
from bot.formats import podcast_ns
from bot.formats.feed_elements import Fields, attribute
from bot.formats.problems import Problems

_PSC = "podlove.org/simple-chapters"
_MEDIA = ("audio/", "video/")
_LINKS = frozenset(("link", "xhtml:link", "feedburner:origlink"))
_MOST = 100
_EMPTY = "an enclosure without an address was skipped"


@dataclass(slots=True)
class Links:
    """``page`` may be None; ``media`` are Atom's enclosures, ``chapters`` point to chapters elsewhere."""

    page: str | None = None
    media: list[Enclosure] = field(default_factory=list)
    chapters: list[ChaptersLink] = field(default_factory=list)


def links(fields: Fields, problems: Problems) -> Links:
    found, pages, base = Links(), [], fields.base
    if not fields.any(_LINKS):
        return found
    for element in fields.all("link", "xhtml:link", most=_MOST):
        target = element.get("href")
        if target is None:
            pages.append((0, values.address(element.text, base, problems)))
            continue
        rel, kind = (element.get("rel") or "alternate").strip().lower(), (element.get("type") or "").strip().lower()
        if rel == "enclosure":
            if target and not target.isspace():
                found.media += _enclosure(target, kind, element.get("length"), base, problems)
            else:
                problems.add(_EMPTY)
        elif rel.endswith(_PSC):
            if url := values.address(target, base, problems):
                found.chapters.append(ChaptersLink(url, values.word(kind)))
        elif rel == "alternate":
            html = not kind or "html" in kind
            pages.append((1 if html else 2, values.address(target, base, problems)))
    if original := values.address(fields.one("feedburner:origlink"), base):
        pages.append((-1, original))
    found.page = next((url for _, url in sorted(((n, url) for n, url in pages if url), key=lambda one: one[0])), None)
    return found


def _enclosure(url: str | None, kind: str | None, length: str | None, base: str, problems: Problems) -> list[Enclosure]:
    found = values.address(url, base, problems, secret=True)
    return [Enclosure(found, values.word(kind), values.length(length))] if found else []


def media(
    fields: Fields, from_links: list[Enclosure], problems: Problems
) -> tuple[tuple[Enclosure, ...], tuple[Enclosure, ...]]:
    """(enclosures, further media). Yahoo's ``media:content`` is further media, unless there is nothing else."""
    own: list[Enclosure] = []
    for element in fields.all("enclosure", most=_MOST):
        url = attribute(element, "url", "href") or element.text
        if url and not url.isspace():
            own += _enclosure(url, element.get("type"), element.get("length"), fields.base, problems)
        else:
            problems.add(_EMPTY)
    own += from_links
    further = list(_media_content(fields, problems)) if "media:content" in fields.found else []
    if not own and further:
        own, further = further[:1], further[1:]
    if further:
        urls = {one.url for one in own}
        further = [one for one in further if one.url not in urls]
    return _once(own), _once(further)


def _once(found: list[Enclosure]) -> tuple[Enclosure, ...]:
    return tuple(found) if len(found) < 2 else tuple(dict.fromkeys(found))


def _media_content(fields: Fields, problems: Problems) -> Iterator[Enclosure]:
    for element in fields.all("media:content", most=_MOST):
        kind = (element.get("type") or "").strip().lower()
        if kind.startswith(_MEDIA) or (not kind and element.get("medium") in ("audio", "video")):
            yield from _enclosure(element.get("url"), kind, element.get("fileSize"), fields.base, problems)


def chapters_links(fields: Fields, from_links: list[ChaptersLink], problems: Problems) -> tuple[ChaptersLink, ...]:
    if "podcast:chapters" not in fields.found:
        return tuple(from_links)
    found = podcast_ns.chapters_links(fields.all("podcast:chapters", most=_MOST), fields.base, problems)
    return (*found, *from_links)
