"""The head of a feed (all that stands in no item) to what it says of the show as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from bot.feeds import Feed
from bot.formats import feed_values as values
from bot.formats import podcast_ns
from bot.formats.feed_elements import Element, Fields, based, language_of
from bot.formats.feed_item import texts
from bot.formats.feed_names import Names
from bot.formats.feed_people import author, categories, image
from bot.formats.problems import Problems

_ROOTS = ("rss", "rdf:rdf", "rdf", "feed", "channel")
_OWNERS = ("itunes:owner", "googleplay:owner", "managingeditor", "webmaster", "dc:publisher")
_TYPES: dict[str, Literal["episodic", "serial"]] = {"episodic": "episodic", "serial": "serial"}
#: Minutes that a feed may ask to be left alone: 30 days.
_LONGEST_TTL = 43_200.0


def head(wrapper: Element | None, names: Names, url: str) -> Fields | None:
    """The element that describes the show: the channel of RSS, the root of Atom; None when neither is there."""
    root = next((child for child in wrapper if names[child.tag] in _ROOTS), None) if wrapper is not None else None
    if root is None:
        return None
    base = based(root, url)
    fields = Fields(root, names, url)
    channels = fields.all("channel", most=1)
    if not channels:
        return fields
    inner = Fields(channels[0], names, base)
    for name in ("image", "textinput"):  # RSS 1.0 has them beside its channel
        for element in fields.all(name, most=1):
            inner.found.setdefault(name, []).append(element)
    if not language_of(channels[0]) and language_of(root):
        inner.found.setdefault("language", fields.all("language"))
    return inner


def feed(fields: Fields) -> Feed:
    """Everything but items; what is no usable address is left out without a word."""
    base, most = fields.base, podcast_ns.MOST
    page, links = _links(fields)
    summary = texts(fields).summary
    return Feed(
        title=values.line(fields.one("title", "itunes:title", "dc:title", "media:title")),
        subtitle=values.line(fields.one("itunes:subtitle", "subtitle", "tagline")),
        link=page,
        author=author(fields),
        summary=summary,
        language=values.language(fields.one("language", "dc:language") or language_of(fields.element)),
        image=image(fields),
        owner=_owner(fields),
        copyright=values.line(fields.one("copyright", "rights", "dc:rights", "media:copyright")),
        guid=values.name(fields.one("podcast:guid", "id")),
        kind=_TYPES.get(fields.one("itunes:type").strip().lower(), ""),
        explicit=values.flag(fields.one("itunes:explicit", "googleplay:explicit")),
        blocked=values.blocked(fields.one("itunes:block", "googleplay:block")),
        complete=values.flag(fields.one("itunes:complete")) is True or "fh:complete" in fields.found,
        locked=values.flag(fields.one("podcast:locked")) is True,
        medium=values.line(fields.one("podcast:medium"), 50).lower(),
        keywords=values.words(fields.one("itunes:keywords", "media:keywords")),
        categories=categories(fields),
        credits=podcast_ns.credits(fields.all("podcast:person", most=most), base, Problems()),
        funding=podcast_ns.funding(fields.all("podcast:funding", most=most), base),
        txt=podcast_ns.txt(fields.all("podcast:txt", most=most)),
        update_frequency=podcast_ns.update_frequency(fields.all("podcast:updatefrequency", most=most)),
        new_url=values.feed_address(fields.one("itunes:new-feed-url"), base),
        self_url=links.get("self"),
        hub_url=links.get("hub"),
        next_url=links.get("next") or links.get("prev-archive"),
        ttl_s=_ttl(fields.one("ttl")),
    )


def _links(fields: Fields) -> tuple[str | None, dict[str, str]]:
    """The show's page, and the first link of each other relation."""
    texts: list[str] = []
    links: dict[str, str] = {}
    for relation, target in _targets(fields):
        if relation == "text" and (url := values.address(target, fields.base)):
            texts.append(url)
        elif relation != "text" and (url := values.feed_address(target, fields.base)):
            links.setdefault(relation, url)
    page = links.get("alternate")
    return (texts[0] if texts else page and values.address(page, "")), links


def _targets(fields: Fields) -> Iterator[tuple[str, str | None]]:
    for element in fields.all("link", most=200):
        target = element.get("href")
        if target is None:
            yield "text", element.text
        else:
            yield (element.get("rel") or "alternate").strip().lower(), target


def _owner(fields: Fields) -> str:
    """A name; mail addresses stay where they are."""
    return author(fields, *_OWNERS)


def _ttl(text: str) -> float | None:
    """Seconds; feeds give minutes."""
    minutes = values.real(text.strip())
    return min(minutes, _LONGEST_TTL) * 60 if minutes is not None and minutes > 0 else None
