"""The podcast namespace (https://podcasting2.org/podcast-namespace/tags/) to values, with all repeats.

Each function takes the elements of one tag; what is wrong in one of them drops that one alone.
"""

from __future__ import annotations

from collections.abc import Iterable

from bot.feeds import (
    ChaptersLink,
    Credit,
    Enclosure,
    Funding,
    Soundbite,
    TranscriptLink,
    Txt,
    UpdateFrequency,
)
from bot.formats import feed_values as values
from bot.formats.feed_dates import date
from bot.formats.feed_elements import Element, Fields, attribute, text_of
from bot.formats.problems import Problems

#: Repeats of one tag in one item; no publisher has as many.
MOST = 200
_LONGEST_TXT = 4_000


def transcripts(elements: Iterable[Element], base: str, problems: Problems) -> tuple[TranscriptLink, ...]:
    found: list[TranscriptLink] = []
    for element in elements:
        if url := values.address(attribute(element, "url", "href"), base, problems):
            rel = values.word(element.get("rel"))
            kind = values.word(element.get("type"))
            found.append(TranscriptLink(url, kind, values.language(element.get("language")), rel))
    return tuple(dict.fromkeys(found))


def chapters_links(elements: Iterable[Element], base: str, problems: Problems) -> tuple[ChaptersLink, ...]:
    found = [
        ChaptersLink(url, values.word(element.get("type")))
        for element in elements
        if (url := values.address(attribute(element, "url", "href"), base, problems))
    ]
    return tuple(dict.fromkeys(found))


def credits(elements: Iterable[Element], base: str, problems: Problems) -> tuple[Credit, ...]:
    """People by name; a role or group that is not given is the specification's own default."""
    found: list[Credit] = []
    for element in elements:
        if person := values.line(text_of(element), 200):
            role = values.word(element.get("role")) or "host"
            group = values.word(element.get("group")) or "cast"
            url, image = (values.address(element.get(key), base) for key in ("href", "img"))
            found.append(Credit(person, role, group, url, image))
        else:
            problems.add("a person without a name was skipped")
    return tuple(found)


def soundbites(elements: Iterable[Element], problems: Problems) -> tuple[Soundbite, ...]:
    found: list[Soundbite] = []
    for element in elements:
        start, length = (values.moment(attribute(element, key, key.lower())) for key in ("startTime", "duration"))
        if start is None or not length:
            problems.add("a soundbite without usable times was skipped")
        else:
            found.append(Soundbite(start, length, values.line(text_of(element), 500)))
    return tuple(dict.fromkeys(found))


def alternates(elements: Iterable[Element], fields: Fields) -> tuple[Enclosure, ...]:
    """Every http source of every alternate; other ways to fetch one (IPFS, torrents) are not ours."""
    found: list[Enclosure] = []
    for element in elements:
        inner = fields.within(element)
        kind, length = values.word(element.get("type")), values.length(element.get("length"))
        for source in inner.all("podcast:source", most=20):
            if url := values.address(attribute(source, "uri", "url"), inner.base, secret=True):
                own = values.word(source.get("contentType"))
                found.append(Enclosure(url, own or kind, length))
    return tuple(dict.fromkeys(found))[:MOST]


def funding(elements: Iterable[Element], base: str) -> tuple[Funding, ...]:
    found = [
        Funding(url, values.line(text_of(element), 500))
        for element in elements
        if (url := values.address(attribute(element, "url", "href"), base))
    ]
    return tuple(dict.fromkeys(found))


def txt(elements: Iterable[Element]) -> tuple[Txt, ...]:
    found = [
        Txt(text, values.line(element.get("purpose"), 200))
        for element in elements
        if (text := values.line(text_of(element), _LONGEST_TXT))
    ]
    return tuple(dict.fromkeys(found))


def update_frequency(elements: Iterable[Element]) -> UpdateFrequency | None:
    for element in elements:
        rrule = values.line(element.get("rrule"), 500)
        text, complete = values.line(text_of(element), 200), values.flag(element.get("complete")) is True
        if rrule or text or complete:
            return UpdateFrequency(text, rrule, complete, date(element.get("dtstart") or ""))
    return None


def images(elements: Iterable[Element], base: str) -> Iterable[str]:
    """Addresses of ``podcast:image``, and of the largest of an older ``podcast:images`` (a ``srcset``)."""
    for element in elements:
        sources = attribute(element, "href", "srcset").split(",")
        for source in sources[:1]:
            if url := values.address(source.split()[0] if source.split() else "", base):
                yield url
