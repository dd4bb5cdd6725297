"""``/quotes chat``: what members said here and others kept. Another kind than a show's quote, with another look; shown
only where it was said, and gone for good when its author says so."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from bot import texts
from bot import texts_chat as said
from bot.commands.answers import page_actions, page_note, pages_of
from bot.commands.declare import Arg, command
from bot.context import ChatMessage, Context
from bot.domain import DEFAULT_COMMUNITY, ChatQuote, Role
from bot.errors import NotAllowed, NotFound, UserError
from bot.logs import get_logger
from bot.reply import Action, Choice, Choices, Field, Link, Reply
from bot.rules.links import safe_url
from bot.services.chat_quotes import (
    CHOICE,
    NEVER,
    author_of,
    may_delete,
    may_see,
    offered,
    opted_out,
    refusal,
    turned_on,
)

log = get_logger(__name__)

PER_PAGE = 10
#: More than anybody turns pages for.
_MOST = 1000


@command("quotes chat", "What was said in chat here and kept, newest first")
async def list_chat(ctx: Context, page: Annotated[int, Arg("Which page", range=(1, 100))] = 1) -> Reply:
    if ctx.direct:
        raise UserError(said.CHAT_NOT_IN_DIRECT)
    on = await turned_on(ctx)
    kept = await ctx.services.storage.chat_quotes(ctx.community, place=ctx.place, limit=_MOST)
    # Turned off, nothing is shown but to those who may want to delete it.
    known = [one for one in kept if on or may_delete(ctx, one)]
    if not known:
        return Reply(said.CHAT_NONE if on else said.CHAT_OFF, title=said.CHAT_TITLE, outcome="listed")
    shown, pages = pages_of(known, page, PER_PAGE)
    return Reply(
        title=said.CHAT_TITLE,
        fields=tuple(_row(one) for one in shown),
        choices=Choices(said.CHAT_CHOOSE, tuple(_choice(one) for one in shown)),
        footer="\n".join(filter(None, (said.CHAT_FOOTER, page_note(page, pages)))),
        actions=page_actions("quotes chat", {}, page, more=page < pages),
        outcome="listed",
    )


@command("quotes said", "One thing that was said in chat", listed=False)
async def show_chat(ctx: Context, id: Annotated[str, Arg("Its id", length=(1, 40), rest=True)]) -> Reply:
    quote = await ctx.services.storage.chat_quote(ctx.community, id.strip().lower())
    if quote is None or not may_see(ctx, quote) or not (await turned_on(ctx) or may_delete(ctx, quote)):
        raise NotFound(said.CHAT_GONE)
    return Reply(
        title=said.CHAT_TITLE,
        fields=(_row(quote),),
        footer=said.CHAT_FOOTER,
        links=_links(quote),
        actions=(_delete(quote),) if may_delete(ctx, quote) else (),
        outcome="found",
    )


@command("quotes keep", "Keep what was said in chat", listed=False)
async def keep_chat(ctx: Context, id: Annotated[str, Arg("The offer's id", length=(1, 40), rest=True)]) -> Reply:
    storage, now = ctx.services.storage, ctx.services.clock.now()
    quote = await storage.chat_offer(ctx.community, id, now)
    if quote is None or quote.keeper != str(ctx.person) or not may_see(ctx, quote):
        raise NotFound(said.CHAT_OFFER_OVER)
    why = await refusal(ctx, author_of(quote), quote.text)
    await storage.drop_chat_quotes(ctx.community, id=quote.id)
    if why:
        raise UserError(why)
    if not await storage.keep_chat_quote(ctx.community, replace(quote, kept_at=now)):
        return Reply(said.CHAT_KEPT_ALREADY, outcome="same")
    return await _told(ctx, quote)


@command("quotes forget", "Delete what was said in chat and kept", listed=False)
async def forget_chat(ctx: Context, id: Annotated[str, Arg("Its id", length=(1, 40), rest=True)]) -> Reply:
    bare, who, storage = id.strip().lower(), str(ctx.person), ctx.services.storage
    quote = await storage.chat_quote(ctx.community, bare)
    # A direct message belongs to one community, and an author deletes what is theirs in any.
    if quote is None or quote.author == who:
        gone = await storage.drop_chat_quotes(None, id=bare, author=who)
        return Reply(said.CHAT_DELETED if gone else said.CHAT_GONE, outcome="done" if gone else "not_found")
    if not may_delete(ctx, quote):
        if not may_see(ctx, quote):
            raise NotFound(said.CHAT_GONE)
        raise NotAllowed(said.CHAT_NOT_YOURS, Role.editor)
    await storage.drop_chat_quotes(ctx.community, id=bare)
    return Reply(said.CHAT_DELETED)


@command("quotes never", "Never keep what you write in chat, and delete what was kept", example="")
async def never_chat(ctx: Context, again: Annotated[bool, Arg("Allow it again after all")] = False) -> Reply:
    storage = ctx.services.storage
    homes = dict.fromkeys((ctx.community, DEFAULT_COMMUNITY))
    before = await opted_out(ctx, ctx.person)
    for home in homes:
        await storage.choose(home, ctx.person, CHOICE, None if again else NEVER)
    if again:
        return Reply(said.CHAT_AGAIN, outcome="done" if before else "same")
    gone = await storage.drop_chat_quotes(None, author=str(ctx.person))
    return Reply(said.never_again(gone), outcome="same" if before and not gone else "done")


async def offer(ctx: Context, message: ChatMessage) -> tuple[str, tuple[Action, ...]]:
    """What to say beside "that is no line": that the words can be kept as what they are, or why not."""
    if not await turned_on(ctx):
        return "", ()
    why = await refusal(ctx, message.author, message.text, bot=message.bot)
    if why:
        return why, ()
    return said.CHAT_OFFER, (Action(said.KEEP_CHAT, "quotes keep", {"id": await offered(ctx, message)}),)


# --- telling its author -------------------------------------------------------------------------------------------


async def _told(ctx: Context, quote: ChatQuote) -> Reply:
    """Never in silence: its author hears of it directly, else everybody here does."""
    own = (_delete(quote),)
    if quote.author == quote.keeper:
        return Reply(said.CHAT_KEPT, actions=own)
    notice = Reply(
        said.chat_told(ctx.person.name, quote.author_name),
        fields=(_row(quote),),
        links=_links(quote),
        actions=(_delete(quote), Action(said.NEVER_KEEP, "quotes never", style="danger")),
    )
    if await _reached(ctx, quote, notice):
        return Reply(said.chat_kept_and_told(quote.author_name), actions=own)
    return Reply(
        said.chat_told_here(ctx.person.name, quote.author_name),
        fields=notice.fields,
        footer=said.CHAT_FOOTER,
        links=notice.links,
        actions=notice.actions,
        private=False,
    )


async def _reached(ctx: Context, quote: ChatQuote, notice: Reply) -> bool:
    try:
        return await ctx.tell(author_of(quote), notice)
    except Exception as error:  # whatever went wrong there: then they are told here
        log.warning("an author could not be told", error=type(error).__name__, request_id=ctx.request_id)
        return False


# --- how it looks -------------------------------------------------------------------------------------------------


def _row(quote: ChatQuote) -> Field:
    return Field(said.said_by(quote.author_name, quote.said_at), texts.shorten(quote.text, 500), safe_url(quote.url))


def _links(quote: ChatQuote) -> tuple[Link, ...]:
    url = safe_url(quote.url)
    return (Link(said.THE_MESSAGE, url),) if url else ()


def _delete(quote: ChatQuote) -> Action:
    return Action(said.DELETE_CHAT, "quotes forget", {"id": quote.id}, style="danger")


def _choice(quote: ChatQuote) -> Choice:
    label = texts.shorten(quote.text, 80)
    detail = said.said_by(quote.author_name, quote.said_at)
    return Choice(label, Action(label, "quotes said", {"id": quote.id}), texts.shorten(detail, 80))
