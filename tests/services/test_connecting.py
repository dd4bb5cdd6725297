"""Platforms beside all else: in which order they are hushed and closed, and what a refusal ends."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from bot.errors import SurfaceError
from bot.services import Services
from bot.services.connecting import connected
from bot.surface_ports import Surface

NO_SERVICES = cast(Services, None)


@dataclass
class Told:
    """A platform that writes down what it is told."""

    steps: list[str] = field(default_factory=list)
    refuses: asyncio.Event = field(default_factory=asyncio.Event)
    platform: str = "discord"
    messenger: Any = None

    async def run(self, services: Services, ready: Callable[[], None]) -> None:
        ready()
        try:
            await self.refuses.wait()
            raise SurfaceError("the token is revoked")
        except asyncio.CancelledError:
            await asyncio.sleep(0)
            self.steps.append("closed")
            raise

    def hush(self) -> None:
        self.steps.append("hushed")


async def test_it_is_hushed_first_and_closed_after_all_that_stands_between() -> None:
    one, ready = Told(), list[str]()
    async with connected(NO_SERVICES, [cast(Surface, one)], ready.append) as there:
        await there.beside(asyncio.sleep(0.01))
        one.steps.append("the outbox finished")
    assert one.steps == ["hushed", "the outbox finished", "closed"]
    assert ready == ["discord"]


async def test_a_refusal_ends_the_work_beside_it_and_is_raised() -> None:
    one, ended = Told(), list[str]()

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("work")

    async with asyncio.timeout(30), connected(NO_SERVICES, [cast(Surface, one)], lambda _: None) as there:
        one.refuses.set()
        with pytest.raises(SurfaceError, match="revoked"):
            await there.beside(work())
    assert ended == ["work"]


async def test_without_work_it_goes_on_until_it_is_told_to_end() -> None:
    one = Told()
    async with connected(NO_SERVICES, [cast(Surface, one)], lambda _: None) as there:
        going_on = asyncio.create_task(there.beside())
        await asyncio.sleep(0.05)
        assert not going_on.done()
        going_on.cancel()
        await asyncio.gather(going_on, return_exceptions=True)
        assert one.steps == ["hushed"]


async def test_an_error_of_the_work_is_raised() -> None:
    async def work() -> None:
        raise ValueError("broken")

    async with connected(NO_SERVICES, [], lambda _: None) as there:
        with pytest.raises(ValueError, match="broken"):
            await there.beside(work())
