"""``/pullquote show remove``: off the shelf, after asking; nothing is deleted, and a button brings it back."""

from __future__ import annotations

from typing import Annotated

from bot import texts_shows as texts
from bot.commands.declare import Arg, command
from bot.context import Context
from bot.domain import Role, ShowId
from bot.reply import Action, Reply
from bot.rules.access import carries_credentials
from bot.services.episodes import show_names


@command("show remove", "Take a show off the shelf; nothing is deleted", role=Role.admin, example="acme yes:true")
async def show_remove(
    ctx: Context,
    show: Annotated[str, Arg("Which show", length=(1, 200), complete=show_names, rest=True)],
    yes: Annotated[bool, Arg("Do it without asking")] = False,
) -> Reply:
    meant = await ctx.services.episodes.show(ctx, show)
    secret = carries_credentials(meant.feed_url)
    if not yes:
        episodes = len(await ctx.services.storage.episodes(ctx.viewer, meant.id))
        remove = Action(texts.REMOVE, "show remove", {"show": meant.slug, "yes": "yes"}, "danger")
        return Reply(texts.remove_asks(meant.title, episodes, secret=secret), actions=(remove,), outcome="confirm")
    await ctx.services.shows.remove(ctx.community, meant)
    back = Action(texts.BRING_BACK, "show back", {"id": meant.id, "name": meant.slug})
    return Reply(texts.removed(meant.title), actions=() if secret else (back,))


@command("show back", "Bring back a show that was removed", role=Role.admin, listed=False)
async def show_back(
    ctx: Context,
    id: Annotated[str, Arg("The show's id, from the button", length=(1, 40))],
    name: Annotated[str, Arg("Its name on the shelf", length=(1, 100))],
) -> Reply:
    back = await ctx.services.shows.bring_back(ctx.community, ShowId(id), name)
    return Reply(texts.brought_back(back.title))
