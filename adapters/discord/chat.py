"""Words in chat: a mention, a direct message or a reply to a message of ours becomes words for the core, and the answer
a reply that pings nobody. Other bots are never answered; a flood of words does not become a flood of answers."""

from __future__ import annotations

import asyncio
import re
from collections import deque
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import discord

from adapters.discord import contexts, gateway
from adapters.discord.codes import codes_in
from adapters.discord.rendered import Rendered
from bot import texts, texts_discord, texts_messages
from bot.commands.words import Worded, dispatch_words
from bot.domain import DEFAULT_COMMUNITY, Role
from bot.errors import PullquoteError
from bot.logs import get_logger
from bot.reply import Action, Reply
from bot.services.roles import role_of

if TYPE_CHECKING:
    from bot.commands.declare import Command
    from bot.context import Context
    from bot.services import Services

log = get_logger(__name__)

#: So many answers in so long for one person, and in one channel whoever asks there.
EACH, EVERYBODY, WITHIN = 5, 10, timedelta(seconds=20)
#: Beyond so many, askers and channels are forgotten whose answers do not count any more.
MOST = 1000
#: An answer that takes longer than this is announced by the typing indicator, which Discord shows for 10 s.
SLOW_S, TYPING_S = 0.7, 8.0
#: The words of a message; more than a person types, and what people with Nitro may send.
LONGEST = 4000
#: A line is found for any few words; in a reply to a message of ours people talk to each other too.
_FEW = 4


async def heard(client: discord.Client, message: discord.Message, services: Services, pace: Pace) -> None:
    """Answer a message that is for the bot; any other is left alone."""
    if message.author.bot or message.webhook_id or message.is_system() or client.user is None:
        return
    replied = _ours(client, message)
    words, called = _words(client.user.id, message)
    if not (called or message.guild is None or replied):
        return
    allowed = pace.allows(message.author.id, message.channel.id, message.created_at)
    if allowed:
        try:
            await _answer(message, services, words, replied, sure=called or message.guild is None)
        except PullquoteError as error:  # storage, before the core was asked or after it answered
            log.warning("words could not be answered", error=str(error))
            await _say(message, Rendered(texts.failed(str(message.id))))
    elif allowed is None and called:
        await _say(message, Rendered(texts_discord.TOO_MANY))


class Pace:
    """How much is answered: by the time that messages carry."""

    def __init__(self) -> None:
        self._times: dict[int, deque[datetime]] = {}
        self._told: dict[int, datetime] = {}

    def allows(self, person: int, channel: int, at: datetime) -> bool | None:
        """Whether this one is answered. None: it is not, and the person is told so, which happens once in a while."""
        if len(self._times) > MOST:
            self._forget(at)
        mine, ours = self._recent(person, at), self._recent(channel, at)
        if len(mine) < EACH and len(ours) < EVERYBODY:
            mine.append(at)
            ours.append(at)
            return True
        if len(ours) >= EVERYBODY or at - self._told.get(person, at - 2 * WITHIN) < WITHIN:
            return False
        self._told[person] = at
        return None

    def _recent(self, id: int, at: datetime) -> deque[datetime]:
        times = self._times.setdefault(id, deque())
        while times and at - times[0] > WITHIN:
            times.popleft()
        return times

    def _forget(self, at: datetime) -> None:
        self._times = {id: times for id, times in self._times.items() if times and at - times[-1] <= WITHIN}
        self._told = {id: then for id, then in self._told.items() if at - then <= WITHIN}


# --- what was said ------------------------------------------------------------------------------------


def _words(me: int, message: discord.Message) -> tuple[str, bool]:
    """The words without our mention, and whether it was among them."""
    words, count = re.subn(rf"<@!?{me}>", " ", message.content[:LONGEST])
    return " ".join(words.split()).strip(" ,:;-–—"), count > 0


def _ours(client: discord.Client, message: discord.Message) -> discord.Message | None:
    """The message of ours that this one replies to."""
    reference = message.reference
    resolved = reference.resolved if reference is not None else None
    if isinstance(resolved, discord.Message) and client.user is not None and resolved.author.id == client.user.id:
        return resolved
    return None


# --- the answer ---------------------------------------------------------------------------------------


async def _answer(
    message: discord.Message, services: Services, words: str, replied: discord.Message | None, *, sure: bool
) -> None:
    codes = tuple(codes_in([one.to_dict() for one in replied.components])) if replied else ()
    ctx = await contexts.of_message(message, services, codes=codes)
    worded = await _typing_when_slow(message, dispatch_words(services.registry, ctx, words))
    if not sure and _is_talk(worded, words):
        return
    reply = _opened(worded.reply)
    if ctx.public and worded.command is not None and worded.command.moderator and reply.outcome != "not_allowed":
        told = await ctx.tell(ctx.person, await _of_use_there(reply, worded.command, ctx))
        reply = Reply(texts_discord.ANSWERED_DIRECTLY if told else texts_discord.CANNOT_WRITE_TO_YOU)
    from adapters.discord.render import rendered

    await _say(message, await rendered(reply, services, ctx.community))
    log.debug("words answered", outcome=worded.reply.outcome, request_id=ctx.request_id)


def _opened(reply: Reply) -> Reply:
    """A form opens where something is pressed: below words stands what opens it."""
    if reply.form is None:
        return reply
    opens = Action(texts_messages.OPEN_FORM, reply.form.command, reply.form.args, "primary")
    return replace(reply, form=None, text=reply.text or reply.form.title, actions=(opens, *reply.actions))


async def _of_use_there(reply: Reply, command: Command, ctx: Context) -> Reply:
    """What can be pressed in a direct message: a server's rights and its community end there, grants hold."""
    granted = await role_of(ctx.services.storage, DEFAULT_COMMUNITY, ctx.person, frozenset(), Role.member)
    if ctx.community == DEFAULT_COMMUNITY and granted >= command.role:
        return reply
    return replace(reply, actions=(), choices=None)


def _is_talk(worded: Worded, words: str) -> bool:
    """Whether words in a reply to us are rather for the others: they ask for nothing and find no line."""
    if worded.asked:
        return worded.small_talk
    return worded.reply.outcome != "found" or len(words.split()) < _FEW


async def _typing_when_slow(message: discord.Message, work: Any) -> Worded:
    task: asyncio.Task[Worded] = asyncio.create_task(work)
    try:
        done, _ = await asyncio.wait({task}, timeout=SLOW_S)
        while not done:
            await _type(message)
            done, _ = await asyncio.wait({task}, timeout=TYPING_S)
        return task.result()
    finally:
        task.cancel()


async def _type(message: discord.Message) -> None:
    try:
        await message.channel.typing()
    except (discord.HTTPException, *gateway.LOST):
        log.debug("no typing indicator")


async def _say(message: discord.Message, shown: Rendered) -> None:
    """Below the message, without a ping. Whoever took the question back hears nothing; and an answer that hung below
    nothing would pass for a post, since its buttons may carry a post's key (``reading.found_in``). What the network
    swallows is said again: the nonce makes one answer of both."""
    for again in (True, False):
        try:
            await message.channel.send(
                **shown.kwargs("send"), reference=message.to_reference(), mention_author=False, nonce=str(message.id)
            )
            return
        except (discord.HTTPException, *gateway.LOST) as error:
            if again and isinstance(error, gateway.LOST):
                continue
            log.info("words could not be answered", channel=str(message.channel.id), error=str(error))
            return
