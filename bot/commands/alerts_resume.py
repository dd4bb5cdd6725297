"""``/pullquote alerts resume``: after a pause, or after a place was blocked or silenced and is in order again."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from bot import texts
from bot import texts_alert_commands as words_of
from bot.alerts import Lane, Options
from bot.commands.alert_args import Wanted
from bot.commands.declare import Arg, command
from bot.context import Context
from bot.domain import HistoryEntry, Place, Role
from bot.errors import NotFound
from bot.reply import Action, Reply
from bot.services.episodes import show_names
from bot.services.subscriptions import Lacking, Subscribed, change, fitted, meant, place_of, shown_place, subscribed


@command("alerts resume", "Let alerts go on", role=Role.admin, example="acme place:here")
async def alerts_resume(
    ctx: Context,
    show: Annotated[str | None, Arg("Which show; none = all here", complete=show_names, rest=True)] = None,
    place: Wanted = None,
) -> Reply:
    found, where = await _meant(ctx, show, place)
    stopped = await _stopped(ctx, where)
    if stopped:
        found = await _with_others(ctx, found, where)
    try:
        for one in found:
            await fitted(ctx, one.place, one.options)
        if not found:
            await fitted(ctx, where, Options(ctx.services.clock.now()))
    except Lacking as lacking:
        again = Action(words_of.TRY_AGAIN, "alerts resume", found[0].args() if show else {"place": str(where)})
        return Reply(str(lacking), actions=(again,), outcome=lacking.outcome)
    entries = [await _run_again(ctx, one) for one in found if one.options.paused]
    if not entries and not stopped:
        return Reply(words_of.RUNNING_ALREADY, outcome="same")
    if stopped:
        await _free(ctx, stopped)
    ctx.services.alerts.outbox.wake()
    return _said(ctx, found, entries, stopped)


async def _meant(ctx: Context, show: str | None, place: str | None) -> tuple[list[Subscribed], Place]:
    """The subscriptions that are meant and their place; none where a place without any (the moderators') is blocked or
    silenced. Raises as ``meant``."""
    try:
        found = await meant(ctx, show, place)
    except NotFound:
        where = place_of(ctx, place)
        if show or await _stopped(ctx, where) is None:
            raise
        return [], where
    return found, found[0].place


async def _stopped(ctx: Context, place: Place) -> Lane | None:
    """The place's lane, where it is this community's and nothing can be sent there."""
    lane = await ctx.services.storage.lane(place)
    ours = lane is not None and lane.community == ctx.community
    return lane if lane and ours and (lane.blocked or lane.silenced) else None


async def _with_others(ctx: Context, found: list[Subscribed], where: Place) -> list[Subscribed]:
    """The bot paused every subscription of a place that was gone: they all go on with it."""
    asked = {one.record.id for one in found}
    others = [one for one in await subscribed(ctx) if one.place == where and one.options.paused_by == "bot"]
    return [*found, *(one for one in others if one.record.id not in asked)]


async def _run_again(ctx: Context, one: Subscribed) -> HistoryEntry:
    return await change(ctx, one, replace(one.options, paused="", paused_by="", paused_at=None))


async def _free(ctx: Context, lane: Lane) -> None:
    """The place may be posted in again; it is read back before anything is sent. Its troubles are over without a word:
    who ends them is here."""
    storage, now = ctx.services.storage, ctx.services.clock.now()
    await storage.free_place(lane.place, now)
    for source in (f"place:{lane.place}", f"twin:{lane.place}"):
        await storage.set_troubles(source, (), [lane.community], now)


def _said(ctx: Context, found: list[Subscribed], entries: list[HistoryEntry], stopped: Lane | None) -> Reply:
    named = [words_of.show_in_place(one.title, shown_place(ctx, one.place)) for one in found]
    named = named or [shown_place(ctx, one.place) for one in (stopped,) if one]
    lines = [words_of.resumed(named)]
    lines += [words_of.freed(twin=bool(stopped.silenced))] if stopped else []
    undo = entries[0].id if len(entries) == 1 and not stopped else None
    return Reply(
        "\n".join(lines),
        footer=texts.take_back(undo) if undo else None,
        actions=(Action(texts.UNDO, "undo", {"id": undo}),) if undo else (),
    )
