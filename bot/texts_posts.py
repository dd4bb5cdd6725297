"""Every sentence that people see of posts: what they say, what their buttons answer. Words only; nothing is decided
here."""

from __future__ import annotations

from bot.domain import Episode
from bot.texts import shorten, titled

# --- what a post says -------------------------------------------------------------------------------------------

CHAPTERS, QUOTE, LISTEN, EPISODES = "Chapters", "Quote", "Listen", "Episodes"
HIDE, KEEP, STATE, WHY = "Hide it here", "Keep it", "Is it still so?", "Why?"
EPISODE, SEASON, LENGTH, KIND, EXPLICIT = "Episode", "Season", "Length", "Kind", "Explicit"
PEOPLE, OUT, TRANSCRIPT = "With", "Out", "Transcript"
YES, QUOTABLE = "yes", "in: ask /quote"
KINDS = {"trailer": "trailer", "bonus": "bonus episode", "swap": "episode of another show"}
UNTITLED = "An episode without a title"
WITHDRAWN = "Withdrawn by its publisher."
NOT_SHOWN = "This episode is not shown here any more."
NOT_SHOWN_THREAD = "An episode that is not shown here"
SAYS_NOTHING = "Something happened; /pullquote alerts list tells more."


def default_text(show: str, title: str) -> str:
    """One line that reads well in a notification; a title that begins with the show's name says it once."""
    return title if not show or title.casefold().startswith(show.casefold()) else f"{show}: {title}"


def and_more(names: list[str], count: int) -> str:
    return f"{', '.join(names)} and {count} more" if count else ", ".join(names)


def transcript_is_in(title: str) -> str:
    return f"The transcript of “{shorten(title, 200)}” is in: you can /quote it now."


# --- why there is no post ---------------------------------------------------------------------------------------

WITHHELD = "the episode is withheld here"
PRIVATE_HERE = "the show is private, and this place is not among those where it may appear"
OFF_SHELF = "the show is not here any more"
NO_EPISODE = "the episode is not known here any more"
TRANSCRIPT_GONE = "the transcript is gone again"
CAME_LATER = "the transcript came after the post"

# --- what the buttons answer ------------------------------------------------------------------------------------

POST_UNKNOWN = (
    "That post is older than what is remembered here. Ask /episode, /chapters or /quote instead, with a part of the"
    " title."
)
NOT_SHOWN_HERE = "That episode is not shown here: a moderator took it out, or it belongs to a private show."
WHY_NOT_SHOWN = "A moderator took that episode out of what is shown here, or it belongs to a private show."
QUOTE_FORM, QUOTE_WORDS = "Quote from this episode", "Words that were said"
ANY_LINE = "Any line"
TELL_ME = "Tell me in the thread"
TOLD_ALREADY = "You will be told in the thread already."
NO_THREAD = "That post has no thread to tell you in. The post itself says so when the transcript is in."
NOWHERE_TO_LISTEN = "Its publisher names no place to listen to it yet. The post is edited when one is named."
STILL_OPEN, IS_OVER = "It is still so.", "That is over."
NOT_A_WITHDRAWAL = "That is not about an episode that was withdrawn."


def quote_how(episode: Episode) -> str:
    return f"Give words that were said in {titled(episode)}; the line that fits comes with its moment."


def transcript_not_in(episode: Episode, *, thread: bool) -> str:
    said = (
        f"The transcript of {titled(episode)} is not in yet, so nothing can be quoted from it."
        " It is looked for every day, after a month every week, and the post is edited when it comes."
    )
    return f"{said} You can be told in the post's thread." if thread else said


def will_be_told(episode: Episode) -> str:
    return f"You are told in the thread when the transcript of {titled(episode)} is in."


def in_meanwhile(episode: Episode) -> str:
    return f"The transcript of {titled(episode)} is in already."


def listen_to(episode: Episode) -> str:
    return f"Where to listen to {titled(episode)}:"


def kept(episode: Episode) -> str:
    return f"{titled(episode)} stays, marked as withdrawn by its publisher."


def kept_row(title: str) -> str:
    """The decision in the history."""
    return f"keep {title}, withdrawn by its publisher"


def hidden(episode: Episode) -> str:
    return f"{titled(episode)} is not shown here any more; its posts say so from now on."


DECIDE_THERE = "That is of a private show: decide in one of the places where it may be seen, with /pullquote withhold."
HIDDEN_ALREADY = "That episode is hidden already."
KEPT_ALREADY = "That was decided already: it stays."
WITHDRAWN_REASON = "withdrawn by its publisher"

# --- the console's own words ------------------------------------------------------------------------------------

NEW_POST, EDITED_POST = "── a post", "── a post, edited"
