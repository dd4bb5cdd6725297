"""Alerts that a moderator asks for: of an episode that no poll announced, for a look, a test, or to post after all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot import texts_alert_commands as texts
from bot import texts_why
from bot.alerts import Alert, Options
from bot.domain import Episode, HistoryEntry, Place, Ruling, Show
from bot.errors import NotFound, UserError
from bot.rules.ids import new_id

if TYPE_CHECKING:
    from bot.context import Context
    from bot.feed_memory import KnownItem
    from bot.posts import Post
    from bot.services.subscriptions import Subscribed


async def latest(ctx: Context, show: Show) -> Episode:
    """The newest episode that everybody in this community may be told of. Raises NotFound."""
    for episode in await ctx.services.storage.episodes(ctx.viewer, show.id, limit=20):
        if not episode.withdrawn:
            return episode
    raise NotFound(texts.no_episode_yet(show.title))


async def alert_for(ctx: Context, one: Subscribed, episode: Episode, reason: str) -> Alert:
    """The alert that a poll would have made of this episode, to be sent at once and without looking at filters."""
    from bot.rules.alert_keys import alert_id

    now = ctx.services.clock.now()
    subject = await _subject(ctx, one.place, episode)
    return Alert(
        alert_id(one.place, episode.show, subject, "new"),
        ctx.community,
        one.place,
        "new",
        subject,
        "waiting",
        reason,
        seen_at=now,
        due_at=now,
        order_at=now,
        expires_at=now + timedelta(days=one.options.age_days),
        show=episode.show,
        episode=episode.id,
        subscription=one.record.id,
        quiet=_handling(one.options, episode) == "quiet",
    )


async def _subject(ctx: Context, place: Place, episode: Episode) -> str:
    """The identity that the episode was told by, in that place before another one; else what its feed item says."""
    storage = ctx.services.storage
    told = [one for one in await storage.alerts(ctx.community, episode=episode.id) if one.kind == "new"]
    told.sort(key=lambda one: one.place != place)
    return told[0].subject if told else identity_of(episode, await storage.known_items(episode.show))


def identity_of(episode: Episode, known: Sequence[KnownItem]) -> str:
    """What ``bot.rules.alert_keys.identity`` says of the feed item that this episode has; without one, its own id. A
    guid that a later item uses again stays the earlier one's; items that came together with one share it."""
    from bot.feeds import Enclosure, FeedItem
    from bot.rules.alert_keys import identity

    item = next((one for one in known if one.episode == episode.key and one.role == "main"), None)
    if item is None:
        return f"episode:{episode.id}"
    others = [one for one in known if one.id != item.id and one.role == "main" and one.first_seen <= item.first_seen]
    said = FeedItem(
        guid=item.guids[0] if item.guids else None,
        title=item.titles[0] if item.titles else episode.title,
        # What is remembered are comparable addresses, without the scheme that reading them back expects.
        link=f"https://{item.links[0]}" if item.links else None,
        published=item.published,
        enclosures=tuple(Enclosure(f"https://{one}") for one in item.enclosures[:1]),
    )
    return identity(said, [guid for one in others for guid in one.guids[:1]])


def _handling(options: Options, episode: Episode) -> str:
    from bot.rules.news_kinds import kind_of

    handling: str = getattr(options, kind_of(episode.title, episode.kind))
    return handling


async def post_of(ctx: Context, one: Subscribed, episode: Episode) -> Post:
    """How the episode's post would look in that place. Raises UserError with the reason where there would be none."""
    from bot.posts import Post

    alert = await alert_for(ctx, one, episode, texts.ASKED_FOR)
    made = await ctx.services.alerts.posts.make(alert, one.options)
    if not isinstance(made, Post):
        raise UserError(texts.no_post(made.reason))
    return made


async def send_now(ctx: Context, one: Subscribed, episode: Episode, reason: str) -> HistoryEntry | None:
    """Queue the episode for the place, as a moderator's decision in the history; None when it was told there already,
    or waits to be. No poll announced it, so it is stored as skipped until it is let go."""
    storage = ctx.services.storage
    alert = replace(await alert_for(ctx, one, episode, reason), state="skipped")
    if not await storage.add_alerts([alert], alert.due_at):
        return None
    entry = await storage.put(ctx.community, Ruling(alert.id, "post"), str(ctx.person))
    ctx.services.alerts.outbox.wake()
    return entry


def test_key(place: Place) -> str:
    """A key of the right form, another one for each test."""
    from bot.rules.alert_keys import alert_id

    return alert_id(place, None, f"test:{new_id()}", "new")


def as_test(post: Post, key: str) -> Post:
    """The same, marked as a test, for nobody's attention, and known by a key that no alert has."""
    actions = tuple(
        replace(one, args={**one.args, "key": key, "kind": "test"}) if "key" in one.args else one
        for one in post.actions
    )
    return replace(
        post, key=key, kind="test", mark=texts_why.TEST_MARK, mention="", people=(), quiet=True, publish=False,
        actions=actions,
    )  # fmt: skip
