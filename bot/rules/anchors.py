"""Finding an anchored span again after its transcript has changed: by its words, never by its number alone.

Works on the words of a whole transcript (``Line.text.split()`` of all lines, the source's). In this order: the same
place; the same words elsewhere, nearest to where they ought to be; nearly the same words around there; else lost.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property
from hashlib import blake2b
from itertools import accumulate

from bot.domain import Anchor
from bot.rules.words import token

#: A corrected span keeps at least this much of its letters (0-100); chosen so that one word in six may change.
CLOSE_ENOUGH = 82.0
#: So many of its words must be the same (0-1, insertions and deletions against all words of both).
SAME_WORDS = 0.6
#: Shorter spans are too common to be recognised by nearly the same words.
FEWEST_FUZZY_TOKENS = 4
#: How far around the expected place a corrected span is looked for.
REACH_WORDS = 400
#: A span this short is the same one elsewhere only if it stands where the words around it say.
COMMON_TOKENS = 3
#: A short span may be found this far from its expected place.
NEARBY_WORDS = 12
#: Words before and after that tell where a place has moved.
LANDMARK_TOKENS = 4
LANDMARKS_TRIED = 300
#: So many words in a row are what is left of a lost span.
REMAINING_TOKENS = 4


def hash_words(words: Sequence[str]) -> str:
    """The hash of a span, over the compared form of its words: punctuation and case do not count."""
    return _hash_tokens(_bare(words))


def find(
    anchor: Anchor, words: Sequence[str], old_words: Sequence[str] | None = None, *, near: int | None = None
) -> tuple[int, int] | None:
    """Where the anchor's words stand in ``words``: (first word, count), None when they are gone.

    ``old_words`` are the transcript that the anchor was made in, when it is still known: the words around tell where
    the place has moved. ``near`` is the word at the anchor's old moment. Elsewhere, ``anchor.text`` is searched for;
    without a text (a button keeps none) just as many words with the anchor's hash.
    """
    return Finder(words, old_words).find(anchor, near=near)


class Finder:
    """One transcript (``words``) in which many anchors of the one before it (``old_words``) are looked for."""

    def __init__(self, words: Sequence[str], old_words: Sequence[str] | None = None) -> None:
        self._words = words
        self._old_words = old_words

    def find(self, anchor: Anchor, *, near: int | None = None, was_there: bool = True) -> tuple[int, int] | None:
        """As the function ``find``. ``was_there=False`` is for an anchor that was not made in the old words."""
        old = self._old_words if was_there else None
        wanted = _wanted(anchor, old)
        # The same few words at the same number may by chance be others, once the words before them have changed.
        by_chance = old is not None and 0 < len(wanted) <= COMMON_TOKENS and not self._unchanged
        if not by_chance and _stands(anchor, self._words):
            return anchor.first_word, anchor.words
        # Without its text (a button's), or with a text that a fix has changed, the hash alone tells the words.
        told = _hash_tokens(wanted) == anchor.hash
        same = None if told else self._there.hashed(anchor, anchor.first_word if near is None else near)
        if same or not wanted:
            return same
        at = self._elsewhere(wanted, self._landmark(anchor.first_word) if old is not None else None, anchor, near)
        return self._there.words_of(at) if at else None

    def moved_to(self, word: int) -> int | None:
        """Where the words around a place of the old words say that it is now; None when they are gone too."""
        at, places = self._landmark(word), self._there.places
        return None if at is None or not places else places[min(at, len(places) - 1)]

    def remains(self, said: Sequence[str], near: int) -> list[tuple[int, int]]:
        """Runs of a lost span's words that still stand around the word ``near``: (first word, count) of each."""
        there, wanted = self._there, _bare(said)
        runs = {tuple(wanted[i : i + REMAINING_TOKENS]) for i in range(len(wanted) - REMAINING_TOKENS + 1)}
        middle = there.token_at(near)
        low, high = max(0, middle - REACH_WORDS), middle + len(wanted) + REACH_WORDS
        last = min(high, len(there.tokens)) - REMAINING_TOKENS + 1
        found = [i for i in range(low, last) if tuple(there.tokens[i : i + REMAINING_TOKENS]) in runs]
        return [there.words_of((i, REMAINING_TOKENS)) for i in found]

    def _elsewhere(
        self, wanted: Sequence[str], landmark: int | None, anchor: Anchor, near: int | None
    ) -> tuple[int, int] | None:
        """As (first token, count). Where the words around say first: a corrected line there is the one, not the same
        words spoken elsewhere."""
        there = self._there
        at = None if landmark is None else _fuzzy(wanted, there, landmark, NEARBY_WORDS)
        expected = landmark if landmark is not None else there.token_at(anchor.first_word if near is None else near)
        return at or there.nearest(wanted, expected) or _fuzzy(wanted, there, expected, REACH_WORDS)

    def _landmark(self, word: int) -> int | None:
        """Move a place by the nearest run of words that stands exactly once in both transcripts."""
        old, new = self._old, self._there
        home = old.token_at(word)
        for distance in range(LANDMARKS_TRIED):
            for at in (home - distance - LANDMARK_TOKENS, home + distance):
                run = tuple(old.tokens[max(0, at) : at + LANDMARK_TOKENS])
                there = new.unique_runs.get(run)
                if at >= 0 and there is not None and old.unique_runs.get(run) is not None:
                    return max(0, home + there - at)
        return None

    @cached_property
    def _there(self) -> _Tokens:
        return _Tokens(self._words)

    @cached_property
    def _old(self) -> _Tokens:
        return _Tokens(self._old_words or ())

    @cached_property
    def _unchanged(self) -> bool:
        return self._old_words == self._words


def _stands(anchor: Anchor, words: Sequence[str]) -> bool:
    first, end = anchor.first_word, anchor.first_word + anchor.words
    return anchor.words > 0 and first >= 0 and end <= len(words) and hash_words(words[first:end]) == anchor.hash


def _wanted(anchor: Anchor, old_words: Sequence[str] | None) -> list[str]:
    if old_words is not None and _stands(anchor, old_words):
        return _bare(old_words[anchor.first_word : anchor.first_word + anchor.words])
    return _bare(anchor.text.split())


def _bare(words: Sequence[str]) -> list[str]:
    return [bare for word in words if (bare := token(word))]


def _hash_tokens(tokens: Sequence[str]) -> str:
    return _hash(_bytes(" ".join(tokens)))


def _hash(joined: bytes) -> str:
    return blake2b(joined, digest_size=12).hexdigest()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


class _Tokens:
    """A transcript's tokens with the way back to its words."""

    def __init__(self, words: Sequence[str]) -> None:
        pairs = [(bare, i) for i, word in enumerate(words) if (bare := token(word))]
        self.tokens = [bare for bare, _ in pairs]
        self.places = [i for _, i in pairs]
        self._words = len(words)

    def token_at(self, word: int) -> int:
        """The position among the tokens of the word at that index, or of the first one after it."""
        return bisect_right(self.places, word - 1)

    def words_of(self, span: tuple[int, int]) -> tuple[int, int]:
        first, count = span
        begin, end = self.places[first], self.places[first + count - 1] + 1
        return begin, end - begin

    def nearest(self, wanted: Sequence[str], expected: int) -> tuple[int, int] | None:
        """The exact sequence nearest to the expected token; a common one only near to it."""
        row, count = list(wanted), len(wanted)
        found = [i for i in self._positions.get(row[0], ()) if self.tokens[i : i + count] == row]
        if count <= COMMON_TOKENS:
            found = [i for i in found if abs(i - expected) <= NEARBY_WORDS]
        return (min(found, key=lambda i: abs(i - expected)), count) if found else None

    def hashed(self, anchor: Anchor, expected: int) -> tuple[int, int] | None:
        """As many words with the anchor's hash, nearest to the expected word; a common span only near to it. Linear."""
        count, ends = anchor.words, self._ends
        starts = range(max(0, len(ends) - count)) if count > 0 else range(0)
        if count <= COMMON_TOKENS:
            starts = starts[max(0, expected - NEARBY_WORDS) : max(0, expected + NEARBY_WORDS + 1)]
        text, wanted = self._joined, anchor.hash
        found = [
            i for i in starts if _hash(text[ends[i] + 1 : ends[i + count]]) == wanted and ends[i] < ends[i + count]
        ]
        return (min(found, key=lambda i: abs(i - expected)), count) if found else None

    @cached_property
    def _joined(self) -> bytes:
        """The tokens as they are hashed, with a blank before each."""
        return b"".join([b" " + _bytes(bare) for bare in self.tokens])

    @cached_property
    def _ends(self) -> list[int]:
        """Where in ``_joined`` the words before each word end; one more than there are words."""
        sizes = dict(zip(self.places, (len(_bytes(bare)) + 1 for bare in self.tokens), strict=True))
        return list(accumulate((sizes.get(i, 0) for i in range(self._words)), initial=0))

    @cached_property
    def _positions(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for i, each in enumerate(self.tokens):
            found.setdefault(each, []).append(i)
        return found

    @cached_property
    def unique_runs(self) -> dict[tuple[str, ...], int | None]:
        """Every run of ``LANDMARK_TOKENS`` and where it begins; None when it stands more than once."""
        runs: dict[tuple[str, ...], int | None] = {}
        for i, run in enumerate(zip(*(self.tokens[k:] for k in range(LANDMARK_TOKENS)), strict=False)):
            runs[run] = None if run in runs else i
        return runs


def _fuzzy(wanted: Sequence[str], there: _Tokens, expected: int, reach: int) -> tuple[int, int] | None:
    """Nearly the same words within reach of the expected place, as (first token, count)."""
    if len(wanted) < FEWEST_FUZZY_TOKENS:
        return None
    low = max(0, expected - reach)
    window = there.tokens[low : expected + len(wanted) + reach]
    at = _closest(wanted, window) if window else None
    return None if at is None else (low + at[0], at[1])


def _closest(wanted: Sequence[str], window: Sequence[str]) -> tuple[int, int] | None:
    from rapidfuzz import fuzz  # only a changed transcript needs it

    said, text = " ".join(wanted), " ".join(window)
    found = fuzz.partial_ratio_alignment(said, text, score_cutoff=CLOSE_ENOUGH)
    if found is None:
        return None
    ends = list(accumulate(len(word) + 1 for word in window))
    first = bisect_right(ends, found.dest_start)
    last = min(bisect_right(ends, max(found.dest_start, found.dest_end - 1)), len(window) - 1)
    first, last = _trimmed(said, window, first, last)
    return (first, last - first + 1) if _like(wanted, window[first : last + 1]) else None


def _like(wanted: Sequence[str], there: Sequence[str]) -> bool:
    """Nearly the same letters, and most of the words the same ones: short words that differ share letters too."""
    from rapidfuzz import fuzz
    from rapidfuzz.distance import Indel

    if fuzz.ratio(" ".join(wanted), " ".join(there)) < CLOSE_ENOUGH:
        return False
    return Indel.normalized_similarity(wanted, there) >= SAME_WORDS


def _trimmed(wanted: str, window: Sequence[str], first: int, last: int) -> tuple[int, int]:
    """Move both borders by up to two words to where the span fits best: alignments end in the middle of words."""
    from rapidfuzz import fuzz

    best = (-1.0, first, last)
    for begin in range(max(0, first - 2), first + 3):
        for end in range(max(begin, last - 2), min(len(window), last + 3)):
            best = max(best, (fuzz.ratio(wanted, " ".join(window[begin : end + 1])), begin, end))
    return best[1], best[2]
