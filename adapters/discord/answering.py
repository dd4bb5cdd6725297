"""One interaction, one answer: directly within two seconds, else deferred; private or public as the answer asks. What
an answer says or looks like is not decided here.

Discord gives 3 s for the first response and 15 minutes for the rest. A deferred answer keeps the privacy that it was
deferred with (discord-api-docs #2735), so one of the other kind takes the placeholder away and is a new message.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import aiohttp
import discord

from adapters.discord import codes, contexts, layouts, limits
from adapters.discord.escape import marked
from adapters.discord.limits import fitted
from adapters.discord.modals import Asked, modal_of
from adapters.discord.render import Rendered, rendered
from bot import texts
from bot import texts_messages as said
from bot.domain import CommunityId
from bot.errors import PullquoteError
from bot.logs import get_logger
from bot.reply import Action, Reply
from bot.rules.ids import new_id

if TYPE_CHECKING:
    from bot.context import ChatMessage, Context
    from bot.services import Services

log = get_logger(__name__)

Work = Callable[["Context"], Awaitable[Reply]]

#: Seconds after which an answer is deferred, and between two edits of what is said meanwhile.
ANSWER_WITHIN_S, EDIT_EVERY_S = 2.0, 2.0
#: What discord.py raises when Discord or the way to it says no.
_NO = (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError)
#: "Unknown Message": somebody was faster. "Invalid Form Body": our fault. "Interaction has already been acknowledged".
_UNKNOWN_MESSAGE, _INVALID, _ANSWERED = 10008, 50035, 40060


async def answer(
    interaction: discord.Interaction,
    services: Services,
    work: Work,
    *,
    private: bool,
    message: ChatMessage | None = None,
    turn: bool = False,
    again: Action | str | None = None,
) -> None:
    """Run ``work`` in the interaction's Context and show its reply.

    ``private``: what the answer is deferred with. ``turn``: it takes the place of the message that was pressed, where
    only who pressed sees that and it stays the same kind of message. ``again`` (an action or a code) opens a form that
    comes too late to be opened directly. Nothing but cancellation escapes; what Discord refuses is one log line.
    """
    asked = _Asked(interaction, services, private and not in_own_dm(interaction), turn and seen_alone(interaction))
    asked.again = again
    task = asyncio.create_task(asked.made(work, message))
    try:
        done, _ = await asyncio.wait({task}, timeout=ANSWER_WITHIN_S)
        if not done:
            await asked.defer()
        await task
        await asked.show()
    except _NO as error:
        _refused(interaction, error)
        await task  # what was asked for is done, though nobody can be told
    except Exception as error:
        log.error("answer not shown", exc_info=error)
    finally:
        task.cancel()


def in_own_dm(interaction: discord.Interaction) -> bool:
    """Whether this is the direct conversation with the bot: everything is private there, and stays."""
    return interaction.guild_id is None and interaction.context.dm_channel


def seen_alone(interaction: discord.Interaction) -> bool:
    """Whether only who pressed sees the message that was pressed."""
    message = interaction.message
    return message is not None and (message.flags.ephemeral or in_own_dm(interaction))


def own_message(interaction: discord.Interaction) -> bool:
    """Whether the message that was pressed answered this person, or nothing was pressed."""
    message = interaction.message
    if message is None or seen_alone(interaction):
        return True
    asked = message.interaction_metadata
    return asked is not None and asked.user.id == interaction.user.id


@dataclass(slots=True)
class _Asked:
    """One interaction on its way. ``hidden``: what it is deferred with; ``turns``: it may be answered in place."""

    interaction: discord.Interaction
    services: Services
    hidden: bool
    turns: bool
    again: Action | str | None = None
    reply: Reply = field(default_factory=Reply)
    community: CommunityId = CommunityId("")
    shown: Rendered | Asked = field(default_factory=Rendered)
    #: What work says that it is doing, and when that was shown last.
    doing: str = ""
    told_at: float = float("-inf")
    #: A placeholder is there, to be filled.
    waiting: bool = False

    # -- the work

    async def made(self, work: Work, message: ChatMessage | None) -> None:
        """Run the work and dress its reply; every error becomes a reply."""
        reference = new_id()
        try:
            ctx = await contexts.of_interaction(self.interaction, self.services, message)
            reference, self.community = ctx.request_id, ctx.community
            self.reply = await work(replace(ctx, progress=self.progress))
            await self.dress()
        except PullquoteError as error:
            await self.failed(str(error), "user_error")
        except Exception as error:
            log.error("answer failed", request_id=reference, exc_info=error)
            await self.failed(texts.failed(reference), "failed")

    async def dress(self) -> None:
        form = self.reply.form
        if form is None:
            self.shown = await rendered(self.reply, self.services, self.community)
        elif self._may_open_form():
            self.shown = await modal_of(form, self.services, self.community)
        else:
            self.shown = await self._way_to_form()

    async def failed(self, text: str, outcome: str) -> None:
        self.reply = Reply(text, outcome=outcome)
        self.shown = await rendered(self.reply, self.services, self.community)

    async def progress(self, text: str) -> None:
        """Show what is being done, while something waits for the answer; at most one edit in two seconds."""
        self.doing = text
        now = asyncio.get_running_loop().time()
        if not self.waiting or now - self.told_at < EDIT_EVERY_S:
            return
        self.told_at = now
        try:
            content = fitted(text, limits.CONTENT, marked)
            await self.interaction.edit_original_response(
                content=content, allowed_mentions=discord.AllowedMentions.none()
            )
        except _NO as error:
            log.debug("progress not shown", error=str(error))

    # -- the first response, when the answer is not there yet

    async def defer(self) -> None:
        """A placeholder, or nothing to be seen where a page is turned."""
        if self.interaction.response.is_done():
            return
        if self.turns:
            await self.interaction.response.defer()
            return
        await self.interaction.response.defer(thinking=True, ephemeral=self.hidden)
        self.waiting = True
        if self.doing:
            await self.progress(self.doing)

    # -- the answer

    async def show(self) -> None:
        if isinstance(self.shown, Asked) and self.interaction.response.is_done():
            await self.dress()  # the form came too late to be opened
        if self.reply.remove:
            await self._remove()
        if isinstance(self.shown, Asked):
            await self.interaction.response.send_modal(self.shown)
            return
        try:
            await self._send(self.shown)
        except discord.HTTPException as error:
            if error.code != _INVALID:
                raise
            # The limits are ours to keep, and still an answer without its dress is better than none.
            log.error("message not accepted", error=str(error))
            await self._send(Rendered(fitted(self.reply.plain(), limits.CONTENT, marked) or said.NOT_SENT))

    async def _send(self, shown: Rendered) -> None:
        response, hidden = self.interaction.response, self._hides()
        if self.turns and self._takes_place(shown):
            await self._in_place(shown)
        elif not response.is_done():
            await self._first(shown, hidden)
        elif self.waiting and hidden == self.hidden:
            await self.interaction.edit_original_response(**shown.kwargs("edit"))
        else:
            await self._beside_placeholder(shown, hidden)

    async def _first(self, shown: Rendered, hidden: bool) -> None:
        """The direct answer; one that the network swallowed is sent once more, which Discord refuses if it had come."""
        send = self.interaction.response.send_message
        try:
            await send(**shown.kwargs("send"), ephemeral=hidden)
        except (aiohttp.ClientError, OSError):
            try:
                await send(**shown.kwargs("send"), ephemeral=hidden)
            except discord.HTTPException as error:
                if error.code != _ANSWERED:
                    raise

    def _hides(self) -> bool:
        return self.reply.private and not in_own_dm(self.interaction)

    def _takes_place(self, shown: Rendered) -> bool:
        """An answer with something in it, of the same kind: what went wrong is said beside what was there."""
        message, reply = self.interaction.message, self.reply
        if message is None or self._hides() != message.flags.ephemeral:
            return False
        says = bool(reply.quotes or reply.fields or reply.title)
        return says and message.flags.components_v2 == shown.layout

    async def _in_place(self, shown: Rendered) -> None:
        if self.interaction.response.is_done():
            await self.interaction.edit_original_response(**shown.kwargs("edit"))
        else:
            await self.interaction.response.edit_message(**shown.kwargs("edit"))

    async def _beside_placeholder(self, shown: Rendered, hidden: bool) -> None:
        """A message of its own. The first follow-up always fills the placeholder (discord-api-docs #2866), so something
        harmless does, and is taken away at the end."""
        placeholder, self.waiting = self.waiting, False
        if placeholder:
            await self.interaction.edit_original_response(content=said.ANSWERED)
        await self.interaction.followup.send(**shown.kwargs("send"), ephemeral=hidden)
        if placeholder:
            with suppress(discord.NotFound):
                await self.interaction.delete_original_response()

    # -- forms that cannot be opened

    def _may_open_form(self) -> bool:
        """A form opens as a first response only, and none opens another."""
        done = self.interaction.response.is_done()
        return not done and self.interaction.type is not discord.InteractionType.modal_submit

    async def _way_to_form(self) -> Rendered:
        form = self.reply.form
        assert form is not None
        again = self.again or Action(form.title, form.command, form.args)
        code = again if isinstance(again, str) else await codes.code_of(again, self.services, self.community)
        [row], _ = layouts.rows(layouts.Pressables(buttons=(layouts.Button(said.OPEN_FORM, code, "primary"),)))
        return Rendered(marked(self.reply.text) or said.PRESS_FOR_FORM, components=(row,))

    # -- taking a message away

    async def _remove(self) -> None:
        """The message that was pressed, also where the bot is in the server only by its user."""
        message = self.interaction.message
        if message is None or not _stands_on(message, self.interaction.data):
            return
        try:
            if self.interaction.response.is_done():
                await message.delete()
            else:
                await self.interaction.response.defer()
                await self.interaction.delete_original_response()
        except discord.HTTPException as error:
            if error.code == _UNKNOWN_MESSAGE:
                return
            log.info("message not removed", error=str(error))
            self.reply = replace(self.reply, text=f"{self.reply.text}\n{said.NOT_REMOVED}".strip())
            await self.dress()


def _stands_on(message: discord.Message, data: object) -> bool:
    """Whether what was pressed is on that message: a client may send any custom_id for any message of ours, and not
    every server looks."""
    pressed = codes.bare_code(codes.pressed_code(data))[0] if isinstance(data, dict) else ""
    return pressed in codes.codes_in([one.to_dict() for one in message.components])


def _refused(interaction: discord.Interaction, error: BaseException) -> None:
    """One line: too late (10062), answered already (40060), not allowed (50013), no connection."""
    known: dict[str, Any] = {"code": error.code} if isinstance(error, discord.HTTPException) else {}
    kind = interaction.type.name
    log.warning("answer not shown", kind=kind, error=f"{type(error).__name__}: {error}"[:300], **known)
