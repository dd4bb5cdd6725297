"""The table of unsure files: no cell of it is a formula, and given back it means the same files."""

from __future__ import annotations

import csv
import io

import pytest

from bot.services.import_report import Unsure, read_map, unsure_table

NAMES = ["=cmd|' /C calc'!A0.txt", "+1.txt", "-1.txt", "@sum.txt", "＝1.txt", "'quoted.txt", "'=both.txt", "plain.txt"]


@pytest.mark.parametrize("name", NAMES)
def test_no_cell_begins_a_formula_and_the_file_is_found_again(name: str) -> None:
    table = unsure_table([Unsure("show", name, "kites", name, 0.5, f"{name} fits")])
    cells = [cell for row in csv.reader(io.StringIO(table)) for cell in row]
    assert not [cell for cell in cells if cell.strip()[:1] in tuple("=+-@＝＋－＠")]
    assert read_map(table.encode()) == {name: "kites"}


def test_a_map_that_a_person_wrote_keeps_its_names() -> None:
    assert read_map(b"file,episode\n'tis.txt,one\n") == {"'tis.txt": "one"}
