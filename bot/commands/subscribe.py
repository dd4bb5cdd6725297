"""``/pullquote subscribe``: a show's new episodes, from now on, into a place."""

from __future__ import annotations

from dataclasses import dataclass, replace
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
from bot.domain import HistoryEntry, Place, Role, Show
from bot.errors import NotFound, UsageError, UserError
from bot.reply import Action, Reply
from bot.rules.subscription_words import Asked, changed, is_place
from bot.services.episode_alerts import latest as latest_of
from bot.services.episode_alerts import send_now
from bot.services.episodes import show_names
from bot.services.subscriptions import Lacking, Subscribed, fitted, keep, mention_of, of, place_for, shown_place
from bot.texts_answers import EDIT_TEMPLATE


@command("subscribe", "Post a show's new episodes in a place", role=Role.admin, example="acme place:here")
async def subscribe(
    ctx: Context,
    show: Annotated[str, Arg("Which show", length=(1, 200), complete=show_names, rest=True)],
    place: Wanted = None,
    mention: Mention = None,
    thread: Thread = None,
    tag: Tag = None,
    thread_title: ThreadTitle = None,
    template: Template = None,
    delay: Delay = None,
    publish: Publish = None,
    latest: Annotated[bool, Arg("Post the latest one now")] = False,
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
    yes: Annotated[bool, Arg("A private show: add the place")] = False,
) -> Reply:
    asked = Asked(
        mention, thread, tag, thread_title, template, delay, publish, full, bonus, trailer, swap,
        words, without, seasons, clean, shortest, longest, people, age, cap,
    )  # fmt: skip
    home = await _show(ctx, show)
    where = await place_for(ctx, place)
    asked = replace(asked, mention=mention_of(ctx, asked.mention, where))
    wish = Wish(home, where, asked, latest=latest, yes=yes)
    there = await of(ctx, home.id, wish.place)
    if there is not None:
        return await _there_already(ctx, there, wish)
    return await made(ctx, wish, Options(ctx.services.clock.now()))


async def _show(ctx: Context, words: str) -> Show:
    """The show that is meant. Raises UsageError where a place was written behind it as if it were part of its name."""
    try:
        return await ctx.services.episodes.show(ctx, words)
    except NotFound:
        name, _, last = words.strip().rpartition(" ")
        if not name or not is_place(last):
            raise
        slug = (await ctx.services.episodes.show(ctx, name)).slug
        raise UsageError(words_of.place_is_named(slug, last)) from None


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be subscribed: ``command`` and ``args`` say it again behind a button."""

    show: Show
    place: Place
    asked: Asked
    latest: bool = False
    yes: bool = False
    command: str = "subscribe"
    args: tuple[tuple[str, str], ...] = ()

    def again(self, **more: str) -> dict[str, str]:
        """The arguments that mean the same once more."""
        said = dict(self.args) or {"show": self.show.slug, "place": str(self.place)} | self.asked.args()
        return said | ({"latest": "yes"} if self.latest else {}) | more


async def made(ctx: Context, wish: Wish, start: Options) -> Reply:
    """Make the subscription if everything is in order there, and say what will happen."""
    options = changed(start, wish.asked, wish.place)
    show, asking = await _shown_there(ctx, wish)
    if asking:
        return asking
    try:
        options = await fitted(ctx, wish.place, options)
    except Lacking as lacking:
        again = Action(words_of.TRY_AGAIN, wish.command, wish.again())
        return Reply(str(lacking), actions=(again,), outcome=lacking.outcome)
    if show != wish.show:
        await ctx.services.shows.put(ctx.community, show)
    entry = await keep(ctx, show.id, wish.place, options)
    return await _done(ctx, replace(wish, show=show), options, entry)


async def _shown_there(ctx: Context, wish: Wish) -> tuple[Show, Reply | None]:
    """The show as everybody in that place may see it; what has to be asked first where they may not yet."""
    show, place = wish.show, wish.place
    if not show.private or place in show.places:
        return show, None
    if ctx.direct and place == ctx.place:
        raise UserError(words_of.private_in_direct(show.title))
    if wish.yes:
        return replace(show, places=(*show.places, place)), None
    add = Action(words_of.ADD_PLACE, wish.command, wish.again(yes="yes"), "danger")
    where = shown_place(ctx, place)
    return show, Reply(words_of.private_elsewhere(show.title, where), actions=(add,), outcome="confirm")


async def _done(ctx: Context, wish: Wish, options: Options, entry: HistoryEntry) -> Reply:
    state = await ctx.services.storage.feed(wish.show.id)
    where = shown_place(ctx, wish.place)
    lines = [words_of.subscribed(wish.show.title, where, options)]
    lines.append(words_of.sentence(words_of.next_look(state, ctx.services.clock.now(), ctx.timezone)))
    lines += [(await _latest_too(ctx, wish))[0]] if wish.latest else []
    args = {"show": wish.show.slug, "place": str(wish.place)}
    return Reply(
        "\n".join(lines),
        footer=texts.take_back(entry.id),
        actions=(
            Action(words_of.PREVIEW, "alerts preview", args),
            Action(words_of.TEST, "alerts test", args),
            Action(EDIT_TEMPLATE, "alerts template", args),
            Action(texts.UNDO, "undo", {"id": entry.id}),
        ),
    )


async def _latest_too(ctx: Context, wish: Wish) -> tuple[str, HistoryEntry | None]:
    """The latest episode is told as well, once: what became of that, and its change if there is one."""
    there = await of(ctx, wish.show.id, wish.place)
    try:
        episode = await latest_of(ctx, wish.show)
    except NotFound as none_yet:
        return str(none_yet), None
    sent = await send_now(ctx, there, episode, words_of.ASKED_FOR) if there else None
    return (words_of.latest_too(episode.title) if sent else words_of.latest_was_told(episode.title)), sent


async def _there_already(ctx: Context, there: Subscribed, wish: Wish) -> Reply:
    """It is subscribed: what was asked now is offered as a change, and the latest one is told."""
    options = changed(there.options, wish.asked, wish.place)
    said = words_of.there_already(there.title, shown_place(ctx, there.place), there.options)
    if options != there.options:
        return _change_asked(there, wish, said)
    edit = Action(words_of.EDIT, "alerts edit", there.args())
    if not wish.latest:
        return Reply(said, actions=(edit,), outcome="same")
    told, entry = await _latest_too(ctx, wish)
    text = f"{said}\n{told}"
    if entry is None:
        return Reply(text, actions=(edit,), outcome="same")
    undo = Action(texts.UNDO, "undo", {"id": entry.id})
    return Reply(text, footer=texts.take_back(entry.id), actions=(edit, undo))


def _change_asked(there: Subscribed, wish: Wish, said: str) -> Reply:
    edit = Action(words_of.CHANGE_IT, "alerts edit", there.args() | wish.asked.args(), "primary")
    asks = (said, words_of.CHANGE_ASKS)
    if not wish.latest:
        return Reply("\n".join(asks), actions=(edit,), outcome="confirm")
    post = Action(words_of.POST_LATEST, "subscribe", there.args() | {"latest": "yes"})
    return Reply("\n".join((*asks, words_of.LATEST_ASKS)), actions=(edit, post), outcome="confirm")
