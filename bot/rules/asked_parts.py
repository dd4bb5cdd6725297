"""Parts of what people ask in their own words: politeness, the episode that is named, numbers and times. Pure."""

# ruff: noqa: E501 - a row of these tables is one pattern
from __future__ import annotations

import re
from dataclasses import dataclass

from bot.rules.words import collapse

#: A moment as people write it; ``bot.rules.stamps`` reads it.
STAMP = r"\d{1,3}:[0-5]\d(?::[0-5]\d)?"
#: Which episode is surely the newest one.
NEWEST = r"(?:latest|newest|most recent|last|current|new)"
_THING = r"(?:episode|ep|one|show|podcast|pod|interview|conversation)"
#: Who is nobody in particular: never a speaker's name.
NOBODY = frozenset(
    [
        "i",
        "you",
        "he",
        "she",
        "it",
        "we",
        "they",
        "them",
        "him",
        "her",
        "us",
        "me",
        "who",
        "whom",
        "what",
        "that",
        "this",
        "these",
        "those",
        "there",
        "here",
        "people",
        "person",
        "anyone",
        "anybody",
        "someone",
        "somebody",
        "everyone",
        "everybody",
        "one",
        "nobody",
        "noone",
        "guest",
        "guests",
        "host",
        "hosts",
        "speaker",
        "speakers",
        "the",
        "a",
        "an",
        "guy",
        "guys",
        "folks",
    ]
)

_QUOTED = re.compile(r"""(["“”„«»])(.+)["“”„«»]|'([^']+)'|‘([^‘’]+)’""")
_GREETING = re.compile(
    r"(?:(?:hey|hi|hello|yo|ok|okay|so|um|hm+|well|please|pls|plz|thanks|quick question|question|sorry|excuse me"
    r"|good (?:morning|evening|afternoon)|there|pullquote|bot|everyone|all)\b[\s,.:!–—-]*)+",
    re.IGNORECASE,
)
_THANKS = re.compile(
    r"(?:[\s,.?!;…]+|\b(?:please|pls|plz|thanks|thank you|thx|again|cheers)\s*[.!?]*)+$", re.IGNORECASE
)
#: Asking to be asked: what follows is what is wanted. Those that name a search leave words to look for.
_ASKING = re.compile(
    r"(?:(?:can|could|would|will) (?:you|u|someone|anyone|anybody|we|i)(?: please| kindly| maybe)?"
    r"|(?:do|does) (?:you|anyone|anybody|someone) (?:happen to )?(?:know|remember|recall)"
    r"|i(?:'m| am) (?:looking|searching|trying) (?:for|to)|i(?:'d| would) (?:like|love)(?: to (?:know|see|hear))?"
    r"|i (?:want|need|wanna|wonder)(?: to (?:know|see|hear))?|(?:does |do )?(?:anyone|anybody|you|u) (?:know|remember)"
    r"|please|pls|remind me|let me know|let me see|let's see|tell me|show me|give me|get me|take me to|bring me to"
    r"|display|show us|tell us)\b\s*",
    re.IGNORECASE,
)
_FINDING = re.compile(
    r"(?:(?:please )?(?:find|search|look|lookup|looking|searching|locate|pull up|bring up|dig up|fetch)"
    r"(?: me| us)?(?: for| up| through)?|quote(?! (?:from|by|of|about|on|where|that|in)\b)|get)\b\s*",
    re.IGNORECASE,
)
#: What only says that something is wanted; alone it makes no words a search.
_SHOWING = re.compile(r"(?:show|see|view|list|open up|check|check out)\b\s*", re.IGNORECASE)
_CONTRACTED = re.compile(r"\A(what|who|where|when|how|which)(?:['’]?s|['’]re) ", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Polite:
    """What is left without greetings and thanks; ``search``: somebody is asked for it, so it is no line by itself."""

    words: str
    search: bool = False


def polite(text: str) -> Polite:
    """What is asked, without what only makes it friendly."""
    words = collapse(text).replace("’", "'")
    greeting = _GREETING.match(words)
    words = words[greeting.end() :] if greeting else words
    kept = _THANKS.sub("", words)
    search, words = any(letter.isalpha() for letter in words[len(kept) :]), kept
    for _ in range(4):
        asking = _ASKING.match(words) or _FINDING.match(words)
        match = asking or _SHOWING.match(words)
        if match is None or not words[match.end() :].strip():
            break
        search, words = search or asking is not None, words[match.end() :].lstrip(" :,-–—")
    return Polite(_CONTRACTED.sub(lambda found: f"{found[1]} is ", words, count=1).strip(), search)


def unquoted(text: str) -> str:
    """What stands in quotes, where all of the text does."""
    bare = text.strip()
    match = _QUOTED.fullmatch(bare)
    return next(part for part in match.groups()[1:] if part).strip() if match else bare


def bare_words(text: str) -> str:
    """Words without the signs around them."""
    return text.strip().strip(",.;:!?–—- ").strip()


# --- which episode ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reference:
    """An episode as the command's arguments name it; ``here``: the one at hand, which needs no name."""

    episode: str = ""
    show: str = ""
    here: bool = False

    def __bool__(self) -> bool:
        return bool(self.episode or self.show or self.here)

    def args(self) -> dict[str, str]:
        named = {"episode": self.episode, "show": self.show}
        return {name: value for name, value in named.items() if value}


_LATEST = re.compile(
    rf"(?:the |your |our |this week's )*(?:(?:very )?(?:latest|newest|most recent)(?: {_THING})?|(?:last|current|new) {_THING})"
    r"(?:,? (?:of|from|by|on|in) (?:the )?(?P<show>.+))?",
    re.IGNORECASE,
)
_LATEST_OF = re.compile(
    r"(?:the |your |our )?(?:latest|newest|most recent) (?P<show>.{2,60}?) (?:episode|ep|one|podcast)", re.IGNORECASE
)
_HERE = re.compile(r"(?:this|that)(?: same)? (?:episode|ep|one|show|podcast|interview)|the episode", re.IGNORECASE)
_NUMBER = re.compile(
    r"(?:the )?(?:(?:episode|ep\.?|show|number|no\.?)(?: number| no\.?)? ?#? ?|#)(?P<n>\d{1,5})"
    r"(?:,? (?:of|from|on|in) (?:the )?(?P<show>.+))?",
    re.IGNORECASE,
)
_LINK = re.compile(r"<?https?://\S+>?", re.IGNORECASE)
_FEW = r"[^\s,;:!?]+(?: [^\s,;:!?]+){0,4}?"
_NAMED = re.compile(rf"(?:the |that )(?P<name>{_FEW}) (?:episode|ep|interview|conversation)", re.IGNORECASE)
_CALLED = re.compile(
    r"(?:the |that )(?:episode|ep|one|interview|conversation) (?:with|about|on|featuring|called|titled|named|from) "
    r"(?P<name>.{2,100})",
    re.IGNORECASE,
)
_ONE = re.compile(rf"(?:the |that )(?P<name>{_FEW}) one", re.IGNORECASE)
_INTO = re.compile(r",? (?:in|of|from|for|on|during|within|inside) ", re.IGNORECASE)


def referred(text: str, *, loosely: bool = False) -> Reference | None:
    """The episode that a text surely names, and nothing else. ``loosely``: "the swyx one" is one too, which after
    "in" or "of" it is, and alone is not."""
    bare = bare_words(text)
    if match := _LATEST.fullmatch(bare) or _LATEST_OF.fullmatch(bare):
        return Reference("latest", bare_words(match["show"] or ""))
    if _HERE.fullmatch(bare):
        return Reference(here=True)
    if match := _NUMBER.fullmatch(bare):
        return Reference(match["n"], bare_words(match["show"] or ""))
    if _LINK.fullmatch(bare):
        return Reference(bare)
    if match := _CALLED.fullmatch(bare) or _NAMED.fullmatch(bare) or (_ONE.fullmatch(bare) if loosely else None):
        return Reference(match["name"].strip())
    return None


def episode_called(text: str) -> Reference:
    """The episode that a text names where only an episode can stand ("chapters of …"); none for no text."""
    bare = unquoted(bare_words(text))
    if not bare or bare.lower() in ("it", "this", "that", "here"):
        return Reference(here=bool(bare))
    if re.fullmatch(rf"(?:the )?{NEWEST}", bare, re.IGNORECASE):
        return Reference("latest")
    return referred(bare, loosely=True) or Reference(bare)


def split_reference(text: str) -> tuple[str, Reference]:
    """A text without the episode that it ends in ("… in the latest episode"), and that episode."""
    for match in reversed(list(_INTO.finditer(text))):
        found = referred(text[match.end() :], loosely=True)
        if found:
            return text[: match.start()], found
    whole = referred(text)
    return ("", whole) if whole else (text, Reference())


# --- numbers ------------------------------------------------------------------------------------------------------

_ONES = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
]
_FIRSTS = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
]
#: A number as figures or a word, in order or counted.
NUMBER = rf"(?:#?\d{{1,4}}(?:st|nd|rd|th)?|{'|'.join(_ONES + _FIRSTS)}|last|final|opening|closing)"
#: The chapter after which there is none: only the episode's chapters tell its number.
LAST = "last"


def number_of(text: str) -> str:
    """``2nd``, ``second``, ``two`` as ``2``; ``last`` for the last one."""
    bare = text.lower().strip()
    for words in (_ONES, _FIRSTS):
        if bare in words:
            return str(words.index(bare) + 1)
    if bare in ("last", "final", "closing"):
        return LAST
    return "1" if bare == "opening" else re.sub(r"\D", "", bare)
