"""``claim``: the first admin, by the one-time code that the console prints."""

from __future__ import annotations

from typing import Annotated

from bot import texts, texts_why
from bot import texts_alert_commands as words_of
from bot.commands.declare import Arg, command
from bot.context import Context
from bot.domain import Grant, Role
from bot.errors import UserError
from bot.reply import Action, Reply
from bot.services.first_admin import has_admin, matches


@command("claim", "Become the first admin with the console's code", listed=False, example="ABCD-EFGH")
async def claim(
    ctx: Context, code: Annotated[str, Arg("The code that the console shows", length=(1, 40), rest=True)]
) -> Reply:
    storage, who = ctx.services.storage, str(ctx.person)
    if await has_admin(storage, ctx.community):
        raise UserError(texts_why.HAS_ADMIN)
    if not await matches(storage, ctx.community, ctx.person, code, ctx.services.clock):
        raise UserError(texts_why.WRONG_CODE)
    entry = await storage.put(ctx.community, Grant(who, who, Role.admin), who)
    said = [texts_why.claimed(ctx.person.name or who)]
    said += [texts.DISCORD_GRANT] if ctx.person.platform == "discord" else []
    return Reply("\n".join(said), footer=texts.take_back(entry.id), actions=(Action(words_of.BEGIN, "alerts list"),))
