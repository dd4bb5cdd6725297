"""``/pullquote alerts pause``: nothing is posted until it is resumed; episodes meanwhile are skipped."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from bot import texts
from bot import texts_alert_commands as words_of
from bot.commands.alert_args import Wanted
from bot.commands.declare import Arg, command
from bot.context import Context
from bot.domain import Role
from bot.reply import Action, Reply
from bot.services.episodes import show_names
from bot.services.subscriptions import change, meant, shown_place


@command("alerts pause", "Stop alerts for a while", role=Role.admin, example="acme place:here")
async def alerts_pause(
    ctx: Context,
    show: Annotated[str | None, Arg("Which show; none = all here", complete=show_names, rest=True)] = None,
    place: Wanted = None,
    reason: Annotated[str | None, Arg("Why, for the list", length=(0, 200))] = None,
) -> Reply:
    found = await meant(ctx, show, place)
    running = [one for one in found if one.options.paused_by != "moderator"]
    if not running:
        return Reply(words_of.PAUSED_ALREADY, outcome="same")
    why = words_of.paused_by(ctx.person.name or str(ctx.person), (reason or "").strip())
    now = ctx.services.clock.now()
    paused = [replace(one.options, paused=why, paused_by="moderator", paused_at=now) for one in running]
    entries = [await change(ctx, one, options) for one, options in zip(running, paused, strict=True)]
    named = [words_of.show_in_place(one.title, shown_place(ctx, one.place)) for one in running]
    args = running[0].args() if len(running) == 1 else {"place": str(running[0].place)}
    actions = [Action(words_of.RESUME, "alerts resume", args)]
    actions += [Action(texts.UNDO, "undo", {"id": entries[0].id})] if len(entries) == 1 else []
    return Reply(
        words_of.paused(named), footer=texts.take_back(entries[0].id) if len(entries) == 1 else None,
        actions=tuple(actions),
    )  # fmt: skip
