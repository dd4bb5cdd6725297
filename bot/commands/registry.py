"""All commands by name. Imports every module of ``bot.commands`` once; refuses names that get in each other's way."""

from __future__ import annotations

import importlib
import pkgutil
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from types import ModuleType

import bot.commands
from bot.commands.declare import PREFIX, Command, Param
from bot.domain import Role
from bot.errors import DeclarationError
from bot.locales import LOCALES
from bot.texts_commands import group_help

# Discord (docs, 2025-01): per top-level command, per group, and per app.
CHARACTERS = 8000
SUBCOMMANDS = 25
MENUS = 5


class Registry:
    """The commands that there are, in order of name. Raises DeclarationError for names that clash."""

    def __init__(self, commands: Iterable[Command]) -> None:
        self._commands: dict[str, Command] = {}
        for command in sorted(commands, key=lambda one: one.name):
            if command.name in self._commands:
                raise DeclarationError(f"command {command.name!r}: declared twice")
            self._commands[command.name] = command
        _check_first_words(self.all())
        _check_sizes(self.all())
        _check_menus(self.all())

    def get(self, name: str) -> Command | None:
        return self._commands.get(name)

    def all(self) -> list[Command]:
        """Every command, also those behind buttons."""
        return list(self._commands.values())

    def members(self) -> list[Command]:
        """What members see listed."""
        return [one for one in self.all() if one.listed and not one.moderator]

    def moderators(self) -> list[Command]:
        """What is listed under ``/pullquote``."""
        return [one for one in self.all() if one.listed and one.moderator]

    def offered(self, role: Role) -> list[Command]:
        """What a person with this role is told of by name: also what stands behind a button, if it needs nothing."""
        return [one for one in self.all() if one.role <= role and (one.listed or not _needs_something(one))]


@cache
def load() -> Registry:
    """The registry of this program."""
    names = sorted(module.name for module in pkgutil.iter_modules(bot.commands.__path__))
    modules = [importlib.import_module(f"{bot.commands.__name__}.{name}") for name in names]
    return Registry(command for module in modules for command in declared_in(module))


def declared_in(module: ModuleType) -> Iterator[Command]:
    """The commands declared in this module; those it only imported belong to another."""
    for value in vars(module).values():
        if isinstance(value, Command) and value.run.__module__ == module.__name__:
            yield value


def _needs_something(command: Command) -> bool:
    return any(param.required for param in command.params)


def _check_first_words(commands: list[Command]) -> None:
    names = {command.name for command in commands}
    for command in commands:
        if len(command.words) == 2 and command.words[0] in names:
            raise DeclarationError(f"command {command.name!r}: its first word is a command itself")


def _check_sizes(commands: list[Command]) -> None:
    """What Discord would refuse at start-up is refused here, where a test sees it."""
    children: dict[str, set[str]] = {}
    for command in commands:
        path = path_of(command) if command.listed else ()
        for depth in range(1, len(path)):
            children.setdefault(" ".join(path[:depth]), set()).add(path[depth])
    for name, below in children.items():
        if len(below) > SUBCOMMANDS:
            raise DeclarationError(f"/{name}: more than {SUBCOMMANDS} commands below it")
    for name, size in sizes(commands).items():
        if size > CHARACTERS:
            raise DeclarationError(f"/{name}: {size} characters of names, help and choices, at most {CHARACTERS}")


def _check_menus(commands: list[Command]) -> None:
    menus = Counter(command.menu for command in commands if command.menu)
    if len(menus) > MENUS or any(count > 1 for count in menus.values()):
        raise DeclarationError(f"menus of a message: at most {MENUS}, each name once, not {dict(menus)}")


# --- size, as Discord counts it -------------------------------------------------------------------


def path_of(command: Command) -> tuple[str, ...]:
    """The words that a platform's command tree has it under."""
    return (PREFIX, *command.words) if command.moderator else command.words


def sizes(commands: Iterable[Command]) -> dict[str, int]:
    """Characters of names, help and choices of all that is listed, by top-level name; of a text and its translations
    the longest counts."""
    sizes: Counter[str] = Counter()
    groups: set[str] = set()
    for command in commands:
        if not command.listed:
            continue
        path = path_of(command)
        for depth in range(1, len(path)):
            group = " ".join(path[:depth])
            if group not in groups:
                groups.add(group)
                sizes[path[0]] += _name(path[depth - 1]) + _text(group_help(group))
        sizes[path[0]] += _name(path[-1]) + _text(command.help) + sum(map(_of_param, command.params))
    return dict(sizes)


def _of_param(param: Param) -> int:
    choices = sum(_text(choice) + len(choice) for choice in param.choices)
    return _name(param.name) + _text(param.arg.help) + choices


def _name(word: str) -> int:
    return max(len(word), *(len(one.name(word) or "") for one in LOCALES.values()), 0)


def _text(whole: str) -> int:
    return max(len(whole), *(len(one.text(whole) or "") for one in LOCALES.values()), 0)
