"""Links to a moment: which outlet, how a time is written, and what never becomes a link."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import Edition, EditionKind
from bot.rules.links import episode_url, moment_in_link, moment_url, safe_url

PAGE = Edition("page", "https://lamp.example/one?lang=en#top")
AUDIO = Edition("audio", "https://cdn.example/one.mp3")
VIDEO = Edition("youtube", "https://www.youtube.com/watch?v=abc&t=5", 12.5)
SPOTIFY = Edition("spotify", "https://open.spotify.com/episode/7")
KINDS: tuple[EditionKind, ...] = ("page", "audio", "youtube", "spotify", "video")


def test_a_video_comes_before_a_page_and_audio_comes_last() -> None:
    assert moment_url((AUDIO, SPOTIFY, PAGE, VIDEO), 60.0) == "https://www.youtube.com/watch?v=abc&t=72"
    assert moment_url((AUDIO, SPOTIFY, PAGE), 60.9) == "https://lamp.example/one?lang=en#t=60"
    assert moment_url((AUDIO, SPOTIFY), 60.0) == "https://open.spotify.com/episode/7?t=60"
    assert moment_url((AUDIO,), 60.0) == "https://cdn.example/one.mp3#t=60"


def test_an_episode_is_at_its_page_first() -> None:
    assert episode_url((AUDIO, VIDEO, PAGE)) == PAGE.url
    assert episode_url((AUDIO, VIDEO)) == VIDEO.url
    assert episode_url(()) is None


def test_an_offset_never_leads_before_the_beginning() -> None:
    assert moment_url((Edition("page", "https://lamp.example/", -30.0),), 12.0) == "https://lamp.example/#t=0"


@pytest.mark.parametrize("start_s", [None, math.nan, math.inf])
def test_without_a_time_there_is_no_moment(start_s: float | None) -> None:
    assert moment_url((PAGE,), start_s) is None


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "ftp://lamp.example/one",
        "file:///etc/passwd",
        "//lamp.example/one",
        "https:///one",
        "https://ann:secret@lamp.example/one",
        "https://lamp.example@evil.example/",
        "https://lamp.example/a b",
        "https://lamp.example/a\nb",
        "https://lamp.example/\u202egpj.exe",
        "https://lamp.example/\ud800",
        "http://[::1",
    ],
)
def test_what_is_no_plain_web_address_becomes_no_link(url: str | None) -> None:
    assert safe_url(url) is None
    assert moment_url((Edition("page", url or ""), AUDIO), 1.0) == "https://cdn.example/one.mp3#t=1"
    assert episode_url((Edition("page", url or ""),)) is None


@pytest.mark.parametrize("url", ["http://lamp.example", "https://lamp.example/ein/schöner?tag=1", "https://[::1]:80/x"])
def test_a_plain_web_address_stays_as_it_is(url: str) -> None:
    assert safe_url(url) == url


@pytest.mark.parametrize(
    ("link", "bare", "start_s"),
    [
        ("https://youtu.be/abc?t=1668", "https://youtu.be/abc", 1668.0),
        ("https://youtu.be/abc?t=27m48s&si=x", "https://youtu.be/abc?si=x", 1668.0),
        ("https://youtu.be/abc?t=1H2M3S", "https://youtu.be/abc", 3723.0),
        ("https://youtu.be/abc?start=1.5", "https://youtu.be/abc", 1.5),
        ("https://lamp.example/one#t=27:48", "https://lamp.example/one", 1668.0),
        ("https://lamp.example/one#t=27:48,30:00", "https://lamp.example/one", 1668.0),
        ("https://lamp.example/one#t=1:02:03", "https://lamp.example/one", 3723.0),
        ("https://lamp.example/one#transcript", "https://lamp.example/one#transcript", None),
        ("https://lamp.example/one", "https://lamp.example/one", None),
    ],
)
def test_a_pasted_link_names_its_moment(link: str, bare: str, start_s: float | None) -> None:
    assert moment_in_link(link) == (bare, start_s)


@pytest.mark.parametrize(
    "value", ["²", "٣", "1²", "-4", "s", ".", "5.5.5s", "1m2h", "1e9", "nan", "9" * 400, "12:99", ""]
)
def test_what_is_no_time_is_none(value: str) -> None:
    assert moment_in_link(f"https://lamp.example/?t={value}")[1] is None


_ADDRESSES = st.one_of(
    st.text(max_size=60),
    st.builds("https://{}/?t={}#t={}".format, st.text(max_size=20), st.text(max_size=12), st.text(max_size=12)),
)
_ANY = st.text(st.characters(exclude_categories=()), max_size=40)


@given(st.one_of(_ADDRESSES, st.builds("http://x.example/?a={}&t={}".format, _ANY, _ANY)))
def test_no_pasted_text_raises(link: str) -> None:
    bare, start_s = moment_in_link(link)
    assert isinstance(bare, str)
    assert start_s is None or (start_s >= 0 and math.isfinite(start_s))


@given(
    st.lists(st.builds(Edition, st.sampled_from(KINDS), st.one_of(_ADDRESSES, _ANY), st.floats(-1e6, 1e6)), max_size=4),
    st.one_of(st.none(), st.floats()),
)
def test_no_edition_raises_and_every_link_is_safe(editions: list[Edition], start_s: float | None) -> None:
    for url in (moment_url(editions, start_s), episode_url(editions)):
        assert url is None or safe_url(url) == url
