"""``/pullquote alerts clone``: the same subscription, with all its options, in another place."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from bot import texts_alert_commands as words_of
from bot.alerts import Options
from bot.commands.alert_args import Wanted
from bot.commands.declare import Arg, command
from bot.commands.subscribe import Wish, made
from bot.context import Context
from bot.domain import Place, Role
from bot.errors import UsageError
from bot.reply import Reply
from bot.rules.subscription_words import Asked
from bot.services.episodes import show_names
from bot.services.subscriptions import Subscribed, of, place_for, place_names, shown_place, the_one


@command("alerts clone", "The same alerts in another place", role=Role.admin, example="acme to:discord/123/456")
async def alerts_clone(
    ctx: Context,
    show: Annotated[str | None, Arg("Which show", length=(1, 200), complete=show_names, rest=True)] = None,
    to: Annotated[str | None, Arg("The other place", length=(1, 250), complete=place_names)] = None,
    place: Wanted = None,
    yes: Annotated[bool, Arg("A private show: add the place")] = False,
) -> Reply:
    if not to:
        raise UsageError(words_of.CLONE_WHERE)
    one = await the_one(ctx, show, place)
    target = await place_for(ctx, to)
    there = await of(ctx, one.record.show, target)
    if there is not None or one.show is None:
        return Reply(words_of.is_there(one.title, shown_place(ctx, target)), outcome="same")
    options, left_out = _carried(one, target, replace(one.options, since=ctx.services.clock.now()))
    args = {**one.args(), "to": str(target)}
    wish = Wish(one.show, target, Asked(), yes=yes, command="alerts clone", args=tuple(args.items()))
    reply = await made(ctx, wish, options)
    return replace(reply, text=f"{reply.text}\n{left_out}") if left_out and reply.outcome == "done" else reply


def _carried(one: Subscribed, target: Place, options: Options) -> tuple[Options, str]:
    """The options as they make sense elsewhere: running, and without ids that only their own workspace knows."""
    options = replace(options, paused="", paused_by="", paused_at=None)
    home = (one.place.platform, one.place.workspace) == (target.platform, target.workspace)
    if home or not (options.mention or options.tag):
        return options, ""
    return replace(options, mention="", tag=""), words_of.MENTION_LEFT_OUT
