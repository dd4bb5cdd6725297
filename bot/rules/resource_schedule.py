"""When what an item points to is looked at again, and whether what came is better than what is there. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain import Line
from bot.feed_memory import Resource, ResourceState
from bot.feed_ports import Fetched

#: Publishers correct a transcript in the first weeks, seldom later.
FRESH, OFTEN, SELDOM = timedelta(days=30), timedelta(days=1), timedelta(days=7)
#: The first wait after a failure; it doubles up to the usual time of the next look.
FIRST_WAIT = timedelta(hours=1)
#: Nothing was there so often that it is hardly looked for any more: a month of days, then a quarter of weeks.
HOPELESS, RARELY = 45, timedelta(days=30)
#: A transcript that has less than this share of the stored one's words is a stump of it.
LEAST_SHARE, JUDGED_FROM = 0.5, 200
#: A transcript of which more than this is garbled is none.
MOST_GARBLED = 0.5
#: Fewer words without any time or speaker are a note or an error page, not what an episode says.
LEAST_WORDS = 40


def next_look(published: datetime | None, now: datetime) -> datetime:
    """Daily for 30 days after the release, then weekly."""
    fresh = published is not None and now - published < FRESH
    return now + (OFTEN if fresh else SELDOM)


def settled(
    resource: Resource, fetched: Fetched, state: ResourceState, now: datetime, published: datetime | None, why: str = ""
) -> Resource:
    """The resource after an answer that could be read, with what is needed to ask again only for changes."""
    return replace(
        resource,
        state=state,
        etag=fetched.etag,
        modified=fetched.modified,
        fetched_at=now,
        next_at=next_look(published, now),
        failures=0,
        error=why,
    )


def unchanged(resource: Resource, now: datetime, published: datetime | None) -> Resource:
    """After an answer that nothing changed."""
    return replace(resource, fetched_at=now, next_at=next_look(published, now), failures=0, error="")


def failed(resource: Resource, fetched: Fetched, now: datetime, published: datetime | None = None) -> Resource:
    """After an answer that was none. What comes from it stays: only a resource that never landed is ``failed``. Feeds
    name transcripts before they are there, so those of a new release are asked for daily however often they failed."""
    failures = resource.failures + 1
    wait = min(FIRST_WAIT * 2 ** min(failures - 1, 20), next_look(published, now) - now)
    if failures >= HOPELESS or fetched.status == "gone":
        wait = RARELY
    asked = timedelta(seconds=fetched.retry_after_s or 0)
    state: ResourceState = "failed" if resource.state in ("wanted", "failed", "empty") else resource.state
    return replace(
        resource, state=state, failures=failures, next_at=now + max(wait, asked), error=fetched.reason or fetched.status
    )


def postponed(resource: Resource, until: datetime, why: str) -> Resource:
    """Not asked for at all: its host wants to be left alone until then."""
    return replace(resource, next_at=until, error=why)


def set_aside(resource: Resource, state: ResourceState, why: str) -> Resource:
    """Known and not fetched: a better one is used, or it is a translation. Looked at again when that changes."""
    return replace(resource, state=state, next_at=None, error=why)


def words_of(lines: Sequence[Line]) -> int:
    """How many words can be quoted."""
    return sum(line.words for line in lines if not line.garbled)


def fault(lines: Sequence[Line]) -> str:
    """Why these lines are no transcript; empty when they are one."""
    total, good = sum(line.words for line in lines), words_of(lines)
    if not good:
        return "no words to quote are in it"
    if total - good > MOST_GARBLED * total:
        return f"{total - good:,} of its {total:,} words are garbled or loop"
    bare = all(line.start_s is None and line.speaker is None for line in lines)
    if bare and total < LEAST_WORDS:
        return f"only {total} words without times or speakers are in it"
    return ""


def stump(stored: int, fresh: int) -> str:
    """Why a re-fetched transcript of ``fresh`` words does not replace one of ``stored``; empty when it may."""
    if stored >= JUDGED_FROM and fresh < LEAST_SHARE * stored:
        return f"it has {fresh:,} words now where {stored:,} are stored: those stay"
    return ""
