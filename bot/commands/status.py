"""``/pullquote status``: how much there is, whether search is up to date, and which corrections lost their words."""

from __future__ import annotations

import asyncio

from bot import texts
from bot.commands.declare import command
from bot.context import Context
from bot.domain import Role
from bot.reply import Field, Reply


@command("status", "How much there is here, and whether all is well", role=Role.editor)
async def status(ctx: Context) -> Reply:
    storage = ctx.services.storage
    counts = await storage.counts(ctx.viewer)
    behind = await _behind(ctx)
    lost = await storage.lost(ctx.community)
    rows = (
        (texts.STATUS_SHOWS, f"{counts.shows:,}"),
        (texts.STATUS_EPISODES, texts.with_transcripts(counts.episodes, counts.transcripts)),
        (texts.STATUS_LINES, texts.lines_and_words(counts.lines, counts.words)),
        (texts.STATUS_INDEX, texts.index_behind(behind) if behind > 0 else texts.INDEX_FRESH),
        (texts.STATUS_LOST, texts.lost(len(lost)) if lost else texts.NONE_LOST),
    )
    return Reply(title=texts.STATUS_TITLE, fields=tuple(Field(label, value) for label, value in rows), outcome="listed")


async def _behind(ctx: Context) -> int:
    """Changes of the words themselves that search does not know yet; overlays are laid on when a line is read."""
    seen = await asyncio.to_thread(ctx.services.index.seen)
    changes = await ctx.services.storage.changes_since(seen)
    return sum(1 for one in changes if one.kind in ("transcript", "removed"))
