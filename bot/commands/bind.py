"""Raw values to typed arguments, as a command's parameters want them. Pure; what does not fit is a UsageError."""

from __future__ import annotations

import math
from collections.abc import Mapping
from enum import Enum

from bot import texts, texts_chat
from bot.commands.declare import Command, Param, names_of
from bot.commands.grammar import misuse
from bot.errors import UsageError
from bot.files import LARGEST, Upload

_YES = frozenset({"yes", "y", "true", "on", "1"})
_NO = frozenset({"no", "n", "false", "off", "0"})


def bind(command: Command, raw: Mapping[str, object]) -> dict[str, object]:
    """The keyword arguments of ``command.run``. A raw value may be text or typed already; None is "not given".

    Raises UsageError with the parameter, the reason, and how the command is written.
    """
    given = {name: value for name, value in raw.items() if value is not None}
    for name in given:
        if command.param(name) is None:
            raise misuse(command, texts.no_such_option(command.call, name))
    try:
        return {param.name: _argument(param, given) for param in command.params}
    except UsageError as error:
        raise misuse(command, str(error)) from None


def _argument(param: Param, given: Mapping[str, object]) -> object:
    if param.name in given:
        return _typed(param, given[param.name])
    if param.required:
        raise UsageError(texts.missing(param.name, param.arg.help))
    return param.default


def _typed(param: Param, value: object) -> object:
    if issubclass(param.type, Enum):
        return value if isinstance(value, param.type) else names_of(param.type)[_choice(param, value)]
    if param.type is Upload:
        return _file(param, value)
    if param.choices:
        return _choice(param, value)
    if param.type is bool:
        return value if isinstance(value, bool) else _yes_or_no(param.name, str(value))
    if param.type is str:
        return _text(param, str(value))
    return _number(param, value)


def _file(param: Param, value: object) -> Upload:
    """Only a surface that reads files gives one; words, a path among them, are none."""
    if not isinstance(value, Upload):
        raise UsageError(texts_chat.no_file(param.name))
    if len(value.data) > LARGEST:
        raise UsageError(texts_chat.file_too_large(param.name, LARGEST))
    return value


def _choice(param: Param, value: object) -> str:
    text = str(value).strip()
    found = [choice for choice in param.choices if choice.casefold() == text.casefold()]
    if not found:
        raise UsageError(texts.not_a_choice(param.name, _short(text), param.choices))
    return text if text in found else found[0]


def _yes_or_no(name: str, text: str) -> bool:
    word = text.strip().lower()
    if word not in _YES | _NO:
        raise UsageError(texts.not_yes_or_no(name, _short(text)))
    return word in _YES


def _text(param: Param, text: str) -> str:
    # Half a character (no keyboard makes one) can be stored and sent nowhere.
    text = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace") if not text.isascii() else text
    least, most = param.arg.length or (0, len(text))
    if len(text.strip()) < least:
        raise UsageError(texts.too_short(param.name, least))
    if len(text) > most:
        raise UsageError(texts.too_long(param.name, most))
    return text


def _number(param: Param, value: object) -> int | float:
    number = _whole(param.name, value) if param.type is int else _decimal(param.name, value)
    if param.arg.range and not param.arg.range[0] <= number <= param.arg.range[1]:
        raise UsageError(texts.out_of_range(param.name, *param.arg.range))
    return number


def _whole(name: str, value: object) -> int:
    text = str(value).strip()
    try:
        if len(text) > 18:  # beyond what any surface sends as a whole number, and int() is slow on long ones
            raise ValueError
        return int(text)
    except ValueError:
        raise UsageError(texts.not_whole(name, _short(text))) from None


def _decimal(name: str, value: object) -> float:
    text = str(value).strip()
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise UsageError(texts.not_number(name, _short(text)))
    return number


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"
