"""What moderators type about subscriptions, read: places, mentions, lists, spans and options. Pure.

UsageErrors say what is taken. The other way round: options as ``alerts edit`` would take them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bot import texts_alert_commands as texts
from bot.alerts import Filters, Handling, Options, ThreadWish
from bot.domain import Place
from bot.errors import UsageError
from bot.rules.words import collapse, tokens

if TYPE_CHECKING:
    from bot.alert_ports import Named

NONE = frozenset(("none", "no", "-", "off", "nobody"))
#: How many words, people or seasons a filter holds, and how long one is.
MOST, LONGEST = 25, 80
#: The longest "all for a while".
LONGEST_SPAN = timedelta(days=31)

_CHANNEL = re.compile(r"<#([A-Za-z0-9]{1,40})(?:\|[^<>]{0,100})?>")
_ADDRESS = re.compile(
    r"https://(?:(?:www|ptb|canary)\.)?discord(?:app)?\.com/channels/(\d{1,20})/(\d{1,20})(?:/\d{1,20})?/?"
)
_PLACE = re.compile(r"([A-Za-z][A-Za-z0-9_-]{0,20})/([^\s/]{1,80})/(\S{1,100})")
_ROLE = re.compile(r"<@&(\d{1,25})>|(\d{1,25})")
_GROUP = re.compile(r"<!subteam\^([A-Z0-9]{1,40})(?:\|[^<>]{0,100})?>|(S[A-Z0-9]{1,40})")
_SEASONS = re.compile(r"(\d{1,4})(?:\s*[-–]\s*(\d{1,4}))?")
_SPAN = re.compile(r"(?:(\d{1,4})d(?:ays?)?)?\s*(?:(\d{1,4})h(?:ours?)?)?\s*(?:(\d{1,5})m(?:in(?:utes?)?)?)?", re.I)


@dataclass(frozen=True, slots=True)
class Asked:
    """The options of one request as they were typed; None = not said. Names are those of the commands' parameters."""

    mention: str | None = None
    thread: ThreadWish | None = None
    tag: str | None = None
    thread_title: str | None = None
    template: str | None = None
    delay: int | None = None
    publish: bool | None = None
    full: Handling | None = None
    bonus: Handling | None = None
    trailer: Handling | None = None
    swap: Handling | None = None
    words: str | None = None
    without: str | None = None
    seasons: str | None = None
    clean: bool | None = None
    shortest: int | None = None
    longest: int | None = None
    people: str | None = None
    age: int | None = None
    cap: int | None = None

    def args(self) -> dict[str, str]:
        """The same as the arguments of a button."""
        said = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: _typed(value) for name, value in said.items() if value is not None}


# --- options ------------------------------------------------------------------------------------------------------


def changed(options: Options, asked: Asked, place: Place) -> Options:
    """The options with what was asked. Raises UsageError for what cannot be."""
    read: dict[str, tuple[str, Callable[[Any], object]]] = {
        "mention": ("mention", lambda words: mention_in(words, place)),
        "thread": ("thread", lambda wish: wish),
        "tag": ("tag", lambda words: _line(words)),
        "thread_title": ("thread_title", lambda words: template_in(words)),
        "template": ("template", lambda words: template_in(words)),
        "delay": ("delay_min", int),
        "publish": ("publish", bool),
        "full": ("full", lambda handling: handling),
        "bonus": ("bonus", lambda handling: handling),
        "trailer": ("trailer", lambda handling: handling),
        "swap": ("swap", lambda handling: handling),
        "age": ("age_days", int),
        "cap": ("burst_cap", int),
    }
    said: dict[str, Any] = {"filters": _filters(options.filters, asked)}
    for name, (option, reader) in read.items():
        value = getattr(asked, name)
        if value is not None:
            said[option] = reader(value)
    fresh = replace(options, **said)
    if fresh.delay_min >= fresh.age_days * 24 * 60:
        raise UsageError(texts.DELAY_BEYOND_AGE)
    return fresh


def _filters(before: Filters, asked: Asked) -> Filters:
    said: dict[str, Any] = {}
    for option, words in (("with_words", asked.words), ("without_words", asked.without), ("people", asked.people)):
        if words is not None:
            said[option] = list_in(words)
    if asked.seasons is not None:
        said["seasons"] = seasons_in(asked.seasons)
    if asked.clean is not None:
        said["clean_only"] = asked.clean
    for option, minutes in (("shortest_min", asked.shortest), ("longest_min", asked.longest)):
        if minutes is not None:
            said[option] = minutes or None
    fresh = replace(before, **said)
    if fresh.shortest_min and fresh.longest_min and fresh.shortest_min > fresh.longest_min:
        raise UsageError(texts.LENGTHS_CROSSED)
    return fresh


def shown(options: Options) -> dict[str, str]:
    """Every option under its name in ``alerts edit``, as it would be typed there."""
    filters = options.filters
    return {
        "mention": options.mention or "none",
        "thread": options.thread,
        "tag": options.tag or "none",
        "thread_title": options.thread_title or "none",
        "template": options.template or "none",
        "delay": str(options.delay_min),
        "publish": _typed(options.publish),
        "full": options.full,
        "bonus": options.bonus,
        "trailer": options.trailer,
        "swap": options.swap,
        "words": ", ".join(filters.with_words) or "none",
        "without": ", ".join(filters.without_words) or "none",
        "seasons": ", ".join(map(str, filters.seasons)) or "none",
        "clean": _typed(filters.clean_only),
        "shortest": str(filters.shortest_min or 0),
        "longest": str(filters.longest_min or 0),
        "people": ", ".join(filters.people) or "none",
        "age": str(options.age_days),
        "cap": str(options.burst_cap),
    }


def differences(before: Options, after: Options) -> list[tuple[str, str, str]]:
    """What changed: the option, what it was, what it is; pausing included."""
    was, now = _with_pause(before), _with_pause(after)
    return [(name, was[name], value) for name, value in now.items() if was[name] != value]


def _with_pause(options: Options) -> dict[str, str]:
    return shown(options) | {"paused": options.paused or "no"}


def _typed(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


# --- values -------------------------------------------------------------------------------------------------------


def place_in(words: str | None, here: Place) -> Place:
    """``here``, ``<#123>`` (a channel of this workspace), ``platform/workspace/channel`` or a channel's address."""
    bare = (words or "here").strip()
    if bare.casefold() == "here":
        return here
    mention = _CHANNEL.fullmatch(bare)
    if mention:
        return Place(here.platform, here.workspace, mention[1])
    found = place_at(bare)
    if found is None:
        raise UsageError(texts.BAD_PLACE)
    return found


def is_place(word: str) -> bool:
    """Whether this can only be meant as a place."""
    if word.casefold() == "here" or (word.startswith("#") and len(word) > 1):
        return True
    return bool(_CHANNEL.fullmatch(word) or _PLACE.fullmatch(word) or _ADDRESS.fullmatch(word))


def place_at(text: str) -> Place | None:
    """The place that ``str(place)`` wrote, or that an address of Discord's leads to."""
    if address := _ADDRESS.fullmatch(text):
        return Place("discord", address[1], address[2])
    match = _PLACE.fullmatch(text)
    return Place(match[1].lower(), match[2], match[3]) if match else None


def mention_in(words: str, place: Place) -> str:
    """The exact id of a role or user group; "" for none. Never everyone: on Discord that role has the server's id."""
    bare = words.strip()
    if bare.casefold() in NONE:
        return ""
    kinds = {"discord": (_ROLE,), "slack": (_GROUP,)}.get(place.platform, (_ROLE, _GROUP))
    for kind in kinds:
        match = kind.fullmatch(bare)
        if match and (match[1] or match[2]) != place.workspace:
            return match[1] or match[2]
    raise UsageError(texts.BAD_MENTION)


def labels(named: Sequence[Named]) -> dict[str, str]:
    """What each channel or role is called, and its id: ``#news``, where several have that name ``#news (Podcasts)``,
    where that does not tell them apart either nothing but the id as it is typed."""
    names = Counter(one.name.casefold() for one in named)
    longer = Counter(_with_about(one).casefold() for one in named)
    found: dict[str, str] = {}
    for one in named:
        alone = names[one.name.casefold()] == 1
        label = one.name if alone else _with_about(one)
        typed = f"<#{one.id}>" if one.name.startswith("#") else f"<@&{one.id}>"
        found[label if alone or longer[label.casefold()] == 1 else typed] = one.id
    return found


def named_in(words: str, named: Sequence[Named]) -> list[Named]:
    """Those that are meant by a name, with or without its ``#`` or ``@``, in any case; as ``labels`` writes it, one."""
    bare = words.strip().casefold()
    found = [one for one in named if one.name.casefold() == bare or one.name[1:].casefold() == bare]
    return found or [one for one in named if _with_about(one).casefold() == bare]


def _with_about(one: Named) -> str:
    return f"{one.name} ({one.about})" if one.about else one.name


def template_in(words: str) -> str:
    """A template that ``bot.rules.templates`` takes; "" for none."""
    if words.strip().casefold() in NONE:
        return ""
    from bot.rules.templates import check

    return check(words)


def list_in(words: str) -> tuple[str, ...]:
    """Words or names between commas, each once."""
    if words.strip().casefold() in NONE:
        return ()
    found = {collapse(one).casefold(): collapse(one) for one in words.split(",") if tokens(one)}
    if not found or len(found) > MOST or any(len(one) > LONGEST for one in found):
        raise UsageError(texts.bad_list(MOST, LONGEST))
    return tuple(found.values())


def seasons_in(words: str) -> tuple[int, ...]:
    """``2, 4-6`` -> (2, 4, 5, 6)."""
    if words.strip().casefold() in NONE:
        return ()
    found: set[int] = set()
    for part in words.split(","):
        match = _SEASONS.fullmatch(part.strip())
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
        if not first <= last < first + MOST:
            raise UsageError(texts.BAD_SEASONS)
        found.update(range(first, last + 1))
    if len(found) > MOST:
        raise UsageError(texts.BAD_SEASONS)
    return tuple(sorted(found))


def span_in(words: str) -> timedelta:
    """``3h``, ``2d``, ``45m``, ``1h 30m``: at most 31 days."""
    match = _SPAN.fullmatch(re.sub(r"(?<=\d)\s+(?=[a-z])", "", words.strip(), flags=re.I))
    days, hours, minutes = (int(part or 0) for part in match.groups()) if match else (0, 0, 0)
    span = timedelta(days=days, hours=hours, minutes=minutes)
    if not timedelta() < span <= LONGEST_SPAN:
        raise UsageError(texts.BAD_SPAN)
    return span


def _line(words: str) -> str:
    bare = collapse(words)
    return "" if bare.casefold() in NONE else bare[:100]
