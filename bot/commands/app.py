"""``app``, behind "My app": where a member's own links to a moment lead. Used in every answer that only they see."""

from __future__ import annotations

from typing import Annotated, Literal

from bot import texts_answers as said
from bot.commands.answers import APP
from bot.commands.declare import Arg, command
from bot.context import Context
from bot.reply import Action, Choice, Choices, Reply

App = Literal["usual", "page", "youtube", "spotify", "apple", "overcast", "pocketcasts", "video", "audio"]


@command("app", "Where your links to a moment lead: the page, YouTube, your podcast app", listed=False)
async def app(
    ctx: Context, app: Annotated[App | None, Arg("Which one; none = what is set", rest=True)] = None
) -> Reply:
    storage = ctx.services.storage
    now = await storage.member_choice(ctx.community, ctx.person, APP)
    if app is None:
        return _menu(now)
    if app == (now or "usual"):
        return Reply(said.APP_SAME, outcome="same")
    await storage.choose(ctx.community, ctx.person, APP, None if app == "usual" else app)
    return Reply(said.APP_DROPPED if app == "usual" else said.app_chosen(app))


def _menu(now: str | None) -> Reply:
    options = tuple(Choice(label, Action(label, "app", {"app": name})) for name, label in said.APPS.items())
    return Reply(
        said.app_now(now),
        title=said.APP_TITLE,
        choices=Choices(said.CHOOSE_APP, options),
        footer=said.APP_HOW,
        outcome="listed",
    )
