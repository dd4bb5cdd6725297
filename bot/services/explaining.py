"""Why an episode was told in a place, or was not: what each stage made of it, with its reason and time.

Stages: fetched, identity, filters, place, delivery. Read from what is stored, never decided anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot import texts_alert_commands as words
from bot import texts_why
from bot.rules.masking import masked
from bot.services.alert_views import place_of, quiet_there
from bot.services.subscriptions import Subscribed, subscribed
from bot.texts import minute

if TYPE_CHECKING:
    from bot.alerts import Alert, AlertStep, News
    from bot.context import Context
    from bot.domain import Episode, Place
    from bot.feed_memory import FeedState, KnownItem

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Stage:
    """What one stage made of it. ``at``: when, None where that is not known or does not matter."""

    name: str
    reason: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an episode on its way here: its feed, its item there, and every alert of it."""

    episode: Episode
    feed: FeedState | None
    item: KnownItem | None
    alerts: tuple[Alert, ...]
    #: When and why a poll took it for a new one; None where none did.
    found: tuple[datetime, str] | None = None

    def at(self, place: Place) -> Alert | None:
        """What was made of it for that place: its own alert."""
        return next((one for one in self.alerts if one.place == place and one.kind == "new"), None)

    @property
    def baseline(self) -> bool:
        """Whether it was there when the feed was first read."""
        began = self.feed.baseline_at if self.feed else None
        return bool(began and self.item and self.item.first_seen <= began)


async def known(ctx: Context, episode: Episode) -> Known:
    storage = ctx.services.storage
    items = await storage.known_items(episode.show)
    alerts = await storage.alerts(ctx.community, show=episode.show, episode=episode.id, limit=200)
    item = next((one for one in items if one.episode == episode.key and one.role == "main"), None)
    found = await storage.finding(episode.show, episode.key)
    return Known(episode, await storage.feed(episode.show), item, tuple(alerts), found)


async def places_told(ctx: Context, episode: Episode) -> list[Place]:
    """Every place that has the episode's alert or a subscription to its show."""
    of = await known(ctx, episode)
    places = [one.place for one in await subscribed(ctx) if one.record.show == episode.show]
    places += [one.place for one in of.alerts if one.kind == "new"]
    return sorted(dict.fromkeys(places), key=lambda place: (place != ctx.place, str(place)))


async def explain(ctx: Context, episode: Episode, only: Place | None, most: int) -> list[Stage]:
    """The stages of the episode itself, then those of each place, or of the one place that is asked for."""
    of = await known(ctx, episode)
    stages = [fetched(of), identity(of)]
    places = [only] if only else (await places_told(ctx, episode))[:most]
    subscriptions = {one.place: one for one in await subscribed(ctx) if one.record.show == episode.show}
    for place in places:
        stages += await _there(ctx, of, place, subscriptions.get(place))
    if not places:
        stages.append(Stage(texts_why.PLACE, texts_why.NOBODY_SUBSCRIBES))
    return stages


# --- the episode itself -------------------------------------------------------------------------------------------


def fetched(of: Known) -> Stage:
    """Whether and when its feed was read."""
    if of.feed is None:
        return Stage(texts_why.FETCHED, texts_why.NO_FEED)
    if of.item is None:
        return Stage(texts_why.FETCHED, texts_why.not_in_feed(of.feed.baseline_at is not None), of.feed.succeeded_at)
    if of.feed.stopped:
        return Stage(texts_why.FETCHED, texts_why.feed_stopped(masked(of.feed.stopped)), of.item.first_seen)
    return Stage(texts_why.FETCHED, texts_why.first_seen(masked(of.feed.error)), of.item.first_seen)


def identity(of: Known) -> Stage:
    """What it was taken for, and why."""
    if of.item is None:
        return Stage(texts_why.IDENTITY, texts_why.FROM_FILE)
    if of.episode.withdrawn:
        return Stage(texts_why.IDENTITY, texts_why.WITHDRAWN, of.episode.withdrawn)
    if of.baseline:
        return Stage(texts_why.IDENTITY, texts_why.BASELINE, of.item.first_seen)
    made = [one for one in of.alerts if one.kind == "new"]
    if of.found is not None:
        return Stage(texts_why.IDENTITY, texts_why.new_because(of.found[1], told=bool(made)), of.found[0])
    if not made:
        return Stage(texts_why.IDENTITY, texts_why.new_without_alert(bool(of.episode.lines)), of.item.first_seen)
    return Stage(texts_why.IDENTITY, texts_why.NEW, made[-1].seen_at)


# --- one place ----------------------------------------------------------------------------------------------------


async def _there(ctx: Context, of: Known, place: Place, one: Subscribed | None) -> list[Stage]:
    alert, where = of.at(place), place_of(ctx, place)
    story = await ctx.services.storage.alert_story(alert.id) if alert else []
    standing = _standing(one) if one else None
    stages = [
        Stage(texts_why.at_place(texts_why.FILTERS, where), *_filters(of, alert, one, story)),
        Stage(texts_why.at_place(texts_why.PLACE, where), await _place(ctx, place, one), standing),
        Stage(texts_why.at_place(texts_why.DELIVERY, where), *_delivery(ctx, alert, story)),
    ]
    steps = story[1:] if alert else ()
    return [*stages, *(Stage(texts_why.at_place(texts_why.STEP, where), texts_why.step(one), one.at) for one in steps)]


def _filters(
    of: Known, alert: Alert | None, one: Subscribed | None, story: Sequence[AlertStep]
) -> tuple[str, datetime | None]:
    """What the rules of announcing said when it came; for one that never was an alert, what they would say."""
    if alert is not None:
        first = story[0] if story else None
        return (first.reason, first.at) if first else (alert.reason, alert.seen_at)
    if one is None:
        return texts_why.NOT_SUBSCRIBED, None
    came = of.item.first_seen if of.item else None
    refused = refusal(of, one)
    if refused:
        return refused, came
    return (texts_why.BEFORE_SUBSCRIBING if before_subscribing(of, one) else texts_why.NEVER_ANNOUNCED), came


def before_subscribing(of: Known, one: Subscribed) -> bool:
    return of.item is not None and of.item.first_seen < one.options.since


def refusal(of: Known, one: Subscribed) -> str:
    """What this place's filters have against the episode as it is now; "" when they let it pass."""
    from bot.rules.filters import refusal as refused

    return refused(_as_news(of.episode), one.options.filters)


def _as_news(episode: Episode) -> News:
    from bot.alerts import News
    from bot.rules.news_kinds import kind_of

    date = episode.published
    return News(
        episode.key, "", episode.title, kind_of(episode.title, episode.kind), date or _EPOCH, "", published=date,
        number=episode.number, season=episode.season, explicit=episode.explicit, duration_s=episode.duration_s,
        people=episode.people,
    )  # fmt: skip


async def _place(ctx: Context, place: Place, one: Subscribed | None) -> str:
    """What stands in the way there now."""
    lane = await ctx.services.storage.lane(place)
    if one is None:
        return texts_why.NOT_SUBSCRIBED
    now = ctx.services.clock.now()
    said = [words.stopped(one.options, lane, now, ctx.timezone), await quiet_there(ctx, place)]
    said.append(words.options_in_words(one.options))
    return " · ".join(filter(None, said)) or texts_why.PLACE_FREE


def _standing(one: Subscribed) -> datetime:
    """Since when it stands like that there: the pause, else the subscription."""
    return one.options.paused_at or one.options.since


def _delivery(ctx: Context, alert: Alert | None, story: Sequence[AlertStep]) -> tuple[str, datetime | None]:
    """What became of its alert."""
    if alert is None:
        return texts_why.NOTHING_TO_DELIVER, None
    at = alert.posted_at or alert.tried_at or (story[-1].at if story else alert.seen_at)
    return texts_why.delivery(alert.state, alert.reason, alert.attempts, minute(alert.due_at, ctx.timezone)), at
