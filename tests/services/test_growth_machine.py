"""Whatever happens in whatever order, crashes included: in the end every post tells what its episode tells, or an edit
is put down for it; and a thread hears of a transcript once, if it came after the post."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from bot.domain import DEFAULT_COMMUNITY, Alias, EpisodeImport, Level, Place, Withhold
from bot.services.growth import AGAIN, SWEEP_EVERY, Growth
from bot.services.posts import digest
from tests.commands.world import LIGHTHOUSES
from tests.services.post_room import HALL, YARD, Room, lamps, post_room
from tests.storage.build import chapters, transcript

STEPS = (
    "title", "chapters", "transcript", "no chapters", "hide", "show", "alias", "no alias",
    "follow", "crash", "restart", "edit", "minute", "late post",
)  # fmt: skip


class _Crash(Exception):
    """The program ends before it has noted where it stands."""


class _Dying(Growth):
    async def _remember(self, memory: object) -> None:
        raise _Crash


class _Life:
    """One episode with a post in the hall, and perhaps one in the yard that arrives late."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.now = lamps(bare=True)
        self.count = 0
        self.yard = False
        self.in_hall_before = False

    async def save(self, **more: object) -> None:
        self.now = replace(self.now, **more)  # type: ignore[arg-type]
        self.id = await self.room.save(self.now)

    async def step(self, name: str) -> None:
        storage, self.count = self.room.storage, self.count + 1
        match name:
            case "title":
                await self.save(title=f"Lamps {self.count}")
            case "chapters" | "no chapters":
                await self.save(chapters=chapters((0.0, f"Welcome {self.count}")) if name == "chapters" else ())
            case "transcript":
                await self.save(transcript=transcript(LIGHTHOUSES[: 2 + self.count % 4]))
            case "hide":
                await storage.put(DEFAULT_COMMUNITY, Withhold("w1", Level.hidden, episode=self.id), "ed")
            case "show":
                await storage.drop(DEFAULT_COMMUNITY, "withhold", "w1", "ed")
            case "alias":
                await storage.put(DEFAULT_COMMUNITY, Alias("a1", self.room.show.id, "Bo", f"Bo {self.count}"), "ed")
            case "no alias":
                await storage.drop(DEFAULT_COMMUNITY, "alias", "a1", "ed")
            case "minute":
                self.room.clock.at += timedelta(minutes=1)
            case _:
                await self.work(name)

    async def work(self, name: str) -> None:
        room = self.room
        match name:
            case "follow":
                await room.growth.follow()
            case "crash":
                room.growth = Growth(room.storage, room.posts, room.clock)
                try:
                    await _Dying(room.storage, room.posts, room.clock).follow()
                except _Crash:
                    event("crashed")
            case "restart":
                room.growth = Growth(room.storage, room.posts, room.clock)
            case "edit":
                for place in (HALL, YARD):
                    if await room.edits(place):
                        await room.edited(room.alert(self.id, place))
            case "late post" if not self.yard and not await room.storage.record(DEFAULT_COMMUNITY, "withhold", "w1"):
                self.yard = True
                made = digest(await room.made(room.alert(self.id, YARD)))
                await self.save(title=f"Lamps {self.count}")
                await room.growth.follow()
                await room.posted(room.alert(self.id, YARD), shows=made)

    async def settle(self) -> None:
        for _ in range(4):
            self.room.clock.at += AGAIN + SWEEP_EVERY
            await self.room.growth.follow()


async def _live(steps: list[str], first: EpisodeImport) -> None:
    async with post_room() as room:
        life = _Life(room)
        life.now = first
        await life.save()
        await room.subscribe(thread="thread")
        await room.posted(room.alert(life.id), thread="thread-1")
        for name in steps:
            await life.step(name)
        await life.settle()
        for place in (HALL, YARD) if life.yard else (HALL,):
            stored = await room.storage.alert(room.alert(life.id, place).id)
            assert stored
            assert await room.edits(place) or digest(await room.made(stored)) == stored.digest
        words = await room.words()
        assert [one.place for one in words] in ([], [Place("console", "local", "thread-1")])
        if first.transcript is not None or "transcript" not in steps:
            assert words == []
        elif "hide" not in steps:
            assert len(words) == 1


@given(st.lists(st.sampled_from(STEPS), max_size=14), st.booleans())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_post_ends_up_telling_what_its_episode_tells(steps: list[str], whole: bool) -> None:
    asyncio.run(_live(steps, lamps(bare=not whole)))
