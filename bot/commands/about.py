"""``/about``: what Pullquote is and what its quotes promise."""

from __future__ import annotations

from bot import texts
from bot.commands.declare import command
from bot.context import Context
from bot.reply import Action, Reply


@command("about", "What Pullquote is and what its quotes promise", listed=False)
async def about(ctx: Context) -> Reply:
    actions = (Action(texts.HELP, "help"), Action(texts.PRIVACY_LABEL, "privacy"))
    return Reply(texts.ABOUT, title=texts.ABOUT_TITLE, actions=actions, outcome="listed")
