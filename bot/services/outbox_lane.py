"""Work on one place's queue while its lease lasts: the head is resolved before the next is sent, chores come after.

Each step is decided by ``bot.rules.delivery``; here it is carried out, written before and after each request.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from bot import texts_alerts as texts
from bot.alert_ports import Outcome, Page, Refused, Sent, Unclear
from bot.alerts import LEASE_S, REQUEST_S, Alert, Chore, Lane, Options
from bot.errors import PullquoteError, StorageConflict
from bot.logs import get_logger
from bot.posts import Post
from bot.rules import delivery, subscription_options, twins
from bot.rules.post_digest import digest
from bot.services.outbox_desk import Desk, Platform
from bot.services.pacing import SHORT_REST_S, Resting, Urgency

if TYPE_CHECKING:
    from bot.services.outbox_notices import Notices
    from bot.services.sentry import Sentry

log = get_logger(__name__)
Answer = TypeVar("Answer", bound=Outcome | Page)

#: A request begins only while the lease lasts so much longer than it may take (seconds).
LEASE_MARGIN_S = 5.0
#: So long one place is worked on while others may wait (seconds).
TURN_S = 10.0
#: A place that could not be read is believed to be so for a while (seconds).
UNREADABLE_S = 600.0


class LaneOver(Exception):
    """Nothing more can be done in this lane now: it is blocked, silenced, or another run's."""


@dataclass(slots=True)
class Work:
    """One lane as it is worked on. ``busy``: a request is on its way, or something long is waited for, so that the
    place takes nobody else's room. ``idle``: whether it may still be read although nothing is to be sent there; None =
    something is."""

    desk: Desk
    notices: Notices
    sentry: Sentry
    lane: Lane
    until: datetime
    begun: float = 0.0
    busy: bool = False
    idle: Callable[[], bool] | None = None

    @property
    def platform(self) -> Platform:
        return self.desk.platforms[self.lane.place.platform]

    async def run(self) -> None:
        """Until nothing is left to do now, others wait, or the outbox stops. Raises Resting, LaneOver, StorageError."""
        from bot.services.outbox_chores import one_chore

        ends = asyncio.get_running_loop().time() + TURN_S
        while not self.desk.stopping.is_set():
            if self.lane.place in self.desk.silenced:
                raise LaneOver
            queue = await self.desk.storage.queue(self.lane.place)
            if not await self._step(queue) and not await one_chore(self):
                return
            if asyncio.get_running_loop().time() >= ends:
                return

    async def _step(self, queue: Sequence[Alert]) -> bool:
        """Do what the head of the queue needs; False when that is to wait."""
        if not queue:
            return False
        if await self._heard(queue):
            return True
        head, now = queue[0], self.desk.clock.now()
        options = await self.options(head)
        step = delivery.next_step(head, self.lane, options, now, self.desk.run, await self._sight(queue))
        match step:
            case delivery.End():
                await self.advance([delivery.ended(head, step)])
                return True
            case delivery.WaitUntil():
                if head.due_at < step.at:
                    await self.advance([delivery.put_off(head, step)])
                return step.aside
            case delivery.ReadBack() if head.state != "waiting" and (wait := self.desk.unclear_s(head.place)) > 0:
                # This run has just begun, or the clock was set.
                await self.advance([replace(head, due_at=now + timedelta(seconds=wait))])
                return False
            case delivery.ReadBack():
                from bot.services.outbox_reading import read_back

                return await read_back(self, head, step)
            case delivery.Send():
                return await self._send(head, options)

    async def options(self, alert: Alert) -> Options | None:
        """Those of the alert's subscription as they are now; None where there is none."""
        if not alert.subscription:
            return None
        found = await self.desk.storage.subscription(alert.community, alert.subscription)
        return subscription_options.read(found.options) if found else None

    async def _sight(self, queue: Sequence[Alert]) -> delivery.Sight:
        head, settle_s = queue[0], self.platform.gate.limits.settle_s
        why, until = self.desk.unreadable.get(self.lane.place, ("", 0.0))
        if not why or asyncio.get_running_loop().time() >= until:
            return delivery.sight_of(queue, settle_s)
        ruling = await self.desk.storage.record(head.community, "ruling", head.id)
        return delivery.sight_of(queue, settle_s, why, ruled=getattr(ruling, "choice", "") == "post")

    async def _heard(self, queue: Sequence[Alert]) -> bool:
        """Settle what the platform has told of. Not before the place was read, where it can be: reading starts at the
        newest settled post."""
        if self.lane.vouched != self.desk.run and self.lane.place not in self.desk.unreadable:
            return False
        for alert in queue:
            found = self.sentry.heard(alert.id)
            if found is not None:
                settled = delivery.posted(alert, found.message, found.at, texts.HEARD_THERE, found.thread)
                await self.advance([settled], await self.chores_for(settled))
                if twins.of_event(found, alert).what == "twin":
                    self.desk.noticed.add(found.message)
                    await self.silence(texts.TWIN_NOT_MINE)
                self.sentry.forget(alert.id)
                return True
        return False

    # -- sending

    async def _send(self, head: Alert, options: Options | None) -> bool:
        try:
            post = await self.desk.posts.make(head, options)
        except PullquoteError:
            raise
        except Exception as error:  # a bug with one episode keeps no other waiting
            log.error("a post cannot be made", alert=head.id, exc_info=error)
            await self.advance([replace(head, state="held", reason=texts.HELD_UNMADE.format(why=type(error).__name__))])
            await self.notices.unmade(self.lane)
            return True
        if not isinstance(post, Post):
            await self.advance([replace(head, state=post.state, reason=post.reason)])
            return True
        if not await self.place_turn(head):
            return False
        await self.platform.gate.turn("send")
        if self.desk.stopping.is_set() or self.sentry.heard(head.id) or self.lane.place in self.desk.silenced:
            return True
        await self.lease()
        now = self.desk.clock.now()
        [sending] = await self.advance([delivery.sending(head, now, digest(post))])
        await self._request(sending, post, options)
        return True

    async def _request(self, sending: Alert, post: Post, options: Options | None) -> None:
        """``sending`` is stored: from here to the request nothing may take so long that another run reads the place
        before it arrives."""
        gate, place = self.platform.gate, sending.place
        try:
            await gate.depart()
            if self._lease_left() < self._shown_s:
                raise LaneOver
        except (Resting, LaneOver):
            await self.advance([delivery.not_sent(sending)])
            raise
        with self.waiting():
            outcome = await self.desk.answered(place.platform, lambda: self.platform.messenger.send(place, post))
        if not (isinstance(outcome, Refused) and outcome.why == "down"):
            gate.noted(place)
        await self._settle(sending, outcome, options)

    async def _settle(self, sending: Alert, outcome: Outcome, options: Options | None) -> None:
        now = self.desk.clock.now()
        if isinstance(outcome, Sent):
            self.sentry.sent(outcome.message, sending.id)
        if isinstance(outcome, Unclear):
            settle_s = self.platform.gate.limits.settle_s
            self.desk.unclear_until[sending.place] = asyncio.get_running_loop().time() + settle_s
        else:
            self.desk.unclear_until.pop(sending.place, None)
        after = delivery.after_send(sending, outcome, now, self.platform.gate.limits, self.desk.random.random())
        [stored] = await self.advance([after], chores_of(after, options, now))
        if isinstance(outcome, Sent):
            await self._settled(sending, stored, outcome)
        elif isinstance(outcome, Refused):
            await self.refused(outcome)

    async def _settled(self, sending: Alert, stored: Alert, sent: Sent) -> None:
        assert sending.tried_at is not None
        usual = self.platform.usual(self.desk.clock.now())
        if stored.kind in twins.JUDGED and twins.was_there_before(sending, sent.at, sending.tried_at, usual):
            await self.silence(texts.TWIN_OLDER)
            raise LaneOver
        self.platform.measured(sending.tried_at - sent.at)
        await self.notices.works(self.lane)

    async def place_turn(self, alert: Alert) -> bool:
        """Wait until the place may be written to; False when it is put off instead."""
        wait = self.platform.gate.place_free_s(self.lane.place)
        if wait > SHORT_REST_S:
            due = self.desk.clock.now() + timedelta(seconds=wait)
            await self.advance([replace(alert, due_at=due)])
            return False
        if wait:
            await self.desk.sleep(wait)
        return not self.desk.stopping.is_set()

    async def refused(self, refused: Refused) -> None:
        """What a refusal means for the place. Raises LaneOver where that ends the work."""
        if refused.why == "busy" and refused.retry_after_s and not refused.everywhere:
            self.platform.gate.rest_place(self.lane.place, refused.retry_after_s)
        if refused.why == "unauthorised":
            await self.notices.token(self.lane, refused.reason)
            raise Resting
        if refused.why == "down" or (refused.why == "busy" and refused.everywhere):
            raise Resting
        if refused.why in ("gone", "forbidden"):
            await self.notices.blocked(self.lane, refused.reason)
            raise LaneOver

    async def silence(self, why: str) -> None:
        self.desk.silenced.add(self.lane.place)
        await self.notices.silenced(self.lane.place, self.lane.community, why)

    # -- the lease, and writing under it

    async def ask(self, urgency: Urgency, request: Callable[[], Awaitable[Answer]]) -> Answer | Refused | Unclear:
        """A request that changes nothing or may be made twice. Raises Resting, LaneOver."""
        await self.platform.gate.turn(urgency)
        await self.lease()
        await self.platform.gate.depart()
        with self.waiting():
            return await self.desk.answered(self.lane.place.platform, request)

    def waiting(self) -> _Busy:
        return _Busy(self)

    @property
    def _shown_s(self) -> float:
        """So long after a request begins, what it posted can be read at the latest."""
        return REQUEST_S + self.platform.gate.limits.settle_s

    def _lease_left(self) -> float:
        return (self.until - self.desk.clock.now()).total_seconds()

    async def lease(self) -> None:
        """Make sure that the lease lasts until what a request posted can be read. Raises LaneOver when the lane is
        another run's."""
        if self._lease_left() >= self._shown_s + LEASE_MARGIN_S:
            return
        until = self.desk.clock.now() + timedelta(seconds=max(LEASE_S, self._shown_s + 3 * LEASE_MARGIN_S))
        if not await self.desk.storage.keep_lane(self.lane.place, self.desk.run, until):
            raise LaneOver
        self.until = max(self.until, until)

    async def advance(self, alerts: Sequence[Alert], chores: Sequence[Chore] = ()) -> list[Alert]:
        """Write what became of alerts: what has to be known before a request once, what came of one until it is
        there. Raises LaneOver when another run took the lane or an alert was changed by somebody."""
        now = self.desk.clock.now()
        try:
            if any(alert.state == "sending" for alert in alerts):
                return await self.desk.storage.advance(alerts, self.desk.run, now, chores)
            return await self.desk.written(lambda: self.desk.storage.advance(alerts, self.desk.run, now, chores))
        except StorageConflict as error:
            raise LaneOver from error

    async def chores_for(self, alert: Alert) -> list[Chore]:
        """Those of a post that was found to be there; what it told when it was sent may have changed since."""
        now = self.desk.clock.now()
        found = chores_of(alert, await self.options(alert), now)
        if alert.state == "posted" and alert.kind == "new" and alert.message:
            found.append(Chore(alert.id, "edit", now, max(alert.expires_at, now + delivery.AGE)))
        return found


class _Busy:
    """While the block runs, the lane takes nobody's room."""

    def __init__(self, work: Work) -> None:
        self._work = work

    def __enter__(self) -> None:
        self._work.busy = True
        self._work.desk.awake.set()

    def __exit__(self, *_: object) -> None:
        self._work.busy = False


def chores_of(alert: Alert, options: Options | None, now: datetime) -> list[Chore]:
    """What is still to be done to a post that is there, as its subscription wishes. In a forum the post is a thread
    already."""
    if alert.state != "posted" or alert.kind not in ("new", "burst") or options is None or not alert.message:
        return []
    ends = max(alert.expires_at, now + delivery.AGE)
    kinds: list[Chore] = []
    if alert.kind == "new" and options.thread == "thread" and not alert.thread:
        kinds.append(Chore(alert.id, "thread", now, ends))
    if options.publish:
        kinds.append(Chore(alert.id, "publish", now, ends))
    return kinds
