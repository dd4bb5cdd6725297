"""``/pullquote show export``: the public feeds of this shelf as a list that podcast apps read (OPML)."""

from __future__ import annotations

from bot import texts_shows as texts
from bot.commands.declare import command
from bot.context import Context
from bot.domain import Role
from bot.errors import NotFound
from bot.reply import Reply
from bot.services.feed_lists import exported

#: What a message of either platform can hold as text; longer lists are the command line's.
LONGEST = 3500


@command("show export", "The feeds of this shelf as OPML, without private ones", role=Role.admin)
async def show_export(ctx: Context) -> Reply:
    shows = await ctx.services.storage.shows(ctx.viewer)
    data, count, left_out = await exported(ctx.services.storage, shows, ctx.services.clock.now())
    if not count:
        raise NotFound(texts.NOTHING_TO_EXPORT)
    text = data.decode("utf-8")
    if len(text) > LONGEST:
        return Reply(texts.export_too_long(count), outcome="listed")
    return Reply(text, footer=texts.exported(count, left_out), outcome="listed")
