"""``episodes``, behind "Other episodes": a show's episodes, newest first; choosing one opens it."""

from __future__ import annotations

from typing import Annotated

from bot import texts
from bot.commands.answers import answers_privately, given, id_of, page_actions
from bot.commands.declare import Arg, command
from bot.context import Context
from bot.domain import Episode, Show
from bot.errors import NotFound
from bot.reply import Action, Choice, Choices, Field, Reply
from bot.services.episodes import show_names

PER_PAGE = 10


@command("episodes", "The episodes of a show, newest first", listed=False, example="high-agency")
async def episodes(
    ctx: Context,
    show: Annotated[str | None, Arg("Of this show", complete=show_names, rest=True)] = None,
    page: Annotated[int, Arg("Which page", range=(1, 10_000))] = 1,
) -> Reply:
    named = ctx.services.episodes
    only = await named.show(ctx, show) if show else await named.default_show(ctx)
    first = (page - 1) * PER_PAGE
    found = await ctx.services.storage.episodes(ctx.viewer, only.id if only else None, limit=PER_PAGE + 1, offset=first)
    if not found:
        raise NotFound(texts.no_such_page(page, page - 1) if page > 1 else texts.no_episodes(only))
    shown = found[:PER_PAGE]
    return Reply(
        title=texts.episodes_title(only),
        fields=tuple(_row(one, only) for one in shown),
        choices=Choices(texts.CHOOSE_EPISODE, tuple(_choice(one) for one in shown)),
        actions=page_actions("episodes", given(show=only.slug if only else None), page, more=len(found) > PER_PAGE),
        # A list of titles may be public only where everyone may see all of them.
        private=await _privately(ctx, shown),
        outcome="listed",
    )


async def _privately(ctx: Context, shown: list[Episode]) -> bool:
    firsts = {one.show: one for one in shown}
    return any([await answers_privately(ctx, one) for one in firsts.values()])


def _row(episode: Episode, only: Show | None) -> Field:
    """Without the key: it may be the name of a file. A title, its buttons and the date tell episodes apart."""
    day = texts.day(episode.published) if episode.published else ""
    return Field(day, texts.episode_row(episode, named=only is None))


def _choice(episode: Episode) -> Choice:
    label = texts.shorten(episode.title, 90)
    return Choice(label, Action(label, "episode", {"episode": id_of(episode)}), episode.show_title)
