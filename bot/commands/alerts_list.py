"""``/pullquote alerts list``: every subscription with its health, open troubles, and where moderators are told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from bot import texts_alert_commands as words_of
from bot.commands.answers import page_actions, page_note, pages_of
from bot.commands.declare import Arg, command
from bot.context import Context
from bot.domain import Role
from bot.reply import Action, Choice, Choices, Field, Reply
from bot.rules.subscription_words import place_at
from bot.services.alert_views import doing, doing_words, moderators_place, place_of, stopped_lanes, trouble_lines
from bot.services.subscriptions import HELD, Subscribed, subscribed

#: Subscriptions on a page, and troubles above the first of them.
PER_PAGE, TROUBLES = 8, 5


@command("alerts list", "Which shows are posted where, and how that goes", role=Role.editor)
async def alerts_list(ctx: Context, page: Annotated[int, Arg("Which page", range=(1, 1000))] = 1) -> Reply:
    found = await subscribed(ctx)
    shown, pages = pages_of(found, page, PER_PAGE)
    troubles = [*await _troubles(ctx), *await _stopped(ctx)] if page == 1 else []
    rows = [await _row(ctx, one) for one in shown]
    return Reply(
        "" if found else words_of.NO_SUBSCRIPTIONS,
        title=words_of.LIST_TITLE,
        fields=(*troubles, *rows),
        footer="\n".join(filter(None, (page_note(page, pages), await _told_where(ctx)))),
        choices=_choices(ctx, shown),
        actions=(*await _actions(ctx), *page_actions("alerts list", {}, page, more=page < pages)),
        outcome="listed",
    )


async def _row(ctx: Context, one: Subscribed) -> Field:
    label = words_of.show_in_place(one.title, place_of(ctx, one.place))
    return Field(label, doing_words(ctx, await doing(ctx, one)))


def _choices(ctx: Context, shown: Sequence[Subscribed]) -> Choices | None:
    """Each of them to be changed, for those who may."""
    visible = [one for one in shown if one.show] if ctx.role >= Role.admin else []
    names = [words_of.show_in_place(one.title, place_of(ctx, one.place)) for one in visible]
    options = [Choice(name, Action(name, "alerts edit", one.args())) for name, one in zip(names, visible, strict=True)]
    return Choices(words_of.CHOOSE, tuple(options)) if options else None


async def _stopped(ctx: Context) -> list[Field]:
    """Places that nothing can be posted in and that no subscription stands for, such as the moderators' own."""
    found = await stopped_lanes(ctx)
    rows = [Field(place_of(ctx, one.place), words_of.lane_stopped(one, resume=str(one.place))) for one in found]
    more = len(rows) - TROUBLES
    return [*rows[:TROUBLES], Field(words_of.TROUBLE, words_of.more_troubles(more))] if more > 0 else rows


async def _troubles(ctx: Context) -> list[Field]:
    lines = await trouble_lines(ctx)
    rows = [Field(words_of.TROUBLE, line) for line in lines[:TROUBLES]]
    more = len(lines) - TROUBLES
    return [*rows, Field(words_of.TROUBLE, words_of.more_troubles(more))] if more > 0 else rows


async def _told_where(ctx: Context) -> str:
    kept = await moderators_place(ctx.services.storage, ctx.community)
    place = place_at(kept)
    return words_of.moderators_are_told(place_of(ctx, place) if place else kept)


async def _actions(ctx: Context) -> tuple[Action, ...]:
    held = await ctx.services.storage.alerts(ctx.community, states=HELD, limit=1)
    return (Action(words_of.HELD_MORE, "held"),) if held else ()
