"""Which episodes that came from files a feed's items are. Pure.

Each side is taken once, the surest pair first; a doubtful pair is told, never joined.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from rapidfuzz import process
from rapidfuzz.fuzz import token_sort_ratio

from bot.domain import Episode
from bot.rules.item_evidence import (
    GENERIC,
    RELEASE,
    Evidence,
    Finding,
    alike,
    dates_of,
    lengths_agree,
    weigh_stored,
)
from bot.rules.item_names import Names, address, bare_title, media_address, number_in, title_name

#: Titles are compared letter by letter only while there are fewer pairs than this (about a second).
PAIRS = 2_000_000
LIKE = 80.0
#: So many items are looked at for one episode and kind of name.
MOST = 12


@dataclass(frozen=True, slots=True)
class Join:
    """A stored episode that an item is (``join``) or may be (``maybe``)."""

    episode: Episode
    finding: Finding


@dataclass(slots=True)
class _Side:
    """The items that are left, by what can tell them; ``titles`` without numbers and show's name."""

    names: Mapping[int, Names]
    titles: dict[int, str]
    by: dict[tuple[object, ...], list[int]] = field(default_factory=lambda: defaultdict(list))


def joins(
    names: Mapping[int, Names], titles: Mapping[int, str], stored: Sequence[Episode], show: str
) -> dict[int, Join]:
    """For items by their place in the feed: the episode that each one is or may be; no episode is joined twice.

    ``titles`` are the items' own; ``stored`` are episodes that have no feed item yet.
    """
    if not names or not stored:
        return {}
    side = _side(names, titles, show)
    bare = {episode.id: bare_title(episode.title, show) for episode in stored}
    often = Counter(bare.values())
    numbers = Counter(_number(episode) for episode in stored)
    found: list[tuple[float, int, int, Finding]] = []
    wide = len(stored) * len(names) <= PAIRS
    for at, episode in enumerate(stored):
        for n in _candidates(episode, bare[episode.id], side, wide):
            evidence = _compare(side, n, episode, bare[episode.id])
            only = _only(side, n, often[bare[episode.id]], numbers[_number(episode)], evidence)
            finding = weigh_stored(evidence, only, bare[episode.id] in GENERIC, _says_nothing(episode, show))
            if finding.decision != "no":
                found.append((-finding.confidence, n, at, finding))
    return _assigned(found, stored)


def _assigned(found: list[tuple[float, int, int, Finding]], stored: Sequence[Episode]) -> dict[int, Join]:
    taken: set[int] = set()
    joined: dict[int, Join] = {}
    ties = Counter((n, confidence) for confidence, n, _, finding in found if finding.decision == "join")
    for confidence, n, at, finding in sorted(found, key=lambda one: one[:3]):
        if n in joined or at in taken:
            continue
        if finding.decision == "join" and ties[n, confidence] > 1 and confidence > -0.97:
            finding = Finding("maybe", "several imported episodes fit it equally well", 0.4)
        joined[n] = Join(stored[at], finding)
        if finding.decision == "join":
            taken.add(at)
    return joined


def _side(names: Mapping[int, Names], titles: Mapping[int, str], show: str) -> _Side:
    side = _Side(names, {n: bare_title(titles[n], show) for n in names})
    for n, one in names.items():
        pairs: list[tuple[object, ...]] = [("title", side.titles[n]), ("guid", one.guid), ("number", one.number)]
        pairs += [("address", one.link), ("address", one.audio)]
        if one.published:
            pairs.append(("day", one.published.date()))
        for pair in pairs:
            if pair[1] is not None:
                side.by[pair].append(n)
    return side


def _candidates(episode: Episode, title: str, side: _Side, wide: bool) -> set[int]:
    wanted: list[tuple[object, ...]] = [("title", title), ("guid", episode.guid), ("number", _number(episode))]
    wanted += [("address", one) for one in _addresses(episode)]
    wanted += [("day", day) for day in _days(episode)]
    found = {n for pair in wanted for n in side.by.get(pair, [])[:MOST]}
    if wide and title:
        like = process.extract(title, side.titles, scorer=token_sort_ratio, limit=3, score_cutoff=LIKE)
        found.update(n for _, _, n in like)
    return found


def _days(episode: Episode) -> Iterable[date]:
    if episode.published is None:
        return ()
    return [(episode.published + timedelta(days=shift)).date() for shift in range(-RELEASE.days, RELEASE.days + 1)]


def _addresses(episode: Episode) -> set[str]:
    found = {media_address(one.url) if one.kind == "audio" else address(one.url) for one in episode.editions}
    return {one for one in found if one}


def _compare(side: _Side, n: int, episode: Episode, title: str) -> Evidence:
    names = side.names[n]
    addresses = _addresses(episode)
    number = _number(episode)
    length = lengths_agree(names.duration_s, episode.duration_s, 30.0, 0.02)
    return Evidence(
        guid=names.guid == episode.guid if names.guid and episode.guid else None,
        link=True if names.link and names.link in addresses else None,
        audio=True if names.audio and names.audio in addresses else None,
        title=title == side.titles[n] if title and side.titles[n] else None,
        alike=alike(title, side.titles[n]),
        dates=dates_of(names.published, episode.published, RELEASE),
        length=length,
        number=names.number == number if names.number is not None and number is not None else None,
    )


def _only(side: _Side, n: int, titles: int, numbers: int, found: Evidence) -> bool:
    """Whether what they share, title or else number, stands once on both sides."""
    if found.title:
        return titles == 1 and len(side.by[("title", side.titles[n])]) == 1
    return bool(found.number) and numbers == 1 and len(side.by[("number", side.names[n].number)]) == 1


def _number(episode: Episode) -> int | None:
    return episode.number if episode.number is not None else number_in(episode.title)


def _says_nothing(episode: Episode, show: str) -> bool:
    """Whether a title was only made of a file's name: the show and a number (``Syntax 58``)."""
    known = {*title_name(show).split(), *title_name(episode.show_slug.replace("-", " ")).split(), "episode", "ep"}
    words = [word for word in title_name(episode.title).split() if not word.isdigit()]
    return all(word in known for word in words)
