"""Words: how text is cut into them, compared and made into slugs. One meaning of "word" for the whole project.

A *word* of a transcript is what white space separates. A *token* is the compared form of a word: lower case,
letters, digits and inner apostrophes only, accents kept; punctuation-only words have the empty token.
"""

from __future__ import annotations

import re
import unicodedata

_SPACE = re.compile(r"\s+")
_NOT_TOKEN = re.compile(r"[^\w']+|_+")
_STRAIGHT = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "‚": "'", "ʼ": "'"})


def collapse(text: str) -> str:
    """White space as one blank each, none at the ends."""
    return _SPACE.sub(" ", text).strip()


def straighten(text: str) -> str:
    """Curly and angled quotes as ``"`` and ``'``."""
    return text.translate(_STRAIGHT)


def token(word: str) -> str:
    """The compared form of one word; empty when it has no letter or digit."""
    return _NOT_TOKEN.sub("", straighten(word).lower()).strip("'")


def tokens(text: str) -> list[str]:
    """The non-empty tokens of a text, hyphens and slashes taken as blanks."""
    cut = _NOT_TOKEN.sub(" ", straighten(text).lower())
    return [bare for word in cut.split() if (bare := word.strip("'"))]


def count_words(collapsed: str) -> int:
    """How many words a collapsed text has."""
    return collapsed.count(" ") + 1 if collapsed else 0


def slug(title: str, limit: int = 80) -> str:
    """``What is an AI Engineer?`` -> ``what-is-an-ai-engineer``; at most ``limit`` characters, cut at a word."""
    plain = unicodedata.normalize("NFKD", straighten(title)).encode("ascii", "ignore").decode().lower()
    joined = "-".join(re.findall(r"[a-z0-9]+", plain.replace("'", ""))) or "-".join(tokens(title))
    if len(joined) <= limit:
        return joined
    return joined[:limit].rpartition("-")[0] or joined[:limit]
