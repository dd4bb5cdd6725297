"""What an element of a feed, item or channel, says in the same tags: authors, pictures, categories."""

from __future__ import annotations

import re

from bot.formats import feed_values as values
from bot.formats import podcast_ns
from bot.formats.feed_elements import Element, Fields, attribute, text_of

_MOST = 100
_AUTHORS = ("itunes:author", "author", "dc:creator", "googleplay:author", "dc:author", "media:credit")
_CATEGORY_TAGS = ("itunes:category", "category", "googleplay:category", "media:category", "dc:subject")
_CATEGORIES = frozenset(_CATEGORY_TAGS)
_IMAGES = frozenset((
    "itunes:image", "googleplay:image", "podcast:image", "podcast:images", "image", "itunes:link", "logo", "icon",
    "media:thumbnail", "media:content",
))  # fmt: skip
#: ``mail@example.org (Name)``, as RSS has it.
_BRACKETED = re.compile(r"[^\s@<>()]{1,100}@[^\s@<>()]{1,200}\s*\(([^()]{1,200})\)")
_MAIL = re.compile(r"[<(\[]?\s*[^\s@<>()]{1,100}@[^\s@<>()]{1,200}\.[^\s@<>()]{1,60}\s*[>)\]]?")


def author(fields: Fields, *names: str) -> str:
    """The names of who made it; mail addresses are no names."""
    for tag in names or _AUTHORS:
        if tag not in fields.found:
            continue
        people = [person(fields, element) for element in fields.all(tag, most=20)]
        if told := ", ".join(dict.fromkeys(filter(None, people))):
            return values.line(told)
    return ""


def person(fields: Fields, element: Element) -> str:
    """The name in an element: its ``name`` child (Atom, iTunes), else its text."""
    text = fields.within(element).one("name", "itunes:name") if len(element) else element.text or ""
    return unmailed(text or ("" if len(element) else text_of(element)))


def unmailed(text: str) -> str:
    text = values.line(text, 300)
    if "@" not in text:
        return text
    match = _BRACKETED.fullmatch(text)
    return match[1].strip() if match else " ".join(_MAIL.sub(" ", text).split())


def image(fields: Fields) -> str | None:
    """The picture: Apple's before others', the largest where a size is told by order."""
    if not fields.any(_IMAGES):
        return None
    for name in ("itunes:image", "googleplay:image"):
        for element in fields.all(name, most=5):
            if url := values.address(attribute(element, "href", "url") or element.text, fields.base):
                return url
    found = podcast_ns.images(fields.all("podcast:image", "podcast:images", most=10), fields.base)
    return next(iter(found), None) or _plain_image(fields) or _media_image(fields)


def _plain_image(fields: Fields) -> str | None:
    for element in fields.all("image", most=5):
        inner = fields.within(element)
        if url := values.address(inner.one("url") or attribute(element, "href", "url") or element.text, inner.base):
            return url
    for element in fields.all("itunes:link", most=5):
        if element.get("rel") == "image" and (url := values.address(element.get("href"), fields.base)):
            return url
    return values.address(fields.one("logo"), fields.base)


def _media_image(fields: Fields) -> str | None:
    for element in fields.all("media:thumbnail", most=5):
        if url := values.address(element.get("url") or element.text, fields.base):
            return url
    for element in fields.all("media:content", most=50):
        if element.get("medium") == "image" or (element.get("type") or "").startswith("image/"):
            return values.address(element.get("url"), fields.base)
    return values.address(fields.one("icon"), fields.base)


def categories(fields: Fields) -> tuple[str, ...]:
    found: list[str] = []
    if not fields.any(_CATEGORIES):
        return ()
    for tag in _CATEGORY_TAGS:
        for element in fields.all(tag, most=_MOST):
            found.append(_category(element))
            if len(element):
                found += [_category(inner) for inner in fields.within(element).all("itunes:category", most=_MOST)]
    return tuple(dict.fromkeys(filter(None, found)))[:_MOST]


def _category(element: Element) -> str:
    return values.line(attribute(element, "text", "label", "term") or element.text, 100)
