"""What alerts ask of the outside: a platform to post on, and a memory of what was told. Protocols only."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal, Protocol, runtime_checkable

if TYPE_CHECKING:
    from bot.alerts import Alert, AlertState, AlertStep, Chore, Hub, Lane, Limits, Trouble
    from bot.domain import CommunityId, EpisodeId, Person, Place, ShowId, Subscription
    from bot.feed_memory import FeedRole, FeedState
    from bot.posts import Post, Thread


# --- what a platform answers ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sent:
    """It is there: the platform's id of the message, when the platform says it was posted, and its thread's channel."""

    message: str
    at: datetime
    thread: str = ""


#: busy: 429 · down: no request got there (refused connection, no name) · gone: no such place · forbidden: not allowed
#: in this place · unauthorised: the token is not accepted anywhere · invalid: this content is not accepted · deleted:
#: that message is no more · unsupported: this platform or kind of place has no such thing
RefusedFor = Literal["busy", "down", "gone", "forbidden", "unauthorised", "invalid", "deleted", "unsupported"]


@dataclass(frozen=True, slots=True)
class Refused:
    """Certainly not done. ``everywhere``: holds for the whole platform, not this place alone."""

    why: RefusedFor
    reason: str
    retry_after_s: float | None = None
    everywhere: bool = False


@dataclass(frozen=True, slots=True)
class Unclear:
    """It may have been done: a 5xx, a reset, a timeout, an answer that cannot be read."""

    reason: str


Outcome = Sent | Refused | Unclear


@dataclass(frozen=True, slots=True)
class Found:
    """A post of this bot, with the key that it carries (never a nonce: no platform gives that back)."""

    message: str
    key: str
    kind: str
    at: datetime
    thread: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of a place's history, newest first: this bot's posts with a key in it. ``back_to``: everything from
    then to the request was looked at. ``before``: where the next page begins; "" when this was the oldest."""

    posts: tuple[Found, ...]
    back_to: datetime
    before: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """What the bot lacks in a place: one line for each missing permission, with where to give it. ``kind``: ``text``,
    ``announcement``, ``forum``, ``thread``, ``direct`` or ``console``."""

    kind: str = "text"
    missing: tuple[str, ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """A channel (``#news``) or role (``@listeners``) as people call it; ``about`` tells apart those of one name."""

    id: str
    name: str
    about: str = ""


@runtime_checkable
class Directory(Protocol):
    """What a messenger may know besides: names, at once and without a request."""

    def channels(self, workspace: str) -> Sequence[Named]:
        """Those of a workspace that can be posted in, in the platform's order."""
        ...

    def channel_name(self, place: Place) -> str:
        """``#news``; "" where it is not known."""
        ...

    def roles(self, workspace: str) -> Sequence[Named]:
        """Roles or user groups that a post may mention."""
        ...


class Messenger(Protocol):
    """One platform to post on. Raises nothing but cancellation; gives up by itself after ``bot.alerts.REQUEST_S``.

    It does not wait for rate limits and does not retry: whoever calls paces by ``limits`` and by ``Refused``.
    """

    @property
    def platform(self) -> str: ...

    @property
    def limits(self) -> Limits: ...

    async def send(self, place: Place, post: Post) -> Outcome:
        """Post, with ``post.key`` as nonce where there is one. In a forum this makes the thread too."""
        ...

    async def edit(self, place: Place, message: str, thread: str, post: Post) -> Outcome:
        """Show ``post`` where the message stands (and its thread's title), without any mention or notification."""
        ...

    async def open_thread(self, place: Place, message: str, thread: Thread) -> Outcome:
        """A thread under the message; ``Sent.thread`` names it, also when it was there already."""
        ...

    async def publish(self, place: Place, message: str) -> Outcome:
        """To the followers of an announcement channel; done already is ``Sent``."""
        ...

    async def history(self, place: Place, before: str = "") -> Page | Refused | Unclear:
        """One page of what was posted in the place, newest first, from ``before`` on."""
        ...

    async def check(
        self,
        place: Place,
        *,
        thread: str = "none",
        mention: bool = False,
        publish: bool = False,
        role: str = "",
        tag: str | None = None,
    ) -> Check:
        """Which permissions are missing for what a subscription wants, reading back included. ``role``: whom it
        mentions, where that is known; ``tag``: the forum's tag that it sets ("" = none), None = not asked about."""
        ...

    def watch(self, seen: Callable[[Place, Found], None]) -> None:
        """Call ``seen`` for each post of this bot's account with a key that appears anywhere from now on, own ones
        too."""
        ...

    async def close(self) -> None: ...


# --- what is remembered ---------------------------------------------------------------------------------------


class AlertStore(Protocol):
    """Alerts, places' queues, troubles and hubs. As for ``Storage``: aware UTC, one transaction a write,
    ``StorageError``. Except for the two reads that take a community, no surface uses these.

    ``apply_poll`` makes alerts too: for ``PollChanges.news`` and every subscription to the show in a community that
    has it on its shelf, ``bot.rules.news.decide`` is asked inside the transaction, and what it says is stored, skips
    included; in a place where a private show may not be named they are skips. ``Alert.episode`` is filled in by
    ``News.key``.

    A ``Ruling`` (``Storage.put``, ``drop``, ``undo``) moves its alert in the same transaction: a held one becomes
    ``posted`` (*there*, without a message), ``waiting`` and due now (*post*, with seven days to go at least) or
    ``dropped``; a skipped, expired or dropped one may be let go too. Taken back, the alert is what it was; UserError
    when it was sent meanwhile or is being sent. A ruling is spent, and gone, once its alert ends unsent or is held
    again.

    What stepped aside (its ``order_at`` was moved to its ``due_at``: quiet hours, a pause) is due again, in its old
    order, with the write that may have ended that: a subscription or a setting for quiet times is put, dropped or taken
    back, a place is freed. Once a moderator's pause or an unsubscribing is undone, what waited before and was skipped
    for it meanwhile waits again.
    """

    # -- alerts
    async def add_alerts(self, alerts: Sequence[Alert], now: datetime) -> list[str]:
        """Store those that are not there yet: by id, by (place, show, subject, kind) and by (place, episode, kind; not
        for trouble and over). An episode that was joined into another one is that one. A place has a lane from its
        first alert on. The ids of the new ones, in their order."""
        ...

    async def alert(self, id: str) -> Alert | None: ...

    async def alerts(
        self,
        community: CommunityId,
        *,
        show: ShowId | None = None,
        episode: EpisodeId | None = None,
        place: Place | None = None,
        states: Collection[AlertState] = (),
        limit: int = 100,
    ) -> list[Alert]:
        """Of one community, newest first; ``states`` empty = in any."""
        ...

    async def alert_story(self, id: str) -> list[AlertStep]:
        """What became of it, oldest first; the latest 50 steps."""
        ...

    async def alerts_of_episodes(self, episodes: Sequence[EpisodeId]) -> list[Alert]:
        """Those ``posted`` for these episodes, of every community, in order of making."""
        ...

    async def posts_since(self, since: datetime, after: str = "", limit: int = 200) -> list[Alert]:
        """Those that are ``posted``, of every community, by the time of posting and id: beyond the moment ``since`` and
        the id ``after``, which are the last one's of the page before."""
        ...

    # -- lanes: one worker a place
    async def claim_lanes(
        self, run: str, now: datetime, lease_s: float, limit: int, platforms: Collection[str]
    ) -> list[Lane]:
        """Lanes of these platforms whose ``due_at`` has come, neither blocked, silenced nor leased to a live run;
        longest due first; a lane that this run holds itself is leased too. They are this run's until the lease ends or
        is given back. An alert that is still ``sending`` in a lane that is claimed becomes ``unknown`` with the claim.
        ``Lane.due_at`` is the ``due_at`` of the first of the queue, whatever stands behind it, or of a chore that is
        due earlier."""
        ...

    async def unread_places(self, run: str, platforms: Collection[str]) -> list[Place]:
        """Places of these platforms with a subscription that this run does not vouch for, neither blocked nor
        silenced: those with the newest posts first, those without any alert yet behind them."""
        ...

    async def claim_place(self, place: Place, run: str, now: datetime, lease_s: float) -> Lane | None:
        """As ``claim_lanes`` for one place, due or not; a place without a lane gets one. None when it is leased to
        anybody, blocked, silenced or vouched for by this run."""
        ...

    async def next_lane_at(self, platforms: Collection[str]) -> datetime | None:
        """When the next lane may be claimed: due, neither blocked nor silenced; a leased one at its lease's end."""
        ...

    async def lane(self, place: Place) -> Lane | None: ...

    async def lanes(self, community: CommunityId) -> list[Lane]: ...

    async def queue(self, place: Place, limit: int = 20) -> list[Alert]:
        """What is queued in a place, by ``order_at``, then in order of making."""
        ...

    async def advance(
        self, alerts: Sequence[Alert], run: str, now: datetime, chores: Sequence[Chore] = ()
    ) -> list[Alert]:
        """Write what became of alerts of one leased lane, with their story where state or reason is another one now,
        and new chores; as they are stored, with their new version. What an alert is about (place, kind, subject, show,
        episode, subscription, ``seen_at``) is never written. ``posted_at`` moves the lane's ``known_until``.

        Raises StorageConflict, with nothing written, when the lane is no longer this run's (its lease lapsed and
        another took it, or it was given back), when an alert was written since it was read, or when one would become
        ``sending`` although the lease has lapsed: ``keep_lane`` first. NotFound for an alert that is not there;
        ValueError for alerts of two lanes, and for a way that none may go: ``posted`` becomes only ``deleted``,
        ``deleted`` nothing, ``skipped``, ``expired`` and ``dropped`` only ``posted`` (a ruling does more)."""
        ...

    async def keep_lane(self, place: Place, run: str, until: datetime) -> bool:
        """Lengthen the lease, also one that has lapsed and that nobody took; False when it is no longer this run's."""
        ...

    async def vouch(self, place: Place, run: str, known_until: datetime | None) -> None:
        """This run has read the place back; ``known_until`` never goes back. Raises StorageConflict when the lane is no
        longer this run's."""
        ...

    async def release_lane(self, place: Place, run: str) -> None:
        """Give it back; ``due_at`` becomes the time of its next work, None where there is none. Nothing happens when it
        is no longer this run's."""
        ...

    async def block_place(self, place: Place, reason: str, now: datetime) -> list[Subscription]:
        """The place is gone or forbidden: the lane is blocked, every subscription to it paused by the bot (in the
        history, as ``pullquote``), which are given back: not those that were paused before. Alerts stay. Here and in
        ``silence_place`` a place without a lane gets one."""
        ...

    async def silence_place(self, place: Place, reason: str, now: datetime) -> None:
        """A twin was met."""
        ...

    async def free_place(self, place: Place, now: datetime) -> None:
        """Neither blocked nor silenced any more; read back before anything is sent (nobody vouches). Subscriptions
        that the bot paused stay paused."""
        ...

    # -- chores
    async def chores(self, place: Place, now: datetime) -> list[Chore]:
        """Those of the place's posts that are due, first due first."""
        ...

    async def put_chores(self, chores: Sequence[Chore]) -> None:
        """New ones, and what became of those that are there (by alert and kind). NotFound for an unknown alert."""
        ...

    async def end_chore(self, chore: Chore, alert: Alert | None = None) -> None:
        """It is done, unless it was put down anew since it was read; ``alert`` is the post as it stands now (its
        thread, its digest, or ``deleted``), written as by ``advance`` but without a lease. Raises StorageConflict when
        the alert was written since it was read."""
        ...

    # -- troubles
    async def set_troubles(
        self, source: str, lines: Sequence[str], communities: Sequence[CommunityId], now: datetime, over: str = ""
    ) -> list[Trouble]:
        """Make ``lines`` what is open for this source in these communities. A line that was not open opens a trouble,
        with its alert to the community's moderator place (setting ``moderators``; else the console); one that is open
        and not among ``lines`` is over, with an alert that says ``over`` unless that is empty. One that returns is
        told again, under another id. Ids are made of community, source, line and turn, so that a restored database
        tells nothing twice. Alerts name the show (``feed:``, ``notice:``) or the episode (``withdrawn:``,
        ``report:``). The ones that opened now."""
        ...

    async def troubles(self, community: CommunityId) -> list[Trouble]:
        """Those that are open, oldest first."""
        ...

    async def communities_of(self, show: ShowId) -> list[CommunityId]:
        """Who has the show on its shelf, by id."""
        ...

    # -- subscriptions, across communities
    async def subscriptions_to(self, show: ShowId) -> list[tuple[CommunityId, Subscription]]:
        """Of every community that has the show on its shelf, oldest first."""
        ...

    async def subscription(self, community: CommunityId, id: str) -> Subscription | None:
        """None too while its show is on the community's shelf no more."""
        ...

    async def finding(self, show: ShowId, key: str) -> tuple[datetime, str] | None:
        """When and why a poll took the episode of this key for a new one, the first time; None where none did."""
        ...

    # -- who wants to be told, and the first admin
    async def wish(self, alert: str, person: Person) -> bool:
        """Remember who wants to be told in the post's thread; False when they did already. NotFound for an unknown
        alert."""
        ...

    async def wishes(self, alert: str) -> list[Person]: ...

    async def make_code(self, community: CommunityId, digest: str, now: datetime) -> None:
        """The one code that is valid from now on; earlier ones are not."""
        ...

    async def use_code(self, community: CommunityId, person: Person, digest: str, now: datetime) -> bool:
        """True once, for the valid code within a day. Who tried five wrong ones is refused for an hour; after a hundred
        of all there is no code."""
        ...

    # -- feeds by lease, and hubs
    async def claim_feeds(self, run: str, now: datetime, lease_s: float, limit: int) -> list[FeedState]:
        """As ``due_feeds``, and nobody gets them again before the lease ends or their state is written (``put_feed``,
        ``note_polls``, ``apply_poll``). ``version`` is what it was."""
        ...

    async def next_feed_at(self) -> datetime | None:
        """When the next feed of a shelved show may be claimed; the beginning of time for one never looked at."""
        ...

    async def hint_feed(self, show: ShowId, role: FeedRole, now: datetime) -> None:
        """Something may be new: the feed is due now (a stopped one stays stopped). One that is being polled is due
        again once that poll is stored."""
        ...

    async def put_hub(self, hub: Hub) -> None:
        """By show and role; ``id`` is unique. NotFound for an unknown show."""
        ...

    async def hub(self, id: str) -> Hub | None: ...

    async def hubs(self, show: ShowId | None = None) -> list[Hub]: ...

    async def due_hubs(self, now: datetime, limit: int) -> list[Hub]:
        """Those to be asked now, longest due first; a ``wanted`` one without ``next_at`` is due, any other is not."""
        ...

    async def drop_hub(self, show: ShowId, role: FeedRole) -> None: ...
