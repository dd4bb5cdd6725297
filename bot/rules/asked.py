"""What people ask in their own words: a table of phrasings to a command's name and arguments. Pure.

Only what is surely a phrasing becomes a command; anything else is a quote's words, as they were typed. Who is a
speaker here, only the caller knows: a name is handed out beside the words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from bot.rules import asked_phrases as phrases
from bot.rules.asked_parts import (
    NOBODY,
    STAMP,
    Reference,
    bare_words,
    episode_called,
    number_of,
    polite,
    referred,
    split_reference,
    unquoted,
)

#: A longer text is no phrasing: somebody pasted what was said.
LONGEST = 300

#: sure: the phrasing makes it a name · perhaps: only where somebody is called exactly so
Speaking = Literal["sure", "perhaps"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A command with its arguments. ``speaker`` is a name in it, to be looked up: ``perhaps`` somebody's, and where
    nobody is called exactly so, the whole text is a quote's words. ``line``: the whole text may as well be what
    was said, which goes first. ``else_words``: a quote's words for when there is no such episode."""

    command: str
    args: Mapping[str, str] = field(default_factory=dict)
    speaker: str = ""
    speaking: Speaking = "sure"
    line: bool = False
    else_words: str = ""


_ABOUT = re.compile(r"(?:about|on|regarding|called|titled|named|with|featuring|from|of)\s+", re.IGNORECASE)
_Match = re.Match[str]
_Reader = Callable[[_Match], Asked | None]


def meant(text: str) -> Asked | None:
    """What a text surely asks for; None when it is a quote's words."""
    if len(text) > LONGEST or unquoted(text) != text.strip():
        return None  # in quotes stands what was said
    said = polite(text)
    if not said.words:
        return Asked("help") if text.strip() else None
    for pattern, read in _table():
        match = pattern.fullmatch(said.words)
        found = read(match) if match else None
        if found is not None:
            return found
    return _quote(said.words) if said.search else None


# --- what a phrasing becomes ------------------------------------------------------------------------------------


def _quote(words: str, speaker: str = "", speaking: Speaking = "sure") -> Asked | None:
    """Words or a topic, perhaps in an episode that is named, perhaps a speaker's."""
    rest, where = split_reference(words)
    rest = unquoted(bare_words(rest))
    if not rest and not where and not speaker:
        return None
    args = ({"words": rest} if rest else {}) | where.args()
    return Asked("quote", args, speaker, speaking, line=bool(rest) and not re.fullmatch(STAMP, rest))


def _of_nobody(match: _Match) -> Asked | None:
    topic = match["topic"]
    return None if _is_nothing(topic) else _quote(topic)


def _is_nothing(topic: str) -> bool:
    """Whether only what was talked about before tells what is meant ("who said that?")."""
    return set(topic.lower().strip(" ?!.").split()) <= NOBODY


def _of_somebody(speaking: Speaking) -> _Reader:
    def read(match: _Match) -> Asked | None:
        name = re.sub(r"'s?$", "", match["name"].strip())
        topic = match.groupdict().get("topic") or ""
        words = set(name.lower().split())
        if words <= NOBODY:
            return _quote(topic) if speaking == "sure" and not _is_nothing(topic) else None
        return None if words & phrases.NO_NAME else _quote(topic, name, speaking)

    return read


def _from(match: _Match) -> Asked | None:
    """``a quote from …``: an episode, else somebody."""
    where = referred(match["name"], loosely=True)
    return Asked("quote", where.args()) if where else _of_somebody("perhaps")(match)


def _chapter(match: _Match) -> Asked | None:
    """By number, time or topic, perhaps of an episode that is named."""
    groups = match.groupdict()
    if groups.get("n"):
        return Asked("chapter", {"chapter": number_of(groups["n"])} | episode_called(groups["episode"] or "").args())
    rest, where = split_reference(groups["topic"])
    if episode := groups.get("episode"):
        named = referred(episode, loosely=True)
        if named is None:  # "the hardest chapter of my life"
            return None
        where = named
    rest = unquoted(bare_words(rest))
    return Asked("chapter", {"chapter": rest} | where.args()) if rest else None


def _chapters(match: _Match) -> Asked:
    return Asked("chapters", episode_called(match.groupdict().get("episode") or "").args())


def _at(match: _Match) -> Asked:
    stamp = match["stamp"] or f"{match['minute']}:00"
    return Asked("quote", {"words": stamp} | episode_called(match["episode"] or "").args())


def _episode(match: _Match) -> Asked | None:
    where = referred(match["episode"])
    return Asked("episode", where.args()) if where else None


def _episode_named(match: _Match) -> Asked:
    """By what it is called or about; where none is called so, the words may still be said in one."""
    topic = _ABOUT.sub("", match["episode"].strip())
    return Asked("episode", episode_called(match["episode"]).args(), else_words=unquoted(bare_words(topic)))


def _latest(match: _Match) -> Asked:
    return Asked("episode", Reference("latest", bare_words(match.groupdict().get("show") or "")).args())


def _episodes(match: _Match) -> Asked:
    show = bare_words(match.groupdict().get("show") or "")
    return Asked("episodes", {"show": show} if show else {})


def _save(match: _Match) -> Asked | None:
    words = unquoted(bare_words(match["topic"]))
    return Asked("quotes save", {"words": words}) if words else None


def _plain(command: str, args: Mapping[str, str] | None = None) -> _Reader:
    return lambda match: Asked(command, args or {})


# --- the table ----------------------------------------------------------------------------------------------------

_ROWS: tuple[tuple[tuple[str, ...], _Reader], ...] = (
    (phrases.HELP, _plain("help")),
    (phrases.ABOUT, _plain("about")),
    (phrases.PRIVACY, _plain("privacy")),
    (phrases.SHOWS, _plain("shows")),
    (phrases.SAVED, _plain("quotes list")),
    (phrases.SAVE, _save),
    (phrases.EPISODES, _episodes),
    (phrases.LATEST, _latest),
    (phrases.CHAPTERS, _chapters),
    (phrases.CHAPTER, _chapter),
    (phrases.MOMENT, _at),
    (phrases.ABOUT_EPISODE, _episode),
    (phrases.NAMED_EPISODE, _episode_named),
    (phrases.ANY_LINE, _plain("quote")),
    (phrases.ANY_OF, _from),
    (phrases.WHO_SAID, _of_nobody),
    (phrases.SPEAKER, _of_somebody("sure")),
    (phrases.BITS, _of_nobody),
    (phrases.SOMEBODY, _of_somebody("perhaps")),
)


@cache
def _table() -> tuple[tuple[re.Pattern[str], _Reader], ...]:
    """Made at the first question."""
    return tuple((re.compile(pattern, re.IGNORECASE), read) for patterns, read in _ROWS for pattern in patterns)
