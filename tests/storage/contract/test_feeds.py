"""What is remembered of feeds: kept as it came, due when it is due, and one poll stored whole or not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.domain import (
    DEFAULT_COMMUNITY,
    Chapter,
    CommunityId,
    Edition,
    EpisodeImport,
    Fix,
    Level,
    Place,
    Show,
    ShowId,
    Viewer,
    Withhold,
)
from bot.errors import NotFound, StorageFull
from bot.feed_memory import FeedState, KnownItem, PollChanges, Resource, ShowFacts
from bot.ports import LineRange, Storage
from bot.rules.ids import new_id
from storage.sqlite import SqliteStorage
from tests.storage.build import MEMBER, OPERATOR, TURNS, episode_import, shelved, show, transcript

OURS = DEFAULT_COMMUNITY
OTHER = CommunityId("other")
NOON = datetime(2024, 5, 1, 12, 0, 0, 123456, UTC)
FEED = "https://feeds.example.org/harbour"


def state(show: ShowId, **given: object) -> FeedState:
    return replace(FeedState(show, FEED), **given)  # type: ignore[arg-type]


def item(id: str = "i1", key: str = "one", **given: object) -> KnownItem:
    return replace(KnownItem(id, key, NOON, NOON), **given)  # type: ignore[arg-type]


def resource(key: str = "one", name: str = "one.vtt", **given: object) -> Resource:
    return replace(Resource(key, "transcript", f"https://example.org/{name}"), **given)  # type: ignore[arg-type]


def told(key: str = "one", **given: object) -> EpisodeImport:
    return replace(EpisodeImport(key, key.title()), **given)  # type: ignore[arg-type]


FULL = FeedState(
    ShowId(""), FEED, "youtube", 'W/"a b"', "Wed, 01 May 2024", "hash", NOON, NOON, NOON, NOON, NOON, 3, "slow",
    "410", "https://moved.example.org/", 2,
)  # fmt: skip


async def test_a_feed_comes_back_as_it_was_put(storage: Storage) -> None:
    home = await shelved(storage)
    full = replace(FULL, show=home.id)
    await storage.put_feed(state(home.id))
    await storage.put_feed(full)
    assert await storage.feed(home.id) == state(home.id)
    assert await storage.feed(home.id, "youtube") == full
    assert await storage.feeds() == [state(home.id), full]
    await storage.put_feed(state(home.id, url="https://new.example.org/", failures=1))
    assert await storage.feed(home.id) == state(home.id, url="https://new.example.org/", failures=1)
    await storage.drop_feed(home.id, "main")
    assert await storage.feeds() == [full]


@pytest.mark.parametrize("etag", ['W/"x"', "", '"caf\udce9"', '"café\x00"', "\udcff\udcfe", '"\\"'])
async def test_validators_are_kept_verbatim(storage: Storage, etag: str) -> None:
    home = await shelved(storage)
    await storage.put_feed(state(home.id, etag=etag, modified=etag))
    await storage.apply_poll(PollChanges(state(home.id, etag=etag, modified=etag), (told(),)))
    assert await storage.feed(home.id) == state(home.id, etag=etag, modified=etag)
    await storage.note_polls([state(home.id, etag=etag * 2)])
    assert await storage.feed(home.id) == state(home.id, etag=etag * 2)


async def test_times_are_kept_in_utc(storage: Storage) -> None:
    home = await shelved(storage)
    there = NOON.astimezone(timezone(timedelta(hours=5)))
    await storage.put_feed(state(home.id, next_at=there))
    found = await storage.feed(home.id)
    assert found is not None
    assert found.next_at == NOON
    assert found.next_at.tzinfo == UTC
    with pytest.raises(ValueError, match="zone"):
        await storage.put_feed(state(home.id, next_at=NOON.replace(tzinfo=None)))


async def test_a_feed_of_no_show_is_refused(storage: Storage) -> None:
    with pytest.raises(NotFound):
        await storage.put_feed(state(ShowId("nowhere")))
    with pytest.raises(NotFound):
        await storage.apply_poll(PollChanges(state(ShowId("nowhere"))))
    assert await storage.feed(ShowId("nowhere")) is None


async def test_due_feeds_are_those_of_shelved_shows_longest_due_first(storage: Storage) -> None:
    never, late, early, later, stopped, gone = [await shelved(storage, name) for name in "abcdef"]
    for home, next_at in ((early, -60), (late, 0), (later, 1)):
        await storage.put_feed(state(home.id, next_at=NOON + timedelta(seconds=next_at)))
    await storage.put_feed(state(never.id))
    await storage.put_feed(state(stopped.id, stopped="410 Gone"))
    await storage.put_feed(state(gone.id))
    await storage.unshelve(OURS, gone.id)
    assert [each.show for each in await storage.due_feeds(NOON, 9)] == [never.id, early.id, late.id]
    assert [each.show for each in await storage.due_feeds(NOON, 2)] == [never.id, early.id]
    assert gone.id not in {each.show for each in await storage.feeds()}
    assert await storage.feed(gone.id) == state(gone.id)
    await storage.shelve(OTHER, gone.id, "theirs")
    assert gone.id in {each.show for each in await storage.due_feeds(NOON, 9)}


async def test_noted_polls_move_no_counter_and_bring_no_dropped_feed_back(storage: Storage) -> None:
    one, two = await shelved(storage, "one"), await shelved(storage, "two")
    await storage.put_feed(state(one.id))
    n = await storage.last_change()
    await storage.note_polls([state(one.id, etag='"2"', checked_at=NOON), state(two.id)])
    assert await storage.last_change() == n
    assert await storage.feeds() == [state(one.id, etag='"2"', checked_at=NOON)]


async def test_a_show_is_found_by_its_feed_unless_it_is_private(storage: Storage) -> None:
    home = await storage.put_show(OURS, replace(show(), feed_url=FEED))
    assert await storage.show_of_feed(FEED) == home.id
    await storage.put_feed(state(home.id, url="https://moved.example.org/"))
    assert await storage.show_of_feed("https://moved.example.org/") == home.id
    assert await storage.show_of_feed("https://other.example.org/") is None
    await storage.unshelve(OURS, home.id)
    assert await storage.show_of_feed(FEED) == home.id
    await storage.put_show(OURS, replace(home, private=True))
    assert await storage.show_of_feed(FEED) is None
    secret = "https://feeds.example.org/x?token=abc"
    await storage.put_show(OURS, replace(show("paid"), feed_url=secret))
    assert await storage.show_of_feed(secret) is None


async def test_one_poll_is_stored_whole(storage: Storage) -> None:
    home = await shelved(storage)
    facts = ShowFacts("The Harbour", "Ann", "On the sea.", "https://example.org/i.png", "https://example.org/", "de")
    full = item(
        guids=("g2", "g1"), links=("l",), enclosures=("e",), titles=('"', "ü"), published=NOON, duration_s=1.5,
        fingerprint="f", missing=2, withdrawn_at=NOON, role="youtube",
    )  # fmt: skip
    wanted = resource(type="text/vtt", language="en", rel="captions", etag='"1"', next_at=NOON, error="x", hash="h")
    n = await storage.last_change()
    changes = PollChanges(state(home.id, baseline_at=NOON), (told(guid="g2"), told("two")), (full,), (wanted,), facts)
    saved = await storage.apply_poll(changes)
    assert [each.outcome for each in saved] == ["new", "new"]
    assert await storage.feed(home.id) == state(home.id, baseline_at=NOON)
    [seen] = await storage.shows(OPERATOR)
    assert (seen.title, seen.author, seen.summary) == ("The Harbour", "Ann", "On the sea.")
    assert (seen.image, seen.page_url, seen.language) == ("https://example.org/i.png", "https://example.org/", "de")
    assert await storage.known_items(home.id) == [full]
    assert await storage.resources(home.id) == [wanted]
    assert {each.id for each in await storage.episodes(MEMBER)} == {each.episode for each in saved}
    assert [each.kind for each in await storage.changes_since(n)] == ["overlay", "episode", "episode"]


async def test_the_same_poll_again_changes_nothing(storage: Storage) -> None:
    home = await shelved(storage)
    changes = PollChanges(state(home.id), (told(chapters=(), people=()),), (item(),), (resource(),), ShowFacts("X"))
    await storage.apply_poll(changes)
    n = await storage.last_change()
    assert [each.outcome for each in await storage.apply_poll(changes)] == ["same"]
    assert await storage.last_change() == n


async def test_show_facts_that_are_not_told_stay(storage: Storage) -> None:
    home = await storage.put_show(OURS, replace(show(), author="Ann", offset_s=2.5, link_template="{url}"))
    await storage.apply_poll(PollChanges(state(home.id), show=ShowFacts(summary="New.")))
    assert await storage.shows(OPERATOR) == [replace(home, summary="New.")]


async def test_items_are_replaced_by_their_id_and_keep_their_order(storage: Storage) -> None:
    home = await shelved(storage)
    await storage.apply_poll(PollChanges(state(home.id), (told(), told("two")), (item("i2", "two"), item("i1"))))
    await storage.apply_poll(PollChanges(state(home.id), (), (item("i3"), item("i2", "one", missing=1))))
    assert await storage.known_items(home.id) == [item("i2", "one", missing=1), item("i1"), item("i3")]
    other = await shelved(storage, "other")
    await storage.apply_poll(PollChanges(state(other.id), (told(),), (item("i1"),)))
    assert await storage.known_items(other.id) == [item("i1")]


async def test_known_resources_keep_their_state(storage: Storage) -> None:
    home = await shelved(storage)
    await storage.apply_poll(PollChanges(state(home.id), (told(),), (), (resource(),)))
    used = resource(state="used", etag='"1"', fetched_at=NOON, next_at=NOON, failures=1)
    n = await storage.last_change()
    await storage.note_resources(home.id, [used, resource(name="never-added.vtt")])
    assert await storage.last_change() == n
    await storage.apply_poll(PollChanges(state(home.id), (), (), (resource(), resource(name="two.vtt"))))
    assert await storage.resources(home.id, "one") == [used, resource(name="two.vtt")]
    assert await storage.resources(home.id, "none") == []


async def test_due_resources_are_of_shelved_shows_newest_episodes_first(storage: Storage) -> None:
    home, hidden = await shelved(storage), await shelved(storage, "hidden")
    episodes = tuple(told(key, published=NOON + timedelta(days=day)) for day, key in enumerate(("old", "mid", "new")))
    due = [
        resource("old", "wanted"),
        resource("new", "late", state="failed", next_at=NOON),
        resource("mid", "chapters", kind="chapters"),
    ]
    not_due = [
        resource("new", "soon", next_at=NOON + timedelta(seconds=1)),
        resource("new", "done", state="used"),
        resource("new", "tried", state="failed"),
    ]
    await storage.apply_poll(PollChanges(state(home.id), episodes, (), (*not_due, *due)))
    await storage.apply_poll(PollChanges(state(hidden.id), (told(),), (), (resource(),)))
    await storage.unshelve(OURS, hidden.id)
    assert await storage.due_resources(NOON, 9) == [(home.id, due[1]), (home.id, due[2]), (home.id, due[0])]
    assert await storage.due_resources(NOON, 1) == [(home.id, due[1])]
    assert await storage.due_resources(NOON, 9, home.id, "chapters") == [(home.id, due[2])]
    assert await storage.due_resources(NOON, 9, hidden.id) == []
    assert [each.episode for each in await storage.resources(home.id)] == ["new"] * 4 + ["mid", "old"]


async def test_overlays_of_every_community_are_found_again_by_a_poll(storage: Storage) -> None:
    home = await shelved(storage)
    await storage.shelve(OTHER, home.id, "theirs")
    [saved] = await storage.apply_poll(PollChanges(state(home.id), (episode_import(),)))
    anchor = await storage.anchor(MEMBER, LineRange(saved.episode, 3, 3))
    gone = await storage.anchor(MEMBER, LineRange(saved.episode, 6, 6))
    assert anchor is not None
    assert gone is not None
    await storage.put(OURS, Fix("f1", anchor, "speaker", "Dee"), "ann")
    await storage.put(OTHER, Withhold("w1", Level.hidden, anchor=anchor), "zed")
    await storage.put(OTHER, Fix("f2", gone, "speaker", "Eve"), "zed")
    said = transcript([("Cy", "This is the harbour show from the old pier."), *TURNS[:3]])
    [again] = await storage.apply_poll(PollChanges(state(home.id), (told(title="One", transcript=said),)))
    assert (again.outcome, again.lost) == ("changed", ("f2",))
    assert [line.n for line in await storage.lines(MEMBER, saved.episode) if line.speaker == "Dee"] == [4]
    assert 4 not in [line.n for line in await storage.lines(Viewer(OTHER), saved.episode)]


async def test_a_poll_replaces_the_enclosures_of_a_private_show_and_tells_none(storage: Storage) -> None:
    hall = Place("discord", "guild", "hall")
    home = await storage.put_show(OURS, replace(show(), private=True, places=(hall,)))
    page, old, new = (
        Edition("page", "https://example.org/1"),
        Edition("audio", "https://cdn.example.org/1.mp3?token=old"),
        Edition("audio", "https://cdn.example.org/1.mp3?token=new"),
    )
    for audio in (old, new):
        await storage.apply_poll(PollChanges(state(home.id), (told(editions=(page, audio)),)))
    [stored] = await storage.stored_episodes(home.id)
    assert stored.editions == (page, new)
    for viewer in (replace(MEMBER, place=hall), OPERATOR):
        [seen] = await storage.episodes(viewer)
        assert seen.editions == (page,)
    await storage.save_episode(OURS, home.id, told(editions=(page,)))
    [stored] = await storage.stored_episodes(home.id)
    assert stored.editions == (page, new), "an import cannot know the enclosure"
    await storage.apply_poll(PollChanges(state(home.id), (told(editions=()),)))
    assert [each.editions for each in await storage.stored_episodes(home.id)] == [()]


async def test_what_polling_reads_is_what_is_stored(storage: Storage) -> None:
    place = Place("discord", "guild", "hall")
    home = await storage.put_show(OURS, replace(show(), private=True, places=(place,), offset_s=1.5))
    hidden = Chapter(2, 5.0, None, "Picture", image="https://example.org/2.png", hidden=True)
    chapters = (Chapter(1, 0.0, None, "Start"), hidden)
    await storage.apply_poll(
        PollChanges(state(home.id), (told("one", number=1), told("two", number=2, chapters=chapters)))
    )
    [_, one] = await storage.stored_episodes(home.id)
    await storage.put(OURS, Withhold("w1", Level.erased, episode=one.id), "ann")
    assert [each.key for each in await storage.stored_episodes(home.id)] == ["two", "one"]
    assert [each.key for each in await storage.stored_episodes(home.id, ["one", "none"])] == ["one"]
    assert await storage.stored_chapters(home.id, "two") == list(chapters)
    assert await storage.stored_chapters(home.id, "one") == []
    assert await storage.stored_show(home.id) == replace(home, places=())
    await storage.unshelve(OURS, home.id)
    assert await storage.stored_show(home.id) == Show(home.id, "", home.title)
    assert await storage.stored_show(ShowId("nowhere")) is None
    assert await storage.stored_episodes(ShowId("nowhere")) == []


async def test_what_was_fetched_is_stored_with_its_resources(storage: Storage) -> None:
    home = await shelved(storage)
    await storage.apply_poll(PollChanges(state(home.id), (told(number=7, guid="g"),), (), (resource(),)))
    used = resource(state="used", hash="h", fetched_at=NOON)
    saved = await storage.store_fetched(home.id, told(transcript=transcript()), [used])
    assert saved.outcome == "changed"
    [one] = await storage.episodes(MEMBER)
    assert (one.lines, one.number, one.guid) == (8, 7, "g")
    assert await storage.resources(home.id) == [used]
    with pytest.raises(NotFound):
        await storage.store_fetched(ShowId("nowhere"), told(), [])


async def test_a_key_that_stands_twice_in_a_poll_is_one_episode(storage: Storage) -> None:
    home = await shelved(storage)
    saved = await storage.apply_poll(PollChanges(state(home.id), (told(number=1), told("two"), told(season=2))))
    assert [each.outcome for each in saved] == ["new", "new", "changed"]
    [one] = await storage.stored_episodes(home.id, ["one"])
    assert (one.number, one.season) == (1, 2)


async def test_a_poll_of_many_episodes_is_cut_nowhere(storage: Storage) -> None:
    home = await shelved(storage)
    some = tuple(told(f"e{n}", number=n, people=(f"P{n}",)) for n in range(2500))
    n = await storage.last_change()
    items = tuple(item(f"i{each.number}", each.key) for each in some)
    saved = await storage.apply_poll(PollChanges(state(home.id), some, items))
    assert [each.outcome for each in saved] == ["new"] * 2500
    assert len({each.episode for each in saved}) == 2500
    found = {each.id: each for each in await storage.episodes(MEMBER)}
    assert [found[each.episode].people for each in saved] == [each.people for each in some]
    assert [each.n for each in await storage.changes_since(n, 5000)] == list(range(n + 1, n + 2501))
    assert [each.episode for each in await storage.known_items(home.id)] == [each.key for each in some]
    retold = tuple(replace(each, people=("Q",)) if each.number % 2 else each for each in some)  # type: ignore[operator]
    outcomes = [each.outcome for each in await storage.apply_poll(PollChanges(state(home.id), retold))]
    assert outcomes == ["same", "changed"] * 1250


async def test_a_poll_on_a_full_disk_leaves_everything_as_it_was(storage: Storage) -> None:
    home = await shelved(storage)
    await storage.apply_poll(PollChanges(state(home.id), (told(),), (item(),)))
    assert isinstance(storage, SqliteStorage)
    [row] = await storage._db.writer.execute_fetchall("PRAGMA page_count")
    await storage._db.writer.execute_fetchall(f"PRAGMA max_page_count = {row[0]}")
    n = await storage.last_change()
    many = tuple(told(new_id(), summary="long " * 200) for _ in range(500))
    changes = PollChanges(
        state(home.id, etag='"2"'), (told(title="Other"), *many), (item(missing=9),), (), ShowFacts("Other")
    )
    with pytest.raises(StorageFull, match="disk"):
        await storage.apply_poll(changes)
    assert await storage.feed(home.id) == state(home.id)
    assert await storage.known_items(home.id) == [item()]
    assert [each.title for each in await storage.episodes(MEMBER)] == ["One"]
    assert [each.title for each in await storage.shows(MEMBER)] == ["Harbour"]
    assert await storage.last_change() == n
    await storage._db.writer.execute_fetchall("PRAGMA max_page_count = 1000000")
    assert len(await storage.apply_poll(changes)) == 501


async def test_an_item_of_no_episode_stops_the_whole_poll(storage: Storage) -> None:
    home = await shelved(storage)
    with pytest.raises(Exception, match="episode"):
        await storage.apply_poll(PollChanges(state(home.id), (told(),), (item("i9", "nowhere"),)))
    assert (await storage.episodes(MEMBER), await storage.feed(home.id)) == ([], None)
