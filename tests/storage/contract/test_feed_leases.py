"""Feeds are polled by whoever leased them, until their state is written; hubs say when to look."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.alerts import Hub
from bot.domain import Show, ShowId
from bot.errors import NotFound
from bot.feed_memory import FeedState, PollChanges
from bot.ports import Storage
from tests.storage.alerting import DAY, HOUR, LEASE_S, MINUTE, NOON, OURS, RUN, SECOND, TWIN
from tests.storage.build import shelved


async def fed(storage: Storage, slug: str = "harbour", at: datetime | None = NOON) -> FeedState:
    home = await shelved(storage, slug)
    return await storage.put_feed(FeedState(home.id, f"https://f.example/{slug}", next_at=at, version=0))


async def taken(storage: Storage, now: datetime = NOON, run: str = RUN, limit: int = 9) -> list[ShowId]:
    return [each.show for each in await storage.claim_feeds(run, now, LEASE_S, limit)]


async def test_feeds_are_claimed_longest_due_first(storage: Storage) -> None:
    late, soon, new = await fed(storage), await fed(storage, "b", NOON - DAY), await fed(storage, "c", None)
    assert await taken(storage, NOON - DAY - SECOND) == [new.show]
    assert await taken(storage, limit=1) == [soon.show]
    assert await taken(storage, limit=0) == []
    assert await taken(storage) == [new.show, late.show], "a lapsed lease has its turn when it lapsed"


async def test_a_claimed_feed_is_given_to_nobody_until_the_lease_lapses(storage: Storage) -> None:
    state = await fed(storage)
    [given] = await storage.claim_feeds(RUN, NOON, LEASE_S, 9)
    assert given == state
    assert given.version == state.version
    for run in (RUN, TWIN):
        assert await taken(storage, NOON + MINUTE - SECOND, run) == []
    assert await storage.next_feed_at() == NOON + MINUTE
    assert await taken(storage, NOON + MINUTE, TWIN) == [state.show]


async def test_two_claimers_never_share_a_feed(storage: Storage) -> None:
    shows = [(await fed(storage, f"s{n}")).show for n in range(12)]
    found = await asyncio.gather(*(taken(storage, run=f"run{n}", limit=5) for n in range(4)))
    assert sorted(each for claim in found for each in claim) == sorted(shows)


Write = Callable[[Storage, FeedState], Awaitable[object]]
WRITES: dict[str, Write] = {
    "put_feed": lambda storage, state: storage.put_feed(state),
    "note_polls": lambda storage, state: storage.note_polls([state]),
    "apply_poll": lambda storage, state: storage.apply_poll(PollChanges(state)),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
async def test_writing_the_state_ends_the_lease(storage: Storage, write: Write) -> None:
    await fed(storage)
    [state] = await storage.claim_feeds(RUN, NOON, LEASE_S, 9)
    await write(storage, replace(state, next_at=NOON + SECOND))
    assert await storage.next_feed_at() == NOON + SECOND
    assert await taken(storage, NOON + SECOND, TWIN) == [state.show]


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
async def test_the_rhythm_and_the_hub_are_kept(storage: Storage, write: Write) -> None:
    state = await fed(storage)
    told = replace(state, rhythm="mon 18", hub="https://hub.example/", topic="https://f.example/t")
    await write(storage, told)
    assert await storage.feed(state.show) == told
    assert await storage.feeds() == [told]
    assert await storage.due_feeds(NOON, 9) == [told]
    assert await storage.claim_feeds(RUN, NOON, LEASE_S, 9) == [told]


async def test_stopped_and_unshelved_feeds_are_not_claimed(storage: Storage) -> None:
    stopped, gone = await fed(storage), await fed(storage, "gone")
    await storage.put_feed(replace(stopped, stopped="410"))
    await storage.unshelve(OURS, gone.show)
    assert await taken(storage, NOON + DAY) == []
    assert await storage.next_feed_at() is None


async def test_a_feed_never_looked_at_is_due_from_the_beginning(storage: Storage) -> None:
    assert await storage.next_feed_at() is None
    await fed(storage, at=None)
    at = await storage.next_feed_at()
    assert at == datetime.min.replace(tzinfo=UTC)


async def test_a_hint_makes_a_feed_due_now(storage: Storage) -> None:
    state = await fed(storage, at=NOON + DAY)
    await storage.hint_feed(state.show, "youtube", NOON)
    assert await taken(storage) == []
    await storage.hint_feed(state.show, "main", NOON)
    assert await storage.next_feed_at() == NOON
    await storage.hint_feed(state.show, "main", NOON + HOUR)
    assert await storage.next_feed_at() == NOON, "a later hint puts nothing off"
    now = await storage.feed(state.show)
    assert now is not None
    assert now.version == state.version
    assert await taken(storage) == [state.show]


async def test_a_stopped_feed_stays_stopped(storage: Storage) -> None:
    state = await fed(storage, at=NOON + DAY)
    await storage.put_feed(replace(state, stopped="410"))
    await storage.hint_feed(state.show, "main", NOON)
    assert await taken(storage) == []
    assert (await storage.feeds())[0].next_at == NOON + DAY


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
async def test_a_hint_during_a_poll_leads_to_another_one(storage: Storage, write: Write) -> None:
    """What was published may have come after the poll had read the feed."""
    await fed(storage)
    [state] = await storage.claim_feeds(RUN, NOON, LEASE_S, 9)
    await storage.hint_feed(state.show, "main", NOON + SECOND)
    await write(storage, replace(state, next_at=NOON + HOUR))
    assert await storage.next_feed_at() == NOON + SECOND
    [again] = await storage.claim_feeds(RUN, NOON + SECOND, LEASE_S, 9)
    await write(storage, replace(again, next_at=NOON + HOUR))
    assert await storage.next_feed_at() == NOON + HOUR


def hub(show: Show, **said: object) -> Hub:
    base = Hub("hub1", show.id, "main", "https://hub.example/", "https://f.example/", "secret")
    return replace(base, **said)  # type: ignore[arg-type]


async def test_hubs_come_back_as_they_went_in(storage: Storage) -> None:
    show, more = await shelved(storage), await shelved(storage, "more")
    full = hub(
        show, state="verified", next_at=NOON, expires_at=NOON + DAY, heard_at=NOON, failures=2, error="busy"
    )  # fmt: skip
    other = hub(more, id="hub2", role="youtube")
    await storage.put_hub(full)
    await storage.put_hub(other)
    assert (await storage.hub("hub1"), await storage.hub("hub2"), await storage.hub("x")) == (full, other, None)
    assert sorted(each.id for each in await storage.hubs()) == ["hub1", "hub2"]
    assert await storage.hubs(show.id) == [full]
    await storage.put_hub(hub(show, id="hub3"))
    assert await storage.hub("hub1") is None, "one for each feed"
    await storage.drop_hub(show.id, "main")
    assert await storage.hubs() == [other]
    with pytest.raises(NotFound):
        await storage.put_hub(hub(replace(show, id=ShowId("nobody"))))


async def test_hubs_are_asked_when_they_are_due(storage: Storage) -> None:
    shows = [await shelved(storage, f"s{n}") for n in range(4)]
    given: tuple[dict[str, object], ...] = (
        {"next_at": NOON + HOUR},
        {},
        {"next_at": NOON, "state": "verified"},
        {"state": "refused"},
    )
    for n, (show, said) in enumerate(zip(shows, given, strict=True)):
        await storage.put_hub(hub(show, id=f"hub{n}", **said))
    assert [each.id for each in await storage.due_hubs(NOON, 9)] == ["hub1", "hub2"]
    assert [each.id for each in await storage.due_hubs(NOON + DAY, 9)] == ["hub1", "hub2", "hub0"]
    assert [each.id for each in await storage.due_hubs(NOON + DAY, 1)] == ["hub1"]
