"""Every sentence that people see about alerts: posts, subscriptions, reasons. Words only; nothing is decided here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

# === Reasons of the rules ==============================================================================
# In bot/texts_news.py.

# === Delivery ========================================================================================
POSTED = "posted"
FOUND_THERE = "posted: read back in the place"
UNMADE = "its post cannot be made because of a fault in me"
HELD_UNMADE = UNMADE + " ({why}); the log tells more"
UNMADE_TROUBLE = (
    "A post for {place} cannot be made because of a fault in me, so it is held; others go on. The log tells more; "
    "/pullquote held shows it"
)
UNMADE_OVER = "No post for {place} is held any more because of a fault in me"
SUMMED_UP = "a line about these episodes was found in the place, with their posts: it is not said again"
HEARD_THERE = "posted: the platform told of it"
POSTED_THEN_DELETED = "posted, then taken away by somebody"
DELETED_SINCE = "taken away by somebody; it is not posted again"
SENDING = "being sent"
NOT_SENT = "not sent after all: its turn ran out first"
NOT_THERE = "read back: it is not there, so it is sent again"
EXPIRED = "too old by now: it could not be posted before {until}"
UNSUBSCRIBED = "the place no longer subscribes to the show"
PAUSED_BY_MODERATOR = "alerts are paused here: {why}"
PAUSED_BY_BOT = "waits, because alerts are paused here: {why}"
QUIET_HOURS = "waits for the end of the quiet hours ({until})"
UNREAD_PLACE = "the place is read back before this run's first post"
LOOKING = "it may be there already: {why}"
WAITS_TO_LOOK = "it may be there already, which shows at {at}"
RETRY_LATER = "tried again later: {why}"
REFUSED_HERE = "not posted: {why}"
READ_LATER = "the place could not be read back yet, and is asked again: {why}"
HELD_INVALID = "held: {platform} does not accept it: {why}"
HELD_UNREADABLE = (
    "held: the place cannot be read back, so it is not known whether it is there ({why}). Look, then choose below"
)
HELD_UNREAD_LONG = "held: it may be there, and the place could not be read back until it was too old ({why})"
PLACE_TROUBLE = "{place} is closed to me, so its alerts are paused: {why}. {fix}"
UNREADABLE_TROUBLE = "I cannot read {place} back, so its alerts are held: {why}. {fix}"
CHORE_TROUBLE = "I could not {what} in {place}: {why}. {fix}"
CHORE_WORDS = {"thread": "open a thread", "publish": "publish to followers", "edit": "edit my post"}
FIX_UNKNOWN = "See whether the place is still there and I may post in it and read it; then resume its alerts"
FIX_MISSING = "Missing: {missing}. When that is given, resume the place's alerts"
PLACE_WORKS = "{place} works again"
TOKEN_TROUBLE = "{platform} does not accept my token ({why}). The operator must set a new one; alerts wait until then"
TOKEN_WORKS = "{platform} accepts my token again; what waited is being sent"
TWIN_SILENT = "another copy of me posts here with the same token ({why})"
TWIN_TROUBLE = (
    "Another copy of me posts in {place} with the same token ({why}), so I am silent there. "
    "Stop the other copy, then resume the place's alerts"
)
TWIN_GONE = "I post in {place} again"
TWIN_UNKNOWN_POST = "a post that nothing here announced"
TWIN_NOT_MINE = "a post that I did not send"
TWIN_TWO_POSTS = "one episode was posted twice"
TWIN_OLDER = "a post was there before I sent it"

# === Troubles ==========================================================================================


def serving(shows: int, platforms: Sequence[str]) -> str:
    """``platforms``: those that can be posted to."""
    looks = f"{shows:,} show{'s are' if shows != 1 else ' is'} followed" if shows else "no show is followed yet"
    where = "; ".join(_POSTS_TO.get(one, one) for one in platforms)
    return f"Running: {looks}. Posts go to: {where}. Ctrl-C or SIGTERM ends it in order."


_POSTS_TO = {
    "discord": "Discord",
    "console": "the console (kept in DATA_DIR/console_posts.jsonl; nothing shows them here)",
}

NOTICE_PRIVATE = "The feed of a private show needs a look: /pullquote show list, in one of that show's places."
WITHDRAWN_PRIVATE = (
    "An episode of a private show is no longer in its feed: its publisher took it out. It is kept here and marked; to "
    "hide it: /pullquote withhold, in one of that show's places."
)


def feed_of(name: str, *, youtube: bool) -> str:
    """Which feed; a private show has no name here."""
    kind = "YouTube feed" if youtube else "feed"
    return f"The {kind} of {name}" if name else f"The {kind} of a private show"


def feed_unreadable(which: str, since: datetime | None) -> str:
    last = f" since {since:%Y-%m-%d %H:%M} UTC" if since else ""
    return f"{which} cannot be read{last}. It is tried again and again; /pullquote show list says why it fails."


def feed_stopped(which: str, why: str) -> str:
    return f"{which} is not looked at any more. {why} To give its new address: /pullquote show set."


def feed_readable(which: str) -> str:
    return f"{which} can be read again."


def feed_notice(show: str, line: str) -> str:
    return f"{show}: {line}"


def flood(count: int, kept: int) -> str:
    return f"{count:,} new episodes at once. They are stored; only the newest {kept} are looked at for posts."


def withdrawn(title: str, show: str, key: str) -> str:
    return (
        f"“{title}” of {show} is no longer in its feed: its publisher took it out. It is kept here and marked. Hide it "
        f'too, or keep it? Hide: /pullquote withhold episode:"{key}" · Keep: /pullquote keep episode:"{key}"'
    )


# The first admin

CODE_LEADS = "Nobody is admin here yet. Who is to be it says this, within a day:"


def no_surface_served(variables: Sequence[str]) -> str:
    return f"{', '.join(variables)} is set, but this version does not connect to Slack yet: that token is not used."


# === What is stored =================================================================================

SENDER_LOST = "whoever was sending it did not come back: it may be there"
PRIVATE_ELSEWHERE = "the show is private and may not be named in this place"
TOLD_AS_ONE = "the same episode under another name, which is told here already"
RULED_THERE = "a moderator says that it is there"
RULED_POST = "a moderator let it go"
REVIVED = "what stood in its way was taken back, so it waits again"
RULED_DROP = "a moderator dropped it"
NOT_TO_RULE = "That alert is {state} ({reason}), so there is nothing to decide about it."
SENT_MEANWHILE = "That has been posted meanwhile: delete the post itself to take it back."
BEING_SENT = "That is being sent right now: try again in a minute."
