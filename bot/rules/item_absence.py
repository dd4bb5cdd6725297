"""What is gone from a feed: fallen off its end, missing for a while, or withdrawn. Pure.

Only what a feed leaves out between items that it still lists counts. A feed that shows its last N drops the oldest; a
stale copy lacks the newest; a broken one is empty, cut or much shorter: none of these withdraws anything at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain import Episode
from bot.feed_memory import KnownItem
from bot.feeds import Feed

#: Polls in a row without it; the newest need more, because a stale copy of the feed lacks them too.
POLLS, POLLS_NEWEST = 3, 6
#: More than this share gone at once, and at least two, is a broken feed rather than a decision.
MASS = 0.3
#: So many newer neighbours are looked at, to know the end of a feed that shows only its last N.
NEIGHBOURS = 3


@dataclass(frozen=True, slots=True)
class Absence:
    """``items``: those whose counting changed, among them the ``withdrawn``; ``gone``: how many went at once."""

    items: tuple[KnownItem, ...] = ()
    withdrawn: tuple[KnownItem, ...] = ()
    gone: int = 0
    emptied: int = 0


def absence(feed: Feed, known: Sequence[KnownItem], present: Set[str], extras: Set[str], now: datetime) -> Absence:
    """``present``: ids of the items that this poll met. ``extras``: keys of trailers and bonus episodes, which feeds
    keep out of turn. ``known`` is in the order of first storing, the newest of one poll first."""
    alive = [one for one in known if one.withdrawn_at is None]
    if feed.cut or not alive:
        return Absence()
    if not feed.items:
        return Absence(emptied=len(alive))
    ranked = [one for _, one in sorted(enumerate(alive), key=lambda pair: _age(*pair))]
    absent = _inside(ranked, present, extras)
    if len(absent) >= 2 and len(absent) > MASS * len(alive):
        return Absence(gone=len(absent))
    newest_present = max((n for n, one in enumerate(ranked) if one.id in present), default=-1)
    counted = [_counted(one, n > newest_present, now) for n, one in absent.items()]
    return Absence(tuple(counted), tuple(one for one in counted if one.withdrawn_at is not None))


def _age(at: int, known: KnownItem) -> tuple[datetime, datetime, int]:
    return known.published or known.first_seen, known.first_seen, -at


def _inside(ranked: Sequence[KnownItem], present: Set[str], extras: Set[str]) -> dict[int, KnownItem]:
    """The absent ones, by rank, that are newer than the end of the feed. ``ranked``: oldest first.

    The end is the oldest item there that has most of its next newer neighbours beside it: single old items that a feed
    keeps, trailers, and what came later with an older date stand out of turn and are no end.
    """
    core = [n for n in _in_turn(ranked) if ranked[n].episode not in extras]
    there = [ranked[n].id in present for n in core]
    for at, n in enumerate(core):
        beside = there[at + 1 : at + 1 + NEIGHBOURS]
        if there[at] and 2 * sum(beside) >= len(beside):
            return {m: ranked[m] for m in range(n + 1, len(ranked)) if ranked[m].id not in present}
    return {}


def _in_turn(ranked: Sequence[KnownItem]) -> list[int]:
    """Places of items that came no later than any newer one."""
    found: list[int] = []
    earliest = None
    for n in range(len(ranked) - 1, -1, -1):
        seen = ranked[n].first_seen
        if earliest is None or seen <= earliest:
            earliest = seen
            found.append(n)
    return found[::-1]


def _counted(known: KnownItem, newest: bool, now: datetime) -> KnownItem:
    missing = known.missing + 1
    gone = missing >= (POLLS_NEWEST if newest else POLLS)
    return replace(known, missing=missing, withdrawn_at=now if gone else None)


def out_of_turn(episodes: Iterable[Episode]) -> frozenset[str]:
    """The keys of trailers and bonus episodes: feeds that show their last N keep these beside them."""
    return frozenset(one.key for one in episodes if one.kind != "full")
