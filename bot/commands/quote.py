"""``/quote``: the line that fits the words, the line at a time or link, or a line picked at random."""

from __future__ import annotations

from typing import Annotated

from bot import texts
from bot.commands.answers import (
    anchor_of,
    answers_privately,
    hit_block,
    labels,
    line_actions,
    line_links,
    may_share,
    own_app,
    seen,
)
from bot.commands.declare import Arg, command
from bot.commands.match import Filters, filters_of, found_reply, matched
from bot.context import Context
from bot.domain import Episode
from bot.errors import NotFound
from bot.reply import Action, Reply
from bot.rules.references import pasted_link, transcript_start
from bot.rules.stamps import parse_stamp, stamp
from bot.services.episodes import episode_names, show_names, speaker_names


@command(
    "quote",
    "Find a line that was said, word for word, with a link to the moment",
    example="move fast",
    menu="Find this quote",
)
async def quote(
    ctx: Context,
    words: Annotated[
        str | None, Arg("Words that were said, a time or a link; none = any line", length=(0, 500), rest=True)
    ] = None,
    show: Annotated[str | None, Arg("Only this show", complete=show_names)] = None,
    episode: Annotated[str | None, Arg("Only this episode", complete=episode_names)] = None,
    speaker: Annotated[str | None, Arg("Only this speaker", complete=speaker_names)] = None,
) -> Reply:
    if not words or not words.strip():
        return await _random(ctx, await filters_of(ctx, show, episode, speaker))
    if pasted_link(words):
        return await _at_link(ctx, words)
    start_s = parse_stamp(words)
    if start_s is not None:
        return await _at(ctx, await ctx.services.episodes.resolve(ctx, episode, needs="lines", show=show), start_s)
    return await matched(ctx, words, await filters_of(ctx, show, episode, speaker))


async def _random(ctx: Context, filters: Filters) -> Reply:
    show = filters.show.slug if filters.show else None
    only = filters.episode.id if filters.episode else None
    speaker = await ctx.services.episodes.speaker(ctx, filters.speaker, filters.show) if filters.speaker else None
    hit = await ctx.services.random_lines.pick(ctx.viewer, show, only, speaker)
    if hit is None:
        raise NotFound(texts.NO_RANDOM_LINE)
    anchor = await anchor_of(ctx, hit)
    if anchor:
        await ctx.services.storage.note_shown(ctx.community, ctx.place, anchor)
    await seen(ctx, hit.episode)
    private = await answers_privately(ctx, hit.episode)
    app = await own_app(ctx, private=private)
    another = Action(texts.ANOTHER, "quote", filters.args(), turn=True)
    return Reply(
        texts.RANDOM_LINE,
        quotes=(hit_block(hit, app),),
        footer=labels(hit.episode, hit.lines),
        actions=line_actions(anchor, another, share=may_share(ctx, private=private)),
        links=line_links(hit.episode, hit.lines[0], app),
        private=private,
        outcome="found",
    )


async def _at_link(ctx: Context, link: str) -> Reply:
    episode = await ctx.services.episodes.resolve(ctx, link)
    start_s = transcript_start(link, episode)
    if start_s is None:
        return await _random(ctx, Filters(episode=episode))
    return await _at(ctx, episode, start_s)


async def _at(ctx: Context, episode: Episode, start_s: float) -> Reply:
    if not episode.lines:
        raise NotFound(texts.no_transcript(episode))
    hit = await ctx.services.quotes.at(ctx.viewer, episode, start_s)
    if hit is None:
        raise NotFound(texts.nothing_at(stamp(start_s), episode))
    return await found_reply(ctx, hit, texts.line_at(stamp(start_s), episode))
