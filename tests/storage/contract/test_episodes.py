"""Episodes as stored and read: parts, order, outcome, counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.domain import (
    DEFAULT_COMMUNITY,
    Alias,
    Change,
    Edition,
    EpisodeId,
    Fix,
    Highlight,
    Level,
    Made,
    Place,
    Viewer,
    Withhold,
)
from bot.ports import LineRange, SpeakerCount, Storage
from tests.storage import build
from tests.storage.build import MEMBER, OPERATOR, TURNS, chapters, episode_import, shelved, stored, transcript

DAY = datetime(2024, 5, 1, 12, 30, tzinfo=UTC)


async def test_all_parts_of_an_episode_come_back(storage: Storage) -> None:
    given = episode_import(
        "one",
        title="Keepers",
        number=7,
        guid="tag:x,1",
        published=DAY.astimezone(timezone(timedelta(hours=2))),
        summary="Of lighthouses.",
        people=("Bo", "Ann"),
        editions=(Edition("page", "https://x.test/1"), Edition("youtube", "https://y.test/1", 12.5)),
        chapters=chapters((0, "Arrival"), (15.25, "Night")),
        highlights=(Highlight("We had no radio at all.", 21.0, 6, 6), Highlight("Else", None)),
    )
    id = await stored(storage, replace(given, season=2, duration_s=31.5))
    episode = await storage.episode(MEMBER, id)
    assert episode is not None
    [show] = await storage.shows(MEMBER)
    assert (episode.show, episode.show_slug, episode.show_title) == (show.id, "harbour", "Harbour")
    assert (episode.key, episode.title, episode.number, episode.season) == ("one", "Keepers", 7, 2)
    assert (episode.guid, episode.published, episode.duration_s) == ("tag:x,1", DAY, 31.5)
    assert (episode.summary, episode.people, episode.editions) == ("Of lighthouses.", ("Bo", "Ann"), given.editions)
    assert episode.lines == 8
    assert await storage.chapters(MEMBER, id) == list(given.chapters or ())
    assert await storage.highlights(MEMBER, id) == list(given.highlights or ())
    assert await storage.lines(MEMBER, id) == list(transcript().lines)


async def test_lines_without_times_come_back(storage: Storage) -> None:
    id = await stored(storage, episode_import(timed=False))
    assert await storage.lines(MEMBER, id) == list(transcript(timed=False).lines)


async def test_an_episode_may_have_no_transcript_yet(storage: Storage) -> None:
    id = await stored(storage, episode_import(turns=None))
    episode = await storage.episode(MEMBER, id)
    assert episode is not None
    assert episode.lines == 0
    assert await storage.lines(MEMBER, id) == []
    assert await storage.indexed_episodes() == []
    assert await storage.indexed_episode(id) is None
    assert await stored(storage, episode_import()) == id
    assert await storage.indexed_episodes() == [id]


PAGE, VIDEO = Edition("page", "https://x.test/1"), Edition("youtube", "https://y.test/1", 12.5)
ENCLOSURE = Edition("audio", "https://cdn.test/listener-secret/1.mp3")


@pytest.mark.parametrize("viewer", [MEMBER, OPERATOR], ids=["a member in its place", "the operator"])
async def test_a_private_show_names_its_page_and_never_the_enclosure(storage: Storage, viewer: Viewer) -> None:
    place = Place("discord", "guild", "patrons")
    viewer = replace(viewer, place=place)
    show = await shelved(storage)
    mistaken = Edition("page", ENCLOSURE.url)  # a feed whose item links the file
    given = episode_import(editions=(mistaken, PAGE, ENCLOSURE, VIDEO), published=DAY)
    id = (await storage.save_episode(DEFAULT_COMMUNITY, show.id, given)).episode
    [public] = await storage.episodes(viewer)
    assert public.editions == given.editions
    await storage.put_show(DEFAULT_COMMUNITY, replace(show, private=True, places=(place,)))
    alone, [listed] = await storage.episode(viewer, id), await storage.episodes(viewer)
    assert alone == listed
    assert listed.editions == (PAGE, VIDEO)
    await storage.put_show(DEFAULT_COMMUNITY, replace(show, private=False))
    assert await storage.episode(viewer, id) == public


async def test_an_import_that_could_not_read_the_enclosure_leaves_it(storage: Storage) -> None:
    show = await storage.put_show(DEFAULT_COMMUNITY, replace(build.show(), private=True))
    given = episode_import(editions=(PAGE, ENCLOSURE))
    id = (await storage.save_episode(DEFAULT_COMMUNITY, show.id, given)).episode
    again = await storage.save_episode(DEFAULT_COMMUNITY, show.id, replace(given, editions=(PAGE,)))
    assert again.outcome == "same"
    await storage.save_episode(DEFAULT_COMMUNITY, show.id, replace(given, editions=(VIDEO,)))
    moved = replace(ENCLOSURE, url="https://cdn.test/other/1.mp3")
    await storage.put_show(DEFAULT_COMMUNITY, replace(show, private=False))
    episode = await storage.episode(MEMBER, id)
    assert episode is not None
    assert episode.editions == (VIDEO, ENCLOSURE)
    await storage.put_show(DEFAULT_COMMUNITY, replace(show, private=True))
    await storage.save_episode(DEFAULT_COMMUNITY, show.id, replace(given, editions=(VIDEO, moved)))
    await storage.put_show(DEFAULT_COMMUNITY, replace(show, private=False))
    episode = await storage.episode(MEMBER, id)
    assert episode is not None
    assert episode.editions == (VIDEO, moved)


@pytest.mark.parametrize("made", ["publisher", "machine", "corrected"])
async def test_an_episode_says_how_its_transcript_was_made(storage: Storage, made: Made) -> None:
    id = await stored(storage, replace(episode_import(), transcript=transcript(made=made)))
    alone, [listed] = await storage.episode(MEMBER, id), await storage.episodes(MEMBER)
    assert alone == listed
    assert listed.made == made


async def test_newest_first_by_date_then_number_then_key(storage: Storage) -> None:
    await stored(storage, episode_import("undated-3", None, number=3))
    await stored(storage, episode_import("undated-a", None))
    await stored(storage, episode_import("undated-b", None))
    await stored(storage, episode_import("undated-12", None, number=12))
    await stored(storage, episode_import("old", None, published=DAY))
    await stored(storage, episode_import("new", None, published=DAY + timedelta(milliseconds=1)))
    keys = ["new", "old", "undated-12", "undated-3", "undated-b", "undated-a"]
    assert [each.key for each in await storage.episodes(MEMBER)] == keys
    assert [each.key for each in await storage.episodes(MEMBER, limit=2, offset=1)] == keys[1:3]


async def test_episodes_of_one_show(storage: Storage) -> None:
    await stored(storage, episode_import("a"), "harbour")
    await stored(storage, episode_import("b"), "mountain")
    [harbour] = [show for show in await storage.shows(MEMBER) if show.slug == "harbour"]
    assert [each.key for each in await storage.episodes(MEMBER, harbour.id)] == ["a"]


async def test_storing_the_same_again_changes_nothing(storage: Storage) -> None:
    show = await shelved(storage)
    given = episode_import(people=("Ann",), chapters=chapters((0, "A")), published=DAY, summary="")
    first = await storage.save_episode(DEFAULT_COMMUNITY, show.id, given)
    n = await storage.last_change()
    again = await storage.save_episode(DEFAULT_COMMUNITY, show.id, given)
    assert (first.outcome, again.outcome, again.episode) == ("new", "same", first.episode)
    assert await storage.last_change() == n


async def test_an_import_leaves_alone_what_it_says_nothing_about(storage: Storage) -> None:
    show = await shelved(storage)
    full = episode_import(people=("Ann",), chapters=chapters((0, "A")), number=4, summary="Old.", published=DAY)
    id = (await storage.save_episode(DEFAULT_COMMUNITY, show.id, full)).episode
    saved = await storage.save_episode(DEFAULT_COMMUNITY, show.id, episode_import(turns=None, title="Renamed"))
    assert saved.outcome == "changed"
    episode = await storage.episode(MEMBER, id)
    assert episode is not None
    assert (episode.title, episode.people, episode.number, episode.summary) == ("Renamed", ("Ann",), 4, "Old.")
    assert (episode.published, episode.lines) == (DAY, 8)
    assert len(await storage.chapters(MEMBER, id)) == 1
    assert (await storage.changes_since(0))[-1] == Change(await storage.last_change(), "episode", id)


async def test_a_changed_transcript_replaces_the_lines_whole(storage: Storage) -> None:
    id = await stored(storage)
    n = await storage.last_change()
    shorter = episode_import(turns=[("Cy", "Only this remains. And that.")])
    assert await stored(storage, shorter) == id
    assert [line.text for line in await storage.lines(MEMBER, id)] == ["Only this remains.", "And that."]
    assert await storage.speakers(MEMBER) == [SpeakerCount("Cy", 1, 5)]
    assert await storage.changes_since(n) == [Change(n + 1, "transcript", id)]


async def test_highlights_follow_a_changed_transcript(storage: Storage) -> None:
    radio = Highlight("We had no radio at all", 21.0, 6, 6)
    id = await stored(storage, episode_import(highlights=(radio,)))
    await stored(storage, episode_import(turns=[("Cy", "A word from our town council first."), *TURNS]))
    assert await storage.highlights(MEMBER, id) == [replace(radio, first_line=7, last_line=7)]


async def test_a_highlight_that_only_repeats_a_hidden_line_is_left_out(storage: Storage) -> None:
    loose = Highlight("the lamp: it went out on that third night!", 900.0)
    other = Highlight("Something of the page alone", 3.0)
    id = await stored(storage, episode_import(highlights=(loose, other)))
    anchor = await storage.anchor(MEMBER, LineRange(id, 3, 3))
    await storage.put(DEFAULT_COMMUNITY, Withhold("w1", Level.hidden, anchor=anchor), "test")
    assert await storage.highlights(MEMBER, id) == [other]


async def test_speakers_are_counted_after_all_overlays(storage: Storage) -> None:
    id = await stored(storage)
    [show] = await storage.shows(MEMBER)
    await stored(storage, episode_import("two", [("Bob", "Just me here. Nobody else."), ("SPEAKER_01", "And I.")]))
    assert await storage.speakers(MEMBER) == [
        SpeakerCount("Bo", 2, 36),
        SpeakerCount("Ann", 2, 26),
        SpeakerCount("Bob", 1, 5),
        SpeakerCount(None, 1, 2),
    ]
    await storage.put(DEFAULT_COMMUNITY, Alias("a", show.id, "bob", "Bo"), "test")
    lamp = await storage.anchor(MEMBER, LineRange(id, 3, 3))
    radio = await storage.anchor(MEMBER, LineRange(id, 6, 7))
    assert lamp is not None
    assert radio is not None
    await storage.put(DEFAULT_COMMUNITY, Withhold("w1", Level.hidden, anchor=lamp), "test")
    await storage.put(DEFAULT_COMMUNITY, Fix("f1", radio, "speaker", "Cy"), "test")
    assert await storage.speakers(MEMBER, show.id) == [
        SpeakerCount("Ann", 2, 26),
        SpeakerCount("Cy", 1, 20),
        SpeakerCount("Bo", 2, 13),
        SpeakerCount(None, 1, 2),
    ]
    assert await storage.speaker_counts(MEMBER, id) == [
        SpeakerCount("Ann", 2, 26),
        SpeakerCount("Cy", 1, 20),
        SpeakerCount("Bo", 1, 8),
    ]


async def test_a_name_leads_back_to_the_labels_of_the_source(storage: Storage) -> None:
    one = await stored(storage, episode_import("one", [("Speaker 1", "Hi there."), ("Raza", "Hello.")]))
    await stored(storage, episode_import("two", [("Speaker 1", "Somebody else."), ("Raza Habib", "Hello.")]))
    [show] = await storage.shows(MEMBER)
    await storage.put(DEFAULT_COMMUNITY, Alias("a", show.id, "Raza", "Raza Habib"), "test")
    await storage.put(DEFAULT_COMMUNITY, Alias("b", show.id, "Speaker 1", "Shawn Wang", episode=one), "test")
    await storage.put(DEFAULT_COMMUNITY, Alias("c", show.id, "Speaker 1", "Wrong One"), "test")
    assert await storage.spoken_as(MEMBER, "raza habib") == {"Raza", "Raza Habib"}
    assert await storage.spoken_as(MEMBER, "Shawn Wang", show.id) == {"Speaker 1"}
    assert await storage.spoken_as(MEMBER, "Wrong One") == frozenset()
    assert await storage.spoken_as(MEMBER, "Raza") == frozenset()
    assert [each.name for each in await storage.speakers(MEMBER)] == ["Raza Habib", "Shawn Wang", None]


async def test_where_a_speaker_is_heard_follows_all_overlays(storage: Storage) -> None:
    one = await stored(storage)
    two = await stored(storage, episode_import("two", [("Bob", "Just me here."), ("Speaker 1", "And I.")]), "tower")
    await stored(storage, episode_import("three", None))
    shows = {each.slug: each.id for each in await storage.shows(MEMBER)}

    async def heard(name: str | None, show: str | None = None) -> set[EpisodeId]:
        found = await storage.spoken_in(MEMBER, shows[show] if show else None, name)
        assert len(found) == len(set(found))
        return set(found)

    assert (await heard(None), await heard(None, "tower")) == ({one, two}, {two})
    assert (await heard("bo"), await heard("Bo", "tower"), await heard("Speaker 1")) == ({one}, set(), set())
    await storage.put(DEFAULT_COMMUNITY, Alias("a", shows["tower"], "bob", "Bo"), "test")
    await storage.put(DEFAULT_COMMUNITY, Alias("b", shows["tower"], "Speaker 1", "Shawn", episode=two), "test")
    assert (await heard("Bo"), await heard("Bob"), await heard("Shawn")) == ({one, two}, set(), {two})
    radio = await storage.anchor(MEMBER, LineRange(one, 6, 7))
    assert radio is not None
    await storage.put(DEFAULT_COMMUNITY, Fix("f1", radio, "speaker", "Cy"), "test")
    assert (await heard("Cy"), await heard("Bo")) == ({one}, {one, two})
    early = await storage.anchor(MEMBER, LineRange(one, 2, 3))
    assert early is not None
    await storage.put(DEFAULT_COMMUNITY, Withhold("w1", Level.hidden, anchor=early), "test")
    assert await heard("Bo") == {two}  # nothing that he says there may be seen
    await storage.put(DEFAULT_COMMUNITY, Withhold("w2", Level.hidden, person="Bo"), "test")
    assert (await heard("Bo"), await heard(None, "tower")) == (set(), {two})


async def test_speakers_follow_every_change(storage: Storage) -> None:
    one = await stored(storage)
    assert await storage.spoken_as(MEMBER, "Cy") == frozenset()
    two = await stored(storage, episode_import("two", [("Cy", "Only this remains.")]))
    assert await storage.spoken_in(MEMBER, None, "Cy") == [two]
    assert await storage.spoken_as(MEMBER, "Cy") == {"Cy"}
    radio = await storage.anchor(MEMBER, LineRange(one, 6, 7))
    assert radio is not None
    await storage.put(DEFAULT_COMMUNITY, Fix("f1", radio, "speaker", "Dee"), "test")
    assert [(each.name, each.words) for each in await storage.speaker_counts(MEMBER, one)][1] == ("Dee", 20)
    await stored(storage, episode_import("two", [("Eve", "Only this remains.")]))
    assert await storage.spoken_in(MEMBER, None, "Cy") == []
    await stored(storage, episode_import("one", [("Eve", "Hello there."), *TURNS]))
    assert set(await storage.spoken_in(MEMBER, None, "Eve")) == {one, two}
    assert SpeakerCount("Eve", 2, 5) in await storage.speakers(MEMBER)
    assert SpeakerCount("Dee", 1, 20) in await storage.speakers(MEMBER)
    await storage.drop(DEFAULT_COMMUNITY, "fix", "f1", "test")
    assert await storage.spoken_in(MEMBER, None, "Dee") == []


async def test_the_index_gets_raw_lines(storage: Storage) -> None:
    id = await stored(storage)
    anchor = await storage.anchor(MEMBER, LineRange(id, 3, 3))
    await storage.put(DEFAULT_COMMUNITY, Withhold("w1", Level.erased, anchor=anchor), "test")
    indexed = await storage.indexed_episode(id)
    assert indexed is not None
    assert indexed.lines == transcript().lines
    assert (indexed.id, indexed.language) == (id, "en")
    assert await storage.indexed_episode(EpisodeId("nothing")) is None
