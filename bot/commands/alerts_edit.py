"""``/pullquote alerts edit``: change how a place gets a show's news; without options, what is set."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from bot import texts
from bot import texts_alert_commands as words_of
from bot.alerts import Options
from bot.commands.alert_args import (
    Age,
    Bonus,
    Cap,
    Clean,
    Delay,
    Full,
    Longest,
    Mention,
    People,
    Publish,
    Seasons,
    Shortest,
    Swap,
    Tag,
    Template,
    Thread,
    ThreadTitle,
    Trailer,
    Wanted,
    Without,
    Words,
)  # fmt: skip
from bot.commands.declare import Arg, command
from bot.context import Context
from bot.domain import Role
from bot.errors import UsageError
from bot.reply import Action, Field, Reply
from bot.rules.subscription_words import Asked, changed, differences, shown
from bot.services.episodes import show_names
from bot.services.subscriptions import Lacking, Subscribed, change, fitted, mention_of, shown_place, the_one
from bot.texts_answers import EDIT_TEMPLATE, TEMPLATE_AGAIN


@command("alerts edit", "Change how a show is posted in a place", role=Role.admin, example="acme trailer:skip")
async def alerts_edit(
    ctx: Context,
    show: Annotated[str | None, Arg("Which show", length=(1, 200), complete=show_names, rest=True)] = None,
    place: Wanted = None,
    mention: Mention = None,
    thread: Thread = None,
    tag: Tag = None,
    thread_title: ThreadTitle = None,
    template: Template = None,
    delay: Delay = None,
    publish: Publish = None,
    full: Full = None,
    bonus: Bonus = None,
    trailer: Trailer = None,
    swap: Swap = None,
    words: Words = None,
    without: Without = None,
    seasons: Seasons = None,
    clean: Clean = None,
    shortest: Shortest = None,
    longest: Longest = None,
    people: People = None,
    age: Age = None,
    cap: Cap = None,
) -> Reply:
    asked = Asked(
        mention, thread, tag, thread_title, template, delay, publish, full, bonus, trailer, swap,
        words, without, seasons, clean, shortest, longest, people, age, cap,
    )  # fmt: skip
    one = await the_one(ctx, show, place)
    asked = replace(asked, mention=mention_of(ctx, asked.mention, one.place))
    if not asked.args():
        return _settings(ctx, one)
    try:
        wanted = changed(one.options, asked, one.place)
    except UsageError as refused:
        return _refused(one, template, refused)
    if wanted == one.options:
        return Reply(words_of.OPTIONS_SAME, outcome="same")
    try:
        options = await fitted(ctx, one.place, wanted)
    except Lacking as lacking:
        again = Action(words_of.TRY_AGAIN, "alerts edit", one.args() | asked.args())
        return Reply(str(lacking), actions=(again,), outcome=lacking.outcome)
    return await changed_reply(ctx, one, options)


async def changed_reply(ctx: Context, one: Subscribed, options: Options) -> Reply:
    """Store other options and say what is different now."""
    if options == one.options:
        return Reply(words_of.OPTIONS_SAME, outcome="same")
    entry = await change(ctx, one, options)
    where = shown_place(ctx, one.place)
    return Reply(
        words_of.edited(one.title, where, differences(one.options, options)),
        footer=texts.take_back(entry.id),
        actions=(
            Action(words_of.PREVIEW, "alerts preview", one.args()),
            Action(texts.UNDO, "undo", {"id": entry.id}),
        ),
    )


def _refused(one: Subscribed, template: str | None, refused: UsageError) -> Reply:
    """What is wrong; a template that was given is not lost: the form opens with it."""
    if template is None:
        raise refused
    again = Action(TEMPLATE_AGAIN, "alerts template", one.args() | {"draft": template})
    return Reply(str(refused), actions=(again,), outcome=refused.outcome)


def _settings(ctx: Context, one: Subscribed) -> Reply:
    """What is set, each as it would be typed."""
    paused = bool(one.options.paused)
    do = (words_of.RESUME, "alerts resume") if paused else (words_of.PAUSE, "alerts pause")
    pause = Action(*do, one.args())
    return Reply(
        title=words_of.show_in_place(one.title, shown_place(ctx, one.place)),
        fields=tuple(Field(name, value) for name, value in shown(one.options).items()),
        footer=words_of.EDIT_HOW,
        actions=(
            Action(EDIT_TEMPLATE, "alerts template", one.args()),
            Action(words_of.PREVIEW, "alerts preview", one.args()),
            Action(words_of.TEST, "alerts test", one.args()),
            pause,
            Action(words_of.STOP_POSTING, "unsubscribe", one.args(), "danger"),
        ),
        outcome="listed",
    )
