"""What moderators are told of a feed: once when it fails for long, in words that stay, and once when it is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot import texts
from bot.domain import Episode, EpisodeId, Show, ShowId
from bot.feed_memory import FeedState
from bot.rules.troubles import feed_lines, notice_lines, over, recovered, told_name, withdrawn_line

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
FINE = FeedState(ShowId("kites"), "https://kites.example/feed", checked_at=NOW, succeeded_at=NOW, baseline_at=NOW)
KITES = Show(ShowId("kites"), "kites", "Kites")


def failing(failures: int, hours: float, error: str = "The server took too long.") -> FeedState:
    return replace(FINE, checked_at=NOW, succeeded_at=NOW - hours * HOUR, failures=failures, error=error)


@pytest.mark.parametrize(
    ("failures", "hours", "open"),
    [(0, 0, False), (1, 30, False), (2, 100, False), (3, 23, False), (3, 24, True), (9, 500, True), (9, 5, False)],
)
def test_a_feed_fails_for_long_after_three_failures_and_a_day(failures: int, hours: float, open: bool) -> None:
    assert bool(feed_lines(failing(failures, hours), NOW, "Kites")) is open


@pytest.mark.parametrize("code", [401, 403])
def test_a_refusal_needs_no_day(code: int) -> None:
    assert feed_lines(failing(2, 2, texts.fetch_code(code)), NOW) == ()
    [line] = feed_lines(failing(3, 3, texts.fetch_code(code)), NOW, "Kites")
    assert line.startswith("The feed of Kites cannot be read since 2026-03-01 09:00 UTC.")


def test_a_stopped_feed_is_told_at_once_with_why() -> None:
    gone = replace(FINE, stopped=texts.fetch_code(410), failures=1)
    [line] = feed_lines(gone, NOW, "Kites")
    assert "not looked at any more" in line
    assert "gone for good (410)" in line


def test_the_words_stay_while_it_lasts_whatever_the_latest_error_is() -> None:
    states = [
        failing(n, 24, error) for n, error in ((3, texts.fetch_code(403)), (4, "Reset."), (9, "The server says 5."))
    ]
    lines = {feed_lines(one, NOW + n * HOUR, "Kites") for n, one in enumerate(states)}
    assert len(lines) == 1


def test_a_feed_that_never_answered_names_no_time() -> None:
    [line] = feed_lines(replace(failing(3, 0), succeeded_at=None), NOW, "Kites")
    assert line.startswith("The feed of Kites cannot be read. ")


def test_only_an_answer_after_trouble_is_an_all_clear() -> None:
    good = replace(FINE, checked_at=NOW + HOUR, succeeded_at=NOW + HOUR)
    assert not recovered(FINE, good)
    assert not recovered(failing(1, 1), good)
    assert recovered(failing(3, 30), good)
    assert not recovered(failing(3, 30), failing(4, 31))
    assert recovered(replace(failing(1, 1), stopped="gone"), good)
    resumed = replace(failing(3, 30), failures=0, error="")
    assert recovered(resumed, good)
    assert not recovered(replace(FINE, checked_at=None, succeeded_at=None), good)


def test_the_all_clear_names_which_feed() -> None:
    assert over(FINE, "Kites") == "The feed of Kites can be read again."
    assert over(replace(FINE, role="youtube"), "Kites") == "The YouTube feed of Kites can be read again."


def test_a_private_show_is_not_named_where_moderators_are_told() -> None:
    private = replace(KITES, private=True)
    assert told_name(KITES) == "Kites"
    assert told_name(private) == ""
    lines = (*feed_lines(failing(3, 30), NOW, told_name(private)), over(FINE, ""))
    lines += notice_lines(private, ["“Merger”: held"])
    episode = Episode(EpisodeId("e"), KITES.id, "kites", "Kites", "merger", "The merger")
    lines += (withdrawn_line(private, episode),)
    assert len(lines) == 4
    for line in lines:
        assert not any(word in line for word in ("Kites", "kites", "erger"))
        assert "private show" in line


def test_notices_name_their_show_and_none_are_none() -> None:
    assert notice_lines(KITES, ["Twenty items share one guid."]) == ("Kites: Twenty items share one guid.",)
    assert notice_lines(KITES, []) == ()


def test_a_withdrawn_episode_asks_hide_or_keep() -> None:
    episode = Episode(EpisodeId("e"), KITES.id, "kites", "Kites", "wind", "Wind")
    line = withdrawn_line(KITES, episode)
    assert "“Wind” of Kites" in line
    assert '/pullquote withhold episode:"kites/wind"' in line
