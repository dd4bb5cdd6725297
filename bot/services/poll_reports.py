"""What a look at a feed brought, and what is told of it. Nothing is fetched, decided or stored here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain import ShowId
from bot.feed_memory import FeedRole, FeedState
from bot.feed_ports import Fetched
from bot.feeds import Feed

if TYPE_CHECKING:
    from bot.rules.item_verdicts import Judged, Verdict
    from bot.rules.polling import Polled

#: So many skipped items are reported one by one.
SKIPPED = 200


@dataclass(frozen=True, slots=True)
class ItemReport:
    """What became of one item: its episode's key, its title, what it is, and why."""

    episode: str
    title: str
    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class PollReport:
    """What one poll found. ``new`` never holds what was there at the first reading (``baseline`` counts that)."""

    show: ShowId
    status: str
    reason: str = ""
    new: tuple[ItemReport, ...] = ()
    changed: tuple[ItemReport, ...] = ()
    skipped: tuple[ItemReport, ...] = ()
    withdrawn: tuple[str, ...] = ()
    baseline: int = 0
    notices: tuple[str, ...] = ()
    stopped: str = ""
    role: FeedRole = "main"


@dataclass(frozen=True, slots=True)
class Seen:
    """What one look at a feed brought: its next state and why, and the feed itself when it says something new.

    ``moving``: the answer as the state is decided by it."""

    polled: Polled
    fetched: Fetched
    feed: Feed | None = None
    moving: Fetched | None = None


def report_of(before: FeedState, seen: Seen) -> PollReport:
    """A poll that found nothing to store."""
    state = seen.polled.state
    status = "stopped" if state.stopped else seen.fetched.status if not seen.polled.ok else "unchanged"
    return PollReport(
        before.show, status, seen.polled.reason, stopped=state.stopped, notices=_notices(seen), role=before.role
    )


def report(before: FeedState, seen: Seen, judged: Judged) -> PollReport:
    """A poll that was stored: every item that is not simply the same, with why."""
    first = before.baseline_at is None
    new = _items(judged.of("new"))
    return PollReport(
        before.show,
        "ok",
        seen.polled.reason,
        new=() if first else new,
        changed=() if first else _items(judged.of("changed", "migrated", "republished")),
        skipped=_items(judged.of("held", "duplicate"))[:SKIPPED],
        withdrawn=judged.withdrawn,
        baseline=len(judged.stored) if first else 0,
        notices=(*judged.notices, *_notices(seen)),
        role=before.role,
    )


def _items(verdicts: Sequence[Verdict]) -> tuple[ItemReport, ...]:
    return tuple(ItemReport(one.key, one.item.title, one.kind, one.reason) for one in verdicts)


def _notices(seen: Seen) -> tuple[str, ...]:
    return (seen.polled.reason,) if seen.polled.tell else ()
