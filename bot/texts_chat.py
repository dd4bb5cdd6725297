"""Every sentence that people see about words in chat: how to ask, what members said there, files of quotes, linking."""

from __future__ import annotations

from datetime import datetime

from bot.texts import many, shorten

# --- asking in words --------------------------------------------------------------------------------------------------

HELP = "Help"
SHOWS = "Shows here"
HOW_TO_ASK = (
    "Ask me in your own words, for example: “who said move fast”, “chapter on team composition”, “what did Ann say "
    "about lighthouses?”, “chapters of the latest episode”, “12:15 in the latest”. Any other words are looked for in "
    "the transcripts."
)


def nobody_called(name: str) -> str:
    return f"No speaker here is called “{shorten(name, 60)}”; this is what others said."


def no_episode_called(words: str) -> str:
    return f"No episode is called “{shorten(words, 60)}”; this is where it is said."


# --- linking another workspace ----------------------------------------------------------------------------------------

NOT_LINKED = (
    "This server is not linked to a community of Pullquote yet. An admin there makes a code with /pullquote link; then "
    "somebody who manages this server types /pullquote link CODE here."
)
LINK_NOT_HERE = "A code links a server: type it there, not in a direct message."
LINK_NEEDED = "Type the code that an admin of the community gave you: /pullquote link CODE."
WRONG_LINK = (
    "That is not a code, or it is used up. An admin of the community makes one with /pullquote link; it is valid for a "
    "day and links one server. After five wrong tries wait for an hour."
)
ALREADY_LINKED = "This server is linked already. A code is typed where the bot was just added."
LINKED = "Linked: this server has the community's shows, quotes and settings from now on."


def link_code(code: str) -> str:
    return (
        f"In the other server, somebody who manages it types: /pullquote link {code}\n"
        "The code works once, for a day; a new one ends it. Give it only to people you trust: it opens this "
        "community's shows, quotes and settings to that server's people, and its managers become admins here."
    )


# --- files ------------------------------------------------------------------------------------------------------------


def no_file(name: str) -> str:
    return (
        f"{name}: a file is needed; attach it where files can be attached, or give its path on the bot's own console."
    )


def file_too_large(name: str, most: int) -> str:
    return f"{name}: at most {most // 2**20} MiB."


def no_such_file(path: str, why: str) -> str:
    return f"{shorten(path, 200)}: {why}."


# --- saving what a message says ---------------------------------------------------------------------------------------

NOT_A_LINE = "That is no line of any transcript here, so it is not saved."
CLOSEST_IS = "The closest line, which is no match:"

# --- words said in chat -----------------------------------------------------------------------------------------------

CHAT_TITLE = "Said in chat"
CHAT_FOOTER = "Said in chat by members here: not from a show."
CHAT_CHOOSE = "Open one"
CHAT_NONE = "Nothing that was said here is kept."
CHAT_OFF = (
    "Keeping what is said in chat is off here. An admin can turn it on: /pullquote settings name:chat_quotes value:on."
)
CHAT_NOT_IN_DIRECT = "What is said in chat is kept and shown only where it was said, never in direct messages."
CHAT_NO_BOTS = "What a bot wrote is not kept."
CHAT_NO_WORDS = "There are no words in that message to keep."
CHAT_NEVER = "Its author does not want their words to be kept, so they are not."
CHAT_OFFER = "You can keep it as what it is, said in chat; its author is told and can delete it."
CHAT_OFFER_OVER = "That was offered a while ago, or to somebody else: open the menu of the message again."
CHAT_KEPT = "Kept, as said in chat. /quotes chat lists it here."
CHAT_KEPT_ALREADY = "That message is kept already: /quotes chat."
CHAT_GONE = "That is not kept (any more)."
CHAT_DELETED = "Deleted for good."
CHAT_NOT_YOURS = "Only its author, whoever kept it and moderators can delete that."
CHAT_AGAIN = "What you write in chat may be kept again where that is on; you are told each time."
KEEP_CHAT = "Keep as said in chat"
DELETE_CHAT = "Delete it"
NEVER_KEEP = "Never keep my words"
THE_MESSAGE = "The message"
BAD_CHAT_QUOTES = "chat_quotes is on or off."


def said_by(name: str, at: datetime) -> str:
    return f"said in chat by {shorten(name, 60) or 'a member'}, {at:%Y-%m-%d}"


def chat_kept_and_told(author: str) -> str:
    return f"Kept, as said in chat. {shorten(author, 60) or 'Its author'} was told and can delete it."


def chat_told(keeper: str, author: str) -> str:
    return (
        f"{shorten(keeper, 60) or 'A member'} kept something that you wrote, as said in chat. It is shown only where "
        "you wrote it. You can delete it, now or later, or never have your words kept."
    )


def chat_told_here(keeper: str, author: str) -> str:
    name = shorten(author, 60) or "its author"
    return (
        f"{shorten(keeper, 60) or 'A member'} kept this as said in chat. {name} could not be told directly: {name}, "
        "you can delete it here, or never have your words kept."
    )


def never_again(gone: int) -> str:
    deleted = f" {gone:,} kept before {'is' if gone == 1 else 'are'} deleted for good." if gone else ""
    return f"What you write in chat is never kept.{deleted} /quotes never again:yes takes that back."


# --- files of quotes --------------------------------------------------------------------------------------------------

EXPORT_ALL_NOT_ALLOWED = "Everybody's quotes are for editors; your own: /quotes export."
EXPORT_NOT_PUBLIC = (
    "A file of your quotes is for you alone: use the command /quotes export, or ask in a direct message."
)
NOTHING_TO_EXPORT = "There is nothing to export: nothing is saved, or it may not be seen here."
ROW_WITHOUT_WORDS = "has no words"
ROW_WITHOUT_EPISODE = "names no episode (episode, guid or title)"
WORDS_OF_TWO = "runs over what two people say"


def file_of_quotes(count: int) -> str:
    return many(count, "saved quote")


def exported(count: int, left_out: int) -> str:
    rest = f" {left_out:,} left out: not shown here, gone from their transcripts, or too many." if left_out else ""
    return f"{many(count, 'saved quote')} in the file.{rest}"


def not_a_quotes_file(why: str) -> str:
    return f"{why}. It takes the JSON of /quotes export, or CSV with the columns text and episode."


def importing(done: int, total: int) -> str:
    return f"{done:,} of {total:,} rows looked at"


def imported(new: int, same: int, missed: int) -> str:
    parts = [f"{many(new, 'quote')} imported", f"{same:,} already there", f"{missed:,} not found"]
    return ", ".join(parts) + (": nothing was guessed." if missed else ".")


def row_of(n: int, text: str) -> str:
    return f"Row {n}: {shorten(text, 100)}" if text else f"Row {n}"


def more_missed(count: int) -> str:
    return f"and {count:,} more that were not found."


def words_not_there(title: str) -> str:
    return f"these words do not stand in “{shorten(title, 100)}”"


def words_there_twice(title: str) -> str:
    return f"these words stand in several places of “{shorten(title, 100)}”, and no time says which"


def episode_not_there(name: str, *, several: bool) -> str:
    return f"“{shorten(name, 100)}” {'may be several episodes' if several else 'is no episode'} here"
