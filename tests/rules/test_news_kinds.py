"""Which titles say that an episode is another show's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import EpisodeKind
from bot.rules.news import kind_of


@pytest.mark.parametrize(
    "title",
    [
        "Feed Drop: The Lantern Makers",
        "FEED DROP – The Lantern Makers",
        "🎁 Feed Drop | The Lantern Makers",
        "#212: Feed Drop: The Lantern Makers",
        "Ep. 41 - Feed Swap: Harbour Stories",
        "S2E14: Feed Swap - Harbour Stories",
        "[Feed Swap] Harbour Stories",
        "(Feed drop) Harbour Stories",
        "Feed Swap: Harbour Stories, “The Last Ferry”",
        "Feed Swap with Harbour Stories",
        "Bonus Feed Drop: Harbour Stories",
        "Podcast Swap: Harbour Stories",
        "Feed-Drop: Harbour Stories",
        "Feed Drop",
        "The Last Ferry (Feed Drop)",
        "The Last Ferry | Feed Swap",
        "The Last Ferry - Feed Swap",
        "Introducing: Harbour Stories",
        "Introducing… Harbour Stories",
        "Introducing – Harbour Stories",
        "Bonus: Introducing: Harbour Stories",
        "Introducing ‘Harbour Stories’, a Show About Ferries",
        "Introducing Harbour Stories, a new podcast from the Quay",
        "Introducing Harbour Stories: A brand new podcast",
        "Presenting: Harbour Stories",
        "Presenting “Harbour Stories” from the Quay",
        "Presenting Harbour Stories, from our friends at the Quay",
        "From our friends at Harbour Stories: The Last Ferry",
        "The Last Ferry (from our friends at Harbour Stories)",
        "A bonus episode from our friends at Harbour Stories",
        "Our friends at Harbour Stories: The Last Ferry",
        "Listen now: The Last Ferry (from Harbour Stories)",
        "Bonus drop: Harbour Stories",
        "You might also like: Harbour Stories",
        "New Podcast: Harbour Stories",
        "Podcast-Tipp: Hafengeschichten",
    ],
)
def test_publishers_labels_name_an_episode_of_another_show(title: str) -> None:
    assert kind_of(title, "full") == "swap"


@pytest.mark.parametrize(
    "title",
    [
        "",
        "Introducing our new co-host",
        "Introducing: our new co-host",
        "Introducing: Anna, our new co-host",
        "Introducing Kubernetes 1.30",
        "Introducing: Kubernetes 1.30",
        "Introducing: Season 3",
        "Introducing: the new season",
        "Introducing generics from scratch",
        "Introducing Anna from Berlin",
        "Introducing “structured concurrency”",
        "Introducing our new show format",
        "The swap",
        "The Swap: what we learnt from trading desks",
        "Swap memory, explained",
        "Feed swaps explained",
        "How a feed drop works",
        "Feed Drop Ethics",
        "Don't feed the monkeys",
        "Presenting well in public",
        "Christmas presents: what to buy",
        "Listen now, pay later",
        "Listen now: the sounds of the deep sea",
        "From our friends",
        "Letters from our friends at camp",
        "Bonus drops of water",
        "Dropping the feed",
        "The present",
        "Reintroducing: wolves",
        "New podcast microphones compared",
    ],
)
def test_other_titles_are_what_the_feed_says(title: str) -> None:
    assert kind_of(title, "full") == "full"
    assert kind_of(title, "bonus") == "bonus"


def test_a_trailer_that_introduces_is_the_shows_own() -> None:
    assert kind_of("Introducing: Harbour Stories", "trailer") == "trailer"
    assert kind_of("Feed Drop: Harbour Stories", "trailer") == "swap"
    assert kind_of("Introducing: Harbour Stories", "bonus") == "swap"


@given(st.text(max_size=400), st.sampled_from(["full", "bonus", "trailer"]))
def test_any_title_has_a_kind(title: str, kind: EpisodeKind) -> None:
    assert kind_of(title, kind) in (kind, "swap")


def test_a_long_hostile_title_is_judged_at_once() -> None:
    for part in ("introducing ", "- ", "((", "' ", "from our friends at ", "feed drop ", "… "):
        assert kind_of(part * 100_000, "full") in ("full", "swap")
