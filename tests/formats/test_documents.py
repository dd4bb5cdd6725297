"""Word and RTF files as transcription services write them; and names that a text dresses as headings or items."""

from __future__ import annotations

import zipfile
from contextlib import suppress
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import UnknownFormat
from bot.formats import parse

S = "Hello there and welcome to the show today."
R = "Thanks for having me, it is good to be here."
T = "So tell me about your work with the badgers."
Row = tuple[str | None, float | None, str]


def read(data: bytes | str, name: str = "x") -> list[Row]:
    raw = data.encode() if isinstance(data, str) else data
    return [(turn.speaker, turn.start_s, turn.text) for turn in parse(raw, name).turns]


def word(*paragraphs: tuple[str, str] | str, table: list[list[str]] | None = None) -> bytes:
    """A Word file; a pair is a bold front and what follows it."""
    from docx import Document

    document: Any = Document()
    for one in paragraphs:
        bold, rest = one if isinstance(one, tuple) else ("", one)
        paragraph = document.add_paragraph()
        paragraph.add_run(bold).bold = True
        paragraph.add_run(rest)
    if table:
        grid = document.add_table(rows=0, cols=len(table[0]))
        for row in table:
            for cell, text in zip(grid.add_row().cells, row, strict=True):
                cell.text = text
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def zipped(xml: bytes, name: str = "word/document.xml") -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, xml)
    return stream.getvalue()


TIMED: list[Row] = [("Ann Lee", 1, S), ("Bob Ray", 9, R), ("Ann Lee", 20, T)]
UNTIMED: list[Row] = [("Ann Lee", None, S), ("Bob Ray", None, R), ("Ann Lee", None, T)]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(
            word(("Ann Lee:", f" {S}"), ("Bob Ray:", f" {R}"), ("Ann Lee:", f" {T}")), UNTIMED, id="bold names"
        ),
        pytest.param(word(("Ann Lee", ""), S, ("Bob Ray", ""), R, ("Ann Lee", ""), T), UNTIMED, id="names alone"),
        pytest.param(
            word("Ann Lee  00:00:01", S, "Bob Ray  00:00:09", R, "Ann Lee  00:00:20", T), TIMED, id="names and times"
        ),
        pytest.param(
            word(("Ann Lee", " (00:01):"), S, ("Bob Ray", " (00:09):"), R, ("Ann Lee", " (00:20):"), T), TIMED, id="Rev"
        ),
        pytest.param(
            word(f"[00:00:01] Ann Lee: {S}", f"[00:00:09] Bob Ray: {R}", f"[00:00:20] Ann Lee: {T}"), TIMED, id="plain"
        ),
        pytest.param(
            word(
                table=[
                    ["Time", "Speaker", "Text"],
                    ["00:01", "Ann Lee", S],
                    ["00:09", "Bob Ray", R],
                    ["00:20", "Ann Lee", T],
                ]
            ),
            TIMED,
            id="a table",
        ),
    ],
)
def test_word_files_of_many_styles_are_read(data: bytes, expected: list[Row]) -> None:
    assert read(data, "transcript.docx") == expected


def test_bold_words_that_are_no_names_name_nobody() -> None:
    found = read(
        word(("Note:", " keep this."), f"[00:01] {S}", f"[00:09] {R}", ("Very important", " it was."), f"[00:20] {T}")
    )
    assert {speaker for speaker, _, _ in found} == {None}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (zipped(b"<a>", "other.xml"), "zip archive"),
        (zipped(b"not xml"), "damaged"),
        (zipped(b"<w>" + b" " * 60_000_000 + b"</w>"), "too large"),
        (word(S)[:900], "zip archive|opened"),
        (word("x"), "no times"),
    ],
)
def test_a_word_file_that_is_nothing_says_why(data: bytes, reason: str) -> None:
    with pytest.raises(UnknownFormat, match=reason):
        parse(data, "a.docx")


def test_no_entity_of_a_word_file_is_expanded_or_opened() -> None:
    bomb = b'<!DOCTYPE d [<!ENTITY a "0123456789"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    space = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    said = b"<w:p><w:r><w:t>[00:0%d] Ann: Hello &b; and &f; all.</w:t></w:r></w:p>"
    xml = (
        bomb
        + b"<w:document "
        + space
        + b"><w:body>"
        + b"".join(said % n for n in range(1, 5))
        + b"</w:body></w:document>"
    )
    text = str(read(zipped(xml)))
    assert "Hello" in text
    assert "0123456789" not in text
    assert "root:" not in text


def test_rtf_is_read_without_its_fonts_and_pictures() -> None:
    rtf = (
        "{\\rtf1\\ansi{\\fonttbl{\\f0 Times;}}{\\pict\\wmetafile8 "
        + "0a1b" * 500
        + "}\\f0\\b Ann Lee:\\b0  "
        + S
        + "\\par\n\\b Bob Ray:\\b0  "
        + R.replace("good", "g\\'f6\\'f6d")
        + "\\par\nAnn Lee: "
        + T
        + "\\par}"
    )
    assert read(rtf) == [("Ann Lee", None, S), ("Bob Ray", None, R.replace("good", "gööd")), ("Ann Lee", None, T)]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            f"## Ann Lee (00:01)\n\n{S}\n\n## Bob Ray (00:09)\n\n{R}\n\n## Ann Lee (00:20)\n\n{T}\n", id="headings"
        ),
        pytest.param(
            f"### [00:01] Ann Lee\n{S}\n### [00:09] Bob Ray\n{R}\n### [00:20] Ann Lee\n{T}\n", id="times first"
        ),
        pytest.param(f"Ann Lee (00:00:01):\n{S}\n\nBob Ray (00:00:09):\n{R}\n\nAnn Lee (00:00:20):\n{T}\n", id="above"),
        pytest.param(f"00:00:01 Ann Lee\n{S}\n\n00:00:09 Bob Ray\n{R}\n\n00:00:20 Ann Lee\n{T}\n", id="time and name"),
    ],
)
def test_names_above_their_words_are_speakers(text: str) -> None:
    assert read(text, "t.md") == TIMED


def test_items_and_headings_without_times_are_speakers_when_they_return() -> None:
    said = [("Ann", S), ("Bob", R), ("Ann", T), ("Bob", S)]
    expected = [(name, None, text) for name, text in said]
    assert read("".join(f"- {name}: {text}\n" for name, text in said)) == expected
    assert read("".join(f"## {name}\n\n{text}\n\n" for name, text in said)) == expected


def test_names_that_never_return_are_speakers_only_when_somebody_says_one() -> None:
    asked = S.replace("welcome", "welcome, Bob,")
    assert read(f"Ann Lee\n00:00:01\n{asked}\n\nBob Ray\n00:00:09\n{R}\n") == [("Ann Lee", 1, asked), ("Bob Ray", 9, R)]
    titles = read(f"Opening Words\n00:00:01\n{S}\n\nClosing Words\n00:00:09\n{R}\n")
    assert {speaker for speaker, _, _ in titles} <= {None}
    notes = parse(b"4:00 - Getting Feedback\n\n* Be open\n* Feedback helps\n\n15:15 - Giving Feedback\n\n* Ask\n")
    assert ([chapter.title for chapter in notes.chapters], notes.turns) == (["Getting Feedback", "Giving Feedback"], ())


@pytest.mark.parametrize(
    "text",
    [
        "Ingredients: 2 eggs\nMethod: beat them\nIngredients: 3 eggs\nMethod: fry them\nNote: fun\nNote: more\n",
        "- Pros: cheap\n- Cons: slow\n- Pros: small\n- Cons: loud\n",
        f"{S}\n\nNote: on tape.\n\n{R}\n\nLinks: e.org\n\n{T}\n\nNote: again.\n\nLinks: e.org\n",
        "## Setup\n\nfirst\n\n## Usage\n\nsecond\n\n## Setup\n\nthird\n\n## License\n\nfourth\n",
    ],
)
def test_labels_of_recipes_and_notes_are_nobody(text: str) -> None:
    with suppress(UnknownFormat):
        assert {speaker for speaker, _, _ in read(text)} <= {None}


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=400), st.integers(0, 300))
def test_a_damaged_word_file_is_read_or_refused(noise: bytes, at: int) -> None:
    whole = zipped(
        b"<w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'><w:body/></w:document>"
    )
    for data in (whole[:at] + noise + whole[at + len(noise) :], zipped(noise)):
        try:
            parse(data, "a.docx")
        except UnknownFormat:
            continue
