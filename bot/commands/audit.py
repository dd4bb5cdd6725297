"""``/pullquote audit``: the feed's episodes against what was posted in a place, and what is missing there and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from bot import texts, texts_why
from bot import texts_alert_commands as words_of
from bot.commands.alert_args import Wanted
from bot.commands.answers import page_actions, page_note, pages_of
from bot.commands.declare import Arg, command
from bot.context import Context
from bot.domain import Role, Ruling
from bot.errors import NotAllowed, NotFound
from bot.reply import Action, Choice, Choices, Field, Reply
from bot.services.auditing import Compared, Missing, compare
from bot.services.episode_alerts import send_now
from bot.services.episodes import show_names
from bot.services.subscriptions import Subscribed, shown_place, the_one

PER_PAGE = 8


@command("audit", "Which episodes are missing in a place, and why", role=Role.editor, example="acme place:here")
async def audit(
    ctx: Context,
    show: Annotated[str | None, Arg("Which show", length=(1, 200), complete=show_names, rest=True)] = None,
    place: Wanted = None,
    post: Annotated[str | None, Arg("Post this one", length=(1, 40))] = None,
    page: Annotated[int, Arg("Which page", range=(1, 1000))] = 1,
) -> Reply:
    one = await the_one(ctx, show, place)
    found = await compare(ctx, one)
    return await (_listed(ctx, one, found, page) if post is None else _post(ctx, one, found, post))


async def _listed(ctx: Context, one: Subscribed, found: Compared, page: int) -> Reply:
    shown, pages = pages_of(found.missing, page, PER_PAGE)
    where = shown_place(ctx, one.place)
    return Reply(
        texts_why.audited(found.feed, found.posted, found.taken_away, found.coming, found.held, len(found.missing)),
        title=texts_why.audit_title(one.title, where, one.options.since.astimezone(ctx.timezone)),
        fields=tuple(_row(ctx, missing) for missing in shown),
        footer=page_note(page, pages),
        actions=page_actions("audit", one.args(), page, more=page < pages),
        choices=_choices(one, shown) if ctx.role >= Role.admin else None,
        outcome="listed",
    )


def _row(ctx: Context, missing: Missing) -> Field:
    at = missing.at
    day = texts.minute(at, ctx.timezone) if at else ""
    return Field(texts.shorten(missing.episode.title, 100), texts_why.missing(missing.reason, day))


def _choices(one: Subscribed, shown: Sequence[Missing]) -> Choices | None:
    options = [
        Choice(title, Action(title, "audit", {**one.args(), "post": missing.episode.id}))
        for missing in shown
        if (title := texts.shorten(missing.episode.title, 75))
    ]
    return Choices(texts_why.POST_ONE, tuple(options)) if options else None


async def _post(ctx: Context, one: Subscribed, found: Compared, id: str) -> Reply:
    """Post a missing one after all: what was skipped is ruled upon, what never was an alert becomes one."""
    if ctx.role < Role.admin:
        raise NotAllowed(texts_why.ruling_needs(Role.admin.name), Role.admin)
    missing = next((missing for missing in found.missing if missing.episode.id == id), None)
    if missing is None:
        raise NotFound(texts_why.NOT_MISSING)
    where = shown_place(ctx, one.place)
    said = texts_why.posted_after_all(missing.episode.title, where)
    if missing.alert is None:
        reason = words_of.asked_by(ctx.person.name or str(ctx.person))
        entry = await send_now(ctx, one, missing.episode, reason)
        if entry is None:
            return Reply(texts_why.NOT_MISSING, outcome="same")
    else:
        entry = await ctx.services.storage.put(ctx.community, Ruling(missing.alert.id, "post"), str(ctx.person))
        ctx.services.alerts.outbox.wake()
    undo = Action(texts.UNDO, "undo", {"id": entry.id})
    return Reply(said, footer=texts.take_back(entry.id), actions=(undo,))
