"""Which speaker labels name nobody."""

from __future__ import annotations

import pytest

from bot.rules.labels import is_generic


@pytest.mark.parametrize(
    "label",
    ["", " ", "Speaker 1", "SPEAKER_00", "speaker", "Speaker #2", "Guest 1", "Host B", "Unknown", "unknown speaker 3",
     "S2", "spk-4", "Person 2", "Q", "7"],
)  # fmt: skip
def test_generic_labels_name_nobody(label: str) -> None:
    assert is_generic(label)


@pytest.mark.parametrize("label", ["Ann", "Sam 2", "Speakerphone Bob", "Persona", "Guest Star", "speaker 1" * 50])
def test_names_are_no_generic_labels(label: str) -> None:
    assert not is_generic(label)
