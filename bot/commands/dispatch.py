"""The one way to run a command: role, arguments, errors into replies, one log line. Nothing but cancellation escapes.

Three doors for the surfaces: ``dispatch`` (a command and raw options), ``dispatch_line`` (words as typed) and
``press`` (a button's or form's id). What people wrote is never logged.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from enum import Enum

from bot import texts, texts_chat
from bot.commands import codec
from bot.commands.bind import bind
from bot.commands.declare import Command, names_of
from bot.commands.grammar import parse_line
from bot.commands.registry import Registry
from bot.context import Context
from bot.domain import Role
from bot.errors import Ambiguous, NotAllowed, NotFound, PullquoteError, UserError
from bot.logs import get_logger
from bot.reply import Action, Choice, Choices, Reply
from bot.services.linking import LINK, is_unlinked

log = get_logger(__name__)

#: Discord's and Slack's menus take more or as many (25, 100); a person reads no more.
CANDIDATES = 10
LABEL = 80


async def dispatch(command: Command, ctx: Context, raw: Mapping[str, object]) -> Reply:
    """Run one command with options as a surface has them; always a reply."""
    started = time.perf_counter()
    reply = Reply(outcome="cancelled")
    try:
        _allow(command, ctx)
        reply = await command.run(ctx, **bind(command, raw))
    except Exception as error:
        reply = _sorry(ctx, error, command, raw)
    finally:
        _log(ctx, command.name, reply, started)
    return reply


async def dispatch_line(registry: Registry, ctx: Context, text: str) -> Reply:
    """Run the command that a line asks for."""
    started = time.perf_counter()
    try:
        command, raw = parse_line(text, registry, ctx.role)
    except Exception as error:
        return _log(ctx, "", _sorry(ctx, error), started)
    return await dispatch(command, ctx, raw)


async def press(registry: Registry, ctx: Context, custom_id: str, answers: Mapping[str, str] | None = None) -> Reply:
    """Run what stands behind a button; ``answers`` are what a form asked beside it."""
    started = time.perf_counter()
    try:
        action = await codec.decode(custom_id, ctx.services.storage, ctx.community)
    except Exception as error:
        return _log(ctx, "", _sorry(ctx, error), started)
    return await perform(registry, ctx, action, answers)


async def perform(registry: Registry, ctx: Context, action: Action, answers: Mapping[str, str] | None = None) -> Reply:
    """Run an action that needs no decoding: a choice of the console."""
    started = time.perf_counter()
    raw = {**action.args, **(answers or {})}
    command = registry.get(action.command)
    if command is None:
        return _log(ctx, "", _sorry(ctx, codec.too_old()), started)
    if any(command.param(name) is None for name in raw):
        return _log(ctx, command.name, _sorry(ctx, codec.too_old(command.call)), started)
    return await dispatch(command, ctx, raw)


def _allow(command: Command, ctx: Context) -> None:
    if is_unlinked(ctx.community) and command.name != LINK:
        raise NotAllowed(texts_chat.NOT_LINKED, Role.admin)
    if ctx.role < command.role:
        raise NotAllowed(texts.not_allowed(command.call, command.role.name, ctx.role.name), command.role)


def _log(ctx: Context, command: str, reply: Reply, started: float) -> Reply:
    """The canonical line of this request."""
    log.info(
        "request",
        command=command,
        outcome=reply.outcome,
        elapsed_ms=round((time.perf_counter() - started) * 1000, 1),
        surface=ctx.place.platform,
        request_id=ctx.request_id,
    )
    return reply


# --- errors as replies ------------------------------------------------------------------------------


def _sorry(ctx: Context, error: Exception, command: Command | None = None, raw: Mapping[str, object] = {}) -> Reply:
    if isinstance(error, NotFound | Ambiguous) and error.candidates:
        return _offer(error, command, raw)
    if isinstance(error, UserError):
        return Reply(str(error), outcome=error.outcome)
    name = command.name if command else ""
    if isinstance(error, PullquoteError):
        log.warning("request refused", command=name, error=type(error).__name__, request_id=ctx.request_id)
        return Reply(str(error), outcome="failed")
    log.error("command failed", command=name, request_id=ctx.request_id, exc_info=error)
    return Reply(texts.failed(ctx.request_id), outcome="failed")


def _offer(error: NotFound | Ambiguous, command: Command | None, raw: Mapping[str, object]) -> Reply:
    """The candidates as a menu when it is known which parameter they are for, else named in the text."""
    reply = Reply(str(error), outcome=error.outcome)
    candidates = error.candidates[:CANDIDATES]
    if command and error.param and command.param(error.param):
        args = {name: _as_text(value) for name, value in raw.items() if value is not None}
        named = zip(candidates, error.labels, strict=False)
        options = tuple(_choice(command, {**args, error.param: value}, label) for value, label in named)
        return replace(reply, choices=Choices(texts.DID_YOU_MEAN, options))
    if any(candidate in reply.text for candidate in candidates):
        return reply
    return replace(reply, text=f"{reply.text}\n{texts.perhaps(candidates)}")


def _choice(command: Command, args: Mapping[str, str], label: str) -> Choice:
    shown = label if len(label) <= LABEL else label[: LABEL - 1] + "…"
    return Choice(shown, Action(shown, command.name, args))


def _as_text(value: object) -> str:
    """An option as the text grammar would have it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Enum):
        return next(name for name, member in names_of(type(value)).items() if member is value)
    return str(value)
