"""Labels: who is nobody in particular, what is no person, and when a label is believed."""

from __future__ import annotations

import pytest

from bot.formats.speakers import evident, full_names, is_event, is_generic, named, split_label
from bot.formats.times import clock_s, out_of_order, seconds


@pytest.mark.parametrize(
    "label", ["Speaker 1", "SPEAKER_00", "speaker", "Unknown", "spk_2", "Unknown Speaker", "Guest 2"]
)
def test_labels_of_nobody_are_generic(label: str) -> None:
    assert is_generic(label)


@pytest.mark.parametrize("label", ["Ann", "Speaker Pelosi", "Guest", "Ann Speaker", "x" * 5000])
def test_names_are_not_generic(label: str) -> None:
    assert not is_generic(label)


@pytest.mark.parametrize("label", ["Break", "Jingle", "Clip", "clip from The Show 517", "Outro"])
def test_parts_of_the_programme_are_events(label: str) -> None:
    assert is_event(label)
    assert named(label) is None


def test_a_generic_label_stays_as_written_and_unknown_is_nobody() -> None:
    assert (named("SPEAKER_00"), named("Unknown"), named("")) == ("SPEAKER_00", None, None)


@pytest.mark.parametrize("text", ["So here it is: yes.", "http://example.org", "12:30 now", "a b: c", "“No”: she said"])
def test_running_text_has_no_label(text: str) -> None:
    assert split_label(text) is None


def test_a_label_is_believed_when_it_repeats_beside_another() -> None:
    assert evident(["Ann", "Bob", "Ann", "Bob"], 100) == {"Ann", "Bob"}
    assert evident(["Ann", "Bob"], 100) == frozenset()
    assert evident(["Ann", "Bob"], 4) == {"Ann", "Bob"}
    assert evident(["Ann"], 100, known={"Ann"}) == {"Ann"}


def test_a_short_name_is_the_only_person_it_fits() -> None:
    assert full_names(["Raza", "Lee", "Speaker 1"], ["Raza Habib", "Ann Lee", "Bob Lee"]) == {"Raza": "Raza Habib"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1:02:03.5", 3723.5),
        ("102:11", 6131),
        ("00:60", None),
        ("1:99:00", None),
        ("99999999:00:00", None),
        ("x", None),
    ],
)
def test_clocks(text: str, value: float | None) -> None:
    assert clock_s(text) == value


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -1, True, None, "", "-5", 10**400, [], "9" * 5000])
def test_values_that_are_no_time(value: object) -> None:
    assert seconds(value) is None


def test_the_fewest_times_are_dropped_and_of_two_the_later() -> None:
    assert out_of_order([0, 900, 300, 1200]) == {2}
    assert out_of_order([600, 300]) == {1}
    assert out_of_order([5000, 1, 2, 3]) == {0}
    assert out_of_order([1, 1, 2]) == set()
