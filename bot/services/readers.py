"""What runs in a worker: fetched bytes in, plain values out. No storage, no network; every function can be pickled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain import Chapter, Transcript
from bot.errors import UnknownFormat

if TYPE_CHECKING:
    from bot.feeds import Feed
    from bot.formats.audio_tags import Needs
    from bot.formats.web_page import FeedLink

#: For how long each kind may take, in seconds; a legitimate one needs a tenth of it.
FEED_S, TRANSCRIPT_S, CHAPTERS_S, AUDIO_S, PAGE_S = 60.0, 30.0, 10.0, 15.0, 10.0


@dataclass(frozen=True, slots=True)
class ReadTranscript:
    """A transcript as lines, or why there is none."""

    transcript: Transcript | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class ReadChapters:
    """Chapters of one source, or why there are none; ``needs`` asks for further parts of an audio file."""

    chapters: tuple[Chapter, ...] = ()
    why: str = ""
    needs: Needs | None = None


@dataclass(frozen=True, slots=True)
class NoFeed:
    """What came instead of a feed: a page with the feeds that it names, or something else."""

    why: str
    page: bool = False
    links: tuple[FeedLink, ...] = ()


def read_feed(data: bytes, url: str, content_type: str) -> Feed | NoFeed:
    """The feed in these bytes."""
    from bot.formats.feed import parse_feed
    from bot.formats.web_page import feed_links, is_web_page

    try:
        return parse_feed(data, url, content_type)
    except UnknownFormat as err:
        page = is_web_page(data)
        return NoFeed(str(err), page, feed_links(data, url) if page else ())


def read_transcript(data: bytes, name: str, language: str, duration_s: float | None) -> ReadTranscript:
    """The lines of a transcript; chapters, error pages and garbage are none. ``language``: unless the file says."""
    from dataclasses import replace

    from bot.formats import parse
    from bot.rules.garble import marked
    from bot.rules.joining import without_monsters
    from bot.rules.lines import transcript_of
    from bot.rules.resource_schedule import fault

    try:
        parsed, monsters = without_monsters(parse(data, name))
    except UnknownFormat as err:
        return ReadTranscript(None, str(err))
    if not parsed.turns:
        return ReadTranscript(None, "it holds chapters, no transcript" if parsed.chapters else "no words are in it")
    made = transcript_of(parsed.turns, duration_s=duration_s, language=parsed.language or language, made=parsed.made)
    made = replace(made, lines=marked(made.lines))
    why = fault(made.lines)
    return ReadTranscript(None, why) if why else ReadTranscript(made, monsters[0].reason if monsters else "")


def read_chapters(data: bytes, name: str) -> ReadChapters:
    """The chapters of a publisher's chapters file."""
    from bot.formats import parse

    try:
        parsed = parse(data, name)
    except UnknownFormat as err:
        return ReadChapters(why=str(err))
    if not parsed.chapters:
        return ReadChapters(why="it holds a transcript, no chapters" if parsed.turns else "no chapters are in it")
    from dataclasses import replace

    return ReadChapters(tuple(replace(one, source="json") for one in parsed.chapters))


def read_audio(parts: Mapping[int, bytes], total: int | None) -> ReadChapters:
    """The chapters in the parts of an audio file that are at hand, or which further parts are needed."""
    from bot.domain import Parsed
    from bot.formats import audio_tags

    try:
        found = audio_tags.read(parts, total)
    except UnknownFormat as err:
        return ReadChapters(why=str(err))
    if not isinstance(found, Parsed):
        return ReadChapters(needs=found)
    return ReadChapters(found.chapters, "" if found.chapters else "the audio has no chapters")


def read_apple(data: bytes) -> str | None:
    """The feed's address in the answer of Apple's look-up (``{"results": [{"feedUrl": …}]}``)."""
    import json

    from bot.rules.links import safe_url

    try:
        results = json.loads(data)["results"]
        url = results[0]["feedUrl"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return None
    return safe_url(url) if isinstance(url, str) else None
