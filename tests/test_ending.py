"""How the program is told to end: its work is cancelled in order, and its own end or error is passed on."""

from __future__ import annotations

import asyncio
import signal

import pytest

from bot.ending import INTERRUPT, TERM, until_told


async def test_work_that_ends_ends_the_wait() -> None:
    done = []

    async def work() -> None:
        done.append(1)

    async with asyncio.timeout(30):
        await until_told(work())
    assert done == [1]


async def test_an_error_of_the_work_is_raised() -> None:
    async def work() -> None:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        await until_told(work())


@pytest.mark.parametrize("sent", [TERM, INTERRUPT])
async def test_a_signal_cancels_the_work_which_may_tidy_up(sent: signal.Signals) -> None:
    steps = []

    async def work() -> None:
        try:
            steps.append("begun")
            signal.raise_signal(sent)
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            steps.append("tidied")

    async with asyncio.timeout(30):
        await until_told(work(), (TERM, INTERRUPT))
    assert steps == ["begun", "tidied"]


async def test_without_work_the_signal_is_waited_for() -> None:
    waiting = asyncio.create_task(until_told())
    await asyncio.sleep(0.05)
    assert not waiting.done()
    signal.raise_signal(TERM)
    async with asyncio.timeout(30):
        await waiting


async def test_afterwards_signals_do_what_they_did_before() -> None:
    async def work() -> None:
        """Ends at once."""

    before = signal.getsignal(TERM)
    await until_told(work())
    assert signal.getsignal(TERM) == before
