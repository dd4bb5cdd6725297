"""Several coroutines at once, and one error out of them: whoever waits sees what went wrong itself, ungrouped."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable


async def together(works: Iterable[Coroutine[object, object, None]]) -> None:
    """Run all of them; the first that fails, or being cancelled, stops the others and is raised as it is."""
    try:
        async with asyncio.TaskGroup() as group:
            for work in works:
                group.create_task(work)
    except BaseExceptionGroup as errors:
        raise _first(errors) from errors


def _first(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
