"""Who speaks in an episode, as far as its feed says so with evidence: credits first, authors only when they differ.

The author that stands on most items is the show's owner, its network or its host service: no guest, and no evidence.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from bot.feeds import Credit, Feed, FeedItem
from bot.rules.words import collapse, tokens

#: Roles of people who are heard (podcast namespace, group "cast"); the crew is not.
HEARD = frozenset((
    "host", "co-host", "cohost", "guest host", "guest", "voice actor", "narrator", "announcer", "reporter",
    "interviewer", "interviewee", "panelist", "moderator", "correspondent", "expert",
))  # fmt: skip
_HOSTS = frozenset(("host", "co-host", "cohost", "guest host"))
#: An author on more than this share of the items belongs to the show.
USUAL = 0.5
_ORGANISATION = frozenset((
    "podcast", "podcasts", "media", "network", "show", "radio", "studio", "studios", "team", "inc", "llc", "ltd",
    "gmbh", "productions", "production", "fm", "news", "the", "group", "company", "magazine", "university", "club",
    "society", "foundation", "institute", "crew", "staff", "admin", "editor", "editors", "unknown", "anonymous",
))  # fmt: skip
_SPLIT = re.compile(r"\s*(?:,|;|&|\+|\band\b|\bund\b|\bet\b|\bwith\b)\s*")
_MAIL = re.compile(r"\S+@\S+\s*")
MOST = 20


def people_of(item: FeedItem, feed: Feed, usual: frozenset[str]) -> tuple[str, ...]:
    """Names in order: hosts, then guests. An item that names its own hosts replaces the feed's."""
    own = [one for one in item.credits if _heard(one)]
    hosts = [] if any(one.role in _HOSTS for one in own) else [one for one in feed.credits if _heard(one)]
    names = [one.name for one in sorted((*hosts, *own), key=lambda one: one.role not in _HOSTS)]
    if item.author and folded(item.author) not in usual:
        names += _people_in(item.author)
    return _once(names)[:MOST]


def usual_authors(feed: Feed) -> frozenset[str]:
    """Authors that tell nothing of one episode: the show's own, and those of most items."""
    counted = Counter(folded(item.author) for item in feed.items if item.author)
    often = {name for name, count in counted.items() if count > 1 and count > USUAL * len(feed.items)}
    own = {folded(one) for one in (feed.author, feed.owner, feed.title) if one}
    return frozenset(often | own | (set(counted) if len(feed.items) == 1 else set()))


def folded(name: str) -> str:
    return " ".join(tokens(name))


def _heard(credit: Credit) -> bool:
    return bool(credit.name.strip()) and credit.group in ("", "cast") and credit.role in HEARD


def _people_in(author: str) -> list[str]:
    """The people that an author line names; nothing when any part of it is no person's name."""
    line = _MAIL.sub(" ", author).strip(" ()<>")
    parts = [collapse(one) for one in _SPLIT.split(line) if one.strip()]
    return parts if parts and all(map(_is_person, parts)) else []


def _is_person(name: str) -> bool:
    words = name.split()
    if not 2 <= len(words) <= 4 or any(letter.isdigit() for letter in name) or "/" in name:
        return False
    return all(word[0].isupper() or len(word) <= 3 for word in words) and _ORGANISATION.isdisjoint(tokens(name))


def _once(names: Iterable[str]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(folded(name) or name, collapse(name))
    return tuple(found.values())
