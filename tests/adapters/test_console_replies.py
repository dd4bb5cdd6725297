"""What a reply can hold beside words, on the console: links, files, forms with choices."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Annotated, cast

import pytest
from rich.console import Console

from adapters.console import run_console
from adapters.console.kept import keep
from adapters.console.render import rich_reply
from adapters.console.session import Progress
from bot.commands.declare import Arg, command
from bot.commands.registry import Registry
from bot.context import Context
from bot.domain import DEFAULT_COMMUNITY, Person, Place, Role
from bot.files import File
from bot.reply import Form, FormField, Link, Reply

if TYPE_CHECKING:
    from bot.services import Services


@command("export", "Give a file")
async def export(ctx: Context) -> Reply:
    return Reply("Here.", file=File("notes.csv", b"a,b\n", "2 notes"))


@command("judge", "Ask with choices")
async def judge(ctx: Context, what: Annotated[str | None, Arg("What")] = None) -> Reply:
    fields = (FormField("what", "What is wrong", options=("the words", "the time")),)
    return Reply(f"judged {what}") if what else Reply(form=Form("Judge", "judge", fields))


def context(progress: Progress) -> Context:
    services, place = cast("Services", SimpleNamespace()), Place("console", "local", "console")
    return Context(services, Person("console", "op"), Role.operator, DEFAULT_COMMUNITY, place, "1", progress=progress)


async def said(line: str) -> str:
    """What the console writes for one line."""
    shown = io.StringIO()
    await run_console(Registry((export, judge)), context, stdin=io.StringIO(line), stdout=shown)
    return shown.getvalue()


def test_a_file_is_put_where_the_console_was_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shown = asyncio.run(said("/export\n"))
    assert f"Saved as {tmp_path / 'notes.csv'}" in shown
    assert (tmp_path / "notes.csv").read_bytes() == b"a,b\n"


async def test_a_file_that_cannot_be_put_there_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/proc/self")
    assert "notes.csv could not be saved here" in await said("/export\n")


def test_no_file_is_overwritten_and_no_name_leads_elsewhere(tmp_path: Path) -> None:
    names = [keep(File(name, b"x", ""), tmp_path).name for name in ("a.csv", "a.csv", "../../a.csv", "/etc/…", "")]
    assert names == ["a.csv", "a-2.csv", "a-3.csv", "etc_", "file"]
    assert len(list(tmp_path.iterdir())) == 5


async def test_a_form_that_cannot_be_asked_says_what_can_be_chosen() -> None:
    assert 'what:"<the words|the time>"' in await said("/judge\n")


def test_links_are_shown_by_name() -> None:
    shown = io.StringIO()
    Console(file=shown, force_terminal=True, width=100).print(
        rich_reply(Reply("x", links=(Link("Watch at 0:07", "https://a.example/1"), Link("Bad", "javascript:x"))))
    )
    assert "Watch at 0:07" in shown.getvalue()
    assert "https://a.example/1" in shown.getvalue()
    assert "javascript" not in shown.getvalue()
