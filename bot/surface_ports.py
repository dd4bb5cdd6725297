"""What the program asks of a platform where people ask. Protocols only."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bot.alert_ports import Messenger
    from bot.services import Services


class Surface(Protocol):
    """One platform's connection: people ask there, and ``messenger`` posts there."""

    @property
    def platform(self) -> str: ...

    @property
    def messenger(self) -> Messenger: ...

    async def run(self, services: Services, ready: Callable[[], None]) -> None:
        """Connect, answer, until cancelled; ``ready`` is called when people can ask. Raises SurfaceError when the
        platform refuses the bot and asking again would not help; every other loss of the connection is mended inside.
        Cancelled, it answers what was asked, for seconds at most, and closes."""
        ...

    def hush(self) -> None:
        """Begin nothing new that somebody asks for; what was begun goes on, and posting works until ``run`` ends."""
        ...
