"""What the command line asks of the rest of the program: a Protocol, since ``cli`` imports only ``bot``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bot.context import Context
    from bot.desk_ports import Desk
    from bot.domain import Problem
    from bot.services import Services
    from bot.services.sources import Source
    from bot.settings import Settings


class Program(Protocol):
    """Implemented by the composition root."""

    @property
    def settings(self) -> Settings: ...

    def services(self, *, sample: bool = False, posting: bool = True) -> AbstractAsyncContextManager[Services]: ...

    def context(self, services: Services) -> Context: ...

    async def zone(self, services: Services) -> str | None: ...

    async def console(self) -> None: ...

    async def serve(self, *, console: bool = False) -> None: ...

    def collect(self, paths: Sequence[Path]) -> tuple[list[Source], list[Problem]]: ...

    def desk(self, platform: str) -> AbstractAsyncContextManager[Desk]:
        """The account of a platform that has a token. The messenger of ``services`` that are opened inside is logged
        in too. Raises SurfaceError where the token is not accepted."""
        ...


class Open(Protocol):
    """Reads the settings, late: ``--help`` must not fail on a wrong ``.env``. ``given`` counts before all others."""

    def __call__(self, given: Mapping[str, str] | None = None) -> Program: ...
