"""Lanes: whose turn it is to work on a place's queue, and what is known of the place."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from bot.alerts import Lane
from bot.domain import DEFAULT_COMMUNITY, CommunityId, Place, Subscription
from bot.errors import StorageConflict
from storage.alert_rows import place_params, to_alert, to_lane, to_place
from storage.alert_writing import lane_row, refresh, write
from storage.database import Transaction
from storage.records import put_record
from storage.reviving import look_again_in
from storage.rows import instant, to_instant, to_record
from storage.view import Room

#: Who pauses a subscription whose place is gone, in the history.
BOT = "pullquote"


class Lanes(Room):
    """The part of ``AlertStore`` about lanes."""

    async def claim_lanes(
        self, run: str, now: datetime, lease_s: float, limit: int, platforms: Collection[str]
    ) -> list[Lane]:
        async with self._db.reading() as t:  # most of the time there is nothing: no write, no waiting
            if not await _claimable(t, now, 1, platforms):
                return []
        until = instant(now + timedelta(seconds=lease_s))
        async with self._db.writing() as t:
            rows = await _claimable(t, now, limit, platforms)
            await t.many("lease_lane", ({"row": row, "run": run, "until": until} for row in rows))
            await _give_up(t, rows, now)
            return [to_lane(each) for each in await t.rows("lanes_by_row", {"rows": json.dumps(rows)})]

    async def unread_places(self, run: str, platforms: Collection[str]) -> list[Place]:
        async with self._db.reading() as t:
            wanted = {row["place"] for row in await t.rows("subscribed_places")}
            lanes = [row for one in set(platforms) for row in await t.rows("lanes_of_platform", {"platform": one})]
        known = {Place(row["platform"], row["workspace"], row["channel"]): row for row in lanes}
        closed = {place for place, row in known.items() if row["blocked"] or row["silenced"] or row["vouched"] == run}
        asked = {place for each in sorted(wanted) if (place := to_place(each)) and place.platform in platforms}
        told = [place for place in known if place in asked - closed]
        return told + sorted(asked - set(known), key=str)

    async def claim_place(self, place: Place, run: str, now: datetime, lease_s: float) -> Lane | None:
        async with self._db.writing() as t:
            row = await _made(t, place)
            [lane] = [to_lane(each) for each in await t.rows("lanes_by_row", {"rows": json.dumps([row])})]
            leased = lane.leased_by and lane.leased_until is not None and lane.leased_until > now
            if leased or lane.blocked or lane.silenced or lane.vouched == run:
                return None
            await t.run("lease_lane", {"row": row, "run": run, "until": instant(now + timedelta(seconds=lease_s))})
            await _give_up(t, [row], now)
            [lane] = [to_lane(each) for each in await t.rows("lanes_by_row", {"rows": json.dumps([row])})]
        return lane

    async def next_lane_at(self, platforms: Collection[str]) -> datetime | None:
        async with self._db.reading() as t:
            found = [await t.one("next_lane_at", {"platform": each}) for each in sorted(set(platforms))]
        return to_instant(min((row["at"] for row in found if row and row["at"]), default=None))

    async def lane(self, place: Place) -> Lane | None:
        async with self._db.reading() as t:
            row = await t.one("lane", place_params(place))
        return to_lane(row) if row else None

    async def lanes(self, community: CommunityId) -> list[Lane]:
        async with self._db.reading() as t:
            return [to_lane(row) for row in await t.rows("lanes_of_community", {"community": community})]

    async def keep_lane(self, place: Place, run: str, until: datetime) -> bool:
        async with self._db.writing() as t:
            return bool(await t.rows("keep_lane", {**place_params(place), "run": run, "until": instant(until)}))

    async def vouch(self, place: Place, run: str, known_until: datetime | None) -> None:
        async with self._db.writing() as t:
            row = await lane_row(t, place)
            if row is None or not run or row["leased_by"] != run:
                raise StorageConflict(f"{place} is no longer this run's: its lease ended", self._db.where)
            await t.run("vouch", {"lane": row["row"], "run": run})
            if known_until is not None:
                await t.run("know_until", {"lane": row["row"], "at": instant(known_until)})

    async def release_lane(self, place: Place, run: str) -> None:
        async with self._db.writing() as t:
            row = await lane_row(t, place)
            if row is not None and row["leased_by"] == run:
                await t.run("release_lane", {"lane": row["row"]})
                await refresh(t, [row["row"]])

    async def block_place(self, place: Place, reason: str, now: datetime) -> list[Subscription]:
        async with self._db.writing() as t:
            await t.run("block_lane", {"lane": await _made(t, place), "reason": reason})
            return await _pause(t, place, reason, now)

    async def silence_place(self, place: Place, reason: str, now: datetime) -> None:
        async with self._db.writing() as t:
            await t.run("silence_lane", {"lane": await _made(t, place), "reason": reason})

    async def free_place(self, place: Place, now: datetime) -> None:
        async with self._db.writing() as t:
            row = await lane_row(t, place)
            if row is not None:
                await t.run("free_lane", {"lane": row["row"]})
                await look_again_in(t, place)
                await refresh(t, [row["row"]])


async def _claimable(t: Transaction, now: datetime, limit: int, platforms: Collection[str]) -> list[int]:
    asked = {"now": instant(now), "limit": max(0, limit)}
    found = [
        row for each in sorted(set(platforms)) for row in await t.rows("claimable_lanes", {**asked, "platform": each})
    ]
    found.sort(key=lambda row: (row["claim_at"], row["row"]))
    return [row["row"] for row in found[: max(0, limit)]]


async def _give_up(t: Transaction, lanes: list[int], now: datetime) -> None:
    """Whoever was sending there did not come back: what became of it is not known."""
    from bot.texts_alerts import SENDER_LOST  # only when somebody was lost

    for row in await t.rows("left_sending", {"rows": json.dumps(lanes)}):
        await write(t, replace(to_alert(row), state="unknown", reason=SENDER_LOST), row, now)


async def _made(t: Transaction, place: Place) -> int:
    """The lane of a place that may have none yet."""
    row = await lane_row(t, place)
    if row is None:
        whose = await t.one("community_of_place", {**place_params(place), "place": str(place)})
        owner = whose["community"] if whose else None
        row = await lane_row(t, place, CommunityId(owner) if owner else DEFAULT_COMMUNITY)
    assert row is not None
    return int(row["row"])


async def _pause(t: Transaction, place: Place, reason: str, now: datetime) -> list[Subscription]:
    """Those that ran until now; one that a moderator paused stays as it is."""
    from bot.rules.subscription_options import read, write

    paused: list[Subscription] = []
    for row in await t.rows("subscriptions_in_place", {"place": str(place)}):
        one = to_record("subscription", row)
        assert isinstance(one, Subscription)
        options = read(one.options)
        if not options.paused:
            options = replace(options, paused=reason, paused_by="bot", paused_at=now)
            one = replace(one, options=write(options))
            await put_record(t, CommunityId(row["community"]), one, BOT)
            paused.append(one)
    return paused
