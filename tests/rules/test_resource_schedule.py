"""When what an item points to is looked at again, and what may replace what is stored."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from bot.domain import Line
from bot.feed_memory import Resource
from bot.feed_ports import Fetched
from bot.rules.resource_schedule import (
    HOPELESS,
    OFTEN,
    RARELY,
    SELDOM,
    failed,
    fault,
    next_look,
    settled,
    stump,
    unchanged,
)

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
WANTED = Resource("one", "transcript", "https://a.example/t.vtt")


def lines(count: int, *, garbled: bool = False, timed: bool = True) -> list[Line]:
    start = 1.0 if timed else None
    return [Line(n, n, None, start, None, True, n * 10, 10, "ten words " * 5, garbled=garbled) for n in range(count)]


def test_a_new_release_is_looked_at_daily_for_a_month_then_weekly() -> None:
    assert next_look(NOW - timedelta(days=3), NOW) == NOW + timedelta(days=1)
    assert next_look(NOW - timedelta(days=31), NOW) == NOW + timedelta(days=7)
    assert next_look(None, NOW) == NOW + timedelta(days=7)


def test_failures_wait_longer_each_time_and_what_landed_stays() -> None:
    one, waits = WANTED, []
    for _ in range(HOPELESS):
        one = failed(one, Fetched("failed", one.url, "no"), NOW)
        assert one.next_at
        waits.append(one.next_at - NOW)
    assert waits[:4] == [timedelta(hours=1), timedelta(hours=2), timedelta(hours=4), timedelta(hours=8)]
    assert (max(waits[:-1]), waits[-1]) == (SELDOM, RARELY)
    assert waits == sorted(waits)
    assert (one.state, one.error) == ("failed", "no")
    used = settled(WANTED, Fetched("ok", WANTED.url, etag='"1"'), "used", NOW, None)
    assert failed(used, Fetched("missing", used.url, "404"), NOW).state == "used"


def test_what_a_new_release_lacks_is_asked_for_daily_for_a_month_then_weekly() -> None:
    """Feeds name transcripts that come later: as long as a 404 stands there, nobody waits a week in the first month."""
    one, at, asked = WANTED, NOW, []
    while at < NOW + timedelta(days=60):
        asked.append(at)
        one = failed(one, Fetched("missing", one.url, "404"), at, NOW)
        assert one.next_at
        at = one.next_at
    waits = [after - before for before, after in pairwise(asked)]
    assert all(wait <= OFTEN for before, wait in zip(asked, waits, strict=False) if before - NOW < timedelta(days=30))
    assert all(wait == SELDOM for before, wait in zip(asked, waits, strict=False) if before - NOW > timedelta(days=31))
    assert len(asked) > 30


def test_a_server_may_ask_for_a_longer_wait() -> None:
    late = failed(WANTED, Fetched("busy", WANTED.url, "429", retry_after_s=86_400.0), NOW)
    assert late.next_at == NOW + timedelta(days=1)


def test_an_answer_forgets_earlier_failures_and_keeps_the_validators() -> None:
    one = failed(WANTED, Fetched("failed", WANTED.url, "no"), NOW)
    fine = settled(one, Fetched("ok", one.url, etag='"1"', modified="yesterday"), "used", NOW, NOW)
    assert (fine.failures, fine.error, fine.etag, fine.modified) == (0, "", '"1"', "yesterday")
    assert unchanged(fine, NOW, NOW).etag == '"1"'


@pytest.mark.parametrize(
    ("said", "is_fault"),
    [
        pytest.param(lines(5), False, id="fine"),
        pytest.param([], True, id="nothing"),
        pytest.param(lines(5, garbled=True), True, id="garbled"),
        pytest.param([*lines(2), *lines(5, garbled=True)], True, id="mostly-garbled"),
        pytest.param(lines(3, timed=False), True, id="a-note"),
        pytest.param(lines(5, timed=False), False, id="long-and-bare"),
    ],
)
def test_what_no_one_could_quote_is_no_transcript(said: list[Line], is_fault: bool) -> None:
    assert bool(fault(said)) is is_fault


def test_half_of_a_transcript_does_not_replace_it() -> None:
    assert stump(1000, 400)
    assert not stump(1000, 600)
    assert not stump(100, 10)
