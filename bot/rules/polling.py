"""What the answer to a poll means for a feed: when it is looked at next, where it is, whether it is polled on at all.

Plain decisions on plain values; nothing is fetched, stored or drawn at random here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot import texts
from bot.feed_memory import FeedState
from bot.feed_ports import Fetched
from bot.rules import rhythm
from bot.rules.access import carries_credentials
from bot.rules.masking import masked

#: How often by default, and never more often (etiquette; FACTS.md).
INTERVAL, FASTEST = timedelta(minutes=60), timedelta(minutes=10)
#: The longest wait that failures, Cache-Control or the feed's own ttl bring about, and that Retry-After does.
SLOWEST, LONGEST = timedelta(hours=24), timedelta(days=30)
#: Polls in a row that lead to the same new address before it is stored.
MOVES_NEEDED = 3
#: At full jitter a wait is longer by this share.
JITTER_SHARE = 0.1
_URL_LIMIT = 2000


@dataclass(frozen=True, slots=True)
class Polled:
    """The feed's state after a poll, and why.

    ``ok``: the feed answered (changed or not). ``changed``: with another body than before. ``tell``: worth telling the
    show's moderators, once. ``moved_from``: the address before, when the stored one was replaced.
    """

    state: FeedState
    reason: str
    ok: bool
    changed: bool = False
    tell: bool = False
    moved_from: str | None = None


def after(
    state: FeedState,
    fetched: Fetched,
    now: datetime,
    *,
    is_feed: bool | None = None,
    problem: str = "",
    body_hash: str | None = None,
    interval: timedelta | None = None,
    ttl_s: float | None = None,
    jitter: float = 0.0,
) -> Polled:
    """What a poll at ``now`` (aware UTC) makes of the state.

    ``is_feed``: whether the body was one (None: not looked at, as when its hash is the stored one); ``problem`` says
    why not. ``interval``: the wanted time between polls, by default what the feed's rhythm asks for; under an hour
    only for feeds with validators, never under ten minutes. ``ttl_s``: the feed's own. ``jitter`` 0–1 lengthens a wait
    by up to a tenth. A stopped feed stays stopped: whoever wants it polled again clears ``stopped`` first.
    """
    if state.stopped:
        return Polled(state, texts.poll_stopped(state.stopped), ok=False)
    interval = rhythm.interval(state.rhythm, now) if interval is None else interval
    state = replace(state, checked_at=now)
    if fetched.status == "gone":
        return _stopped(state, fetched)
    fault = _fault(state, fetched, is_feed, problem)
    if fault:
        return _failed(state, fetched, now, fault, interval, jitter, is_feed)
    return _answered(state, fetched, now, body_hash, interval, ttl_s, jitter)


def _stopped(state: FeedState, fetched: Fetched) -> Polled:
    why = masked(fetched.reason) or texts.fetch_code(410)
    stopped = replace(state, stopped=why, error=why, next_at=None, failures=state.failures + 1, moved_to=None)
    return Polled(replace(stopped, moved_polls=0), texts.poll_stopped(why), ok=False, tell=True)


def _fault(state: FeedState, fetched: Fetched, is_feed: bool | None, problem: str) -> str:
    """Why the poll failed; empty when it did not."""
    if fetched.status == "unchanged":
        return "" if state.succeeded_at else texts.POLL_UNASKED
    if fetched.status != "ok":
        return masked(fetched.reason) or texts.fetch_failed_here()
    if not fetched.body.strip():
        return texts.POLL_EMPTY
    if is_feed is False:
        return masked(problem) or texts.poll_no_feed(looks_like(fetched.body))
    return ""


def looks_like(body: bytes) -> str:
    """What a body that is no feed seems to be, by its beginning: html, json, media or text."""
    start = body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if re.match(rb"<(!doctype html|html|head|body|!--)", start, re.IGNORECASE):
        return "html"
    if start[:1] in (b"{", b"["):
        return "json"
    return "media" if b"\0" in start or start.startswith(b"ID3") else "text"


def _failed(
    state: FeedState,
    fetched: Fetched,
    now: datetime,
    fault: str,
    interval: timedelta,
    jitter: float,
    is_feed: bool | None,
) -> Polled:
    """Wait twice as long after every failure in a row, a day at most, longer only if the server asks for it."""
    base = _interval(state, interval)
    wait = min(base * 2 ** min(state.failures, 10), SLOWEST)
    new = replace(
        state,
        failures=state.failures + 1,
        error=fault,
        next_at=_at(now, max(wait, _asked(fetched.retry_after_s, LONGEST)), jitter),
        moved_to=None,
        moved_polls=0,
    )
    reason = fault
    if fetched.moved_to and is_feed is False:
        reason = f"{fault} {texts.poll_not_moved_feed(masked(fetched.moved_to))}"
    return Polled(new, reason, ok=False, tell=fetched.status in ("denied", "refused") and state.error != fault)


def _answered(
    state: FeedState,
    fetched: Fetched,
    now: datetime,
    body_hash: str | None,
    interval: timedelta,
    ttl_s: float | None,
    jitter: float,
) -> Polled:
    new, changed, reason = _heard(state, fetched, now, body_hash)
    wait = max(
        _interval(new, interval),
        _asked(ttl_s, SLOWEST),
        _asked(fetched.max_age_s, SLOWEST),
        _asked(fetched.retry_after_s, LONGEST),
    )
    new = replace(new, failures=0, error="", succeeded_at=now, next_at=_at(now, wait, jitter))
    return _moved(Polled(new, reason, ok=True, changed=changed), fetched.moved_to)


def _heard(state: FeedState, fetched: Fetched, now: datetime, body_hash: str | None) -> tuple[FeedState, bool, str]:
    """The state with the validators and the hash of what came, whether that is new, and the reason."""
    if fetched.status == "unchanged":
        kept = replace(state, etag=fetched.etag or state.etag, modified=fetched.modified or state.modified)
        return kept, False, texts.POLL_UNCHANGED
    changed = body_hash is None or body_hash != state.body_hash
    new = replace(
        state,
        etag=fetched.etag,
        modified=fetched.modified,
        body_hash=body_hash or state.body_hash,
        changed_at=now if changed else state.changed_at,
        baseline_at=state.baseline_at or now,
    )
    return new, changed, texts.POLL_CHANGED if changed else texts.POLL_SAME


def _moved(polled: Polled, target: str | None) -> Polled:
    """Follow a permanent redirect into the stored address, once it was seen often enough and may be stored."""
    state = polled.state
    if not target or target == state.url or len(target) > _URL_LIMIT:
        return replace(polled, state=replace(state, moved_to=None, moved_polls=0))
    polls = min(state.moved_polls + 1, MOVES_NEEDED) if target == state.moved_to else 1
    seen = replace(polled, state=replace(state, moved_to=target, moved_polls=polls))
    refusal = _not_stored(state.url, target)
    if refusal:
        first = polls == MOVES_NEEDED and state.moved_polls < MOVES_NEEDED
        return replace(seen, reason=f"{polled.reason} {refusal}", tell=first)
    if polls < MOVES_NEEDED:
        return replace(seen, reason=f"{polled.reason} {texts.poll_moving(masked(target), polls, MOVES_NEEDED)}")
    at = replace(state, url=target, moved_to=None, moved_polls=0)
    reason = f"{polled.reason} {texts.poll_moved(masked(target))}"
    return replace(polled, state=at, reason=reason, tell=True, moved_from=state.url)


def _not_stored(url: str, target: str) -> str:
    """Why a new address is followed but not stored: a public show must not become one with a secret in its address,
    and a feed that came over https must not be read in the open from then on."""
    if carries_credentials(target) and not carries_credentials(url):
        return texts.poll_not_moved_secret(masked(target))
    if url.lower().startswith("https:") and not target.lower().startswith("https:"):
        return texts.poll_not_moved_plain(masked(target))
    return ""


def _interval(state: FeedState, wanted: timedelta) -> timedelta:
    """The wanted interval, under the usual one only when the server can say cheaply that nothing changed."""
    polite = wanted if wanted >= INTERVAL or state.etag or state.modified else INTERVAL
    return min(max(polite, FASTEST), SLOWEST)


def _asked(seconds: float | None, most: timedelta) -> timedelta:
    """What was asked for, as a wait from nothing to ``most``; what is no number asks for nothing."""
    if seconds is None or not seconds > 0:
        return timedelta(0)
    return timedelta(seconds=min(seconds, most.total_seconds()))


def _at(now: datetime, wait: timedelta, jitter: float) -> datetime:
    share = min(max(jitter, 0.0), 1.0) * JITTER_SHARE
    return now + min(max(wait * (1 + share), FASTEST), LONGEST)
