"""``/pullquote join``: two episodes that are one become one. One word, because ``episode`` is a member's command."""

from __future__ import annotations

from typing import Annotated

from bot import texts
from bot.commands.answers import id_of
from bot.commands.declare import Arg, command
from bot.context import Context
from bot.domain import Role
from bot.errors import UsageError
from bot.reply import Action, Reply
from bot.services.episodes import episode_names, show_names


@command(
    "join",
    "Make two episodes one: a transcript that came by itself and the feed's episode",
    role=Role.admin,
    example='ep042 into:"The Great Heist"',
)
async def join(
    ctx: Context,
    other: Annotated[str, Arg("The one that becomes a part of the other", complete=episode_names, rest=True)],
    into: Annotated[str, Arg("The episode that stays, with its key", complete=episode_names)],
    show: Annotated[str | None, Arg("Both are of this show", complete=show_names)] = None,
) -> Reply:
    kept = await ctx.services.episodes.resolve(ctx, into, show=show)
    gone = await ctx.services.episodes.resolve(ctx, other, show=show or kept.show_slug)
    if kept.id == gone.id:
        raise UsageError(texts.joins_itself(kept))
    if kept.show != gone.show:
        raise UsageError(texts.JOINS_SHOWS)
    entry = await ctx.services.storage.join_episodes(ctx.community, kept.id, gone.id, str(ctx.person))
    return Reply(
        texts.joined(gone, kept),
        footer=texts.take_back(entry.id),
        actions=(
            Action(texts.UNDO, "undo", {"id": entry.id}),
            Action(texts.SHOW_EPISODE, "episode", {"episode": id_of(kept)}),
        ),
    )
