"""``unshare``, behind "Delete" below a shared line: its sharer and moderators take the message away."""

from __future__ import annotations

from typing import Annotated

from bot import texts_answers as said
from bot.commands.declare import Arg, command
from bot.context import Context
from bot.domain import Role
from bot.errors import NotAllowed
from bot.reply import Reply


@command("unshare", "Take away what was shared", listed=False, example="discord:123")
async def unshare(
    ctx: Context, by: Annotated[str, Arg("Who shared it, as the button knows them", length=(1, 80), rest=True)]
) -> Reply:
    if str(ctx.person) != by.strip() and ctx.role < Role.editor:
        raise NotAllowed(said.WHO_MAY_TAKE_AWAY, Role.editor)
    return Reply(said.TAKEN_AWAY, remove=True)
