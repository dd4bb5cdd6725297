"""What the answers of several commands share: a quote with its attribution and buttons, pages, and who may see it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from bot import texts
from bot.context import Context
from bot.domain import Anchor, Chapter, Episode, Hit, Line, Role, Viewer
from bot.errors import NotFound
from bot.ports import LineRange
from bot.reply import Action, QuoteBlock
from bot.rules.links import MomentLink, episode_url, moment_link, moment_url, safe_url
from bot.rules.references import ID_MARK, anchor_ref, parse_anchor_ref
from bot.rules.stamps import shown_moment, stamp
from bot.services.preferences import preference

T = TypeVar("T")

#: How many lines "More context" adds on each side, and how many at most.
CONTEXT_STEP, CONTEXT_MOST = 2, 10


# --- quotes -----------------------------------------------------------------------------------------------------


def hit_block(hit: Hit) -> QuoteBlock:
    """A found line as it is shown."""
    return _block(hit.episode, hit.lines[0], texts.shorten(hit.text))


def line_block(episode: Episode, lines: Sequence[Line]) -> QuoteBlock:
    """Neighbouring whole lines of one speaker as they are shown."""
    said = texts.shorten(" ".join(line.text for line in lines))
    return _block(episode, lines[0], said)


def _block(episode: Episode, first: Line, said: str) -> QuoteBlock:
    link = moment_link(episode, first.start_s)
    speaker = first.speaker or texts.SPEAKER_UNKNOWN
    url = link.url if link else None
    return QuoteBlock(said, speaker, episode.show_title, episode.title, _moment(first, link), url)


def hit_moment(hit: Hit) -> str | None:
    return _moment(hit.lines[0], moment_link(hit.episode, hit.start_s))


def _moment(line: Line, link: MomentLink | None) -> str | None:
    """The line's time as it is shown; not exact either where the linked outlet is only supposed to run alike."""
    return shown_moment(line.start_s, line.exact and (link is None or link.exact))


def labels(episode: Episode, lines: Iterable[Line]) -> str | None:
    """What must be said beside a quote: a machine's transcript, a moderator's correction."""
    said = [texts.MACHINE_MADE] if episode.made == "machine" else []
    said += [texts.FIXED] if any(line.fixed for line in lines) else []
    return " ".join(said) or None


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


def line_actions(anchor: Anchor | None, *between: Action) -> tuple[Action, ...]:
    """More context, then ``between``, then Share and Save."""
    if anchor is None:
        return between
    ref = anchor_ref(anchor)
    step = str(CONTEXT_STEP)
    more = Action(texts.MORE_CONTEXT, "context", {"anchor": ref, "before": step, "after": step})
    return (more, *between, Action(texts.SHARE, "share", {"anchor": ref}), save_action(ref))


def save_action(ref: str) -> Action:
    return Action(texts.SAVE, "quotes save", {"words": ref})


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
    back = (Action(texts.PREVIOUS_PAGE, command, {**args} | _page(page - 1)),) if page > 1 else ()
    on = (Action(texts.NEXT_PAGE, command, {**args} | _page(page + 1)),) if more else ()
    return back + on


def page_note(page: int, pages: int) -> str | None:
    return texts.page_of(page, pages) if pages > 1 else None


def _page(page: int) -> dict[str, str]:
    return {} if page == 1 else {"page": str(page)}


def given(**args: str | None) -> dict[str, str]:
    """The arguments of an action, without those that were not given."""
    return {name: value for name, value in args.items() if value}
