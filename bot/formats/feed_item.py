"""One element of a feed to a ``FeedItem`` or a ``LiveItem``: which tag says what, which one counts when several do."""

from __future__ import annotations

import re
from datetime import datetime
from typing import NamedTuple, TypedDict

from bot.domain import Chapter, EpisodeKind, Highlight
from bot.feeds import (
    Credit,
    Enclosure,
    FeedItem,
    Funding,
    LiveItem,
    LiveState,
    Soundbite,
    TranscriptLink,
    Txt,
)
from bot.formats import feed_notes, podcast_ns
from bot.formats import feed_values as values
from bot.formats.feed_chapters import in_feed
from bot.formats.feed_dates import date
from bot.formats.feed_elements import Fields, attribute, language_of, text_of
from bot.formats.feed_links import chapters_links, links, media
from bot.formats.feed_people import author, categories, image
from bot.formats.problems import Problems, shown
from bot.plain import clean

_KINDS: dict[str, EpisodeKind] = {"full": "full", "trailer": "trailer", "bonus": "bonus"}
_STATES: dict[str, LiveState] = {"pending": "pending", "live": "live", "ended": "ended"}
_NOTES = ("content:encoded", "content", "description", "summary", "itunes:summary", "googleplay:description",
          "media:description", "dc:description", "xhtml:body", "xhtml:div", "tagline")  # fmt: skip
#: Where a plain summary comes from, the best first.
_SUMMARIES = (
    "description", "summary", "itunes:summary", "googleplay:description", "dc:description", "tagline",
    "content:encoded", "content", "media:description", "xhtml:body", "xhtml:div", "itunes:subtitle",
)  # fmt: skip
_TEXTS = frozenset((*_NOTES, *_SUMMARIES))
_DATES = ("pubdate", "published", "issued", "dc:date", "dc:issued", "created", "dc:created", "date")
#: Characters of a summary, and of the notes that are read for it.
_SUMMARY, _SUMMARY_SOURCE = 20_000, 100_000
_VIDEO = re.compile(r"[\w-]{6,20}", re.ASCII)


class Texts(NamedTuple):
    """The longest description as it came, a plain summary from the one that is meant to be short, and what the item
    has besides."""

    notes: str = ""
    summary: str = ""
    others: tuple[str, ...] = ()


class Podcast(TypedDict, total=False):
    """The fields that only the podcast namespace fills."""

    credits: tuple[Credit, ...]
    transcripts: tuple[TranscriptLink, ...]
    soundbites: tuple[Soundbite, ...]
    txt: tuple[Txt, ...]
    alternates: tuple[Enclosure, ...]
    funding: tuple[Funding, ...]
    location: str
    license: str
    season_name: str
    display: str


class Described(TypedDict, total=False):
    """The fields that tags with a prefix of some kind fill."""

    duration_s: float | None
    number: int | None
    season: int | None
    kind: EpisodeKind
    explicit: bool | None
    blocked: bool
    keywords: tuple[str, ...]
    video_id: str | None
    views: int | None


def is_named(item: FeedItem) -> bool:
    """An item is one by its guid, link, enclosure or title; whatever else it says, nothing tells it from others."""
    return bool(item.guid or item.title or item.link or item.enclosures)


def item(fields: Fields) -> FeedItem:
    """Whatever the element says. Whether that is enough to be an episode, ``is_named`` tells."""
    problems = Problems()
    if "media:" in fields.told:
        _ungroup(fields)
    linked = links(fields, problems)
    enclosures, further = media(fields, linked.media, problems)
    told = texts(fields)
    chapters, highlights = _listed(told)
    podcast = _podcast(fields, problems) if "podcast:" in fields.told else Podcast()
    if further:
        podcast["alternates"] = (*further, *podcast.get("alternates", ()))
    guid = values.name(fields.one("guid", "id", "dc:identifier"))
    return FeedItem(
        guid=guid,
        title=values.line(fields.one("title", "itunes:title", "media:title", "dc:title")),
        link=linked.page or _permalink(fields, guid),
        published=_published(fields, problems),
        updated=date(fields.one("updated", "modified", "dc:modified")),
        summary=told.summary,
        notes=told.notes,
        author=author(fields),
        enclosures=enclosures,
        image=image(fields),
        language=values.language(fields.one("language", "dc:language") or language_of(fields.element)),
        chapters_links=chapters_links(fields, linked.chapters, problems),
        chapters=in_feed(fields, problems),
        note_chapters=chapters,
        note_highlights=highlights,
        categories=categories(fields),
        **_described(fields, guid, problems) if ":" in fields.told else Described(),
        **podcast,
        problems=problems.all(),
    )


def _ungroup(fields: Fields) -> None:
    """What Yahoo's groups hold is said of the item."""
    for group in ("media:group", "media:content"):
        for element in fields.all(group, most=100):
            fields.merge(element)


def _described(fields: Fields, guid: str | None, problems: Problems) -> Described:
    return Described(
        duration_s=_duration(fields, problems),
        number=_number(fields),
        season=values.number(fields.one("podcast:season", "itunes:season")),
        kind=_KINDS.get(fields.one("itunes:episodetype").strip().lower(), "full"),
        explicit=values.flag(fields.one("itunes:explicit", "googleplay:explicit", "media:adult")),
        blocked=values.blocked(fields.one("itunes:block", "googleplay:block", "podcast:block")),
        keywords=values.words(fields.one("itunes:keywords", "media:keywords")),
        video_id=_video_id(fields, guid),
        views=_views(fields),
    )


def _podcast(fields: Fields, problems: Problems) -> Podcast:
    """Every tag of the podcast namespace, with all its repeats."""
    base, most = fields.base, podcast_ns.MOST
    episode = fields.all("podcast:episode", most=1)
    season = fields.all("podcast:season", most=1)
    display = values.line(attribute(episode[0], "display") or text_of(episode[0]), 50) if episode else ""
    return Podcast(
        credits=podcast_ns.credits(fields.all("podcast:person", most=most), base, problems),
        transcripts=podcast_ns.transcripts(fields.all("podcast:transcript", most=most), base, problems),
        soundbites=podcast_ns.soundbites(fields.all("podcast:soundbite", most=most), problems),
        txt=podcast_ns.txt(fields.all("podcast:txt", most=most)),
        alternates=podcast_ns.alternates(fields.all("podcast:alternateenclosure", most=most), fields),
        funding=podcast_ns.funding(fields.all("podcast:funding", most=most), base),
        location=values.line(fields.one("podcast:location"), 200),
        license=values.line(fields.one("podcast:license"), 200),
        season_name=values.line(season[0].get("name"), 128) if season else "",
        display="" if display.isdigit() else display,
    )


def texts(fields: Fields) -> Texts:
    if not fields.any(_TEXTS):
        return Texts()
    told = {name: text for name in _NOTES if name in fields.found and (text := _words(fields, name))}
    notes = max(told.values(), key=len, default="")
    source = next((text for name in _SUMMARIES if (text := told.get(name) or fields.one(name))), "")
    summary = feed_notes.plain(source[:_SUMMARY_SOURCE]) if source else ""
    others = tuple({text: None for text in told.values() if text != notes}) if len(told) > 1 else ()
    return Texts(values.tidy(notes), values.tidy(summary)[:_SUMMARY], others)


def _listed(told: Texts) -> tuple[tuple[Chapter, ...], tuple[Highlight, ...]]:
    """The lists of times of the notes, else of another description: hosts put greetings of their own into one of
    them, and the longest need not be the one that has the list."""
    found = feed_notes.read(told.notes)
    for text in told.others:
        if found[0] or found[1]:
            break
        found = feed_notes.read(values.tidy(text))
    return found


def _words(fields: Fields, name: str) -> str:
    """The longest of an element's repeats that holds words at all: Atom's content may be a video."""
    kept = [text_of(one) for one in fields.all(name, most=20) if _is_text(one.get("type"))]
    text = max(kept, key=len, default="")
    return "" if text.isspace() else text


def _is_text(kind: str | None) -> bool:
    if not kind or "/" not in kind:
        return True
    return kind.strip().lower().startswith(("text/", "application/xhtml"))


def _permalink(fields: Fields, guid: str | None) -> str | None:
    """A guid that is an address, unless it says that it is none; Atom's ids never are."""
    elements = fields.all("guid", most=1)
    if not guid or not elements or (elements[0].get("isPermaLink") or "true").strip().lower() == "false":
        # RSS 1.0 names an item by its address.
        about = fields.element.get("{urn:rdf}about") or fields.element.get(_ABOUT)
        return values.address(about, fields.base)
    return values.address(guid, "")


_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"


def _published(fields: Fields, problems: Problems) -> datetime | None:
    """The first date that is one; in the order of the names, not of the feed."""
    wrong = ""
    for name in _DATES:
        if name in fields.found and (text := fields.one(name)):
            if found := date(text):
                return found
            wrong = wrong or text
    if wrong:
        problems.add(f"the date “{shown(clean(wrong[:200]))}” was not understood")
    return None


def _duration(fields: Fields, problems: Problems) -> float | None:
    own = values.duration(fields.one("itunes:duration", "googleplay:duration", "duration"), problems)
    if own is not None or "media:content" not in fields.found:
        return own
    lengths = (values.duration(element.get("duration"), problems) for element in fields.all("media:content", most=20))
    return next((length for length in lengths if length), None)


def _number(fields: Fields) -> int | None:
    """Apple's whole number, else the podcast namespace's if it is whole: half episodes have none."""
    own = values.number(fields.one("itunes:episode"))
    return own if own is not None else values.number(fields.one("podcast:episode"))


def _video_id(fields: Fields, guid: str | None) -> str | None:
    text = fields.one("yt:videoid").strip() if "yt:videoid" in fields.found else ""
    if not text and guid and guid.startswith("yt:video:"):
        text = guid.removeprefix("yt:video:")
    return text if _VIDEO.fullmatch(text) else None


def _views(fields: Fields) -> int | None:
    """How often a video was watched (``media:statistics`` in ``media:community``); 0 tells a premiere to come."""
    community = fields.all("media:community", most=1)
    counted = fields.within(community[0]).all("media:statistics", most=1) if community else []
    return values.count(counted[0].get("views")) if counted else None


def live(fields: Fields) -> LiveItem:
    """A live item; one without a known state is still to come."""
    element = fields.element
    state = _STATES.get((element.get("status") or "").strip().lower(), "pending")
    return LiveItem(item(fields), state, date(element.get("start") or ""), date(element.get("end") or ""))
