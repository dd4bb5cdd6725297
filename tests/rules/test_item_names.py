"""The names by which a feed item is met again, in comparable form."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds import Credit, Enclosure, FeedItem, TranscriptLink
from bot.rules.item_names import address, bare_title, fingerprint, media_address, number_in, usable_date

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("url", "same"),
    [
        ("http://www.A.example/Wind/", "a.example/Wind"),
        ("https://a.example/Wind?utm_source=rss&utm_medium=feed#top", "a.example/Wind"),
        ("https://a.example/?p=12", "a.example/?p=12"),
        ("https://a.example/", None),
        ("", None),
        (None, None),
    ],
)
def test_an_address_is_the_same_however_it_is_decorated(url: str | None, same: str | None) -> None:
    assert address(url) == same


@pytest.mark.parametrize(
    "url",
    [
        "https://cdn.example/show/1.mp3",
        "http://cdn.example/show/1.mp3?token=abc&expires=99",
        "https://dts.podtrac.com/redirect.mp3/cdn.example/show/1.mp3",
        "https://www.podtrac.com/pts/redirect.mp3/chtbl.com/track/9/cdn.example/show/1.mp3?x=1",
        "https://op3.dev/e,pg=7/cdn.example/show/1.mp3",
        "https://op3.dev/e/https://cdn.example/show/1.mp3",
        "https://pdst.fm/e/pscrb.fm/rss/p/mgln.ai/e/12/cdn.example/show/1.mp3",
        "https://a-tracker-of-tomorrow.example/t/77/cdn.example/show/1.mp3",
    ],
)
def test_a_media_address_is_the_same_behind_any_trackers_and_token(url: str) -> None:
    assert media_address(url) == "cdn.example/show/1.mp3"


@pytest.mark.parametrize("url", ["https://a.example/v1.2/files.d/1.mp3", "https://a.example/redirect.mp3/2/1.mp3"])
def test_a_folder_with_a_full_stop_is_no_host(url: str) -> None:
    assert (media_address(url) or "").startswith("a.example/") or "files.d" in url


@pytest.mark.parametrize(
    ("title", "number", "bare"),
    [
        ("#12: Kites", 12, "kites"),
        ("Ep. 12 — Kites | The Show", 12, "kites"),
        ("Episode 012 - Kites", 12, "kites"),
        ("S2E5: Kites", 5, "kites"),
        ("12: Kites", 12, "kites"),
        ("Kites (Ep. 12)", 12, "kites"),
        ("Kites #12", 12, "kites"),
        ("Episode 12", 12, "episode 12"),
        ("2024 in review", None, "2024 in review"),
        ("10 rules for kites", None, "10 rules for kites"),
        ("Epic kites", None, "epic kites"),
        ("Kites | Another Show", None, "kites another show"),
    ],
)
def test_a_title_is_read_without_what_stands_around_it(title: str, number: int | None, bare: str) -> None:
    assert (number_in(title), bare_title(title, "The Show")) == (number, bare)


@given(st.text(max_size=80), st.text(max_size=20))
def test_any_title_and_address_can_be_read(text: str, show: str) -> None:
    assert isinstance(bare_title(text, show), str)
    assert (number_in(text) or 0) >= 0
    assert address(text) is None or isinstance(address(text), str)
    assert media_address(f"https://{text}") is None or isinstance(media_address(f"https://{text}"), str)


@pytest.mark.parametrize(
    ("date", "usable"),
    [
        (datetime(2025, 1, 1, tzinfo=UTC), True),
        (datetime(2026, 3, 2, 20, tzinfo=UTC), True),
        (datetime(1938, 10, 30, tzinfo=UTC), True),
        (datetime(2026, 3, 9, tzinfo=UTC), False),
        (datetime(1970, 1, 1, tzinfo=UTC), False),
        (datetime(1969, 12, 31, 16, tzinfo=UTC), False),
        (datetime(1, 1, 1, tzinfo=UTC), False),
        (datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC), False),
    ],
)
def test_a_date_is_usable_when_something_can_have_come_out_then(date: datetime, usable: bool) -> None:
    assert (usable_date(date, NOW) is not None) is usable


ITEM = FeedItem(
    guid="g", title="Kites", link="https://a.example/1", enclosures=(Enclosure("https://a.example/1.mp3?t=1"),)
)


def test_a_fingerprint_forgets_tokens_and_remembers_words() -> None:
    print = fingerprint(ITEM)
    assert fingerprint(replace(ITEM, enclosures=(Enclosure("https://a.example/1.mp3?t=2"),))) == print
    assert fingerprint(replace(ITEM, image="https://a.example/i.png?v=1")) == fingerprint(
        replace(ITEM, image="https://a.example/i.png?v=2")
    )
    for parts in (
        {"title": "Sails"}, {"summary": "x"}, {"guid": "h"}, {"number": 3}, {"explicit": False}, {"kind": "bonus"},
        {"credits": (Credit("Bo Kite"),)}, {"transcripts": (TranscriptLink("https://a.example/1.vtt"),)},
    ):  # fmt: skip
        assert fingerprint(replace(ITEM, **parts)) != print
