"""Alerts and subscriptions in words for moderators: what an alert is about, how a subscription is doing, what changed.

Nothing of a show that who asks may not see is ever named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bot import texts, texts_why
from bot import texts_alert_commands as words
from bot.alerts import QUEUED, Alert, AlertState, Lane, Trouble
from bot.domain import EpisodeId, Setting, ShowId, Subscription
from bot.rules.subscription_words import differences
from bot.services.preferences import Stored, place_zone, preference, setting_id
from bot.services.subscriptions import COUNTED, HELD, POSTED, Subscribed, shown_place, understood

if TYPE_CHECKING:
    from bot.context import Context
    from bot.domain import CommunityId, HistoryEntry, Place
    from bot.feed_memory import FeedState
    from bot.ports import Storage

_QUIET: tuple[Stored, ...] = ("quiet", "quiet_until")

# --- alerts -------------------------------------------------------------------------------------------------------


async def in_sight(ctx: Context, alerts: Sequence[Alert]) -> list[Alert]:
    """Those of shows that who asks may see, and those of no show."""
    shows = {show.id for show in await ctx.services.storage.shows(ctx.viewer)}
    return [one for one in alerts if one.show is None or one.show in shows]


async def about(ctx: Context, alert: Alert) -> str:
    """What an alert tells: the show and episode, or its own words. Only for those ``in_sight``."""
    if alert.show is None:
        return texts.shorten(alert.text, 80) or words.SOMETHING
    titles = {show.id: show.title for show in await ctx.services.storage.shows(ctx.viewer)}
    show = titles.get(alert.show, words.SHOW_NOT_VISIBLE)
    episode = await ctx.services.storage.episode(ctx.viewer, alert.episode) if alert.episode else None
    return texts_why.told_about(show, episode.title if episode else "", alert.kind)


def place_of(ctx: Context, place: Place) -> str:
    return shown_place(ctx, place)


async def since(ctx: Context, alert: Alert) -> datetime:
    """When it became what it is."""
    began = alert.seen_at
    before: AlertState | None = None
    for step in await ctx.services.storage.alert_story(alert.id):
        if step.state != before:
            before, began = step.state, step.at
    return began


# --- subscriptions ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Doing:
    """How one subscription is doing. ``last`` is when something was posted; the counts are of its alerts now."""

    one: Subscribed
    lane: Lane | None
    feed: FeedState | None
    last: datetime | None
    waiting: int
    held: int
    quiet: str = ""
    #: How it stands with hubs that tell of news.
    hubs: tuple[str, ...] = ()


async def doing(ctx: Context, one: Subscribed) -> Doing:
    storage, of = ctx.services.storage, one.record.show
    posted = await storage.alerts(ctx.community, show=of, place=one.place, states=POSTED, limit=20)
    waiting = await storage.alerts(ctx.community, show=of, place=one.place, states=QUEUED, limit=COUNTED)
    held = await storage.alerts(ctx.community, show=of, place=one.place, states=HELD, limit=COUNTED)
    return Doing(
        one,
        await storage.lane(one.place),
        await storage.feed(of),
        max((alert.posted_at for alert in posted if alert.posted_at), default=None),
        len(waiting),
        len(held),
        await quiet_there(ctx, one.place),
        await ctx.services.alerts.hubs.words(of) if one.show else (),
    )


async def quiet_there(ctx: Context, place: Place) -> str:
    """The quiet hours that hold in a place, in its own time zone; "" for none."""
    storage = ctx.services.storage
    hours, until = [await preference(storage, ctx.community, place, name) or "" for name in _QUIET]
    zone = await place_zone(storage, ctx.community, place)
    return texts_why.quiet_holds(hours, until, ctx.services.clock.now(), zone)


def doing_words(ctx: Context, one: Doing) -> str:
    """One row of the list."""
    now, zone = ctx.services.clock.now(), ctx.timezone
    options = one.one.options
    parts = [words.stopped(options, one.lane, now, zone)]
    parts.append(words.posted_last(one.last, now, zone))
    parts.append(words.next_look(one.feed, now, zone))
    parts += one.hubs
    parts.append(words.counts(one.waiting, one.held))
    parts.append(one.quiet)
    parts.append(words.options_in_words(options) if one.one.show else "")
    return " · ".join(part.rstrip(".") for part in parts if part)


async def moderators_place(storage: Storage, community: CommunityId) -> str:
    """Where moderators are told of troubles, as it is set; "" when it is not."""
    found = await storage.record(community, "setting", setting_id("", "moderators"))
    return found.value if isinstance(found, Setting) else ""


async def trouble_lines(ctx: Context) -> list[str]:
    """What is wrong now, oldest first, as moderators were told of it; nothing of shows that who asks may not see."""
    open_now = await troubles_in_sight(ctx)
    return [words.trouble_row(one.what, one.since, ctx.services.clock.now(), ctx.timezone) for one in open_now]


async def troubles_in_sight(ctx: Context) -> list[Trouble]:
    """What is wrong now, oldest first, as far as who asks may see the show that it is about."""
    shows = {show.id for show in await ctx.services.storage.shows(ctx.viewer)}
    found = []
    for one in await ctx.services.storage.troubles(ctx.community):
        kind, _, rest = one.source.partition(":")
        if kind == "report":  # the command reports tells those
            continue
        if kind == "withdrawn":
            seen = await ctx.services.storage.episode(ctx.viewer, EpisodeId(rest)) is not None
        else:
            seen = kind not in ("feed", "notice") or ShowId(rest.partition(":")[0]) in shows
        found += [one] if seen else []
    return found


async def stopped_lanes(ctx: Context) -> list[Lane]:
    """Places of the community that are blocked or silenced and have no subscription that could say so."""
    from bot.services.subscriptions import subscribed

    told = {one.place for one in await subscribed(ctx) if one.show}
    lanes = await ctx.services.storage.lanes(ctx.community)
    return [one for one in lanes if (one.blocked or one.silenced) and one.place not in told]


# --- history ------------------------------------------------------------------------------------------------------


async def subscription_change(ctx: Context, entry: HistoryEntry) -> str:
    """A change of a subscription in words: which one, and what became another."""
    shows = {show.id: show for show in await ctx.services.storage.shows(ctx.viewer)}
    before, after = (
        understood(one, shows.get(one.show)) if isinstance(one, Subscription) else None
        for one in (entry.before, entry.after)
    )
    one = after or before
    if one is None:
        return words.SOMETHING
    said = words.show_in_place(one.title, place_of(ctx, one.place))
    if before is None or after is None:
        return said
    # What is set for a show may tell what it is about.
    return words.with_changes(said, differences(before.options, after.options)) if one.show else said


async def ruling_subject(ctx: Context, id: str, choice: str) -> str:
    """A moderator's decision in words: what became of which alert."""
    alert = await ctx.services.storage.alert(id)
    if alert is None or alert.community != ctx.community or not await in_sight(ctx, [alert]):
        return texts_why.decided(choice, words.NOT_IN_SIGHT)
    where = words.show_in_place(await about(ctx, alert), place_of(ctx, alert.place))
    return texts_why.decided(choice, where)
