"""The console on a terminal: keys in through a pipe, what is shown caught as text."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Annotated, cast

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput
from rich.console import Console

from adapters.console.render import rich_reply
from adapters.console.session import Progress, Session, converse
from adapters.console.terminal import LineCompleter, Terminal, interruptible
from bot.commands.declare import Arg, command
from bot.commands.registry import Registry
from bot.context import Context
from bot.domain import DEFAULT_COMMUNITY, Person, Place, Role
from bot.reply import Action, Choice, Choices, Field, Form, FormField, QuoteBlock, Reply

if TYPE_CHECKING:
    from bot.services import Services


async def names(ctx: Context, typed: str) -> list[str]:
    return ["High Agency", "Hostile\x1b[31m\u202e"]


@command("say", "Say words")
async def say(
    ctx: Context,
    words: Annotated[str, Arg("Words", rest=True)],
    show: Annotated[str | None, Arg("Show", complete=names)] = None,
) -> Reply:
    await ctx.progress("saying [bold]it[/bold]")
    return Reply(f"said {words} in {show}", actions=(Action("Again", "say", {"words": "again"}),))


@command("note", "Write a note")
async def note(ctx: Context, text: Annotated[str | None, Arg("Text")] = None) -> Reply:
    if text is None:
        return Reply("A note.", form=Form("Note", "note", (FormField("text", "New text", "old "),)))
    return Reply(f"noted {text}")


@command("wait", "Wait for ever")
async def wait(ctx: Context) -> Reply:
    await ctx.progress("waiting")
    asyncio.get_running_loop().call_later(0.05, os.kill, os.getpid(), signal.SIGINT)
    await asyncio.Event().wait()
    return Reply("never")


@command("judge", "Ask with choices")
async def judge(ctx: Context, what: Annotated[str | None, Arg("What")] = None) -> Reply:
    fields = (FormField("what", "What is wrong", options=("the words", "the time")),)
    return Reply(f"judged {what}") if what else Reply(form=Form("Judge", "judge", fields))


REGISTRY = Registry([say, note, wait, judge])


def context(progress: Progress) -> Context:
    place = Place("console", "local", "console")
    person = Person("console", "operator")
    return Context(
        cast("Services", SimpleNamespace()), person, Role.operator, DEFAULT_COMMUNITY, place, "1", progress=progress
    )


@asynccontextmanager
async def keyboard() -> AsyncIterator[PipeInput]:
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        yield keys


async def typed(keys: str, history: Path | None = None, then: str = "") -> str:
    """What is shown after the welcome when these keys are typed, and others when what they began is done."""
    out = StringIO()
    async with keyboard() as pipe:
        pipe.send_text(keys)
        if then:
            asyncio.get_running_loop().call_later(0.3, pipe.send_text, then)
        terminal = Terminal(REGISTRY, context, out, history)
        await asyncio.wait_for(converse(Session(REGISTRY, context), terminal, "Welcome."), 10)
    return out.getvalue().removeprefix("Welcome.\n\n")


async def test_a_line_is_answered_until_ctrl_d() -> None:
    assert await typed("/say hm\r\x04") == "said hm in None\n\n1 Again\n\n"


async def test_a_number_presses_an_action() -> None:
    assert "said again" in await typed("/say hm\r1\rexit\r")


async def test_ctrl_c_gives_up_the_line_and_nothing_more() -> None:
    assert (await typed("/say wro\x03/say right\r\x04")).startswith("said right")


async def test_tab_completes_a_name() -> None:
    assert (await typed("/sa\t", then="hm\rexit\r")).startswith("said hm")


async def test_ctrl_c_stops_a_running_command() -> None:
    shown = await typed("/wait\r/say on\r\x04")
    assert shown.startswith("Cancelled.\n")
    assert "said on" in shown


async def test_a_form_is_asked_with_its_values() -> None:
    assert "noted old words" in await typed("/note\r words\r\x04")


async def test_a_form_can_be_left() -> None:
    assert "Cancelled." in await typed("/note\r\x03\x04")


async def test_a_needed_answer_is_asked_again() -> None:
    clear = "\x15"
    assert "noted new" in await typed(f"/note\r{clear}\rnew\r\x04")


@pytest.mark.parametrize("answer", ["2", "the time", "The Time"])
async def test_a_choice_is_made_by_number_or_words(answer: str) -> None:
    assert "judged the time" in await typed(f"/judge\r{answer}\r\x04")


@pytest.mark.parametrize("wrong", ["3", "0", "other", ""])
async def test_what_is_no_choice_is_asked_again(wrong: str) -> None:
    clear = "\x15"
    assert "judged the words" in await typed(f"/judge\r{wrong}\r{clear}1\r\x04")


async def test_the_history_outlives_the_session(tmp_path: Path) -> None:
    history = tmp_path / "new" / "history"
    await typed("/say hm\rexit\r", history)
    up = "\x1b[A"
    assert (await typed(f"{up}{up}\r\x04", history)).startswith("said hm")
    assert history.stat().st_mode & 0o077 == 0


async def test_an_address_with_a_secret_is_not_written_down(tmp_path: Path) -> None:
    history = tmp_path / "history"
    lines = ("/say https://x.example/feed?auth=s3cret", "/say bob:s3cret@x.example/feed", "/say and/or")
    await typed("".join(f"{line}\r" for line in lines) + "\x04", history)
    written = history.read_text()
    assert "s3cret" not in written
    assert "+/say and/or" in written


async def test_a_history_that_cannot_be_kept_costs_only_the_history(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert (await typed("/say hm\r\x04", tmp_path / "file" / "history")).startswith("said hm")


async def test_completions_carry_no_control_characters() -> None:
    document = Document("/say hm show:")
    event = CompleteEvent(completion_requested=True)
    found = [one async for one in LineCompleter(REGISTRY, context).get_completions_async(document, event)]
    assert [one.text for one in found] == ['"High Agency" ', "Hostile[31m "]
    assert all(one.start_position == 0 for one in found)


async def test_stopping_the_console_is_not_taken_for_ctrl_c() -> None:
    async def work() -> Reply:
        await asyncio.Event().wait()
        return Reply()

    task = asyncio.create_task(interruptible(work()))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


def shown(reply: Reply, width: int = 40, colour: bool = False) -> str:
    console = Console(
        file=StringIO(), width=width, highlight=False, markup=False, emoji=False,
        force_terminal=colour, color_system="truecolor" if colour else None, legacy_windows=False,
    )  # fmt: skip
    console.print(rich_reply(reply))
    written: str = cast(StringIO, console.file).getvalue()
    return "\n".join(line.rstrip() for line in written.splitlines())


def test_a_reply_is_laid_out_in_blocks() -> None:
    reply = Reply(
        title="Episode 3",
        text="The closest line.",
        quotes=(
            QuoteBlock(
                "Ready, aim, fire, and then aim once more.",
                "Ann Lee",
                "Acme",
                "Episode 3",
                "27:47",
                "https://a.example/?t=1",
            ),
        ),
        fields=(Field("0:00", "Intro", "https://a.example/"), Field("12:15", "Team")),
        choices=Choices("Which one?", (Choice("One", Action("One", "pick"), "2021"),)),
        actions=(Action("Next match", "quote"), Action("Share", "share")),
        footer="machine transcript",
    )
    assert shown(reply) == (
        "Episode 3\n\nThe closest line.\n\n"
        "▌ “Ready, aim, fire, and then aim once\n▌ more.”\n▌ — Ann Lee · Episode 3 · Acme · 27:47\n"
        "▌ https://a.example/?t=1\n\n"
        "0:00   Intro  https://a.example/\n12:15  Team\n\n"
        "Which one?\n1 One  2021\n\n2 Next match   3 Share\n\nmachine transcript"
    )


HOSTILE = "[red]a[/red] \x1b[31mb\x1b]8;;http://evil.example\x07c\x9b2J :smile: \u202e"


def test_hostile_text_is_neither_markup_nor_control() -> None:
    block = QuoteBlock(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE)
    action = Action(HOSTILE, "x")
    reply = Reply(
        HOSTILE, HOSTILE, HOSTILE, (block,), (Field(HOSTILE, HOSTILE, HOSTILE),), None, HOSTILE, (action,),
        Choices(HOSTILE, (Choice(HOSTILE, action, HOSTILE),)),
    )  # fmt: skip
    text = shown(reply, width=300)
    assert "[red]a[/red]" in text
    assert ":smile:" in text
    assert not any(letter in text for letter in "\x1b\x07\x9b\u202e")
    coloured = shown(reply, width=300, colour=True)
    assert "\x1b]8" not in coloured
    assert "\x07" not in coloured


def test_only_web_addresses_become_links() -> None:
    assert "]8;" in shown(Reply(title="T", url="https://a.example/"), colour=True)
    assert "]8;" not in shown(Reply(title="T", url="javascript:alert(1)"), colour=True)
