"""Every sentence that people see about shows and their feeds. Words only: nothing is looked up or decided here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from bot.texts import many, shorten

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from bot.domain import Show

# --- adding -----------------------------------------------------------------------------------------------------

NOT_AN_ADDRESS = "That is no address of a feed. Give it as https://example.org/feed.xml; a podcast's page works too."
ADD_NEEDS_URL = "Say which feed: /pullquote show add https://example.org/feed.xml"
SEVERAL_FEEDS = "That page names several feeds. Which one?"
PRIVATE_IN_DIRECT = (
    "A private show (its address carries a secret, or you said so) is shown only in chosen channels. Add it in one of "
    "those, not in a direct message."
)
HERE_PRIVATELY = "That feed is here already, as a private show of other places: ask there."
JOIN, SEPARATE = "Join them", "A show of its own"
LOOKING = "Looking at the feed …"


def page_without_feed(url: str) -> str:
    return f"{url} is a web page, and it names no feed. Look there for “RSS”, and give me that address."


def not_a_feed(url: str, why: str) -> str:
    return f"{url} is no podcast feed: {shorten(why, 300).rstrip('.')}."


def apple_without_feed() -> str:
    return "Apple names no feed for that show: it may be only there. Give me the feed's own address if it has one."


def spotify() -> str:
    return "Spotify keeps its feeds to itself. Look on the podcast's own site for “RSS”, and give me that address."


_FAILURES = {
    "gone": "says that it is gone for good (410)",
    "missing": "was not found (404): check the address",
    "denied": "wants a name and password ({code}): use the private address that your subscription gives you",
    "busy": "asks to be left alone for a while ({code}): try again later",
    "too_large": "is larger than is read here: whoever runs Pullquote can raise PULLQUOTE_FEED_LIMIT_MIB",
    "timeout": "took too long to answer: try again later",
    "unchanged": "answered in a way that makes no sense (304 without being asked)",
}


def fetch_failed(url: str, status: str, reason: str, code: int | None) -> str:
    """Why a feed could not be fetched. ``url`` and ``reason`` are masked already."""
    reason = shorten(reason, 300).rstrip(".")
    if status == "refused":
        return f"{url} may not be fetched: {reason or 'it leads to a private address'}."
    known = _FAILURES.get(status)
    if known:
        return f"{url} {known.format(code=code or 401)}."
    return f"{url} could not be fetched: {reason or 'nothing answered'}."


def title_taken(title: str, slug: str) -> str:
    return (
        f"“{shorten(title, 80)}” is here already, from imported files ({slug}). Should the feed join it, so that its "
        "episodes and your files become one?"
    )


def has_feed(slug: str) -> str:
    return f"{slug} has a feed already. To change its address: /pullquote show set {slug} feed:URL"


def found(episodes: int, transcripts: int, chapters: int, latest: str, on: str) -> str:
    """``214 episodes, 190 with transcripts, 201 with chapters, latest “…” (3 November 2026)``"""
    newest = f", latest “{shorten(latest, 100)}”{f' ({on})' if on else ''}" if latest else ""
    return f"{many(episodes, 'episode')}, {transcripts:,} with transcripts, {chapters:,} with chapters{newest}"


_ADDED = {
    "new": "{title} is here now",
    "joined": "The feed joined {title}",
    "shared": "{title} is on this shelf now",
    "same": "{title} is here already",
}


def added(outcome: str, title: str, slug: str, told: str) -> str:
    return f"{_ADDED[outcome].format(title=shorten(title, 100))} ({slug}): {told}."


def waiting(count: int) -> str:
    return f"{many(count, 'transcript and chapter file')} follow in the background while Pullquote runs, newest first."


def landed(transcripts: int, chapters: int) -> str:
    return f"So far {many(transcripts, 'episode')} can be searched; {many(chapters, 'list')} of chapters came along."


_OFFERED = {"transcript": "its transcript", "chapters": "its chapters", "audio": "its audio file"}


def not_had(kind: str, why: str) -> str:
    """``why`` is a whole sentence, without secrets."""
    return f"{_OFFERED[kind]} could not be had. {shorten(why, 200)}"


NOTHING_OFFERED = (
    "It offers no transcripts: episodes and chapters can be found, words cannot. Import files to add them."
)
MADE_PRIVATE = "It is private: shown only here until other places are named with /pullquote show set … places:…"
SAMPLE_LEFT = "From now on your own shows answer here; the sample show is put away."
POST_HERE = "Post new episodes here"
NEWS_FROM_NOW = "What is there now is no news; what comes from now on is."


# --- health -----------------------------------------------------------------------------------------------------

SHOWS_TITLE = "Shows and their feeds"
NO_SHOWS_YET = "No show is here yet. Add one: /pullquote show add https://example.org/feed.xml"
NEVER, NOW, SOON = "not yet", "just now", "at once"
NO_FEED = "no feed: imported from files"
PRIVATE_MARK = "private"


def health(
    episodes: int, transcripts: int, waiting: int, succeeded: str, next_look: str, error: str, stopped: str
) -> str:
    """One show's row: what it has, then how its feed is."""
    head = f"{many(episodes, 'episode')}, {transcripts:,} with transcripts"
    head += f", {waiting:,} to fetch" if waiting else ""
    if stopped:
        return f"{head} · stopped: {shorten(stopped, 150)} · last success {succeeded}"
    trouble = f" · last error: {shorten(error, 150)}" if error else ""
    return f"{head} · last success {succeeded} · next look due {next_look}{trouble}"


def videos_trouble(why: str) -> str:
    return f"its YouTube feed: {shorten(why, 150)}"


def fileless(episodes: int, transcripts: int) -> str:
    return f"{many(episodes, 'episode')}, {transcripts:,} with transcripts · {NO_FEED}"


def ago(at: datetime | None, now: datetime, zone: ZoneInfo) -> str:
    """A moment that has passed, as a person reads it: ``just now``, ``5 min ago``, ``3 Nov 2026``."""
    if at is None:
        return NEVER
    seconds = (now - at).total_seconds()
    span = _span(seconds)
    if span is None:
        return f"{at.astimezone(zone):%-d %b %Y}"
    return NOW if seconds < 60 else f"{span} ago"


def ahead(at: datetime | None, now: datetime, zone: ZoneInfo) -> str:
    """A moment to come: ``at once``, ``in 2 h``, ``3 Nov 2026``; None is due."""
    seconds = (at - now).total_seconds() if at else 0
    span = _span(seconds)
    if at is None or seconds < 60:
        return SOON
    return f"in {span}" if span else f"{at.astimezone(zone):%-d %b %Y}"


def _span(seconds: float) -> str | None:
    if seconds < 3600:
        return f"{max(1, round(seconds / 60))} min"
    if seconds < 2 * 86_400:
        return f"{round(seconds / 3600)} h"
    return f"{round(seconds / 86_400)} days" if seconds < 14 * 86_400 else None


# --- changing ---------------------------------------------------------------------------------------------------

NOTHING_TO_SET = (
    "Say what to change: feed:, title:, language:, offset:, link:, youtube:, private:, places: or resume:yes."
)
BAD_SHOW_LANGUAGE = "Write a language as en, de or pt-BR."
BAD_LINK = (
    "A link is an http(s) address with {seconds} or {stamp} in it; in braces may also stand {key}, {number}, {guid} "
    "and {url}: https://example.org/listen/{key}?t={seconds}"
)
BAD_PLACES = "Say places:here, places:none, or a list such as discord/server/channel, separated by commas."
BAD_OFFSET = "An offset is seconds, from -3600 to 3600; 12.5 means that this community hears 12.5 s of ads first."
ALWAYS_PRIVATE = "Its feed's address carries a secret: it stays private."
FEED_BUSY = "Another process works on this feed right now: try again."
NO_FEED_TO_RESUME = "It has no feed that could be looked at again."
NOT_YOUTUBE = "That is no YouTube channel or playlist with a feed. Give the channel's address, or none to take it away."
TITLE_EMPTY = "A title needs at least one letter."


def was_set(title: str, changes: Sequence[tuple[str, str, str]]) -> str:
    """What was changed, each with what it was, so that it can be set back."""
    rows = [f"{name}: {new} (was {old or 'not set'})" for name, old, new in changes]
    return "\n".join([f"{shorten(title, 100)} is changed:", *rows])


def shown_settings(show: Show, feed: str, youtube: str) -> Mapping[str, str]:
    return {
        "feed": feed or NO_FEED,
        "title": show.title,
        "language": show.language,
        "offset": f"{show.offset_s:g} s",
        "link": show.link_template or "not set",
        "youtube": youtube or "not set",
        "private": "yes" if show.private else "no",
        "places": ", ".join(map(str, show.places)) or "none",
    }


LOOK_THERE = "Look there anyway"
NOT_STOPPED = "not stopped"


def other_show(show: str, feed: str, items: int) -> str:
    return (
        f"None of the {many(items, 'episode')} there (“{shorten(feed, 80) or 'without a title'}”) is known of "
        f"{shorten(show, 80)}: it looks like another show's feed, which would be mixed with this one. As a show of its "
        "own: /pullquote show add URL"
    )


OFFSET_COUNTS = (
    "It counts where the audio itself is linked (Overcast, Pocket Casts, Apple, the file) and in the show's own link; "
    "pages and videos keep the transcript's time."
)


def videos_tied(tied: int, episodes: int) -> str:
    of = f"{tied:,} of {many(episodes, 'episode')} {'has a video' if tied == 1 else 'have a video'} now"
    return f"{of}. Videos that fit no episode stay apart, and none is announced alone."


UNCHANGED = "It is set to that already."
RESUMED = "looked at again from now on"


# --- removing ---------------------------------------------------------------------------------------------------

REMOVE, BRING_BACK = "Remove it", "Bring it back"


def remove_asks(title: str, episodes: int, *, secret: bool) -> str:
    head = (
        f"Take {shorten(title, 100)} with its {many(episodes, 'episode')} off this shelf? Its feed is no longer looked "
        "at, and nobody here finds it; nothing is deleted"
    )
    if secret:
        # A show behind a secret address is nobody's to hand out: who adds the address again gets it read anew.
        return f"{head}, but with its secret address it cannot be brought back: added again, it begins anew."
    return f"{head}, and it can be brought back."


def removed(title: str) -> str:
    return f"{shorten(title, 100)} is off this shelf. Nothing was deleted."


def brought_back(title: str) -> str:
    return f"{shorten(title, 100)} is back."


CANNOT_BRING_BACK = "That show cannot be brought back with this button any more. Add its feed again."


# --- polling ----------------------------------------------------------------------------------------------------


def baseline_note(count: int) -> str:
    return f"{many(count, 'episode')} of the first reading are no news"


VIDEOS = "YouTube"


def polled(status: str, new: int, changed: int, reason: str) -> str:
    told = ", ".join([*([f"{new:,} new"] if new else []), *([f"{changed:,} changed"] if changed else [])])
    return ": ".join(filter(None, (status.replace("_", " "), told or reason)))


# --- lists of feeds (OPML) ----------------------------------------------------------------------------------------

OPML_TITLE = "Podcasts in Pullquote"
NOTHING_TO_EXPORT = "No show with a feed that may be exported is here."
EMPTY_LIST = "That list names no feed."


def exported(count: int, left_out: int) -> str:
    told = f"{many(count, 'feed')} exported"
    return f"{told}; {many(left_out, 'private one')} left out" if left_out else told


def export_too_long(count: int) -> str:
    return (
        f"The list of {count:,} feeds is too long for a message. Whoever runs Pullquote can say: pullquote show export"
    )


FETCHED_WHILE_RUNNING = "Their transcripts and chapters are fetched while pullquote run or pullquote console is open."


def imported(added: int, same: int, failed: int) -> str:
    parts = [
        f"{added:,} added",
        *([f"{same:,} here already"] if same else []),
        *([f"{failed:,} failed"] if failed else []),
    ]
    return ", ".join(parts)
