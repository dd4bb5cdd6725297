"""From what a poll found new to alerts, in the poll's own transaction. What is told where is the rules' decision."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.alerts import Alert, News
from bot.domain import CommunityId, EpisodeId, Place, Show, ShowId, Subscription, Viewer
from bot.feed_memory import PollChanges
from bot.rules.access import may_see
from storage.alert_rows import to_place
from storage.alert_writing import add
from storage.database import Transaction
from storage.rows import instant, to_record, to_show

#: Whoever waits for the loop gets it after so many subscriptions: a show may have thousands.
BREATHER = 50


@dataclass(frozen=True, slots=True)
class _Told:
    """What a place was told of a show lately."""

    recent: int = 0
    summed_up: bool = False


async def announce(t: Transaction, row: int, changes: PollChanges) -> None:
    """Store what the rules say to ``changes.news`` for every subscription to the show (``row``)."""
    if not changes.news:
        return
    show = changes.state.show
    await t.many("put_finding", ({**_found(one), "row": row} for one in changes.news))
    now = changes.state.checked_at or max(one.seen_at for one in changes.news)
    shelves = {each["community"]: to_show(each) for each in await t.rows("shelves_of_show", {"row": row})}
    told = await _told(t, show, now)
    made: dict[str, Alert] = {}
    for n, each in enumerate(await t.rows("subscriptions_to", {"show": show}), 1):
        one, place = to_record("subscription", each), to_place(each["place"])
        if isinstance(one, Subscription) and place is not None:
            home = shelves[each["community"]]
            community = CommunityId(each["community"])
            _take(made, _said(changes.news, community, place, home, one, now, told.get(place, _Told())))
        if n % BREATHER == 0:
            await asyncio.sleep(0)
    episodes = await _episodes(t, row, changes.news)
    await add(t, [replace(alert, episode=episodes.get(alert.subject)) for alert in made.values()], now)


def _found(news: News) -> dict[str, object]:
    return {"key": news.key, "at": instant(news.seen_at), "reason": news.reason}


def _said(
    news: Sequence[News],
    community: CommunityId,
    place: Place,
    home: Show,
    subscription: Subscription,
    now: datetime,
    told: _Told,
) -> list[Alert]:
    from bot.rules.news import decide
    from bot.rules.subscription_options import read

    options = read(subscription.options)
    said = decide(
        news, community, place, home.id, subscription.id, options, now,
        recent=told.recent, summed_up=told.summed_up, show_title=home.title,
    )  # fmt: skip
    return said if may_see(home, Viewer(community, place=place)) else _unseen(said)


def _unseen(said: Sequence[Alert]) -> list[Alert]:
    """A private show is named nowhere but in its places."""
    from bot.texts_alerts import PRIVATE_ELSEWHERE

    return [
        replace(alert, state="skipped", reason=PRIVATE_ELSEWHERE, text="") for alert in said if alert.kind != "burst"
    ]


def _take(made: dict[str, Alert], said: Sequence[Alert]) -> None:
    """Two subscriptions for the same in one place tell it once, if either wants it."""
    for alert in said:
        if alert.id not in made or made[alert.id].state == "skipped":
            made[alert.id] = alert


async def _told(t: Transaction, show: ShowId, now: datetime) -> Mapping[Place, _Told]:
    hour = now - timedelta(hours=1)
    rows = await t.rows("told_lately", {"show": show, "hour": instant(hour)})
    return {
        Place(row["platform"], row["workspace"], row["channel"]): _Told(row["recent"], bool(row["summed_up"]))
        for row in rows
    }


async def _episodes(t: Transaction, row: int, news: Sequence[News]) -> dict[str, EpisodeId]:
    """Episodes by the identity under which they are told."""
    keys = json.dumps([one.key for one in news])
    ids = {each["key"]: EpisodeId(each["id"]) for each in await t.rows("news_episodes", {"row": row, "keys": keys})}
    return {one.identity: ids[one.key] for one in news if one.key in ids}
