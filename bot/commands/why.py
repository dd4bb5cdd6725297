"""``/pullquote why``: what became of an episode's alerts, stage by stage, each with its reason and time."""

from __future__ import annotations

from typing import Annotated

from bot import texts_why
from bot.commands.alert_args import Wanted
from bot.commands.answers import id_of, page_url
from bot.commands.declare import Arg, command
from bot.context import Context
from bot.domain import Role
from bot.reply import Action, Field, Reply
from bot.services.episodes import episode_names, show_names
from bot.services.explaining import explain, places_told
from bot.services.subscriptions import place_for, shown_place

#: Places that are explained in one answer.
PLACES = 6


@command("why", "Why an episode was posted, or not", role=Role.editor, example="latest place:here")
async def why(
    ctx: Context,
    episode: Annotated[
        str | None, Arg("Key, number, link or part of the title", complete=episode_names, rest=True)
    ] = None,
    place: Wanted = None,
    show: Annotated[str | None, Arg("Of this show", complete=show_names)] = None,
) -> Reply:
    one = await ctx.services.episodes.resolve(ctx, episode, show=show)
    only = await place_for(ctx, place) if place else None
    stages = await explain(ctx, one, only, PLACES)
    rows = tuple(Field(stage.name, texts_why.stage(stage.reason, stage.at, ctx.timezone)) for stage in stages)
    more = [there for there in await places_told(ctx, one) if only is None][PLACES:]
    return Reply(
        title=texts_why.why_title(one.title),
        url=page_url(one),
        fields=rows,
        footer=texts_why.more_places([shown_place(ctx, there) for there in more]) if more else None,
        actions=tuple(
            Action(shown_place(ctx, there)[:80], "why", {"episode": id_of(one), "place": str(there)})
            for there in more[:5]
        ),
        outcome="found",
    )
