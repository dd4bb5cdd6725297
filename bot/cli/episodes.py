"""``chapters`` and ``summary``: one episode from the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.cli.output import say, say_json
from bot.cli.program import Program
from bot.domain import Chapter, Episode
from bot.errors import NotFound
from bot.rules.links import moment_url
from bot.rules.stamps import shown_moment, stamp

if TYPE_CHECKING:
    from bot.rules.summary import ChapterSummary
    from bot.services import Services


async def chapters(program: Program, episode: str, show: str | None, as_json: bool) -> int:
    async with program.services() as services:
        found, listed = await _listed(program, services, episode, show)
    if as_json:
        say_json({**_head(found), "chapters": [_chapter_json(found, one) for one in listed]})
        return 0
    say("\n".join([found.title, *(f"{one.n:>3}  {stamp(one.start_s):>8}  {one.title}" for one in listed)]))
    return 0


async def summary(program: Program, episode: str, number: int | None, show: str | None, as_json: bool) -> int:
    async with program.services() as services:
        found, listed = await _listed(program, services, episode, show)
        made = await services.summaries.of(program.context(services).viewer, found, listed)
    kept = [one for one in made if number is None or one.chapter.n == number]
    if not kept:
        raise NotFound(f"“{found.title}” has no chapter {number}; it has {len(listed)}.")
    if as_json:
        say_json({**_head(found), "chapters": [_summary_json(found, one) for one in kept]})
        return 0
    say("\n\n".join([found.title, *(_told(one) for one in kept)]))
    return 0


async def _listed(program: Program, services: Services, words: str, show: str | None) -> tuple[Episode, list[Chapter]]:
    context = program.context(services)
    found = await services.episodes.resolve(context, words, needs="anything", show=show)
    listed = await services.storage.chapters(context.viewer, found.id)
    if not listed:
        raise NotFound(f"“{found.title}” has no chapters. Import its show notes or chapters file to add them.")
    return found, listed


def _head(episode: Episode) -> dict[str, object]:
    return {"show": episode.show_slug, "episode": episode.key, "title": episode.title}


def _chapter_json(episode: Episode, one: Chapter) -> dict[str, object]:
    url = moment_url(episode, one.start_s) or one.url
    return {
        "n": one.n,
        "start_s": one.start_s,
        "end_s": one.end_s,
        "title": one.title,
        "url": url,
        "source": one.source,
    }


def _summary_json(episode: Episode, one: ChapterSummary) -> dict[str, object]:
    lines = [{"speaker": line.speaker, "start_s": line.start_s, "text": line.text} for line in one.lines]
    speakers = {name or "(unknown)": round(share, 3) for name, share in one.speakers}
    return {**_chapter_json(episode, one.chapter), "lines": lines, "speakers": speakers}


def _told(one: ChapterSummary) -> str:
    rows = [f"{one.chapter.n}. {one.chapter.title} ({stamp(one.chapter.start_s)})"]
    rows += [
        f"   “{line.text}” — {line.speaker or 'speaker unknown'}, {shown_moment(line.start_s, line.exact) or 'no time'}"
        for line in one.lines
    ]
    shares = ", ".join(f"{name or 'speaker unknown'} {share:.0%}" for name, share in one.speakers)
    return "\n".join([*rows, f"   {shares}"] if shares else rows)
