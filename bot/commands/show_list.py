"""``/pullquote show list``: every show with the health of its feed."""

from __future__ import annotations

from typing import Annotated

from bot import texts_shows as texts
from bot.commands.answers import page_actions, page_note, pages_of
from bot.commands.declare import Arg, command
from bot.context import Context
from bot.domain import Role
from bot.reply import Field, Reply
from bot.rules.access import told_page
from bot.rules.links import safe_url
from bot.rules.masking import masked
from bot.services.shows import Health

PER_PAGE = 15


@command("show list", "Shows and how their feeds are: last success, next look, last error", role=Role.admin)
async def show_list(ctx: Context, page: Annotated[int, Arg("Which page", range=(1, 1000))] = 1) -> Reply:
    known = await ctx.services.storage.shows(ctx.viewer)
    if not known:
        return Reply(texts.NO_SHOWS_YET, title=texts.SHOWS_TITLE, outcome="listed")
    shown, pages = pages_of(known, page, PER_PAGE)
    health = await ctx.services.shows.health(shown)
    return Reply(
        title=texts.SHOWS_TITLE,
        fields=tuple(_row(ctx, one) for one in health),
        footer=page_note(page, pages),
        actions=page_actions("show list", {}, page, more=page < pages),
        outcome="listed",
    )


def _row(ctx: Context, one: Health) -> Field:
    mark = f" · {texts.PRIVATE_MARK}" if one.show.private else ""
    return Field(f"{one.show.title} ({one.show.slug}){mark}", health_of(ctx, one), safe_url(told_page(one.show)))


def health_of(ctx: Context, one: Health) -> str:
    """The row in words; the same for the command line."""
    state = one.state
    if state is None:
        return texts.fileless(one.episodes, one.transcripts)
    now = ctx.services.clock.now()
    succeeded = texts.ago(state.succeeded_at, now, ctx.timezone)
    following = texts.ahead(state.next_at, now, ctx.timezone)
    told = texts.health(
        one.episodes, one.transcripts, one.waiting, succeeded, following, masked(state.error), masked(state.stopped)
    )
    videos = one.youtube.stopped or one.youtube.error if one.youtube else ""
    return f"{told} · {texts.videos_trouble(masked(videos))}" if videos else told
