"""Single values of feeds: dates in all their forms, durations, addresses, lengths."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.formats import feed_values as values
from bot.formats.feed_dates import date
from bot.formats.feed_notes import plain
from bot.formats.problems import Problems

BASE = "https://example.org/feeds/bees.xml"


@pytest.mark.parametrize(
    "text",
    [
        "Mon, 06 Jan 2025 10:00:00 +0000",
        "Mon, 06 Jan 2025 10:00:00 GMT",
        "Mon, 6 Jan 25 10:00 UT",
        "06 Jan 2025 11:00:00 +0100",
        "06 Jan 2025 11:00:00 +01:00",
        "Mon, 06 Jan 2025 05:00:00 EST",
        "Mo, 06 Jan 2025 11:00:00 MEZ",
        "Mon,06 Jan 2025 10:00:00 GMT+0000",
        "Monday, January 6, 2025 10:00 AM",
        "January 6th, 2025 at 10:00:00",
        "Mon Jan  6 10:00:00 2025",
        "Mon Jan 6 10:00:00 UTC 2025",
        "lun., 06 janv. 2025 11:00:00 +0100",
        "lunes, 6 de enero de 2025, 10:00",
        "Mo., 6. Jän. 2025 10:00:00",
        "06-Jan-2025 10:00:00",
        "2025-01-06T10:00:00Z",
        "2025-01-06T10:00:00.123Z",
        "2025-01-06 10:00:00",
        "2025-01-06T11:00:00+01:00",
        "20250106T100000Z",
        "1736157600",
        "1736157600000",
        "  Mon, 06 Jan 2025 10:00:00 -0000 (UTC) ",
    ],
)
def test_one_moment_in_many_forms(text: str) -> None:
    assert date(text) == datetime(2025, 1, 6, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Fri, 31 Dec 9999 23:59:59 +0000", datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("Thu, 01 Jan 1970 00:00:00 +0000", datetime(1970, 1, 1, tzinfo=UTC)),
        ("01 Jan 70 01:00:00 +0100", datetime(1970, 1, 1, tzinfo=UTC)),
        ("01 Jan 68 00:00:00", datetime(2068, 1, 1, tzinfo=UTC)),
        ("05 März 2025", datetime(2025, 3, 5, tzinfo=UTC)),
        ("3 juin 2025", datetime(2025, 6, 3, tzinfo=UTC)),
        ("3 juillet 2025", datetime(2025, 7, 3, tzinfo=UTC)),
        ("1 août 2025", datetime(2025, 8, 1, tzinfo=UTC)),
        ("2025-07", datetime(2025, 7, 1, tzinfo=UTC)),
        ("31 Dec 2016 23:59:60 GMT", datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("Mon, 06 Jan 2025 24:00:00 GMT", datetime(2025, 1, 7, tzinfo=UTC)),
        ("Mon, 06 Jan 2025 10:00:00 +9900", datetime(2025, 1, 6, 10, tzinfo=UTC)),
        ("12 Oct 2025 12:00 AM", datetime(2025, 10, 12, tzinfo=UTC)),
    ],
)
def test_unlikely_dates_are_kept(text: str, expected: datetime) -> None:
    assert date(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "soon", "Fri, 31 Feb 2025 10:00:00 +0000", "Mon, 06 Jan 2025 25:61:61 +0000", "2025-13-01", "06/01/2025",
     "0000-00-00", "13:00", "Fri, 31 Dec 9999 23:59:59 -0800", "6 Foo 2025", "1 Jan 2025 13:00 PM", "9" * 200],
)  # fmt: skip
def test_what_is_no_date_is_none(text: str) -> None:
    assert date(text) is None


@given(st.text(max_size=120))
def test_no_text_breaks_a_value(text: str) -> None:
    found = date(text)
    assert found is None or found.tzinfo is UTC
    problems = Problems()
    for read in (values.duration, lambda one, _: values.number(one), lambda one, _: values.length(one)):
        read(text, problems)
    link = values.address(text, BASE, problems)
    assert link is None or link.startswith(("http://", "https://"))
    assert "\n" not in values.line(text)
    plain(text)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("3600", 3600), ("60:00", 3600), ("1:00:00", 3600), ("01:02:03", 3723), ("61.5", 61.5), ("1h 2m 3s", 3723),
     ("PT1H2M3S", 3723), ("45 min", 2700), (" 90 ", 90), ("0", None), ("", None)],
)  # fmt: skip
def test_a_duration_in_many_forms(text: str, seconds: float | None) -> None:
    problems = Problems()
    assert values.duration(text, problems) == seconds
    assert not problems.all()


@pytest.mark.parametrize("text", ["-1", "long", "1:99", "NaN", "inf", "1e9", "00:00:00:00:01", "9999999999"])
def test_garbage_is_no_duration_and_is_reported(text: str) -> None:
    problems = Problems()
    assert values.duration(text, problems) is None
    assert len(problems.all()) == 1


@pytest.mark.parametrize(
    ("text", "resolved"),
    [
        ("https://a.example/x?y=1#z", "https://a.example/x?y=1#z"),
        ("  http://a.example/x\n", "http://a.example/x"),
        ("//a.example/1.mp3", "https://a.example/1.mp3"),
        ("/1.mp3", "https://example.org/1.mp3"),
        ("1.mp3", "https://example.org/feeds/1.mp3"),
        ("?p=2", BASE + "?p=2"),
        ("https://a.example/a b.mp3", "https://a.example/a%20b.mp3"),
        ("https://a.example/a\n  b", "https://a.example/ab"),
        ("https://a.example/?a=1&amp;b=2", "https://a.example/?a=1&b=2"),
        ("HTTPS://a.example/x", "https://a.example/x"),
        ("https://a.example/ü", "https://a.example/ü"),
        ("http://[::1]/", "http://[::1]/"),
        ("http://[::1/", None),
        ("http://", None),
        ("https://user:pw@a.example/x", None),
        ("https://a.example/\u202ex", None),
        ("javascript:alert(1)", None),
        ("mailto:a@b.org", None),
        ("https://a.example/" + "x" * 9000, None),
        ("", None),
    ],
)
def test_addresses_are_absolute_http_or_none(text: str, resolved: str | None) -> None:
    assert values.address(text, BASE) == resolved


def test_a_secret_address_is_kept_where_asked_for_and_told_nowhere() -> None:
    problems = Problems()
    assert values.address("https://u:pw@a.example/x", BASE, problems, secret=True) == "https://u:pw@a.example/x"
    assert values.address("https://u:pw@a.example/x", BASE, problems) is None
    assert "pw" not in str(problems.all())


@pytest.mark.parametrize(
    ("text", "size"),
    [("43200000", 43_200_000), ("0", None), ("-1", None), ("1e308", None), ("abc", None), ("9" * 40, None)],
)
def test_a_length_is_a_sane_number_of_bytes(text: str, size: int | None) -> None:
    assert values.length(text) == size


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>Two<br/>Three</p>", "One\nTwo\nThree"),
        ("a <b>b</b>&nbsp;&amp; c", "a b & c"),
        ("x<script>alert(1)</script>y<!-- z -->", "xy"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("  lines\n\n\n  of   text ", "lines\nof text"),
    ],
)
def test_notes_become_paragraphs_of_words(html: str, text: str) -> None:
    assert plain(html) == text
