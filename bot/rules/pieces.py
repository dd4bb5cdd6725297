"""Pieces: what a word is compared by. One word is none, one or more pieces, the same for the query and the source.

``don't`` and ``dont`` are ``do not``, ``10x`` is ``10 x``, ``five`` is ``5``, ``step-by-step`` is three pieces.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from bot.rules.words import tokens

#: Number words and their digits, for the index's terms too.
NUMBERS = {
    **dict(zip(["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"], "123456789", strict=True)),
    **{"ten": "10", "eleven": "11", "twelve": "12", "twenty": "20", "thirty": "30", "forty": "40", "fifty": "50"},
    **{"sixty": "60", "seventy": "70", "eighty": "80", "ninety": "90", "hundred": "100", "thousand": "1000"},
}

_NOT = ["do", "does", "did", "is", "are", "was", "were", "has", "have", "had", "would", "could", "should", "ca", "wo"]
_TAILS = {"m": "am", "re": "are", "ve": "have", "ll": "will", "d": "would", "s": "is"}
_WHOLE = {
    **{f"{verb}{tail}": (verb, "not") for verb in _NOT for tail in ("n't", "nt")},
    **{f"ca{tail}": ("can", "not") for tail in ("n't", "nt")},
    **{f"wo{tail}": ("will", "not") for tail in ("n't", "nt")},
    **{f"{who}{tail}": (who, full) for who in ("you", "they") for tail, full in _TAILS.items() if len(tail) > 1},
    **{"im": ("i", "am"), "ive": ("i", "have"), "weve": ("we", "have"), "youd": ("you", "would")},
    **{"thats": ("that", "is"), "theres": ("there", "is"), "whats": ("what", "is"), "hes": ("he", "is")},
    **{"gonna": ("going", "to"), "wanna": ("want", "to"), "gotta": ("got", "to"), "cannot": ("can", "not")},
    **{"ok": ("okay",), "ppl": ("people",), "ur": ("your",), "u": ("you",), "youre": ("you", "are")},
}
#: What stands around most words and says nothing.
_AROUND = ".,?!;:\"'()[]…“”‘’—–-*"
_APOSTROPHE = re.compile(r"['’‘ʼ]")
_NUMBER_CUT = re.compile(r"(?<=\d)(?=[^\W\d])|(?<=[^\W\d])(?=\d)")


def fold(text: str) -> str:
    """A whole text as the index keeps it: lower case, apostrophes closed up (``don't`` and ``dont`` are one).

    Half characters (lone surrogates), which no encoding can carry, are left out.
    """
    whole = text if text.isascii() else text.encode("utf-8", "ignore").decode()
    return _APOSTROPHE.sub("", whole).lower()


@lru_cache(65_536)
def pieces(word: str) -> tuple[str, ...]:
    """The pieces of one word of at most a few hundred characters; longer ones are cut."""
    word = word[:200]
    bare = word.strip(_AROUND).replace("’", "'")
    if bare.isascii() and bare.replace("'", "").isalpha() and "%" not in word:
        return _spelt(bare.lower())
    plain = unicodedata.normalize("NFKD", word.replace("%", " percent").replace(",", ""))
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return tuple(piece for token in tokens(bare) for part in _NUMBER_CUT.split(token) for piece in _spelt(part))


def _spelt(token: str) -> tuple[str, ...]:
    if token in NUMBERS:
        return (NUMBERS[token],)
    if token in _WHOLE:
        return _WHOLE[token]
    head, mark, tail = token.partition("'")
    if mark and tail in _TAILS:
        return (head, _TAILS[tail])
    joined = token.replace("'", "")
    return (joined,) if joined else ()
