"""Which transcript is fetched first, and which is a translation."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feed_memory import Resource
from bot.rules.transcript_choice import better, form, is_translation, ranked


def transcript(url: str, type: str = "", language: str | None = None, rel: str = "") -> Resource:
    return Resource("one", "transcript", url, type, language, rel)


def test_json_comes_before_vtt_srt_html_and_text_whatever_the_order() -> None:
    urls = ["a.txt", "b.html", "c.srt", "d.vtt", "e.json", "f"]
    found = ranked([transcript(f"https://e.org/{url}") for url in urls], "en")
    assert [one.url[-6:].lstrip("/") for one in found] == [
        "e.json",
        "d.vtt",
        "c.srt",
        "b.html",
        "a.txt",
        "e.org/f"[-6:].lstrip("/"),
    ]


@pytest.mark.parametrize(
    ("type", "url", "expected"),
    [
        ("application/json", "https://e.org/t", "json"),
        ("application/x-subrip", "https://e.org/t", "srt"),
        ("application/srt", "https://e.org/t", "srt"),
        ("text/vtt; charset=utf-8", "https://e.org/t.srt", "vtt"),
        ("text/plain", "https://e.org/t.vtt?x=1", "vtt"),
        ("text/plain", "https://e.org/t", "text"),
        ("application/octet-stream", "https://e.org/T.JSON", "json"),
        ("", "https://e.org/", ""),
        ("", "http://[", ""),
    ],
)
def test_the_form_is_the_declared_type_or_else_the_ending(type: str, url: str, expected: str) -> None:
    assert form(type, url) == expected


def test_of_one_form_captions_come_last_and_a_stated_language_first() -> None:
    offered = [
        transcript("https://e.org/1", "text/vtt", "en", "captions"),
        transcript("https://e.org/2", "text/vtt"),
        transcript("https://e.org/3", "text/vtt", "en-US"),
    ]
    assert [one.url[-1] for one in ranked(offered, "en")] == ["3", "2", "1"]


def test_a_translation_is_never_offered_nor_is_anything_but_a_transcript() -> None:
    offered = [
        transcript("https://e.org/de", "application/json", "de"),
        transcript("https://e.org/en", "text/plain", "en-GB"),
        Resource("one", "chapters", "https://e.org/c", "application/json"),
    ]
    assert [one.url[-2:] for one in ranked(offered, "en-US")] == ["en"]


@pytest.mark.parametrize(
    ("language", "spoken", "expected"),
    [
        ("en-GB", "en", False),
        ("de", "en", True),
        ("iw", "he-IL", False),
        ("id", "in", False),
        ("nb", "no", False),
        ("nn-NO", "no", False),
        ("zh-Hans", "cmn", False),
        ("pt_BR", "pt", False),
        ("eng", "en", False),
        ("und", "en", False),
        ("", "en", False),
        (None, "en", False),
        ("fr", "", False),
        ("fr", "und", False),
    ],
)
def test_a_translation_is_in_another_language_than_is_spoken(language: str | None, spoken: str, expected: bool) -> None:
    assert is_translation(language, spoken) is expected


@given(st.text(max_size=30), st.text(max_size=30))
def test_translation_goes_both_ways_and_never_fails(one: str, other: str) -> None:
    assert is_translation(one, other) == is_translation(other, one)
    assert form(one, other) in ("json", "vtt", "srt", "html", "text", "")


def test_a_better_form_replaces_a_worse_one_only() -> None:
    assert better("json-transcript", "vtt")
    assert better("vtt", "srt")
    assert not better("srt", "srt")
    assert better("html-transcript", "notes")
