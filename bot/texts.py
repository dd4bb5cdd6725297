"""Every sentence that people see in a reply, in one place. Words only: nothing is looked up or decided here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from bot.domain import Episode, SavedQuote, Show

# === The core: grammar, dispatch, buttons, console =====================================================

EXAMPLE_WORDS = "move fast"


def usage(signature: str, example: str) -> str:
    return f"How to ask: {signature}\nFor example: {example}"


def line_too_long(most: int) -> str:
    return f"That is too long: at most {most:,} characters."


def given_twice(name: str) -> str:
    return f"“{name}” is there twice."


def no_free_words(call: str, words: str) -> str:
    return f"{call} does not know what to do with “{words[:80]}”."


def unknown_command(name: str, close: Sequence[str]) -> str:
    if close:
        return f"There is no command “{name}”. Did you mean {one_of(close)}?"
    return f"There is no command “{name}”. To find words, put /quote before them; /help lists what there is."


def incomplete_name(word: str, calls: Sequence[str]) -> str:
    return f"“{word}” needs a second word: {one_of(calls)}."


def no_command(calls: Sequence[str]) -> str:
    return f"Start with a command: {one_of(calls)}."


def one_of(names: Sequence[str]) -> str:
    """``a``, ``a or b``, ``a, b or c``."""
    return " or ".join(filter(None, (", ".join(names[:-1]), names[-1])))


# --- values that do not fit


def no_such_option(call: str, name: str) -> str:
    return f"{call} has no option “{name}”."


def missing(name: str, help: str) -> str:
    return f"“{name}” is missing: {help}."


def too_short(name: str, least: int) -> str:
    return f"“{name}” needs at least {least} {'character' if least == 1 else 'characters'}."


def too_long(name: str, most: int) -> str:
    return f"“{name}” takes at most {most:,} characters."


def not_whole(name: str, value: str) -> str:
    return f"“{name}” takes a whole number, not “{value}”."


def not_number(name: str, value: str) -> str:
    return f"“{name}” takes a number, not “{value}”."


def out_of_range(name: str, least: int, most: int) -> str:
    return f"“{name}” takes a number from {least:,} to {most:,}."


def not_yes_or_no(name: str, value: str) -> str:
    return f"“{name}” takes yes or no, not “{value}”."


def not_a_choice(name: str, value: str, choices: Sequence[str]) -> str:
    return f"“{name}” takes {one_of(choices)}, not “{value}”."


# --- what dispatch answers itself


def not_allowed(call: str, needed: str, has: str) -> str:
    return f"{call} needs the role “{needed}”; here you are “{has}”. An admin can give it with /pullquote roles."


def failed(reference: str) -> str:
    return f"That failed on our side. Reference: {reference}"


DID_YOU_MEAN = "Did you mean"


def perhaps(candidates: Sequence[str]) -> str:
    return f"Did you mean {one_of(candidates)}?"


def button_too_old(call: str = "") -> str:
    if not call:
        return "This button is too old. Please ask again; /help lists the commands."
    return f"This button is too old. Ask again with {call}."


# --- console


def welcome(example: str) -> tuple[str, ...]:
    return (
        "Pullquote: find the line you half remember. This console answers as the bot does in chat.",
        f"Type {example} to begin; /help lists the commands.",
        "Tab completes, a number presses a choice of the last answer, exit or Ctrl-D leaves.",
    )


SAMPLE_NOTICE = (
    "This is a small sample show, invented for a first try. Your own: /pullquote show add URL, or, outside of here, "
    "pullquote import FOLDER --show NAME"
)
SAMPLE_EXAMPLE = "/quote you don't repair a kettle, you say sorry to it"


def no_surface_yet(variables: Sequence[str]) -> str:
    return f"{', '.join(variables)} is set, but this version does not connect to Slack yet: that token is not used."


CANCELLED = "Cancelled."


def no_choice(number: int, count: int) -> str:
    if not count:
        return "There is nothing to press: the last answer had no choices."
    return f"There is no choice {number}: the last answer had {'only 1' if count == 1 else f'1 to {count}'}."


def fill_in(line: str) -> str:
    return f"Answer with {line}"


FORM_REQUIRED = "This one is needed; Ctrl-C leaves the form."

# === Commands =====================================================================

# --- shared by several commands ---------------------------------------------------------------------------------

NO_SHOWS = "There is no episode here yet. Whoever runs Pullquote adds some: pullquote show add URL, or import PATH"
LINE_GONE = (
    "That line is no longer there: the transcript has changed or the line was taken out. Ask again with /quote and "
    "the words."
)
PRIVATE_NOT_HERE = "That comes from a private show which not everyone here may see, so it cannot be shared here."
SPEAKER_UNKNOWN = "speaker unknown"
MACHINE_MADE = "A machine wrote this transcript, so words may be wrong."
FIXED = "Corrected here by a moderator."
CONFIDENCE = {
    "exact": "Found, word for word:",
    "close": "Found, close to the words you gave:",
    "unsure": "Not sure this is the line you mean:",
}
MORE_CONTEXT, NEXT_MATCH, SHARE, SAVE, ANOTHER = "More context", "Next match", "Share", "Save", "Another"
MORE_BEFORE, MORE_AFTER = "More before", "More after"
NEXT_PAGE, PREVIOUS_PAGE, UNDO = "Next page", "Previous page", "Undo"
OTHER_EPISODES, ALL_CHAPTERS = "Other episodes", "All chapters"


def shorten(text: str, most: int = 500) -> str:
    """At most ``most`` characters, cut at a word and marked with "…"."""
    if len(text) <= most:
        return text
    head = text[: most - 1]
    return (head.rpartition(" ")[0] or head).rstrip(" ,;:–-") + "…"


def many(count: int, one: str, more: str | None = None) -> str:
    return f"{count:,} {one if count == 1 else more or one + 's'}"


def page_of(page: int, pages: int) -> str:
    return f"Page {page} of {pages}."


def day(at: datetime) -> str:
    return f"{at:%Y-%m-%d}"


def minute(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def _listed(names: Sequence[str]) -> str:
    return "; ".join(shorten(name, 80) for name in names)


# --- which show, episode, speaker -------------------------------------------------------------------------------

NO_EPISODE_AT_LINK = "No episode here has that address. Try a part of its title, or /episode to see what there is."


def no_such_show(words: str, shows: Sequence[Show]) -> str:
    if not shows:
        return NO_SHOWS
    return f"No show here is called “{shorten(words, 80)}”. There is: {_listed([one.slug for one in shows])}."


def several_shows(words: str, shows: Sequence[Show]) -> str:
    return f"“{shorten(words, 80)}” fits several shows: {_listed([one.slug for one in shows])}. Say which."


def no_such_speaker(words: str, names: Sequence[str]) -> str:
    if not names:
        return f"Nobody called “{shorten(words, 80)}” speaks here; no speaker is known by name yet."
    return f"Nobody called “{shorten(words, 80)}” speaks here. Try one of: {_listed(names)}."


def several_speakers(words: str, names: Sequence[str]) -> str:
    return f"“{shorten(words, 80)}” fits several speakers: {_listed(names)}. Say which."


def no_such_episode(words: str, newest: Sequence[str]) -> str:
    if not newest:
        return NO_SHOWS
    named = _listed([shorten(one, 60) for one in newest])
    return f"No episode fits “{shorten(words, 80)}”. The newest: {named}. Try a part of the title, or /episode."


def several_episodes(words: str, some: Sequence[str], count: int) -> str:
    more = f" and {count - len(some)} more" if count > len(some) else ""
    named = _listed([shorten(one, 60) for one in some])
    return f"“{shorten(words, 80)}” fits {count} episodes: {named}{more}. Say more of the title, or its number."


def titled(episode: Episode) -> str:
    return f"“{shorten(episode.title, 100)}”"


def _named(episode: Episode) -> str:
    return f"{shorten(episode.title, 50)} ({episode.show_slug}/{shorten(episode.key, 60)})"


def no_episodes(show: Show | None) -> str:
    return f"{show.title} has no episode yet." if show else NO_SHOWS


# --- quote ------------------------------------------------------------------------------------------------------

RANDOM_LINE = "A line picked at random:"
NO_RANDOM_LINE = "There is no line to pick from here. Try without a filter, or /shows to see what there is."
NOTHING_AT_ALL = "Nothing that was said here fits those words. Try fewer words, or the ones you are surest of."
CLOSEST = "Nothing that was said here fits those words. The closest line, which is no match:"
NO_MORE_MATCHES = "That was the last line that fits. Ask /quote with other words for more."
NEXT_BEST = {
    "exact": "Another line that fits word for word:",
    "close": "Another line that is close:",
    "unsure": "Another line, less sure:",
}
ALSO = "Also"
CONTEXT = "The line, with what was said around it:"


def also_at(title: str, moment: str | None) -> str:
    return f"“{shorten(title, 100)}” at {moment}" if moment else f"“{shorten(title, 100)}”"


def also_more(count: int) -> str:
    return f"and {many(count, 'other place')}"


def line_at(asked: str, episode: Episode) -> str:
    return f"The line at {asked} of {titled(episode)}:"


def nothing_at(asked: str, episode: Episode) -> str:
    return f"No line stands at {asked} of {titled(episode)}. Try another time, or /quote with words."


def no_transcript(episode: Episode) -> str:
    return f"There is no transcript of {titled(episode)} here, so nothing can be quoted from it."


def shared_by(name: str) -> str:
    return f"Shared by {shorten(name, 60)}" if name else "Shared by a member"


# --- chapters and chapter ---------------------------------------------------------------------------------------

CHOOSE_CHAPTER, NEXT_CHAPTER, PREVIOUS_CHAPTER = "Open a chapter", "Next chapter", "Previous chapter"
OTHER_CHAPTERS = "Other chapters that fit"
WHO_SPEAKS = "Who speaks"


def chapters_title(episode: Episode) -> str:
    return f"Chapters of {episode.title}"


def chapter_row(n: int, title: str) -> str:
    return f"{n}. {title}"


def chapter_title(n: int, title: str, moment: str) -> str:
    return f"Chapter {n}: {title} ({moment})"


def of_episode(episode: Episode) -> str:
    return f"{episode.title} · {episode.show_title}"


#: Where chapters came from, by ``bot.rules.chapter_sources``.
_CHAPTERS_FROM = {
    "json": "Chapters from the publisher's chapters file",
    "psc": "Chapters from the publisher's feed",
    "audio": "Chapters from the audio file",
    "page": "Chapters from the list on the episode's page",
    "notes": "Chapters from the times in the show notes",
}


def chapters_from(source: str) -> str:
    return _CHAPTERS_FROM.get(source, _CHAPTERS_FROM["notes"])


def no_chapters(episode: Episode) -> str:
    return f"{titled(episode)} has no chapters here. Try /quote with words from it."


def no_such_chapter(n: int, count: int) -> str:
    return f"There is no chapter {n}; this episode has {count}. /chapters lists them."


def no_chapter_at(asked: str, episode: Episode) -> str:
    return f"No chapter of {titled(episode)} runs at {asked}. /chapters lists them."


def no_chapter_about(words: str, episode: Episode) -> str:
    return f"No chapter of {titled(episode)} is about “{shorten(words, 80)}”. These are there:"


def said_in_chapter(words: str, key_lines: bool) -> str:
    head = f"No chapter title says “{shorten(words, 80)}”. It is said in this chapter"
    return f"{head}, in the first of these lines; its key lines follow:" if key_lines else f"{head}:"


KEY_LINES = "Key lines:"
NO_KEY_LINES = "No lines stand out in this chapter."


def share_of(shares: Sequence[tuple[str, float]]) -> str:
    return ", ".join(f"{name} {_percent(share)}" for name, share in shares)


def _percent(share: float) -> str:
    return f"{share:.0%}" if share >= 0.01 else "<1%"


# --- episode and episodes ---------------------------------------------------------------------------------------

CHAPTERS, A_LINE, CHOOSE_EPISODE = "Chapters", "A line from it", "Open an episode"
PUBLISHED, LENGTH, PEOPLE, TRANSCRIPT = "Published", "Length", "People", "Transcript"
NO_TRANSCRIPT = "none here yet"
EDITIONS = {
    "page": "Page",
    "audio": "Audio",
    "youtube": "YouTube",
    "spotify": "Spotify",
    "video": "Video",
    "overcast": "Overcast",
    "pocketcasts": "Pocket Casts",
    "apple": "Apple Podcasts",
    "other": "Elsewhere",
}
KIND, KINDS = "Kind", {"trailer": "Trailer", "bonus": "Bonus"}
EXPLICIT, EXPLICIT_YES = "Explicit", "marked so by its publisher"
WITHDRAWN, WITHDRAWN_MARK = "Withdrawn", " · withdrawn"
TRANSLATIONS = "Translations"


def withdrawn_on(at: datetime) -> str:
    return f"gone from the feed since {day(at)}; what is stored here stays"


def edition_named(kind: str, premiere: bool) -> str:
    return f"{EDITIONS[kind]} (premiere, not out yet)" if premiere else EDITIONS[kind]


def episode_row(episode: Episode, *, named: bool) -> str:
    """An episode in a list; ``named``: with its show, where the list is of several."""
    show = f" · {shorten(episode.show_title, 80)}" if named else ""
    return f"{shorten(episode.title, 150)}{show}{WITHDRAWN_MARK if episode.withdrawn else ''}"


def translations_into(languages: Sequence[str]) -> str:
    told = dict.fromkeys(_LANGUAGES.get(one.partition("-")[0].lower(), one) for one in languages)
    return f"{', '.join(told)} (never quoted: quotes are in the words that were spoken)"


_LANGUAGES = {
    "ar": "Arabic", "cs": "Czech", "da": "Danish", "de": "German", "en": "English", "es": "Spanish", "fi": "Finnish",
    "fr": "French", "hi": "Hindi", "it": "Italian", "ja": "Japanese", "ko": "Korean", "nb": "Norwegian",
    "nl": "Dutch", "no": "Norwegian", "pl": "Polish", "pt": "Portuguese", "ru": "Russian", "sv": "Swedish",
    "tr": "Turkish", "uk": "Ukrainian", "zh": "Chinese",
}  # fmt: skip


def transcript_of(lines: int, *, machine: bool = False) -> str:
    return f"{many(lines, 'line')}, written by a machine" if machine else many(lines, "line")


def episodes_title(show: Show | None) -> str:
    return f"Episodes of {show.title}" if show else "Episodes"


def no_such_page(page: int, pages: int) -> str:
    return f"There is no page {page}; the last is {pages}."


# --- quotes -----------------------------------------------------------------------------------------------------

SAVED_QUOTES, NONE_SAVED = "Saved quotes", "Nothing is saved here yet. Find a line with /quote and press Save."
CHOOSE_QUOTE, EDIT_NOTE, DELETE, NOTE = "Open a saved quote", "Edit note", "Delete", "Note"
SAVED_LOST = "A saved line that is no longer shown or found."
DELETED = "Deleted. A moderator can bring it back with /pullquote undo."
NOTE_CHANGED, NOTE_SAME = "The note is changed.", "The note is that already."
NOT_YOURS = "Only who saved a quote, or an editor, may change it."
NO_SAVED = "There is no saved quote with that id. /quotes list shows them."


def saved(id: str) -> str:
    return f"Saved as {id}. /quotes list shows what is saved."


def saved_already(id: str) -> str:
    return f"You have saved that line already, as {id}."


SAVED_UNTIMED = "Saved"


def saved_line(said: str, whose: Sequence[str], note: str, kept: str) -> str:
    """A saved line as a row: the words, who said them where, and what ``saved_as`` says of it."""
    noted = f"note: {shorten(note, 150)}" if note else ""
    return f"“{said}” — {' · '.join(filter(None, (*whose, noted, kept)))}"


def saved_as(quote: SavedQuote, yours: bool) -> str:
    return f"yours, {quote.id}" if yours else quote.id


# --- shows, help, about, privacy --------------------------------------------------------------------------------

SHOWS_TITLE, CHOOSE_SHOW = "Shows here", "Episodes of a show"
HELP, ABOUT_LABEL, PRIVACY_LABEL = "Help", "About", "Privacy"
HELP_TITLE = "What you can ask"
HELP_TEXT = "Give the words you half remember; Pullquote finds the line, who said it and when."
HELP_MODERATORS = "For moderators"
HELP_FOOTER = (
    'Narrow it down like this: /quote move fast show:"Some Show". More about one command: write “help quote” to me.'
)
ABOUT_TITLE, PRIVACY_TITLE = "About Pullquote", "Privacy"
ABOUT = (
    "Pullquote finds lines in podcast transcripts and shows them word for word, with the speaker, the episode, the "
    "time and a link to the moment. When nothing fits it says so. “≈” marks a time that was worked out from the "
    "neighbouring marks. Something wrong, or should not be quoted? Tell a moderator here: they can correct a line or "
    "take it out."
)
PRIVACY = (
    "Kept with your user id: lines that you save with /quotes, and your notes on them; which episode you looked at "
    "last in a place; where your links lead, if you chose that; what you report as wrong, with your name and note, for "
    "the moderators; that you want to hear of a transcript; what you change as a moderator.\n\n"
    "Not kept: the words you ask for, except where a button needs them. Of what is said in a channel I read only what "
    "mentions or answers me, and the message whose menu somebody opens for me.\n\n"
    "Where an admin turned it on, others may keep what you write in chat: you are told each time and can delete it "
    "there, or stop it for good with /quotes never.\n\n"
    "To have something removed: press “Forget my choices”, use /quotes delete, or ask a moderator."
)


def show_row(episodes: int, names: Sequence[str]) -> str:
    spoken = f" · who speaks: {', '.join(shorten(name, 40) for name in names)}" if names else ""
    return many(episodes, "episode") + spoken


def help_for(call: str) -> str:
    return f"How to use {call}"


def no_such_command(words: str) -> str:
    return f"There is no command “{shorten(words, 60)}”. /help lists them."


def takes(required: bool, choices: Sequence[str], help: str) -> str:
    parts = [help, f"one of {', '.join(choices)}" if choices else "", "" if required else "optional"]
    return "; ".join(part for part in parts if part)


# --- moderators: which line -------------------------------------------------------------------------------------

WHICH_LINE = "Say which line: its words, its time (27:47), or a link to it."
YES, CANCEL_HINT = "Yes, do it", "Nothing is changed yet. Press the button, or say it again with yes:true."


def not_sure_enough(episode: Episode, moment: str | None) -> str:
    where = f"{titled(episode)} at {moment}" if moment else titled(episode)
    return (
        f"Nothing fits those words well enough to change it; the closest is in {where}. Give more of the words, or "
        "the time."
    )


def lines_meant(count: int, episode: Episode, start: str | None, end: str | None) -> str:
    span = "" if start is None else f" at {start}" if count == 1 or end is None else f" from {start} to {end}"
    return f"{many(count, 'line')}{span} of {titled(episode)}"


def take_back(id: str) -> str:
    return f"To take it back: /pullquote undo {id}"


# --- withhold ---------------------------------------------------------------------------------------------------

WITHHOLD_WHAT = (
    "Say what to withhold: the words of a line, start: and end: times with an episode, episode: alone, or person:."
)
WITHHOLD_ONE = "Say one thing to withhold: either words, or times, or an episode, or a person."
NEEDS_BOTH_TIMES = "Give both start: and end:, such as start:12:15 end:13:40."
BAD_TIME = "Write a time as 27:47 or 1:02:03."


def past_the_end(time: str, episode: Episode) -> str:
    return f"{time} is past the end of “{episode.title}”. Give a time inside it, such as 27:47."


END_FIRST = "end: comes before start:."
SAME_LEVEL = "That is withheld at this level already."
LEVELS = {
    "not_featured": "will be found when asked for, but never picked by itself",
    "hidden": "will be shown to nobody; a moderator can bring it back",
    "erased": "will be shown to nobody, and its words repeated nowhere",
}
DONE_LEVELS = {
    "not_featured": "is found when asked for, but never picked by itself now",
    "hidden": "is hidden now",
    "erased": "is erased now; its words are repeated nowhere",
}


def withhold_ask(what: str, level: str) -> str:
    return f"Withhold {what}? It {LEVELS[level]}."


def withheld(what: str, level: str) -> str:
    return f"Done: {what} {DONE_LEVELS[level]}."


def also_elsewhere(places: str) -> str:
    return f"The same words also stand elsewhere and are not withheld there: {places}."


def whole_episode(episode: Episode) -> str:
    return f"the whole episode {titled(episode)}"


def everything_by(person: str, show: Show) -> str:
    return f"everything that {person} says in {show.title}"


def no_lines_between(start: str, end: str, episode: Episode) -> str:
    return f"No line of {titled(episode)} starts between {start} and {end}."


def speaks_in_several(person: str, slugs: Sequence[str]) -> str:
    return f"{person} speaks in several shows: {_listed(slugs)}. Say which with show:."


# --- fix --------------------------------------------------------------------------------------------------------

FIX_FORM, FIX_TEXT, FIX_SPEAKER, FIX_TIME = "Correct a line", "Text", "Speaker", "Time"
FIX_WHAT = "Say what is right: text:, speaker: or time:."
FIX_SAME = "It says that already; nothing is changed."
FIX_ASK = "Correct this line?"
FIX_LABELS = {"text": FIX_TEXT, "speaker": FIX_SPEAKER, "time": FIX_TIME}
NO_TIME = "no time"


def old_and_new(old: str, new: str) -> str:
    return f"{shorten(old)} → {shorten(new)}"


def fixed(what: str) -> str:
    return f"Corrected: {what}."


# --- speakers ---------------------------------------------------------------------------------------------------

ALIAS_SAME = "That name is set already."
NO_ALIAS = "There is no name to take back."
NOT_AN_ALIAS = "That change is not a speaker's name. /pullquote history shows the ids."


VOICES_TITLE = "Who is this?"
NO_VOICES = "Every speaker here has a name, or the transcript labels nobody."


def voices_how(label: str, episode: str) -> str:
    return f'Name one: /pullquote speakers name label:"{label}" name:"Ann Lee" episode:{episode}'


def voice(label: str, title: str) -> str:
    return f"“{shorten(label, 60)}” in {shorten(title, 100)}"


def voice_line(said: str, moment: str | None) -> str:
    return f"“{shorten(said, 160)}” ({moment})" if moment else f"“{shorten(said, 160)}”"


def named(label: str, name: str, where: str, turns: int) -> str:
    found = f"{many(turns, 'turn')} there now" if turns else "no turn there carries that label yet"
    return f"“{label}” is {name} in {where}: {found}."


def in_show(show: Show) -> str:
    return f"all of {show.title}"


SHOW_NEEDED = "Say which show with show:, there are several here."


# --- roles ------------------------------------------------------------------------------------------------------

ROLES_TITLE, NO_GRANTS = "Roles given here", "No role is given here beside what the platform says."
ROLES_HOW = "Give one: /pullquote roles subject:discord:123 role:editor. Take it away: role:none."
ROLE_NEEDED, SUBJECT_NEEDED = "Say which role: editor, admin or none.", "Say to whom: subject:discord:123."
BAD_SUBJECT = "Write who as a mention, or as platform:id, such as discord:123 or slack:U123."
GRANT_SAME = "That role is given already."
NO_SUCH_GRANT = "No role is given to them here."
DISCORD_GRANT = (
    "Discord shows /pullquote only to those a server admin allows: Server Settings → Integrations → Pullquote. Until "
    "then the same words work in a mention of the bot."
)


def granted(subject: str, role: str) -> str:
    return f"{subject} is {role} here now."


def revoked(subject: str) -> str:
    return f"{subject} has no role here beside what the platform says."


# --- settings ---------------------------------------------------------------------------------------------------

BAD_ANSWERS = "answers is private (only who asked sees the answer) or public."
BAD_TIMEZONE = "Write a time zone as Europe/Berlin or America/New_York."
BAD_LANGUAGE = "Write a language as en, de or pt-BR."
SETTINGS_TITLE, NO_SETTINGS = "Settings", "Nothing is set; the defaults hold."
SETTINGS_HOW = "Set one: /pullquote settings name:answers value:public. For all places: where:everywhere; clear:yes."
SETTING_NAME_NEEDED = "Say which setting: show, answers, timezone, language, moderators, quiet or chat_quotes."
SETTING_SAME, NOT_SET = "It is set to that already.", "That is not set, so there is nothing to clear."
HERE, EVERYWHERE, ELSEWHERE = "here", "everywhere", "in another place"


def setting_row(name: str, value: str) -> str:
    return f"{name} = {value}"


def setting_done(name: str, value: str, where: str) -> str:
    return f"{name} is {value} {where} now."


def setting_cleared(name: str, where: str) -> str:
    return f"{name} is not set {where} any more."


# --- history and undo -------------------------------------------------------------------------------------------

HISTORY_TITLE, NO_HISTORY = "Changes, newest first", "Nothing was changed here yet."
HISTORY_HOW = "Take one back: /pullquote undo ID"
NOTHING_TO_UNDO = "There is no change to take back."
NO_SUCH_CHANGE = "There is no change with that id. /pullquote history shows them."
UNDONE_MARK = " (taken back)"
LINE_NOT_VISIBLE = "a line of an episode that is not shown here"
EPISODE_NOT_VISIBLE = "an episode that is not shown here"
SHOW_NOT_VISIBLE = "a show that is not shown here"
KINDS = {
    "alias": "speaker name",
    "fix": "correction",
    "withhold": "withhold",
    "nickname": "nickname",
    "saved_quote": "saved quote",
    "setting": "setting",
    "grant": "role",
    "subscription": "subscription",
    "report": "report",
    "joining": "joined episodes",
    "ruling": "decision about an alert",
}


def changed(kind: str, verb: str, what: str, back: bool) -> str:
    head = f"took back: {KINDS[kind]}" if back else f"{verb} {KINDS[kind]}"
    return f"{head}: {what}" if what else head


def change_verb(before: bool, after: bool) -> str:
    return "changed" if before and after else "added" if after else "removed"


def history_row(id: str, by: str, what: str, undone: bool) -> str:
    return f"{by} {what} · {id}{UNDONE_MARK if undone else ''}"


def undone(kind: str, what: str, by: str) -> str:
    return f"Taken back: the {KINDS[kind]} by {by}, {what}."


def undo_needs(what: str, role: str) -> str:
    return f"Taking back “{what}” needs the role “{role}”. Name another change: /pullquote undo ID."


def line_of(episode: str, moment: str | None) -> str:
    return f"a line at {moment} of “{episode}”" if moment else f"a line of “{episode}”"


def level_of(what: str, level: str, reason: str) -> str:
    head = f"{what} ({level.replace('_', ' ')})"
    return f"{head}, because: {shorten(reason, 100)}" if reason else head


def of_field(field: str, what: str) -> str:
    return f"the {field} of {what}"


def alias_of(label: str, name: str, where: str) -> str:
    return f"“{shorten(label, 60)}” is {shorten(name, 60)} in {where}"


# --- status -----------------------------------------------------------------------------------------------------

STATUS_TITLE = "Status"
STATUS_SHOWS, STATUS_EPISODES, STATUS_LINES, STATUS_INDEX, STATUS_LOST = (
    "Shows", "Episodes", "Lines", "Search index", "Corrections",
)  # fmt: skip
INDEX_FRESH = "up to date"
NONE_LOST = "all are in place"


def with_transcripts(episodes: int, transcripts: int) -> str:
    return f"{episodes:,}, {transcripts:,} with a transcript"


def lines_and_words(lines: int, words: int) -> str:
    return f"{lines:,}, {words:,} words"


def index_behind(changes: int) -> str:
    return f"{many(changes, 'change')} behind; whoever runs Pullquote can say: pullquote index rebuild"


def lost(count: int) -> str:
    return f"{count:,} no longer find their words, because a transcript changed; /pullquote history names them"


# === Fetching and polling ==============================================================================


def fetch_bad_address() -> str:
    return "That is no address that can be fetched: it must begin with http:// or https:// and name a host."


def fetch_refused(host: str) -> str:
    return (
        f"{host} is not a public address, so it is not fetched; "
        "who runs this bot can open it with PULLQUOTE_ALLOW_HOSTS=host:port."
    )


def fetch_refused_scheme() -> str:
    return "The server leads on to something that is neither http nor https; that is never followed."


def fetch_too_many_redirects(most: int) -> str:
    return f"The server leads on and on: stopped after {most} redirects."


def fetch_redirect_nowhere(code: int) -> str:
    return f"The server answered {code} (moved) but does not say where to."


def fetch_too_large(limit: int) -> str:
    return f"The answer is larger than {limit / 2**20:,.3g} MiB, so reading was stopped."


def fetch_timeout(seconds: float) -> str:
    return f"The server took longer than {seconds:,.3g} s, so it was given up; the next look is later."


def fetch_unknown_host(host: str) -> str:
    return f"There is no host {host}, or the name server does not answer."


def fetch_unreachable(host: str) -> str:
    return f"{host} does not take connections."


def fetch_bad_certificate(host: str) -> str:
    return f"The certificate of {host} is not valid, so nothing was read."


def fetch_broken(host: str) -> str:
    return f"{host} broke off, or its answer is no proper HTTP."


def fetch_bad_body(fault: str) -> str:
    return f"The answer {fault}; nothing of it was used."


def fetch_coding(coding: str) -> str:
    return f"The answer is packed as {coding}, which was not asked for."


def fetch_wrong_range() -> str:
    return "The server sent another part of the file than was asked for."


def fetch_no_ranges() -> str:
    return "The server sends only whole files, and the part that is wanted lies too far in."


def fetch_failed_here() -> str:
    return "Fetching failed on our side; the log says more."


_CODES = {
    401: "wants a name and password (401): check the address, or get a new one from the publisher",
    403: "refuses us (403): check the address, or ask the publisher to let this bot in",
    404: "has nothing at this address (404): check the address, or give the new one",
    410: "says that this is gone for good (410): give the new address, or remove it",
    416: "has no such part of the file (416)",
    429: "asks us to come less often (429)",
    503: "is not available just now (503)",
}


def fetch_code(code: int) -> str:
    if code in _CODES:
        return f"The server {_CODES[code]}."
    if 500 <= code <= 599:
        return f"The server has trouble of its own ({code})."
    return f"The server answered {code}, which is no answer to use."


POLL_UNCHANGED, POLL_CHANGED, POLL_SAME = "Nothing changed.", "Something changed.", "It says the same as before."
POLL_OVERTAKEN = "The feed was set or stopped while it was looked at: this look does not count."
POLL_CROWDED = "Another process works on this show: it is looked at again."
POLL_EMPTY = "The answer was empty; what was stored stays."
POLL_UNASKED = "The server says that nothing changed, but nothing was ever read from it."

_NO_FEED = {
    "html": "a web page",
    "json": "JSON (an error message, as a rule)",
    "media": "a picture or a recording",
    "text": "something else",
}


def poll_no_feed(looks: str) -> str:
    return f"The address answers with {_NO_FEED[looks]}, not with a feed; what was stored stays."


def poll_stopped(why: str) -> str:
    return f"Polling stopped. {why}"


def poll_moving(target: str, polls: int, needed: int) -> str:
    return f"The feed moved for good to {target} (seen {polls} of {needed} times; then the new address is stored)."


def poll_moved(target: str) -> str:
    return f"The feed moved for good: its address is now {target}."


def poll_not_moved_feed(target: str) -> str:
    return f"The address leads for good to {target}, which is no feed; the stored address stays."


def poll_not_moved_secret(target: str) -> str:
    return f"The feed leads for good to {target}, an address with a key in it; it is followed, and not stored."


def poll_not_moved_plain(target: str) -> str:
    return f"The feed leads for good to {target}, without https; it is followed, and not stored."


# === Feeds: what moderators are told of a poll (bot/rules/item_notices.py) ===========================================


def feed_moved(count: int) -> str:
    return f"{many(count, 'episode')} came under new guids: all were known again, none is news. Has the show moved?"


def feed_held(count: int, lines: Sequence[str]) -> str:
    rest = f" · and {count - len(lines):,} more" if count > len(lines) else ""
    return f"{many(count, 'feed item')} held back, because it cannot be told what they are: " + " · ".join(lines) + rest


def feed_unsure(count: int, pairs: Sequence[tuple[str, str]]) -> str:
    named = ", ".join(f"{new} ({old})" for new, old in pairs) + (", …" if count > len(pairs) else "")
    return f"{many(count, 'new episode')} may be known already; join what belongs together (episode join): {named}"


def feed_twice(count: int) -> str:
    return f"The feed lists {many(count, 'episode')} twice; each is kept once."


def feed_shared_guids(count: int) -> str:
    return f"{many(count, 'feed item')} share guids with others; they are told apart by address, title and date."


def feed_emptied(count: int) -> str:
    return f"The feed is empty; it had {many(count, 'episode')}. They stay, and nothing is withdrawn."


def feed_shrank(count: int) -> str:
    return f"{many(count, 'episode')} went from the feed at once. They stay, and nothing is withdrawn."


def feed_withdrawn(keys: Sequence[str], count: int) -> str:
    named = ", ".join(keys) + (", …" if count > len(keys) else "")
    return f"{many(count, 'episode')} withdrawn by the publisher, kept here and marked: {named}"


def feed_back(keys: Sequence[str], count: int) -> str:
    named = ", ".join(keys) + (", …" if count > len(keys) else "")
    return f"{many(count, 'withdrawn episode')} back in the feed: {named}"


# --- work in other processes

WORK_TOO_LARGE = "Reading it took more memory than is allowed, so it was stopped."
WORK_ENDED = "Reading it was stopped, because the program ends."


def work_too_long(seconds: float) -> str:
    return f"Reading it took longer than {seconds:,.3g} s, so it was stopped."


def work_crashed(how: str) -> str:
    return f"Reading it failed badly{f' ({how})' if how else ''}; nothing of it was used."


# === Which files are one episode: join and split ======================================================

JOINS_SHOWS = "Two episodes can be joined only within one show."
SHOW_EPISODE = "Show the episode"


def joins_itself(episode: Episode) -> str:
    return f"Both are the same episode: “{shorten(episode.title, 150)}” ({episode.show_slug}/{episode.key})."


def joined(other: Episode, kept: Episode) -> str:
    return (
        f"“{shorten(other.title, 150)}” ({other.key}) is now a part of “{shorten(kept.title, 150)}” "
        f"({kept.show_slug}/{kept.key}), which took what it lacked. Both are kept as they were, so it can be undone."
    )


def split_apart(episode: Episode, made: Episode | None) -> str:
    new = f" as {made.show_slug}/{made.key}" if made else ""
    return (
        f"The transcript of “{shorten(episode.title, 150)}” ({episode.show_slug}/{episode.key}) "
        f"stands by itself now{new}; what the feed says of the episode stayed. "
        "To give it to another episode: /pullquote join."
    )
