"""What is done to posts that are there: threads, publishing, edits. On virtual time."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.alerts import Alert, Chore, Options
from bot.domain import DEFAULT_COMMUNITY, EpisodeImport, Person
from bot.posts import Post
from tests.commands.world import LIGHTHOUSES
from tests.fake_platform import DISCORD, FakePlatform, Faults, Message, each
from tests.platform_limits import Profile
from tests.services.outbox_room import OutboxRoom, outbox_room, play
from tests.storage.build import transcript
from tests.virtual_time import START

BARE = Profile("discord", DISCORD.limits, DISCORD.overall, DISCORD.place_posts)


def shown(room: OutboxRoom, one: Alert) -> Message:
    return room.platform.room(one.place).messages[one.message]


async def retitle(room: OutboxRoom, one: Alert, title: str, hours: float = 100) -> None:
    """The publisher corrects a title, and an edit is asked for, worth so many hours."""
    number = one.subject.rsplit("-", 1)[1]
    changed = EpisodeImport(f"ep-{number}", title, guid=f"{room.show}-{number}")
    await room.storage.save_episode(DEFAULT_COMMUNITY, room.show, changed)
    now = room.clock.now()
    await room.storage.put_chores([Chore(one.id, "edit", now, now + timedelta(hours=hours))])


def test_a_thread_is_opened_under_each_post_and_remembered() -> None:
    async def scene() -> None:
        wish = Options(START, thread="thread", burst_cap=20)
        platform = FakePlatform(BARE, faults=Faults(each(0.1)))
        async with outbox_room(platform, 3, options=wish) as room:
            await room.release(2)
            await room.until_quiet()
            room.check_once()
            for one in await room.alerts():
                assert one.thread == shown(room, one).thread != ""
                assert shown(room, one).thread_title

    play(scene)


def test_in_a_forum_the_post_is_the_thread() -> None:
    async def scene() -> None:
        platform = FakePlatform()
        async with outbox_room(platform, options=Options(START, thread="forum"), start=False) as room:
            platform.room(room.where[0]).kind = "forum"
            room.start()
            await room.release()
            await room.until_quiet()
            [one] = await room.alerts()
            assert one.thread == one.message
            assert [method for _, method, _ in platform.arrivals] == ["history", "send"]

    play(scene)


def test_ten_posts_an_hour_are_published_and_the_others_later() -> None:
    async def scene() -> None:
        platform = FakePlatform()
        async with outbox_room(platform, options=Options(START, publish=True, burst_cap=20)) as room:
            here = platform.room(room.where[0])
            here.kind = "announcement"
            await room.release(13)
            await asyncio.sleep(3000)
            assert sum(one.published for one in here.messages.values()) == 10
            await room.until_quiet()
            assert sum(one.published for one in here.messages.values()) == 13
            assert platform.answered[429] == 0

    play(scene)


def test_what_cannot_be_published_there_is_told_and_given_up() -> None:
    async def scene() -> None:
        async with outbox_room(FakePlatform(), options=Options(START, publish=True)) as room:
            await room.release()
            await room.until_quiet()
            room.check_once()
            [line] = await room.troubles()
            assert "publish to followers" in line

    play(scene)


def test_a_post_found_by_reading_back_gets_its_thread_too() -> None:
    async def scene() -> None:
        faults = Faults({"lost_answer": 1.0}, methods=frozenset(("send",)))
        platform = FakePlatform(BARE, faults=faults, event_s=10_000.0)
        async with outbox_room(platform, options=Options(START, thread="thread")) as room:
            await room.release()
            await room.until_quiet()
            [one] = await room.alerts()
            assert (one.state, "read back" in one.reason, one.thread == one.message) == ("posted", True, True)

    play(scene)


def test_a_corrected_title_edits_the_post_once_and_nothing_is_sent_again() -> None:
    async def scene() -> None:
        async with outbox_room(FakePlatform()) as room:
            await room.release()
            await room.until_quiet()
            [before] = await room.alerts()
            await retitle(room, before, "The whistle")
            await room.until_quiet()
            [one] = await room.alerts()
            assert ("The whistle" in shown(room, one).text, shown(room, one).edits) == (True, 1)
            assert one.digest != before.digest
            now = room.clock.now()
            await room.storage.put_chores([Chore(one.id, "edit", now, now + timedelta(days=30))])
            await room.until_quiet()
            assert shown(room, one).edits == 1  # it says so already
            room.check_once()

    play(scene)


def test_a_post_that_was_deleted_is_not_edited_and_never_sent_again() -> None:
    async def scene() -> None:
        async with outbox_room(FakePlatform(BARE)) as room:
            await room.release()
            await room.until_quiet()
            [one] = await room.alerts()
            room.platform.delete(one.place, one.message)
            await retitle(room, one, "The whistle")
            await room.until_quiet()
            assert (await room.alerts())[0].state == "deleted"
            await room.release()
            await room.until_quiet()
            room.check_once()

    play(scene)


def test_chores_are_tried_again_and_end_with_their_age() -> None:
    async def scene() -> None:
        async with outbox_room(FakePlatform()) as room:
            await room.release()
            await room.until_quiet()
            [one] = await room.alerts()
            room.platform.faults.shares = {"error_before": 1.0}
            await retitle(room, one, "The whistle", hours=6)
            await asyncio.sleep(6 * 3600)
            asked = len(room.platform.arrivals) - 2
            assert 8 < asked < 16  # after half a minute, doubling, and each hour at last
            await room.until_quiet()
            assert len(room.platform.arrivals) - 2 == asked

    play(scene)


def test_sends_go_before_chores() -> None:
    async def scene() -> None:
        async with outbox_room(FakePlatform(), options=Options(START, thread="thread", burst_cap=20)) as room:
            await room.release(4)
            await room.until_quiet()
            methods = [method for _, method, _ in room.platform.arrivals]
            assert methods == ["history", *["send"] * 4, *["thread"] * 4]

    play(scene)


def test_a_thread_that_opens_after_the_transcript_came_tells_whoever_asked_once() -> None:
    async def scene() -> None:
        faults = Faults({"error_before": 1.0}, methods=frozenset(("thread",)))
        wish = Options(START, thread="thread", burst_cap=20)
        async with outbox_room(FakePlatform(BARE, faults=faults), options=wish) as room:
            await room.release()
            while (await room.states())["posted"] < 1:  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(1)
            [one] = await room.alerts()
            await room.storage.wish(one.id, Person("discord", "7", "Mel"))
            changed = EpisodeImport("ep-0", "Episode", guid=f"{room.show}-0", transcript=transcript(LIGHTHOUSES))
            await room.storage.save_episode(DEFAULT_COMMUNITY, room.show, changed)
            await asyncio.sleep(300)
            faults.shares = {}
            await room.until_quiet(within=timedelta(hours=20))
            [word] = [a for a in await room.storage.alerts(DEFAULT_COMMUNITY) if a.kind == "transcript"]
            [one] = await room.alerts()
            assert (word.state, word.place.channel, word.subscription) == ("posted", one.thread, one.subscription)
            assert room.outbox is not None
            note = await room.outbox._desk.posts.make(word, wish)
            assert isinstance(note, Post)
            assert note.people == ("7",)
            assert len(room.platform.order(word.place)) == 1

    play(scene)
