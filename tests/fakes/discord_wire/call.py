"""One request of REST as the routes see it, and how a table of routes is written. No sockets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.discord_wire.posting import Upload
from tests.fakes.discord_wire.problems import Json


@dataclass(frozen=True, slots=True)
class Call:
    """``ids``: the parts of the path; ``body``: JSON (of ``payload_json`` where there are files)."""

    ids: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    files: Sequence[Upload] = ()

    @property
    def payload(self) -> Json:
        return self.body if isinstance(self.body, dict) else {}

    def number(self, name: str, default: int, most: int) -> int:
        said = self.query.get(name, "")
        return max(1, min(most, int(said))) if said.isdigit() else default


#: None is answered with 204.
Handler = Callable[[Call], Any]
#: ``POST /channels/{channel}/messages`` → what answers it.
Routes = dict[str, Handler]
