"""``/chapters``: what an episode is about, with times and links; choosing one opens it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from bot import texts
from bot.commands.answers import (
    answers_privately,
    chapter_url,
    given,
    id_of,
    other_episodes,
    page_actions,
    page_note,
    page_url,
    pages_of,
    seen,
)
from bot.commands.declare import Arg, command
from bot.context import Context
from bot.domain import Chapter, Episode
from bot.reply import Action, Choice, Choices, Field, Reply
from bot.rules.stamps import stamp
from bot.services.episodes import episode_names, show_names

#: A menu takes 25 options and a message 25 fields on Discord.
PER_PAGE = 20


@command("chapters", "The chapters of an episode, with times and links", example="latest")
async def chapters(
    ctx: Context,
    episode: Annotated[str | None, Arg("Which one; none = the one at hand", complete=episode_names, rest=True)] = None,
    show: Annotated[str | None, Arg("Of this show", complete=show_names)] = None,
    page: Annotated[int, Arg("Which page", range=(1, 1000))] = 1,
) -> Reply:
    one = await ctx.services.episodes.resolve(ctx, episode, needs="chapters", show=show)
    return await chapters_reply(ctx, one, page)


async def chapters_reply(ctx: Context, episode: Episode, page: int = 1) -> Reply:
    """The list, or that there is none."""
    found = await ctx.services.storage.chapters(ctx.viewer, episode.id)
    if not found:
        return Reply(texts.no_chapters(episode), actions=(other_episodes(episode),), outcome="not_found")
    shown, pages = pages_of(found, page, PER_PAGE)
    await seen(ctx, episode)
    return Reply(
        title=texts.chapters_title(episode),
        url=page_url(episode),
        fields=tuple(_row(episode, chapter) for chapter in shown),
        choices=chapter_choices(episode, shown, texts.CHOOSE_CHAPTER),
        footer=" · ".join(
            filter(None, (episode.show_title, texts.chapters_from(found[0].source), page_note(page, pages)))
        ),
        actions=(
            *page_actions("chapters", given(episode=id_of(episode)), page, more=page < pages),
            other_episodes(episode),
        ),
        private=await answers_privately(ctx, episode),
        outcome="listed",
    )


def _row(episode: Episode, chapter: Chapter) -> Field:
    row = texts.chapter_row(chapter.n, texts.shorten(chapter.title, 200))
    return Field(stamp(chapter.start_s), row, chapter_url(episode, chapter))


def chapter_choices(episode: Episode, chapters: Sequence[Chapter], prompt: str) -> Choices:
    """A menu whose options open the chapter."""
    return Choices(prompt, tuple(_choice(episode, chapter) for chapter in chapters[:25]))


def _choice(episode: Episode, chapter: Chapter) -> Choice:
    label = texts.chapter_row(chapter.n, texts.shorten(chapter.title, 80))
    return Choice(label, open_chapter(episode, chapter, label), stamp(chapter.start_s))


def open_chapter(episode: Episode, chapter: Chapter, label: str) -> Action:
    """An action that shows the chapter."""
    return Action(label, "chapter", {"chapter": str(chapter.n), "episode": id_of(episode)})
