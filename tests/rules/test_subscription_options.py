"""Options survive being stored; what is damaged becomes the default, and a pause stays a pause."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.alerts import Filters, Options
from bot.rules.subscription_options import BOUNDS, read, write

MADE = datetime(2026, 3, 1, 12, tzinfo=UTC)
USUAL = Options(MADE)


def kept(name: str, value: object) -> Any:
    """What is read of one stored option."""
    return getattr(read(json.dumps({"since": MADE.isoformat(), name: value})), name)


def kept_filter(name: str, value: object) -> Any:
    return getattr(kept("filters", {name: value}), name)


def test_the_usual_options_are_stored_as_their_date_alone() -> None:
    assert write(USUAL) == '{"since": "2026-03-01T12:00:00+00:00"}'
    assert read(write(USUAL)) == USUAL


def test_options_are_stored_as_readable_json() -> None:
    some = replace(USUAL, trailer="skip", delay_min=30, filters=Filters(without_words=("Wiederholung", "Café")))
    said = json.loads(write(some))
    assert {name: said[name] for name in ("delay_min", "trailer")} == {"delay_min": 30, "trailer": "skip"}
    assert said["filters"]["without_words"] == ["Wiederholung", "Café"]
    assert "Café" in write(some)
    assert read(write(some)) == some


def test_a_time_is_stored_as_utc() -> None:
    there = timezone(timedelta(hours=5, minutes=45))
    assert write(Options(MADE.astimezone(there))) == write(USUAL)


def test_half_a_character_is_not_stored() -> None:
    assert read(write(replace(USUAL, template="a\ud800b"))).template == "ab"


# === Damage =======================================================================================================


@pytest.mark.parametrize(
    "text",
    ["", "{", "null", "[]", "7", '"x"', "NaN", "{}", "[" * 100_000, '{"a":' * 100_000, '{"since": 7}', "\x00",
     '{"since": "yesterday"}', '{"since": "0001-01-01T00:00:00+14:00"}', "9" * 5000],
)  # fmt: skip
def test_what_is_no_stored_option_is_the_usual(text: str) -> None:
    assert read(text) == Options(datetime(1970, 1, 1, tzinfo=UTC))


def test_a_date_without_a_zone_is_utc() -> None:
    assert read('{"since": "2026-03-01T12:00:00"}').since == MADE


RUBBISH: list[object] = [
    None,
    True,
    -1,
    10**30,
    1.5,
    "",
    "skip ",
    [],
    {},
    [["post"]],
    {"post": 1},
    "x" * 5000,
    "\ud800",
]


@pytest.mark.parametrize("name", ["full", "bonus", "trailer", "swap", "thread", *BOUNDS, "mention", "tag", "template"])
@pytest.mark.parametrize("value", RUBBISH, ids=lambda value: repr(value)[:20])
def test_rubbish_is_the_default_of_that_option(name: str, value: object) -> None:
    usable = isinstance(value, str) and value in ("", "skip ") and name in ("mention", "tag", "template")
    assert kept(name, value) == (value if usable else getattr(USUAL, name))


@pytest.mark.parametrize("value", [None, 1, 0, "yes", [], {}])
def test_a_switch_is_true_or_false_only(value: object) -> None:
    assert kept("publish", value) is False
    assert kept_filter("clean_only", value) is False
    assert kept("publish", True) is True


@pytest.mark.parametrize(
    ("name", "least", "most"), [("age_days", 1, 90), ("burst_cap", 0, 25), ("delay_min", 0, 10080)]
)
def test_numbers_have_bounds(name: str, least: int, most: int) -> None:
    assert (kept(name, least), kept(name, most)) == (least, most)
    assert kept(name, least - 1) == kept(name, most + 1) == getattr(USUAL, name)


def test_a_template_has_at_most_a_thousand_characters() -> None:
    assert kept("template", "x" * 1000) == "x" * 1000
    assert kept("template", "x" * 1001) == ""


@pytest.mark.parametrize("value", [None, 7, "rerun", {"a": 1}, [7, None, True, ["a"]], ["", "  ", "x" * 101, "\udfff"]])
def test_words_that_are_none_are_left_out(value: object) -> None:
    for name in ("with_words", "without_words", "people"):
        assert kept_filter(name, value) == ()


def test_filters_have_bounds() -> None:
    assert kept_filter("without_words", ["rerun", 7, "best of"]) == ("rerun", "best of")
    assert len(kept_filter("people", [f"Anna {n}" for n in range(5000)])) == 50
    assert kept_filter("seasons", [1, True, -1, 2.0, "3", None, 10**9, 4]) == (1, 4)
    assert kept_filter("shortest_min", True) is None
    assert kept_filter("shortest_min", -1) is None
    assert kept_filter("longest_min", 10**12) is None
    assert kept_filter("longest_min", 90) == 90
    assert kept("filters", ["rerun"]) == Filters()


def test_a_name_that_is_no_option_is_passed_over() -> None:
    assert read('{"since": "2026-03-01T12:00:00+00:00", "__class__": "x", "colour": "red"}') == USUAL


# === Pauses =======================================================================================================


def test_a_pause_is_kept_with_who_and_when() -> None:
    paused = replace(USUAL, paused="summer break", paused_by="bot", paused_at=MADE)
    assert read(write(paused)) == paused


@pytest.mark.parametrize("why", [7, True, ["gone"], {"why": "gone"}, "\ud800", "x" * 5000])
def test_a_pause_whose_reason_is_damaged_stays_one(why: object) -> None:
    found = read(json.dumps({"paused": why, "paused_by": "moderator"}))
    assert 0 < len(found.paused) <= 500
    assert found.paused_by == "moderator"
    found.paused.encode()


@pytest.mark.parametrize("by", [None, "", "somebody", 7])
def test_a_pause_by_nobody_is_a_moderators(by: object) -> None:
    assert read(json.dumps({"paused": "break", "paused_by": by})).paused_by == "moderator"


def test_without_a_reason_nothing_is_paused() -> None:
    running = read(json.dumps({"paused": "", "paused_by": "bot", "paused_at": MADE.isoformat()}))
    assert (running.paused, running.paused_by, running.paused_at) == ("", "", None)


# === Properties ===================================================================================================

words = st.lists(st.text(min_size=1, max_size=100).filter(str.strip), max_size=50).map(tuple)
times = st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=-9))])).filter(
    lambda when: 1 < when.year < 9999
)
minutes = st.one_of(st.none(), st.integers(0, 10080))
handlings = st.sampled_from(["post", "quiet", "hold", "skip"])
plain = st.builds(
    Options,
    since=times,
    full=handlings,
    bonus=handlings,
    trailer=handlings,
    swap=handlings,
    filters=st.builds(
        Filters,
        with_words=words,
        without_words=words,
        seasons=st.lists(st.integers(0, 100_000), max_size=50).map(tuple),
        clean_only=st.booleans(),
        shortest_min=minutes,
        longest_min=minutes,
        people=words,
    ),
    template=st.text(max_size=1000),
    mention=st.text(max_size=64),
    thread=st.sampled_from(["none", "thread", "forum"]),
    thread_title=st.text(max_size=1000),
    tag=st.text(max_size=100),
    publish=st.booleans(),
    delay_min=st.integers(0, 10080),
    age_days=st.integers(1, 90),
    burst_cap=st.integers(0, 25),
)
paused = st.builds(
    lambda options, why, by, at: replace(options, paused=why, paused_by=by, paused_at=at),
    plain,
    st.text(min_size=1, max_size=500),
    st.sampled_from(["moderator", "bot"]),
    st.one_of(st.none(), times),
)


@given(st.one_of(plain, paused))
def test_options_come_back_as_they_were(options: Options) -> None:
    assert read(write(options)) == options
    assert write(read(write(options))) == write(options)


values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)),
    max_leaves=8,
)
names = st.sampled_from([one.name for one in fields(Options)])
inner_names = st.sampled_from([one.name for one in fields(Filters)])
damaged = st.dictionaries(names, st.one_of(values, st.dictionaries(inner_names, values, max_size=7)), max_size=21)


@given(damaged)
def test_damage_is_never_an_error_and_what_is_read_can_be_stored(said: dict[str, object]) -> None:
    options = read(json.dumps(said))
    write(options).encode("utf-8")
    assert read(write(options)) == options
    assert all(least <= getattr(options, name) <= most for name, (least, most) in BOUNDS.items())


@given(st.text(max_size=60))
def test_any_text_is_read(text: str) -> None:
    assert isinstance(read(text), Options)


def test_whatever_number_the_commands_take_is_kept_as_it_was_said() -> None:
    """A moderator who is told "cap: 25" has a cap of 25."""
    from bot.commands.registry import load

    declared = load().get("alerts edit")
    assert declared
    said = {"age": "age_days", "cap": "burst_cap", "delay": "delay_min"}
    ranges = {param.name: param.arg.range for param in declared.params if param.name in said}
    assert set(ranges) == set(said)
    for name, bounds in ranges.items():
        assert bounds
        assert [kept(said[name], value) for value in bounds] == list(bounds)
