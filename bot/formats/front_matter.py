"""The ``---`` block on top of a Markdown file: simple ``key: value`` lines, as sites write them; never full YAML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypedDict

from bot.domain import Edition, EditionKind, Made
from bot.formats.problems import Problems, shown
from bot.formats.times import seconds

_LINE = re.compile(r"([A-Za-z][\w .-]{0,40}?)\s*:(?:\s+(.*))?$")
_NUMBER = re.compile(r"\D{0,3}(\d{1,6})")
_AUDIO = re.compile(r"\.(?:mp3|m4a|m4b|aac|ogg|oga|opus|wav|flac)(?:[?#]|$)", re.IGNORECASE)


class Parts(TypedDict, total=False):
    """The fields of ``Parsed`` that front matter can fill."""

    title: str | None
    author: str | None
    number: int | None
    guid: str | None
    published: datetime | None
    duration_s: float | None
    people: tuple[str, ...]
    editions: tuple[Edition, ...]
    language: str | None
    made: Made


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What a file says of itself before its text begins. ``lines`` is how many lines it takes."""

    lines: int = 0
    title: str | None = None
    author: str | None = None
    number: int | None = None
    guid: str | None = None
    published: datetime | None = None
    duration_s: float | None = None
    people: tuple[str, ...] = ()
    editions: tuple[Edition, ...] = field(default=())
    language: str | None = None
    made: Made = "publisher"
    summary: str = ""

    def parts(self) -> Parts:
        """As keyword arguments of ``Parsed``."""
        return Parts(
            title=self.title,
            author=self.author,
            number=self.number,
            guid=self.guid,
            published=self.published,
            duration_s=self.duration_s,
            people=self.people,
            editions=self.editions,
            language=self.language,
            made=self.made,
        )


def read(text: str, problems: Problems) -> tuple[FrontMatter, str]:
    """The front matter and the text after it; an empty one when the text does not begin with a closed block."""
    if not text.startswith("---\n"):
        return FrontMatter(), text
    end = text.find("\n---", 3, 65_536)
    closing = text.find("\n", end + 1) if end >= 0 else -1
    if end < 0 or text[end + 4 : closing if closing >= 0 else None].strip("- \t"):
        return FrontMatter(), text
    block = text[4 : end + 1]
    rest = text[closing + 1 :] if closing >= 0 else ""
    return _meaning(_pairs(block), block.count("\n") + 2, problems), rest


def _pairs(block: str) -> dict[str, list[str]]:
    """Keys in lower case with one value, or with the items of the list below them."""
    pairs: dict[str, list[str]] = {}
    values: list[str] = []
    for line in block.split("\n"):
        if line.lstrip().startswith("- "):
            values.append(_unquoted(line.lstrip()[2:]))
        elif match := _LINE.match(line):
            values = pairs.setdefault(match[1].strip().lower().replace("-", "_"), [])
            values.extend(_listed(match[2] or ""))
    return pairs


def _listed(value: str) -> list[str]:
    value = value.strip()
    if value.startswith("[") and value.endswith("]"):
        return [_unquoted(item) for item in value[1:-1].split(",") if item.strip()]
    return [_unquoted(value)] if value and value not in ("|", ">", "null", "~") else []


def _unquoted(value: str) -> str:
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        value = value[1:-1].replace('\\"', '"').replace("''", "'")
    return " ".join(value.split())


def _meaning(pairs: Mapping[str, list[str]], lines: int, problems: Problems) -> FrontMatter:
    def one(*keys: str) -> str | None:
        return next((pairs[key][0] for key in keys if pairs.get(key)), None)

    hosts = [name for key in ("author", "host", "hosts", "authors") for name in pairs.get(key, ())]
    guests = [name for key in ("guest", "guests", "speakers", "people") for name in pairs.get(key, ())]
    number = _NUMBER.match(one("number", "episode", "episode_number") or "")
    return FrontMatter(
        lines=lines,
        title=one("title", "name"),
        author=hosts[0] if hosts else None,
        number=int(number[1]) if number else None,
        guid=one("guid"),
        published=_date(one("date", "published", "publish_date", "pubdate", "published_at"), problems),
        duration_s=_duration(one("duration", "length"), problems),
        people=tuple(dict.fromkeys((*hosts, *guests))),
        editions=_editions(pairs),
        language=language(one("language", "lang")),
        made=made(one("transcript", "transcript_source", "transcribed_by", "generator", "made")),
        summary=one("description", "summary", "excerpt") or "",
    )


def language(value: object) -> str | None:
    """A language tag in its own words ("en", "de-AT"), or None for what is no tag."""
    text = value.strip() if isinstance(value, str) else ""
    return text if re.fullmatch(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}", text) else None


_MACHINE = re.compile(
    r"\b(?:machine|automatic(?:ally)?|auto[- ]?(?:generated|captions?)|ai[- ]generated|speech[- ]to[- ]text"
    r"|confidence|whisper|asr|deepgram|assembly ?ai|otter)\b",
    re.IGNORECASE,
)


def made(value: str | None) -> Made:
    """How a transcript came to be, from what a source says of it in words."""
    return "machine" if value and _MACHINE.search(value[:2000]) else "publisher"


def _duration(value: str | None, problems: Problems) -> float | None:
    if value is None:
        return None
    found = seconds(value)
    if found is None:
        problems.add(f"the duration “{shown(value)}” was not understood")
    return found or None


def _date(value: str | None, problems: Problems) -> datetime | None:
    if value is None:
        return None
    found = date(value)
    if found is None:
        problems.add(f"the date “{shown(value)}” was not understood")
    return found


def date(value: str) -> datetime | None:
    """Aware UTC of milliseconds or seconds since 1970, or of an ISO 8601 date; None for anything else."""
    try:
        if value.isascii() and value.isdigit() and len(value) in (9, 10, 12, 13):
            return datetime.fromtimestamp(int(value) / (1000 if len(value) > 10 else 1), UTC)
        found = datetime.fromisoformat(value)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _editions(pairs: Mapping[str, list[str]]) -> tuple[Edition, ...]:
    found: dict[str, Edition] = {}
    keys = ("url", "link", "page_url", "audio", "audio_url", "mp3", "youtube_url", "youtube", "spotify_url", "spotify")
    for key in keys:
        for address in pairs.get(key, ()):
            if edition := edition_of(address, audio=key in ("audio", "audio_url", "mp3")):
                found.setdefault(address, edition)
    return tuple(found.values())


def edition_of(address: str, *, audio: bool = False) -> Edition | None:
    """The outlet behind an address, by its host and ending; None for what is no http address."""
    if (
        not re.match(r"https?://[^\s/]", address, re.IGNORECASE)
        or len(address) > 2000
        or re.search(r"[\s<>\"]", address)
    ):
        return None
    return Edition(_kind(address, audio), address)


def _kind(address: str, audio: bool) -> EditionKind:
    host = address.split("/")[2].lower()
    if host.endswith(("youtube.com", "youtu.be")):
        return "youtube"
    if host.endswith("spotify.com"):
        return "spotify"
    return "audio" if audio or _AUDIO.search(address) else "page"
