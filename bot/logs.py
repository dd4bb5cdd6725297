"""Logging: structlog to stderr, one line an event, secrets masked. Never tokens, never message bodies.

structlog takes 0.2 s to import, a third of what one ``pullquote do`` may take: it is loaded with the first event that
is really written.
"""

from __future__ import annotations

import re
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO

from bot.plain import clean, clean_line
from bot.rules.masking import MASK, masked

#: What looks like a credential is masked even when it is no setting of ours: Slack tokens, Discord tokens, and the
#: user part of an address.
_CREDENTIAL = re.compile(
    r"\bx(?:ox[a-z]|app)-[\w-]{8,}|\b[\w-]{23,28}\.[\w-]{6}\.[\w-]{27,}|(?<=://)[^/\s@]+(?=@)", re.ASCII
)
_NUMBERS = {"debug": 10, "info": 20, "warning": 30, "error": 40}


class _Setup:
    """How logging was asked to be; applied with the first event."""

    level = 20
    format = "auto"
    secrets: tuple[str, ...] = ()
    stream: TextIO | None = None
    applied = True


def set_up_logs(level: str, format: str, secrets: tuple[str, ...], stream: TextIO | None = None) -> None:
    """Say how to log, once, at start. ``format`` is auto (people on a terminal, else JSON), console or json."""
    _Setup.level, _Setup.format, _Setup.secrets = _NUMBERS[level], format, secrets
    _Setup.stream, _Setup.applied = stream, False


class Log:
    """A named logger that costs nothing while it is silent."""

    def __init__(self, name: str) -> None:
        self._name = name

    def debug(self, event: str, **values: Any) -> None:
        self._write("debug", event, values)

    def info(self, event: str, **values: Any) -> None:
        self._write("info", event, values)

    def warning(self, event: str, **values: Any) -> None:
        self._write("warning", event, values)

    def error(self, event: str, **values: Any) -> None:
        self._write("error", event, values)

    def exception(self, event: str, **values: Any) -> None:
        """An error with the exception that is being handled."""
        self._write("error", event, {"exc_info": True, **values})

    def _write(self, level: str, event: str, values: dict[str, Any]) -> None:
        if _NUMBERS[level] < _Setup.level:
            return
        import structlog

        if not _Setup.applied:
            _apply()
        getattr(structlog.get_logger(), level)(event, logger=self._name, **values)


def get_logger(name: str) -> Log:
    """The logger of a module."""
    return Log(name)


class Masker:
    """Replaces every known secret, and whatever looks like one, in every value of an event, however deep."""

    def __init__(self, secrets: tuple[str, ...], *, one_line: bool = False) -> None:
        self._one_line = one_line
        self._secrets = tuple(sorted((secret for secret in secrets if len(secret) >= 4), key=len, reverse=True))

    def __call__(self, logger: object, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        return {name: self._told(name, value) for name, value in event.items()}

    def _told(self, name: str, value: Any) -> Any:
        """Where people read, a value on one line: what comes from outside begins none of its own. Tracebacks do."""
        told = self.mask(value)
        kept = not self._one_line or name in ("exception", "stack")
        return told if kept or not isinstance(told, str) else clean_line(told)

    def mask(self, value: Any) -> Any:
        if isinstance(value, str):
            for secret in self._secrets:
                value = value.replace(secret, MASK)
            # Ours first: it knows which part of an address is secret, so that the host stays to be read.
            return clean(_CREDENTIAL.sub(MASK, masked(value)))
        if isinstance(value, dict):
            return {self.mask(name): self.mask(inner) for name, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self.mask(inner) for inner in value]
        if isinstance(value, bool | int | float) or value is None:
            return value
        return self.mask(str(value))


def _apply() -> None:
    import structlog

    _Setup.applied = True
    out = _Setup.stream or sys.stderr
    people = _Setup.format == "console" or (_Setup.format == "auto" and out.isatty())
    renderer: Any = structlog.processors.JSONRenderer(ensure_ascii=False)
    if people:
        renderer = structlog.dev.ConsoleRenderer(colors=False)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            # After the traceback became text: a secret in an exception's message is masked too.
            Masker(_Setup.secrets, one_line=people),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_Setup.level),
        logger_factory=structlog.PrintLoggerFactory(out),
        cache_logger_on_first_use=False,
    )
