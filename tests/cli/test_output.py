"""What is printed as JSON: the same values to a program, and nothing that a terminal obeys."""

from __future__ import annotations

import json

import pytest

from bot.cli.output import json_line


@pytest.mark.parametrize(
    "text", ["\x9b31m", "\x1b[2J", "\u202eevil", "\U000e0041tag", "\ud800", "a\u2028b", "plain “ü” 🙂"]
)
def test_hostile_text_reaches_programs_and_not_the_terminal(text: str) -> None:
    line = json_line({"title": text})
    assert line.isprintable()
    assert json.loads(line) == {"title": text}
    assert "🙂" not in text or "🙂" in line
