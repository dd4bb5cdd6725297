"""``/privacy``: what is kept about people, and how it is removed."""

from __future__ import annotations

from bot import texts
from bot.commands.declare import command
from bot.context import Context
from bot.reply import Action, Reply


@command("privacy", "What is kept about you, and how to have it removed", listed=False)
async def privacy(ctx: Context) -> Reply:
    actions = (Action(texts.HELP, "help"), Action(texts.ABOUT_LABEL, "about"))
    return Reply(texts.PRIVACY, title=texts.PRIVACY_TITLE, actions=actions, outcome="listed")
