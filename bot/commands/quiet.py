"""``/pullquote quiet``: hours without posts, or none at all for a while; what is due meanwhile waits."""

from __future__ import annotations

from typing import Annotated, Literal

from bot import texts, texts_why
from bot.commands.declare import Arg, command
from bot.context import Context
from bot.domain import HistoryEntry, Role, Setting
from bot.errors import UsageError
from bot.reply import Action, Field, Reply
from bot.rules.subscription_words import span_in
from bot.services.preferences import Stored, checked, place_zone, setting_id

Where = Literal["here", "everywhere"]
_BOTH: tuple[Stored, ...] = ("quiet", "quiet_until")


@command("quiet", "Hours without posts, or none for a while", role=Role.admin, example="hours:22:00-07:00")
async def quiet(
    ctx: Context,
    lasting: Annotated[str | None, Arg("None for so long: 45m, 3h, 2d", length=(1, 40), rest=True)] = None,
    hours: Annotated[str | None, Arg("Each day: 22:00-07:00", length=(1, 40))] = None,
    where: Annotated[Where | None, Arg("In which places")] = None,
    off: Annotated[bool, Arg("Take it away")] = False,
) -> Reply:
    if (lasting or "").strip().casefold() in texts_why.OFF_WORDS:
        lasting, off = None, True
    if sum((bool(lasting), bool(hours), off)) > 1:
        raise UsageError(texts_why.QUIET_ONE)
    if off:
        return await _off(ctx, where)
    span = (lasting or "").strip().removeprefix("for:").removeprefix("for ").strip()
    if span and not hours and "-" in span:  # the hours, said without their name
        hours, span = span, ""
    if hours:
        return await _hours(ctx, hours, where or "here")
    return await (_for_a_while(ctx, span, where or "everywhere") if span else _told(ctx))


async def _hours(ctx: Context, hours: str, where: Where) -> Reply:
    kept = checked("quiet", hours)
    zone = await place_zone(ctx.services.storage, ctx.community, ctx.place if where == "here" else None)
    return await _put(ctx, where, "quiet", kept, texts_why.quiet_hours(kept, zone.key, texts_why.WHERE[where]))


async def _for_a_while(ctx: Context, span: str, where: Where) -> Reply:
    until = ctx.services.clock.now() + span_in(span)
    zone = await place_zone(ctx.services.storage, ctx.community, ctx.place if where == "here" else None)
    said = texts_why.quiet_until(until, zone, texts_why.WHERE[where])
    return await _put(ctx, where, "quiet_until", until.isoformat(timespec="seconds"), said)


async def _put(ctx: Context, where: Where, name: Stored, value: str, said: str) -> Reply:
    place = str(ctx.place) if where == "here" else ""
    record = Setting(setting_id(place, name), name, value, place)
    entry = await ctx.services.storage.put(ctx.community, record, str(ctx.person))
    off = Action(texts_why.QUIET_OFF, "quiet", {"off": "yes", "where": where})
    return Reply(said, footer=texts.take_back(entry.id), actions=(off, _undo(entry)))


async def _off(ctx: Context, where: Where | None) -> Reply:
    """Take away what is set here, else what is set everywhere; and say what still holds."""
    tried: tuple[Where, ...] = (where,) if where else ("here", "everywhere")
    entries: list[HistoryEntry] = []
    for one in tried:
        entries = entries or await _dropped(ctx, one)
    left = await _rows(ctx)
    if not entries:
        return Reply(texts_why.NOT_QUIET, fields=left, outcome="same")
    ctx.services.alerts.outbox.wake()
    return Reply(
        texts_why.QUIET_TAKEN_AWAY if not left else texts_why.QUIET_STILL,
        fields=left,
        footer=texts.take_back(entries[-1].id),
        actions=tuple(_undo(entry) for entry in entries),
    )


async def _dropped(ctx: Context, where: Where) -> list[HistoryEntry]:
    place = str(ctx.place) if where == "here" else ""
    drop = ctx.services.storage.drop
    found = [await drop(ctx.community, "setting", setting_id(place, name), str(ctx.person)) for name in _BOTH]
    return [entry for entry in found if entry]


async def _told(ctx: Context) -> Reply:
    """What is set, here and everywhere."""
    rows = await _rows(ctx)
    off = (Action(texts_why.QUIET_OFF, "quiet", {"off": "yes"}),) if rows else ()
    said = "" if rows else texts_why.NEVER_QUIET
    return Reply(
        said, title=texts_why.QUIET_TITLE, fields=rows, footer=texts_why.QUIET_HOW, actions=off, outcome="listed"
    )


async def _rows(ctx: Context) -> tuple[Field, ...]:
    rows: list[Field] = []
    here: tuple[Where, ...] = ("here", "everywhere")
    for where in here:
        zone = await place_zone(ctx.services.storage, ctx.community, ctx.place if where == "here" else None)
        for name in _BOTH:
            id = setting_id(str(ctx.place) if where == "here" else "", name)
            found = await ctx.services.storage.record(ctx.community, "setting", id)
            value = found.value if isinstance(found, Setting) else ""
            said = texts_why.quiet_row(name, value, zone, ctx.services.clock.now())
            rows += [Field(texts_why.WHERE[where], said)] if said else []
    return tuple(rows)


def _undo(entry: HistoryEntry) -> Action:
    return Action(texts.UNDO, "undo", {"id": entry.id})
