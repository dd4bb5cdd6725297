"""``/pullquote link``: a one-time code that lets another server belong to this community, and typing it there."""

from __future__ import annotations

from typing import Annotated

from bot import texts_chat as said
from bot.commands.declare import Arg, command
from bot.context import Context
from bot.domain import Role, Setting
from bot.errors import UserError
from bot.reply import Reply
from bot.services.linking import LINK, is_unlinked, link_code, linked_by
from bot.services.preferences import setting_id


@command(LINK, "A code that links another server here; or type one there", role=Role.admin, example="ABCD-EFGH")
async def link(
    ctx: Context, code: Annotated[str | None, Arg("The code, in the new server", length=(1, 40), rest=True)] = None
) -> Reply:
    storage, clock = ctx.services.storage, ctx.services.clock
    if not is_unlinked(ctx.community):
        if code:
            raise UserError(said.LINK_NOT_HERE if ctx.direct else said.ALREADY_LINKED)
        return Reply(said.link_code(await link_code(storage, ctx.community, clock)))
    if not code:
        raise UserError(said.LINK_NEEDED)
    community = await linked_by(storage, ctx.person, code, clock)
    if community is None:
        raise UserError(said.WRONG_LINK)
    here = f"{ctx.place.platform}/{ctx.place.workspace}"
    # A record, so that it is in the history there and can be undone; storage links with it.
    await storage.put(community, Setting(setting_id("", f"linked:{here}"), "linked", here), str(ctx.person))
    return Reply(said.LINKED)
