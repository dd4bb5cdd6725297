"""Words that members said in chat: whether they may be kept, where they may be seen, who may delete them.

Off unless a place turns it on; never in direct messages; whoever said never is left alone for all time.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot import texts_chat as said
from bot.domain import DEFAULT_COMMUNITY, ChatQuote, Person, Role
from bot.rules.ids import new_id
from bot.services.preferences import preference
from bot.texts import shorten

if TYPE_CHECKING:
    from bot.context import ChatMessage, Context

#: The member's choice that forbids it, in every community.
CHOICE, NEVER = "chat_quotes", "never"
#: How long a message that was offered to be kept is remembered for that.
OFFER = timedelta(minutes=15)
#: Characters of a message that are kept.
LONGEST = 2000


async def turned_on(ctx: Context) -> bool:
    """Whether words may be kept in this place."""
    return await preference(ctx.services.storage, ctx.community, ctx.place, "chat_quotes") == "on"


async def refusal(ctx: Context, author: Person, text: str, *, bot: bool = False) -> str:
    """Why these words are not kept here; empty when they may be."""
    if ctx.direct:
        return said.CHAT_NOT_IN_DIRECT
    if not await turned_on(ctx):
        return said.CHAT_OFF
    if bot:
        return said.CHAT_NO_BOTS
    if not text.strip():
        return said.CHAT_NO_WORDS
    return said.CHAT_NEVER if await opted_out(ctx, author) else ""


async def opted_out(ctx: Context, person: Person) -> bool:
    """Whether this person ever said so, in this community or for all of them."""
    storage = ctx.services.storage
    homes = dict.fromkeys((ctx.community, DEFAULT_COMMUNITY))
    return NEVER in [await storage.member_choice(home, person, CHOICE) for home in homes]


async def offered(ctx: Context, message: ChatMessage) -> str:
    """Remember a message for as long as it is offered to be kept; its id."""
    now = ctx.services.clock.now()
    text = shorten(message.text.strip(), LONGEST)
    quote = ChatQuote(
        new_id(), ctx.place, str(message.author), message.author.name, str(ctx.person), text, message.at, now,
        message.url, message.id,
    )  # fmt: skip
    await ctx.services.storage.offer_chat_quote(ctx.community, quote, now, now + OFFER)
    return quote.id


def author_of(quote: ChatQuote) -> Person:
    platform, _, id = quote.author.partition(":")
    return Person(platform, id, quote.author_name)


def may_delete(ctx: Context, quote: ChatQuote) -> bool:
    """Its author, whoever kept it, and moderators; in an answer that everybody sees it is nobody's own."""
    return not ctx.public and (str(ctx.person) in (quote.author, quote.keeper) or ctx.role >= Role.editor)


def may_see(ctx: Context, quote: ChatQuote) -> bool:
    """Only where it was said."""
    return not ctx.direct and quote.place == ctx.place
