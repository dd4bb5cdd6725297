"""``share``, behind "Share": a line as a new message that everyone here sees."""

from __future__ import annotations

from typing import Annotated

from bot import texts
from bot.commands.answers import anchor_of, everyone, hit_at, hit_block, labels, line_actions
from bot.commands.declare import Arg, command
from bot.context import Context
from bot.errors import NotFound
from bot.reply import Reply


@command("share", "Show a line to everyone here", listed=False, private=False)
async def share(ctx: Context, anchor: Annotated[str, Arg("The line, as a button knows it", length=(1, 100))]) -> Reply:
    hit = await hit_at(ctx, anchor)
    if await ctx.services.storage.episode(everyone(ctx.viewer), hit.episode.id) is None:
        raise NotFound(texts.PRIVATE_NOT_HERE)
    said = [labels(hit.episode, hit.lines), texts.shared_by(ctx.person.name)]
    return Reply(
        quotes=(hit_block(hit),),
        footer=" ".join(part for part in said if part),
        actions=line_actions(await anchor_of(ctx, hit))[:1],
        private=False,
        outcome="found",
    )
