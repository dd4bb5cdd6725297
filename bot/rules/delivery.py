"""What is done with the alert whose turn it is, and what an answer makes of it. Plain values in and out, no waiting.

Two things hold by construction: nothing is sent that may be there already (an outcome that is not known is read back
first, to before the attempt, and not before it must show), and nothing ends without a reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from bot import texts_alerts as texts
from bot.alert_ports import Found, Outcome, Refused, Sent, Unclear
from bot.alerts import REQUEST_S, Alert, AlertState, Lane, Limits, Options
from bot.rules import quiet, retries

#: How far the platform's clock and ours may differ when their times are compared.
SKEW: Final = timedelta(minutes=5)
#: How far back a run reads a place of which nothing is known, at least.
AGE: Final = timedelta(days=7)
#: What a person may lift at any time is looked at this often.
LOOK_AGAIN: Final = timedelta(minutes=15)
#: And so far at most where its newest settled post is known: an older database put back is that much older at most.
OLDEST: Final = timedelta(days=90)
#: So long reading must have failed before an alert that is past its age is left to a moderator.
READING_GIVEN_UP: Final = timedelta(hours=1)
#: Kinds that speak to moderators: no subscription, no quiet hours.
TELLING: Final = frozenset(("trouble", "over"))


@dataclass(frozen=True, slots=True)
class End:
    """It is never sent: ``state`` is expired, skipped or held."""

    state: AlertState
    reason: str


@dataclass(frozen=True, slots=True)
class WaitUntil:
    """``aside``: it goes to the end of what is due then, so that what may be sent now is not kept waiting by it."""

    at: datetime
    reason: str
    aside: bool = False


@dataclass(frozen=True, slots=True)
class ReadBack:
    """Read the place back to ``since``, in the platform's time."""

    since: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Send:
    pass


Step = End | WaitUntil | ReadBack | Send


@dataclass(frozen=True, slots=True)
class Sight:
    """What the worker knows of where the alert goes. ``settle_s`` as in ``Limits``; ``unreadable`` is why it cannot be
    read back, "" = it can, as far as is known; ``ruled``: a moderator has looked and wants the alert posted;
    ``longest``: the longest that anything queued there is worth telling."""

    settle_s: float = 15.0
    unreadable: str = ""
    ruled: bool = False
    longest: timedelta = AGE


@dataclass(frozen=True, slots=True)
class Reading:
    """A stretch of history that was read whole: begun at ``began`` (our time), back to ``back_to`` (the platform's;
    None = to the place's beginning). ``shows_absence``: early enough attempts would show by now, by a clock that nobody
    sets."""

    began: datetime
    back_to: datetime | None
    found: Mapping[str, Found]
    shows_absence: bool = True

    def reaches(self, since: datetime) -> bool:
        return self.back_to is None or self.back_to <= since


def next_step(
    alert: Alert, lane: Lane, options: Options | None, now: datetime, run: str, sight: Sight | None = None
) -> Step:
    """What is to be done with the head of a lane at ``now``. ``options``: its subscription's, None when there is none.

    One of unknown outcome is looked for whatever else holds: it may be there."""
    sight = sight or Sight()
    if alert.state in ("sending", "unknown"):
        return _of_unknown(alert, lane, now, run, sight)
    if now >= alert.expires_at:
        return End("expired", texts.EXPIRED.format(until=_clock(alert.expires_at)))
    if alert.due_at > now:
        return WaitUntil(alert.due_at, alert.reason)
    refusal = None if alert.kind in TELLING else _not_now(lane, options, now)
    if refusal is not None:
        return refusal
    if lane.vouched == run:
        return Send()
    if not sight.unreadable:
        return ReadBack(reading_since(lane, now, longest([alert], sight.longest)), texts.UNREAD_PLACE)
    # A message to moderators is better said twice than never; and what a moderator has looked at need not be read.
    if alert.kind in TELLING or sight.ruled:
        return Send()
    return End("held", texts.HELD_UNREADABLE.format(why=sight.unreadable))


def _of_unknown(alert: Alert, lane: Lane, now: datetime, run: str, sight: Sight) -> Step:
    if sight.unreadable:
        return End("held", texts.HELD_UNREADABLE.format(why=sight.unreadable))
    ready = ready_at(alert, sight.settle_s)
    if now < ready:
        return WaitUntil(ready, texts.WAITS_TO_LOOK.format(at=_clock(ready)))
    since = _tried(alert) - SKEW
    if lane.vouched != run:
        since = min(since, reading_since(lane, now, longest([alert], sight.longest)))
    return ReadBack(since, texts.LOOKING.format(why=alert.reason))


def _not_now(lane: Lane, options: Options | None, now: datetime) -> Step | None:
    if options is None:
        return End("skipped", texts.UNSUBSCRIBED)
    if options.paused and options.paused_by == "bot":
        return WaitUntil(now + LOOK_AGAIN, texts.PAUSED_BY_BOT.format(why=options.paused), aside=True)
    if options.paused:
        return End("skipped", texts.PAUSED_BY_MODERATOR.format(why=options.paused))
    ends = quiet.until(lane, now)
    if ends is None or ends <= now:
        return None
    return WaitUntil(min(ends, now + LOOK_AGAIN), texts.QUIET_HOURS.format(until=_clock(ends)), aside=True)


def reading_since(lane: Lane, now: datetime, age: timedelta = AGE) -> datetime:
    """To the newest post that is settled, however old: what was told after it, a database put back announces anew.
    Without one as far as anything queued is worth telling."""
    if lane.known_until is not None:
        return max(lane.known_until, now - max(OLDEST, age))
    return now - age - SKEW


def sight_of(queue: Sequence[Alert], settle_s: float, unreadable: str = "", *, ruled: bool = False) -> Sight:
    return Sight(settle_s, unreadable, ruled, longest(queue))


def longest(queue: Sequence[Alert], least: timedelta = AGE) -> timedelta:
    """How long anything of these is worth telling."""
    return max([AGE, least, *(alert.expires_at - alert.seen_at for alert in queue)])


def ready_at(alert: Alert, settle_s: float) -> datetime:
    """From when on a reading can tell that an attempt of unknown outcome came to nothing."""
    if alert.due_at > _tried(alert):
        return alert.due_at  # its end is known, and was taken note of
    return _tried(alert) + timedelta(seconds=REQUEST_S + settle_s)


def _tried(alert: Alert) -> datetime:
    return alert.tried_at or alert.seen_at


def sending(alert: Alert, now: datetime, digest: str) -> Alert:
    """To be written before the request leaves."""
    return replace(
        alert, state="sending", reason=texts.SENDING, tried_at=now, attempts=alert.attempts + 1, digest=digest
    )


def not_sent(alert: Alert) -> Alert:
    """It was written as being sent, and certainly no request left."""
    return replace(alert, state="waiting", reason=texts.NOT_SENT, tried_at=None, attempts=alert.attempts - 1)


def ended(alert: Alert, end: End) -> Alert:
    return replace(alert, state=end.state, reason=end.reason)


def put_off(alert: Alert, wait: WaitUntil) -> Alert:
    """``order_at`` moves only with what steps aside."""
    order = max(alert.order_at, wait.at) if wait.aside else alert.order_at
    return replace(alert, due_at=wait.at, order_at=order, reason=wait.reason)


def after_send(alert: Alert, outcome: Outcome, now: datetime, limits: Limits, jitter: float = 0.0) -> Alert:
    """What the answer to a request makes of an alert that was ``sending``; ``now`` is when it came. Retries have no
    number: they end with the alert's age."""
    match outcome:
        case Sent():
            return posted(alert, outcome.message, outcome.at, texts.POSTED, outcome.thread)
        case Unclear():
            settled = now + timedelta(seconds=limits.settle_s)
            return replace(alert, state="unknown", due_at=settled, reason=texts.LOOKING.format(why=outcome.reason))
        case Refused():
            return _after_refusal(alert, outcome, now, jitter)


def _after_refusal(alert: Alert, refused: Refused, now: datetime, jitter: float) -> Alert:
    alert = replace(alert, tried_at=None)
    why = refused.reason or refused.why
    if refused.why == "deleted":  # the key is remembered, the message is gone: it was posted, and taken away
        return replace(alert, state="deleted", posted_at=now, reason=texts.POSTED_THEN_DELETED)
    if refused.why in ("invalid", "unsupported"):
        return replace(alert, state="held", reason=texts.HELD_INVALID.format(platform=alert.place.platform, why=why))
    if refused.why in ("busy", "down"):
        wait = timedelta(seconds=retries.wait_s(alert.attempts, jitter, refused.retry_after_s))
        return replace(alert, state="waiting", due_at=now + wait, reason=texts.RETRY_LATER.format(why=why))
    return replace(alert, state="waiting", due_at=now, reason=texts.REFUSED_HERE.format(why=why))


def posted(alert: Alert, message: str, at: datetime, reason: str, thread: str = "") -> Alert:
    """``posted_at`` is the platform's time, so that reading back compares like with like."""
    return replace(
        alert,
        state="posted",
        reason=reason,
        posted_at=at,
        message=message,
        thread=thread or alert.thread,
        tried_at=None,
    )


def after_reading(queue: Sequence[Alert], reading: Reading, now: datetime, settle_s: float) -> list[Alert]:
    """What changes in a queue by what was read in its place: every key found settles its alert, also one that was
    never tried here (by a restored database). One of unknown outcome that is not there waits again, if the reading
    began after it must have shown and reached to before it was tried."""
    changed = []
    for alert in queue:
        found = reading.found.get(alert.id)
        if found is not None:
            changed.append(posted(alert, found.message, found.at, texts.FOUND_THERE, found.thread))
        elif _shown_absent(alert, reading, settle_s):
            changed.append(_again(alert, now, settle_s))
    return changed


def _shown_absent(alert: Alert, reading: Reading, settle_s: float) -> bool:
    unknown = alert.state in ("sending", "unknown") and reading.shows_absence
    return unknown and ready_at(alert, settle_s) <= reading.began and reading.reaches(_tried(alert) - SKEW)


def _again(alert: Alert, now: datetime, settle_s: float) -> Alert:
    rest = retries.backoff_s(alert.attempts) - settle_s  # that long has been waited already
    due = now + timedelta(seconds=max(0.0, rest))
    return replace(alert, state="waiting", due_at=due, tried_at=None, reason=texts.NOT_THERE)


def after_failed_reading(
    alert: Alert,
    why: str,
    now: datetime,
    failing_since: datetime,
    failures: int,
    jitter: float = 0.0,
    retry_after_s: float | None = None,
) -> Alert:
    """Reading did not work this time: later again, by doubling, and not before the platform allows it. What is past
    its age, and could not be read for an hour on end, is a moderator's."""
    over = now >= alert.expires_at and now - failing_since >= READING_GIVEN_UP
    if over and alert.state != "waiting":
        return replace(alert, state="held", reason=texts.HELD_UNREAD_LONG.format(why=why))
    asked_s = 0.0 if retry_after_s is None else retries.wait_s(failures, jitter, retry_after_s)
    wait = timedelta(seconds=max(retries.backoff_s(failures, jitter), asked_s))
    return replace(alert, due_at=now + wait, reason=texts.READ_LATER.format(why=why))


def _clock(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
