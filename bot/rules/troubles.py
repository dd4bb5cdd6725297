"""What moderators are told of a feed that gives trouble, and for how long. Pure: lines in fixed words, nothing stored.

A line is told when it opens and again when it is over, so its words may not change while it lasts: no count, no latest
error. ``/pullquote show list`` says what holds at the moment.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot import texts, texts_alerts
from bot.domain import Episode, Show
from bot.feed_memory import FeedState

#: Failing for long: so many failures in a row, and nothing for so long; a refusal needs no such patience.
FAILURES, LONG = 3, timedelta(hours=24)
#: So many withdrawn episodes are asked about one by one; more are one notice.
ASKED = 5
_DENIED = frozenset((texts.fetch_code(401), texts.fetch_code(403)))


def feed_lines(state: FeedState, now: datetime, name: str = "") -> tuple[str, ...]:
    """What must be open for a feed in this state; nothing while it works or fails for a short time only. A failing
    feed without a line closes none: only an answer does (``recovered``). ``name`` is the show's as it may be told."""
    which = texts_alerts.feed_of(name, youtube=state.role == "youtube")
    if state.stopped:
        return (texts_alerts.feed_stopped(which, state.stopped),)
    if state.failures < FAILURES:
        return ()
    if state.error in _DENIED or state.succeeded_at is None or now - state.succeeded_at >= LONG:
        return (texts_alerts.feed_unreadable(which, state.succeeded_at),)
    return ()


def recovered(before: FeedState, after: FeedState) -> bool:
    """Whether a line that may have been open is over: the feed answers, and the look before it did not, be it that it
    failed often, was stopped, or was resumed or set anew since."""
    if after.failures or after.stopped or before.checked_at is None or before.checked_at == before.succeeded_at:
        return False
    return before.failures >= FAILURES or before.failures == 0 or bool(before.stopped)


def over(state: FeedState, name: str = "") -> str:
    """The all-clear."""
    return texts_alerts.feed_readable(texts_alerts.feed_of(name, youtube=state.role == "youtube"))


def told_name(show: Show | None) -> str:
    """What the show is called where moderators are told; a private one is named only in its own places."""
    return show.title if show and not show.private else ""


def notice_lines(show: Show | None, notices: Sequence[str]) -> tuple[str, ...]:
    """Notices of a poll as they are told: with the show's name, and of a private show only that there are some."""
    if not notices:
        return ()
    name = told_name(show)
    if not name:
        return (texts_alerts.NOTICE_PRIVATE,)
    return tuple(texts_alerts.feed_notice(name, line) for line in notices)


def steady(lines: Sequence[str], open_lines: Sequence[str]) -> tuple[str, ...]:
    """The lines to be open, in the words that are open already where only a number in them is another: a feed that
    lists one more item twice with every poll is told of once. Lines that name titles say something new each time."""
    known = {_shape(one): one for one in open_lines}
    return tuple(dict.fromkeys(known.get(_shape(one), one) for one in lines))


def _shape(line: str) -> str:
    return line if "“" in line.partition(":")[2] else re.sub(r"[\d,]+ (\w+?)s?\b", r"# \1", line)


def withdrawn_line(show: Show, episode: Episode) -> str:
    """Asks whether an episode that its publisher took out is to be hidden here too."""
    if show.private:
        return texts_alerts.WITHDRAWN_PRIVATE
    return texts_alerts.withdrawn(episode.title, show.title, f"{show.slug}/{episode.key}")
