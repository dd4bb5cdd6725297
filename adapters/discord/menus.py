"""A message's menu: the words of a message become a command's free words. Which commands are there, and what they do
with the words, is the core's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from adapters.discord.answering import answer
from adapters.discord.contexts import person_of
from bot import texts_commands
from bot.commands.declare import TEXT_LENGTH, Command
from bot.commands.dispatch import dispatch
from bot.context import ChatMessage, Context
from bot.plain import clean_line
from bot.reply import Action, Reply

if TYPE_CHECKING:
    from bot.services import Services

#: More is read of no message: Discord's own limit is 4,000 characters.
LONGEST = 4000


def menu(
    command: Command,
    services: Services,
    *,
    contexts: app_commands.AppCommandContext,
    installs: app_commands.AppInstallationType,
) -> app_commands.ContextMenu:
    """The command's entry in the menu of messages."""

    async def callback(interaction: discord.Interaction, message: discord.Message) -> None:
        await _chosen(command, services, interaction, message)

    return app_commands.ContextMenu(
        name=command.menu, callback=callback, allowed_contexts=contexts, allowed_installs=installs
    )


async def _chosen(
    command: Command, services: Services, interaction: discord.Interaction[Any], message: discord.Message
) -> None:
    rest = command.rest
    assert rest is not None  # the declaration saw to it
    ours = message.author == interaction.client.user
    text = quoted_words(_shown(message)) if ours else plain_words(_content(message))
    words = at_a_word(text, (rest.arg.length or (0, TEXT_LENGTH))[1])

    async def work(ctx: Context) -> Reply:
        if not words:
            said = texts_commands.NO_QUOTE_OF_MINE if ours else texts_commands.NO_WORDS
            return Reply(said, outcome="user_error")
        return await dispatch(command, ctx, {rest.name: words})

    about = chat_message(message, text)
    again = Action(texts_commands.GO_ON, command.name, {rest.name: words})
    await answer(interaction, services, work, private=command.private, message=about, again=again)


def chat_message(message: discord.Message, text: str) -> ChatMessage:
    """The message as the core knows it; ``text`` is what it says, without mark-up."""
    return ChatMessage(
        str(message.id),
        text,
        person_of(message.author),
        message.created_at,
        url=message.jump_url,
        bot=message.author.bot or message.webhook_id is not None,
    )


def _content(message: discord.Message) -> str:
    """What was written; of a forwarded message what was written there."""
    forwarded = (one.content for one in message.message_snapshots)
    return next(filter(None, (message.content, *forwarded)), "")


def _shown(message: discord.Message) -> str:
    """What a message of ours shows: a quote stands in its content, a post's highlight in its embed."""
    return "\n".join([message.content, *(one.description or "" for one in message.embeds)])


# --- what a message says ----------------------------------------------------------------------------

_SPOILER = re.compile(r"\|\|.*?\|\|", re.DOTALL)
#: People, roles, channels, commands, times, places to go, custom emoji.
_MENTION = re.compile(
    r"<(?:@[!&]?\d+|#\d+|/[^<>:\n]{1,100}:\d+|t:-?\d+(?::\w)?|id:\w+|a?:\w+:\d+)>|@(?:everyone|here)\b"
)
_MASKED = re.compile(r"\[([^\[\]\n]*)\]\(<?https?://[^\s()<>]*>?(?: \"[^\"\n]*\")?\)")
_ADDRESS = re.compile(r"<?https?://[^\s<>]+>?")
_FENCE = re.compile(r"```(?:[\w+-]*\n)?")
_LINE_START = re.compile(r"^[ \t]*(?:(?:>>>|>|#{1,3}|-#|[-*])[ \t]+)+", re.MULTILINE)
_MARKS = re.compile(r"(?<!\\)(?:\*{1,3}|__|~~|`{1,2})")
#: A single underscore is mark-up only around words: snake_case stays.
_UNDERSCORE = re.compile(r"(?<![\w\\])_(?=\S)|(?<=\S)(?<!\\)_(?!\w)")
_ESCAPE = re.compile(r"\\([^\w\s])")


def plain_words(content: str) -> str:
    """What a message says, on one line: no mentions, mark-up, custom emoji or addresses, nothing behind a spoiler. A
    message that is nothing but one address is that address."""
    text = _MENTION.sub(" ", _SPOILER.sub(" ", content[:LONGEST]))
    text = _MASKED.sub(r"\1", text)
    addresses = [one.strip("<>") for one in _ADDRESS.findall(text)]
    text = _ADDRESS.sub(" ", text)
    text = _LINE_START.sub("", _FENCE.sub(" ", text))
    text = _ESCAPE.sub(r"\1", _UNDERSCORE.sub("", _MARKS.sub("", text)))
    text = clean_line(text)
    return text or (addresses[0] if len(addresses) == 1 else "")


#: How ``render`` and ``post_render`` show a quote: a block in quotation marks, and below whose words they are.
_QUOTED = re.compile(r"^> “(.*?)”\n— ", re.MULTILINE | re.DOTALL)


def quoted_words(shown: str) -> str:
    """The words of the first quote that a message of ours shows; empty when it shows none."""
    found = _QUOTED.search(shown)
    return plain_words(found[1]) if found else ""


def at_a_word(text: str, most: int) -> str:
    """As many whole words as fit; a single long one is cut."""
    if len(text) <= most:
        return text
    head = text[:most]
    return (head if text[most].isspace() else head.rpartition(" ")[0] or head).strip()
