"""What an answer of Discord's means, for every code that a post can meet."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.discord.attempts import Answer
from adapters.discord.refusals import BLOCKED_S, CODES, LONGEST_S, SAID, refusal, said, seconds
from bot.alert_ports import Refused, RefusedFor, Unclear


def answer(status: int, code: int = 0, message: str = "no", **more: Any) -> Answer:
    return Answer(status, {"code": code, "message": message, **more})


@pytest.mark.parametrize(
    ("given", "why", "everywhere"),
    [
        (answer(404, 10003), "gone", False),
        (answer(404, 10004), "gone", False),
        (answer(404, 10008), "deleted", False),
        (answer(403, 50001), "forbidden", False),
        (answer(403, 50013), "forbidden", False),
        (answer(403, 50007), "forbidden", False),
        (answer(400, 50083), "forbidden", False),
        (answer(400, 160005), "forbidden", False),
        (answer(400, 40067), "forbidden", False),
        (answer(401), "unauthorised", True),
        (answer(401, 50014), "unauthorised", True),
        (answer(400, 50035), "invalid", False),
        (answer(400, 200000), "invalid", False),
        (answer(413, 40005), "invalid", False),
        (answer(400, 50024), "unsupported", False),
        (answer(400, 50068), "unsupported", False),
        (answer(400, 160006), "busy", False),
        (answer(400, 30033), "busy", False),
        (answer(403, 20028), "busy", False),
        (answer(403, 40333), "busy", True),
        (answer(400, 130000), "busy", True),
        (answer(403, 99999), "forbidden", False),
        (answer(418, 99999), "invalid", False),
    ],
    ids=lambda one: f"{one.status}-{one.body['code']}" if isinstance(one, Answer) else "",
)
def test_a_refusal_is_certain_and_says_what_it_holds_for(given: Answer, why: RefusedFor, everywhere: bool) -> None:
    refused = refusal(given)
    assert isinstance(refused, Refused)
    assert (refused.why, refused.everywhere) == (why, everywhere)
    assert refused.reason
    assert "{" not in refused.reason


@pytest.mark.parametrize("status", [500, 502, 503, 504, 520, 524])
def test_a_fault_of_discords_own_leaves_it_open(status: int) -> None:
    assert isinstance(refusal(Answer(status, {"message": "no"})), Unclear)


@pytest.mark.parametrize(
    ("status", "why"), [(403, "busy"), (404, "down"), (400, "down"), (307, "down"), (401, "unauthorised")]
)
def test_words_of_a_proxy_close_no_place(status: int, why: RefusedFor) -> None:
    refused = refusal(Answer(status))
    assert isinstance(refused, Refused)
    assert (refused.why, refused.everywhere) == (why, True)


@pytest.mark.parametrize(
    ("given", "wait_s", "everywhere"),
    [
        (answer(429, retry_after=1.5), 1.5, False),
        (Answer(429, {"retry_after": 1.5, "global": True}), 1.5, True),
        (Answer(429, {"retry_after": 2}, {"x-ratelimit-scope": "global"}), 2.0, True),
        (Answer(429, {"retry_after": 2}, {"x-ratelimit-scope": "shared"}), 2.0, False),
        (Answer(429, {}, {"retry-after": "7"}), 7.0, False),
        (Answer(429, None, {"retry-after": "77"}), 77.0, True),
        (Answer(429), BLOCKED_S, True),
        (answer(429, retry_after="soon"), None, False),
        (answer(429, retry_after=1e9), LONGEST_S, False),
        (answer(429, retry_after=float("nan")), None, False),
    ],
)
def test_a_limit_says_how_long_and_where(given: Answer, wait_s: float | None, everywhere: bool) -> None:
    refused = refusal(given)
    assert isinstance(refused, Refused)
    assert (refused.why, refused.retry_after_s, refused.everywhere) == ("busy", wait_s, everywhere)


def test_every_row_of_the_table_can_be_said() -> None:
    for code in CODES:
        refused = refusal(answer(400, code, "their words"))
        assert isinstance(refused, Refused)
        assert "{" not in refused.reason


def test_what_discord_says_is_told_with_the_field_and_cut() -> None:
    errors = {"embeds": {"0": {"url": {"_errors": [{"code": "URL_TYPE_INVALID_SCHEME", "message": "Not a URL"}]}}}}
    assert said({"message": "Invalid Form Body", "errors": errors}) == "Invalid Form Body · embeds.0.url: Not a URL"
    assert len(said({"message": "x" * 5000})) == SAID
    deep: dict[str, Any] = {"_errors": [{"message": "far below"}]}
    for _ in range(5000):
        deep = {"a": deep}
    assert said({"message": "no", "errors": deep}) == "no"


def test_times_are_read_with_care() -> None:
    told: list[object] = ["3", 2.5, "-1", "inf", None, {}]
    assert [seconds(one) for one in told] == [3.0, 2.5, None, None, None, None]
