"""Posts that grow: what changed is followed, and posts that would say something else now are put down to be edited.

Nothing is sent here: edits are chores, "the transcript is in" is an alert of the post's thread, and the outbox does
both. Whatever is stored twice does no harm, so the place in the changes is noted last.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot import texts_posts
from bot.alerts import Alert, Chore, Options
from bot.domain import EpisodeId, Place
from bot.rules.alert_keys import alert_id
from bot.rules.post_digest import brings_transcript, digest
from bot.rules.subscription_options import read
from bot.services.posts import NoPost, PostMaker

if TYPE_CHECKING:
    from bot.ports import Clock, Storage

#: Where this stands in the changes, kept in storage's cache; it may be lost, then everything is compared again.
CURSOR = "growth|seen"
#: An edit waits so long for what comes with it: chapters a moment after the transcript.
TOGETHER = timedelta(seconds=20)
#: A post may have been on its way, made of what was before the change: its episode is looked at once more.
AGAIN = timedelta(minutes=2)
#: An edit that cannot be made is given up; a new change asks for it again.
EDIT_AGE = timedelta(days=7)
#: Younger posts are compared when something changed that names no episode, and are told of in their threads.
POST_AGE = timedelta(days=60)
#: All of them at most so often.
SWEEP_EVERY = timedelta(minutes=1)
#: Posts and episodes compared at a time, with a pause for whoever asks meanwhile (seconds).
SLICE, BREATH_S = 50, 0.05
#: Changes read at once, and episodes remembered for a second look; beyond, all posts get one.
CHANGES, REMEMBERED = 5_000, 1_000
#: In the memory of what is to be looked at again: every post of ``POST_AGE``; those that were on their way.
_ALL, _FRESH = "*", "+"


@dataclass(frozen=True, slots=True)
class _Memory:
    """The last change that was followed, when all posts were compared, and what is compared again when."""

    seen: int = 0
    swept_at: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    later: dict[str, datetime] = field(default_factory=dict)


class Growth:
    """Follows storage's changes for all communities."""

    def __init__(self, storage: Storage, posts: PostMaker, clock: Clock) -> None:
        self._storage = storage
        self._posts = posts
        self._clock = clock
        self._memory: _Memory | None = None

    async def follow(self) -> int:
        """What changed since the last call; how many edits and alerts were stored for it, none when nothing did."""
        memory, now = await self._remembered(), self._clock.now()
        changes = await self._storage.changes_since(memory.seen, CHANGES)
        due = {id for id, at in memory.later.items() if at <= now}
        if not changes and not due:
            return 0
        changed = {one.episode for one in changes if one.episode is not None}
        wide = any(one.episode is None for one in changes) or _ALL in due
        sweeps = wide and now - memory.swept_at >= SWEEP_EVERY
        done: set[str] = set()
        made = await self._episodes([*changed, *(EpisodeId(id) for id in due - changed - {_ALL, _FRESH})], done)
        if sweeps or _FRESH in due:
            made += await self._sweep(now - (POST_AGE if sweeps else 2 * AGAIN), done)
        later = {id: at for id, at in memory.later.items() if id not in due} | dict.fromkeys(changed, now + AGAIN)
        if sweeps:
            later = {id: at for id, at in later.items() if id != _ALL} | {_FRESH: now + AGAIN}
        elif wide:
            later[_ALL] = memory.swept_at + SWEEP_EVERY
        if len(later) > REMEMBERED:
            later = {_ALL: now + AGAIN}
        seen = changes[-1].n if changes else memory.seen
        await self._remember(_Memory(seen, now if sweeps else memory.swept_at, later))
        return made

    # -- what is compared

    async def _episodes(self, episodes: Sequence[EpisodeId], done: set[str]) -> int:
        """Every post about these, however old."""
        made = 0
        for first in range(0, len(episodes), SLICE):
            posted = await self._storage.alerts_of_episodes(episodes[first : first + SLICE])
            for n in range(0, len(posted), SLICE):
                made += await self._compared(posted[n : n + SLICE], done)
            await asyncio.sleep(BREATH_S if first + SLICE < len(episodes) else 0)
        return made

    async def _sweep(self, since: datetime, done: set[str]) -> int:
        """Every post since then, in the order of posting."""
        made, after = 0, ""
        while posted := await self._storage.posts_since(since, after, SLICE):
            made += await self._compared(posted, done)
            if len(posted) < SLICE:
                break
            since, after = posted[-1].posted_at or since, posted[-1].id
            await asyncio.sleep(BREATH_S)
        return made

    async def _compared(self, posted: Iterable[Alert], done: set[str]) -> int:
        """Puts down what is to be done to these posts, but for those that are ``done``; how much that is."""
        now = self._clock.now()
        wanted: dict[str, Options | None] = {}
        chores: list[Chore] = []
        arrived: list[Alert] = []
        for alert in posted:
            if alert.kind not in ("new", "transcript") or alert.id in done:
                continue
            done.add(alert.id)
            post = await self._posts.make(alert, await self._options(alert, wanted))
            fresh = "" if isinstance(post, NoPost) else digest(post)
            if fresh and fresh != alert.digest:
                chores.append(Chore(alert.id, "edit", now + TOGETHER, now + EDIT_AGE))
            if _came_later(alert, fresh, now):
                arrived.append(word_of(alert, now))
        # First the word in the thread: once a post is edited, nothing tells that its transcript came after it.
        told = await self._storage.add_alerts(arrived, now) if arrived else []
        if chores:
            await self._storage.put_chores(chores)
        return len(told) + len(chores)

    async def _options(self, alert: Alert, known: dict[str, Options | None]) -> Options | None:
        key = f"{alert.community}|{alert.subscription}"
        if key not in known:
            found = await self._storage.subscription(alert.community, alert.subscription)
            known[key] = read(found.options) if found else None
        return known[key]

    # -- where this stands

    async def _remembered(self) -> _Memory:
        if self._memory is None:
            self._memory = _read(await self._storage.cached(CURSOR))
        if self._memory.seen > await self._storage.last_change():
            # The memory of another database, or of this one before it was restored.
            self._memory = _Memory()
        return self._memory

    async def _remember(self, memory: _Memory) -> None:
        self._memory = memory
        later = {id: at.isoformat() for id, at in memory.later.items()}
        body = {"seen": memory.seen, "swept": memory.swept_at.isoformat(), "later": later}
        await self._storage.cache(CURSOR, json.dumps(body))


def _came_later(alert: Alert, fresh: str, now: datetime) -> bool:
    """Whether a post with a thread said that there is no transcript, and now there is."""
    young = alert.posted_at is not None and now - alert.posted_at < POST_AGE
    return alert.kind == "new" and bool(alert.thread) and young and brings_transcript(alert.digest, fresh)


def word_of(alert: Alert, now: datetime) -> Alert:
    """The alert that tells a post's thread; its ``text`` is the key of the post that it is under."""
    thread = Place(alert.place.platform, alert.place.workspace, alert.thread)
    return Alert(
        alert_id(thread, alert.show, alert.subject, "transcript"),
        alert.community,
        thread,
        "transcript",
        alert.subject,
        "waiting",
        texts_posts.CAME_LATER,
        seen_at=now,
        due_at=now,
        order_at=now,
        expires_at=now + EDIT_AGE,
        show=alert.show,
        episode=alert.episode,
        subscription=alert.subscription,
        text=alert.id,
    )


def _read(body: str | None) -> _Memory:
    """What ``_remember`` wrote; anything else is no memory."""
    try:
        kept = json.loads(body) if body else {}
        later = {str(id): datetime.fromisoformat(at) for id, at in kept["later"].items()}
        return _Memory(int(kept["seen"]), datetime.fromisoformat(kept["swept"]), later)
    except (ValueError, KeyError, TypeError, AttributeError):
        return _Memory()
