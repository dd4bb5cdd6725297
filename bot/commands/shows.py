"""``/shows``: what is here and who speaks, with buttons for help, about and privacy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from bot import texts
from bot.commands.answers import answers_privately, page_actions, page_note, pages_of
from bot.commands.declare import Arg, command
from bot.context import Context
from bot.domain import Show
from bot.reply import Action, Choice, Choices, Field, Reply
from bot.rules.access import told_page
from bot.rules.links import safe_url
from bot.texts_answers import MY_APP

PER_PAGE = 20
#: How many of those who speak most are named.
_NAMED = 5


@command("shows", "What is here and who speaks; help, about and privacy")
async def shows(ctx: Context, page: Annotated[int, Arg("Which page", range=(1, 1000))] = 1) -> Reply:
    known = await ctx.services.storage.shows(ctx.viewer)
    about = (
        Action(MY_APP, "app"),
        Action(texts.HELP, "help"),
        Action(texts.ABOUT_LABEL, "about"),
        Action(texts.PRIVACY_LABEL, "privacy"),
    )
    if not known:
        return Reply(texts.NO_SHOWS, title=texts.SHOWS_TITLE, actions=about, outcome="listed")
    shown, pages = pages_of(known, page, PER_PAGE)
    facts = await ctx.services.episodes.titles.facts(ctx.viewer, [show.id for show in shown], _NAMED)
    return Reply(
        title=texts.SHOWS_TITLE,
        fields=tuple(_row(show, *known) for show, known in zip(shown, facts, strict=True)),
        choices=Choices(texts.CHOOSE_SHOW, tuple(_choice(show) for show in shown)),
        footer=page_note(page, pages),
        actions=(*page_actions("shows", {}, page, more=page < pages), *about),
        private=await answers_privately(ctx) or any(show.private for show in shown),
        outcome="listed",
    )


def _row(show: Show, episodes: int, names: Sequence[str]) -> Field:
    return Field(show.title, f"{texts.show_row(episodes, names)} · {show.slug}", safe_url(told_page(show)))


def _choice(show: Show) -> Choice:
    label = texts.shorten(show.title, 80)
    return Choice(label, Action(label, "episodes", {"show": show.slug}))
