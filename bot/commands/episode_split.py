"""``/pullquote split``: a transcript that was joined to the wrong episode becomes an episode of its own again."""

from __future__ import annotations

from typing import Annotated

from bot import texts
from bot.commands.answers import id_of
from bot.commands.declare import Arg, command
from bot.context import Context
from bot.domain import Role
from bot.reply import Action, Reply
from bot.services.episodes import episode_names, show_names


@command(
    "split",
    "Take the transcript out of an episode that it does not belong to",
    role=Role.admin,
    example='"The Great Heist"',
)
async def split(
    ctx: Context,
    episode: Annotated[str | None, Arg("Which one; none = the one at hand", complete=episode_names, rest=True)] = None,
    show: Annotated[str | None, Arg("Of this show", complete=show_names)] = None,
) -> Reply:
    one = await ctx.services.episodes.resolve(ctx, episode, needs="lines", show=show)
    made, entry = await ctx.services.storage.split_episode(ctx.community, one.id, str(ctx.person))
    apart = await ctx.services.storage.episode(ctx.viewer, made)
    return Reply(
        texts.split_apart(one, apart),
        footer=texts.take_back(entry.id),
        actions=(
            Action(texts.UNDO, "undo", {"id": entry.id}),
            *([Action(texts.SHOW_EPISODE, "episode", {"episode": id_of(apart)})] if apart else []),
        ),
    )
