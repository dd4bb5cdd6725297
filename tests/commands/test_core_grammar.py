"""The text grammar: what is an option, what stays words, and how a misuse is answered."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.declare import Arg, Command, command
from bot.commands.grammar import parse_line, signature, usage, write_line
from bot.commands.registry import Registry
from bot.context import Context
from bot.domain import Role
from bot.errors import NotFound, UsageError, UserError
from bot.reply import Reply


@command("quote", "Find a line", example="move fast show:acme")
async def quote(
    ctx: Context,
    words: Annotated[str | None, Arg("Words that were said", rest=True)] = None,
    show: Annotated[str | None, Arg("Only this show")] = None,
    note: Annotated[str | None, Arg("A note")] = None,
) -> Reply:
    return Reply()


@command("withhold", "Show a line no more", Role.editor)
async def withhold(
    ctx: Context,
    words: Annotated[str, Arg("Words", rest=True)],
    yes: Annotated[bool, Arg("Do it")] = False,
) -> Reply:
    return Reply()


@command("quotes list", "Saved quotes")
async def quotes_list(ctx: Context) -> Reply:
    return Reply()


@command("quotes save", "Save a quote")
async def quotes_save(ctx: Context, count: Annotated[int, Arg("How many", range=(2, 9))]) -> Reply:
    return Reply()


@command("about", "What this is", listed=False)
async def about(ctx: Context) -> Reply:
    return Reply()


@command("share", "Share a line", listed=False)
async def share(ctx: Context, anchor: Annotated[str, Arg("Line")]) -> Reply:
    return Reply()


REGISTRY = Registry([quote, withhold, quotes_list, quotes_save, about, share])


def parsed(line: str) -> tuple[str, dict[str, str]]:
    found, args = parse_line(line, REGISTRY)
    return found.name, args


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('/quote move fast show:"High Agency"', {"words": "move fast", "show": "High Agency"}),
        ("/quote show:acme move fast", {"words": "move fast", "show": "acme"}),
        ("quote move fast", {"words": "move fast"}),
        ("/Quote Move fast", {"words": "Move fast"}),
        ("/pullquote quote move fast", {"words": "move fast"}),
        ("/quote", {}),
        ("  /quote  move\t fast ", {"words": "move fast"}),
        ("/quote show:“High Agency” move", {"words": "move", "show": "High Agency"}),
        ("/quote show:„High Agency“", {"show": "High Agency"}),
        ('/quote show: "High Agency" move', {"words": "move", "show": "High Agency"}),
        ('/quote Show:acme note:""', {"show": "acme", "note": ""}),
        ('/quote note:“he said "go" twice”', {"note": 'he said "go" twice'}),
        (r'/quote note:"he said \"go\" twice"', {"note": 'he said "go" twice'}),
        ("/quote note: this is", {"words": "note: this is"}),
        ("/quote what a show:", {"words": "what a show:"}),
        ("/quote at 12:15", {"words": "at 12:15"}),
        ("/quote https://example.org/a?b=c:d", {"words": "https://example.org/a?b=c:d"}),
        ("/quote the answer:42", {"words": "the answer:42"}),
        ("/quote “move fast”", {"words": "move fast"}),
        ('/quote say "show:acme" twice', {"words": 'say "show:acme" twice'}),
        ('/quote say "move fast", they said', {"words": 'say "move fast", they said'}),
        ('/quote he said "fire', {"words": 'he said "fire'}),
        ('/quote show:"High Agency', {"show": "High Agency"}),
        ('/quote show:"High Agency note:hm', {"show": "High Agency", "note": "hm"}),
        ("/quote don’t", {"words": "don’t"}),
        ("/quote words:fire show:acme", {"words": "fire", "show": "acme"}),
    ],
)
def test_options_are_told_from_words(line: str, expected: dict[str, str]) -> None:
    assert parsed(line) == ("quote", expected)


def test_two_word_names_win() -> None:
    assert parsed("/quotes list") == ("quotes list", {})
    assert parsed("/Quotes  LIST") == ("quotes list", {})
    assert parsed("/pullquote quotes list") == ("quotes list", {})


def test_moderators_commands_stand_after_pullquote() -> None:
    assert parsed("/pullquote withhold fire ready yes:true") == ("withhold", {"words": "fire ready", "yes": "true"})
    assert parsed("/withhold fire")[0] == "withhold"


@pytest.mark.parametrize(
    "line", ["/quote show:a show:b", "/quote words:a b", "/quotes list now", "/quote " + "x" * 10_000]
)
def test_a_misuse_is_a_usage_error(line: str) -> None:
    with pytest.raises(UsageError):
        parse_line(line, REGISTRY)


def test_a_usage_error_shows_the_signature_and_one_example() -> None:
    with pytest.raises(UsageError) as error:
        parse_line("/quote show:a show:b", REGISTRY)
    assert str(error.value) == (
        "“show” is there twice.\n"
        "How to ask: /quote [WORDS] [show:SHOW] [note:NOTE]\n"
        "For example: /quote move fast show:acme"
    )


def test_a_signature_says_what_is_optional() -> None:
    assert signature(withhold) == "/pullquote withhold WORDS [yes:yes]"
    assert usage(quotes_save).endswith("/quotes save count:2")


@pytest.mark.parametrize(
    ("line", "close"),
    [
        ("/qoute move fast", "/quote"),
        ("/quots list", "/quotes list"),
        ("/quotes", "/quotes list or /quotes save"),
        ("/quotes lst", "/quotes list or /quotes save"),
        ("/witholding x", "/pullquote withhold"),
        ("", "/quote"),
        ("/", "/quote"),
        ("/pullquote", "/quote"),
        ("/fgjkdl", "/help"),
        ("/abuot", "/about"),
        ("/sharr", "/help"),
    ],
)
def test_an_unknown_command_names_the_closest(line: str, close: str) -> None:
    with pytest.raises(NotFound) as error:
        parse_line(line, REGISTRY)
    assert close in str(error.value)


def test_members_are_not_told_of_commands_that_they_may_not_use() -> None:
    with pytest.raises(NotFound) as error:
        parse_line("/withold x", REGISTRY, Role.member)
    assert "withhold" not in str(error.value).replace("“withold”", "")


@given(st.text(max_size=200))
def test_nothing_but_a_user_error_is_raised(text: str) -> None:
    try:
        parse_line(text, REGISTRY)
    except UserError:
        return


@given(st.lists(st.from_regex(r"[a-z.,!?'12:/-]{1,12}", fullmatch=True), min_size=1, max_size=12))
def test_words_survive(words: list[str]) -> None:
    text = " ".join(words)
    if not any(word.startswith(("show:", "note:", "words:")) for word in words):
        assert parsed(f"/quote {text}") == ("quote", {"words": text})


PIECES = st.sampled_from(['"', "“", "”", "„", "«", "»", "\\", " ", "show:", "note:", "a", "12:15", "\n", "’"])


@given(st.lists(PIECES, max_size=40).map("".join))
def test_quotes_in_any_order_are_words_or_values(text: str) -> None:
    try:
        _, args = parse_line(f"/quote {text}", REGISTRY)
    except UsageError:
        return
    left = "".join(args.values())
    assert left.count("a") == text.replace("show:", "").count("a")


@given(st.fixed_dictionaries({}, optional={name: st.text(max_size=60) for name in ("words", "show", "note")}))
def test_a_written_line_is_read_as_the_same_arguments(args: dict[str, str]) -> None:
    assert parse_line(write_line(quote, args), REGISTRY) == (quote, args)


@pytest.mark.parametrize("piece", ["“ ", "“ \\” ", "show:“ ", '"', 'show:" ', "\\", "note:", "show:\\“", "«“„ "])
def test_ten_thousand_characters_are_read_at_once(piece: str) -> None:
    started = time.perf_counter()
    with suppress(UserError):
        parse_line("/quote " + (piece * 10_000)[:9_900], REGISTRY)
    assert time.perf_counter() - started < 30  # a guard against a stall, not a timing


def test_a_line_for_a_command_without_parameters_is_its_name() -> None:
    found: tuple[Command, dict[str, str]] = parse_line("/quotes list", REGISTRY)
    assert write_line(*found) == "/quotes list"
