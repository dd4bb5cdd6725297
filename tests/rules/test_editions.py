"""Videos find their episodes, or none: by title, number, date and duration together."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import Edition, Episode, EpisodeId, ShowId
from bot.feeds import FeedItem
from bot.rules.editions import Pairing, is_premiere, kind_of, paired

DAY = datetime(2024, 3, 4, 6, tzinfo=UTC)
NOW = DAY + timedelta(days=10)


def episode(key: str, title: str, days: float = 0, **facts: object) -> Episode:
    one = Episode(
        EpisodeId(key), ShowId("s"), "harbour", "Harbour Tales", key, title, published=DAY + timedelta(days=days)
    )
    return replace(one, **facts)  # type: ignore[arg-type]


def video(id: str, title: str, days: float = 0, **facts: object) -> FeedItem:
    one = FeedItem(guid=f"yt:video:{id}", title=title, published=DAY + timedelta(days=days), video_id=id)
    return replace(one, **facts)  # type: ignore[arg-type]


def one_pair(item: FeedItem, *episodes: Episode) -> Pairing:
    [found] = paired([item], episodes, NOW)
    assert found.reason
    return found


@pytest.mark.parametrize(
    "title",
    [
        "Lamps and lighthouses",
        "#12: Lamps and Lighthouses | Harbour Tales",
        "Harbour Tales Ep. 12 - Lamps and lighthouses (full episode)",
        "Lamps & lighthouses – with Bo Keeper",
    ],
)
def test_a_video_of_the_same_name_and_week_is_an_edition(title: str) -> None:
    found = one_pair(video("v", title, 1), episode("lamps", "Lamps and lighthouses", number=12))
    assert found.key == "lamps"
    assert found.edition == Edition("youtube", "https://www.youtube.com/watch?v=v", exact=False)


def test_the_same_length_means_the_same_moments() -> None:
    lamps = episode("lamps", "Lamps and lighthouses", duration_s=2400.0)
    same = one_pair(video("v", "Lamps and lighthouses", duration_s=2401.0), lamps)
    longer = one_pair(video("v", "Lamps and lighthouses", duration_s=2440.0), lamps)
    assert [pair.edition and pair.edition.exact for pair in (same, longer)] == [True, False]


@pytest.mark.parametrize(
    ("item", "word"),
    [
        (video("v", "Lamps and lighthouses #shorts"), "short"),
        (video("v", "Lamps and lighthouses", link="https://www.youtube.com/shorts/v"), "short"),
        (video("v", "Lamps and lighthouses", 200), "date"),
        (video("v", "Lamps and lighthouses", duration_s=90.0), "title"),
        (video("v", "#13 Lamps and lighthouses"), "title"),
        (video("v", "How we record at sea"), "title"),
        (video("v", ""), "title"),
        (FeedItem(title="Lamps and lighthouses"), "address"),
    ],
)
def test_clips_shorts_and_strangers_are_tied_to_nothing(item: FeedItem, word: str) -> None:
    found = one_pair(item, episode("lamps", "#12 Lamps and lighthouses", duration_s=2400.0))
    assert (found.key, found.edition) == (None, None)
    assert word in found.reason


def test_a_name_that_says_nothing_needs_the_day() -> None:
    first, second = episode("qa", "Q&A", 0), episode("qa-2", "Q&A", 30)
    assert one_pair(video("v", "Q&A", 0.2), first, second).key == "qa"
    assert one_pair(video("v", "Q&A", 30.5), first, second).key == "qa-2"
    assert one_pair(video("v", "Q&A", 15), first, second).key is None


def test_two_that_fit_alike_are_not_guessed_between() -> None:
    found = one_pair(
        video("v", "The storm of the year"),
        episode("a", "The storm of the year"),
        episode("b", "The storm of the year"),
    )
    assert found.key is None
    assert "alike" in found.reason


def test_a_video_that_is_tied_stays_so_under_any_title_and_its_premiere_passes() -> None:
    lamps = episode("lamps", "Lamps and lighthouses")
    early = one_pair(video("v", "Lamps and lighthouses", 11), lamps)
    assert early.edition is not None
    assert early.edition.premiere
    tied = replace(lamps, editions=(replace(early.edition, offset_s=31.5),))
    later = one_pair(video("v", "We were wrong about lamps", views=40), tied)
    assert (later.key, later.edition) == ("lamps", Edition("youtube", early.edition.url, 31.5, exact=False))
    # The episode has its video: another one is none.
    assert one_pair(video("w", "Lamps and lighthouses"), tied).key is None


def test_a_premiere_is_known_by_its_date_or_by_nobody_having_seen_it() -> None:
    assert is_premiere(video("v", "x", 11), NOW)
    assert is_premiere(video("v", "x", views=0), NOW)
    assert not is_premiere(video("v", "x", views=1), NOW)
    assert not is_premiere(video("v", "x"), NOW)


def test_hosts_are_known_by_their_whole_name() -> None:
    assert kind_of("https://m.youtube.com/watch?v=1") == "youtube"
    assert kind_of("https://overcast.fm/+a") == "overcast"
    assert kind_of("https://notyoutube.com/watch?v=1") is None
    assert kind_of("https://youtube.com.evil.example/") is None
    assert kind_of("http://[") is None


WORDS = (
    "river",
    "clock",
    "bread",
    "winter",
    "engine",
    "garden",
    "copper",
    "orchard",
    "signal",
    "kettle",
    "lantern",
    "salt",
)


@given(st.randoms(use_true_random=False), st.integers(5, 40))
def test_a_year_of_videos_is_never_tied_wrongly(chance: random.Random, count: int) -> None:
    """Videos are renamed as channels do it, some are missing, and clips of every episode lie between them."""
    titles = [" ".join(chance.sample(WORDS, chance.randint(2, 5))) for _ in range(count)]
    episodes = [episode(f"e{n}", title, 7 * n, number=n, duration_s=1800.0 + n) for n, title in enumerate(titles)]
    habit = chance.choice(
        ("{t}", "#{n}: {t}", "{t} | Harbour Tales", "Harbour Tales Ep. {n} – {t}", "{t} (Harbour Tales podcast)")
    )
    videos = []
    for n, title in enumerate(titles):
        if chance.random() < 0.8:
            videos.append(video(f"v{n}", habit.format(t=title.title(), n=n), 7 * n + chance.random()))
        videos.append(video(f"c{n}", f"{title} clip", 7 * n + 2, duration_s=120.0))
    chance.shuffle(videos)
    pairs = paired(videos, episodes, NOW + timedelta(days=400))
    assert [pair.item for pair in pairs] == videos
    tied = {pair.item.video_id: pair.key for pair in pairs if pair.key}
    assert {id: key for id, key in tied.items() if id and id[1:] != key[1:]} == {}
    whole = [item for item in videos if item.video_id and item.video_id[0] == "v"]
    assert len(tied) >= 0.9 * len(whole)
