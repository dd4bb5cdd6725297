"""The text grammar: ``free words show:"Some Show"`` to a command and raw arguments, and back. Pure.

Only ``name:value`` of a declared parameter is an option; everything else is words, also ``12:15``, links and
unbalanced quotes. Curly quotes delimit as straight ones do, and stand as typed inside a value. Linear in the text.
"""

from __future__ import annotations

import difflib
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot import texts
from bot.commands.declare import PREFIX, Command, Param
from bot.commands.registry import Registry
from bot.domain import Role
from bot.errors import NotFound, UsageError

#: More than any surface lets a person type; a longer text is refused before it is looked at.
MAX_CHARACTERS = 10_000

_QUOTES = '"“”„«»'
#: What closes a quote: its own partner first, so that “he said "go"” is one value; else any double quote.
_CLOSES = {"“": "”", "„": "“”", "«": "»", '"': '"'}
_TOKEN = re.compile(r"\S+")
_NAME = re.compile(r"([A-Za-z][A-Za-z0-9_]*):")
_QUOTE_OR_ESCAPE = re.compile(rf"(?s)\\.|[{_QUOTES}]")
_NEEDS_ESCAPE = re.compile(rf"[\\{_QUOTES}]")
_ESCAPE = re.compile(rf"\\([\\{_QUOTES}])")


@dataclass(frozen=True, slots=True)
class Option:
    """``name:value``; the value without its quotes."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Words:
    """One free word, or one quoted run with its quotes."""

    text: str
    quoted: bool = False


def parse_line(text: str, registry: Registry, role: Role = Role.operator) -> tuple[Command, dict[str, str]]:
    """The command that a line asks for and its arguments as typed.

    Raises NotFound (candidates that ``role`` may use) or UsageError with the signature and an example.
    """
    if len(text) > MAX_CHARACTERS:
        raise UsageError(texts.line_too_long(MAX_CHARACTERS))
    command, rest = find_command(text, registry, role)
    return command, parse_args(command, rest)


def find_command(text: str, registry: Registry, role: Role = Role.operator) -> tuple[Command, str]:
    """The command that a line starts with, and what follows its name."""
    first, second, third = _first_words(text, 3)
    if first.word.lower().lstrip("/") == PREFIX:
        first, second = second, third
    one = first.word.lower().lstrip("/")
    both = registry.get(f"{one} {second.word.lower()}")
    if both:
        return both, text[second.end :]
    single = registry.get(one)
    if single:
        return single, text[first.end :]
    raise _unknown(one, second.word.lower(), registry, role)


def parse_args(command: Command, text: str) -> dict[str, str]:
    """The arguments in the text after a command's name."""
    names = {param.name for param in command.params}
    args: dict[str, str] = {}
    words: list[Words] = []
    for piece in pieces(text, names):
        if isinstance(piece, Words):
            words.append(piece)
        elif piece.name in args:
            raise misuse(command, texts.given_twice(piece.name))
        else:
            args[piece.name] = piece.value
    if words:
        args |= _free(command, words, args)
    return args


def pieces(text: str, names: set[str]) -> Iterator[Option | Words]:
    """The options (of ``names``) and words of a text, in order."""
    quotes = _Quotes(text)
    at = 0
    while match := _TOKEN.search(text, at):
        start, at = match.span()
        name = _option_name(text, match, names)
        option = _value(text, start + len(name) + 1, names, quotes) if name else None
        if name and option:
            yield Option(name.lower(), option.text)
            at = option.end
            continue
        close = quotes.closing(start)
        if close is None:
            yield Words(text[start:at])
        else:  # a quoted run is words, whatever stands in it
            match = _TOKEN.match(text, close + 1)
            at = match.end() if match else close + 1
            yield Words(text[start:at], quoted=match is None)


@dataclass(frozen=True, slots=True)
class OpenOption:
    """An option that is being typed at the end of a text; its value begins at ``start``."""

    name: str
    typed: str
    start: int


def open_option(text: str, names: set[str]) -> OpenOption | None:
    """The option whose value the text ends in, for completion."""
    quotes = _Quotes(text)
    at = 0
    while match := _TOKEN.search(text, at):
        at = match.end()
        name = _option_name(text, match, names)
        start = match.start() + len(name or "") + 1
        option = _value(text, start, names, quotes) if name else None
        if name and option:
            at = option.end
        if name and (at == len(text) and (option or start == at)):
            return OpenOption(name.lower(), text[start:].lstrip(_QUOTES).rstrip(_QUOTES), start)
    return None


def misuse(command: Command, line: str) -> UsageError:
    """A usage error that says how the command is written."""
    return UsageError(f"{line}\n{usage(command)}")


def usage(command: Command) -> str:
    """The signature and one example, a line each."""
    return texts.usage(signature(command), f"{command.call} {command.example or _example(command)}".rstrip())


def signature(command: Command) -> str:
    """``/quote [WORDS] [show:SHOW]``: square brackets mean optional."""
    return " ".join([command.call, *map(_shown, command.params)])


def write_line(command: Command, args: Mapping[str, str]) -> str:
    """The line that ``parse_line`` reads as this command with these arguments."""
    return " ".join([command.call, *(f"{name}:{quote_value(value)}" for name, value in args.items())])


def quote_value(value: str) -> str:
    """A value as an option takes it: in quotes when it has blanks or quotes."""
    if value and not any(letter.isspace() or letter in _QUOTES for letter in value):
        return value
    return '"' + _NEEDS_ESCAPE.sub(r"\\\g<0>", value) + '"'


# --- pieces of a text -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Word:
    word: str
    end: int


def _first_words(text: str, count: int) -> list[_Word]:
    found: list[_Word] = []
    at = 0
    while len(found) < count and (match := _TOKEN.search(text, at)):
        at = match.end()
        found.append(_Word(match[0], at))
    return found + [_Word("", len(text))] * (count - len(found))


def _option_name(text: str, token: re.Match[str], names: set[str]) -> str | None:
    match = _NAME.match(text, token.start(), token.end())
    return match[1] if match and match[1].lower() in names else None


@dataclass(frozen=True, slots=True)
class _Value:
    text: str
    end: int


def _value(text: str, at: int, names: set[str], quotes: _Quotes) -> _Value | None:
    """The value that starts at ``at``; None when ``name:`` is a word of its own.

    ``show: "High Agency"`` is an option as people write it, ``note: this is`` are words.
    """
    match = _TOKEN.search(text, at)
    if not match or (match.start() > at and quotes.closing(match.start()) is None):
        return None
    start = match.start()
    if text[start] not in _QUOTES:
        return _Value(match[0], match.end())
    close = quotes.closing(start)
    if close is not None:
        return _Value(_ESCAPE.sub(r"\1", text[start + 1 : close]), close + 1)
    end = _next_option(text, start + 1, names)
    return _Value(text[start + 1 : end].strip(), end)


def _next_option(text: str, at: int, names: set[str]) -> int:
    """An unclosed value runs to the next option: whoever forgot the last quote on a phone meant all of it."""
    tokens = _TOKEN.finditer(text, at)
    return next((token.start() for token in tokens if _option_name(text, token, names)), len(text))


class _Quotes:
    """Where quotes close, looked up in one list made once, so that no text of quotes is quadratic."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at: dict[str, list[int]] = {}
        for match in _QUOTE_OR_ESCAPE.finditer(text):
            if match[0] in _QUOTES:
                for kind in (match[0], "any"):
                    self._at.setdefault(kind, []).append(match.start())

    def closing(self, opened: int) -> int | None:
        """Where the quote at ``opened`` closes; None when nothing closes it or there is no quote."""
        if self._text[opened] not in _QUOTES:
            return None
        own = [self._after(kind, opened) for kind in _CLOSES.get(self._text[opened], "")]
        found = [at for at in own if at is not None]
        return min(found) if found else self._after("any", opened)

    def _after(self, kind: str, opened: int) -> int | None:
        places = self._at.get(kind, [])
        found = bisect_right(places, opened)
        return places[found] if found < len(places) else None


def _free(command: Command, words: list[Words], args: Mapping[str, str]) -> dict[str, str]:
    """Free words go to the one parameter that takes them; words that are all in quotes lose those."""
    rest = command.rest
    shown = " ".join(word.text for word in words)
    if rest is None:
        raise misuse(command, texts.no_free_words(command.call, shown))
    if rest.name in args:
        raise misuse(command, texts.given_twice(rest.name))
    if len(words) == 1 and words[0].quoted:
        shown = _ESCAPE.sub(r"\1", shown[1:-1]).strip()
    return {rest.name: shown}


# --- saying how it is written ---------------------------------------------------------------------


def _shown(param: Param) -> str:
    value = "|".join(param.choices) if 0 < len(param.choices) <= 5 else param.name.upper()
    value = "yes" if param.type is bool else value
    text = value if param.arg.rest else f"{param.name}:{value}"
    return text if param.required else f"[{text}]"


def _example(command: Command) -> str:
    shown = [param for param in command.params if param.required or param.arg.rest] or list(command.params[:1])
    values = {param.name: _example_value(param) for param in shown}
    return " ".join(
        values[param.name] if param.arg.rest else f"{param.name}:{quote_value(values[param.name])}" for param in shown
    )


def _example_value(param: Param) -> str:
    if param.choices:
        return param.choices[0]
    if param.type is bool:
        return "yes"
    if param.type in (int, float):
        return str(param.arg.range[0] if param.arg.range else 3)
    return texts.EXAMPLE_WORDS


# --- names that are not there ---------------------------------------------------------------------


def _unknown(one: str, two: str, registry: Registry, role: Role) -> NotFound:
    allowed = registry.offered(role)
    below = [command for command in allowed if len(command.words) == 2 and command.words[0] == one]
    if below:
        return NotFound(texts.incomplete_name(one, [command.call for command in below]))
    if not one:
        return NotFound(texts.no_command([command.call for command in registry.members()]))
    names = {command.name: command.call for command in allowed}
    close = difflib.get_close_matches(f"{one} {two}".strip()[:80], names, 3, 0.7)
    close += difflib.get_close_matches(one[:80], names, 3, 0.5)
    return NotFound(texts.unknown_command(one[:80], list(dict.fromkeys(names[name] for name in close))[:3]))
