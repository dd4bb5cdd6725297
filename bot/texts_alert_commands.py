"""Every sentence that moderators see about subscriptions and alerts in chat. Words only, no decision."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from bot.texts import SHOW_NOT_VISIBLE, many, minute, one_of, shorten
from bot.texts_shows import ago, ahead

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from bot.alerts import AlertStep, Filters, Lane, Options
    from bot.domain import Place
    from bot.feed_memory import FeedState
    from bot.posts import Post

__all__ = ["SHOW_NOT_VISIBLE"]

# --- shared -----------------------------------------------------------------------------------------------------

PREVIEW, TEST, EDIT, CHANGE_IT, RESUME = "Preview", "Send a test", "Edit", "Change it", "Resume"
TRY_AGAIN, ADD_PLACE, BEGIN, HELD_MORE = "Try again", "Add the place", "How alerts are doing", "What is held"
SOMETHING, NOT_IN_SIGHT = "something", "an alert that is not shown here"
HERE = "here"


def place_name(place: Place, here: Place) -> str:
    """``here``, else as it is typed."""
    return HERE if place == here else str(place)


def show_in_place(show: str, where: str) -> str:
    return f"{shorten(show, 100)} {HERE}" if where == HERE else f"{shorten(show, 100)} in {where}"


def sentence(part: str) -> str:
    """A part as a sentence of its own."""
    return f"{part[:1].upper()}{part[1:].rstrip('.')}." if part else ""


def _named(things: Sequence[str]) -> str:
    return "; ".join(things[:8]) + (f" and {len(things) - 8} more" if len(things) > 8 else "")


# --- what cannot be -----------------------------------------------------------------------------------------------

BAD_PLACE = "A place is here, a channel of this workspace as #channel, or platform/workspace/channel."
BAD_MENTION = (
    "A mention is the exact id of one role or user group: <@&123>, <!subteam^S123> or the bare id; none takes it away. "
    "Everyone is never mentioned."
)
BAD_SEASONS = "Write seasons as numbers: 2, 4-6; at most 25. none takes the filter away."
BAD_SPAN = "Say for how long: 45m, 3h or 2d, at most 31 days."
DELAY_BEYOND_AGE = "With that delay every episode would be too old to post. Make delay: shorter or age: longer."
LENGTHS_CROSSED = "shortest: is longer than longest:, so nothing would ever be posted."
NO_FORUM = "That place is no forum: say thread:thread or thread:none."
NO_THREADS = "A thread cannot be opened in that place: say thread:none."
NOT_ANNOUNCING = "Only an announcement channel can publish to followers, and that place is none: say publish:no."


def bad_list(most: int, longest: int) -> str:
    return f"Write them with commas between: a, b, c; at most {most} of {longest} characters. none takes them away."


def not_ours(place: Place) -> str:
    return f"{place.platform}/{place.workspace} does not belong to this community, so nothing is posted there."


def not_connected(platform: str, connected: Sequence[str]) -> str:
    known = f"connected: {one_of(connected)}" if connected else "no platform is connected"
    return f"{platform} is not connected, so nothing can be posted there ({known})."


def lacking(where: str, missing: Sequence[str]) -> str:
    rows = [f"- {shorten(line, 300)}" for line in missing]
    return "\n".join([f"Pullquote may not do all of that {_at(where)} yet. Missing:", *rows])


def _at(where: str) -> str:
    return where if where == HERE else f"in {where}"


def not_subscribed(show: str) -> str:
    return f"{shorten(show, 100)} is posted nowhere. To begin: /pullquote subscribe"


def nothing_there(where: str) -> str:
    return f"No such subscription {_at(where)}. /pullquote alerts list shows all of them."


def several_places(show: str, places: Sequence[str]) -> str:
    return f"{shorten(show, 100)} is posted in several places: {one_of(places)}. Say which with place:"


def several_subscribed(slugs: Sequence[str]) -> str:
    return f"Several shows are posted there: {one_of(slugs)}. Say which."


def no_episode_yet(show: str) -> str:
    return f"{shorten(show, 100)} has no episode that could be posted yet."


def no_post(reason: str) -> str:
    return f"There would be no post of it: {reason.rstrip('.')}."


# --- subscribe ----------------------------------------------------------------------------------------------------

ASKED_FOR = "a moderator asked for it"
CHANGE_ASKS = "Change it to what you asked now?"


def asked_by(name: str) -> str:
    return f"{shorten(name, 60)} asked for it"


def subscribed(show: str, where: str, options: Options) -> str:
    """What will happen, in one line."""
    said = options_in_words(options)
    return f"New episodes of {shorten(show, 100)} are posted {_at(where)} from now on{f': {said}' if said else ''}."


def next_look(state: FeedState | None, now: datetime, zone: ZoneInfo) -> str:
    """When the feed is looked at next, or why it is not."""
    if state is None:
        return "it has no feed, so no new episode is ever seen; /pullquote show set feed:URL gives it one"
    if state.stopped:
        return f"its feed is not looked at any more: {shorten(state.stopped, 150)}"
    first = "first look at the feed (what is there then is no news)" if state.baseline_at is None else ""
    return f"{first or 'next look at the feed'} {ahead(state.next_at, now, zone)}"


def latest_too(title: str) -> str:
    return f"“{shorten(title, 100)}” is posted now, as the latest one."


def latest_was_told(title: str) -> str:
    return f"“{shorten(title, 100)}” was told there already, so it is not posted again."


def there_already(show: str, where: str, options: Options) -> str:
    said = options_in_words(options)
    return f"{shorten(show, 100)} is posted {_at(where)} already{f': {said}' if said else ''}."


def private_elsewhere(show: str, where: str) -> str:
    return (
        f"{shorten(show, 100)} is private, and {where if where != HERE else 'this place'} is none of its places: "
        "whoever reads there would see it. Add the place to those where it is shown, and subscribe?"
    )


def private_in_direct(show: str) -> str:
    return f"{shorten(show, 100)} is private: it is never posted in direct messages."


# --- edit, clone, unsubscribe ---------------------------------------------------------------------------------------

EDIT_HOW = "Change one: /pullquote alerts edit SHOW trailer:skip; none or 0 empties it."
OPTIONS_SAME = "It is set to that already."
CLONE_WHERE = "Say where: /pullquote alerts clone SHOW to:PLACE"
MENTION_LEFT_OUT = "Its mention and tag belong to the other workspace and were left out."
GONE_MEANWHILE = "That subscription is gone already."


def edited(show: str, where: str, changes: Sequence[tuple[str, str, str]]) -> str:
    rows = [f"{name}: {shorten(new, 200)} (was {shorten(old, 200)})" for name, old, new in changes]
    return "\n".join([f"{show_in_place(show, where)} is changed:", *rows])


def with_changes(what: str, changes: Sequence[tuple[str, str, str]]) -> str:
    rows = [f"{name} {shorten(old, 40)} → {shorten(new, 40)}" for name, old, new in changes[:4]]
    return f"{what}: {', '.join(rows)}" if rows else what


def is_there(show: str, where: str) -> str:
    return f"{shorten(show, 100)} is posted {_at(where)} already. Change it there: /pullquote alerts edit"


def unsubscribed(show: str, where: str, waiting: int) -> str:
    head = f"{shorten(show, 100)} is not posted {_at(where)} any more."
    if not waiting:
        return head
    return f"{head} {many(waiting, 'alert')} that waited there {'is' if waiting == 1 else 'are'} not sent."


# --- pause and resume -----------------------------------------------------------------------------------------------

PAUSED_ALREADY = "That is paused already."
RUNNING_ALREADY = "That is running; nothing stands in its way."


def paused_by(name: str, reason: str) -> str:
    """Why, as it is kept and told: ``by Ada: summer break``."""
    who = f"by {shorten(name, 60)}"
    return f"{who}: {shorten(reason, 150)}" if reason else who


def paused(named: Sequence[str]) -> str:
    return f"Paused: {_named(named)}. Episodes that come out meanwhile are skipped."


def resumed(named: Sequence[str]) -> str:
    return f"Running again: {_named(named)}."


def freed(*, twin: bool) -> str:
    said = "What was posted there is read back before anything is sent."
    if twin:
        said += " If a second copy of this bot is still running with the same token, it will go silent again: stop it."
    return said


def stopped(options: Options, lane: Lane | None, now: datetime, zone: ZoneInfo) -> str:
    """Why nothing is sent, and what to do; "" while it runs."""
    if lane is not None and lane.silenced:
        return f"silent: {shorten(lane.silenced, 200).rstrip('.')}; if no other copy runs: /pullquote alerts resume"
    if lane is not None and lane.blocked:
        return f"blocked: {shorten(lane.blocked, 200).rstrip('.')}; put that right, then: /pullquote alerts resume"
    if not options.paused:
        return ""
    when = f" ({ago(options.paused_at, now, zone)})" if options.paused_at else ""
    return f"paused {shorten(options.paused, 200).rstrip('.')}{when}; /pullquote alerts resume"


# --- options in words -----------------------------------------------------------------------------------------------

_KINDS = {"full": "full episodes", "bonus": "bonus episodes", "trailer": "trailers", "swap": "other shows' episodes"}
_USUAL = {"full": "post", "bonus": "post", "trailer": "quiet", "swap": "quiet"}
_HANDLED = {"post": "posted", "quiet": "posted quietly", "hold": "held for you", "skip": "skipped"}
_THREADS = {"thread": "with a thread each", "forum": "as forum posts"}


def options_in_words(options: Options) -> str:
    """What is not as usual, filters included; "" where all is."""
    said = [f"mentions {options.mention}"] if options.mention else []
    said += [_THREADS[options.thread]] if options.thread != "none" else []
    said += [f"tag {shorten(options.tag, 40)}"] if options.tag else []
    for kind, name in _KINDS.items():
        handling = getattr(options, kind)
        said += [f"{name} {_HANDLED[handling]}"] if handling != _USUAL[kind] else []
    said += [f"{many(options.delay_min, 'minute')} later"] if options.delay_min else []
    said += ["published to followers"] if options.publish else []
    said += ["own text"] if options.template else []
    said += [f"at most {options.burst_cap} at once"] if options.burst_cap != 3 else []
    said += [f"news for {many(options.age_days, 'day')}"] if options.age_days != 7 else []
    return "; ".join([*said, *filters_in_words(options.filters)])


def filters_in_words(filters: Filters) -> list[str]:
    said = [f"only titles with {one_of(filters.with_words)}"] if filters.with_words else []
    said += [f"no titles with {one_of(filters.without_words)}"] if filters.without_words else []
    said += [f"only season {one_of([str(one) for one in filters.seasons])}"] if filters.seasons else []
    said += ["nothing explicit"] if filters.clean_only else []
    said += [f"at least {filters.shortest_min} min"] if filters.shortest_min else []
    said += [f"at most {filters.longest_min} min"] if filters.longest_min else []
    return said + ([f"only with {one_of(filters.people)}"] if filters.people else [])


# --- the list -------------------------------------------------------------------------------------------------------

LIST_TITLE = "What is posted where"
NO_SUBSCRIPTIONS = "Nothing is posted anywhere yet. To begin: /pullquote subscribe SHOW"
TROUBLE = "Trouble"


def posted_last(at: datetime | None, now: datetime, zone: ZoneInfo) -> str:
    return f"last posted {ago(at, now, zone)}" if at else "nothing posted yet"


def counts(waiting: int, held: int) -> str:
    said = [f"{waiting:,} waiting"] if waiting else []
    said += [f"{held:,} held: /pullquote held"] if held else []
    return ", ".join(said)


def trouble_row(what: str, since: datetime, now: datetime, zone: ZoneInfo) -> str:
    return f"{shorten(what, 400)} ({ago(since, now, zone)})"


def more_troubles(count: int) -> str:
    return f"and {count:,} more"


def moderators_are_told(where: str) -> str:
    if not where:
        return "Troubles are told on the console only. For a place: /pullquote settings name:moderators value:here"
    return f"Moderators are told of troubles {_at(where)}."


STATUS_ALERTS, STATUS_TROUBLES = "Alerts", "Troubles"


def alerts_in_numbers(subscriptions: int, paused: int, waiting: int, held: int) -> str:
    said = [many(subscriptions, "subscription")]
    for count, name in ((paused, "paused"), (waiting, "waiting to be sent"), (held, "held")):
        said += [f"{count:,} {name}"] if count else []
    return ", ".join(said)


def troubles_in_numbers(count: int) -> str:
    return f"{count:,} open; /pullquote alerts list names them" if count else "none"


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
    return f"A test is posted {_at(where)}; it mentions nobody and counts as no post."


def test_unclear(where: str, reason: str) -> str:
    return f"It is not known whether the test arrived {_at(where)}: {shorten(reason, 200).rstrip('.')}. Look there."


def test_refused(where: str, reason: str, retry_after_s: float | None) -> str:
    later = f" Try again in {retry_after_s:,.0f} s." if retry_after_s else ""
    return f"The test was refused {_at(where)}: {shorten(reason, 200).rstrip('.')}.{later}"


def cannot_test(platform: str) -> str:
    return f"{platform} is not connected here, so no test can be sent from here."


# --- quiet ------------------------------------------------------------------------------------------------------------

QUIET_TITLE, QUIET_OFF = "Quiet", "Take it away"
NEVER_QUIET = "No quiet hours: posts come whenever there is something."
NOT_QUIET = "Nothing of the kind is set there, so there is nothing to take away."
QUIET_TAKEN_AWAY = "No longer quiet. What waited is posted now, in order."
QUIET_STILL = "Taken away. What still holds:"
QUIET_ONE = "Say one of them: hours:22:00-07:00, a while such as 3h, or off:yes."
QUIET_HOW = "Set hours: /pullquote quiet hours:22:00-07:00. For a while: /pullquote quiet 3h"
WHERE = {"here": "here", "everywhere": "everywhere"}


def quiet_hours(hours: str, zone: str, where: str) -> str:
    return f"Nothing is posted {where} from {_span(hours)} ({zone}); what comes meanwhile waits until then."


def _span(hours: str) -> str:
    return hours.replace("-", " to ")


def quiet_until(until: datetime, zone: ZoneInfo, where: str) -> str:
    return f"Nothing is posted {where} until {minute(until, zone)} ({zone.key}); what comes meanwhile waits."


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
    return _RULED[choice].format(what=what, where=_at(where))


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


def new_without_alert(transcript: bool) -> str:
    more = ", or its files were here before" if transcript else ""
    return (
        "new in the feed, and no alert was made: nobody subscribed then, or it was not among the newest 100 that came "
        f"at once{more}"
    )


def step(one: AlertStep) -> str:
    return f"{_STATES[one.state].partition(';')[0]}: {one.reason}" if one.reason else _STATES[one.state]


def delivery(state: str, reason: str, attempts: int, due: str) -> str:
    said = _STATES[state]
    said += f" (attempt {attempts:,})" if state in ("waiting", "unknown") and attempts else ""
    said += f", due {due}" if state == "waiting" else ""
    return f"{said}: {shorten(reason, 300)}" if reason else said


def more_places(places: Sequence[str]) -> str:
    return f"Also {_named(places)}: /pullquote why EPISODE place:PLACE"


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
    return f"“{shorten(title, 100)}” is posted {_at(where)} now, in its turn."


# --- the first admin --------------------------------------------------------------------------------------------------

HAS_ADMIN = "There is an admin here already; they can make others with /pullquote roles."
WRONG_CODE = (
    "That is not the code, or it is used up. Whoever runs Pullquote finds a fresh one on its console; it is valid for "
    "a day and ten tries."
)


def claimed(name: str) -> str:
    return f"{shorten(name, 60)} is an admin here now. The code is used up."
