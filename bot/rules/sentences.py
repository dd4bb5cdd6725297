"""Where a sentence ends: collapsed text in, pieces out that joined by one blank give the text back, word for word."""

from __future__ import annotations

import re
from itertools import pairwise

#: An end mark, what may close behind it, the gap, and what follows. East Asian sentences without a blank between them
#: stay together, because words must stay whole.
_END = re.compile(r"[.!?…؟।॥。！？]+(?: »|[\"'”’“‘»«)\]」』）]*)( )(?=\S)")
_ENDED = re.compile(r"[.!?…؟।॥。！？](?:[\"'”’“‘»«)\]*」』）]*| »)$")
_BREATH = re.compile(r"[,;:、，–—-]$")

_ABBREVIATIONS = frozenset(
    [
        *("mr", "mrs", "ms", "dr", "prof", "st", "vs", "inc", "ltd", "jr", "sr", "fig", "approx", "dept"),
        *("est", "gen", "col", "sgt", "capt", "rev", "hon", "e.g", "i.e", "cf", "al", "a.k.a"),
    ]
)

_MONTH = re.compile(
    r"(?:Januar|Jänner|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember|Jahrhundert)\b"
)

#: A sentence longer than this is cut like text without punctuation: no passage could hold it.
LONGEST_SENTENCE = 120
#: Text without punctuation is cut into pieces of at most this many words.
LONGEST_UNPUNCTUATED = 30


def ends_sentence(text: str) -> bool:
    """Whether the text closes with an end mark."""
    return _ENDED.search(text[-12:]) is not None


def sentences(text: str) -> list[str]:
    """The sentences of a collapsed text; linear in its length. A part without an end mark is a sentence too."""
    pieces: list[str] = []
    start = 0
    for match in _END.finditer(text):
        if not _splits(text, match):
            continue
        pieces.append(text[start : match.start(1)])
        start = match.end()
    if start < len(text):
        pieces.append(text[start:])
    return pieces


def _splits(text: str, match: re.Match[str]) -> bool:
    """A full stop ends no sentence before a small letter, after an abbreviation or after an initial."""
    after = text[match.end()]
    if after.islower() or after == "»":
        return False
    if text[match.start()] != "." or match.end() - match.start() > 2:
        return True
    if text[match.start() - 1 : match.start()].isdigit() and _MONTH.match(text, match.end()):
        return False  # "am 3. Mai"
    return not _is_abbreviation(text, match.start(), after)


def _is_abbreviation(text: str, stop: int, after: str) -> bool:
    begin = text.rfind(" ", max(0, stop - 12), stop) + 1
    word = text[begin:stop]
    if len(word) == 1 and word.isalpha():
        if word.islower():
            return word != "i" or after.islower()
        # "J. Smith", "John F. Kennedy" are initials; "plan B. Then", "10 X. And" are not.
        before = text[max(0, begin - 30) : begin].split()
        return word != "I" and after.isupper() and (not before or before[-1][:1].isupper())
    if word.lower() == "no":
        return after.isdigit()
    return word.lower() in _ABBREVIATIONS


def pieces(text: str, borders: frozenset[int] = frozenset(), cues: frozenset[int] = frozenset()) -> list[str]:
    """Lines of a turn: its sentences; what has no end mark or is too long is cut at its borders, and where it is still
    longer than 30 words, at cues, breaths or there.

    ``borders`` are the word indexes at which a pause ends, ``cues`` those at which a cue begins without one.
    """
    found: list[str] = []
    at = 0
    for sentence in sentences(text):
        words = sentence.count(" ") + 1
        ended = ends_sentence(sentence)
        crosses = not ended and any(at < border < at + words for border in borders)
        if (words <= LONGEST_UNPUNCTUATED and not crosses) or (words <= LONGEST_SENTENCE and ended):
            found.append(sentence)
        else:
            found.extend(_cut(sentence.split(" "), at, borders, cues))
        at += words
    return found


def _cut(words: list[str], at: int, borders: frozenset[int], cues: frozenset[int]) -> list[str]:
    """The words, which begin at index ``at`` of their text, cut at every border and then to at most 30 words."""
    edges = sorted(border - at for border in borders if at < border < at + len(words))
    cut: list[str] = []
    for start, end in pairwise([0, *edges, len(words)]):
        while end - start > LONGEST_UNPUNCTUATED:
            stop = _stop(words, start, at, cues)
            cut.append(" ".join(words[start:stop]))
            start = stop
        cut.append(" ".join(words[start:end]))
    return cut


def _stop(words: list[str], start: int, at: int, cues: frozenset[int]) -> int:
    """Where a piece that begins at ``start`` ends: before a cue in its second half, else after a breath in its last
    ten words, else where it is full."""
    limit = start + LONGEST_UNPUNCTUATED
    half = limit - LONGEST_UNPUNCTUATED // 2
    before_cue = next((end for end in range(limit, half, -1) if at + end in cues), None)
    if before_cue is not None:
        return before_cue
    return next((end for end in range(limit, limit - 10, -1) if _BREATH.search(words[end - 1])), limit)
