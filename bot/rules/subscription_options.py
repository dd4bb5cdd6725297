"""A subscription's options as JSON and back. What cannot be read becomes the default of that option, never an error."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from datetime import UTC, datetime
from typing import Any, get_args

from bot.alerts import Filters, Handling, Options, ThreadWish
from bot.rules.words import collapse

#: The least and the most of each number that is no switch.
BOUNDS: Mapping[str, tuple[int, int]] = {"age_days": (1, 90), "burst_cap": (0, 25), "delay_min": (0, 10080)}
#: The most characters of each text (both templates: ``bot.rules.templates``).
LENGTHS: Mapping[str, int] = {"template": 1000, "thread_title": 1000, "mention": 64, "tag": 100}
#: Words, seasons or people in one filter; characters of one of them; the highest season; minutes (a week).
MOST, WORD, SEASON, MINUTES = 50, 100, 100_000, 10080

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WHY = 500
#: Stands for the reason of a pause that was stored without one, or with one that cannot be read.
_UNSAID = "paused"


def write(options: Options) -> str:
    """The same options always give the same text; what is as by default is left out."""
    default = asdict(Options(options.since))
    said = {name: _plain(value) for name, value in asdict(options).items() if name == "since" or value != default[name]}
    return _encodable(json.dumps(said, sort_keys=True, ensure_ascii=False))


def read(text: str) -> Options:
    """What ``write`` wrote, by this or another version.

    Nothing is sent by mistake: a pause whose reason is damaged stays one.
    """
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        said = {}
    said = said if isinstance(said, dict) else {}
    options = Options(_time(said.get("since")) or _EPOCH)
    known = {one.name for one in fields(Options)} - {"since"}
    values = {name: _value(name, said[name], getattr(options, name)) for name in known & said.keys()}
    return _settled(replace(options, **values))


def _settled(options: Options) -> Options:
    """Who paused it and since when go with the pause; without a word on who, it was a moderator."""
    if options.paused:
        return replace(options, paused_by=options.paused_by or "moderator")
    return replace(options, paused_by="", paused_at=None)


def _plain(value: object) -> object:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value


def _value(name: str, said: object, default: object) -> Any:
    """``said`` if this option can have it, else its default."""
    if name == "filters":
        return _filters(said) if isinstance(said, Mapping) else default
    if name == "paused_at":
        return _time(said)
    if name == "paused":
        return _why(said)
    if name in _CHOICES:
        return said if isinstance(said, str) and said in _CHOICES[name] else default
    if name in BOUNDS:
        return said if _whole(said, *BOUNDS[name]) is not None else default
    if name in LENGTHS:
        return said if isinstance(said, str) and _storable(said, LENGTHS[name]) else default
    return said if type(said) is type(default) else default


_CHOICES: Mapping[str, tuple[str, ...]] = dict.fromkeys(("full", "bonus", "trailer", "swap"), get_args(Handling)) | {
    "thread": get_args(ThreadWish),
    "paused_by": ("", "moderator", "bot"),
}


def _filters(said: Mapping[str, object]) -> Filters:
    return Filters(
        with_words=_words(said.get("with_words")),
        without_words=_words(said.get("without_words")),
        seasons=tuple(one for each in _list(said.get("seasons")) if (one := _whole(each, 0, SEASON)) is not None),
        clean_only=said.get("clean_only") is True,
        shortest_min=_whole(said.get("shortest_min"), 0, MINUTES),
        longest_min=_whole(said.get("longest_min"), 0, MINUTES),
        people=_words(said.get("people")),
    )


def _list(said: object) -> list[object]:
    return said[:MOST] if isinstance(said, list) else []


def _words(said: object) -> tuple[str, ...]:
    return tuple(one for one in _list(said) if isinstance(one, str) and one.strip() and _storable(one, WORD))


def _whole(said: object, least: int, most: int) -> int | None:
    """A whole number within bounds; True and 1.0 are none."""
    return said if type(said) is int and least <= said <= most else None


def _why(said: object) -> str:
    """Why it is paused; what is said but cannot be shown still pauses."""
    if not said:
        return ""
    return said if isinstance(said, str) and _storable(said, _WHY) else _shown(said)


def _shown(said: object) -> str:
    text = collapse(_encodable(said)) if isinstance(said, str) else ""
    return text[:_WHY].rstrip() or _UNSAID


def _storable(text: str, most: int) -> bool:
    """Short enough, and without what JSON can spell but no database takes."""
    return len(text) <= most and text == _encodable(text)


def _encodable(text: str) -> str:
    """Without halves of characters."""
    return text.encode("utf-8", "ignore").decode()


def _time(said: object) -> datetime | None:
    """An ISO time; one without a zone is UTC."""
    try:
        found = datetime.fromisoformat(said) if isinstance(said, str) else None
        return found and (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
