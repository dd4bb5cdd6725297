"""Links to a moment: which outlet, how a time is written, and what never becomes a link."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import Edition, EditionKind, Episode, EpisodeId, ShowId
from bot.rules.links import (
    MomentLink,
    at_moment,
    episode_url,
    listen_link,
    moment_in_link,
    moment_link,
    safe_url,
    template_problem,
)
from bot.rules.links import moment_url as url_of
from bot.rules.references import transcript_start

PAGE = Edition("page", "https://lamp.example/one?lang=en#top")
AUDIO = Edition("audio", "https://cdn.example/one.mp3")
VIDEO = Edition("youtube", "https://www.youtube.com/watch?v=abc&t=5", 12.5)
SPOTIFY = Edition("spotify", "https://open.spotify.com/episode/7")
KINDS: tuple[EditionKind, ...] = ("page", "audio", "youtube", "spotify", "video", "overcast", "pocketcasts", "apple")


def episode(editions: Sequence[Edition], offset_s: float = 0.0, template: str | None = None) -> Episode:
    one = Episode(
        EpisodeId("e"), ShowId("s"), "lamp", "Lamp", "lamps/1", "Lamps", 7, guid="a b&c", editions=tuple(editions)
    )
    return replace(one, offset_s=offset_s, link_template=template)


def moment_url(editions: Sequence[Edition], start_s: float | None) -> str | None:
    return url_of(episode(editions), start_s)


def test_a_video_comes_before_a_page_and_audio_comes_last() -> None:
    assert moment_url((AUDIO, SPOTIFY, PAGE, VIDEO), 60.0) == "https://www.youtube.com/watch?v=abc&t=72"
    assert moment_url((AUDIO, SPOTIFY, PAGE), 60.9) == "https://lamp.example/one?lang=en#t=60"
    assert moment_url((AUDIO, SPOTIFY), 60.0) == "https://open.spotify.com/episode/7?t=60"
    assert moment_url((AUDIO,), 60.0) == "https://cdn.example/one.mp3#t=60"


def test_an_episode_is_at_its_page_first() -> None:
    assert episode_url((AUDIO, VIDEO, PAGE)) == PAGE.url
    assert episode_url((AUDIO, VIDEO)) == VIDEO.url
    assert episode_url(()) is None


@pytest.mark.parametrize(
    ("kind", "url", "expected"),
    [
        ("youtube", "https://youtu.be/abc", "https://youtu.be/abc?t=754"),
        ("youtube", "https://www.youtube.com/live/abc?si=x", "https://www.youtube.com/live/abc?si=x&t=754"),
        ("overcast", "https://overcast.fm/+AbCd", "https://overcast.fm/+AbCd/12:34"),
        ("overcast", "https://overcast.fm/+AbCd/1:02", "https://overcast.fm/+AbCd/12:34"),
        ("pocketcasts", "https://pca.st/episode/1", "https://pca.st/episode/1?t=754"),
        ("spotify", "https://open.spotify.com/episode/7?si=1", "https://open.spotify.com/episode/7?si=1&t=754"),
        ("apple", "https://podcasts.apple.com/p/id1?i=2", "https://podcasts.apple.com/p/id1?i=2&t=754"),
        ("video", "https://vimeo.com/1", "https://vimeo.com/1#t=754"),
        ("video", "https://www.dailymotion.com/video/x?start=3", "https://www.dailymotion.com/video/x?start=754"),
        ("audio", "https://cdn.example/1.mp3?x=1#t=5", "https://cdn.example/1.mp3?x=1#t=754"),
        ("page", "https://notyoutube.com/1", "https://notyoutube.com/1#t=754"),
    ],
)
def test_each_host_is_told_the_moment_in_its_own_way(kind: EditionKind, url: str, expected: str) -> None:
    assert at_moment(Edition(kind, url), 754.9) == expected


@pytest.mark.parametrize("kind", KINDS)
def test_a_link_that_was_made_is_understood_when_it_is_pasted(kind: EditionKind) -> None:
    one = episode(
        (Edition(kind, "https://overcast.fm/+Ab" if kind == "overcast" else "https://h.example/1", 20.0),), 5.0
    )
    link = url_of(one, 754.0)
    assert link is not None
    assert transcript_start(link, one) == 754.0


def test_what_is_known_exactly_comes_first_and_a_supposed_offset_is_said() -> None:
    supposed = replace(VIDEO, exact=False)
    assert moment_link(episode((supposed, PAGE)), 60.0) == MomentLink(
        "https://lamp.example/one?lang=en#t=60", kind="page"
    )
    assert moment_link(episode((supposed,)), 60.0) == MomentLink(
        "https://www.youtube.com/watch?v=abc&t=72", exact=False, kind="youtube"
    )


def test_a_premiere_is_linked_last_and_to_no_moment() -> None:
    premiere = replace(VIDEO, premiere=True)
    assert url_of(episode((premiere, AUDIO)), 60.0) == "https://cdn.example/one.mp3#t=60"
    assert moment_link(episode((premiere,)), 60.0) == MomentLink(VIDEO.url, exact=False, kind="youtube", timed=False)


def test_inserted_ads_shift_the_audio_alone_and_are_a_guess() -> None:
    heard = MomentLink("https://cdn.example/one.mp3#t=105", exact=False, kind="audio")
    assert moment_link(episode((AUDIO,), 45.0), 60.0) == heard
    seen = MomentLink("https://www.youtube.com/watch?v=abc&t=72", kind="youtube")
    assert moment_link(episode((VIDEO,), 45.0), 60.0) == seen


@pytest.mark.parametrize("app", [None, "spotify", "audio", "page", "youtube"])
def test_a_person_hears_in_their_app_else_where_everybody_does(app: str | None) -> None:
    usual = listen_link(episode((AUDIO, PAGE, VIDEO)), 60.0)
    found = listen_link(episode((AUDIO, PAGE, VIDEO)), 60.0, app)
    assert found
    assert usual
    assert usual.kind == "youtube"
    assert found.kind == (app if app in ("audio", "page", "youtube") else "youtube")


def test_the_audio_file_is_no_default_even_where_the_others_are_supposed() -> None:
    supposed = replace(VIDEO, exact=False)
    found = listen_link(episode((AUDIO, supposed)), 60.0)
    assert found
    assert (found.kind, found.exact) == ("youtube", False)
    only = listen_link(episode((AUDIO, replace(VIDEO, premiere=True))), 60.0)
    assert only
    assert only.kind == "audio"


def test_a_premiere_in_my_app_is_not_yet_there() -> None:
    found = listen_link(episode((PAGE, replace(VIDEO, premiere=True))), 60.0, "youtube")
    assert found
    assert (found.kind, found.timed) == ("page", True)


@pytest.mark.parametrize("start_s", [None, math.inf, math.nan])
def test_no_moment_is_heard_nowhere(start_s: float | None) -> None:
    assert listen_link(episode((PAGE,)), start_s, "page") is None


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("https://p.example/{number}?at={seconds}", "https://p.example/7?at=754"),
        ("https://p.example/{key}#{stamp}", "https://p.example/lamps%2F1#12:34"),
        ("https://p.example/?g={guid}&t={seconds}", "https://p.example/?g=a%20b%26c&t=754"),
        ("{url}&play={seconds}", "https://lamp.example/one?lang=en#top&play=754"),
    ],
)
def test_a_shows_own_template_comes_before_every_outlet(template: str, expected: str) -> None:
    assert template_problem(template) is None
    assert url_of(episode((PAGE, VIDEO), template=template), 754.0) == expected


def test_a_template_that_needs_what_an_episode_lacks_is_not_used() -> None:
    one = replace(episode((AUDIO,), template="https://p.example/{number}?t={seconds}"), number=None)
    assert url_of(one, 60.0) == "https://cdn.example/one.mp3#t=60"


@pytest.mark.parametrize(
    "template",
    [
        "https://p.example/{number}",
        "https://p.example/{seconds}/{title}",
        "https://{key}.example/{seconds}",
        "javascript:{seconds}",
        "{seconds}",
        "https://p.example/{0.__class__}{seconds}",
        "https://p.example/{{seconds}}",
        "https://u:p@p.example/{seconds}",
        "ftp://p.example/{url}{seconds}",
        "https://p.example/{seconds!r}",
        "{key}{url}?{seconds}",
    ],
)
def test_a_template_that_is_no_safe_link_is_refused_and_never_used(template: str) -> None:
    assert template_problem(template)
    assert url_of(episode((AUDIO,), template=template), 60.0) == "https://cdn.example/one.mp3#t=60"


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
    st.one_of(st.none(), st.builds("https://p.example/{}{{seconds}}{}".format, _ANY, _ANY), _ANY),
)
def test_no_edition_raises_and_every_link_is_safe(
    editions: list[Edition], start_s: float | None, template: str | None
) -> None:
    for url in (url_of(episode(editions, 1.5, template), start_s), episode_url(editions)):
        assert url is None or safe_url(url) == url
