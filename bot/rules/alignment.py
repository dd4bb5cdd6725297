"""Alignment: how well asked words stand in a text, in which order and where. Pure; knows no index and no storage.

An ``Alignment`` is made once per query; it looks up how alike two pieces are once for all candidates. A candidate is
then a chain of matching pieces, found in one pass over the matches (no table of query × text): words left out and put
in cost little, a swapped word counts less. Weights are 1 + idf, so that rare words decide.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, pairwise, repeat
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.rules.pieces import pieces

#: More asked words than this are not looked at.
MOST_PIECES = 60
#: Of a piece that is asked more often, only the first places are matched.
_MOST_PLACES = 12
#: Costs, as a share of the mean weight of an asked word: a text word between two matches, and a sentence border.
GAP = 0.08
BORDER_WORDS = 3
#: Cost of an asked word left out between two matches, beyond its own weight.
SKIP = 0.1
SWAPPED = 0.7
_REACH = 3
_LEAST_ALIKE = 0.6
#: Stands in no transcript: what the index says of it, it says of every word that it does not know.
_NOWHERE = "\x00"


@dataclass(frozen=True, slots=True)
class Mark:
    """One asked word: the text's word that answers it (index into the candidate's words) and how alike they are."""

    asked: str
    word: int | None
    alike: float


@dataclass(frozen=True, slots=True)
class Aligned:
    """``first``–``last`` are the aligned words of the candidate, both included.

    ``score`` (0–1) orders the candidates of one query; ``fit`` (0–1) says how far the query is answered, and may be
    compared between queries.
    """

    score: float
    fit: float
    first: int
    last: int
    marks: tuple[Mark, ...]
    #: Every asked word stands there as asked, one after the other.
    literal: bool


@dataclass(frozen=True, slots=True)
class Text:
    """A candidate as it is aligned: its pieces, the word that each belongs to, and where each stands (a sentence
    border counted as some words)."""

    pieces: tuple[str, ...]
    owner: tuple[int, ...]
    places: tuple[int, ...]

    @classmethod
    def of(cls, words: Sequence[str], borders: frozenset[int] = frozenset()) -> Text:
        """``borders`` are the indices of words that begin a sentence."""
        cut = [*map(pieces, words)]
        counts = [*map(len, cut)]
        before = [*accumulate(counts, initial=0)]
        owner = tuple(chain.from_iterable(map(repeat, range(len(cut)), counts)))
        places = [*range(before[-1])]
        for behind, at in enumerate(sorted(at for at in borders if at < len(cut)), 1):
            first = before[at]
            until = before[-1]
            places[first:until] = range(first + behind * BORDER_WORDS, until + behind * BORDER_WORDS)
        return cls(tuple(chain.from_iterable(cut)), owner, tuple(places))


class _Match(NamedTuple):
    at: int  # index of the text piece
    asked: int  # index of the asked piece
    alike: float
    asked_more: int = 0  # 1 when the text piece answers the next asked piece too ("hockeystick")
    at_more: int = 0  # 1 when the next text piece belongs to the answer too ("hockey stick")


class Alignment:
    """One query, ready to be aligned with many candidates."""

    def __init__(self, words: str, rarity: Callable[[Iterable[str]], Mapping[str, float]]) -> None:
        self.asked = asked_pieces(words)
        rare = rarity({*self.asked, _NOWHERE})
        self.weights = [1.0 + rare.get(piece, 0.0) for piece in self.asked]
        self._excess = _excess(self.weights, 1.0 + rare.get(_NOWHERE, float("inf")))
        self._before = [0.0, *accumulate(self.weights)]
        self.total = self._before[-1]
        self._mean = self.total / len(self.asked) if self.asked else 1.0
        self._alike: dict[str, tuple[tuple[int, float, int], ...]] = {}
        self._joined = {left + right: at for at, (left, right) in enumerate(pairwise(self.asked))}
        self._places: dict[str, list[int]] = {}
        for at, piece in enumerate(self.asked):
            places = self._places.setdefault(piece, [])
            if len(places) < _MOST_PLACES:
                places.append(at)
        self._beginnings = {piece[:end] for piece in self._places for end in range(1, len(piece))}

    def learn(self, texts: Iterable[Text]) -> None:
        """Look up, in one compiled pass, how alike the asked pieces and all pieces of these texts are."""
        fresh = {piece for text in texts for piece in text.pieces} - self._alike.keys()
        found: dict[str, dict[int, float]] = {}
        choices = _Choices(fresh)
        for asked, places in self._places.items():
            for piece, alike in _alike_to(asked, choices):
                for at in places:
                    found.setdefault(piece, {})[at] = alike
            if asked in fresh:
                found.setdefault(asked, {}).update(dict.fromkeys(places, 1.0))
        self._alike.update(dict.fromkeys(fresh, ()))
        for piece in {*found, *(fresh & self._joined.keys())}:
            rows = [(at, alike, 0) for at, alike in found.get(piece, {}).items()]
            if piece in self._joined:
                rows.append((self._joined[piece], 0.95, 1))
            # Later asked pieces first: a text piece must not answer two in one chain.
            self._alike[piece] = tuple(sorted(rows, reverse=True))

    def align(self, text: Text) -> Aligned | None:
        """The best place of the query in a text. None: no word of it stands there."""
        matches = self._matches(text)
        if not matches:
            return None
        chain, gained = self._chain(matches, text.places)
        return self._finish(chain, gained, matches, text.owner)

    def _matches(self, text: Text) -> list[_Match]:
        known = self._alike
        if not known.keys() >= set(text.pieces):
            self.learn([text])
        found = [_Match(at, *row) for at, piece in enumerate(text.pieces) for row in known[piece]]
        begun = [at for at, piece in enumerate(text.pieces[:-1]) if piece in self._beginnings]
        joins = [
            _Match(at, asked, 0.95, 0, 1)
            for at in begun
            for asked in self._places.get(text.pieces[at] + text.pieces[at + 1], ())
        ]
        return sorted([*found, *joins], key=lambda match: (match.at, -match.asked)) if joins else found

    def _chain(self, matches: Sequence[_Match], places: Sequence[int]) -> tuple[list[_Match], float]:
        """The best chain, by keeping for each asked piece the best chain that ends there, as seen from the start."""
        gap, before, weights = GAP * self._mean, self._before, self.weights
        nothing = float("-inf")
        ends = [nothing] * (len(weights) + 1)
        latest: list[int] = [-1] * (len(weights) + 1)
        came: list[int] = []
        best, best_at = nothing, -1
        for number, match in enumerate(matches):
            asked, last = match.asked, match.asked + match.asked_more
            here = places[match.at] * gap
            gained = (before[last + 1] - before[asked]) * match.alike
            link = -1
            if asked:
                reach = max(ends[:asked])
                carried = reach - here + gap - SKIP * before[asked]
                if carried > 0:
                    gained += carried
                    link = latest[ends.index(reach)]
            came.append(link)
            seen_from_start = gained + here + SKIP * before[last + 1]
            if seen_from_start > ends[last]:
                ends[last], latest[last] = seen_from_start, number
            if gained > best:
                best, best_at = gained, number
        chain: list[_Match] = []
        while best_at >= 0:
            chain.append(matches[best_at])
            best_at = came[best_at]
        return chain[::-1], best

    def _finish(self, chain: list[_Match], gained: float, matches: Sequence[_Match], owner: Sequence[int]) -> Aligned:
        first, last = chain[0].at, chain[-1].at + chain[-1].at_more
        answers: dict[int, _Match] = {}
        for match in chain:
            answers.update({match.asked + more: match for more in range(match.asked_more + 1)})
        used = {match.at for match in chain}
        for match in sorted(matches, key=lambda one: -one.alike):
            near = first - _REACH <= match.at <= last + _REACH
            if near and match.asked not in answers and match.at not in used and not match.asked_more:
                answers[match.asked] = match
                used.add(match.at)
                gained += SWAPPED * match.alike * self.weights[match.asked]
                first, last = min(first, match.at), max(last, match.at)
        score = min(1.0, max(0.0, gained / self.total))
        missed = sum(excess for at, excess in enumerate(self._excess) if at not in answers)
        fit = min(1.0, max(0.0, gained / (self.total - missed)))
        literal = len(chain) == len(self.asked) == last - first + 1 and all(match.alike == 1 for match in chain)
        return Aligned(score, fit, owner[first], owner[last], self._marks(answers, owner), literal)

    def _marks(self, answers: Mapping[int, _Match], owner: Sequence[int]) -> tuple[Mark, ...]:
        found = [(piece, answers.get(at)) for at, piece in enumerate(self.asked)]
        return tuple(
            Mark(piece, owner[match.at], match.alike) if match else Mark(piece, None, 0.0) for piece, match in found
        )


def _excess(weights: Sequence[float], greatest: float) -> list[float]:
    """How much more than the usual word each word that is nowhere weighs: a slip of the keyboard or of memory.

    It counts in full where something like it stands, and as a usual word against a text where nothing does.
    """
    known = [weight for weight in weights if weight < greatest]
    usual = sum(known) / len(known) if known else greatest
    return [max(0.0, weight - usual) if weight >= greatest else 0.0 for weight in weights]


def asked_pieces(words: str) -> list[str]:
    """The pieces of what was typed, at most ``MOST_PIECES``."""
    return [piece for word in words[: MOST_PIECES * 12].split() for piece in pieces(word)][:MOST_PIECES]


class _Choices:
    """Pieces by length and by their first letters: what can be alike at all is little of what is there."""

    def __init__(self, pieces: Iterable[str]) -> None:
        self._by_length: dict[int, list[str]] = {}
        self._by_start: dict[str, list[str]] = {}
        for piece in pieces:
            if len(piece) > 2:
                self._by_length.setdefault(len(piece), []).append(piece)
                self._by_start.setdefault(piece[:4], []).append(piece)

    def as_long_as(self, asked: str) -> list[str]:
        """Those that differ by at most two letters in length."""
        near = (self._by_length.get(len(asked) + more, ()) for more in (-2, -1, 0, 1, 2))
        return [*chain.from_iterable(near)]

    def starting_as(self, asked: str) -> list[str]:
        return self._by_start.get(asked[:4], [])


def _alike_to(asked: str, choices: _Choices) -> list[tuple[str, float]]:
    """Pieces that may stand for ``asked``: typing errors and words of the same beginning."""
    if len(asked) < 3:
        return []
    close: dict[str, float] = {}
    if not asked.isdigit():
        near = process.extract_iter(
            asked, choices.as_long_as(asked), scorer=OSA.normalized_similarity, score_cutoff=_LEAST_ALIKE
        )
        for piece, alike, _ in near:
            if piece != asked and not piece.isdigit() and (1 - alike) * max(len(piece), len(asked)) <= 2.01:
                close[piece] = alike
        if len(asked) > 3:
            for piece in choices.starting_as(asked):
                if piece != asked:
                    close[piece] = max(close.get(piece, 0.0), _related(asked, piece))
    return list(close.items())


def _related(asked: str, piece: str) -> float:
    """``motivated`` and ``motivation``: the longer the common beginning, the more alike."""
    common = next((at for at, (a, b) in enumerate(zip(asked, piece, strict=False)) if a != b), None)
    shared = min(len(asked), len(piece)) if common is None else common
    return 0.85 if shared >= max(len(asked), len(piece)) - 4 else 0.7
