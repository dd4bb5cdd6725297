"""What a feed item makes of its episode, and what a poll stores."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain import Chapter, Edition, Episode, EpisodeId, EpisodeImport, Highlight, ShowId
from bot.feed_memory import FeedState
from bot.feeds import ChaptersLink, Credit, Enclosure, Feed, FeedItem, Soundbite, TranscriptLink
from bot.rules.feed_items import judge
from bot.rules.item_import import changes, editions_of, episode_of, offering_chapters, resources_of, show_facts
from bot.rules.item_people import people_of, usual_authors

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
MAY = datetime(2025, 5, 5, 10, tzinfo=UTC)
STATE = FeedState(ShowId("s"), "https://a.example/feed")
EMPTY = Feed()


def stored(**parts: object) -> Episode:
    made = Episode(EpisodeId("id"), ShowId("s"), "kites", "Kites", "wind", "Wind", number=4, guid="g", published=MAY)
    return replace(made, **parts)  # type: ignore[arg-type]


def made(item: FeedItem, feed: Feed = EMPTY, before: Episode | None = None) -> EpisodeImport:
    return episode_of(item, feed, "wind", before, now=NOW, first_seen=NOW)


# --- the episode ------------------------------------------------------------------------------------------------------


def test_the_number_is_the_items_else_the_one_in_its_title() -> None:
    assert made(FeedItem(title="Wind", number=3)).number == 3
    assert made(FeedItem(title="#12: Wind")).number == 12
    assert made(FeedItem(title="S2E5 Wind")).number == 5
    assert made(FeedItem(title="1984 and after")).number is None


def test_what_the_feed_no_longer_says_stays_as_it_is_stored() -> None:
    episode = made(FeedItem(title="Wind"), before=stored(duration_s=60.0))
    assert (episode.number, episode.guid, episode.published, episode.duration_s) == (4, "g", MAY, 60.0)


@pytest.mark.parametrize("year", [1, 1970, 2035, 9999])
def test_a_date_that_cannot_be_is_first_seen(year: int) -> None:
    date = datetime(year, 1, 1, tzinfo=UTC)
    assert made(FeedItem(title="Wind", published=date)).published == NOW
    assert made(FeedItem(title="Wind", published=date), before=stored()).published == MAY


def test_an_item_without_a_title_is_called_by_its_key() -> None:
    assert made(FeedItem(guid="wind")).title == "Wind"


def test_page_and_audio_are_editions_and_a_link_to_a_known_player_is_that_player() -> None:
    item = FeedItem(link="https://a.example/wind", enclosures=(Enclosure("https://a.example/w.mp3?t=1", "audio/mpeg"),))
    assert editions_of(item, None) == (
        Edition("page", "https://a.example/wind"),
        Edition("audio", "https://a.example/w.mp3?t=1"),
    )
    assert editions_of(FeedItem(link="https://youtu.be/abcdefghijk"), None)[0].kind == "youtube"


def test_nothing_but_http_becomes_an_edition() -> None:
    item = FeedItem(link="javascript:alert(1)", enclosures=(Enclosure("file:///etc/passwd"),))
    assert editions_of(item, None) == ()


def test_a_stored_offset_stays_with_its_outlet_and_other_outlets_stay() -> None:
    before = stored(
        editions=(Edition("audio", "https://old.example/w.mp3", 30.0), Edition("youtube", "https://youtu.be/x"))
    )
    found = editions_of(FeedItem(enclosures=(Enclosure("https://new.example/w.mp3"),)), before)
    assert found == (Edition("audio", "https://new.example/w.mp3", 30.0), Edition("youtube", "https://youtu.be/x"))


def test_chapters_in_the_feed_win_over_those_in_the_notes_and_neither_over_the_publishers_file() -> None:
    psc = (Chapter(1, 0.0, None, "Begin", source="psc"), Chapter(2, 60.0, None, "End", source="psc"))
    notes = (Chapter(1, 0.0, None, "Other", source="notes"),)
    item = FeedItem(title="Wind", chapters=psc, note_chapters=notes, duration_s=100.0)
    found = made(item).chapters
    assert found is not None
    assert [(one.title, one.end_s) for one in found] == [("Begin", 60.0), ("End", 100.0)]
    file = (Chapter(1, 0.0, None, "Published", source="json"),)
    assert episode_of(item, EMPTY, "wind", stored(), now=NOW, chapters=file).chapters is None


def test_soundbites_and_quotes_of_the_notes_are_highlights() -> None:
    item = FeedItem(
        title="Wind",
        soundbites=(Soundbite(60.0, 30.0, "A kite is a wing"), Soundbite(5.0, 10.0)),
        note_highlights=(Highlight("Pull the rope.", 30.0),),
    )
    assert made(item).highlights == (
        Highlight("", 5.0, end_s=15.0),
        Highlight("Pull the rope.", 30.0),
        Highlight("A kite is a wing", 60.0, end_s=90.0),
    )


# --- people -----------------------------------------------------------------------------------------------------------


def people(item: FeedItem, feed: Feed) -> tuple[str, ...]:
    return people_of(item, feed, usual_authors(feed))


def test_hosts_of_the_show_come_before_the_guests_of_the_item_and_the_crew_not_at_all() -> None:
    feed = Feed(
        credits=(Credit("Ada Quill"), Credit("Ed Itor", "producer", "writing"), Credit("Ed Cut", "audio editor"))
    )
    assert people(FeedItem(credits=(Credit("Bo Kite", "guest"),)), feed) == ("Ada Quill", "Bo Kite")


def test_an_item_that_names_its_host_has_that_one() -> None:
    assert people(FeedItem(credits=(Credit("Cy Sail"),)), Feed(credits=(Credit("Ada Quill"),))) == ("Cy Sail",)


def test_the_author_of_every_item_is_no_guest() -> None:
    items = tuple(FeedItem(title=str(n), author="Ada Quill") for n in range(3))
    assert people(items[0], Feed(items=items)) == ()
    assert people(items[0], Feed(items=items[:1])) == ()


def test_an_author_of_one_item_is_a_person_when_it_is_a_persons_name() -> None:
    authors = ("Bo Kite and Cy Sail", "Kite Media", "bo@a.example", "The Kite Network", "Ada Quill", "Ada Quill")
    items = tuple(FeedItem(title=str(n), author=author) for n, author in enumerate(authors))
    feed = Feed(author="Ada Quill", items=items)
    assert [people(item, feed) for item in items] == [("Bo Kite", "Cy Sail"), (), (), (), (), ()]


def test_a_person_named_twice_stands_once() -> None:
    item = FeedItem(credits=(Credit("Bo Kite", "guest"), Credit("bo  kite", "guest")))
    assert people(item, EMPTY) == ("Bo Kite",)


# --- what is fetched, what the show is --------------------------------------------------------------------------------


def test_all_transcripts_are_offered_and_one_without_a_language_is_in_the_spoken_one() -> None:
    german = TranscriptLink("https://a.example/w.de.vtt", "text/vtt", "de")
    links = (TranscriptLink("https://a.example/w.vtt", "text/vtt"), german)
    found = resources_of(FeedItem(transcripts=links), "wind", "en-GB")
    assert [(one.kind, one.url, one.language) for one in found] == [
        ("transcript", "https://a.example/w.vtt", "en-GB"),
        ("transcript", "https://a.example/w.de.vtt", "de"),
    ]


def test_the_audio_is_read_for_chapters_only_when_no_others_are_offered() -> None:
    item = FeedItem(enclosures=(Enclosure("https://a.example/w.mp3", "audio/mpeg"),))
    assert [one.kind for one in resources_of(item, "wind")] == ["audio"]
    linked = replace(item, chapters_links=(ChaptersLink("https://a.example/w.json"),))
    assert [one.kind for one in resources_of(linked, "wind")] == ["chapters"]
    assert resources_of(replace(item, enclosures=(Enclosure("https://a.example/w.mp4", "video/mp4"),)), "wind") == ()


def test_an_address_offered_twice_is_fetched_once() -> None:
    link = TranscriptLink("https://a.example/w.vtt")
    assert len(resources_of(FeedItem(transcripts=(link, link)), "wind")) == 1


def test_a_show_is_what_its_feed_says_and_no_more() -> None:
    facts = show_facts(Feed(title=" Kites  and wind", link="javascript:x", owner="Ada Quill"))
    assert (facts.title, facts.author, facts.page_url, facts.summary) == ("Kites and wind", "Ada Quill", None, None)


# --- one poll's changes -----------------------------------------------------------------------------------------------


def item(n: int, **parts: object) -> FeedItem:
    return replace(FeedItem(guid=f"g{n}", title=f"Episode {n}", published=MAY + timedelta(days=n)), **parts)  # type: ignore[arg-type]


def test_only_what_changed_is_stored() -> None:
    first = judge(Feed(items=(item(2), item(1))), [], [], NOW, baseline=True)
    again = Feed(title="Kites", items=(item(3), replace(item(2), summary="More"), item(1)))
    judged = judge(again, first.items, [], NOW, baseline=False)
    found = changes(judged, again, STATE, [], NOW)
    assert [one.key for one in found.episodes] == ["episode-3", "episode-2"]
    assert [one.episode for one in found.items] == ["episode-2", "episode-3"]
    assert found.show
    assert found.show.title == "Kites"


def test_items_without_dates_keep_the_order_of_the_feed() -> None:
    feed = Feed(items=tuple(item(n, published=None) for n in (3, 2, 1)))
    found = changes(judge(feed, [], [], NOW, baseline=True), feed, STATE, [], NOW).episodes
    assert [one.published for one in found] == sorted((one.published for one in found if one.published), reverse=True)
    assert found[0].published == NOW


def test_a_withdrawn_episode_is_marked_and_keeps_the_rest_and_comes_back() -> None:
    whole = Feed(items=tuple(item(n) for n in range(9, 0, -1)))
    episodes = [stored(key=f"episode-{n}", title=f"Episode {n}", guid=f"g{n}", number=n) for n in range(1, 10)]
    known = {one.id: one for one in judge(whole, [], [], NOW, baseline=True).items}
    part = replace(whole, items=tuple(one for one in whole.items if one.guid != "g5"))
    for _ in range(3):
        judged = judge(part, list(known.values()), episodes, NOW, baseline=False)
        known.update((one.id, one) for one in judged.items)
    [gone] = changes(judged, part, STATE, episodes, NOW).episodes
    assert (gone.key, gone.withdrawn, gone.guid, gone.number) == ("episode-5", NOW, "g5", 5)
    episodes[4] = replace(episodes[4], withdrawn=NOW)
    back = judge(whole, list(known.values()), episodes, NOW, baseline=False)
    [again] = changes(back, whole, STATE, episodes, NOW).episodes
    assert (again.key, again.withdrawn) == ("episode-5", False)


def test_stored_chapters_are_asked_for_where_the_feed_offers_some() -> None:
    marks = (Chapter(1, 0.0, None, "Begin", source="psc"),)
    first = judge(Feed(items=(item(2), item(1))), [], [], NOW, baseline=True)
    feed = Feed(items=(item(2, chapters=marks), item(1, summary="More")))
    judged = judge(feed, first.items, [stored(key="episode-2"), stored(key="episode-1")], NOW, baseline=False)
    assert offering_chapters(judged) == ["episode-2"]
    file = {"episode-2": (Chapter(1, 0.0, None, "Published", source="json"),)}
    found = changes(judged, feed, STATE, [stored(key="episode-2")], NOW, chapters=file)
    assert found.episodes[0].chapters is None


def test_a_video_changes_nothing_of_its_episode_but_the_editions() -> None:
    before = stored(title="How wind works", duration_s=1800.0, editions=(Edition("page", "https://a.example/wind"),))
    video = FeedItem(guid="yt:1", title="How wind works", video_id="abcdefghijk", published=MAY, duration_s=1800.0)
    feed = Feed(title="Kites TV", items=(video,))
    judged = judge(feed, [], [before], NOW, baseline=True, role="youtube")
    found = changes(judged, feed, STATE, [before], NOW)
    [episode] = found.episodes
    assert (episode.title, episode.number, episode.summary) == ("How wind works", 4, None)
    assert episode.editions
    assert [one.kind for one in episode.editions] == ["page", "youtube"]
    assert found.show is None
    assert found.resources == ()
