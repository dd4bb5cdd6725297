"""``/pullquote held``: alerts that wait for a moderator's word, and giving it: it is there, post it, drop it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from bot import texts, texts_why
from bot import texts_alert_commands as words_of
from bot.alerts import Alert
from bot.commands.answers import page_actions, page_note, pages_of
from bot.commands.declare import Arg, command
from bot.context import Context
from bot.domain import Role, Ruling
from bot.errors import NotAllowed, NotFound, UsageError
from bot.reply import Action, Field, Reply
from bot.services.alert_views import about, in_sight, place_of, since
from bot.services.subscriptions import HELD

Choice = Literal["there", "post", "drop"]
#: So many fit a phone, and their buttons a message.
PER_PAGE = 4
#: So many are looked at.
MOST = 500


async def held_ids(ctx: Context, typed: str) -> list[str]:
    """Ids of what is held, newest first."""
    return [one.id for one in await _held(ctx) if one.id.startswith(typed.strip().lower())]


@command("held", "Alerts that wait for your word", role=Role.editor)
async def held(
    ctx: Context,
    id: Annotated[str | None, Arg("Which one, with choice:", length=(1, 40), complete=held_ids)] = None,
    choice: Annotated[Choice | None, Arg("What to do with it")] = None,
    page: Annotated[int, Arg("Which page", range=(1, 1000))] = 1,
) -> Reply:
    if id is None and choice is None:
        return await _list(ctx, page)
    if id is None or choice is None:
        raise UsageError(texts_why.HELD_BOTH)
    return await _rule(ctx, id, choice)


async def _held(ctx: Context) -> list[Alert]:
    """What is held, newest first, as far as who asks may see its show."""
    found = await ctx.services.storage.alerts(ctx.community, states=HELD, limit=MOST)
    return await in_sight(ctx, found)


async def _list(ctx: Context, page: int) -> Reply:
    found = await _held(ctx)
    if not found:
        return Reply(texts_why.NOTHING_HELD, outcome="listed")
    shown, pages = pages_of(found, page, PER_PAGE)
    return Reply(
        title=texts_why.HELD_TITLE,
        fields=tuple([await _row(ctx, n, one) for n, one in enumerate(shown, 1)]),
        footer=page_note(page, pages) or texts_why.HELD_HOW,
        actions=(*_choices(shown), *page_actions("held", {}, page, more=page < pages)),
        outcome="listed",
    )


async def _row(ctx: Context, n: int, alert: Alert) -> Field:
    what = texts_why.numbered(n, words_of.show_in_place(await about(ctx, alert), place_of(ctx, alert.place)))
    return Field(what, texts_why.held_row(alert.reason, texts.minute(await since(ctx, alert), ctx.timezone)))


def _choices(shown: Sequence[Alert]) -> tuple[Action, ...]:
    return tuple(
        Action(texts_why.numbered(n, label), "held", {"id": alert.id, "choice": choice})
        for n, alert in enumerate(shown, 1)
        for choice, label in texts_why.CHOICES.items()
    )


async def _rule(ctx: Context, id: str, choice: Choice) -> Reply:
    if ctx.role < Role.admin:
        raise NotAllowed(texts_why.ruling_needs(Role.admin.name), Role.admin)
    alert = await ctx.services.storage.alert(id.strip().lower())
    if alert is None or alert.community != ctx.community or not await in_sight(ctx, [alert]):
        raise NotFound(texts_why.NO_SUCH_ALERT)
    if alert.state != "held":
        return Reply(texts_why.not_held(alert.state, alert.reason), outcome="same")
    entry = await ctx.services.storage.put(ctx.community, Ruling(alert.id, choice), str(ctx.person))
    ctx.services.alerts.outbox.wake()
    return Reply(
        texts_why.ruled(choice, await about(ctx, alert), place_of(ctx, alert.place)),
        footer=texts.take_back(entry.id),
        actions=(Action(texts.UNDO, "undo", {"id": entry.id}), Action(words_of.HELD_MORE, "held")),
    )
