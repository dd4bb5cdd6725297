"""``/pullquote speakers``: who "Speaker 1" of an episode is, and what a label means in a whole show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from bot import texts
from bot.commands.declare import Arg, command
from bot.commands.undo import entry_of, take_back
from bot.context import Context
from bot.domain import Alias, EpisodeId, HistoryEntry, Role, ShowId
from bot.errors import NotFound, UsageError
from bot.reply import Action, Field, Reply
from bot.rules.ids import new_id
from bot.rules.stamps import shown_moment
from bot.rules.words import collapse
from bot.services.episodes import episode_names, show_names, speaker_names

if TYPE_CHECKING:
    from bot.services.unnamed import Voice

_LABEL = Arg("As the transcript writes it: Speaker 1", length=(1, 100), complete=speaker_names, rest=True)
_NAME = Arg("Who that is", length=(1, 100), complete=speaker_names)
#: Labels that one answer lists, and shows that are looked through when none is meant.
_VOICES, _SHOWS = 8, 20
#: How far back the latest name is looked for.
_BACK = 200


@command(
    "speakers name",
    "Say who a label is in one episode",
    role=Role.editor,
    example='label:"Speaker 1" name:"Ann Lee" episode:latest',
)
async def name_speaker(
    ctx: Context,
    label: Annotated[str, _LABEL],
    name: Annotated[str, _NAME],
    episode: Annotated[str | None, Arg("Which one; none = the one at hand", complete=episode_names)] = None,
    show: Annotated[str | None, Arg("Of this show", complete=show_names)] = None,
) -> Reply:
    one = await ctx.services.episodes.resolve(ctx, episode, needs="lines", show=show)
    return await _put(ctx, one.show, label, name, one.id, one.title)


@command(
    "speakers alias", "Say who a label is in a whole show", role=Role.editor, example='label:Raza name:"Raza Habib"'
)
async def alias_speaker(
    ctx: Context,
    label: Annotated[str, _LABEL],
    name: Annotated[str, _NAME],
    show: Annotated[str | None, Arg("Which show; none = the default one", complete=show_names)] = None,
) -> Reply:
    episodes = ctx.services.episodes
    one = await episodes.show(ctx, show) if show else await episodes.default_show(ctx)
    if one is None:
        raise UsageError(texts.SHOW_NEEDED)
    return await _put(ctx, one.id, label, name, None, texts.in_show(one))


@command("speakers list", "Labels that nobody has named yet, three lines each", role=Role.editor, example="latest")
async def list_speakers(
    ctx: Context,
    episode: Annotated[
        str | None, Arg("Which one; none = the newest that have some", complete=episode_names, rest=True)
    ] = None,
    show: Annotated[str | None, Arg("Of this show", complete=show_names)] = None,
) -> Reply:
    found = await _voices(ctx, episode, show)
    if not found:
        return Reply(texts.NO_VOICES, outcome="listed")
    first, label = found[0].episode, found[0].unnamed.label or ""
    return Reply(
        title=texts.VOICES_TITLE,
        fields=tuple(_voice(one) for one in found),
        footer=texts.voices_how(label, f"{first.show_slug}/{first.key}"),
        outcome="listed",
    )


async def _voices(ctx: Context, episode: str | None, show: str | None) -> list[Voice]:
    from bot.services.unnamed import voices_in, voices_of  # lazy: only this command needs them

    storage = ctx.services.storage
    if episode:
        one = await ctx.services.episodes.resolve(ctx, episode, needs="lines", show=show)
        return (await voices_of(storage, ctx.viewer, one))[:_VOICES]
    only = await ctx.services.episodes.show(ctx, show) if show else await ctx.services.episodes.default_show(ctx)
    shows = [only] if only else await storage.shows(ctx.viewer)
    found: list[Voice] = []
    for one_show in shows[:_SHOWS]:
        found += await voices_in(storage, ctx.viewer, one_show.id, _VOICES - len(found))
    return found[:_VOICES]


def _voice(one: Voice) -> Field:
    lines = [texts.voice_line(line.text, shown_moment(line.start_s, line.exact)) for line in one.unnamed.lines]
    return Field(texts.voice(one.unnamed.label or "", one.episode.title), "\n".join(lines))


@command("speakers undo", "Take back the latest name of a speaker, or one by its id", role=Role.editor)
async def undo_speaker(
    ctx: Context, id: Annotated[str | None, Arg("From history; none = the latest", length=(1, 40), rest=True)] = None
) -> Reply:
    entry = await _latest(ctx) if id is None else await _entry(ctx, id.strip())
    if entry is None:
        raise NotFound(texts.NO_ALIAS)
    return await take_back(ctx, entry)


async def _put(ctx: Context, show: ShowId, label: str, name: str, episode: EpisodeId | None, where: str) -> Reply:
    label, name = collapse(label), collapse(name)
    known = await _known(ctx, show, label, episode)
    if known and known.name == name:
        return Reply(texts.ALIAS_SAME, outcome="same")
    record = Alias(known.id if known else new_id(), show, label, name, episode)
    entry = await ctx.services.storage.put(ctx.community, record, str(ctx.person))
    return Reply(
        texts.named(label, name, where, await _turns(ctx, show, episode, name)),
        footer=texts.take_back(entry.id),
        actions=(Action(texts.UNDO, "undo", {"id": entry.id}),),
    )


async def _known(ctx: Context, show: ShowId, label: str, episode: EpisodeId | None) -> Alias | None:
    """The name that this label has already, so that a new one replaces it and undo gives the old one back."""
    for one in await ctx.services.storage.records(ctx.community, "alias"):
        here = isinstance(one, Alias) and (one.show, one.episode) == (show, episode)
        if here and isinstance(one, Alias) and one.label.casefold() == label.casefold():
            return one
    return None


async def _turns(ctx: Context, show: ShowId, episode: EpisodeId | None, name: str) -> int:
    storage = ctx.services.storage
    spoken = await (storage.speaker_counts(ctx.viewer, episode) if episode else storage.speakers(ctx.viewer, show))
    return sum(one.turns for one in spoken if one.name == name)


async def _latest(ctx: Context) -> HistoryEntry | None:
    entries = await ctx.services.storage.history(ctx.community, limit=_BACK)
    return next((one for one in entries if one.kind == "alias" and not one.undone and one.undoes is None), None)


async def _entry(ctx: Context, id: str) -> HistoryEntry:
    entry = await entry_of(ctx, id)
    if entry.kind != "alias":
        raise UsageError(texts.NOT_AN_ALIAS)
    return entry
