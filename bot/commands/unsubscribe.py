"""``/pullquote unsubscribe``: no more of a show's news in a place; undo brings the subscription back as it was."""

from __future__ import annotations

from typing import Annotated

from bot import texts
from bot import texts_alert_commands as words_of
from bot.commands.alert_args import Wanted
from bot.commands.declare import Arg, command
from bot.context import Context
from bot.domain import Role
from bot.reply import Action, Reply
from bot.services.episodes import show_names
from bot.services.subscriptions import queued, shown_place, the_one


@command("unsubscribe", "Stop posting a show in a place", role=Role.admin, example="acme place:here")
async def unsubscribe(
    ctx: Context,
    show: Annotated[str | None, Arg("Which show", length=(1, 200), complete=show_names, rest=True)] = None,
    place: Wanted = None,
) -> Reply:
    one = await the_one(ctx, show, place)
    waiting = await queued(ctx, one)
    entry = await ctx.services.storage.drop(ctx.community, "subscription", one.record.id, str(ctx.person))
    if entry is None:
        return Reply(words_of.GONE_MEANWHILE, outcome="same")
    where = shown_place(ctx, one.place)
    return Reply(
        words_of.unsubscribed(one.title, where, len(waiting)),
        footer=texts.take_back(entry.id),
        actions=(Action(texts.UNDO, "undo", {"id": entry.id}),),
    )
