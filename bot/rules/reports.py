"""Reports of lines: their ids, how a card finds its report again, and how many of them one member may have. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import blake2b

from bot import texts_answers as texts
from bot.domain import Anchor, CommunityId, Report
from bot.rules.ids import ALPHABET, LENGTH, from_int

#: The member's choice that holds the ids of settled reports of which they have not heard yet, comma-separated.
NEWS = "reports_settled"
#: So many of those are remembered.
NEWS_MOST = 5
#: Open ones of a member, those of a member within a day, and open ones of a community.
OPEN_MOST, DAY_MOST, QUEUE_MOST = 5, 10, 200
DAY = timedelta(days=1)
_ID = re.compile(rf"\(report ([{ALPHABET}]{{{LENGTH}}})\)$")


def report_id(community: CommunityId, reporter: str, anchor: Anchor) -> str:
    """One report a member a line, however often it is made at once."""
    digest = blake2b(digest_size=8)
    for part in (community, reporter, anchor.episode, str(anchor.first_word), str(anchor.words)):
        raw = part.encode("utf-8", "surrogatepass")
        digest.update(len(raw).to_bytes(8, "big") + raw)
    return from_int(int.from_bytes(digest.digest(), "big") >> 4)


def source(report: Report) -> str:
    """What the moderators' alert of it is about (``bot.alerts.Trouble``)."""
    return f"report:{report.id}:{report.anchor.episode}"


def id_in(told: str) -> str | None:
    """The report's id in what ``texts_answers.report_told`` says; None in any other words."""
    found = _ID.search(told)
    return found[1] if found else None


def overlaps(one: Anchor, other: Anchor) -> bool:
    """Whether two anchors share a word of one episode."""
    apart = one.first_word + one.words <= other.first_word or other.first_word + other.words <= one.first_word
    return one.episode == other.episode and not apart


def refusal(known: Sequence[Report], reporter: str, now: datetime) -> str | None:
    """Why this member cannot report another line now; None when they can."""
    mine = [one for one in known if one.reporter == reporter]
    still = sum(1 for one in mine if one.state == "open")
    if still >= OPEN_MOST:
        return texts.TOO_MANY_OPEN.format(n=still)
    today = sum(1 for one in mine if one.at and now - one.at < DAY)
    if today >= DAY_MOST:
        return texts.TOO_MANY_TODAY.format(n=today)
    return texts.QUEUE_FULL if sum(1 for one in known if one.state == "open") >= QUEUE_MOST else None


def said_before(known: Sequence[Report], reporter: str, anchor: Anchor, now: datetime) -> Report | None:
    """This member's report of the same words that is open, or was settled within a day of being made."""
    return next(
        (
            one
            for one in known
            if one.reporter == reporter
            and overlaps(one.anchor, anchor)
            and (one.state == "open" or (one.at is not None and now - one.at < DAY))
        ),
        None,
    )
