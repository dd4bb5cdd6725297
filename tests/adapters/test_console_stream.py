"""The console as a pipe: lines in, plain text out."""

from __future__ import annotations

import asyncio
import os
import sys
from io import BytesIO, StringIO, TextIOWrapper
from types import SimpleNamespace
from typing import TYPE_CHECKING, Annotated, cast

from adapters.console import Progress, run_console
from adapters.console.stream import Lines
from bot import texts
from bot.commands.declare import Arg, command
from bot.commands.registry import Registry
from bot.context import Context
from bot.domain import DEFAULT_COMMUNITY, Person, Place, Role
from bot.reply import Action, Choice, Choices, Form, FormField, Reply

if TYPE_CHECKING:
    from bot.services import Services


@command("count", "Count up")
async def count(ctx: Context, n: Annotated[int, Arg("From", range=(0, 9), rest=True)] = 0) -> Reply:
    await ctx.progress("counting")
    more = Choices("Go on?", (Choice("Up", Action("Up", "count", {"n": str(n + 1)})),))
    return Reply(f"{n}", choices=more, actions=(Action("Stop", "stop"),))


@command("stop", "Stop")
async def stop(ctx: Context) -> Reply:
    return Reply("stopped")


@command("note", "Write a note")
async def note(ctx: Context, id: Annotated[str, Arg("Id")], text: Annotated[str | None, Arg("Text")] = None) -> Reply:
    if text is None:
        return Reply("A note.", form=Form("Note", "note", (FormField("text", "New text"),), {"id": id}))
    return Reply(f"{id}: {text}")


REGISTRY = Registry([count, stop, note])
WELCOME = "\n".join(texts.welcome("/quote"))


def context(progress: Progress) -> Context:
    place = Place("console", "local", "console")
    person = Person("console", "operator")
    return Context(
        cast("Services", SimpleNamespace()), person, Role.operator, DEFAULT_COMMUNITY, place, "1", progress=progress
    )


async def session(*lines: str) -> list[str]:
    """The blocks that are printed after the welcome."""
    out = StringIO()
    await run_console(REGISTRY, context, stdin=StringIO("\n".join(lines)), stdout=out)
    printed = out.getvalue()
    assert printed.startswith(f"{WELCOME}\n")
    return printed.removeprefix(f"{WELCOME}\n").removeprefix("\n").removesuffix("\n").split("\n\n")


async def test_a_line_is_answered_and_the_input_ends() -> None:
    assert await session("/stop", "/stop") == ["stopped", "stopped"]


async def test_an_empty_input_shows_the_welcome_and_ends() -> None:
    assert await session() == [""]


async def test_a_number_presses_what_the_last_reply_offered() -> None:
    blocks = await session("/count 3", "1", "[1]", "2", "1")
    nothing = "There is nothing to press: the last answer had no choices."
    shown = [block for block in blocks if block not in ("Go on?\n[1] Up", "[2] Stop")]
    assert shown == ["3", "4", "5", "stopped", nothing]


async def test_a_wrong_number_keeps_the_choices() -> None:
    blocks = await session("/count 3", "7", "0", "1")
    wrong = "There is no choice {}: the last answer had 1 to 2."
    assert [block for block in blocks if block.startswith("There")] == [wrong.format(7), wrong.format(0)]
    assert "4" in blocks


async def test_blank_lines_are_skipped_and_a_time_is_not_a_number_to_press() -> None:
    blocks = await session("", "   ", "12:15", "²")
    assert [block.split(".")[0] for block in blocks] == ["There is no command “12:15”", "There is no command “²”"]


async def test_goodbye_leaves_the_rest_unread() -> None:
    for word in ("exit", "quit", "/exit", " QUIT "):
        assert await session("/stop", word, "/stop") == ["stopped"]


async def test_a_form_says_how_to_answer_in_one_line() -> None:
    assert await session("/note id:a", '/note id:a text:"a b"') == [
        "A note.",
        'Answer with /note id:a text:"<New text>"',
        "a: a b",
    ]


async def test_a_notice_stands_above_the_welcome() -> None:
    out = StringIO()
    await run_console(REGISTRY, context, stdin=StringIO(), stdout=out, example="/count 3", notice="A sample show.")
    assert out.getvalue().splitlines()[:3:2] == ["A sample show.", "Type /count 3 to begin; /help lists the commands."]


async def test_an_ascii_locale_shows_what_it_can() -> None:
    raw = BytesIO()
    out = TextIOWrapper(raw, encoding="ascii")
    await run_console(REGISTRY, context, stdin=StringIO("/nothing"), stdout=out)
    assert b"There is no command ?nothing?." in raw.getvalue()


async def test_a_reader_that_went_away_ends_the_conversation() -> None:
    class Gone(StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    await run_console(REGISTRY, context, stdin=StringIO("/stop\n" * 3), stdout=Gone())


async def test_lines_come_from_a_pipe_as_they_are_written() -> None:
    read, write = os.pipe()
    with os.fdopen(read) as stream:
        lines = Lines(stream)
        os.write(write, "one\r\ntwo “half".encode())
        assert await lines.next() == "one"
        waiting = asyncio.create_task(lines.next())
        await asyncio.sleep(0.01)
        assert not waiting.done()
        os.write(write, b"\xff\n\nlast")
        assert await waiting == "two “half�"
        assert await lines.next() == ""
        os.close(write)
        assert (await lines.next(), await lines.next()) == ("last", None)


async def test_the_program_can_end_while_a_pipe_is_silent() -> None:
    code = (
        "import asyncio, sys\n"
        "from adapters.console.stream import Lines\n"
        "async def main():\n"
        "    task = asyncio.create_task(Lines(sys.stdin).next())\n"
        "    await asyncio.sleep(0.05)\n"
        "    task.cancel()\n"
        "asyncio.run(main())\n"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-W", "error", "-c", code,
        stdin=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stderr is not None
    errors = await asyncio.wait_for(process.stderr.read(), 10)
    assert (await process.wait(), errors) == (0, b"")


async def test_a_pipe_needs_no_terminal_library() -> None:
    code = "import sys, adapters.console.stream; print([name for name in sys.modules if 'prompt_toolkit' in name])"
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE)
    printed, _ = await process.communicate()
    assert printed.strip() == b"[]"
