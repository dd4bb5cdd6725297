"""``/privacy``: what is kept about people, and how it is removed; what a member chose goes with one press."""

from __future__ import annotations

from typing import Annotated

from bot import texts
from bot import texts_answers as said
from bot.commands.answers import APP
from bot.commands.declare import Arg, command
from bot.context import Context
from bot.reply import Action, Reply
from bot.rules.reports import NEWS

#: Choices that mean nothing but comfort; a wish not to be kept is no such thing.
_FORGOTTEN = (APP, NEWS)


@command("privacy", "What is kept about you, and how to have it removed", listed=False)
async def privacy(ctx: Context, forget: Annotated[bool, Arg("Forget what I chose here")] = False) -> Reply:
    if forget:
        return await _forget(ctx)
    actions = (
        Action(said.FORGET, "privacy", {"forget": "yes"}),
        Action(texts.HELP, "help"),
        Action(texts.ABOUT_LABEL, "about"),
    )
    return Reply(texts.PRIVACY, title=texts.PRIVACY_TITLE, actions=actions, outcome="listed")


async def _forget(ctx: Context) -> Reply:
    storage = ctx.services.storage
    known = await storage.member_choices(ctx.community, ctx.person)
    chosen = [name for name in _FORGOTTEN if name in known]
    for name in chosen:
        await storage.choose(ctx.community, ctx.person, name, None)
    return Reply(said.FORGOTTEN) if chosen else Reply(said.NOTHING_CHOSEN, outcome="same")
