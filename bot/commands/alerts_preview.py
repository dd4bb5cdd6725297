"""``/pullquote alerts preview``: what a post would look like, shown to who asks alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from bot import texts_alert_commands as words_of
from bot import texts_why
from bot.alerts import Options
from bot.commands.alert_args import Template, Wanted
from bot.commands.declare import Arg, command
from bot.context import Context
from bot.domain import Role
from bot.errors import NotFound
from bot.reply import Action, Reply
from bot.rules.subscription_words import Asked, changed
from bot.services.episode_alerts import latest, post_of
from bot.services.episodes import show_names
from bot.services.subscriptions import Subscribed, place_for, the_one, unsaved


@command("alerts preview", "See what a post would look like", role=Role.admin, example="acme template:{title}")
async def alerts_preview(
    ctx: Context,
    show: Annotated[str | None, Arg("Which show", length=(1, 200), complete=show_names, rest=True)] = None,
    template: Template = None,
    place: Wanted = None,
) -> Reply:
    one = await _one(ctx, show, place)
    options = changed(one.options, Asked(template=template), one.place)
    episode = await latest(ctx, one.show) if one.show else None
    if episode is None:
        raise NotFound(words_of.SHOW_NOT_VISIBLE)
    post = await post_of(ctx, replace(one, options=options), episode)
    args = one.args() | ({"template": template} if template else {})
    keep = Action(texts_why.KEEP_TEMPLATE, "alerts edit", args) if template and one.record.options else None
    return Reply(
        post.plain(),
        title=texts_why.preview_title(episode.title),
        footer=texts_why.preview_notes(post, options),
        actions=(*((keep,) if keep else ()), Action(words_of.TEST, "alerts test", one.args())),
        outcome="found",
        post=post,
    )


async def _one(ctx: Context, show: str | None, place: str | None) -> Subscribed:
    """The subscription that is meant; for a show without one here, what it would be by default."""
    try:
        return await the_one(ctx, show, place)
    except NotFound:
        if not show:
            raise
        home = await ctx.services.episodes.show(ctx, show)
        return unsaved(home, await place_for(ctx, place), Options(ctx.services.clock.now()))
