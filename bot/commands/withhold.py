"""``/pullquote withhold``: take a line, a stretch, an episode or a person out of what is shown here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

from bot import texts
from bot.commands.answers import given, id_of
from bot.commands.declare import Arg, command
from bot.commands.keep import close
from bot.commands.match import ALSO_SHOWN
from bot.commands.meant import Meant, meant
from bot.context import Context
from bot.domain import Anchor, Level, Role, Show, Withhold
from bot.errors import Ambiguous, NotFound, UsageError
from bot.ports import LineRange
from bot.reply import Action, QuoteBlock, Reply
from bot.rules.ids import new_id
from bot.rules.references import anchor_ref
from bot.rules.stamps import parse_stamp, shown_moment, stamp
from bot.services.episodes import episode_names, show_names, speaker_names


@dataclass(frozen=True, slots=True)
class _Target:
    """What is to be withheld: a record without id, how it is said, and the arguments that mean exactly it."""

    record: Withhold
    said: str
    args: dict[str, str]
    quotes: tuple[QuoteBlock, ...] = ()
    note: str = ""


@command(
    "withhold",
    "Take a line, a stretch, an episode or a person out of what is shown",
    role=Role.editor,
    example="we are moving to another host yes:true",
)
async def withhold(
    ctx: Context,
    words: Annotated[str | None, Arg("Words of the line, its time or a link", length=(1, 500), rest=True)] = None,
    episode: Annotated[str | None, Arg("This episode; alone: all of it", complete=episode_names)] = None,
    show: Annotated[str | None, Arg("Of this show", complete=show_names)] = None,
    person: Annotated[str | None, Arg("All that this person says in a show", complete=speaker_names)] = None,
    start: Annotated[str | None, Arg("From this time on (12:15), with end:")] = None,
    end: Annotated[str | None, Arg("Up to this time (13:40), with start:")] = None,
    level: Annotated[Level, Arg("How far it goes")] = Level.hidden,
    reason: Annotated[str | None, Arg("Why, for the history", length=(0, 200))] = None,
    yes: Annotated[bool, Arg("Do it without asking")] = False,
) -> Reply:
    _one_of(words, start or end, person)
    if start or end:
        target = await _stretch(ctx, episode, show, start, end)
    elif words:
        target = _line(await meant(ctx, words, show, episode))
    elif person:
        target = await _person(ctx, person, show)
    else:
        target = await _episode(ctx, episode, show)
    target = replace(target, record=replace(target.record, level=level, reason=(reason or "").strip()))
    return await _do(ctx, target) if yes else _ask(target)


def _one_of(*asked: str | None) -> None:
    if sum(1 for one in asked if one) > 1:
        raise UsageError(texts.WITHHOLD_ONE)


# --- what is meant ------------------------------------------------------------------------------------------------


def _line(found: Meant) -> _Target:
    also = [texts.also_at(one.episode.title, shown_moment(one.start_s, True)) for one in found.hit.also[:ALSO_SHOWN]]
    return _Target(
        Withhold("", Level.hidden, anchor=found.anchor),
        found.where(),
        {"words": anchor_ref(found.anchor)},
        (found.block(),),
        texts.also_elsewhere("; ".join(also)) if also else "",
    )


async def _stretch(ctx: Context, episode: str | None, show: str | None, start: str | None, end: str | None) -> _Target:
    if not start or not end:
        raise UsageError(texts.NEEDS_BOTH_TIMES)
    start_s, end_s = parse_stamp(start), parse_stamp(end)
    if start_s is None or end_s is None:
        raise UsageError(texts.BAD_TIME)
    if end_s <= start_s:
        raise UsageError(texts.END_FIRST)
    one = await ctx.services.episodes.resolve(ctx, episode, needs="lines", show=show)
    lines = await ctx.services.storage.lines(ctx.viewer, one.id)
    inside = [line for line in lines if line.start_s is not None and start_s <= line.start_s < end_s]
    span = LineRange(one.id, inside[0].n, inside[-1].n) if inside else None
    anchor = await ctx.services.storage.anchor(ctx.viewer, span) if span else None
    if anchor is None:
        raise NotFound(texts.no_lines_between(stamp(start_s), stamp(end_s), one))
    said = texts.lines_meant(len(inside), one, stamp(inside[0].start_s or 0), stamp(inside[-1].start_s or 0))
    args = {"episode": id_of(one), "start": stamp(start_s), "end": stamp(end_s)}
    return _Target(Withhold("", Level.hidden, anchor=anchor), said, args)


async def _person(ctx: Context, person: str, show: str | None) -> _Target:
    episodes = ctx.services.episodes
    only = await episodes.show(ctx, show) if show else None
    name = await episodes.speaker(ctx, person, only)
    only = only or await _speaks_in(ctx, name)
    record = Withhold("", Level.hidden, person=name, show=only.id)
    return _Target(record, texts.everything_by(name, only), {"person": name, "show": only.slug})


async def _speaks_in(ctx: Context, name: str) -> Show:
    storage = ctx.services.storage
    shows = [
        show
        for show in await storage.shows(ctx.viewer)
        if any(one.name == name for one in await storage.speakers(ctx.viewer, show.id))
    ]
    if len(shows) != 1:
        slugs = [show.slug for show in shows]
        raise Ambiguous(texts.speaks_in_several(name, slugs), slugs, "show")
    return shows[0]


async def _episode(ctx: Context, episode: str | None, show: str | None) -> _Target:
    if not episode:
        raise UsageError(texts.WITHHOLD_WHAT)
    one = await ctx.services.episodes.resolve(ctx, episode, show=show)
    return _Target(Withhold("", Level.hidden, episode=one.id), texts.whole_episode(one), {"episode": id_of(one)})


# --- asking and doing ---------------------------------------------------------------------------------------------


def _ask(target: _Target) -> Reply:
    level = target.record.level
    args = {**target.args, "level": level.value, **given(reason=target.record.reason), "yes": "yes"}
    return Reply(
        "\n".join(filter(None, (texts.withhold_ask(target.said, level.value), target.note))),
        quotes=target.quotes,
        footer=texts.CANCEL_HINT,
        actions=(Action(texts.YES, "withhold", args, style="danger"),),
        outcome="confirm",
    )


async def _do(ctx: Context, target: _Target) -> Reply:
    record = await _kept(ctx, target.record)
    entry = await ctx.services.storage.put(ctx.community, record, str(ctx.person)) if record else None
    if target.record.episode and target.record.level is not Level.not_featured:
        await close(ctx, target.record.episode)  # hidden or kept is no question any more
    if record is None or entry is None:
        return Reply(texts.SAME_LEVEL, outcome="same")
    level = record.level
    said = texts.withheld(target.said, level.value)
    return Reply(
        "\n".join(filter(None, (said, target.note))),
        # Who withholds must see what was hit, this once and alone; erased words are repeated to nobody.
        quotes=() if level is Level.erased else target.quotes,
        footer=texts.take_back(entry.id),
        actions=(Action(texts.UNDO, "undo", {"id": entry.id}),),
    )


async def _kept(ctx: Context, record: Withhold) -> Withhold | None:
    """The record under the id of the one that withholds the same, None when nothing would change."""
    if record.level is Level.erased and record.anchor:
        # The words of an erased line are kept nowhere; the hash is enough to find them again.
        record = replace(record, anchor=replace(record.anchor, text=""))
    for known in await ctx.services.storage.records(ctx.community, "withhold"):
        if isinstance(known, Withhold) and _same(known, record):
            return None if known.level is record.level else replace(record, id=known.id)
    return replace(record, id=new_id())


def _same(one: Withhold, other: Withhold) -> bool:
    same = (one.episode, one.person, one.show) == (other.episode, other.person, other.show)
    return same and _span(one.anchor) == _span(other.anchor)


def _span(anchor: Anchor | None) -> tuple[str, int, int] | None:
    return (anchor.episode, anchor.first_word, anchor.words) if anchor else None
