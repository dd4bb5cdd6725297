"""The requests that post and edit, made of a dressed post, and what their answers say. Nothing is asked for here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import discord
from discord.http import handle_message_parameters

from adapters.discord import reading
from adapters.discord.attempts import Answer
from adapters.discord.channels import Channel, of_payload
from adapters.discord.post_render import rendered_post, thread_name
from adapters.discord.refusals import refusal
from adapters.discord.rendered import Rendered
from adapters.discord.standings import PERSON
from bot import texts_places as texts
from bot.alert_ports import Outcome, Refused, Sent, Unclear
from bot.domain import Place
from bot.logs import get_logger

if TYPE_CHECKING:
    from discord.http import HTTPClient, MultipartParameters

    from bot.posts import Post

log = get_logger(__name__)

#: After so many minutes without a word a thread is put away: a week, the most there is.
ARCHIVED_AFTER_MIN: Final = 10080
Failed = Refused | Unclear
Make = Callable[["HTTPClient"], Awaitable[Any]]


def new_message(channel: Channel, post: Post, rendered: Rendered) -> Make:
    async def make(http: HTTPClient) -> Any:
        with _parameters(rendered, nonce=post.key or None) as params:
            return await http.send_message(int(channel.id), params=params)

    return make


def forum_post(channel: Channel, post: Post, rendered: Rendered, tags: Sequence[str]) -> Make:
    title = thread_name(post.thread.title if post.thread else post.title or post.unmentioned())
    made = {"name": title, "auto_archive_duration": ARCHIVED_AFTER_MIN, "applied_tags": list(tags)}

    async def make(http: HTTPClient) -> Any:
        with _parameters(rendered, channel_payload=made) as params:
            return await http.start_thread_in_forum(int(channel.id), params=params)

    return make


def edited_message(channel: str, message: str, rendered: Rendered) -> Make:
    async def make(http: HTTPClient) -> Any:
        with handle_message_parameters(**rendered.kwargs("edit")) as params:
            return await http.edit_message(int(channel), int(message), params=params)

    return make


def _parameters(rendered: Rendered, **more: Any) -> MultipartParameters:
    given = rendered.kwargs()
    flags = discord.MessageFlags(suppress_notifications=True) if given.pop("silent", False) else discord.utils.MISSING
    return handle_message_parameters(**given, flags=flags, **more)


def dressed(post: Post) -> Rendered | Refused:
    """A post that cannot be dressed is never sent: that is a fault of ours, and no unknown outcome."""
    try:
        return rendered_post(post)
    except Exception as error:
        log.error("a post could not be dressed", alert=post.key, exc_info=error)
        return Refused("invalid", texts.OUR_FAULT.format(why=type(error).__name__))


def forum_tags(channel: Channel, post: Post) -> list[str] | Refused:
    """The ids of a forum post's tags; Refused where the forum would not take it."""
    if not channel.is_forum:
        return []
    wanted = post.thread.tag if post.thread else ""
    if not wanted:
        # Of what is told to moderators nobody chose a tag: the first that is allowed will do.
        free = [one.id for one in channel.tags if not one.moderated] if channel.needs_tag and not post.thread else []
        return free[:1]
    tag = channel.tag(wanted)
    return [tag.id] if tag else Refused("forbidden", texts.no_such_tag(wanted, [one.name for one in channel.tags]))


# --- answers --------------------------------------------------------------------------------------------------


def done(answer: Answer | Failed, read: Callable[[Mapping[str, Any]], Sent]) -> Outcome:
    if not isinstance(answer, Answer):
        return answer
    if not answer.good:
        return refusal(answer)
    try:
        return read(answer.body)
    except (TypeError, KeyError, ValueError, AttributeError):
        return Unclear(texts.UNREADABLE_ANSWER)


def message_sent(body: Mapping[str, Any]) -> Sent:
    thread = body.get("thread") or {}
    return Sent(str(body["id"]), reading.at_of(body), str(thread.get("id") or ""))


def forum_sent(body: Mapping[str, Any]) -> Sent:
    """A thread, with its first message, which has its id."""
    thread = of_payload(body)
    message = body.get("message") or {"id": thread.id}
    return Sent(str(message["id"]), reading.at_of(message), thread.id)


def not_made(failed: Failed) -> Refused:
    """The look-up before a post failed: nothing was posted, whatever became of the look-up."""
    if isinstance(failed, Refused):
        return failed
    return Refused("busy", texts.NOT_LOOKED_UP.format(why=failed.reason))


def bad_ids(place: Place, *messages: str) -> Refused | None:
    bad = next((one for one in (place.channel, *messages) if not is_id(one)), None)
    if bad is None and (place.workspace.startswith(PERSON) or is_id(place.workspace)):
        return None
    return Refused("gone", texts.NO_ID.format(channel=(bad or place.workspace)[:50]))


def made_at(id: str) -> datetime:
    return discord.utils.snowflake_time(int(id))


def is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 20
