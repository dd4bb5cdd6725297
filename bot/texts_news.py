"""Every sentence that people see about what is announced and why: reasons, quiet hours, templates. Words only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.rules.stamps import stamp
from bot.texts import many, one_of, shorten

REACHES_BACK = "one of several that are older than all that was known: the feed reaches further back now"
EXPLICIT = "marked as explicit, and only clean ones are wanted here"
_KINDS = {
    "full": ("a full episode", "full episodes"),
    "bonus": ("a bonus episode", "bonus episodes"),
    "trailer": ("a trailer", "trailers"),
    "swap": ("an episode of another show", "episodes of other shows"),
}


def announced(kind: str, seen_at: datetime, why_new: str, quiet: bool, delay_min: int, paused: str) -> str:
    """Why it is to be posted; ``why_new`` is the poll's reason, ``paused`` the bot's for letting it wait."""
    said = [f"{_KINDS[kind][0]}, first seen {seen_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"]
    if why_new:
        said[0] += f" ({shorten(why_new, 200).rstrip('.')})"
    if quiet:
        said.append("posted quietly, as this place wants it")
    if delay_min:
        said.append(f"{many(delay_min, 'minute')} later, as this place wants it")
    if paused:
        said.append(f"waiting while this place is paused: {shorten(paused, 200).rstrip('.')}")
    return "; ".join(said)


def kind_skipped(kind: str) -> str:
    return f"{_KINDS[kind][0]}, which this place skips"


def kind_held(kind: str) -> str:
    return f"{_KINDS[kind][0]}: in this place a moderator decides about {_KINDS[kind][1]}"


def while_paused(why: str) -> str:
    return f"it came while this place was paused: {shorten(why, 200).rstrip('.')}"


def beyond_cap(came: int, told: int, cap: int, recent: int) -> str:
    """``told`` of ``came`` are posted, because ``recent`` were in the last hour and ``cap`` is the most."""
    if not cap:
        return "this place wants no post of single episodes, only a line that there are some"
    if not recent:
        newest = "the newest is posted" if told == 1 else f"the newest {told} are posted"
        return f"one of {came:,} that came at once; {newest}"
    told_now = "none of them is" if not told else "only the newest is" if told == 1 else f"only the newest {told} are"
    came_now = f"one of {came:,} that came at once" if came > 1 else "it came soon after others"
    before = f"{recent:,} {'was' if recent == 1 else 'were'} announced in the hour before"
    return f"{came_now}; {before} and {cap} is the most, so {told_now} posted"


def old_in_burst(came: int, age_days: int) -> str:
    return f"one of {came:,} that came at once, and it is older than {many(age_days, 'day')}"


def burst_line(count: int, show: str) -> str:
    """What a place is told about those beyond the cap."""
    of = f" of {shorten(show, 200)}" if show else ""
    came = "came at the same time and is not posted" if count == 1 else "came at once and are not posted one by one"
    return f"{many(count, 'more new episode')}{of} {came}. /episodes lists {'it' if count == 1 else 'them'}."


def burst_why(count: int, cap: int) -> str:
    if not cap:
        return f"this place wants no post of single episodes; this line stands for {count:,}"
    return f"{count:,} came beyond the {cap} that are posted in an hour; this line stands for them"


def word_in_title(words: str) -> str:
    return f"“{shorten(words, 100)}” is in the title"


def no_word_in_title(words: Sequence[str]) -> str:
    return f"{_neither(words)} is in the title"


def other_season(season: int, wanted: Sequence[int]) -> str:
    return f"season {season}, and only season {one_of([str(one) for one in wanted[:10]])} is wanted here"


def too_short(seconds: float, least_min: int) -> str:
    return f"{_length(seconds)} long, and at least {many(least_min, 'minute')} are wanted here"


def too_long(seconds: float, most_min: int) -> str:
    return f"{_length(seconds)} long, and at most {many(most_min, 'minute')} are wanted here"


def nobody_named(names: Sequence[str]) -> str:
    return f"{_neither(names)} is named in it"


def _neither(words: Sequence[str]) -> str:
    named = [f"“{shorten(one, 60)}”" for one in words[:5]]
    return ("not one of " if len(words) > 1 else "") + (one_of(named) if len(words) > 1 else f"no {named[0]}")


def _length(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds % 60 == 0 else f"{stamp(seconds)}"


# --- quiet hours


def not_hours(said: str) -> str:
    return f"“{shorten(said, 60)}” are no hours. Say from when to when, such as 22:00-07:00, 22-7 or 10pm to 7am."


def no_hours_between(at: str) -> str:
    return f"Quiet from {at} to {at} is no time at all, or all day: say two different hours, such as 22:00-07:00."


# --- templates

TEMPLATE_FIELDS = {
    "show": "the show's title",
    "title": "the episode's title",
    "number": "its number",
    "season": "its season",
    "date": "the day it came out",
    "duration": "how long it is",
    "people": "who is in it",
    "summary": "what its notes say, shortened",
    "explicit": "“explicit” when its feed says so",
    "link": "where to listen",
    "kind": "“bonus” or “trailer”, nothing for a full episode",
    "mention": "the role or group to be told, where there is one",
}


def template_too_long(most: int, has: int) -> str:
    return f"A template has at most {most:,} characters; this one has {has:,}."


def no_placeholder(name: str, names: Sequence[str]) -> str:
    return f"There is no {{{shorten(name, 40)}}}. There is {_braced(names)}."


def lonely_brace(brace: str, names: Sequence[str]) -> str:
    return f"A “{brace}” stands alone: write {brace * 2} for the sign itself, or one of {_braced(names)}."


def _braced(names: Sequence[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in names)
