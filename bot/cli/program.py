"""What the command line asks of the rest of the program: a Protocol, since ``cli`` imports only ``bot``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bot.context import Context
    from bot.domain import Problem
    from bot.services import Services
    from bot.services.sources import Source
    from bot.settings import Settings


class Program(Protocol):
    """Implemented by the composition root."""

    @property
    def settings(self) -> Settings: ...

    def services(self, *, sample: bool = False) -> AbstractAsyncContextManager[Services]: ...

    def context(self, services: Services) -> Context: ...

    async def zone(self, services: Services) -> str | None: ...

    async def console(self) -> None: ...

    async def serve(self) -> None: ...

    def collect(self, paths: Sequence[Path]) -> tuple[list[Source], list[Problem]]: ...


#: Reads the settings, late: ``--help`` must not fail on a wrong ``.env``.
Open = Callable[[], Program]
