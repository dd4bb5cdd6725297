"""Platforms that people ask on, for as long as the program runs: connected beside all else, and closed last."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.services import Services
    from bot.surface_ports import Surface

#: So long have all platforms to answer what was asked and to close, in seconds.
CLOSE_S = 4.0


class Connected:
    """The surfaces of a running program."""

    def __init__(self, surfaces: Sequence[Surface], tasks: Sequence[asyncio.Task[None]]) -> None:
        self._surfaces = surfaces
        self._tasks = tasks

    async def beside(self, work: Coroutine[object, object, None] | None = None) -> None:
        """Until ``work`` is done, where there is any, or a platform refuses the bot, which is raised: SurfaceError.
        However it ends, nothing new is begun afterwards that somebody asks for on a platform."""
        own = asyncio.create_task(work if work is not None else _for_ever())
        try:
            done, _ = await asyncio.wait([own, *self._tasks], return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for surface in self._surfaces:
                surface.hush()
            await _ended([own])


@asynccontextmanager
async def connected(
    services: Services, surfaces: Sequence[Surface], ready: Callable[[str], None]
) -> AsyncIterator[Connected]:
    """Connect each surface; at the end of the block each answers what was asked and closes. ``ready`` is told the
    platform when people can ask there."""
    tasks = [asyncio.create_task(one.run(services, partial(ready, one.platform))) for one in surfaces]
    try:
        yield Connected(surfaces, tasks)
    finally:
        await _ended(tasks)


async def _ended(tasks: Sequence[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks, timeout=CLOSE_S)


async def _for_ever() -> None:
    await asyncio.Event().wait()
