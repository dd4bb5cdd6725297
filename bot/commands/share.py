"""``share``, behind "Share": a line as a new message that everyone here sees, in the name of who shared it."""

from __future__ import annotations

from typing import Annotated

from bot import texts
from bot import texts_answers as said
from bot.commands.answers import (
    anchor_of,
    context_action,
    everyone,
    hit_at,
    hit_block,
    labels,
    line_links,
    wrong_action,
)
from bot.commands.declare import Arg, command
from bot.context import Context
from bot.domain import Hit, Role
from bot.errors import NotAllowed, NotFound
from bot.reply import Action, Reply
from bot.rules.references import anchor_ref


@command("share", "Show a line to everyone here", listed=False, private=False)
async def share(ctx: Context, anchor: Annotated[str, Arg("The line, as a button knows it", length=(1, 100))]) -> Reply:
    if not ctx.may_write:
        raise NotAllowed(said.CANNOT_WRITE, Role.member)
    hit = await hit_at(ctx, anchor)
    if await ctx.services.storage.episode(everyone(ctx.viewer), hit.episode.id) is None:
        raise NotFound(texts.PRIVATE_NOT_HERE)
    told = [labels(hit.episode, hit.lines), texts.shared_by(ctx.person.name)]
    # Nothing in it is the sharer's own: neither their app nor what they alone may see.
    return Reply(
        quotes=(hit_block(hit),),
        footer=" ".join(part for part in told if part),
        actions=await _actions(ctx, hit),
        links=line_links(hit.episode, hit.lines[0]),
        private=False,
        outcome="found",
    )


async def _actions(ctx: Context, hit: Hit) -> tuple[Action, ...]:
    """Everybody may look around the line and say that it is wrong; who may take it away is asked when it is pressed."""
    anchor = await anchor_of(ctx, hit)
    ref = anchor_ref(anchor) if anchor else ""
    line = (context_action(ref), wrong_action(ref)) if ref else ()
    return (*line, Action(said.TAKE_AWAY, "unshare", {"by": str(ctx.person)}, style="danger"))
