"""``/pullquote undo``: take back the latest change of a moderator, or the one that ``history`` shows with that id."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from bot import texts
from bot.commands.declare import Arg, command
from bot.commands.history import described, subject
from bot.context import Context
from bot.domain import HistoryEntry, RecordKind, Role
from bot.errors import NotAllowed, NotFound
from bot.reply import Reply
from bot.services.roles import needed_for

#: What members do to their own is in the history, but is not "the latest change" that a moderator means.
_MEMBERS: frozenset[RecordKind] = frozenset(("saved_quote", "report"))
_PAGE, _BACK = 100, 2000


@command("undo", "Take back the latest change, or one by its id", role=Role.editor, example="abcdefghijkl")
async def undo(
    ctx: Context, id: Annotated[str | None, Arg("From history; none = the latest", length=(1, 40), rest=True)] = None
) -> Reply:
    entry = await _latest(ctx) if id is None else await entry_of(ctx, id)
    return await take_back(ctx, entry)


async def take_back(ctx: Context, entry: HistoryEntry) -> Reply:
    """Undo one change. Raises NotAllowed where making it takes a higher role."""
    needed = needed_for(entry.kind)
    if ctx.role < needed:
        raise NotAllowed(texts.undo_needs(await described(ctx, entry), needed.name), needed)
    what = await subject(ctx, entry)
    await ctx.services.storage.undo(ctx.community, entry.id, str(ctx.person))
    return Reply(texts.undone(entry.kind, what, entry.by))


async def entry_of(ctx: Context, id: str) -> HistoryEntry:
    """The change with this id. Raises NotFound."""
    bare = id.strip().lower()
    entry = await _first(ctx, lambda one: one.id == bare)
    if entry is None:
        raise NotFound(texts.NO_SUCH_CHANGE)
    return entry


async def _latest(ctx: Context) -> HistoryEntry:
    entry = await _first(ctx, lambda one: not one.undone and one.undoes is None and one.kind not in _MEMBERS)
    if entry is None:
        raise NotFound(texts.NOTHING_TO_UNDO)
    return entry


async def _first(ctx: Context, fits: Callable[[HistoryEntry], bool]) -> HistoryEntry | None:
    """The newest change that fits, some pages back."""
    for offset in range(0, _BACK, _PAGE):
        entries = await ctx.services.storage.history(ctx.community, limit=_PAGE, offset=offset)
        found = next((one for one in entries if fits(one)), None)
        if found or len(entries) < _PAGE:
            return found
    return None
