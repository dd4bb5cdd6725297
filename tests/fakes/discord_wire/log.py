"""The append-only log: every request and every post with its time, so that lost and doubled can be counted."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Asked:
    """One request of REST. ``route`` has names for ids (``POST /channels/{channel}/messages``); ``status`` 0 = no
    answer was given; ``fault``: what was done to it on purpose."""

    at: datetime
    route: str
    path: str
    status: int
    fault: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Posted:
    """One message of the bot that came to be. ``how``: message, forum, answer (of an interaction) or follow-up."""

    at: datetime
    how: str
    guild: str
    channel: str
    message: str
    content: str
    custom_ids: tuple[str, ...]
    notified: tuple[str, ...] = ()
    ephemeral: bool = False


@dataclass(slots=True)
class Log:
    """``file``: each line is on disk before the request is answered. ``keep``: in memory too."""

    file: Path | None = None
    keep: bool = True
    asked: list[Asked] = field(default_factory=list)
    posted: list[Posted] = field(default_factory=list)
    answered: Counter[int] = field(default_factory=Counter)
    routes: Counter[str] = field(default_factory=Counter)

    def ask(self, one: Asked) -> None:
        self.answered[one.status] += 1
        self.routes[one.route] += 1
        if self.keep:
            self.asked.append(one)

    def post(self, one: Posted) -> None:
        if self.keep:
            self.posted.append(one)
        if self.file:
            with self.file.open("ab") as file:
                file.write(json.dumps(plain(asdict(one))).encode() + b"\n")

    def count(self, route: str) -> int:
        """How often a route was asked, faults included."""
        return self.routes[route]


def plain(value: Any) -> Any:
    """As JSON can hold it."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, list | tuple) else value
