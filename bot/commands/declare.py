"""How a command is declared: its signature, read once at import into frozen plain data. Nothing is run here.

    @command("quote", "Find a line from an episode, with a link to the moment", example="move fast show:acme")
    async def quote(
        ctx: Context,
        words: Annotated[str | None, Arg("Words that were said", length=(1, 500), rest=True)] = None,
        show: Annotated[str | None, Arg("Only this show", complete=show_names)] = None,
    ) -> Reply: ...

The decorated name becomes the ``Command`` itself; ``quote.run(ctx, words=…)`` is the function. ``Registry`` finds
commands by looking for ``Command`` values in the modules of ``bot.commands``.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from bot.context import Context
from bot.domain import Role
from bot.errors import DeclarationError
from bot.files import Upload
from bot.reply import Reply

#: Values for what was typed so far, best first; asked within a platform's 3 seconds, so a look-up, never a search.
Completer = Callable[[Context, str], Awaitable[list[str]]]
Run = Callable[..., Awaitable[Reply]]

# What Discord shows (docs, 2025-01); Slack and the console take more.
NAME_LENGTH = 32
HELP_LENGTH = 100
PARAMS = 25
CHOICES = 25
CHOICE_LENGTH = 100
TEXT_LENGTH = 6000

#: Every command may be written after this word; moderators' ones live there on the platforms.
PREFIX = "pullquote"

_WORD = re.compile(r"[a-z][a-z0-9_-]*")
_PARAM = re.compile(r"[a-z][a-z0-9_]*")
_SIMPLE: tuple[type, ...] = (str, int, float, bool, Upload)


@dataclass(frozen=True)
class Arg:
    """What a parameter says about itself. ``length`` is in characters (str), ``range`` is of a number, ends included.

    ``rest`` takes the free words of the text grammar; ``choices`` are the only values a str may have.
    """

    help: str
    length: tuple[int, int] | None = None
    range: tuple[int, int] | None = None
    choices: tuple[str, ...] = ()
    complete: Completer | None = None
    rest: bool = False


@dataclass(frozen=True, slots=True)
class Param:
    """One parameter as every surface reads it. ``type`` is str, int, float, bool, Upload or an Enum; a Literal is a
    str.

    ``choices`` are the shown names of all values it may have (from Arg, Literal or Enum), empty when it is free.
    """

    name: str
    type: type
    arg: Arg
    required: bool
    default: object = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Command:
    """One command. ``listed`` is false for what lives behind a button, though it can still be asked for in words.

    ``private``: a deferred answer must already know who will see it; this is what it is deferred with. ``menu``: what
    the command is called in the menu of a message, whose text its free words are; "" = it is not there.
    """

    name: str
    help: str
    role: Role
    params: tuple[Param, ...]
    run: Run
    moderator: bool = False
    listed: bool = True
    private: bool = True
    #: Arguments as a person would type them after the name; empty = made from the parameters.
    example: str = ""
    menu: str = ""
    #: It may be asked for in a workspace that is linked to no community.
    anywhere: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(self.name.split())

    @property
    def call(self) -> str:
        """How it is written: ``/quote``, ``/pullquote withhold``."""
        return f"/{PREFIX} {self.name}" if self.moderator else f"/{self.name}"

    @property
    def rest(self) -> Param | None:
        """The parameter that takes the free words."""
        return next((param for param in self.params if param.arg.rest), None)

    def param(self, name: str) -> Param | None:
        return next((param for param in self.params if param.name == name), None)


def command(
    name: str,
    help: str,
    role: Role = Role.member,
    *,
    moderator: bool | None = None,
    listed: bool = True,
    private: bool = True,
    example: str = "",
    menu: str = "",
    anywhere: bool = False,
) -> Callable[[Run], Command]:
    """Declare the decorated coroutine function as a command. Raises DeclarationError for what no surface can show.

    ``moderator`` (lives under ``/pullquote``) follows from ``role`` unless said.
    """
    under = role > Role.member if moderator is None else moderator

    def read(run: Run) -> Command:
        _check_name(name)
        _check_help(f"command {name!r}", help)
        if under and role == Role.member:
            raise DeclarationError(f"command {name!r}: nothing for members lives under /{PREFIX}")
        made = Command(name, help, role, _params(name, run), run, under, listed, private, example, menu, anywhere)
        _check_menu(made)
        return made

    return read


# --- reading a signature --------------------------------------------------------------------------


def _params(name: str, run: Run) -> tuple[Param, ...]:
    if not inspect.iscoroutinefunction(run):
        raise DeclarationError(f"command {name!r}: must be an async function")
    hints = get_type_hints(run, include_extras=True)
    context, *given = inspect.signature(run).parameters.values()
    if hints.get(context.name) is not Context:
        raise DeclarationError(f"command {name!r}: the first parameter must be the Context")
    params = tuple(_param(f"command {name!r}, parameter {one.name!r}", one, hints.get(one.name)) for one in given)
    _check_params(name, params)
    return params


def _param(where: str, given: inspect.Parameter, hint: object) -> Param:
    if given.kind not in (given.POSITIONAL_OR_KEYWORD, given.KEYWORD_ONLY):
        raise DeclarationError(f"{where}: * and ** cannot be shown")
    if not _PARAM.fullmatch(given.name) or len(given.name) > NAME_LENGTH:
        raise DeclarationError(f"{where}: names are lower case, at most {NAME_LENGTH} characters")
    inner, arg = _arg(where, hint)
    bare, optional = _without_none(inner)
    kind, choices = _kind(where, bare, arg)
    required = given.default is given.empty
    default = None if required else given.default
    if optional and required:
        raise DeclarationError(f"{where}: may be None, so it needs a default")
    param = Param(given.name, kind, arg, required, default, choices)
    _check_arg(where, param)
    _check_default(where, param, optional)
    return param


def _arg(where: str, hint: object) -> tuple[object, Arg]:
    if get_origin(hint) is Annotated:
        inner, *extras = get_args(hint)
        found = [extra for extra in extras if isinstance(extra, Arg)]
        if len(found) == 1:
            return inner, found[0]
    raise DeclarationError(f"{where}: must be Annotated[type, Arg(help)]")


def _without_none(hint: object) -> tuple[object, bool]:
    if get_origin(hint) in (Union, UnionType):
        others = [one for one in get_args(hint) if one is not NoneType]
        if len(others) == 1 and len(get_args(hint)) == 2:
            return others[0], True
    return hint, False


def _kind(where: str, hint: object, arg: Arg) -> tuple[type, tuple[str, ...]]:
    if get_origin(hint) is Literal and all(isinstance(value, str) for value in get_args(hint)):
        return str, get_args(hint)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint, tuple(names_of(hint))
    if isinstance(hint, type) and hint in _SIMPLE:
        return hint, arg.choices
    raise DeclarationError(f"{where}: no surface can show the type {hint!r}")


def names_of(kind: type[Enum]) -> Mapping[str, Any]:
    """The shown names of an Enum: its values where they are text (``hidden``), else its members' names (``editor``)."""
    members = list(kind)
    texts = all(isinstance(member.value, str) for member in members)
    return {(member.value if texts else member.name): member for member in members}


# --- refusing what no surface can show ------------------------------------------------------------


def _check_name(name: str) -> None:
    words = name.split(" ")
    if not 1 <= len(words) <= 2 or any(not _WORD.fullmatch(word) or len(word) > NAME_LENGTH for word in words):
        raise DeclarationError(f"command {name!r}: one or two lower-case words of at most {NAME_LENGTH} characters")
    if words[0] == PREFIX:
        raise DeclarationError(f"command {name!r}: {PREFIX!r} is the word before every command")


def _check_menu(command: Command) -> None:
    """A message's text goes to the free words, and nothing else is asked there."""
    if not command.menu:
        return
    others = [param.name for param in command.params if param.required and not param.arg.rest]
    if len(command.menu) > NAME_LENGTH or command.rest is None or others:
        raise DeclarationError(
            f"command {command.name!r}: a menu's name has at most {NAME_LENGTH} characters, and its command takes free "
            "words and needs nothing else"
        )


def _check_help(where: str, help: str) -> None:
    if not help.strip() or len(help) > HELP_LENGTH or "\n" in help:
        raise DeclarationError(f"{where}: help must be one line of 1 to {HELP_LENGTH} characters")


def _check_params(name: str, params: tuple[Param, ...]) -> None:
    if len(params) > PARAMS:
        raise DeclarationError(f"command {name!r}: more than {PARAMS} parameters")
    required = [param.required for param in params]
    if sorted(required, reverse=True) != required:
        raise DeclarationError(f"command {name!r}: a required parameter stands after an optional one")
    if sum(param.arg.rest for param in params) > 1:
        raise DeclarationError(f"command {name!r}: two parameters take the free words")


def _check_arg(where: str, param: Param) -> None:
    arg = param.arg
    _check_help(where, arg.help)
    if arg.length and not (param.type is str and 0 <= arg.length[0] <= arg.length[1] <= TEXT_LENGTH):
        raise DeclarationError(f"{where}: length is (least, most) of a str, at most {TEXT_LENGTH}")
    if arg.range and not (param.type in (int, float) and arg.range[0] <= arg.range[1]):
        raise DeclarationError(f"{where}: range is (least, most) of a number")
    if arg.choices and (param.type is not str or arg.choices != param.choices):
        raise DeclarationError(f"{where}: choices are of a plain str")
    if len(param.choices) > CHOICES or any(not 1 <= len(choice) <= CHOICE_LENGTH for choice in param.choices):
        raise DeclarationError(f"{where}: at most {CHOICES} choices of 1 to {CHOICE_LENGTH} characters")
    if arg.complete and (param.type is not str or param.choices):
        raise DeclarationError(f"{where}: only a free str can be completed")


def _check_default(where: str, param: Param, optional: bool) -> None:
    if param.required or (param.default is None and optional):
        return
    fits = isinstance(param.default, float | int if param.type is float else param.type)
    if not fits or (isinstance(param.default, bool) and param.type is not bool):
        raise DeclarationError(f"{where}: the default {param.default!r} is no {param.type.__name__}")
    if param.type is str and param.choices and param.default not in param.choices:
        raise DeclarationError(f"{where}: the default {param.default!r} is not among the choices")
