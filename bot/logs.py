"""Logging: structlog to stderr, one line an event, secrets masked. Never tokens, never message bodies."""

from __future__ import annotations

import re
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog

MASK = "•••"

#: What looks like a credential is masked even when it is no setting of ours: Slack tokens, Discord tokens, and the
#: user part of an address.
_CREDENTIAL = re.compile(
    r"\bx(?:ox[a-z]|app)-[\w-]{8,}|\b[\w-]{23,28}\.[\w-]{6}\.[\w-]{27,}|(?<=://)[^/\s@]+(?=@)", re.ASCII
)

_NUMBERS = {"debug": 10, "info": 20, "warning": 30, "error": 40}


class Masker:
    """Replaces every known secret in every value of an event, however deep."""

    def __init__(self, secrets: tuple[str, ...]) -> None:
        self._secrets = tuple(sorted((secret for secret in secrets if len(secret) >= 4), key=len, reverse=True))

    def __call__(self, logger: object, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        return {name: self.mask(value) for name, value in event.items()}

    def mask(self, value: Any) -> Any:
        if isinstance(value, str):
            for secret in self._secrets:
                value = value.replace(secret, MASK)
            return _CREDENTIAL.sub(MASK, value)
        if isinstance(value, dict):
            return {self.mask(name): self.mask(inner) for name, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self.mask(inner) for inner in value]
        return value


def set_up_logs(level: str, format: str, secrets: tuple[str, ...], stream: TextIO | None = None) -> None:
    """Configure structlog once, at start. ``format`` is auto (people on a terminal, else JSON), console or json."""
    out = stream or sys.stderr
    people = format == "console" or (format == "auto" and out.isatty())
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            # After the traceback became text: a secret in an exception's message is masked too.
            Masker(secrets),
            _renderer(people),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_NUMBERS[level]),
        logger_factory=structlog.PrintLoggerFactory(out),
        cache_logger_on_first_use=False,
    )


def _renderer(people: bool) -> Any:
    if people:
        return structlog.dev.ConsoleRenderer(colors=False)
    return structlog.processors.JSONRenderer(ensure_ascii=False)
