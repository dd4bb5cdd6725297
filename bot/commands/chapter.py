"""``/chapter``: one chapter by number, time or topic, with its key lines and who speaks how much."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

from bot import texts
from bot.commands.answers import (
    answers_privately,
    chapter_span,
    chapter_url,
    hit_block,
    id_of,
    labels,
    line_block,
    listen_links,
    other_episodes,
    own_app,
    seen,
)
from bot.commands.chapters import chapter_choices, chapters_reply, open_chapter
from bot.commands.declare import Arg, command
from bot.context import Context
from bot.domain import Chapter, Episode, Hit, Line
from bot.errors import NotFound
from bot.reply import Action, Field, Reply
from bot.rules.chapters import by_number, by_time, by_title
from bot.rules.stamps import parse_stamp, stamp
from bot.services.episodes import chapter_names, episode_names, show_names
from bot.services.quotes import Ask

if TYPE_CHECKING:
    from bot.rules.summary import ChapterSummary

_NUMBER = re.compile(r"(?:chapter\s+)?#?(\d{1,6})\.?", re.IGNORECASE)
#: How many lines are looked through for a topic that no title has.
_HITS = 20
#: How many other episodes are looked through for a chapter of that title.
_NEWEST = 100


@command("chapter", "One chapter, by its number, a time in it or what it is about", example="team composition")
async def chapter(
    ctx: Context,
    chapter: Annotated[
        str | None, Arg("Number, time (12:15) or topic", length=(1, 300), complete=chapter_names, rest=True)
    ] = None,
    episode: Annotated[str | None, Arg("Which one; none = the one at hand", complete=episode_names)] = None,
    show: Annotated[str | None, Arg("Of this show", complete=show_names)] = None,
) -> Reply:
    one = await ctx.services.episodes.resolve(ctx, episode, needs="chapters", show=show)
    known = await ctx.services.storage.chapters(ctx.viewer, one.id)
    if not known or not chapter:
        return await chapters_reply(ctx, one)
    number, start_s = _NUMBER.fullmatch(chapter.strip()), parse_stamp(chapter)
    if number:
        return await _shown(ctx, one, known, _numbered(int(number[1]), known))
    if start_s is not None:
        return await _shown(ctx, one, known, _running(start_s, one, known))
    found = await _about(ctx, one, known, chapter)
    if found.outcome == "nothing_fits" and episode is None:
        return await _elsewhere(ctx, one, chapter, show) or found
    return found


async def _elsewhere(ctx: Context, episode: Episode, words: str, show: str | None) -> Reply | None:
    """No episode was named and the one at hand has nothing on it: the newest other one with such a chapter title."""
    shows = {one.id for one in await ctx.services.storage.shows(ctx.viewer) if show in (None, one.slug, one.title)}
    for other in await ctx.services.storage.episodes(ctx.viewer, limit=_NEWEST):
        if other.id == episode.id or other.show not in shows:
            continue
        known = await ctx.services.storage.chapters(ctx.viewer, other.id)
        if titled := by_title(words, known):
            return await _shown(ctx, other, known, titled[0], others=titled[1:])
    return None


def _numbered(number: int, known: Sequence[Chapter]) -> Chapter:
    found = by_number(number, known)
    if found is None:
        raise NotFound(texts.no_such_chapter(number, len(known)))
    return found


def _running(start_s: float, episode: Episode, known: Sequence[Chapter]) -> Chapter:
    found = by_time(start_s, known)
    if found is None or (episode.duration_s is not None and start_s > episode.duration_s):
        raise NotFound(texts.no_chapter_at(stamp(start_s), episode))
    return found


async def _about(ctx: Context, episode: Episode, known: Sequence[Chapter], words: str) -> Reply:
    """Title match first, then chapters in which the words are said, labelled as such."""
    titled = by_title(words, known)
    if titled:
        return await _shown(ctx, episode, known, titled[0], others=titled[1:])
    hits = await _said(ctx, episode, words)
    inside = [(one, hit) for hit in hits if hit.start_s is not None and (one := by_time(hit.start_s, known))]
    if inside:
        return await _said_in(ctx, episode, known, words, inside)
    menu = chapter_choices(episode, known, texts.CHOOSE_CHAPTER)
    return Reply(texts.no_chapter_about(words, episode), choices=menu, outcome="nothing_fits")


async def _said(ctx: Context, episode: Episode, words: str) -> list[Hit]:
    """Lines of the episode that surely say the words: a topic is a word or two, so anything less is chance."""
    found = await ctx.services.quotes.find(ctx.viewer, Ask(words, episode=episode.id, limit=_HITS))
    return [hit for hit in found.hits if hit.confidence != "unsure"] if found.fits else []


async def _said_in(
    ctx: Context, episode: Episode, known: Sequence[Chapter], words: str, inside: Sequence[tuple[Chapter, Hit]]
) -> Reply:
    """The chapter of the best line, that line first; the others as a menu."""
    chapter, hit = inside[0]
    others = [one for one in dict.fromkeys(one for one, _ in inside) if one != chapter]
    reply = await _shown(ctx, episode, known, chapter, others=others)
    block = hit_block(hit, await own_app(ctx, private=reply.private))
    key_lines = tuple(quote for quote in reply.quotes if quote.text != block.text)
    said = texts.said_in_chapter(words, bool(key_lines))
    return replace(reply, text=said, quotes=(block, *key_lines), footer=_footer(episode, hit.lines, chapter))


async def _shown(
    ctx: Context, episode: Episode, known: Sequence[Chapter], chapter: Chapter, *, others: Sequence[Chapter] = ()
) -> Reply:
    summary = await _summary(ctx, episode, known, chapter)
    lines = summary.lines if summary else ()
    await seen(ctx, episode)
    private = await answers_privately(ctx, episode)
    app = await own_app(ctx, private=private)
    return Reply(
        texts.KEY_LINES if lines else texts.NO_KEY_LINES,
        title=texts.chapter_title(chapter.n, texts.shorten(chapter.title, 200), chapter_span(chapter)),
        url=chapter_url(episode, chapter),
        quotes=tuple(line_block(episode, [line], app) for line in lines),
        fields=_speakers(summary),
        footer=_footer(episode, lines, chapter),
        actions=(*_neighbours(episode, known, chapter), _all_chapters(episode), other_episodes(episode)),
        choices=chapter_choices(episode, others, texts.OTHER_CHAPTERS) if others else None,
        links=listen_links(episode, chapter.start_s, app),
        private=private,
        outcome="found",
    )


def _footer(episode: Episode, lines: Sequence[Line], chapter: Chapter) -> str:
    told = (texts.of_episode(episode), texts.chapters_from(chapter.source), labels(episode, lines))
    return "\n".join(filter(None, told))


async def _summary(ctx: Context, episode: Episode, known: Sequence[Chapter], chapter: Chapter) -> ChapterSummary | None:
    if not episode.lines:
        return None
    return await ctx.services.summaries.one(ctx.viewer, episode, known, chapter)


def _speakers(summary: ChapterSummary | None) -> tuple[Field, ...]:
    if summary is None or not summary.speakers:
        return ()
    shares = [(name or texts.SPEAKER_UNKNOWN, share) for name, share in summary.speakers]
    return (Field(texts.WHO_SPEAKS, texts.share_of(shares)),)


def _neighbours(episode: Episode, known: Sequence[Chapter], chapter: Chapter) -> tuple[Action, ...]:
    before, after = by_number(chapter.n - 1, known), by_number(chapter.n + 1, known)
    pairs = ((texts.PREVIOUS_CHAPTER, before), (texts.NEXT_CHAPTER, after))
    return tuple(replace(open_chapter(episode, one, label), turn=True) for label, one in pairs if one)


def _all_chapters(episode: Episode) -> Action:
    return Action(texts.ALL_CHAPTERS, "chapters", {"episode": id_of(episode)})
