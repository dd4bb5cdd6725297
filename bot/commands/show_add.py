"""``/pullquote show add``: a podcast's feed onto this community's shelf, in the words of what was found."""

from __future__ import annotations

from typing import Annotated

from bot import texts_shows as texts
from bot.commands.declare import Arg, command
from bot.context import Context
from bot.domain import Role
from bot.errors import UsageError
from bot.reply import Action, Reply
from bot.services.episodes import show_names
from bot.services.shows import Added, TitleTaken, Wish


@command("show add", "Add a podcast by its feed or page", role=Role.admin, example="https://example.org/feed.xml")
async def show_add(
    ctx: Context,
    url: Annotated[str | None, Arg("The feed's address, or a page that names it", length=(1, 2000), rest=True)] = None,
    show: Annotated[str | None, Arg("Join this show, whose files are here already", complete=show_names)] = None,
    title: Annotated[str | None, Arg("Its title here", length=(1, 200))] = None,
    private: Annotated[bool, Arg("Show it only in this place")] = False,
    separate: Annotated[bool, Arg("A show of its own, whatever else is called the same")] = False,
) -> Reply:
    if not url:
        raise UsageError(texts.ADD_NEEDS_URL)
    joined = (await ctx.services.episodes.show(ctx, show)).slug if show else None
    await ctx.progress(texts.LOOKING)
    place = None if ctx.direct else ctx.place
    try:
        added = await ctx.services.shows.add(
            ctx.community, Wish(url, joined, separate, title, private, place, ctx.viewer)
        )
    except TitleTaken as taken:
        return _ask(taken, url)
    same = added.outcome == "same"
    # What was added is mostly wanted where it was added; a direct message is no place for posts.
    here = () if ctx.direct else (Action(texts.POST_HERE, "subscribe", {"show": added.show.slug}),)
    return Reply(told(added, ctx), footer=_footer(added), actions=here, outcome="same" if same else "done")


def _ask(taken: TitleTaken, url: str) -> Reply:
    args = {"url": url}
    return Reply(
        str(taken),
        actions=(
            Action(texts.JOIN, "show add", {**args, "show": taken.slug}, "primary"),
            Action(texts.SEPARATE, "show add", {**args, "separate": "yes"}),
        ),
        outcome="confirm",
    )


def told(added: Added, ctx: Context, *, later: bool = True) -> str:
    """What was found, in one paragraph; the same for the command line. ``later``: the rest comes in the background."""
    offered, latest = added.offered, added.offered.latest
    on = f"{latest.published.astimezone(ctx.timezone):%-d %B %Y}" if latest and latest.published else ""
    found = texts.found(offered.episodes, offered.transcripts, offered.chapters, latest.title if latest else "", on)
    lines = [texts.added(added.outcome, added.show.title, added.show.slug, found)]
    if not offered.transcripts:
        lines.append(texts.NOTHING_OFFERED)
    if added.waiting and later:
        lines.append(texts.waiting(added.waiting))
    if added.show.private and added.outcome in ("new", "joined"):
        lines.append(texts.MADE_PRIVATE)
    lines += list(added.report.notices)[:5] if added.report else []
    lines += [added.note] if added.note else []
    return "\n".join(lines)


def _footer(added: Added) -> str | None:
    return None if added.outcome == "same" else texts.NEWS_FROM_NOW
