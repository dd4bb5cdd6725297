"""Every sentence of what a found line can do: sharing it, hearing it, saying that it is wrong. Words only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.texts import many, shorten

# --- hearing the moment -----------------------------------------------------------------------------------------

#: What people do there; everywhere else they listen.
_WATCHED = frozenset(("youtube", "video"))
#: Where a link leads; what is not here is not named.
WHERE: Mapping[str, str] = {
    "page": "page",
    "audio": "audio file",
    "youtube": "YouTube",
    "spotify": "Spotify",
    "video": "video",
    "overcast": "Overcast",
    "pocketcasts": "Pocket Casts",
    "apple": "Apple Podcasts",
}


def listen_at(kind: str, moment: str | None) -> str:
    """``Watch at 27:47 (YouTube)``; without a time where the link leads to none."""
    verb = "Watch" if kind in _WATCHED else "Listen"
    where = f" ({WHERE[kind]})" if kind in WHERE else ""
    return f"{verb} at {moment}{where}" if moment else f"{verb}{where}"


MY_APP, APP_TITLE, CHOOSE_APP = "My app", "Where your links lead", "Choose your app"
NO_APP = "the usual: video or page first"
APP_SAME, APP_DROPPED = "That is set already.", "Your links lead to the usual place again: video or page first."
APP_HOW = (
    "Used for every line that you find, where the episode is there. What you share with others leads to the usual "
    "place."
)
APPS: Mapping[str, str] = {
    "usual": "The usual: video or page first",
    "page": "The episode's page",
    "youtube": "YouTube",
    "spotify": "Spotify",
    "apple": "Apple Podcasts",
    "overcast": "Overcast",
    "pocketcasts": "Pocket Casts",
    "video": "Another video site",
    "audio": "The audio file itself",
}


def app_now(app: str | None) -> str:
    named = APPS.get(app, NO_APP) if app else NO_APP
    return f"Your links lead to: {named}."


def app_chosen(app: str) -> str:
    return f"From now on your links lead to: {APPS[app]}. Where an episode is not there, they lead to the usual place."


# --- sharing ----------------------------------------------------------------------------------------------------

TAKE_AWAY, TAKEN_AWAY = "Delete", "Deleted."
CANNOT_WRITE = "Nothing can be shared here in your name: you may not write here, or nobody else is here."
WHO_MAY_TAKE_AWAY = "Only who shared it and moderators may delete it."
NOT_ON_A_MESSAGE = "This is done with the button below what was shared."

# --- something is wrong -----------------------------------------------------------------------------------------

WRONG, WRONG_FORM, WRONG_WHAT, WRONG_NOTE = "Wrong?", "What is wrong?", "What is wrong", "More about it"
WRONG_ASK = "Say what is wrong with this line; the moderators here will look at it."
#: What a member may say is wrong, as it is chosen; and as a report keeps it.
WRONGS: Mapping[str, str] = {
    "The line": "line",
    "Its text": "text",
    "Its speaker": "speaker",
    "Its time": "time",
    "Please remove this": "remove",
}
_SAID = {
    "line": "something is wrong with it",
    "text": "its text is wrong",
    "speaker": "its speaker is wrong",
    "time": "its time is wrong",
    "remove": "please remove it",
}
REPORTED = "Thank you: the moderators here have it. You will hear what becomes of it."
REPORTED_ALREADY = "You have said so already; the moderators here have it."
LOOKED_AT = "The moderators have looked at this line after you reported it. Talk to them if it is still wrong."
TOO_MANY_OPEN = "The moderators still have {n} lines from you to look at. Wait for them, or talk to them."
TOO_MANY_TODAY = "You have reported {n} lines since yesterday, which is all that a day takes. Talk to the moderators."
QUEUE_FULL = "The moderators have more reports than they can read now. Talk to one of them directly."


def what_is_wrong(wrong: str) -> str:
    return _SAID.get(wrong, _SAID["line"])


def report_told(episode: str, wrong: str, id: str) -> str:
    """One line for the moderators; ``bot.rules.reports`` finds the id in it again."""
    return f"A member about a line of “{shorten(episode, 100)}”: {what_is_wrong(wrong)} (report {id})"


def card_says(name: str, wrong: str, episode: str, note: str) -> str:
    who = shorten(name, 60) or "A member"
    head = f"{who} about a line of “{shorten(episode, 100)}”: {what_is_wrong(wrong)}."
    return f"{head}\n{WRONG_NOTE}: {shorten(note, 300)}" if note else head


def around(before: str, after: str) -> str:
    """The lines beside a line."""
    rows = [f"Before: {shorten(before, 140)}" if before else "", f"After: {shorten(after, 140)}" if after else ""]
    return "\n".join(row for row in rows if row)


# --- what moderators do about it --------------------------------------------------------------------------------

FIX_TEXT, FIX_SPEAKER, FIX_TIME = "Fix text", "Fix speaker", "Fix time"
WITHHOLD, DISMISS = "Withhold", "Dismiss"
#: What a card's buttons do, as the commands ``post`` and ``reports`` know it.
REPORT_BUTTONS = {
    "text": FIX_TEXT,
    "speaker": FIX_SPEAKER,
    "time": FIX_TIME,
    "withhold": WITHHOLD,
    "dismiss": DISMISS,
}
FIX_LABELS = {"text": "What was really said", "speaker": "Who really said it", "time": "When, such as 27:47"}
THE_LINE = "The line"
REPORTS_TITLE, NO_REPORTS = "Reported lines", "No line is reported."
CHOOSE_REPORT, NO_REPORT = "Open a report", "There is no such report here any more."
REPORT_ID_NEEDED = "Say which report, by its id: /pullquote reports lists them."
REPORT_LINE_GONE = "The line is not shown here any more."
REPORT_ELSEWHERE = (
    "A line of a private show is reported. /pullquote reports tells more, in a place where that show may appear."
)
REPORT_OVER = "a moderator settled it before this could be posted"
REPORT_DISMISSED = "Dismissed: the line stays as it is."
REPORT_WITHHELD = "The line is withheld: it is not shown here any more."
MORE_REPORTS = "Other reports"
_STATES = {"fixed": "corrected the line", "withheld": "withheld the line", "dismissed": "dismissed the report"}


def settled_already(by: str, state: str) -> str:
    return f"{shorten(by, 60) or 'Another moderator'} {_STATES.get(state, 'settled it')} already. Nothing was changed."


def card_settled(by: str, state: str) -> str:
    return f"Settled: {shorten(by, 60) or 'a moderator'} {_STATES.get(state, 'looked at it')}."


def report_row(said: str, wrong: str, note: str, name: str) -> str:
    noted = f" “{shorten(note, 100)}”" if note else ""
    return f"“{shorten(said, 120)}”: {what_is_wrong(wrong)}.{noted} ({shorten(name, 40) or 'a member'})"


def reports_open(count: int) -> str:
    return f"{many(count, 'reported line')}: /pullquote reports" if count else "none"


STATUS_REPORTS = "Reports"

# --- what the reporter hears ------------------------------------------------------------------------------------

_BECAME = {
    "fixed": "it was corrected",
    "withheld": "it is not shown here any more",
    "dismissed": "a moderator looked at it, and it stays as it is",
}


def became(state: str, episode: str | None, moment: str | None) -> str:
    """What became of a report; without the episode where it may not be named."""
    where = f" in “{shorten(episode, 100)}”" if episode else ""
    when = f" at {moment}" if episode and moment else ""
    return f"The line that you reported{where}{when}: {_BECAME.get(state, _BECAME['dismissed'])}."


# --- a template by form -----------------------------------------------------------------------------------------

EDIT_TEMPLATE, TEMPLATE_FORM, TEMPLATE_LABEL = "Edit template", "Template of the post", "The text of the post"
TEMPLATE_AGAIN = "Edit again"
TEMPLATE_HINT = "Empty = the usual text. It may name {mention}, {show}, {title}, {number}, {people}, {link} …"


def template_how(title: str, where: str, names: Sequence[str]) -> str:
    placeholders = ", ".join(f"{{{name}}}" for name in names)
    return f"The text of posts about {title} in {where}. It may name {placeholders}."


# --- what is kept of members ------------------------------------------------------------------------------------

FORGET, FORGOTTEN = "Forget my choices", "Forgotten: what you had chosen here."
NOTHING_CHOSEN = "You have chosen nothing here, so there is nothing to forget."
