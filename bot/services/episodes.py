"""Which episode, show or speaker is meant: the EPISODE grammar of DESIGN ("Commands") over what a viewer may see."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal

from bot import texts
from bot.domain import Alias, Episode, EpisodeId, Show, Viewer
from bot.errors import Ambiguous, NotFound
from bot.rules.references import ID_MARK, called, matching_episodes, matching_shows, pasted_link
from bot.services.preferences import preference
from bot.services.titles import Titles

if TYPE_CHECKING:
    from bot.context import Context
    from bot.ports import Clock, Storage

Needs = Literal["anything", "lines", "chapters"]
_NEVER = datetime.min.replace(tzinfo=UTC)

#: How long "the one last shown to this person here" counts.
FOCUS = timedelta(hours=24)
#: How many of the newest episodes are looked through for one that has what is asked.
_NEWEST = 100
_LATEST = frozenset(
    f"{the}{newest}{one}"
    for the in ("", "the ")
    for newest in ("latest", "newest", "last", "most recent")
    for one in ("", " one", " episode")
)
#: How many candidates an error names.
NAMED = 10


class Episodes:
    """Finds episodes, shows and speakers by what people call them."""

    def __init__(self, storage: Storage, clock: Clock) -> None:
        self._storage = storage
        self._clock = clock
        #: What episodes are called.
        self.titles = Titles(storage)

    async def resolve(
        self, ctx: Context, words: str | None, *, needs: Needs = "anything", show: str | None = None
    ) -> Episode:
        """The one episode that is meant. Without words: the message's, the one last shown, else the latest that has
        what is needed. Raises NotFound or Ambiguous, which name what there is."""
        only = await self.show(ctx, show) if show else None
        if words is None or not words.strip():
            return await self._unnamed(ctx, only, needs)
        if words.strip().casefold() in _LATEST:
            # Who says "latest" means it, also when it lacks what is asked: an older one would be a lie.
            return await self._latest(ctx, only, "anything")
        return await self._named(ctx, words, only)

    async def show(self, ctx: Context, words: str) -> Show:
        """The one show that is meant, by slug, title or part of the title."""
        shows = await self._storage.shows(ctx.viewer)
        found = matching_shows(words, shows)
        if len(found) == 1:
            return found[0]
        if found:
            raise Ambiguous(texts.several_shows(words, found[:NAMED]), [one.slug for one in found[:NAMED]], "show")
        raise NotFound(texts.no_such_show(words, shows[:NAMED]), [one.slug for one in shows[:NAMED]], "show")

    async def default_show(self, ctx: Context) -> Show | None:
        """The show that is meant when none is named: the place's setting, the community's, or the only one."""
        shows = await self._storage.shows(ctx.viewer)
        chosen = await preference(self._storage, ctx.community, ctx.place, "show")
        named = [one for one in shows if one.slug == chosen]
        if named:
            return named[0]
        return shows[0] if len(shows) == 1 else None

    async def speaker(self, ctx: Context, words: str, show: Show | None = None) -> str:
        """The one speaker that is meant, as this community names them: by name, part of it, or an alias's label."""
        from bot.rules.names import meant  # needs RapidFuzz, which only a named speaker does

        spoken = await self._storage.speakers(ctx.viewer, show.id if show else None)
        names = [one.name for one in spoken if one.name]
        found = meant(words, names, await self._aliases(ctx))
        if len(found) == 1:
            return found[0]
        if found:
            raise Ambiguous(texts.several_speakers(words, found[:NAMED]), found[:NAMED], "speaker")
        raise NotFound(texts.no_such_speaker(words, names[:NAMED]), names[:NAMED], "speaker")

    async def translations(self, episode: Episode) -> list[str]:
        """The languages, other than the spoken one, in which its publisher offers a transcript. ``episode`` is one that
        who asks may see."""
        from bot.rules.transcript_choice import is_translation

        home = await self._storage.stored_show(episode.show)
        offered = await self._storage.resources(episode.show, episode.key) if home else []
        spoken = home.language if home else "en"
        found = (one.language for one in offered if one.kind == "transcript")
        return sorted({one.lower() for one in found if one and is_translation(one, spoken)})

    async def _aliases(self, ctx: Context) -> list[tuple[str, str]]:
        records = await self._storage.records(ctx.community, "alias")
        return [(one.label, one.name) for one in records if isinstance(one, Alias)]

    async def _named(self, ctx: Context, words: str, only: Show | None) -> Episode:
        found = [one for one in await self._exactly(ctx, words) if only is None or one.show == only.id]
        known = found
        if not found:
            known = await self._storage.episodes(ctx.viewer, only.id if only else None)
            found = matching_episodes(words, known)
        if len(found) > 1 and only is None:
            found = await self._of_default_show(ctx, found)
        if len(found) == 1:
            return found[0]
        if found:
            names = called(found[:NAMED], known)
            raise Ambiguous(texts.several_episodes(words, names, len(found)), names, "episode")
        if pasted_link(words):
            raise NotFound(texts.NO_EPISODE_AT_LINK)
        names = called(known[:3], known)
        raise NotFound(texts.no_such_episode(words, names), names, "episode")

    async def _exactly(self, ctx: Context, words: str) -> list[Episode]:
        """What a button names by its id, or a completion by its name, newest first; several share a name where nobody
        would choose. Empty: look further."""
        bare = words.strip()
        if pasted_link(words):
            return []
        marked = bare.startswith(ID_MARK)
        ids = [EpisodeId(bare.removeprefix(ID_MARK))] if marked else await self.titles.exactly(ctx.viewer, bare)
        if len(ids) > _NEWEST:
            return []
        found = [await self._storage.episode(ctx.viewer, id) for id in ids]
        return sorted(filter(None, found), key=lambda one: (one.published or _NEVER, one.number or -1), reverse=True)

    async def _of_default_show(self, ctx: Context, found: list[Episode]) -> list[Episode]:
        default = await self.default_show(ctx)
        return [one for one in found if default and one.show == default.id] or found

    async def _unnamed(self, ctx: Context, only: Show | None, needs: Needs) -> Episode:
        for known in (ctx.episode, await self._storage.focus(ctx.viewer, self._clock.now() - FOCUS)):
            episode = await self._storage.episode(ctx.viewer, known) if known else None
            if episode is None or (only is not None and episode.show != only.id):
                continue
            # What a thread is about is meant whatever it has; what was only shown last must have what is asked.
            if known == ctx.episode or await self._has(ctx.viewer, episode, needs):
                return episode
        return await self._latest(ctx, only, needs)

    async def _latest(self, ctx: Context, only: Show | None, needs: Needs) -> Episode:
        show = only or await self.default_show(ctx)
        newest = await self._storage.episodes(ctx.viewer, show.id if show else None, limit=_NEWEST)
        for episode in newest:
            if await self._has(ctx.viewer, episode, needs):
                return episode
        if newest:
            return newest[0]
        raise NotFound(texts.no_episodes(show))

    async def _has(self, viewer: Viewer, episode: Episode, needs: Needs) -> bool:
        if needs == "lines":
            return episode.lines > 0
        return needs == "anything" or bool(await self._storage.chapters(viewer, episode.id))


async def show_names(ctx: Context, typed: str) -> list[str]:
    """Slugs of shows that fit what is typed so far, at most 25."""
    shows = await ctx.services.storage.shows(ctx.viewer)
    return _fitting(typed, [(one.slug, f"{one.slug} {one.title}") for one in shows])


async def episode_names(ctx: Context, typed: str) -> list[str]:
    """Titles of episodes that fit what is typed so far, newest first, at most 25."""
    names = await ctx.services.episodes.titles.names(ctx.viewer)
    return _fitting(typed, [(one.name, one.words) for one in names], folded=True)


async def speaker_names(ctx: Context, typed: str) -> list[str]:
    """Names of speakers that fit what is typed so far, who speaks most first, at most 25."""
    speakers = await ctx.services.episodes.titles.speakers(ctx.viewer)
    return _fitting(typed, [(name, name) for name in speakers])


async def chapter_names(ctx: Context, typed: str) -> list[str]:
    """Titles of the chapters of the episode that is meant here, at most 25."""
    try:
        episode = await ctx.services.episodes.resolve(ctx, None, needs="chapters")
    except NotFound:
        return []
    chapters = await ctx.services.storage.chapters(ctx.viewer, episode.id)
    return _fitting(typed, [(one.title, f"{one.n} {one.title}") for one in chapters])


#: Discord shows at most 25 completions; names that are too long for it are cut by who offers them.
MOST = 25


def _fitting(typed: str, names: Sequence[tuple[str, str]], *, folded: bool = False) -> list[str]:
    """Values whose words (``folded``: in the compared form already) contain each typed word, those that begin with
    the typed text first."""
    asked, start = typed.casefold().split(), typed.casefold().strip()
    fits = [value for value, words in names if all(map((words if folded else words.casefold()).__contains__, asked))]
    if start:
        fits.sort(key=lambda value: not value.casefold().startswith(start))
    return list(dict.fromkeys(fits))[:MOST]
