"""``/pullquote keep``, behind "Keep it": an episode that its publisher withdrew stays; what asked about it is over."""

from __future__ import annotations

from typing import Annotated

from bot import texts_posts as texts
from bot.commands.declare import Arg, command
from bot.context import Context
from bot.domain import Episode, EpisodeId, Role, Setting
from bot.errors import UserError
from bot.reply import Action, Reply
from bot.services.episodes import episode_names
from bot.services.preferences import setting_id
from bot.texts import UNDO, take_back

#: The name of the setting that remembers it; its value is the episode's id, so that the history can name it.
KEPT = "withdrawn"


@command("keep", "Keep an episode that its publisher withdrew", role=Role.editor, listed=False)
async def keep(
    ctx: Context, episode: Annotated[str, Arg("Which one", length=(1, 200), complete=episode_names, rest=True)]
) -> Reply:
    return await keep_reply(ctx, await ctx.services.episodes.resolve(ctx, episode))


async def keep_reply(ctx: Context, episode: Episode) -> Reply:
    """Note the decision in the history, once, and close the question."""
    if not episode.withdrawn:
        raise UserError(texts.NOT_A_WITHDRAWAL)
    storage, id = ctx.services.storage, setting_id("", f"{KEPT}:{episode.id}")
    known = await storage.record(ctx.community, "setting", id)
    await close(ctx, episode.id)
    if known is not None:
        return Reply(texts.KEPT_ALREADY, outcome="same")
    entry = await storage.put(ctx.community, Setting(id, KEPT, episode.id), str(ctx.person))
    return Reply(texts.kept(episode), footer=take_back(entry.id), actions=(Action(UNDO, "undo", {"id": entry.id}),))


async def close(ctx: Context, episode: EpisodeId) -> None:
    """Nobody needs to decide about this episode any more, in this community."""
    now = ctx.services.clock.now()
    await ctx.services.storage.set_troubles(f"withdrawn:{episode}", (), [ctx.community], now)
