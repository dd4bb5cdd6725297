"""What alerts are made of: one thing to tell one place, once. Frozen values; no I/O and no decision.

``docs/design.md`` ("Exactly once") tells how they move; ``bot.rules.delivery`` decides each step.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from bot.domain import CommunityId, EpisodeId, Place, ShowId
from bot.feed_memory import FeedRole

#: new: an episode · burst: the one line for those beyond the cap · transcript: "you can /quote it now", in the post's
#: thread · trouble, over: something for the moderators, and its all-clear
AlertKind = Literal["new", "burst", "transcript", "trouble", "over"]

#: waiting: to be sent at ``due_at`` · sending: a request may be on its way · unknown: one was, and what became of it
#: is not known · held: a moderator decides · posted: it is there · deleted: it was there, and somebody took it away ·
#: skipped, expired, dropped: never sent, with the reason
AlertState = Literal["waiting", "sending", "unknown", "held", "posted", "deleted", "skipped", "expired", "dropped"]
#: What the outbox still has to do something about, in order of ``order_at``.
QUEUED: frozenset[AlertState] = frozenset(("waiting", "sending", "unknown"))

#: What an episode is to whoever subscribes. ``swap``: an episode of another show, put into this feed.
NewsKind = Literal["full", "bonus", "trailer", "swap"]
#: quiet: posted without mention and without a notification.
Handling = Literal["post", "quiet", "hold", "skip"]
ThreadWish = Literal["none", "thread", "forum"]


@dataclass(frozen=True, slots=True)
class News:
    """One episode that a poll found to be new, as the rules of announcing see it.

    ``identity`` is made of what the feed says of the item (``bot.rules.alert_keys.identity``): the same after a
    restore. ``reason`` is why it was taken for a new one. ``older``: its date is older than everything that was known.
    ``further``: so many young ones of the same poll are left out, since it brought more than anybody could be told.
    """

    key: str
    identity: str
    title: str
    kind: NewsKind
    seen_at: datetime
    reason: str
    published: datetime | None = None
    number: int | None = None
    season: int | None = None
    explicit: bool | None = None
    duration_s: float | None = None
    people: tuple[str, ...] = ()
    older: bool = False
    further: int = 0


@dataclass(frozen=True, slots=True)
class Filters:
    """What a place wants of a show; empty = everything. Words match whole words in any case, never as patterns.

    ``with_words``: at least one of them in the title; ``without_words``: none. ``people``: at least one of them named.
    Lengths in minutes; an episode without a length passes.
    """

    with_words: tuple[str, ...] = ()
    without_words: tuple[str, ...] = ()
    seasons: tuple[int, ...] = ()
    clean_only: bool = False
    shortest_min: int | None = None
    longest_min: int | None = None
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Options:
    """How one place wants one show's news; ``Subscription.options`` is its JSON (``bot.rules.subscription_options``).

    ``since`` is when it was made. ``paused`` says why nothing is sent (empty = running); ``paused_by`` is ``moderator``
    (episodes meanwhile are skipped, with that reason) or ``bot`` (they wait, up to their age).
    ``mention`` is a role's or user group's exact id, "" = nobody. ``template`` "" = the usual text.
    """

    since: datetime
    full: Handling = "post"
    bonus: Handling = "post"
    trailer: Handling = "quiet"
    swap: Handling = "quiet"
    filters: Filters = field(default_factory=Filters)
    template: str = ""
    mention: str = ""
    thread: ThreadWish = "none"
    thread_title: str = ""
    tag: str = ""
    publish: bool = False
    delay_min: int = 0
    age_days: int = 7
    burst_cap: int = 3
    paused: str = ""
    paused_by: Literal["", "moderator", "bot"] = ""
    paused_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert as it stands. ``id`` (24 base32 characters, ``bot.rules.alert_keys.alert_id``) is the nonce and the
    key that the post carries. ``subject`` is an episode's identity, a burst's first episode's, or a trouble's id.

    ``due_at``: not before; ``order_at``: its turn in its place, which retries do not change. ``tried_at``: when the
    first attempt began whose outcome is still unknown; reading back starts there. ``digest`` is of what the post
    shows now. ``text`` is what a burst, trouble or all-clear says, and of a transcript the id of the alert whose
    thread it is told in; an episode's post is made of the episode when it is sent.
    """

    id: str
    community: CommunityId
    place: Place
    kind: AlertKind
    subject: str
    state: AlertState
    reason: str
    seen_at: datetime
    due_at: datetime
    order_at: datetime
    expires_at: datetime
    show: ShowId | None = None
    episode: EpisodeId | None = None
    subscription: str = ""
    quiet: bool = False
    text: str = ""
    attempts: int = 0
    tried_at: datetime | None = None
    posted_at: datetime | None = None
    message: str = ""
    thread: str = ""
    digest: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True)
class AlertStep:
    """One line of an alert's own story: what it became when, and why."""

    at: datetime
    state: AlertState
    reason: str


@dataclass(frozen=True, slots=True)
class Lane:
    """A place's queue: worked on by one run (one start of one process) at a time, in order.

    ``vouched`` is the run that has read the place back; another one reads before it sends. ``known_until``: the
    newest post of ours there that is settled; nothing older needs to be read. ``blocked``: the place is gone or
    forbidden; ``silenced``: a twin was met. ``quiet_hours`` (``22:00-07:00``), ``quiet_until`` (ISO) and ``timezone``
    are the place's settings, else the community's, else "".
    """

    place: Place
    community: CommunityId
    due_at: datetime | None = None
    leased_by: str = ""
    leased_until: datetime | None = None
    vouched: str = ""
    known_until: datetime | None = None
    blocked: str = ""
    silenced: str = ""
    quiet_hours: str = ""
    quiet_until: str = ""
    timezone: str = ""


#: thread: open one under the post · publish: in an announcement channel · edit: say what the episode says now
ChoreKind = Literal["thread", "publish", "edit"]


@dataclass(frozen=True, slots=True)
class Chore:
    """Something to do to a post that is there. Doing it twice does no harm; it ends with ``expires_at``."""

    alert: str
    kind: ChoreKind
    due_at: datetime
    expires_at: datetime
    attempts: int = 0
    error: str = ""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that moderators should know: told once when it opens, once when it is over.

    ``source`` is what it is about: ``feed:SHOW:ROLE``, ``notice:SHOW:ROLE``, ``withdrawn:EPISODE``,
    ``report:ID:EPISODE``, ``place:PLACE``, ``twin:PLACE``, ``platform:NAME``.
    """

    id: str
    community: CommunityId
    source: str
    what: str
    since: datetime
    over_at: datetime | None = None


HubStep = Literal["wanted", "asked", "verified", "refused"]


@dataclass(frozen=True, slots=True)
class Hub:
    """A WebSub subscription to one feed: ``id`` is the random end of the callback's address; ``secret`` signs what
    comes.

    ``next_at``: when it is asked (again): renewal, or a retry."""

    id: str
    show: ShowId
    role: FeedRole
    hub: str
    topic: str
    secret: str
    state: HubStep = "wanted"
    next_at: datetime | None = None
    expires_at: datetime | None = None
    heard_at: datetime | None = None
    failures: int = 0
    error: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """A platform's word on how fast it may be asked.

    ``per_s``: requests of any kind in all; ``place_per_s``: posts a second in one place, up to ``place_burst`` at once;
    ``publish_per_hour``: in one announcement channel. ``settle_s``: so long after an attempt of unknown outcome it
    must be visible if it was accepted. ``remembers_nonce``: the same key sent again within minutes makes no second
    post.
    """

    per_s: float
    place_per_s: float
    place_burst: int = 1
    publish_per_hour: int = 10
    settle_s: float = 15.0
    remembers_nonce: bool = False


#: How long a lane is leased, and how long one request may take (seconds).
LEASE_S, REQUEST_S = 60.0, 20.0
#: A trouble and its all-clear are worth telling this long.
TROUBLE_AGE = timedelta(days=7)
