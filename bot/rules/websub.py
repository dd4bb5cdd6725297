"""WebSub by the book (W3C Recommendation, 2018-01-23): which hub is asked for what, when again, what is believed.

Plain decisions on plain values; nothing is asked, stored or drawn at random here.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import unquote, urljoin, urlsplit

from bot import texts_web
from bot.alerts import Hub
from bot.domain import Show
from bot.feed_memory import FeedState
from bot.rules.access import carries_credentials
from bot.rules.addresses import AllowList, literal

#: What we ask for: ten days. A hub's own word counts within these bounds.
LEASE_S = 864_000
SHORTEST, LONGEST = timedelta(minutes=10), timedelta(days=30)
#: When a hub confirms without saying for how long, although it must.
UNSAID = timedelta(days=1)
#: A lease is renewed once this share of it is over.
RENEW_SHARE = 0.8
#: The first wait after a request that came to nothing; it doubles, up to a day. A refusal in the answer itself (4xx)
#: waits a day at once, up to a week.
RETRY, RETRY_MOST = timedelta(minutes=10), timedelta(days=1)
LASTING, LASTING_MOST = timedelta(days=1), timedelta(days=7)
#: Hints within this time are one.
TOGETHER = timedelta(minutes=1)
#: Longer ones are no hub's: addresses, challenges, reasons (characters).
_URL_LIMIT, _CHALLENGE_LIMIT, _REASON_LIMIT = 2000, 1024, 200
#: Answers in the 400s that say "later" and not "no".
_LATER = (408, 425, 429)

#: sha1 is here since most hubs sign with nothing else; the attacks on SHA-1 make collisions, which forge no HMAC.
_METHODS = ("sha1", "sha256", "sha384", "sha512")
_SIGNATURE = re.compile(r"\s*(\w{4,8})=([0-9a-f]{40,128})\s*", re.ASCII | re.IGNORECASE)


# --- which hub -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wish:
    """A hub that a feed names, and the address by which the hub knows the feed."""

    hub: str
    topic: str


def offered(
    url: str, base: str, links: Sequence[tuple[str, str]], hub: str | None, self: str | None
) -> tuple[str, str]:
    """(hub, topic) that the feed at ``url`` offers, both "" when it offers none: those of its HTTP Link headers, else
    ``hub`` and ``self`` of the feed itself (the order is the Recommendation's). ``base`` is where redirects led."""
    headers = dict(reversed(links))  # the first of each counts
    if named := _joined(base, headers.get("hub")):
        hub, self = named, _joined(base, headers.get("self")) or self
    return (hub, self or url) if hub else ("", "")


def _joined(base: str, link: str | None) -> str:
    try:
        return urljoin(base, link) if link else ""
    except ValueError:
        return ""


def wish(state: FeedState, show: Show | None, allowed: AllowList) -> Wish | None:
    """What is to be asked for a feed, None when nothing is: it names no usable hub, is polled no more, or is private
    (by its address, the topic's, or by hand): what only some may know is told to no hub."""
    topic = state.topic or state.url
    if not state.hub or state.stopped or show is None or show.private:
        return None
    if carries_credentials(state.url) or carries_credentials(topic) or not _is_address(topic):
        return None
    return None if unusable(state.hub, allowed) else Wish(state.hub, topic)


def unusable(hub: str, allowed: AllowList) -> str:
    """Why a hub is not asked; "" when it is. Every subscription has a secret, and that goes over https only; plain
    http is for hosts that the operator opened (``PULLQUOTE_ALLOW_HOSTS``)."""
    if not _is_address(hub):
        return texts_web.HUB_NO_ADDRESS
    parts = urlsplit(hub)
    if parts.scheme == "https":
        return ""
    host, port = parts.hostname or "", parts.port or 80
    number = literal(host)
    if allowed.opens_name(host, port) or (number is not None and allowed.opens(number, port)):
        return ""
    return texts_web.hub_not_https(host)


def _is_address(url: str) -> bool:
    if len(url) > _URL_LIMIT or not url.isprintable() or " " in url:
        return False
    try:
        parts = urlsplit(url)
        plain = parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
        return plain and (parts.port or 1) > 0
    except ValueError:
        return False


def host_of(hub: Hub) -> str:
    return urlsplit(hub.hub).hostname or "?"


# --- asking ----------------------------------------------------------------------------------------------------------


def callback(public_url: str, id: str) -> str:
    """Where the hub finds us; nobody else knows the id."""
    return f"{public_url.rstrip('/')}/websub/{id}"


def form(hub: Hub, mode: str, public_url: str) -> tuple[tuple[str, str], ...]:
    """What a hub is sent. To leave, no secret is needed."""
    told = (("hub.mode", mode), ("hub.topic", hub.topic), ("hub.callback", callback(public_url, hub.id)))
    if mode != "subscribe":
        return told
    return (*told, ("hub.secret", hub.secret), ("hub.lease_seconds", str(LEASE_S)))


def is_due(hub: Hub, now: datetime) -> bool:
    """Whether it is asked (again) now; one that refused never is."""
    if hub.state == "refused":
        return False
    return hub.next_at is None or hub.next_at <= now


def asking(hub: Hub, now: datetime) -> Hub:
    """As it is to be stored before the request goes out: each counts as a failure until the hub has confirmed, which
    some do before they answer."""
    lapsed = hub.state == "asked" and not hub.error
    return replace(
        hub,
        state="asked",
        next_at=now + _doubled(RETRY, hub.failures, RETRY_MOST),
        failures=hub.failures + 1,
        error=texts_web.HUB_UNCONFIRMED if lapsed else hub.error,
    )


def answered(hub: Hub, now: datetime, code: int | None, reason: str, retry_after_s: float | None) -> Hub:
    """After the answer to a request of ``asking``. ``code`` is the HTTP status, None when none came."""
    if code is not None and 200 <= code < 300:
        return replace(hub, error=texts_web.HUB_UNCONFIRMED if hub.failures > 1 else "")
    lasting = code is not None and 400 <= code < 500 and code not in _LATER
    wait = _doubled(LASTING, hub.failures - 1, LASTING_MOST) if lasting else (hub.next_at or now) - now
    wait = max(wait, min(timedelta(seconds=retry_after_s or 0), LASTING_MOST))
    return replace(hub, next_at=now + wait, error=reason[:_REASON_LIMIT])


def _doubled(first: timedelta, times: int, most: timedelta) -> timedelta:
    doublings: int = 1 << max(0, min(times, 12))
    return min(first * doublings, most)


# --- what the hub says -----------------------------------------------------------------------------------------------


def confirms(hub: Hub, query: Mapping[str, str]) -> bool:
    """Whether a hub's question is about what we asked: it was asked, has not been given up, and means this topic."""
    return hub.state in ("asked", "verified") and same_topic(hub.topic, query) and bool(challenge(query))


def same_topic(topic: str, query: Mapping[str, str]) -> bool:
    """Hubs may write an address with other escapes than we did."""
    told = query.get("hub.topic", "")
    return told == topic or unquote(told) == unquote(topic)


def challenge(query: Mapping[str, str]) -> str:
    """What is to be said back; "" when it is nothing that a hub would send."""
    word = query.get("hub.challenge", "")
    return word if len(word) <= _CHALLENGE_LIMIT and word.isprintable() else ""


def confirmed(hub: Hub, query: Mapping[str, str], now: datetime) -> Hub:
    """The lease runs from now; it is renewed well before its end."""
    lease = _lease(query.get("hub.lease_seconds", ""))
    again = now + max(lease * RENEW_SHARE, SHORTEST)
    return replace(hub, state="verified", expires_at=now + lease, next_at=again, failures=0, error="")


def _lease(told: str) -> timedelta:
    """What a hub said, within bounds; nine digits are thirty years."""
    if not re.fullmatch(r"\d+", told, re.ASCII) or not int(told[:9]):
        return UNSAID
    return LONGEST if len(told) > 9 else min(timedelta(seconds=int(told)), LONGEST)


def denied(hub: Hub, reason: str) -> Hub:
    """It will not; that stands until the feed names another hub or topic. ``reason`` is one clean line."""
    return replace(hub, state="refused", next_at=None, expires_at=None, error=reason[:_REASON_LIMIT])


# --- what it sends ---------------------------------------------------------------------------------------------------


def signature(header: str) -> tuple[str, str] | None:
    """(method, hexadecimal digest) of ``X-Hub-Signature``; None when it is none that is known."""
    found = _SIGNATURE.fullmatch(header)
    if not found or found[1].lower() not in _METHODS:
        return None
    return found[1].lower(), found[2].lower()


def signs(secret: str, method: str) -> hmac.HMAC:
    """To be fed with the body as it came."""
    return hmac.new(secret.encode(), digestmod=method)


def hint_at(heard_at: datetime | None, now: datetime) -> datetime | None:
    """When the feed is due after a notification, None when an earlier hint already says so. One within a minute of the
    last counts at the minute's end, so that the second of two releases is not missed."""
    if heard_at is None or now - heard_at >= TOGETHER:
        return now
    return None if heard_at > now else heard_at + TOGETHER


# --- what is told of it ----------------------------------------------------------------------------------------------


def health(hub: Hub, now: datetime) -> str:
    """One sentence for a list."""
    host = host_of(hub)
    if hub.state == "refused":
        return texts_web.hub_refused(host, hub.error)
    if hub.expires_at and hub.expires_at > now:
        return texts_web.hub_tells(host, hub.expires_at, hub.heard_at and min(hub.heard_at, now))
    if hub.error:
        return texts_web.hub_fails(host, hub.error, hub.next_at)
    return texts_web.hub_asked(host) if hub.state == "asked" else texts_web.hub_wanted(host)
