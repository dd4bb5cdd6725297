"""What Discord's answers mean for a post: one table from codes to outcomes, with reasons in moderators' words. No I/O.

Codes: Discord's docs, "Opcodes and Status Codes → JSON", 2025-11.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

from adapters.discord.attempts import Answer
from bot import texts_places as texts
from bot.alert_ports import Refused, RefusedFor, Unclear
from bot.plain import clean_line

#: What Discord said is cut to so many characters.
SAID: Final = 200
#: Longer than that nobody waits because of a header; and so long where none says how long (seconds).
LONGEST_S, BLOCKED_S, LIMITED_S = 86_400.0, 600.0, 60.0

#: (why, reason, how long to wait in seconds, whether it holds everywhere)
Row = tuple[RefusedFor, str, float | None, bool]


def _here(why: RefusedFor, reason: str, wait_s: float | None = None) -> Row:
    return why, reason, wait_s, False


def _everywhere(why: RefusedFor, reason: str, wait_s: float | None = None) -> Row:
    return why, reason, wait_s, True


#: Codes of their own for what this adapter has to know apart.
UNKNOWN_CHANNEL, UNKNOWN_SERVER, UNKNOWN_MESSAGE = 10003, 10004, 10008
MISSING_ACCESS, MISSING_PERMISSION = 50001, 50013
PUBLISHED_ALREADY, THREAD_THERE, THREAD_ARCHIVED = 40033, 160004, 50083

CODES: Mapping[int, Row] = {
    UNKNOWN_CHANNEL: _here("gone", texts.NO_CHANNEL),
    UNKNOWN_SERVER: _here("gone", texts.NO_SERVER),
    UNKNOWN_MESSAGE: _here("deleted", texts.NO_MESSAGE),
    10013: _here("gone", texts.NO_PERSON),
    10087: _here("forbidden", texts.TAG_REQUIRED),  # unknown tag
    20009: _here("invalid", texts.SAID),  # explicit content
    20016: _here("busy", texts.SERVER_LIMIT, LIMITED_S),  # slow mode
    20022: _here("busy", texts.SERVER_LIMIT, LIMITED_S),  # announcement edits
    20028: _here("busy", texts.SERVER_LIMIT, LIMITED_S),  # writes in a channel
    20029: _here("busy", texts.SERVER_LIMIT, LIMITED_S),  # writes in a server
    20031: _here("invalid", texts.BLOCKED_WORDS),  # words in a title
    40001: _everywhere("unauthorised", texts.TOKEN_REFUSED),
    40002: _everywhere("unauthorised", texts.ACCOUNT_REFUSED),
    40003: _here("busy", texts.SERVER_LIMIT, LIMITED_S),  # direct messages opened too fast
    40004: _everywhere("busy", texts.SAID, BLOCKED_S),  # sending is switched off for now
    40005: _here("invalid", texts.TOO_LARGE),
    40006: _everywhere("busy", texts.SAID, BLOCKED_S),  # a feature is switched off for now
    40007: _here("gone", texts.NO_SERVER),  # banned there
    40058: _here("forbidden", texts.SAID),
    40066: _here("forbidden", texts.TAG_REQUIRED),
    40067: _here("forbidden", texts.TAG_REQUIRED),
    40333: _everywhere("busy", texts.CLOUDFLARE, BLOCKED_S),
    MISSING_ACCESS: _here("forbidden", texts.NO_ACCESS),
    50005: _here("unsupported", texts.SAID),  # somebody else's message
    50006: _here("invalid", texts.SAID),  # empty
    50007: _here("forbidden", texts.DIRECT_CLOSED),
    50008: _here("unsupported", texts.NOT_FOR_MESSAGES),
    50009: _here("forbidden", texts.VERIFICATION),
    MISSING_PERMISSION: _here("forbidden", texts.NO_PERMISSION),
    50014: _everywhere("unauthorised", texts.TOKEN_REFUSED),
    50021: _here("unsupported", texts.SAID),  # a system message
    50024: _here("unsupported", texts.WRONG_KIND),
    50035: _here("invalid", texts.SAID),
    50045: _here("invalid", texts.TOO_LARGE),
    50068: _here("unsupported", texts.WRONG_KIND),
    THREAD_ARCHIVED: _here("forbidden", texts.THREAD_LOCKED),
    50109: _here("invalid", texts.SAID),
    50278: _here("forbidden", texts.DIRECT_CLOSED),
    60003: _here("forbidden", texts.TWO_FACTOR),
    130000: _everywhere("busy", texts.SAID, LIMITED_S),
    160005: _here("forbidden", texts.THREAD_LOCKED),
    160006: _here("busy", texts.TOO_MANY_THREADS, BLOCKED_S),
    160007: _here("busy", texts.TOO_MANY_THREADS, BLOCKED_S),
    200000: _here("invalid", texts.BLOCKED_WORDS),
    200001: _here("invalid", texts.BLOCKED_WORDS),
    240000: _here("invalid", texts.BLOCKED_WORDS),
}
#: Limits on how much a server, channel or thread may hold.
HOLDS: Final = range(30000, 31000)
#: For codes that are not in the table.
STATUSES: Mapping[int, Row] = {
    400: _here("invalid", texts.SAID),
    401: _everywhere("unauthorised", texts.TOKEN_REFUSED),
    403: _here("forbidden", texts.SAID),
    404: _here("gone", texts.NO_CHANNEL),
    405: _here("unsupported", texts.WRONG_KIND),
    413: _here("invalid", texts.TOO_LARGE),
}


def refusal(answer: Answer) -> Refused | Unclear:
    """What an answer that is not a good one means."""
    status, body = answer.status, answer.body
    if status == 429:
        return _pause(answer)
    if status >= 500:
        return Unclear(texts.SERVER_ERROR.format(status=status))
    if status < 400:
        return Refused("down", texts.SENT_ELSEWHERE.format(status=status), everywhere=True)
    if not isinstance(body, dict):
        return _not_discord(answer)
    why, reason, wait_s, everywhere = _row(status, code_of(answer))
    return Refused(why, reason.format(said=said(body), status=status), wait_s, everywhere)


def code_of(answer: Answer) -> int:
    """Discord's own code; 0 where there is none."""
    code = answer.body.get("code") if isinstance(answer.body, dict) else 0
    return code if isinstance(code, int) else 0


def _row(status: int, code: int) -> Row:
    if code in CODES:
        return CODES[code]
    if code in HOLDS:
        return _here("busy", texts.SERVER_LIMIT, BLOCKED_S)
    return STATUSES.get(status, _here("invalid", texts.SAID))


def _pause(answer: Answer) -> Refused:
    """A limit. One that comes without Discord's own words is its protection's, and holds for the machine."""
    body, headers = answer.body, answer.headers
    if not isinstance(body, dict):
        wait_s = seconds(headers.get("retry-after"))
        return Refused("busy", texts.CLOUDFLARE.format(status=429), BLOCKED_S if wait_s is None else wait_s, True)
    wait_s = seconds(body.get("retry_after"))
    if wait_s is None:
        wait_s = seconds(headers.get("retry-after"))
    everywhere = bool(body.get("global")) or headers.get("x-ratelimit-scope") == "global"
    return Refused("busy", texts.TOO_FAST_EVERYWHERE if everywhere else texts.TOO_FAST, wait_s, everywhere)


def _not_discord(answer: Answer) -> Refused:
    """Words of a proxy or of Discord's protection, which know nothing of places: no subscription ends by them."""
    status = answer.status
    if status == 401:
        return Refused("unauthorised", texts.TOKEN_REFUSED, everywhere=True)
    if status == 403:
        wait_s = seconds(answer.headers.get("retry-after"))
        return Refused("busy", texts.CLOUDFLARE.format(status=status), wait_s or BLOCKED_S, everywhere=True)
    if status == 413:
        return Refused("invalid", texts.TOO_LARGE)
    return Refused("down", texts.STRANGE_ADDRESS.format(status=status), everywhere=True)


def seconds(value: object) -> float | None:
    """A time to wait, bounded; None for what is none."""
    try:
        found = float(str(value))
    except ValueError:
        return None
    return min(found, LONGEST_S) if math.isfinite(found) and found >= 0 else None


def said(body: Mapping[str, Any]) -> str:
    """Discord's words, with the first field that it names, on one line and cut."""
    where, what = _first_error(body.get("errors"), 0)
    words = [str(body.get("message") or ""), f"{where}: {what}" if where else what]
    line = clean_line(" · ".join(filter(None, words)))
    return line if len(line) <= SAID else f"{line[: SAID - 1]}…"


def _first_error(errors: object, depth: int) -> tuple[str, str]:
    """``embeds.0.url`` and what is wrong with it."""
    if not isinstance(errors, dict) or depth > 12:
        return "", ""
    listed = errors.get("_errors")
    if isinstance(listed, list) and listed and isinstance(listed[0], dict):
        return "", str(listed[0].get("message", ""))
    for name, inner in errors.items():
        where, what = _first_error(inner, depth + 1)
        if what:
            return f"{name}.{where}" if where else str(name), what
    return "", ""
