"""Whether a post of our account is ours: judged by what is stored of its key. Plain values; nothing is silenced here.

A twin is another copy of the bot with the same token and another database. Processes over one database are none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot import texts_alerts as texts
from bot.alert_ports import Found
from bot.alerts import Alert, AlertKind, Lane
from bot.domain import EpisodeId, ShowId
from bot.feed_memory import KnownItem
from bot.rules.alert_keys import remembered, subscription_id

#: What may be judged by: messages to moderators and tests are never twins.
_KINDS: Mapping[str, AlertKind] = {"new": "new", "burst": "burst", "transcript": "transcript"}
JUDGED = frozenset(_KINDS)
#: So much older than our attempt, by the platform's clock, a post must be to be somebody else's.
OLDER = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Verdict:
    """ours: nothing to do · later: an attempt is under way, ask again · settle: it is this alert's post, write that ·
    twin: somebody else's, with the reason. A waiting alert is settled by a twin's post too."""

    what: Literal["ours", "later", "settle", "twin"]
    reason: str = ""


def of_event(found: Found, alert: Alert | None) -> Verdict:
    """A post that appeared while this run runs; ``alert`` is the one with its key, as stored by now."""
    if found.kind not in JUDGED:
        return Verdict("ours")
    if alert is None:
        return Verdict("twin", texts.TWIN_UNKNOWN_POST)
    if alert.state in ("sending", "unknown"):
        return Verdict("later")
    if alert.state in ("posted", "deleted"):
        return _settled(found, alert)
    if alert.attempts == 0:
        return Verdict("twin", texts.TWIN_NOT_MINE)
    return Verdict("settle")  # an attempt of ours that came late


def of_history(found: Found, alert: Alert | None, derived: bool) -> Verdict:
    """A post that was read back. What another start of this database, or an older state of it, may have posted is
    ours: ``derived`` says that a known episode gives the key."""
    if found.kind not in JUDGED:
        return Verdict("ours")
    if alert is None:
        return Verdict("settle") if derived else Verdict("twin", texts.TWIN_UNKNOWN_POST)
    if alert.state in ("posted", "deleted"):
        return _settled(found, alert)
    return Verdict("settle")


def _settled(found: Found, alert: Alert) -> Verdict:
    if not alert.message or alert.message == found.message:
        return Verdict("ours")
    return Verdict("twin", texts.TWIN_TWO_POSTS)


def was_there_before(alert: Alert, at: datetime, tried_at: datetime, usual: timedelta | None) -> bool:
    """The platform answered a first attempt with a post much older than it. ``usual``: how much older posts seem to be
    on this platform, since its clock may differ from ours; None = not known yet."""
    return alert.attempts == 1 and usual is not None and tried_at - at - usual > OLDER


@dataclass(frozen=True, slots=True)
class Derived:
    """What a key was made of."""

    show: ShowId
    subject: str
    kind: AlertKind


def derivable(show: ShowId, subject: str) -> list[Derived]:
    """All that one episode may be told by."""
    return [Derived(show, subject, kind) for kind in _KINDS.values()]


def identities(items: Iterable[KnownItem], subjects: Iterable[str] = ()) -> set[str]:
    """What is known to name episodes of one show: its items, and what its alerts were about."""
    return set(subjects).union(*(remembered(item) for item in items))


def told_already(
    burst: Alert, found: Mapping[str, Found], siblings: Iterable[Alert], bursts: Collection[ShowId | None]
) -> bool:
    """Whether the line of a burst that was never tried here is the work of an older state of the database, which
    summed the same episodes up in other words: posts that it stands beside were read back although nothing here had
    tried them, and so was another line about the show."""
    beside = any(
        one.kind == "new" and one.show == burst.show and one.id in found for one in siblings if not one.attempts
    )
    untried = burst.kind == "burst" and burst.attempts == 0 and burst.id not in found
    return untried and burst.state == "waiting" and beside and burst.show in bursts


def adopted(found: Found, made: Derived, lane: Lane, episode: EpisodeId | None, reason: str) -> Alert:
    """The alert of a post that was read back and whose alert is not stored: as posted, so that nothing sends it."""
    return Alert(
        id=found.key,
        community=lane.community,
        place=lane.place,
        kind=made.kind,
        subject=made.subject,
        state="posted",
        reason=reason,
        seen_at=found.at,
        due_at=found.at,
        order_at=found.at,
        expires_at=found.at,
        show=made.show,
        subscription=subscription_id(made.show, lane.place),
        episode=episode,
        posted_at=found.at,
        message=found.message,
        thread=found.thread,
    )
