"""What the answers of several commands share: a quote with its attribution and buttons, pages, and who may see it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from bot import texts
from bot import texts_answers as said
from bot.context import Context
from bot.domain import Anchor, Chapter, Episode, Hit, Line, Role, Viewer
from bot.errors import NotFound
from bot.ports import LineRange
from bot.reply import Action, Link, QuoteBlock
from bot.rules.links import MomentLink, episode_url, listen_link, moment_link, moment_url, safe_url
from bot.rules.references import ID_MARK, anchor_ref, parse_anchor_ref
from bot.rules.stamps import shown_moment, stamp
from bot.services.preferences import preference

T = TypeVar("T")

#: How many lines "More context" adds on each side, and how many at most.
CONTEXT_STEP, CONTEXT_MOST = 2, 10
#: The name of a member's choice of where to listen.
APP = "app"


# --- quotes -----------------------------------------------------------------------------------------------------


def hit_block(hit: Hit, app: str | None = None) -> QuoteBlock:
    """A found line as it is shown; ``app`` is where this person listens."""
    return _block(hit.episode, hit.lines[0], texts.shorten(hit.text), app)


def line_block(episode: Episode, lines: Sequence[Line], app: str | None = None) -> QuoteBlock:
    """Neighbouring whole lines of one speaker as they are shown."""
    words = texts.shorten(" ".join(line.text for line in lines))
    return _block(episode, lines[0], words, app)


def _block(episode: Episode, first: Line, words: str, app: str | None) -> QuoteBlock:
    link = listen_link(episode, first.start_s, app) if app else moment_link(episode, first.start_s)
    speaker = first.speaker or texts.SPEAKER_UNKNOWN
    url = link.url if link else None
    return QuoteBlock(words, speaker, episode.show_title, episode.title, _moment(first, link), url)


def hit_moment(hit: Hit) -> str | None:
    return _moment(hit.lines[0], moment_link(hit.episode, hit.start_s))


def _moment(line: Line, link: MomentLink | None) -> str | None:
    """The line's time as it is shown; not exact either where the linked outlet is only supposed to run alike."""
    return shown_moment(line.start_s, line.exact and (link is None or link.exact))


def labels(episode: Episode, lines: Iterable[Line]) -> str | None:
    """What must be said beside a quote: a machine's transcript, a moderator's correction."""
    told = [texts.MACHINE_MADE] if episode.made == "machine" else []
    told += [texts.FIXED] if any(line.fixed for line in lines) else []
    return " ".join(told) or None


async def anchor_of(ctx: Context, hit: Hit) -> Anchor | None:
    """The anchor of a hit's whole lines; None when they may not be seen any more."""
    lines = LineRange(hit.episode.id, hit.lines[0].n, hit.lines[-1].n)
    return await ctx.services.storage.anchor(ctx.viewer, lines)


async def hit_at(ctx: Context, ref: str) -> Hit:
    """The line that a button's anchor stands for. Raises NotFound when it is gone or may not be seen.

    The hit has all of the anchor's lines, also where its text is cut, so that no button drifts from press to press.
    """
    anchor = parse_anchor_ref(ref)
    hit = await ctx.services.quotes.by_anchor(ctx.viewer, anchor) if anchor else None
    where = await ctx.services.storage.resolve(ctx.viewer, anchor) if anchor else None
    [lines] = await ctx.services.storage.ranges(ctx.viewer, [where]) if where else [[]]
    if hit is None or not lines:
        raise NotFound(texts.LINE_GONE)
    return replace(hit, lines=tuple(lines))


def line_actions(anchor: Anchor | None, *between: Action, share: bool = True) -> tuple[Action, ...]:
    """More context, then ``between``, then Share (where there is anybody to ``share`` with), Wrong? and Save."""
    if anchor is None:
        return between
    ref = anchor_ref(anchor)
    return (context_action(ref), *between, *share_actions(ref, share), wrong_action(ref), save_action(ref))


def context_action(ref: str) -> Action:
    step = str(CONTEXT_STEP)
    return Action(texts.MORE_CONTEXT, "context", {"anchor": ref, "before": step, "after": step})


def share_actions(ref: str, share: bool) -> tuple[Action, ...]:
    return (Action(texts.SHARE, "share", {"anchor": ref}),) if share else ()


def may_share(ctx: Context, *, private: bool = True) -> bool:
    """Who may not write somewhere shares nothing there, and what everybody sees already need not be shared."""
    return ctx.may_write and private and not ctx.public


def wrong_action(ref: str) -> Action:
    return Action(said.WRONG, "wrong", {"words": ref})


def save_action(ref: str) -> Action:
    return Action(texts.SAVE, "quotes save", {"words": ref})


# --- hearing the moment -----------------------------------------------------------------------------------------


async def own_choices(ctx: Context, *, private: bool = True) -> dict[str, str]:
    """What this person chose for themselves; nothing of it in an answer that others see too."""
    if not private or ctx.public:
        return {}
    return await ctx.services.storage.member_choices(ctx.community, ctx.person)


async def own_app(ctx: Context, *, private: bool = True) -> str | None:
    """Where this person listens, if they chose, as ``own_choices``."""
    return (await own_choices(ctx, private=private)).get(APP)


def line_links(episode: Episode, line: Line, app: str | None = None) -> tuple[Link, ...]:
    """ "Listen at 27:47" for a line, as something to press."""
    return listen_links(episode, line.start_s, app, exact=line.exact)


def listen_links(
    episode: Episode, start_s: float | None, app: str | None = None, *, exact: bool = True
) -> tuple[Link, ...]:
    link = listen_link(episode, start_s, app)
    if link is None:
        return ()
    moment = shown_moment(start_s, exact and link.exact) if link.timed else None
    return (Link(said.listen_at(link.kind, moment), link.url),)


# --- episodes and chapters --------------------------------------------------------------------------------------


def id_of(episode: Episode) -> str:
    """The episode as a button names it."""
    return ID_MARK + episode.id


def other_episodes(episode: Episode, *, page: int = 1) -> Action:
    return Action(texts.OTHER_EPISODES, "episodes", {"show": episode.show_slug} | _page(page))


def chapter_url(episode: Episode, chapter: Chapter) -> str | None:
    return moment_url(episode, chapter.start_s) or safe_url(chapter.url)


def chapter_span(chapter: Chapter) -> str:
    start = stamp(chapter.start_s)
    return start if chapter.end_s is None else f"{start}–{stamp(chapter.end_s)}"


def page_url(episode: Episode) -> str | None:
    return episode_url(episode.editions)


async def seen(ctx: Context, episode: Episode) -> None:
    """Remember that this person was shown this episode here: what "it" means next."""
    await ctx.services.storage.set_focus(ctx.viewer, episode.id, ctx.services.clock.now())


# --- who may see it ---------------------------------------------------------------------------------------------


def everyone(viewer: Viewer) -> Viewer:
    """Whoever stands in this place without a role of their own: what is public here must be visible to them."""
    return replace(viewer, role=Role.member, roles=frozenset())


async def answers_privately(ctx: Context, episode: Episode | None = None) -> bool:
    """Whether only who asked sees the answer: unless the place wants public answers and may see all of it."""
    storage = ctx.services.storage
    if await preference(storage, ctx.community, ctx.place, "answers") != "public":
        return True
    return episode is not None and await storage.episode(everyone(ctx.viewer), episode.id) is None


# --- pages ------------------------------------------------------------------------------------------------------


def pages_of(things: Sequence[T], page: int, size: int) -> tuple[Sequence[T], int]:
    """The things on a page (counted from 1) and how many pages there are. Raises NotFound beyond the last."""
    pages = max(1, -(-len(things) // size))
    if not 1 <= page <= pages:
        raise NotFound(texts.no_such_page(page, pages))
    return things[(page - 1) * size : page * size], pages


def page_actions(command: str, args: Mapping[str, str], page: int, *, more: bool) -> tuple[Action, ...]:
    """Buttons to the page before and after."""
    back = (Action(texts.PREVIOUS_PAGE, command, {**args} | _page(page - 1), turn=True),) if page > 1 else ()
    on = (Action(texts.NEXT_PAGE, command, {**args} | _page(page + 1), turn=True),) if more else ()
    return back + on


def page_note(page: int, pages: int) -> str | None:
    return texts.page_of(page, pages) if pages > 1 else None


def _page(page: int) -> dict[str, str]:
    return {} if page == 1 else {"page": str(page)}


def given(**args: str | None) -> dict[str, str]:
    """The arguments of an action, without those that were not given."""
    return {name: value for name, value in args.items() if value}
