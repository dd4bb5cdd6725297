"""Which line a person means who wants to keep, correct or withhold it: by words, time, link or a button's anchor.

Stricter than ``quote``: what is changed must fit and be at least close. Never a guess.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot import texts
from bot.commands.answers import anchor_of, hit_at, hit_moment, line_block
from bot.commands.match import filters_of
from bot.context import Context
from bot.domain import Anchor, Episode, Hit
from bot.errors import NotFound, UsageError
from bot.reply import QuoteBlock
from bot.rules.references import parse_anchor_ref, pasted_link, transcript_start
from bot.rules.stamps import parse_stamp, stamp


@dataclass(frozen=True, slots=True)
class Meant:
    """The lines that are meant, whole, and how they are found again."""

    hit: Hit
    anchor: Anchor

    def block(self) -> QuoteBlock:
        """All of the lines, not only the words that were asked for."""
        return line_block(self.hit.episode, self.hit.lines)

    def where(self) -> str:
        """How many lines, where."""
        lines = self.hit.lines
        last = lines[-1].start_s
        return texts.lines_meant(
            len(lines), self.hit.episode, hit_moment(self.hit), stamp(last) if last is not None else None
        )


async def meant(ctx: Context, words: str | None, show: str | None = None, episode: str | None = None) -> Meant:
    """The lines that are meant; ``words`` may be a button's anchor. Raises UserErrors that say what is missing."""
    return await meant_line(ctx, await _hit(ctx, words, show, episode))


async def meant_line(ctx: Context, hit: Hit) -> Meant:
    """The whole lines of a hit. Raises NotFound when they may not be seen any more."""
    found = await anchor_of(ctx, hit)
    if found is None:
        raise NotFound(texts.LINE_GONE)
    return Meant(hit, found)


async def _hit(ctx: Context, words: str | None, show: str | None, episode: str | None) -> Hit:
    if not words or not words.strip():
        raise UsageError(texts.WHICH_LINE)
    if parse_anchor_ref(words):
        return await hit_at(ctx, words)
    if pasted_link(words):
        one = await ctx.services.episodes.resolve(ctx, words)
        start_s = transcript_start(words, one)
        if start_s is None:
            raise UsageError(texts.WHICH_LINE)
        return await _at(ctx, one, start_s)
    start_s = parse_stamp(words)
    if start_s is not None:
        return await _at(ctx, await ctx.services.episodes.resolve(ctx, episode, needs="lines", show=show), start_s)
    return await _by_words(ctx, words, show, episode)


async def _at(ctx: Context, episode: Episode, start_s: float) -> Hit:
    hit = await ctx.services.quotes.at(ctx.viewer, episode, start_s)
    if hit is None:
        raise NotFound(texts.nothing_at(stamp(start_s), episode))
    return hit


async def _by_words(ctx: Context, words: str, show: str | None, episode: str | None) -> Hit:
    filters = await filters_of(ctx, show, episode, None)
    found = await ctx.services.quotes.find(ctx.viewer, filters.ask(words, 2))
    if not found.hits:
        raise NotFound(texts.NOTHING_AT_ALL)
    hit = found.hits[0]
    if not found.fits or hit.confidence == "unsure":
        raise NotFound(texts.not_sure_enough(hit.episode, hit_moment(hit)))
    return hit
