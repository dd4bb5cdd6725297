"""Logs: one line an event, secrets masked wherever they hide, and nothing loaded while nothing is said."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.logs import Masker, get_logger, set_up_logs
from bot.rules.masking import MASK

ROOT = Path(__file__).resolve().parents[1]
SECRET = "s3cr3t-of-the-house"


@pytest.fixture
def out() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    set_up_logs("info", "json", (SECRET,), stream)
    yield stream
    set_up_logs("info", "auto", ())


def events(out: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(row) for row in out.getvalue().splitlines()]


def test_an_event_is_one_line_with_its_level_and_time(out: io.StringIO) -> None:
    get_logger("bot.kites").info("kite\nrose", metres=12)
    [event] = events(out)
    assert (event["event"], event["level"], event["metres"]) == ("kite\nrose", "info", 12)
    assert event["timestamp"].endswith("Z")


def test_an_event_names_the_module_that_wrote_it(out: io.StringIO) -> None:
    get_logger("bot.kites").info("kite rose")
    assert "bot.kites" in out.getvalue()


def test_what_is_below_the_level_is_not_written(out: io.StringIO) -> None:
    get_logger("x").debug("whisper")
    assert out.getvalue() == ""


def test_a_secret_is_masked_in_every_value_however_deep(out: io.StringIO) -> None:
    get_logger("x").warning(f"with {SECRET}", value=SECRET, deep={"a": [f"…{SECRET}…", {SECRET: 1}]}, path=Path(SECRET))
    assert SECRET not in out.getvalue()
    assert MASK in events(out)[0]["event"]


def test_a_secret_in_an_exception_is_masked(out: io.StringIO) -> None:
    try:
        raise ValueError(f"refused for {SECRET}")
    except ValueError:
        get_logger("x").exception("failed")
    [event] = events(out)
    assert SECRET not in out.getvalue()
    assert "ValueError: refused for" in event["exception"]


def test_an_exception_that_is_handed_over_is_told_too(out: io.StringIO) -> None:
    get_logger("x").error("failed", exc_info=RuntimeError(f"no {SECRET}"))
    assert SECRET not in out.getvalue()
    assert "RuntimeError" in events(out)[0]["exception"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("token " + "-".join(("xoxb", "123456789", "abcdefgh")), id="slack-bot"),
        pytest.param("token " + "-".join(("xapp", "1", "A1B2C3D4E5")), id="slack-app"),
        pytest.param("Bot " + ".".join(("M" * 24, "abcdef", "x" * 30)), id="discord"),
        pytest.param("postgres://someone:password@db.example.com/x", id="address"),
    ],
)
def test_what_looks_like_a_credential_is_masked_although_no_setting_holds_it(text: str) -> None:
    masked = Masker(()).mask(text)
    assert MASK in masked
    assert text.split()[-1] not in masked
    assert "password" not in masked


def test_plain_values_stay_what_they_are() -> None:
    values = {"n": 3, "share": 0.5, "yes": True, "none": None, "text": "https://example.com/kites"}
    assert Masker((SECRET,)).mask(values) == values


def test_a_secret_too_short_to_be_one_does_not_eat_the_text() -> None:
    assert Masker(("a",)).mask("a kite") == "a kite"


def test_a_silent_level_loads_no_log_library() -> None:
    code = (
        "import sys; from bot.logs import get_logger, set_up_logs; set_up_logs('warning', 'auto', ()); "
        "get_logger('x').info('quiet'); sys.exit('structlog' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False, timeout=30).returncode == 0


def test_what_comes_from_outside_begins_no_line_and_steers_no_terminal() -> None:
    event = {
        "event": "poll failed",
        "reason": "no\r\nlevel=error forged\x1b[2J\x9b31m\u202e",
        "exception": "one\ntwo\x1b",
    }
    assert Masker((), one_line=True)(None, "info", event) == {
        "event": "poll failed",
        "reason": "no level=error forged[2J31m",
        "exception": "one\ntwo",
    }
