"""``/pullquote alerts test``: the latest episode's post, marked as a test and without any mention, really sent."""

from __future__ import annotations

from typing import Annotated

from bot import texts_alert_commands as words_of
from bot import texts_why
from bot.alert_ports import Outcome, Sent, Unclear
from bot.commands.alert_args import Wanted
from bot.commands.declare import Arg, command
from bot.context import Context
from bot.domain import Role
from bot.errors import NotFound
from bot.reply import Action, Reply
from bot.services.episode_alerts import as_test, latest, post_of, test_key
from bot.services.episodes import show_names
from bot.services.subscriptions import Lacking, Subscribed, fitted, messenger_for, shown_place, the_one, turn


@command("alerts test", "Send a test post, mentioning nobody", role=Role.admin, example="acme place:here")
async def alerts_test(
    ctx: Context,
    show: Annotated[str | None, Arg("Which show", length=(1, 200), complete=show_names, rest=True)] = None,
    place: Wanted = None,
) -> Reply:
    one = await the_one(ctx, show, place)
    if one.show is None:
        raise NotFound(words_of.SHOW_NOT_VISIBLE)
    try:
        await fitted(ctx, one.place, one.options)
    except Lacking as lacking:
        return Reply(str(lacking), actions=(_again(one),), outcome=lacking.outcome)
    messenger = messenger_for(ctx, one.place)
    if messenger is None:
        return Reply(texts_why.cannot_test(one.place.platform), outcome="user_error")
    episode = await latest(ctx, one.show)
    post = as_test(await post_of(ctx, one, episode), test_key(one.place))
    await turn(ctx, one.place)
    return _told(ctx, one, await messenger.send(one.place, post))


def _told(ctx: Context, one: Subscribed, outcome: Outcome) -> Reply:
    where = shown_place(ctx, one.place)
    if isinstance(outcome, Sent):
        return Reply(texts_why.test_sent(where))
    if isinstance(outcome, Unclear):
        return Reply(texts_why.test_unclear(where, outcome.reason), outcome="failed")
    said = texts_why.test_refused(where, outcome.reason, outcome.retry_after_s)
    return Reply(said, actions=(_again(one),), outcome="failed")


def _again(one: Subscribed) -> Action:
    return Action(words_of.TRY_AGAIN, "alerts test", one.args())
