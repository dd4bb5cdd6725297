"""``/quotes``: lines that members keep, with a note. Shown as the transcript says them now; a withheld line is not."""

from __future__ import annotations

from typing import Annotated

from bot import texts, texts_chat
from bot.commands.answers import (
    anchor_of,
    given,
    hit_block,
    hit_moment,
    labels,
    line_actions,
    line_links,
    may_share,
    own_app,
    page_actions,
    page_note,
    pages_of,
    seen,
)
from bot.commands.declare import CHOICES, Arg, command
from bot.commands.meant import Meant, meant, meant_line
from bot.commands.quotes_chat import offer
from bot.context import Context
from bot.domain import Anchor, Hit, Role, SavedQuote
from bot.errors import NotAllowed, NotFound
from bot.reply import Action, Choice, Choices, Field, Form, FormField, Reply
from bot.rules.ids import LENGTH, new_id
from bot.rules.words import tokens
from bot.services.episodes import episode_names, show_names
from bot.services.quotes import Ask

PER_PAGE = 10
#: Characters of a message that are looked for; fewer words than this are chance.
_SEARCHED, _SURE = 500, 3
_NOTE = (0, 300)
#: Characters of a saved line where it is one of those to choose from.
_NAMED = 80


@command(
    "quotes save",
    "Keep a line that was found, with a note",
    example='move fast note:"for the talk"',
    menu="Save as quote",
)
async def save(
    ctx: Context,
    words: Annotated[str | None, Arg("Words of the line, its time or a link", length=(0, 4000), rest=True)] = None,
    note: Annotated[str | None, Arg("Why it is worth keeping", length=_NOTE)] = None,
    show: Annotated[str | None, Arg("Only this show", complete=show_names)] = None,
    episode: Annotated[str | None, Arg("Only this episode", complete=episode_names)] = None,
) -> Reply:
    if ctx.message is not None:
        hit = await _line_of_message(ctx, words or "")
        if isinstance(hit, Reply):
            return hit
        found = await meant_line(ctx, hit)
    else:
        found = await meant(ctx, words, show, episode)
    return await _save(ctx, found, (note or "").strip())


async def _save(ctx: Context, found: Meant, note: str) -> Reply:
    hit = found.hit
    await seen(ctx, hit.episode)
    twin = next(
        (
            one
            for one in await saved_quotes(ctx)
            if one.owner == str(ctx.person) and same_line(one.anchor, found.anchor)
        ),
        None,
    )
    if twin:
        return Reply(texts.saved_already(twin.id), quotes=(hit_block(hit),), actions=_own_actions(twin), outcome="same")
    quote = SavedQuote(new_id(), found.anchor, str(ctx.person), ctx.services.clock.now(), hit.speaker, note)
    await ctx.services.storage.put(ctx.community, quote, str(ctx.person))
    return Reply(
        texts.saved(quote.id),
        quotes=(hit_block(hit),),
        footer=labels(hit.episode, hit.lines),
        actions=_own_actions(quote),
    )


async def _line_of_message(ctx: Context, text: str) -> Hit | Reply:
    """The line that a message repeats; else the refusal, with the closest line labelled as no match."""
    words = texts.shorten(text.strip(), _SEARCHED).removesuffix("…")
    found = await ctx.services.quotes.find(ctx.viewer, Ask(words, limit=1))
    hit = found.hits[0] if found.hits else None
    if hit and found.fits and hit.confidence != "unsure" and len(tokens(words)) >= _SURE:
        return hit
    why, actions = await offer(ctx, ctx.message) if ctx.message else ("", ())
    lead = (texts_chat.NOT_A_LINE, why, texts_chat.CLOSEST_IS if hit else "")
    return Reply(
        "\n".join(filter(None, lead)),
        quotes=(hit_block(hit),) if hit else (),
        footer=labels(hit.episode, hit.lines) if hit else None,
        actions=actions,
        outcome="nothing_fits",
    )


@command("quotes list", "Lines that were saved here, newest first")
async def list_saved(ctx: Context, page: Annotated[int, Arg("Which page", range=(1, 10_000))] = 1) -> Reply:
    known = [one for one in reversed(await saved_quotes(ctx)) if await _may_list(ctx, one)]
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
    app = await own_app(ctx)
    # Saved it is already.
    offered = line_actions(await anchor_of(ctx, hit), share=may_share(ctx))[:-1]
    return Reply(
        quotes=(hit_block(hit, app),),
        fields=(Field(texts.NOTE, quote.note),) if quote.note else (),
        footer=labels(hit.episode, hit.lines),
        actions=(*offered, *own),
        links=line_links(hit.episode, hit.lines[0], app),
        outcome="found",
    )


async def own_quotes(ctx: Context, typed: str) -> list[str]:
    """What this person may change, newest first: the words as they stand now, and the id behind them."""
    wanted, found = typed.strip().casefold(), list[str]()
    for one in reversed(await saved_quotes(ctx)):
        if _may_change(ctx, one) and wanted in f"{one.anchor.text} · {one.id}".casefold():
            hit = await _hit(ctx, one)
            found += [f"{texts.shorten(hit.text, _NAMED)} · {one.id}"] if hit else []
        if len(found) == CHOICES:
            break
    return found


Changeable = Annotated[str, Arg("Its words or id", length=(1, 120), complete=own_quotes, rest=True)]


@command("quotes edit", "Change the note of a saved line", example='abcdefghijkl note:"for the talk"')
async def edit(
    ctx: Context,
    id: Changeable,
    note: Annotated[str | None, Arg("The new note; none = asks for it", length=_NOTE)] = None,
) -> Reply:
    quote = await _changeable(ctx, id)
    if note is None:
        field = FormField("note", texts.NOTE, quote.note, long=True, required=False, length=_NOTE[1])
        return Reply(form=Form(texts.EDIT_NOTE, "quotes edit", (field,), {"id": quote.id}), outcome="listed")
    if note.strip() == quote.note:
        return Reply(texts.NOTE_SAME, outcome="same")
    changed = SavedQuote(quote.id, quote.anchor, quote.owner, quote.saved, quote.speaker, note.strip())
    await ctx.services.storage.put(ctx.community, changed, str(ctx.person))
    return Reply(texts.NOTE_CHANGED)


@command("quotes delete", "Forget a saved line", example="abcdefghijkl")
async def delete(ctx: Context, id: Changeable) -> Reply:
    quote = await _changeable(ctx, id)
    await ctx.services.storage.drop(ctx.community, "saved_quote", quote.id, str(ctx.person))
    return Reply(texts.DELETED)


# --- what is saved, and by whom -----------------------------------------------------------------------------------


async def saved_quotes(ctx: Context) -> list[SavedQuote]:
    """All that are saved in this community, oldest first, whoever may see them."""
    records = await ctx.services.storage.records(ctx.community, "saved_quote")
    return [one for one in records if isinstance(one, SavedQuote)]


def same_line(one: Anchor, other: Anchor) -> bool:
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
    bare = (id.lower().split() or [""])[-1]  # a completed one has its words in front
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
    kept = texts.saved_as(quote, quote.owner == str(ctx.person))
    if hit is None:
        return Field(kept, texts.SAVED_LOST)
    block = hit_block(hit)
    whose = (block.speaker, block.episode, block.show)
    said = texts.saved_line(texts.shorten(hit.text, 150), whose, quote.note, kept)
    return Field(block.moment or texts.SAVED_UNTIMED, said, block.url)


def _choice(quote: SavedQuote, hit: Hit | None) -> Choice:
    label = texts.shorten(hit.text, 80) if hit else texts.SAVED_LOST
    detail = (hit_moment(hit) or "") if hit else ""
    return Choice(label, Action(label, "quotes show", given(id=quote.id)), detail)
