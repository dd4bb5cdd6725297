"""Posts grow: what changed is put down to be edited once, told in threads once, and never lost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot import texts_posts
from bot.domain import DEFAULT_COMMUNITY, Alias, Edition, EpisodeId, Highlight, Level, Place, Setting, Withhold
from bot.services.growth import AGAIN, POST_AGE, SWEEP_EVERY, TOGETHER, Growth
from bot.services.posts import PostMaker, digest
from tests.commands.world import LIGHTHOUSES
from tests.feeds_made import Item, feed, vtt
from tests.feeds_made import transcript as said_in
from tests.services import feed_room
from tests.services.feed_room import BASE
from tests.services.post_room import HALL, YARD, Room, lamps, post_room
from tests.storage.build import chapters, episode_import, transcript


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    async with post_room() as made:
        yield made


async def told(room: Room, *, thread: str = "") -> EpisodeId:
    """A bare episode that was posted in the hall; all changes so far are followed."""
    await room.subscribe(thread="thread" if thread else "none")
    id = await room.save(lamps(bare=True))
    await room.posted(room.alert(id), thread=thread)
    await room.growth.follow()
    assert await room.edits() == []
    room.clock.at += AGAIN + SWEEP_EVERY
    await room.growth.follow()
    return id


BARE = lamps(bare=True)


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param(replace(BARE, title="Lamps, corrected"), id="title"),
        pytest.param(replace(BARE, chapters=chapters((0.0, "Welcome"))), id="chapters"),
        pytest.param(replace(BARE, transcript=transcript(LIGHTHOUSES)), id="transcript"),
        pytest.param(replace(BARE, withdrawn=lamps().published), id="withdrawn"),
        pytest.param(replace(BARE, image="https://harbour.example/2.jpg"), id="picture"),
        pytest.param(
            replace(BARE, editions=(*(BARE.editions or ()), Edition("spotify", "https://open.spotify.com/x"))),
            id="edition",
        ),
    ],
)
async def test_what_changed_in_an_episode_is_edited_soon(room: Room, changed: object) -> None:
    await told(room)
    await room.save(changed)  # type: ignore[arg-type]
    assert await room.growth.follow() == 1
    [chore] = await room.edits()
    assert chore.due_at == room.clock.now() + TOGETHER


async def test_what_nobody_sees_is_not_edited(room: Room) -> None:
    await told(room)
    await room.save(replace(BARE, guid="another"))
    await room.save(episode_import("other", None, title="Another episode"))
    assert await room.growth.follow() == 0
    assert await room.edits() == []


async def test_transcript_and_chapters_together_are_one_edit(room: Room) -> None:
    await told(room)
    await room.save(replace(BARE, transcript=transcript(LIGHTHOUSES)))
    await room.growth.follow()
    room.clock.at += TOGETHER / 2
    await room.save(replace(BARE, chapters=chapters((0.0, "Welcome"))))
    await room.growth.follow()
    [chore] = await room.edits()
    assert chore.due_at == room.clock.now() + TOGETHER


async def test_a_highlight_that_the_transcript_confirms_is_an_edit(room: Room) -> None:
    await told(room)
    await room.save(replace(BARE, transcript=transcript(LIGHTHOUSES)))
    await room.growth.follow()
    await room.edited(room.alert(None))
    await room.save(replace(BARE, highlights=(Highlight("So I lit a fire", 22.0, 7, 7),)))
    assert await room.growth.follow() == 1


async def test_a_premiere_that_can_be_watched_is_an_edit(room: Room) -> None:
    video = Edition("youtube", "https://youtu.be/a", premiere=True)
    await room.subscribe()
    await room.posted(room.alert(await room.save(replace(BARE, editions=(video,)))))
    await room.growth.follow()
    await room.save(replace(BARE, editions=(replace(video, premiere=False),)))
    assert await room.growth.follow() == 1


async def test_a_post_that_was_edited_is_left_alone(room: Room) -> None:
    alert = room.alert(await told(room))
    await room.save(replace(BARE, title="Lamps, corrected"))
    await room.growth.follow()
    await room.edited(alert)
    room.clock.at += AGAIN
    assert await room.growth.follow() == 0
    assert await room.edits() == []


# --- the word in the thread -------------------------------------------------------------------------------------


async def test_a_transcript_is_told_once_in_the_posts_thread(room: Room) -> None:
    id = await told(room, thread="thread-1")
    await room.save(replace(BARE, transcript=transcript(LIGHTHOUSES)))
    assert await room.growth.follow() == 2
    [word] = await room.words()
    assert (word.place, word.episode, word.state) == (Place("console", "local", "thread-1"), id, "waiting")
    assert word.reason == texts_posts.CAME_LATER
    post = await room.made(word)
    assert post.text.startswith("The transcript of “Lamps and lighthouses” is in")
    await room.save(replace(BARE, transcript=transcript(LIGHTHOUSES[:4])))
    await room.growth.follow()
    assert len(await room.words()) == 1


async def test_a_transcript_without_a_thread_is_only_an_edit(room: Room) -> None:
    await told(room)
    await room.save(replace(BARE, transcript=transcript(LIGHTHOUSES)))
    assert await room.growth.follow() == 1
    assert await room.words() == []


async def test_a_transcript_that_was_there_before_the_post_is_not_told(room: Room) -> None:
    await room.subscribe(thread="thread")
    await room.posted(room.alert(await room.save(lamps())), thread="thread-1")
    await room.save(replace(lamps(), transcript=transcript(LIGHTHOUSES[:4])))
    await room.growth.follow()
    assert await room.words() == []


async def test_an_old_posts_thread_is_not_woken(room: Room) -> None:
    await told(room, thread="thread-1")
    room.clock.at += POST_AGE
    await room.save(replace(BARE, transcript=transcript(LIGHTHOUSES)))
    await room.growth.follow()
    assert await room.words() == []
    assert len(await room.edits()) == 1


async def test_an_episode_hidden_and_shown_again_is_not_told_as_news(room: Room) -> None:
    await room.subscribe(thread="thread")
    id = await room.save(lamps())
    alert = await room.posted(room.alert(id), thread="thread-1")
    entry = await room.storage.put(DEFAULT_COMMUNITY, Withhold("w1", Level.hidden, episode=id), "ed")
    await room.growth.follow()
    await room.edited(alert)
    await room.storage.undo(DEFAULT_COMMUNITY, entry.id, "ed")
    await room.growth.follow()
    assert len(await room.edits()) == 1
    assert await room.words() == []


# --- changes that name no episode -------------------------------------------------------------------------------


async def with_transcript(room: Room) -> None:
    await room.subscribe()
    await room.subscribe(YARD)
    id = await room.save(lamps())
    await room.posted(room.alert(id))
    await room.posted(room.alert(id, YARD))
    await room.growth.follow()
    room.clock.at += AGAIN + SWEEP_EVERY
    await room.growth.follow()


async def test_an_alias_edits_every_post_that_names_the_speaker(room: Room) -> None:
    await with_transcript(room)
    await room.storage.put(DEFAULT_COMMUNITY, Alias("a1", room.show.id, "Bo", "Bo Sailor"), "ed")
    assert await room.growth.follow() == 2
    assert (len(await room.edits(HALL)), len(await room.edits(YARD))) == (1, 1)


async def test_a_person_withheld_takes_the_highlight_away(room: Room) -> None:
    await with_transcript(room)
    await room.storage.put(DEFAULT_COMMUNITY, Withhold("w1", Level.hidden, person="Bo", show=room.show.id), "ed")
    assert await room.growth.follow() == 2


async def test_a_setting_or_template_edits_nothing(room: Room) -> None:
    await with_transcript(room)
    await room.storage.put(DEFAULT_COMMUNITY, Setting("|timezone", "timezone", "Europe/Berlin"), "ada")
    await room.subscribe(template="New: {title}", thread="thread")
    assert await room.growth.follow() == 0


async def test_old_posts_are_not_swept(room: Room) -> None:
    await with_transcript(room)
    room.clock.at += POST_AGE
    await room.storage.put(DEFAULT_COMMUNITY, Alias("a1", room.show.id, "Bo", "Bo Sailor"), "ed")
    assert await room.growth.follow() == 0


async def test_sweeps_keep_their_distance_and_none_is_forgotten(room: Room) -> None:
    await with_transcript(room)
    await room.storage.put(DEFAULT_COMMUNITY, Setting("|timezone", "timezone", "Europe/Berlin"), "ada")
    assert await room.growth.follow() == 0
    await room.storage.put(DEFAULT_COMMUNITY, Alias("a1", room.show.id, "Bo", "Bo Sailor"), "ed")
    assert await room.growth.follow() == 0
    room.clock.at += SWEEP_EVERY
    assert await room.growth.follow() == 2


# --- nothing is lost --------------------------------------------------------------------------------------------


async def test_a_post_that_was_on_its_way_is_looked_at_again(room: Room) -> None:
    await room.subscribe()
    id = await room.save(BARE)
    alert = room.alert(id)
    old = digest(await room.made(alert))
    await room.save(replace(BARE, title="Lamps, corrected"))
    await room.growth.follow()
    # What was made before the correction arrives only now.
    await room.posted(alert, shows=old)
    assert await room.growth.follow() == 0
    room.clock.at += AGAIN
    assert await room.growth.follow() == 1


async def test_another_start_goes_on_where_the_last_one_stood(room: Room) -> None:
    await told(room)
    await room.save(replace(BARE, title="Lamps, corrected"))
    again = Growth(room.storage, room.posts, room.clock)
    assert await again.follow() == 1
    assert await Growth(room.storage, room.posts, room.clock).follow() == 0


async def test_a_crash_before_the_place_is_noted_loses_nothing(room: Room) -> None:
    class Crash(Exception):
        pass

    class Dying(Growth):
        async def _remember(self, memory: object) -> None:
            raise Crash

    await told(room, thread="thread-1")
    await room.save(replace(BARE, transcript=transcript(LIGHTHOUSES)))
    with pytest.raises(Crash):
        await Dying(room.storage, room.posts, room.clock).follow()
    assert await Growth(room.storage, room.posts, room.clock).follow() == 1
    assert (len(await room.words()), len(await room.edits())) == (1, 1)


async def test_a_lost_or_foreign_memory_compares_everything_again(room: Room) -> None:
    from bot.services.growth import CURSOR

    await told(room)
    await room.save(replace(BARE, title="Lamps, corrected"))
    for body in ("", "nonsense", "[]", '{"seen": 1, "swept": "x", "later": 3}', '{"seen": 99999999}'):
        await room.storage.cache(CURSOR, body)
        assert await Growth(room.storage, room.posts, room.clock).follow() > 0
        assert len(await room.edits()) == 1


async def test_a_deleted_post_stays_deleted(room: Room) -> None:
    await told(room)
    await room.save(replace(BARE, title="Lamps, corrected"))
    await room.growth.follow()
    [chore] = await room.edits()
    stored = await room.storage.alert(chore.alert)
    assert stored
    await room.storage.end_chore(chore, replace(stored, state="deleted"))
    await room.save(replace(BARE, title="Lamps, corrected again"))
    assert await room.growth.follow() == 0


async def test_many_posts_are_compared_in_slices(room: Room) -> None:
    from bot.services.growth import SLICE

    id = await room.save(BARE)
    places = [Place("console", "local", f"p{n}") for n in range(SLICE + 3)]
    for place in places:
        await room.posted(room.alert(id, place))
    await room.growth.follow()
    await room.save(replace(BARE, title="Lamps, corrected"))
    assert await room.growth.follow() == len(places)


# --- the whole way from a feed ----------------------------------------------------------------------------------


async def test_a_transcript_that_the_feed_names_later_is_fetched_and_grows_the_post() -> None:
    async with feed_room.room() as web:
        home = await web.add(feed(BASE, [Item(1, "Steam")]))
        posts = PostMaker(web.storage, web.clock)
        room = Room(web.storage, web.clock, posts, Growth(web.storage, posts, web.clock), home)
        await web.poll(feed(BASE, [Item(1, "Steam"), Item(2, "Whistles")]))
        whistles = next(one for one in await web.episodes() if one.title == "Whistles")
        await room.posted(room.alert(whistles.id), thread="thread-1")
        await room.growth.follow()
        url = f"{BASE}/2.vtt"
        links = said_in(url, "text/vtt")
        web.web.put(url, vtt(("Ann", "A kettle sings before it boils, and nobody listens to it any more.")))
        await web.poll(feed(BASE, [Item(1, "Steam"), Item(2, "Whistles", links)]))
        assert (await web.resources.fetch()).transcripts == 1
        assert await room.growth.follow() == 2
        assert len(await room.edits()) == 1
        [word] = await room.words()
        assert (await room.made(word)).text == "The transcript of “Whistles” is in: you can /quote it now."
