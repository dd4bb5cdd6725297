"""Which terms to look for, given what was typed: stems, other spellings of rare words, joined words, numbers.

Words are data here: nothing that a member types is parsed as a query language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.rules.pieces import NUMBERS
from storage.index.schema import analyzer

#: Words looked at, and terms looked for; beyond that the rarest are kept.
MOST_WORDS = 400
MOST_TERMS = 32
#: A word in fewer passages than this may be a typing error, in the query or in the source.
RARE = 4
_SPELLINGS = 6
#: Looked-up words that are remembered for the next query, as long as the commit stands.
_KEPT = 2_000
#: A word in more than this share of the passages tells them apart too little to be searched for, while others do.
COMMON, _TELLING = 0.3, 4
#: Rare words whose other spellings are looked up (each costs 2–3 ms).
_SPELT = 10
_WEIGHTS = (1.0, 0.7, 0.4)

_WRITTEN = {digits: word for word, digits in NUMBERS.items()}


class Vocabulary:
    """All terms of one commit, for looking up other spellings."""

    def __init__(self, terms: Iterable[tuple[str, int]]) -> None:
        self._count = {term: count for term, count in terms if len(term) > 2 and not term.isdigit()}
        #: By length with the first letter, and by length with the two behind it.
        self._begun: dict[tuple[int, str], list[str]] = {}
        self._inner: dict[tuple[int, str], list[str]] = {}
        for term in self._count:
            self._begun.setdefault((len(term), term[0]), []).append(term)
            self._inner.setdefault((len(term), term[1:3]), []).append(term)
        self._known: dict[str, list[tuple[str, int]]] = {}

    def spellings(self, word: str) -> list[tuple[str, int]]:
        """Terms within one or two edits of ``word`` (a swap of neighbours is one), nearest and commonest first."""
        if len(word) < 4 or word.isdigit():
            return []
        known = self._known.get(word)
        if known is None:
            known = self._known[word] = self._looked_up(word)
        if len(self._known) > _KEPT:
            self._known.pop(next(iter(self._known)))
        return known

    def _like(self, word: str, allowed: int) -> list[str]:
        """Terms about as long that begin with its first or second letter (the first two are swapped, the first is too
        much), or go on as it does (the first is another one, or missing)."""
        begun, inner = {word[0], word[1]}, {word[1:3], word[:2]}
        lengths = range(len(word) - allowed, len(word) + allowed + 1)
        found = [term for length in lengths for letter in begun for term in self._begun.get((length, letter), ())]
        more = [term for length in lengths for part in inner for term in self._inner.get((length, part), ())]
        return found + [term for term in more if term[0] not in begun]

    def _looked_up(self, word: str) -> list[tuple[str, int]]:
        allowed = 1 if len(word) < 6 else 2
        near = process.extract(word, self._like(word, allowed), scorer=OSA.distance, score_cutoff=allowed, limit=50)
        ranked = sorted(near, key=lambda row: (row[1] + (row[0][0] != word[0]) * 0.5, -self._count[row[0]]))
        return [(term, int(distance)) for term, distance, _ in ranked if distance][:_SPELLINGS]


def query_terms(
    folded: str, frequency: Callable[[str], int], vocabulary: Callable[[], Vocabulary], docs: int
) -> dict[str, float]:
    """Terms with their weights (0–1] for a query in folded form; empty when it has no word."""
    words = analyzer().analyze(folded[: MOST_WORDS * 12])[:MOST_WORDS]
    counts = {word: frequency(word) for word in words}
    kept = _telling(sorted(counts, key=lambda word: counts[word])[:MOST_TERMS], counts, docs)
    terms = dict.fromkeys(kept, 1.0)
    for at, word in enumerate(kept):
        if counts[word] <= RARE and at < _SPELT:
            for near, distance in vocabulary().spellings(word):
                terms.setdefault(near, _WEIGHTS[distance])
            for part in _parts(word, frequency):
                terms.setdefault(part, 0.5)
    typed = folded[: MOST_WORDS * 12].split()[:MOST_TERMS]
    for joined in analyzer().analyze(" ".join(left + right for left, right in pairwise(typed))):
        if 0 < frequency(joined) <= max(RARE, docs // 200):
            terms.setdefault(joined, 0.8)
    for word in typed:
        for other in analyzer().analyze(NUMBERS.get(word) or _WRITTEN.get(word) or ""):
            terms.setdefault(other, 0.9)
    return terms


def _telling(words: list[str], counts: Mapping[str, int], docs: int) -> list[str]:
    """The words (rarest first) without those that nearly every passage has; the aligner looks at them again."""
    telling = [word for word in words if counts[word] <= docs * COMMON]
    return telling if len(telling) >= _TELLING else words[: max(_TELLING, len(telling))]


def _parts(word: str, frequency: Callable[[str], int]) -> list[str]:
    """``hotdog`` as ``hot dog``: the cut whose rarer half is commonest, when both halves are words."""
    best, count = "", 0
    for at in range(3, len(word) - 2):
        least = min(frequency(word[:at]), frequency(word[at:]))
        if least > max(count, RARE):
            best, count = f"{word[:at]} {word[at:]}", least
    return best.split()
