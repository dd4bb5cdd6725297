"""What could stand next: values of a parameter (all surfaces), and names, options and values of a line (console)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.commands.declare import CHOICE_LENGTH, CHOICES, PREFIX, Command, Param
from bot.commands.grammar import find_command, open_option, quote_value
from bot.commands.registry import Registry
from bot.context import Context
from bot.errors import NotFound
from bot.logs import get_logger
from bot.plain import clean_line

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Completion:
    """``text`` may replace the line from ``start`` to its end; ``about`` says what it is."""

    start: int
    text: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One value to choose: ``name`` is shown and holds nothing invisible, ``value`` is what the parameter gets. At most
    100 characters each: the whole of what is short, enough words of what is long to find it again."""

    name: str
    value: str


async def complete(command: Command, param: Param, ctx: Context, typed: str) -> list[str]:
    """The values of ``suggest``."""
    return [one.value for one in await suggest(command, param, ctx, typed)]


async def suggest(command: Command, param: Param, ctx: Context, typed: str) -> list[Suggestion]:
    """At most 25 values, best first. Never raises: a broken completer offers nothing."""
    if ctx.role < command.role:
        return []
    try:
        found = await _values(param, ctx, typed)
    except Exception:
        log.exception("completion failed", command=command.name, param=param.name, request_id=ctx.request_id)
        return []
    return _suggestions(found)


def _suggestions(found: Iterable[str]) -> list[Suggestion]:
    made: dict[str, Suggestion] = {}
    for whole in dict.fromkeys(one.strip() for one in found):
        name, value = _shown(clean_line(whole)), _beginning(whole)
        if value in made:  # two long titles that begin alike: their ends tell them apart
            value = _end(whole)
        if name and value:
            made.setdefault(value, Suggestion(name, value))
        if len(made) == CHOICES:
            break
    return list(made.values())


def _shown(text: str) -> str:
    """Cut with an ellipsis."""
    return text if len(text) <= CHOICE_LENGTH else text[: CHOICE_LENGTH - 1].rstrip() + "…"


def _beginning(text: str) -> str:
    """As many whole words as fit, without an ellipsis: they must be found in the text."""
    if len(text) <= CHOICE_LENGTH:
        return text
    head = text[:CHOICE_LENGTH]
    words = head if text[CHOICE_LENGTH].isspace() else head.rpartition(" ")[0]
    return (words if len(words) >= CHOICE_LENGTH // 2 else head).strip()


def _end(text: str) -> str:
    """The last whole words."""
    return _beginning(text[::-1])[::-1]


async def complete_line(registry: Registry, ctx: Context, line: str) -> list[Completion]:
    """What could stand at the end of the line."""
    try:
        command, rest = find_command(line, registry, ctx.role)
    except NotFound:
        return _names(registry, ctx, line)
    if not rest:  # still in the command's name: it may go on
        return _names(registry, ctx, line)
    option = open_option(rest, {param.name for param in command.params})
    if option:
        return await _option_values(command, ctx, line, len(line) - len(rest) + option.start, option.name, option.typed)
    return await _options(command, ctx, line, rest)


async def _values(param: Param, ctx: Context, typed: str) -> list[str]:
    choices = ("yes", "no") if param.type is bool else param.choices
    if choices:
        starting = [choice for choice in choices if choice.lower().startswith(typed.lower())]
        return starting + [choice for choice in choices if typed.lower() in choice.lower() and choice not in starting]
    return await param.arg.complete(ctx, typed) if param.arg.complete else []


def _names(registry: Registry, ctx: Context, line: str) -> list[Completion]:
    typed = line.lstrip()
    start = len(line) - len(typed)
    wanted = " ".join(typed.lower().removeprefix("/").split()) + (" " if typed[-1:].isspace() else "")
    return [
        Completion(start, f"{one.call} ", one.help)
        for one in registry.offered(ctx.role)
        if one.name.startswith(wanted) or f"{PREFIX} {one.name}".startswith(wanted or "\0")
    ]


async def _option_values(
    command: Command, ctx: Context, line: str, start: int, name: str, typed: str
) -> list[Completion]:
    param = command.param(name)
    values = await complete(command, param, ctx, typed) if param else []
    return [Completion(start, f"{quote_value(value)} ", name) for value in values]


async def _options(command: Command, ctx: Context, line: str, rest: str) -> list[Completion]:
    """Names of options for the word that was begun, and values for the free words."""
    word = "" if rest[-1:].isspace() else rest.split()[-1]
    start = len(line) - len(word)
    names = [
        Completion(start, f"{param.name}:", param.arg.help)
        for param in command.params
        if param.name.startswith(word.lower()) and not param.arg.rest
    ]
    free = command.rest
    if free is None or ":" in rest:
        return names
    words = rest.lstrip()
    values = await complete(command, free, ctx, words)
    return [Completion(len(line) - len(words), f"{value} ", free.name) for value in values] + names
