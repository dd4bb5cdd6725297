"""``listen``, behind "Listen": everywhere that an episode can be heard, the audio file last."""

from __future__ import annotations

from typing import Annotated

from bot import texts, texts_posts
from bot import texts_answers as said
from bot.commands.answers import answers_privately, page_url, seen
from bot.commands.declare import Arg, command
from bot.context import Context
from bot.domain import Edition, Episode
from bot.reply import Action, Field, Reply
from bot.rules.links import safe_url
from bot.services.episodes import episode_names, show_names


@command("listen", "Where an episode can be heard, seen and read", listed=False, example="latest")
async def listen(
    ctx: Context,
    episode: Annotated[str | None, Arg("Which one; none = the one at hand", complete=episode_names, rest=True)] = None,
    show: Annotated[str | None, Arg("Of this show", complete=show_names)] = None,
) -> Reply:
    return await listen_reply(ctx, await ctx.services.episodes.resolve(ctx, episode, show=show))


async def listen_reply(ctx: Context, episode: Episode) -> Reply:
    """Every place that the publisher names; which of them a member's links lead to is theirs to choose."""
    rows = tuple(
        Field("", texts.edition_named(one.kind, one.premiere), one.url)
        for one in sorted(episode.editions, key=_last)
        if safe_url(one.url)
    )
    await seen(ctx, episode)
    return Reply(
        texts_posts.listen_to(episode) if rows else texts_posts.NOWHERE_TO_LISTEN,
        url=page_url(episode),
        fields=rows,
        actions=(Action(said.MY_APP, "app"),) if rows else (),
        private=await answers_privately(ctx, episode),
        outcome="found" if rows else "not_found",
    )


def _last(edition: Edition) -> tuple[bool, bool]:
    return edition.premiere, edition.kind == "audio"
