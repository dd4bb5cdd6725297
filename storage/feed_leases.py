"""Who polls which feed now, and the hubs that tell of new things in between."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.alerts import Hub
from bot.domain import ShowId
from bot.errors import NotFound
from bot.feed_memory import FeedRole, FeedState
from storage.alert_rows import hub_params, to_hub
from storage.feed_rows import to_feed
from storage.rows import instant, to_instant
from storage.view import Room


class FeedLeases(Room):
    """The part of ``AlertStore`` about feeds and hubs."""

    async def claim_feeds(self, run: str, now: datetime, lease_s: float, limit: int) -> list[FeedState]:
        asked = {"now": instant(now), "limit": max(0, limit)}
        async with self._db.reading() as t:  # most of the time there is nothing: no write, no waiting
            if not await t.rows("claimable_feeds", {**asked, "limit": 1}):
                return []
        until = instant(now + timedelta(seconds=lease_s))
        async with self._db.writing() as t:
            found = [to_feed(row) for row in await t.rows("claimable_feeds", asked)]
            leases = ({"show": each.show, "role": each.role, "run": run, "until": until} for each in found)
            await t.many("lease_feed", leases)
        return found

    async def next_feed_at(self) -> datetime | None:
        async with self._db.reading() as t:
            row = await t.one("next_feed_at")
        if row is None:
            return None
        return to_instant(row["at"] or None) or datetime.min.replace(tzinfo=UTC)

    async def hint_feed(self, show: ShowId, role: FeedRole, now: datetime) -> None:
        async with self._db.writing() as t:
            await t.run("hint_feed", {"show": show, "role": role, "now": instant(now)})

    async def put_hub(self, hub: Hub) -> None:
        async with self._db.writing() as t:
            row = await t.one("show_by_id", {"id": hub.show})
            if row is None:
                raise NotFound(f"there is no show {hub.show}")
            await t.run("put_hub", {**hub_params(hub), "row": row["row"]})

    async def hub(self, id: str) -> Hub | None:
        async with self._db.reading() as t:
            row = await t.one("hub", {"id": id})
        return to_hub(row) if row else None

    async def hubs(self, show: ShowId | None = None) -> list[Hub]:
        async with self._db.reading() as t:
            return [to_hub(row) for row in await t.rows("hubs", {"show": show})]

    async def due_hubs(self, now: datetime, limit: int) -> list[Hub]:
        async with self._db.reading() as t:
            return [to_hub(row) for row in await t.rows("due_hubs", {"now": instant(now), "limit": max(0, limit)})]

    async def drop_hub(self, show: ShowId, role: FeedRole) -> None:
        async with self._db.writing() as t:
            await t.run("drop_hub", {"show": show, "role": role})
