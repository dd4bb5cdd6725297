"""Alerts that get their turn back inside a transaction: what stood in their way is no more. Nothing is sent here."""

from __future__ import annotations

import json
from dataclasses import replace

from bot.domain import CommunityId, Place, Record, Setting, Subscription
from bot.rules.subscription_options import read
from storage.alert_rows import place_params, to_alert, to_place
from storage.alert_writing import put, refresh, story_now, tell
from storage.database import Transaction

#: Settings that say when nothing is posted.
QUIET = frozenset(("quiet", "quiet_until", "timezone"))


async def look_again(t: Transaction, community: CommunityId, record: Record | None) -> None:
    """A subscription or a setting is another one now: what stepped aside because of it is due, in its old order.

    What waits for its delay, a retry or a reading is left as it is."""
    if isinstance(record, Subscription):
        place = to_place(record.place)
        if place is not None:
            await look_again_in(t, place, record.id)
    elif isinstance(record, Setting) and record.name in QUIET:
        place = to_place(record.place)
        if place is not None:
            await look_again_in(t, place)
        else:
            await _forward(t, "aside_in_community", {"community": community})


async def look_again_in(t: Transaction, place: Place, subscription: str | None = None) -> None:
    """The same for one place, or for one subscription there."""
    await _forward(t, "aside_in_place", {**place_params(place), "subscription": subscription})


async def _forward(t: Transaction, name: str, asked: dict[str, object]) -> None:
    rows = await t.rows(name, asked)
    if rows:
        await t.run("bring_forward", {"seqs": json.dumps([row["seq"] for row in rows])})
        await refresh(t, (row["lane"] for row in rows))


async def revive(t: Transaction, community: CommunityId, before: Record | None, after: Record | None) -> None:
    """A subscription is back, or runs again, because the change was taken back: what waited then and was skipped
    meanwhile waits again. What is too old by now ends as such when its turn comes."""
    why = _no_longer(before, after)
    place = to_place(after.place) if isinstance(after, Subscription) else None
    if not why or place is None or after is None:
        return
    from bot.texts_alerts import REVIVED

    asked = {**place_params(place), "community": community, "subscription": after.id, "reason": why}
    for row in await t.rows("skipped_meanwhile", asked):
        alert = to_alert(row)
        back = replace(alert, state="waiting", reason=REVIVED)
        await put(t, back)
        await tell(t, back, await story_now(t, alert.id))
        await refresh(t, [row["lane"]])


def _no_longer(before: Record | None, after: Record | None) -> str:
    """For what reason alerts were skipped that holds no more; "" for none."""
    from bot import texts_alerts as texts

    if not isinstance(after, Subscription) or read(after.options).paused:
        return ""
    if before is None:
        return texts.UNSUBSCRIBED
    options = read(before.options) if isinstance(before, Subscription) else None
    if options and options.paused_by == "moderator":
        return texts.PAUSED_BY_MODERATOR.format(why=options.paused)
    return ""
