"""Words in chat: a mention's, a direct message's or a reply's text to a command and its answer.

The name of a command wins, then a phrasing that is surely one (``bot.rules.asked``); anything else is a quote's words.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot import texts, texts_chat
from bot.commands.declare import PREFIX, Command
from bot.commands.dispatch import dispatch, dispatch_line
from bot.commands.grammar import MAX_CHARACTERS, Words, find_command, parse_args, pieces
from bot.commands.registry import Registry
from bot.context import Context
from bot.domain import Alias, Role
from bot.errors import NotFound, PullquoteError, UserError
from bot.reply import Action, Reply
from bot.rules.words import tokens
from bot.services.quotes import Ask

#: Options that may stand beside words, as in the text grammar.
_OPTIONS = {"show", "episode", "speaker", "page", "chapter"}
#: What ``quote`` takes.
_MOST = 500
#: Names that people type although no list shows them; what else is unlisted stands behind buttons.
_TYPED = frozenset(("help", "about", "privacy", "claim", "link", "app"))
#: What people say more around than the arguments.
_SAID = frozenset(("chapter", "chapters", "episode"))
#: After a one-word name of a moderators' command: more words are a sentence that begins with it ("why", "post").
_ARGUMENTS = 3
#: A text of fewer words is no line by itself.
_LINE = 4

Raw = dict[str, str]

# The phrasings are read when somebody uses words: a program that is asked one command never needs them.
if TYPE_CHECKING:
    from bot.rules.asked import Asked


@dataclass(frozen=True, slots=True)
class _Found:
    """A command with its arguments as typed; ``nobody``: a name that is no speaker's here; ``instead``: a quote's
    words that are looked for where the command finds nothing."""

    command: Command
    raw: Raw
    nobody: str = ""
    instead: str = ""
    asked: bool = True
    small_talk: bool = False


@dataclass(frozen=True, slots=True)
class Worded:
    """The answer to words, and the command that gave it; None where none was asked for, or none is called so.

    ``asked``: the words named a command or were surely a question, not any words that may be said to anybody.
    ``small_talk``: greetings and thanks alone, answered with help."""

    reply: Reply
    command: Command | None = None
    asked: bool = True
    small_talk: bool = False


async def dispatch_words(registry: Registry, ctx: Context, text: str) -> Worded:
    """Answer what somebody wrote to the bot, its own mention taken off. Always a reply.

    A moderators' command answers for who asked alone, wherever they are reached: as in a direct message.
    """
    bare = text.strip()
    if not bare:
        return Worded(how_to_ask())
    called = _called(bare)
    try:
        found = _by_name(registry, ctx, called, explicit=called != bare)
        if found is None and bare.startswith("/") and called == bare.lstrip("/ "):
            return await _as_line(registry, ctx, bare)  # "/word" is meant as a command, whichever
        found = found or await _by_meaning(registry, ctx, called)
    except UserError:
        return await _as_line(registry, ctx, called)  # the grammar says what is wrong
    except PullquoteError as error:
        return Worded(Reply(str(error), outcome="failed"))
    reply = await dispatch(found.command, _asked_by(ctx, found.command), found.raw)
    if found.instead and reply.outcome == "not_found":
        return await _said_instead(registry, ctx, found, reply)
    if found.nobody and reply.quotes:
        reply = replace(reply, text="\n".join(filter(None, (texts_chat.nobody_called(found.nobody), reply.text))))
    return Worded(reply, found.command, found.asked, found.small_talk)


async def _said_instead(registry: Registry, ctx: Context, found: _Found, reply: Reply) -> Worded:
    """No episode is called so; a line that says it is the next best answer, if there is one."""
    quote = _found(registry, "quote", {"words": found.instead}).command
    said = await dispatch(quote, ctx, {"words": found.instead})
    if said.outcome != "found":
        return Worded(reply, found.command)
    text = "\n".join(filter(None, (texts_chat.no_episode_called(found.instead), said.text)))
    return Worded(replace(said, text=text), quote)


def how_to_ask() -> Reply:
    """What may be written, for whoever wrote nothing."""
    actions = (Action(texts_chat.HELP, "help"), Action(texts_chat.SHOWS, "shows"))
    return Reply(texts_chat.HOW_TO_ASK, actions=actions, outcome="usage")


def _called(text: str) -> str:
    """The text without ``/`` or ``pullquote``, which only say that a command follows."""
    bare = text.removeprefix("/").lstrip()
    first, _, rest = bare.partition(" ")
    return rest.strip() if first.lower().rstrip(",:") == PREFIX and rest.strip() else bare


def _asked_by(ctx: Context, command: Command) -> Context:
    return replace(ctx, public=False, direct=True) if command.moderator and ctx.public else ctx


async def _as_line(registry: Registry, ctx: Context, line: str) -> Worded:
    try:
        command, _ = find_command(line, registry, ctx.role)
    except NotFound:
        return Worded(await dispatch_line(registry, ctx, line))
    return Worded(await dispatch_line(registry, _asked_by(ctx, command), line), command)


# --- the name of a command ----------------------------------------------------------------------------------------


def _by_name(registry: Registry, ctx: Context, text: str, *, explicit: bool) -> _Found | None:
    """The command that a text begins with, unless that is a word like any other there. ``explicit``: it was written
    as a command is; then UserErrors tell what is wrong with it."""
    if len(text) > MAX_CHARACTERS:
        raise UserError("")
    try:
        command, rest = find_command(text, registry, ctx.role)
    except NotFound:
        return None
    if explicit or len(command.words) == 2:
        return _Found(command, _worded(command, text, rest) or parse_args(command, rest))
    try:
        raw = parse_args(command, rest)
    except UserError:
        return None
    return _Found(command, raw) if _is_meant(ctx, command, raw) else None


def _worded(command: Command, *texts: str) -> Raw | None:
    """``/chapters of the latest episode``: the arguments as people say them, where that is a phrasing too."""
    if command.name not in _SAID:
        return None
    from bot.rules.asked import meant

    for asked in filter(None, map(meant, texts)):
        if asked.command in (command.name, "episode") and all(command.param(name) for name in asked.args):
            return dict(asked.args)
    return None


def _is_meant(ctx: Context, command: Command, raw: Raw) -> bool:
    """Whether a one-word name is surely the command: it stands alone, or its arguments look like some."""
    free = raw.get(command.rest.name, "") if command.rest else ""
    if not command.moderator:
        if command.name == "help":
            return not free or ctx.services.registry.get(free.lower()) is not None
        return command.name in _TYPED and len(free.split()) <= _ARGUMENTS and not free.endswith("?")
    if not free:
        return not raw or ctx.role >= command.role
    return ctx.role >= command.role and (len(raw) > 1 or (len(free.split()) <= _ARGUMENTS and not free.endswith("?")))


# --- what was meant -----------------------------------------------------------------------------------------------


async def _by_meaning(registry: Registry, ctx: Context, text: str) -> _Found:
    from bot.rules.asked import Asked, meant
    from bot.rules.asked_parts import polite, unquoted

    options, words = _options(text)
    asked = meant(words)
    if asked is None:
        named = _members(registry, text)
        return named or replace(_found(registry, "quote", {"words": _cut(unquoted(words)), **options}), asked=False)
    nobody = ""
    if asked.speaker:
        asked, nobody = await _spoken(ctx, asked, words)
    if asked.line and not asked.speaker and await _was_said(ctx, words):
        asked, nobody = Asked("quote", {"words": _cut(words)}), ""
    speaker = {"speaker": asked.speaker} if asked.speaker else {}
    raw = await _counted(ctx, {**asked.args, **speaker, **options})
    found = _found(registry, asked.command, raw, nobody, asked.else_words)
    return replace(found, small_talk=not polite(words).words)


def _found(registry: Registry, name: str, raw: Raw, nobody: str = "", instead: str = "") -> _Found:
    command = registry.get(name)
    if command is None:
        raise NotFound(texts.no_such_command(name))
    return _Found(command, raw, nobody, instead)


def _options(text: str) -> tuple[Raw, str]:
    """``show:…`` and the like, and the words without them; words in quotes keep those."""
    found = list(pieces(text, _OPTIONS))
    raw = {one.name: one.value for one in found if not isinstance(one, Words)}
    return raw, " ".join(one.text for one in found if isinstance(one, Words)) if raw else text


def _members(registry: Registry, text: str) -> _Found | None:
    """``quote …``, ``chapter …``, ``episode …`` as in the text grammar."""
    try:
        command, rest = find_command(text, registry, Role.member)
        raw = parse_args(command, rest)
    except UserError:
        return None
    listed = command.listed and not command.moderator and command.rest is not None
    return _Found(command, raw) if listed else None


async def _spoken(ctx: Context, asked: Asked, words: str) -> tuple[Asked, str]:
    """A name that is a speaker's here narrows the search to them; another one is a word like any other, and told."""
    from bot.rules.asked import Asked

    if await _is_speaker(ctx, asked.speaker, exactly=asked.speaking == "perhaps"):
        return asked, ""
    if asked.speaking == "perhaps" or "words" not in asked.args or await _was_said(ctx, words):
        return Asked("quote", {"words": _cut(words)}), ""
    return replace(asked, speaker="", line=False), asked.speaker


async def _is_speaker(ctx: Context, name: str, *, exactly: bool) -> bool:
    from bot.rules.names import meant as named

    speakers = await ctx.services.storage.speakers(ctx.viewer)
    names = [one.name for one in speakers if one.name]
    records = await ctx.services.storage.records(ctx.community, "alias")
    aliases = [(one.label, one.name) for one in records if isinstance(one, Alias)]
    found = named(name, names, aliases)
    known = {word for one in [*found, *(label for label, _ in aliases)] for word in tokens(one)}
    return bool(found) and (not exactly or set(tokens(name)) <= known)


async def _was_said(ctx: Context, words: str) -> bool:
    """Whether the whole text is a line, word for word, that merely sounds like a question."""
    if len(tokens(words)) < _LINE:
        return False
    found = await ctx.services.quotes.find(ctx.viewer, Ask(_cut(words), limit=1))
    return found.fits and found.hits[0].confidence == "exact"


def _cut(words: str) -> str:
    """As many words as ``quote`` takes: of a pasted page the beginning is looked for."""
    return words if len(words) <= _MOST else words[: _MOST + 1].rpartition(" ")[0] or words[:_MOST]


async def _counted(ctx: Context, raw: Raw) -> Raw:
    """The last chapter by its number, which only its episode tells."""
    from bot.rules.asked_parts import LAST

    if raw.get("chapter") != LAST:
        return raw
    episode = await ctx.services.episodes.resolve(ctx, raw.get("episode"), needs="chapters", show=raw.get("show"))
    known = await ctx.services.storage.chapters(ctx.viewer, episode.id)
    return {**raw, "chapter": str(len(known) or 1)}
