"""Raw values to typed arguments."""

from __future__ import annotations

from typing import Annotated, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.bind import bind
from bot.commands.declare import Arg, command
from bot.context import Context
from bot.domain import Level, Role
from bot.errors import UsageError
from bot.files import LARGEST, Upload
from bot.reply import Reply


@command("try", "All types")
async def attempt(
    ctx: Context,
    words: Annotated[str, Arg("Words that were said", length=(2, 10))],
    count: Annotated[int, Arg("How many", range=(1, 9))] = 3,
    pace: Annotated[float | None, Arg("How fast", range=(0, 1))] = None,
    yes: Annotated[bool, Arg("Do it")] = False,
    how: Annotated[Literal["near", "Far"], Arg("Where")] = "near",
    level: Annotated[Level | None, Arg("How far")] = None,
    role: Annotated[Role | None, Arg("Which role")] = None,
) -> Reply:
    return Reply()


def test_defaults_stand_for_what_is_not_given() -> None:
    assert bind(attempt, {"words": "fire", "count": None}) == {
        "words": "fire", "count": 3, "pace": None, "yes": False, "how": "near", "level": None, "role": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "raw", "value"),
    [
        ("count", "7", 7), ("count", 7, 7), ("count", " 7 ", 7), ("pace", "0.5", 0.5), ("pace", 1, 1.0),
        ("yes", "yes", True), ("yes", "TRUE", True), ("yes", "on", True), ("yes", True, True), ("yes", "no", False),
        ("yes", "false", False), ("yes", "off", False), ("yes", False, False), ("how", "FAR", "Far"),
        ("level", "hidden", Level.hidden), ("level", Level.erased, Level.erased), ("role", "editor", Role.editor),
    ],
)  # fmt: skip
def test_a_value_becomes_its_type(name: str, raw: object, value: object) -> None:
    found = bind(attempt, {"words": "fire", name: raw})[name]
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        ({}, "“words” is missing: Words that were said."),
        ({"words": "a"}, "“words” needs at least 2 characters."),
        ({"words": "   "}, "“words” needs at least 2 characters."),
        ({"words": "a" * 11}, "“words” takes at most 10 characters."),
        ({"words": "ab", "count": "many"}, "“count” takes a whole number, not “many”."),
        ({"words": "ab", "count": "1.5"}, "“count” takes a whole number, not “1.5”."),
        ({"words": "ab", "count": "10"}, "“count” takes a number from 1 to 9."),
        ({"words": "ab", "count": "9" * 5000}, "“count” takes a whole number, not “" + "9" * 59 + "…”."),
        ({"words": "ab", "pace": "nan"}, "“pace” takes a number, not “nan”."),
        ({"words": "ab", "pace": "inf"}, "“pace” takes a number, not “inf”."),
        ({"words": "ab", "yes": "maybe"}, "“yes” takes yes or no, not “maybe”."),
        ({"words": "ab", "how": "here"}, "“how” takes near or Far, not “here”."),
        ({"words": "ab", "level": "gone"}, "“level” takes not_featured, hidden or erased, not “gone”."),
        ({"words": "ab", "speed": "1"}, "/try has no option “speed”."),
    ],
)
def test_what_does_not_fit_is_said_in_one_line_above_the_usage(raw: dict[str, object], line: str) -> None:
    with pytest.raises(UsageError) as error:
        bind(attempt, raw)
    first, *rest = str(error.value).splitlines()
    assert first == line
    assert [row.split(":")[0] for row in rest] == ["How to ask", "For example"]


@given(st.dictionaries(st.sampled_from([one.name for one in attempt.params]), st.text(max_size=30)))
def test_any_text_binds_or_is_a_usage_error(raw: dict[str, str]) -> None:
    try:
        assert bind(attempt, raw).keys() == {one.name for one in attempt.params}
    except UsageError:
        return


@command("take", "A file")
async def take(
    ctx: Context,
    file: Annotated[Upload, Arg("The file")],
    more: Annotated[Upload | None, Arg("Another one")] = None,
) -> Reply:
    return Reply()


def test_a_file_passes_through_and_words_are_none() -> None:
    given = Upload("a.json", b"{}")
    assert bind(take, {"file": given}) == {"file": given, "more": None}
    for value in ("/etc/passwd", b"{}", 3):
        with pytest.raises(UsageError, match="a file is needed"):
            bind(take, {"file": value})
    with pytest.raises(UsageError, match="at most 8 MiB"):
        bind(take, {"file": Upload("a", b" " * (LARGEST + 1))})
    with pytest.raises(UsageError, match="file"):
        bind(take, {})
