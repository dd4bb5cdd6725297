"""What is written for people is held against the program."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer.main

from bot.cli.main import app
from bot.settings import env_example

ROOT = Path(__file__).resolve().parents[1]
#: The two commands that a newcomer needs.
COMMANDS = ("make run", "make test")
#: ``pullquote import …`` of the command line, not ``/pullquote fix …`` of chat.
_CALL = re.compile(r"(?:^|[\s$]|bin/)pullquote +([a-z]+(?: +[a-z]+)?)", re.MULTILINE)


def text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def code(markdown: str) -> str:
    """Fenced blocks and inline code, one a line: prose may say what it likes."""
    blocks = re.findall(r"^```[^\n]*\n(.*?)^```", markdown, re.MULTILINE | re.DOTALL)
    inline = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", markdown, flags=re.MULTILINE | re.DOTALL))
    return "\n".join([*blocks, *inline])


def subcommands() -> set[str]:
    """Every subcommand of the command line; those of a group as ``index rebuild``."""
    names: set[str] = set()
    root = typer.main.get_command(app)
    for name, one in getattr(root, "commands", {}).items():
        inner = getattr(one, "commands", None)
        names |= {f"{name} {sub}" for sub in inner} if inner else {name}
    return names


def test_the_example_of_settings_is_made_from_the_settings() -> None:
    assert text(".env.example") == env_example()


@pytest.mark.parametrize("command", COMMANDS)
def test_the_readmes_commands_are_those_of_ci_and_of_the_makefile(command: str) -> None:
    assert command in code(text("README.md"))
    runs = [row.split("#")[0].strip() for row in text(".ci/run").splitlines() if not row.startswith("echo")]
    assert any(row.startswith(command) for row in runs)
    assert re.search(rf"^{command.split()[1]}:", text("Makefile"), re.MULTILINE)


@pytest.mark.parametrize("page", ["README.md", "docs/design.md", "docs/benchmarks.md"])
def test_every_subcommand_that_is_named_exists(page: str) -> None:
    known = subcommands()
    for call in _CALL.findall(code(text(page))):
        assert call in known or call.split()[0] in known, f"{page} names `pullquote {call}`"


@pytest.mark.parametrize("page", ["README.md", "CHANGELOG.md", "LICENSE", "docs/design.md", "docs/benchmarks.md"])
def test_each_page_is_there_and_says_something(page: str) -> None:
    assert len(text(page)) > 200


def test_every_link_within_the_project_leads_somewhere() -> None:
    for page in ("README.md", "docs/design.md", "docs/benchmarks.md"):
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", text(page)):
            assert ((ROOT / page).parent / target).exists(), f"{page} links to {target}"
