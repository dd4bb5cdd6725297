"""Alerts and the chores of their posts: stored once, read by community, moved on by whoever leases their lane."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime

from bot.alerts import Alert, AlertState, AlertStep, Chore
from bot.domain import CommunityId, EpisodeId, Place, ShowId
from bot.errors import StorageConflict
from storage.alert_rows import chore_params, place_params, to_alert, to_chore, to_step
from storage.alert_writing import add, refresh, stored, write
from storage.database import Transaction
from storage.rows import instant
from storage.view import Room

#: Most alerts end in one of these; the others are few and have an index of their own.
_MANY: frozenset[AlertState] = frozenset(("posted", "skipped"))
_NO_PLACE = {"platform": None, "workspace": None, "channel": None}


class Alerts(Room):
    """The part of ``AlertStore`` about alerts and chores."""

    async def add_alerts(self, alerts: Sequence[Alert], now: datetime) -> list[str]:
        async with self._db.writing() as t:
            return await add(t, alerts, now)

    async def alert(self, id: str) -> Alert | None:
        async with self._db.reading() as t:
            row = await t.one("alert", {"id": id})
        return to_alert(row) if row else None

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
        asked = {
            **(_NO_PLACE if place is None else place_params(place)),
            "community": community,
            "show": show,
            "episode": episode,
            "states": json.dumps(sorted(states)) if states else None,
            "limit": max(0, limit),
        }
        async with self._db.reading() as t:
            rows = await t.rows(_narrowest(episode, place, states), asked)
        return [to_alert(row) for row in rows]

    async def alert_story(self, id: str) -> list[AlertStep]:
        async with self._db.reading() as t:
            return [to_step(row) for row in await t.rows("alert_story", {"id": id})]

    async def alerts_of_episodes(self, episodes: Sequence[EpisodeId]) -> list[Alert]:
        async with self._db.reading() as t:
            rows = await t.rows("posted_alerts", {"episodes": json.dumps(list(episodes))})
        return [to_alert(row) for row in rows]

    async def posts_since(self, since: datetime, after: str = "", limit: int = 200) -> list[Alert]:
        beyond = {"since": instant(since), "after": after, "limit": max(0, limit)}
        async with self._db.reading() as t:
            return [to_alert(row) for row in await t.rows("posts_since", beyond)]

    async def queue(self, place: Place, limit: int = 20) -> list[Alert]:
        async with self._db.reading() as t:
            rows = await t.rows("queue", {**place_params(place), "limit": max(0, limit)})
        return [to_alert(row) for row in rows]

    async def advance(
        self, alerts: Sequence[Alert], run: str, now: datetime, chores: Sequence[Chore] = ()
    ) -> list[Alert]:
        if len({alert.place for alert in alerts}) > 1:
            raise ValueError("alerts are advanced one lane at a time")
        ids = [alert.id for alert in alerts]
        async with self._db.writing() as t:
            before = await stored(t, ids)
            for alert in alerts:
                row = before[alert.id]
                self._leased(row["leased_by"] == run != "", alert)
                self._leased(alert.state != "sending" or row["leased_until"] > (instant(now) or ""), alert)
                self._as_read(alert.version, row["version"])
                await write(t, alert, row, now)
            lanes = {row["lane"] for row in before.values()} | await _put(t, chores)
            await refresh(t, lanes)
            after = await stored(t, ids)
        return [to_alert(after[id]) for id in ids]

    async def chores(self, place: Place, now: datetime) -> list[Chore]:
        async with self._db.reading() as t:
            rows = await t.rows("chores", {**place_params(place), "now": instant(now)})
        return [to_chore(row) for row in rows]

    async def put_chores(self, chores: Sequence[Chore]) -> None:
        async with self._db.writing() as t:
            await refresh(t, await _put(t, chores))

    async def end_chore(self, chore: Chore, alert: Alert | None = None) -> None:
        async with self._db.writing() as t:
            [before] = (await stored(t, [chore.alert])).values()
            await t.run("drop_chore", chore_params(chore))
            if alert is not None:
                self._as_read(alert.version, before["version"])
                await write(t, alert, before, chore.due_at)
            await refresh(t, [before["lane"]])

    def _leased(self, held: bool, alert: Alert) -> None:
        if not held:
            raise StorageConflict(f"{alert.place} is no longer this run's: its lease ended", self._db.where)

    def _as_read(self, read: int, now: int) -> None:
        if read != now:
            raise StorageConflict("the alert changed while it was looked at: read it again", self._db.where)


def _narrowest(episode: EpisodeId | None, place: Place | None, states: Collection[AlertState]) -> str:
    """The query that looks at the fewest rows."""
    if episode is not None:
        return "alerts_of_episode"
    if place is not None:
        return "alerts_of_place"
    return "alerts_in_states" if states and not _MANY.intersection(states) else "alerts_of_community"


async def _put(t: Transaction, chores: Sequence[Chore]) -> set[int]:
    """The lanes where there is something to do now."""
    if not chores:
        return set()
    alerts = await stored(t, {chore.alert for chore in chores})
    await t.many("put_chore", (chore_params(chore) for chore in chores))
    return {row["lane"] for row in alerts.values()}
