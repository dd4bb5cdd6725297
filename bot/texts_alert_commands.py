"""Every sentence that moderators see about subscriptions and alerts in chat. Words only, no decision."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from bot.texts import SHOW_NOT_VISIBLE, many, one_of, shorten
from bot.texts_shows import ago, ahead

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from bot.alerts import Filters, Lane, Options
    from bot.domain import Place
    from bot.feed_memory import FeedState

__all__ = ["SHOW_NOT_VISIBLE"]

# --- shared -----------------------------------------------------------------------------------------------------

PREVIEW, TEST, EDIT, CHANGE_IT, RESUME = "Preview", "Send a test", "Edit", "Change it", "Resume"
PAUSE, STOP_POSTING, CHOOSE = "Pause", "Stop posting", "Change one"
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


def listed(things: Sequence[str]) -> str:
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


def resting(platform: str) -> str:
    return f"{platform} is not asked for a while: it asked for a pause, or does not answer. Try again in some minutes."


def lacking(where: str, missing: Sequence[str]) -> str:
    rows = [f"- {shorten(line, 300)}" for line in missing]
    return "\n".join([f"Pullquote may not do all of that {there(where)} yet. Missing:", *rows])


def there(where: str) -> str:
    return where if where == HERE else f"in {where}"


def not_subscribed(show: str) -> str:
    return f"{shorten(show, 100)} is posted nowhere. To begin: /pullquote subscribe"


def nothing_there(where: str) -> str:
    return f"No such subscription {there(where)}. /pullquote alerts list shows all of them."


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
LATEST_ASKS = "The latest one has a button of its own: post it before or after the change."
POST_LATEST = "Post the latest"


def asked_by(name: str) -> str:
    return f"{shorten(name, 60)} asked for it"


def subscribed(show: str, where: str, options: Options) -> str:
    """What will happen, in one line."""
    said = options_in_words(options)
    return f"New episodes of {shorten(show, 100)} are posted {there(where)} from now on{f': {said}' if said else ''}."


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
    return f"{shorten(show, 100)} is posted {there(where)} already{f': {said}' if said else ''}."


def place_is_named(slug: str, place: str) -> str:
    return f"For a place write place:, as in /pullquote subscribe {slug} place:{shorten(place, 100)}"


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
    return f"{shorten(show, 100)} is posted {there(where)} already. Change it there: /pullquote alerts edit"


def unsubscribed(show: str, where: str, waiting: int) -> str:
    head = f"{shorten(show, 100)} is not posted {there(where)} any more."
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
    return f"Paused: {listed(named)}. Episodes that come out meanwhile are skipped."


def resumed(named: Sequence[str]) -> str:
    return f"Running again: {listed(named)}."


def freed(*, twin: bool) -> str:
    said = "What was posted there is read back before anything is sent."
    if twin:
        said += " If a second copy of this bot is still running with the same token, it will go silent again: stop it."
    return said


def stopped(options: Options, lane: Lane | None, now: datetime, zone: ZoneInfo) -> str:
    """Why nothing is sent, and what to do; "" while it runs."""
    if lane is not None and (lane.silenced or lane.blocked):
        return lane_stopped(lane)
    if not options.paused:
        return ""
    when = f" ({ago(options.paused_at, now, zone)})" if options.paused_at else ""
    return f"paused {shorten(options.paused, 200).rstrip('.')}{when}; /pullquote alerts resume"


def lane_stopped(lane: Lane, *, resume: str = "") -> str:
    """Why nothing is sent to a place, and what to do; ``resume``: the place as it is typed, where it must be named."""
    command = "/pullquote alerts resume" + (f" place:{resume}" if resume else "")
    if lane.silenced:
        return f"silent: {shorten(lane.silenced, 200).rstrip('.')}; if no other copy runs: {command}"
    return f"blocked: {shorten(lane.blocked, 200).rstrip('.')}; put that right, then: {command}"


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
    return f"Moderators are told of troubles {there(where)}."


STATUS_ALERTS, STATUS_TROUBLES = "Alerts", "Troubles"


def alerts_in_numbers(subscriptions: int, paused: int, waiting: int, held: int) -> str:
    said = [many(subscriptions, "subscription")]
    for count, name in ((paused, "paused"), (waiting, "waiting to be sent"), (held, "held")):
        said += [f"{count:,} {name}"] if count else []
    return ", ".join(said)


def troubles_in_numbers(count: int) -> str:
    return f"{count:,} open; /pullquote alerts list names them" if count else "none"
