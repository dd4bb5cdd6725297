"""``/episode``: what an episode is, who is in it and where it can be heard; the latest when none is named."""

from __future__ import annotations

from typing import Annotated

from bot import texts
from bot.commands.answers import answers_privately, id_of, other_episodes, page_url, seen
from bot.commands.declare import Arg, command
from bot.context import Context
from bot.domain import Chapter, Episode
from bot.ports import SpeakerCount
from bot.reply import Action, Field, Link, Reply
from bot.rules.links import safe_url
from bot.rules.stamps import stamp
from bot.services.episodes import episode_names, show_names

_SUMMARY = 900
_PEOPLE = 8


@command("episode", "An episode: what it is about, who is in it, links; none named = the latest", example="latest")
async def episode(
    ctx: Context,
    episode: Annotated[
        str | None, Arg("Key, number, link or part of the title", complete=episode_names, rest=True)
    ] = None,
    show: Annotated[str | None, Arg("Of this show", complete=show_names)] = None,
) -> Reply:
    # Here none named means the latest, also after another episode was looked at; in a thread it is the thread's.
    latest = None if ctx.episode and not show else "latest"
    one = await ctx.services.episodes.resolve(ctx, episode or latest, show=show)
    storage = ctx.services.storage
    chapters = await storage.chapters(ctx.viewer, one.id)
    speakers = await storage.speaker_counts(ctx.viewer, one.id)
    translations = await ctx.services.episodes.translations(one)
    await seen(ctx, one)
    return Reply(
        texts.shorten(one.summary, _SUMMARY),
        title=one.title,
        url=page_url(one),
        fields=(*_facts(one, translations), *_who(one, speakers)),
        footer=one.show_title,
        actions=_actions(one, chapters),
        links=_links(one),
        private=await answers_privately(ctx, one),
        outcome="found",
    )


def _transcript(episode: Episode) -> str:
    if not episode.lines:
        return texts.NO_TRANSCRIPT
    return texts.transcript_of(episode.lines, machine=episode.made == "machine")


def _facts(episode: Episode, translations: list[str]) -> tuple[Field, ...]:
    rows = (
        (texts.PUBLISHED, texts.day(episode.published) if episode.published else None),
        (texts.LENGTH, stamp(episode.duration_s) if episode.duration_s else None),
        (texts.KIND, texts.KINDS.get(episode.kind)),
        (texts.WITHDRAWN, texts.withdrawn_on(episode.withdrawn) if episode.withdrawn else None),
        (texts.EXPLICIT, texts.EXPLICIT_YES if episode.explicit else None),
        (texts.TRANSCRIPT, _transcript(episode)),
        (texts.TRANSLATIONS, texts.translations_into(translations) if translations else None),
    )
    return tuple(Field(label, value) for label, value in rows if value)


def _who(episode: Episode, speakers: list[SpeakerCount]) -> tuple[Field, ...]:
    words = sum(one.words for one in speakers)
    shares = [(one.name or texts.SPEAKER_UNKNOWN, one.words / words) for one in speakers[:_PEOPLE]] if words else []
    rows = (
        (texts.PEOPLE, ", ".join(episode.people[:_PEOPLE])),
        (texts.WHO_SPEAKS, texts.share_of(shares)),
    )
    return tuple(Field(label, value) for label, value in rows if value)


def _links(episode: Episode) -> tuple[Link, ...]:
    return tuple(
        Link(texts.edition_named(edition.kind, edition.premiere), edition.url)
        for edition in episode.editions
        if safe_url(edition.url)
    )


def _actions(episode: Episode, chapters: list[Chapter]) -> tuple[Action, ...]:
    here = {"episode": id_of(episode)}
    found = [Action(texts.CHAPTERS, "chapters", here)] if chapters else []
    found += [Action(texts.A_LINE, "quote", here)] if episode.lines else []
    return (*found, other_episodes(episode))
