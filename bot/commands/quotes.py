"""``/quotes``: lines that members keep, with a note. Shown as the transcript says them now; a withheld line is not."""

from __future__ import annotations

from typing import Annotated

from bot import texts
from bot.commands.answers import (
    anchor_of,
    given,
    hit_block,
    hit_moment,
    labels,
    line_actions,
    page_actions,
    page_note,
    pages_of,
    seen,
)
from bot.commands.declare import Arg, command
from bot.commands.meant import meant
from bot.context import Context
from bot.domain import Anchor, Hit, Role, SavedQuote
from bot.errors import NotAllowed, NotFound
from bot.reply import Action, Choice, Choices, Field, Form, FormField, Reply
from bot.rules.ids import LENGTH, new_id
from bot.services.episodes import episode_names, show_names

PER_PAGE = 10
_NOTE = (0, 300)


@command("quotes save", "Keep a line that was found, with a note", example='move fast note:"for the talk"')
async def save(
    ctx: Context,
    words: Annotated[str | None, Arg("Words of the line, its time or a link", length=(1, 500), rest=True)] = None,
    note: Annotated[str | None, Arg("Why it is worth keeping", length=_NOTE)] = None,
    show: Annotated[str | None, Arg("Only this show", complete=show_names)] = None,
    episode: Annotated[str | None, Arg("Only this episode", complete=episode_names)] = None,
) -> Reply:
    found = await meant(ctx, words, show, episode)
    hit = found.hit
    await seen(ctx, hit.episode)
    twin = next(
        (one for one in await _saved(ctx) if one.owner == str(ctx.person) and _same(one.anchor, found.anchor)), None
    )
    if twin:
        return Reply(texts.saved_already(twin.id), quotes=(hit_block(hit),), actions=_own_actions(twin), outcome="same")
    quote = SavedQuote(
        new_id(), found.anchor, str(ctx.person), ctx.services.clock.now(), hit.speaker, (note or "").strip()
    )
    await ctx.services.storage.put(ctx.community, quote, str(ctx.person))
    return Reply(
        texts.saved(quote.id),
        quotes=(hit_block(hit),),
        footer=labels(hit.episode, hit.lines),
        actions=_own_actions(quote),
    )


@command("quotes list", "Lines that were saved here, newest first")
async def list_saved(ctx: Context, page: Annotated[int, Arg("Which page", range=(1, 10_000))] = 1) -> Reply:
    known = [one for one in reversed(await _saved(ctx)) if await _may_list(ctx, one)]
    if not known:
        return Reply(texts.NONE_SAVED, title=texts.SAVED_QUOTES, outcome="listed")
    shown, pages = pages_of(known, page, PER_PAGE)
    hits = [await _hit(ctx, one) for one in shown]
    rows = list(zip(shown, hits, strict=True))
    return Reply(
        title=texts.SAVED_QUOTES,
        fields=tuple(_row(ctx, one, hit) for one, hit in rows),
        choices=Choices(texts.CHOOSE_QUOTE, tuple(_choice(one, hit) for one, hit in rows)),
        footer=page_note(page, pages),
        actions=page_actions("quotes list", {}, page, more=page < pages),
        outcome="listed",
    )


@command("quotes show", "One saved line", listed=False)
async def show_saved(ctx: Context, id: Annotated[str, Arg("Its id", length=(1, 40), rest=True)]) -> Reply:
    quote = await _found(ctx, id)
    hit = await _hit(ctx, quote)
    own = _own_actions(quote) if _may_change(ctx, quote) else ()
    if hit is None:
        if not own:
            raise NotFound(texts.NO_SAVED)
        return Reply(texts.SAVED_LOST, actions=own, outcome="not_found")
    await seen(ctx, hit.episode)
    return Reply(
        quotes=(hit_block(hit),),
        fields=(Field(texts.NOTE, quote.note),) if quote.note else (),
        footer=labels(hit.episode, hit.lines),
        actions=(*line_actions(await anchor_of(ctx, hit))[:-1], *own),
        outcome="found",
    )


@command("quotes edit", "Change the note of a saved line", example='abcdefghijkl note:"for the talk"')
async def edit(
    ctx: Context,
    id: Annotated[str, Arg("Its id", length=(1, 40), rest=True)],
    note: Annotated[str | None, Arg("The new note; none = asks for it", length=_NOTE)] = None,
) -> Reply:
    quote = await _changeable(ctx, id)
    if note is None:
        field = FormField("note", texts.NOTE, quote.note, long=True, required=False)
        return Reply(form=Form(texts.EDIT_NOTE, "quotes edit", (field,), {"id": quote.id}), outcome="listed")
    if note.strip() == quote.note:
        return Reply(texts.NOTE_SAME, outcome="same")
    changed = SavedQuote(quote.id, quote.anchor, quote.owner, quote.saved, quote.speaker, note.strip())
    await ctx.services.storage.put(ctx.community, changed, str(ctx.person))
    return Reply(texts.NOTE_CHANGED)


@command("quotes delete", "Forget a saved line", example="abcdefghijkl")
async def delete(ctx: Context, id: Annotated[str, Arg("Its id", length=(1, 40), rest=True)]) -> Reply:
    quote = await _changeable(ctx, id)
    await ctx.services.storage.drop(ctx.community, "saved_quote", quote.id, str(ctx.person))
    return Reply(texts.DELETED)


# --- what is saved, and by whom -----------------------------------------------------------------------------------


async def _saved(ctx: Context) -> list[SavedQuote]:
    records = await ctx.services.storage.records(ctx.community, "saved_quote")
    return [one for one in records if isinstance(one, SavedQuote)]


def _same(one: Anchor, other: Anchor) -> bool:
    return (one.episode, one.first_word, one.words) == (other.episode, other.first_word, other.words)


async def _hit(ctx: Context, quote: SavedQuote) -> Hit | None:
    return await ctx.services.quotes.by_anchor(ctx.viewer, quote.anchor)


async def _may_list(ctx: Context, quote: SavedQuote) -> bool:
    """Lines that may be seen; one that may not is named, without words, to those who may delete it."""
    storage = ctx.services.storage
    if await storage.resolve(ctx.viewer, quote.anchor):
        return True
    return _may_change(ctx, quote) and await storage.episode(ctx.viewer, quote.anchor.episode) is not None


async def _found(ctx: Context, id: str) -> SavedQuote:
    bare = id.strip().lower()
    found = await ctx.services.storage.record(ctx.community, "saved_quote", bare) if len(bare) == LENGTH else None
    if not isinstance(found, SavedQuote):
        raise NotFound(texts.NO_SAVED)
    return found


async def _changeable(ctx: Context, id: str) -> SavedQuote:
    quote = await _found(ctx, id)
    if _may_change(ctx, quote):
        return quote
    # Whether it exists is nobody's business where its line may not be seen.
    if await ctx.services.storage.resolve(ctx.viewer, quote.anchor) is None:
        raise NotFound(texts.NO_SAVED)
    raise NotAllowed(texts.NOT_YOURS, Role.editor)


def _may_change(ctx: Context, quote: SavedQuote) -> bool:
    return quote.owner == str(ctx.person) or ctx.role >= Role.editor


def _own_actions(quote: SavedQuote) -> tuple[Action, ...]:
    return (
        Action(texts.EDIT_NOTE, "quotes edit", {"id": quote.id}),
        Action(texts.DELETE, "quotes delete", {"id": quote.id}, style="danger"),
    )


def _row(ctx: Context, quote: SavedQuote, hit: Hit | None) -> Field:
    label = texts.saved_row(quote, quote.owner == str(ctx.person))
    if hit is None:
        return Field(label, texts.SAVED_LOST)
    block = hit_block(hit)
    return Field(label, texts.saved_line(texts.shorten(hit.text, 150), block.attribution(), quote.note), block.url)


def _choice(quote: SavedQuote, hit: Hit | None) -> Choice:
    label = texts.shorten(hit.text, 80) if hit else texts.SAVED_LOST
    detail = (hit_moment(hit) or "") if hit else ""
    return Choice(label, Action(label, "quotes show", given(id=quote.id)), detail)
