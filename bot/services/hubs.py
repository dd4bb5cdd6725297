"""Hubs (WebSub): asked to tell us when a feed has something new, and heard. A hint on top of polling: what a hub sends
is never read as a feed, it only makes the feed due."""

from __future__ import annotations

import asyncio
import hmac
import secrets
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot import texts_web
from bot.alerts import Hub
from bot.domain import ShowId
from bot.feed_memory import FeedRole, FeedState
from bot.feed_ports import Fetched, Fetcher, Request
from bot.logs import get_logger
from bot.plain import clean_line
from bot.rules import websub
from bot.rules.addresses import AllowList
from bot.rules.ids import new_id
from bot.rules.masking import masked
from bot.services.together import together
from bot.web_ports import Answer, Body, BodyBroken, BodyTooLarge, Incoming, Route

if TYPE_CHECKING:
    from bot.ports import Clock, Storage

log = get_logger(__name__)

#: So many hubs are asked in one round, and at a time; so much of an answer is read (bytes), for so long (seconds).
A_ROUND, AT_ONCE, ANSWER_LIMIT, ANSWER_S = 50, 4, 64 * 1024, 15.0
#: A hub that was told that we leave may ask back for so long.
LEAVING = timedelta(hours=1)
#: Under which address the subscriptions were made, in storage's cache.
_HOME = "websub|public_url"

Key = tuple[ShowId, FeedRole]
_CLOSED = AllowList()
_GONE = Answer(410, texts_web.NOT_FOUND)
_HEARD = Answer(202)


def _nobody() -> None:
    """Nobody waits for hints."""


class Hubs:
    """Subscriptions to hubs for every feed that names one. ``public_url`` is how they reach us; without it, nothing is
    asked. ``allowed`` is what the operator opened; ``wake`` is called when a feed has become due."""

    def __init__(
        self,
        storage: Storage,
        fetcher: Fetcher,
        clock: Clock,
        public_url: str,
        *,
        allowed: AllowList = _CLOSED,
        body_limit: int = 25 * 2**20,
        wake: Callable[[], None] = _nobody,
    ) -> None:
        self._storage = storage
        self._fetcher = fetcher
        self._clock = clock
        self._public_url = public_url
        self._allowed = allowed
        self._body_limit = body_limit
        self.wake = wake
        #: How many notifications came to what: hint, merged, unsigned, forged, too large, broken.
        self.heard_of: Counter[str] = Counter()
        # Read, decide and write belong together; no request is made inside.
        self._writing = asyncio.Lock()
        self._leaving: dict[str, tuple[str, datetime]] = {}

    def routes(self) -> tuple[Route, ...]:
        """The callback, for the web port."""
        path = "/websub/{id}"
        return Route("GET", path, self._verify), Route("POST", path, self._notify, self._body_limit)

    async def words(self, show: ShowId) -> tuple[str, ...]:
        """How it stands with a show's hubs, a sentence each."""
        if not self._public_url:
            return ()
        now = self._clock.now()
        return tuple(websub.health(hub, now) for hub in await self._storage.hubs(show))

    # -- asking

    async def renew(self, now: datetime) -> int:
        """Leave what is wanted no more, note what is wanted now, ask what is due; how many were asked.

        To be called every few minutes. Hubs that do not answer are asked again later; only StorageError is raised.
        """
        if not self._public_url:
            return 0
        await self._moved(now)
        await self._follow_feeds(now)
        due = [hub for hub in await self._storage.due_hubs(now, A_ROUND) if websub.is_due(hub, now)]
        waiting = due[::-1]

        async def work() -> None:
            while waiting:
                await self._ask(waiting.pop(), now)

        await together(work() for _ in range(min(AT_ONCE, len(due))))
        return len(due)

    async def _moved(self, now: datetime) -> None:
        """With another public address, every hub must learn the new one."""
        before = await self._storage.cached(_HOME)
        if before == self._public_url:
            return
        for hub in await self._storage.hubs() if before else ():
            if hub.state != "refused":
                await self._change((hub.show, hub.role), hub.id, lambda hub: replace(hub, next_at=now))
        await self._storage.cache(_HOME, self._public_url)

    async def _follow_feeds(self, now: datetime) -> None:
        """Make the subscriptions those that the feeds ask for."""
        known: dict[Key, Hub] = {(hub.show, hub.role): hub for hub in await self._storage.hubs()}
        for state in await self._storage.feeds():
            wish = await self._wish(state)
            if wish is None:
                continue
            hub = known.pop((state.show, state.role), None)
            if hub is not None and (hub.hub, hub.topic) == (wish.hub, wish.topic):
                continue
            if hub is not None:
                await self._leave(hub, now)
            made = Hub(new_id() + new_id(), state.show, state.role, wish.hub, wish.topic, secrets.token_urlsafe(32))
            await self._storage.put_hub(replace(made, next_at=now))
        for hub in list(known.values())[:A_ROUND]:
            await self._leave(hub, now)

    async def _wish(self, state: FeedState) -> websub.Wish | None:
        if not state.hub:
            return None
        return websub.wish(state, await self._storage.stored_show(state.show), self._allowed)

    async def _ask(self, hub: Hub, now: datetime) -> None:
        """Stored as asked before the request goes out: some hubs ask back before they answer."""
        key = hub.show, hub.role

        def claimed(stored: Hub) -> Hub:
            return websub.asking(stored, now) if websub.is_due(stored, now) else stored

        asked = await self._change(key, hub.id, claimed)
        if asked is None:  # another process was faster
            return
        answer = await self._post(asked, "subscribe")
        failures = asked.failures

        def settled(stored: Hub) -> Hub:
            # Confirmed or refused meanwhile: then that is what counts.
            still = stored.state == "asked" and stored.failures == failures
            return websub.answered(stored, now, answer.code, _reason(answer), answer.retry_after_s) if still else stored

        await self._change(key, hub.id, settled)
        log.info("hub asked", hub=websub.host_of(hub), show=hub.show, status=answer.code or answer.status)

    async def _change(self, key: Key, id: str, change: Callable[[Hub], Hub]) -> Hub | None:
        """Change what is stored now; None when nothing was to be changed, or it is there no more."""
        async with self._writing:
            stored = await self._storage.hub(id)
            if stored is None or (stored.show, stored.role) != key:
                return None
            changed = change(stored)
            if changed == stored:
                return None
            await self._storage.put_hub(changed)
            return changed

    async def _leave(self, hub: Hub, now: datetime) -> None:
        """Forget a subscription, and tell its hub once; one that does not listen ends with its lease."""
        self._leaving = {id: told for id, told in self._leaving.items() if told[1] > now}
        self._leaving[hub.id] = hub.topic, now + LEAVING
        async with self._writing:
            await self._storage.drop_hub(hub.show, hub.role)
        if hub.state in ("asked", "verified") and not websub.unusable(hub.hub, self._allowed):
            answer = await self._post(hub, "unsubscribe")
            log.info("hub left", hub=websub.host_of(hub), show=hub.show, status=answer.code or answer.status)

    async def _post(self, hub: Hub, mode: str) -> Fetched:
        told = websub.form(hub, mode, self._public_url)
        return await self._fetcher.fetch(Request(hub.hub, ANSWER_LIMIT, form=told, deadline_s=ANSWER_S))

    # -- heard

    async def _verify(self, incoming: Incoming) -> Answer:
        return await self.verify(incoming.parts["id"], incoming.query)

    async def verify(self, id: str, query: Mapping[str, str]) -> Answer:
        """A hub asks whether it was us, or says that it will not. Raises StorageError: it asks again."""
        mode, now = query.get("hub.mode", ""), self._clock.now()
        if mode == "unsubscribe":
            topic, until = self._leaving.get(id, ("", now))
            agreed = until > now and websub.same_topic(topic, query)
            return Answer(200, websub.challenge(query)) if agreed else Answer(404, texts_web.NOT_FOUND)
        hub = await self._storage.hub(id)
        if hub is None or not websub.same_topic(hub.topic, query):
            return Answer(404, texts_web.NOT_FOUND)
        if mode == "denied":
            return await self._denied(hub, query)
        if mode != "subscribe" or not websub.confirms(hub, query):
            return Answer(404, texts_web.NOT_FOUND)
        await self._change((hub.show, hub.role), id, lambda stored: websub.confirmed(stored, query, now))
        log.info("hub confirmed", hub=websub.host_of(hub), show=hub.show)
        return Answer(200, websub.challenge(query))

    async def _denied(self, hub: Hub, query: Mapping[str, str]) -> Answer:
        reason = masked(clean_line(query.get("hub.reason", ""))) or texts_web.HUB_NO_REASON
        await self._change((hub.show, hub.role), hub.id, lambda stored: websub.denied(stored, reason))
        log.warning("hub refused", hub=websub.host_of(hub), show=hub.show)
        return Answer(200)

    async def _notify(self, incoming: Incoming) -> Answer:
        return await self.heard(incoming.parts["id"], incoming.headers.get("x-hub-signature", ""), incoming.body)

    async def heard(self, id: str, signature: str, body: Body) -> Answer:
        """A hub says that there is something new. The body is only signed for, never kept or read.

        What is not signed by the secret is acknowledged and ignored (the Recommendation's own words), so that nobody
        learns by trying. Raises StorageError: the hub sends it again.
        """
        hub = await self._storage.hub(id)
        if hub is None:
            return _GONE
        outcome = await _judged(hub.secret, signature, body)
        if not outcome:
            outcome = await self._hint(hub)
        self.heard_of[outcome] += 1
        log.info("hub heard", hub=websub.host_of(hub), show=hub.show, outcome=outcome)
        return _HEARD

    async def _hint(self, hub: Hub) -> str:
        async with self._writing:  # read anew: many may come at once
            stored = await self._storage.hub(hub.id)
            due = websub.hint_at(stored.heard_at, self._clock.now()) if stored else None
            if stored is None or due is None:
                return "merged"
            await self._storage.hint_feed(stored.show, stored.role, due)
            await self._storage.put_hub(replace(stored, heard_at=due))
        self.wake()
        return "hint"


async def _judged(secret: str, signature: str, body: Body) -> str:
    """What is wrong with a notification; "" when the secret signed it."""
    told = websub.signature(signature)
    if told is None:
        return "unsigned"
    method, digest = told
    mac = websub.signs(secret, method)
    try:
        async for piece in body.pieces():
            mac.update(piece)
    except BodyTooLarge:
        return "too large"
    except BodyBroken:
        return "broken"
    return "" if hmac.compare_digest(mac.hexdigest(), digest) else "forged"


def _reason(answer: Fetched) -> str:
    if answer.code is not None and not 300 <= answer.code < 400:
        return texts_web.hub_answered(answer.code)
    return masked(clean_line(answer.reason)) or answer.status
