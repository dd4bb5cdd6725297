"""How names of two things compare, and what follows: one episode, two, or not to be told. Tables of reasons; no search.

No name alone joins: each rule below needs two that agree. Confidence is 0-1.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from rapidfuzz.fuzz import token_sort_ratio

from bot.rules.item_names import file_name

#: Time zones move a date by hours; a day more is another release.
NEAR = timedelta(hours=26)
#: A page and its feed may differ by this much.
RELEASE = timedelta(days=3)
#: Titles that alone say nothing: every season has one.
GENERIC = frozenset((
    "trailer", "teaser", "bonus", "bonus episode", "q a", "qa", "ama", "ask me anything", "introduction", "intro",
    "pilot", "welcome", "update", "announcement", "episode", "preview", "untitled", "live", "finale", "recap",
    "mailbag", "listener questions", "best of", "coming soon",
))  # fmt: skip

Dates = Literal["exact", "near", "apart"] | None
Decision = Literal["join", "held", "maybe", "no"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What two things share: True agrees, False differs, None = one does not say. ``alike`` compares titles, 0-1."""

    guid: bool | None = None
    link: bool | None = None
    audio: bool | None = None
    file: bool = False
    title: bool | None = None
    alike: float = 0.0
    dates: Dates = None
    length: bool | None = None
    number: bool | None = None

    @property
    def dated(self) -> bool:
        return self.dates in ("exact", "near")


@dataclass(frozen=True, slots=True)
class Finding:
    """What the evidence says about one pair, and why."""

    decision: Decision
    reason: str = ""
    confidence: float = 0.0


NO = Finding("no", "nothing agrees")


def dates_of(one: datetime | None, other: datetime | None, near: timedelta = NEAR) -> Dates:
    """How far two dates are apart; None when one is missing."""
    if one is None or other is None:
        return None
    apart = abs(one - other)
    if apart <= timedelta(seconds=1):
        return "exact"
    return "near" if apart <= near else "apart"


def lengths_agree(one: float | None, other: float | None, slack_s: float = 1.0, share: float = 0.0) -> bool | None:
    if not one or not other:
        return None
    return abs(one - other) <= max(slack_s, share * max(one, other))


def alike(one: str, other: str) -> float:
    """How like two titles are, 0-1; never when they hold other numbers ("Episode 1", "Episode 2")."""
    if not one or not other or _digits(one) != _digits(other):
        return 0.0
    return token_sort_ratio(one, other) / 100.0


def _digits(text: str) -> list[str]:
    return sorted(word for word in text.split() if any(letter.isdigit() for letter in word))


def same_file(one: str | None, other: str | None) -> bool:
    name = file_name(one)
    return bool(name) and name == file_name(other)


def weigh_guid(found: Evidence) -> Finding:
    """One guid on both, which nothing else has. Something else must agree, or too little speak against it."""
    if found.audio or found.title or found.dates == "exact" or found.length:
        return Finding("join", "same guid", 1.0)
    against = [found.audio is False, found.title is False, found.dates is not None, found.length is False]
    against.append(found.link is False)
    near = found.dates == "near" or found.alike >= 0.5 or found.link
    if sum(against) <= (2 + (found.link is True) if near else 1):
        return Finding("join", "same guid", 0.95)
    if found.title is False and found.dates is not None and found.audio is not None:
        return Finding("no", "its guid was used before; title, date and audio are others", 0.75)
    return Finding("held", "its guid is known, but title and audio are others and no date tells", 0.5)


def weigh(found: Evidence, mass: bool = False) -> Finding:
    """An item and a remembered one that this feed no longer shows under its own names. ``mass``: many items of this
    poll have moved in the same way, as when a show changes its host."""
    if found.audio:
        return _by_audio(found)
    if found.title:
        return _by_title(found, mass)
    if found.link:
        return _by_link(found)
    if found.guid and (found.dates == "exact" or found.length):
        return Finding("join", "same guid and date or duration", 0.85)
    if found.dates == "exact":
        return _by_date(found)
    return NO


def _by_audio(found: Evidence) -> Finding:
    if found.title:
        return Finding("join", "same audio address and title", 0.97)
    if found.dated:
        return Finding("join", "same audio address and date", 0.95)
    if found.link or found.guid:
        return Finding("join", "same audio address and " + ("link" if found.link else "guid"), 0.9)
    if found.dates is None and found.alike >= 0.5:
        return Finding("join", "same audio address, much the same title", 0.75)
    if found.dates is None and found.length is not False:
        return Finding("held", "it has the same audio address, but another title and no date", 0.5)
    return Finding("maybe", "it has the same audio address, but another title and date: a repeat", 0.6)


def _by_title(found: Evidence, mass: bool) -> Finding:
    if found.dates == "exact" and not (found.length is False and found.audio is False and not mass):
        return Finding("join", "same title and date", 0.95)
    second = "link" if found.link else "duration" if found.length else "guid" if found.guid else None
    if found.dated and (second or found.file or mass):
        return Finding("join", f"same title and day, {'same ' + second if second else 'file or host moved'}", 0.9)
    if found.dated:
        return Finding("held", "it has the same title and day, but another guid and audio", 0.5)
    if found.dates == "apart" and found.link and mass:
        return Finding("join", "same title and link; many have moved and were dated anew", 0.8)
    if found.dates == "apart":
        # Weekly shows of one title and one length are common: another date is another episode.
        return NO if not (second or found.file) else Finding("maybe", "same title, but another date", 0.4)
    if found.length or found.link:
        return Finding("join", f"same title and {'duration' if found.length else 'link'}", 0.85)
    if found.file or found.number or found.guid or mass:
        return Finding("join", "same title, and the file, number or guid fits", 0.8)
    return Finding("held", "it has the same title, and no date or duration tells whether it is another", 0.5)


def _by_link(found: Evidence) -> Finding:
    if found.dated:
        return Finding("join", "same link and date", 0.9)
    if found.length:
        return Finding("join", "same link and duration", 0.85)
    if found.alike >= 0.6 and found.dates is None:
        return Finding("join", "same link, much the same title", 0.8)
    if found.dates is None and found.guid is not False:
        return Finding("held", "it has the same link, but another title, and no date tells", 0.5)
    return NO


def _by_date(found: Evidence) -> Finding:
    if found.length and found.alike >= 0.5:
        return Finding("join", "same date and duration, much the same title", 0.85)
    if found.length:
        return Finding("held", "it has the same date and duration, but another title, guid and audio", 0.5)
    nameless = found.guid is None and found.link is None and found.audio is None
    if nameless and found.alike >= 0.5:
        return Finding("join", "same date, much the same title, no other name", 0.75)
    if (nameless or found.alike >= 0.85) and found.length is None:
        return Finding("held", "it has the same date, but another title, and no name of its own", 0.5)
    return NO


def weigh_twin(found: Evidence, doubled: bool = False) -> Finding:
    """An item and one that this same feed also lists. ``doubled``: most of this feed stands in it twice."""
    if found.audio and found.title:
        return Finding("join", "same audio address and title", 0.95)
    if found.audio and found.dates == "exact":
        return Finding("join", "same audio address and date", 0.9)
    if found.audio and found.dates == "apart":
        return Finding("maybe", "it has the same audio address, but another title and date: a repeat", 0.6)
    if not found.title or found.dates != "exact":
        return NO
    if found.file or found.guid or doubled or (found.audio is None and found.link is not False):
        return Finding("join", "same title and date", 0.85)
    if found.length:
        return Finding("held", "title, date and duration are the same, guid and audio are others", 0.5)
    return NO


def weigh_stored(found: Evidence, only: bool, generic: bool, bare: bool) -> Finding:
    """An item and an episode that came from files and has no item yet. ``only``: that title (or number) stands once on
    both sides; ``bare``: the stored title says nothing but show and number."""
    spoken = found.dates in ("exact", "near") or found.length or found.link or found.audio
    if found.guid and not (found.title is False and found.alike < 0.5 and found.dates == "apart"):
        return Finding("join", "same guid as the imported episode", 1.0)
    if found.title:
        return _stored_title(found, bool(spoken), only, generic)
    if found.audio or found.link:
        if found.dated or found.number or found.length or found.alike >= 0.5:
            return Finding("join", "same address as the imported episode, and date, number or title fit", 0.9)
        return Finding("maybe", "it has the address of an imported episode, but another title", 0.5)
    if found.number and only and found.length is not False:
        if found.dated or found.length:
            return Finding("join", "same number as the imported episode, and the date or duration fits", 0.9)
        if found.alike >= 0.6 and found.dates is None:
            return Finding("join", "same number as the imported episode, much the same title", 0.85)
        if bare and found.dates is None:
            return Finding("join", "same number as the imported episode, whose title says nothing else", 0.8)
    if found.number is not False and found.dated and (found.length or found.alike >= 0.8) and found.alike >= 0.5:
        return Finding("join", "same date as the imported episode, much the same title", 0.85)
    if (found.number and only and found.dates is None) or (found.alike >= 0.8 and found.dates != "apart"):
        return Finding("maybe", "number or title are like those of an imported episode", 0.4)
    return NO


def _stored_title(found: Evidence, spoken: bool, only: bool, generic: bool) -> Finding:
    if found.number is False and not spoken:
        return Finding("maybe", "it has the title of an imported episode, but another number", 0.4)
    if found.dated or (spoken and found.dates is None):
        return Finding("join", "same title as the imported episode, and date, duration or address fit", 0.97)
    if found.dates == "apart" and not ((found.length or found.number) and not generic):
        return NO if generic else Finding("maybe", "it has the title of an imported episode, but another date", 0.4)
    if found.number or found.length:
        return Finding("join", "same title as the imported episode, and the number or duration fits", 0.9)
    if only and found.length is not False:
        return Finding(
            "join", "same title as the imported episode, which stands once on both sides", 0.7 if generic else 0.9
        )
    return Finding("maybe", "it has the title of an imported episode, and so have others", 0.4)
