"""What a file's name tells, and what it must not be taken for."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.file_clues import is_stem_like
from bot.rules.file_names import told


@pytest.mark.parametrize(
    ("stem", "number", "season", "days", "left"),
    [
        pytest.param("ep042", 42, None, (), "", id="ep"),
        pytest.param("S02E05", 5, 2, (), "", id="season"),
        pytest.param("2x05", 5, 2, (), "", id="x"),
        pytest.param("042 - title", 42, None, (), "title", id="leading"),
        pytest.param("Show_Name_42_final_v2", 42, None, (), "name", id="middle"),
        pytest.param("2021-03-04", None, None, (date(2021, 3, 4),), "", id="iso"),
        pytest.param("20210304", None, None, (date(2021, 3, 4),), "", id="compact"),
        pytest.param("04.03.2021", None, None, (date(2021, 3, 4), date(2021, 4, 3)), "", id="either-order"),
        pytest.param("4 March 2021 Ann Lee", None, None, (date(2021, 3, 4),), "ann lee", id="month"),
        pytest.param("Transcript_Part 2", None, None, (), "", id="part"),
        pytest.param("kites 2019", None, None, (), "kites 2019", id="a-year-is-no-number"),
        pytest.param("Recording 1920x1080 v3", None, None, (), "", id="sizes-and-versions"),
    ],
)
def test_a_name_tells_number_season_date_and_words(
    stem: str, number: int | None, season: int | None, days: tuple[date, ...], left: str
) -> None:
    found = told(stem)
    assert (found.number, found.season, " ".join(found.tokens)) == (number, season, left)
    assert set(found.dates) == set(days)


@given(st.text(max_size=400))
def test_any_name_can_be_read(stem: str) -> None:
    found = told(stem)
    assert found.number is None or 0 <= found.number < 100_000


def test_a_title_that_is_a_files_name_is_none() -> None:
    assert is_stem_like("ep042_final_v2")
    assert is_stem_like("Interview 4.docx")
    assert not is_stem_like("Kites")
    assert not is_stem_like("The Great Heist")
