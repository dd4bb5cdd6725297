"""Every sentence about tests, quiet hours, rulings, why, audits and the first admin. Words only, no decision."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from bot.texts import many, minute, shorten
from bot.texts_alert_commands import listed, sentence, show_in_place, there

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from bot.alerts import AlertStep, Options
    from bot.posts import Post

# --- preview and test -----------------------------------------------------------------------------------------------

KEEP_TEMPLATE = "Keep this text"
TEST_MARK = "A test by a moderator: no news, nobody is mentioned."
TEST_BUTTON = "That post was only a test, so its buttons lead nowhere; those of a real one do."


def preview_title(episode: str) -> str:
    return f"How “{shorten(episode, 100)}” would be posted"


def preview_notes(post: Post, options: Options) -> str:
    """What the text of a post does not show."""
    said = [f"mentions {post.mention}" if post.mention else "mentions nobody"]
    said += ["sends no notification"] if post.quiet else []
    said += [f"thread “{shorten(post.thread.title, 80)}”"] if post.thread else []
    said += ["published to followers"] if options.publish else []
    said += [f"buttons: {', '.join(one.label for one in post.actions)}"] if post.actions else []
    return sentence(", ".join(said))


def test_sent(where: str) -> str:
    return f"A test is posted {there(where)}; it mentions nobody and counts as no post."


def test_unclear(where: str, reason: str) -> str:
    return f"It is not known whether the test arrived {there(where)}: {shorten(reason, 200).rstrip('.')}. Look there."


def test_refused(where: str, reason: str, retry_after_s: float | None) -> str:
    later = f" Try again in {retry_after_s:,.0f} s." if retry_after_s else ""
    return f"The test was refused {there(where)}: {shorten(reason, 200).rstrip('.')}.{later}"


def cannot_test(platform: str) -> str:
    return f"{platform} is not connected here, so no test can be sent from here."


# --- quiet ------------------------------------------------------------------------------------------------------------

QUIET_TITLE, QUIET_OFF = "Quiet", "Take it away"
NEVER_QUIET = "No quiet hours: posts come whenever there is something."
NOT_QUIET = "Nothing of the kind is set there, so there is nothing to take away."
QUIET_TAKEN_AWAY = "No longer quiet. What waited is posted now, in order."
QUIET_STILL = "Taken away. What still holds:"
QUIET_ONE = "Say one of them: hours:22:00-07:00, a while such as 3h, or off:yes."
OFF_WORDS = frozenset(("off", "none", "stop", "end"))
QUIET_HOW = "Set hours: /pullquote quiet hours:22:00-07:00. For a while: quiet 3h. No more: quiet off"
WHERE = {"here": "here", "everywhere": "everywhere"}


def quiet_hours(hours: str, zone: str, where: str) -> str:
    return f"Nothing is posted {_anywhere(where)} from {_span(hours)} ({zone}); what comes meanwhile waits until then."


def _anywhere(where: str) -> str:
    return "anywhere" if where == "everywhere" else where


def _span(hours: str) -> str:
    return hours.replace("-", " to ")


def quiet_until(until: datetime, zone: ZoneInfo, where: str) -> str:
    return f"Nothing is posted {_anywhere(where)} until {minute(until, zone)} ({zone.key}); what comes meanwhile waits."


def quiet_row(name: str, value: str, zone: ZoneInfo, now: datetime) -> str:
    """One setting as it stands; "" when it is not set or has passed."""
    if name == "quiet":
        return f"each day {_span(value)} ({zone.key})" if value else ""
    until = _read(value)
    return f"all until {minute(until, zone)} ({zone.key})" if until and until > now else ""


def quiet_holds(hours: str, until: str, now: datetime, zone: ZoneInfo) -> str:
    """What holds in a place, in its own time zone."""
    said = [quiet_row(name, value, zone, now) for name, value in (("quiet", hours), ("quiet_until", until))]
    kept = [one for one in said if one]
    return f"quiet {', '.join(kept)}" if kept else ""


def _read(value: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return found if found.tzinfo else None


# --- held and ruled ---------------------------------------------------------------------------------------------------

HELD_TITLE, NOTHING_HELD = "These wait for your word", "Nothing is held."
HELD_HOW = "It is there: it was posted, leave it. Post: send it now. Drop: never send it."
HELD_BOTH = "Say both: /pullquote held id:ID choice:there, post or drop."
CHOICES = {"there": "It is there", "post": "Post it", "drop": "Drop it"}
NO_SUCH_ALERT = "There is no such alert here. /pullquote held lists what is held."
_DECIDED = {"there": "it is there", "post": "post it", "drop": "drop it"}
_RULED = {
    "there": "Taken as posted: {what} {where}. It is not sent again.",
    "post": "It is posted in its turn: {what} {where}.",
    "drop": "Dropped: {what} {where} is not sent.",
}


def numbered(n: int, what: str) -> str:
    return f"{n}. {what}"


def told_about(show: str, episode: str, kind: str) -> str:
    what = {"burst": "the line for several episodes", "transcript": "the word that the transcript is in"}.get(kind, "")
    named = f"{shorten(show, 80)}: “{shorten(episode, 80)}”" if episode else shorten(show, 80)
    return f"{named}, {what}" if what else named


def held_row(reason: str, since: str) -> str:
    return f"{sentence(shorten(reason, 300))} Since {since}."


def not_held(state: str, reason: str) -> str:
    return f"That is not held any more: it is {state}. {sentence(shorten(reason, 200))}".strip()


def ruled(choice: str, what: str, where: str) -> str:
    return _RULED[choice].format(what=what, where=there(where))


def decided(choice: str, what: str) -> str:
    return f"{_DECIDED[choice]}: {what}"


def ruling_needs(role: str) -> str:
    return f"To decide about an alert needs the role “{role}”. An admin can give it with /pullquote roles."


# --- why --------------------------------------------------------------------------------------------------------------

FETCHED, IDENTITY, FILTERS, PLACE, DELIVERY, STEP = (
    "Fetched", "Identity", "Filters", "Place", "Delivery", "Its story",
)  # fmt: skip
NO_FEED = "its show has no feed: it was imported from files, and such episodes are never announced"
FROM_FILE = "it was imported from a file, and no item of the feed is taken for it"
WITHDRAWN = "its publisher took it out of the feed"
BASELINE = "it was in the feed when that was read first: what is there then is no news"
NEW = "a new episode; why it was taken for one stands with each place"
NOBODY_SUBSCRIBES = "nobody subscribes to its show here, so nothing was announced: /pullquote subscribe"
NOT_SUBSCRIBED = "there is no subscription to its show"
BEFORE_SUBSCRIBING = "it came before the subscription was made"
NEVER_ANNOUNCED = "it was never taken for news, so no alert was made of it"
PLACE_FREE = "nothing stands in the way"
NOTHING_TO_DELIVER = "there is no alert of it, so nothing was sent"
_STATES = {
    "waiting": "waiting to be sent",
    "sending": "being sent",
    "unknown": "sent, and not known yet whether it arrived; the place is read back first",
    "held": "held for a moderator: /pullquote held",
    "posted": "posted",
    "deleted": "posted, and taken away later; it is not sent again",
    "skipped": "skipped",
    "expired": "never sent, and now too old",
    "dropped": "dropped",
}


def why_title(title: str) -> str:
    return f"What became of “{shorten(title, 100)}”"


def at_place(stage: str, where: str) -> str:
    return f"{stage} ({where})"


def stage(reason: str, at: datetime | None, zone: ZoneInfo) -> str:
    said = sentence(shorten(reason, 500))
    return f"{said} {minute(at, zone)}" if at else said


def not_in_feed(read: bool) -> str:
    return "the feed was read, and this episode is not in it" if read else "the feed was never read yet"


def feed_stopped(why: str) -> str:
    return f"it was seen in the feed, which is not looked at any more: {shorten(why, 150)}"


def first_seen(error: str) -> str:
    return f"seen in the feed; the last look failed: {shorten(error, 150)}" if error else "seen in the feed"


def new_because(reason: str, *, told: bool) -> str:
    said = f"a new episode: {shorten(reason, 200).rstrip('.')}"
    return said if told else f"{said}; no alert was made, since nobody subscribed then"


def new_without_alert(transcript: bool) -> str:
    more = ", or its files were here before" if transcript else ""
    return (
        "new in the feed, and no alert was made: nobody subscribed then, or it was not among the newest 100 that came "
        f"at once{more}"
    )


def step(one: AlertStep) -> str:
    return _because(_STATES[one.state].partition(";")[0], one.reason) if one.reason else _STATES[one.state]


def delivery(state: str, reason: str, attempts: int, due: str) -> str:
    said = _STATES[state]
    said += f" (attempt {attempts:,})" if state in ("waiting", "unknown") and attempts else ""
    said += f", due {due}" if state == "waiting" else ""
    return _because(said, shorten(reason, 300))


def _because(said: str, reason: str) -> str:
    """The state with its reason, each said once."""
    short, known = reason.removeprefix("held: "), said.casefold()
    if not short or short.rstrip(".").casefold() == known:
        return said
    again = short.casefold().startswith((f"{known} ", f"{known}:", f"{known},"))
    return short if again else f"{said}: {short}"


def more_places(places: Sequence[str]) -> str:
    return f"Also {listed(places)}: /pullquote why EPISODE place:PLACE"


# --- audit ------------------------------------------------------------------------------------------------------------

POST_ONE = "Post one after all"
NOT_MISSING = "That one is not missing there (any more)."


def audit_title(show: str, where: str, since: datetime) -> str:
    return f"{show_in_place(show, where)}, since {since:%Y-%m-%d %H:%M}"


def audited(feed: int, posted: int, taken_away: int, coming: int, held: int, missing: int) -> str:
    """``12 episodes came: 10 posted, 1 on its way, 1 missing.``"""
    said = [f"{posted:,} posted"]
    for count, name in ((taken_away, "posted and taken away"), (coming, "on the way"), (held, "held")):
        said += [f"{count:,} {name}"] if count else []
    return f"{many(feed, 'episode')} came: {', '.join([*said, f'{missing:,} missing'])}."


def missing(reason: str, day: str) -> str:
    return f"{sentence(shorten(reason, 300))} {day}".strip()


def posted_after_all(title: str, where: str) -> str:
    return f"“{shorten(title, 100)}” is posted {there(where)} now, in its turn."


# --- the first admin --------------------------------------------------------------------------------------------------

HAS_ADMIN = "There is an admin here already; they can make others with /pullquote roles."
WRONG_CODE = (
    "That is not the code, or it is used up. Whoever runs Pullquote finds one on its console, a fresh one after each "
    "start; it is valid for a day. After five wrong tries wait for an hour."
)


def claimed(name: str) -> str:
    return f"{shorten(name, 60)} is an admin here now. The code is used up."
