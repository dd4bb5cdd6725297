"""How well a file fits an episode: the evidence of number, words, guest, date and length, added as log likelihoods.

Each part is log(how often it is so for the right episode / how often by chance); chance is counted in the batch.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import TypeVar

from bot.rules.file_clues import COMMON, Bigram, Clues, Known
from bot.rules.file_evidence import Numbering, Part, Score

Key = TypeVar("Key")

#: Fewer episodes than this say little of how rare a word or number is.
_FEWEST = 30
#: From this share of a batch on (and three files), a word belongs to the show and not to an episode.
_SHOWS_OWN = 0.4
#: A transcript ends this close to its episode's end: seconds, or this share of it.
_NEAR_S, _NEAR = 20.0, 0.012
#: A number this far from a feed's lowest or highest may still be one of its episodes, counted otherwise.
_BESIDE = 3
#: Nobody speaks faster than this for an hour, in words a second.
_FASTEST = 4.5
#: A likeness of letters from which a word is another's misspelling.
_MISSPELT = 0.79


class Scorer:
    """Compares the files of one batch with a show's episodes; pairs that share nothing are never looked at."""

    def __init__(self, files: Sequence[Clues], known: Sequence[Known], show_words: Collection[str] = ()) -> None:
        self.files, self.known = files, known
        #: Of how many episodes one is looked for.
        self.size = max(len(known), len(files), _FEWEST)
        self._log = math.log(self.size)
        self._shows_own = _shows_own(files, show_words)
        self._words: dict[str, list[int]] = _index((words.title | words.people) for words in known)
        self._names: dict[Bigram, list[int]] = _index({pair for pair, _ in one.names} for one in known)
        self._spelt = self._spellings()
        self._days = sorted(one.day.toordinal() for one in known if one.day)
        self._lengths = sorted(one.duration_s for one in known if one.duration_s)
        self._spoken_by = Counter(name for file in files for name in file.people)
        self._opened_by = Counter(pair for file in files for pair in file.opening if pair in self._names)
        self._speaking = sum(1 for file in files if file.spoken >= 100)
        listened = self._words.keys() - self._shows_own - COMMON
        said = Counter(word for file in files for word in file.says)
        self._said_by = {word: said[word] for word in listened if any(said.values())}
        self.positions = sum(1 for one in known if one.numbers) < 0.3 * len(known)
        self._numbered: dict[int, list[int]] = _index(self._numbers(one) for one in known)
        self._relative = _is_relative(known)

    # --- who is compared with whom ------------------------------------------------------------------------------

    def pairs(self, file: Clues, numbering: Numbering) -> set[int]:
        """The episodes that share something with this file."""
        found: set[int] = set()
        for number in file.numbers:
            found.update(self._numbered.get(number + numbering.shift, ()))
        for word in self._telling(file):
            at = self._words.get(self._spelt.get(word, word), ())
            found.update(at if len(at) * 4 <= len(self.known) or len(self.known) < _FEWEST else ())
        for name in file.people:
            found.update(self._names.get(_pair(name), ()))
        found.update(at for pair in file.opening & self._names.keys() for at in self._names[pair])
        if not (file.numbers or file.dates or found):
            found.update(at for word in file.says if self._said_by.get(word, 99) <= 5 for at in self._words[word])
        if file.dates or (file.ends_s and not file.numbers):
            found.update(at for at, one in enumerate(self.known) if self._same_time(file, one))
        return found

    def numbered(self, file: Clues, numbering: Numbering) -> list[int]:
        """The episodes that have this file's number."""
        return [at for number in file.numbers for at in self._numbered.get(number + numbering.shift, ())]

    def dated(self, file: Clues) -> list[int]:
        """The episodes that came out on this file's day, or the day before or after."""
        return [
            at
            for at, one in enumerate(self.known)
            if one.day and any(abs((day - one.day).days) <= 1 for day in file.dates)
        ]

    def _same_time(self, file: Clues, one: Known) -> bool:
        if one.day and any(abs((day - one.day).days) <= 4 for day in file.dates):
            return True
        return bool(file.ends_s and one.duration_s and abs(file.ends_s - one.duration_s) <= _near(one.duration_s))

    # --- one pair -------------------------------------------------------------------------------------------------

    def score(self, file: Clues, at: int, numbering: Numbering) -> Score:
        one = self.known[at]
        words, told = self._title(file, one)
        parts = (
            *self._number(file, one, numbering),
            Part("title", words),
            *self._guest(file, one, told),
            *self._text(file, one),
            *self._date(file, one, numbering.days),
            *self._length(file, one),
            *_kinds(file, one),
        )
        return Score(tuple(part for part in parts if part.weight))

    def nothing(self, file: Clues) -> float:
        """How well "one of the episodes that share nothing with it" fits: every word and number speaks against it."""
        words = min((len(self._own(title)) for title in file.titles if self._own(title)), default=0)
        number = self._unnumbered(file)
        day = min((self._days_off(day.toordinal()) for day in file.dates), default=None) if self._days else None
        return -1.6 * min(words, 4) - number - (0.0 if day is None else 4.0 if day <= 1 else 3.0)

    def _unnumbered(self, file: Clues) -> float:
        """How much a file's number speaks against every episode that has another."""
        if not file.numbers or not self._numbered:
            return 0.0
        number = file.numbers[0]
        if number in self._numbered:
            return 4.0
        # Far from all that the feed has: its episode is not in the feed (any more), if the feed counts as the files do.
        if not self.positions and not min(self._numbered) - _BESIDE <= number <= max(self._numbered) + _BESIDE:
            return 3.5 if file.marked else 3.0
        return 2.0 if file.marked else 1.4

    def _days_off(self, day: int) -> float:
        """How far the nearest date of an episode is."""
        at = bisect_left(self._days, day)
        return min(abs(day - other) for other in self._days[max(0, at - 1) : at + 1])

    def _number(self, file: Clues, one: Known, numbering: Numbering) -> Iterable[Part]:
        theirs = self._numbers(one)
        if not file.numbers or not theirs:
            return
        number = file.numbers[0]
        seasons_differ = file.season is not None and one.season is not None and file.season != one.season
        if number + numbering.shift in theirs and not seasons_differ:
            yield Part(self._called(number, file, numbering), self._rarity(file, one, number, numbering))
        else:
            yield Part(f"number {number}", (-3.0 if file.marked else -1.5) * min(numbering.trust, 1.0))

    def _called(self, number: int, file: Clues, numbering: Numbering) -> str:
        season = f"season {file.season} " if file.season is not None else ""
        if self.positions:
            return f"number {number} by order of date"
        return f"number {season}{number}" + (f" ({number + numbering.shift} in the feed)" if numbering.shift else "")

    def _rarity(self, file: Clues, one: Known, number: int, numbering: Numbering) -> float:
        alike = self._numbered[number + numbering.shift]
        if file.season is not None:
            alike = [at for at in alike if self.known[at].season in (None, file.season)]
        weight = math.log(0.95 * self.size / max(1, len(alike)))
        if self._relative and file.season is None and one.season is not None:
            weight *= 0.5
        if self.positions and numbering.trust <= 1:
            weight -= 1.5
        return weight + 0.8 if numbering.trust > 1 and weight > 2 else weight * min(numbering.trust, 1.0)

    def _numbers(self, one: Known) -> tuple[int, ...]:
        return ((one.position,) if one.position else ()) if self.positions else one.numbers

    def _title(self, file: Clues, one: Known) -> tuple[float, frozenset[str]]:
        """The best of the file's titles, and which words were found."""
        scored = [self._words_of(title, one) for title in file.titles]
        return max(scored, key=lambda pair: pair[0], default=(0.0, frozenset()))

    def _words_of(self, title: Sequence[str], one: Known) -> tuple[float, frozenset[str]]:
        words = {self._spelt.get(word, word) for word in self._own(title)}
        theirs = one.title | one.people
        shared = words & theirs
        missing = sum(self._unlike(word) for word in words - theirs)
        if not shared:
            return -min(missing, 4.0), frozenset()
        told = sum(self._idf(word) for word in one.title - self._shows_own - COMMON)
        found = sum(self._idf(word) for word in shared & one.title)
        unsaid = 1.5 * (1 - found / told) if told and found else 0.8
        whole = 1.0 if one.title - COMMON <= words | self._shows_own and not words - theirs else 0.0
        weight = 0.9 * sum(self._idf(word) for word in shared) + whole
        return min(weight, self._log + 3.5) - min(missing, 4.0) - unsaid, frozenset(shared)

    def _guest(self, file: Clues, one: Known, told: frozenset[str]) -> Iterable[Part]:
        found = [(self._named(pair, name, file), name) for pair, name in one.names]
        weight, name = max(found, default=(0.0, ""))
        if weight > 0:
            # Words that the file's name has told already are no second witness.
            yield Part(f"guest {name}", weight * (0.4 if told & set(_pair(name)) else 1.0))

    def _named(self, pair: Bigram, name: str, file: Clues) -> float:
        rare = math.log(self.size / len(self._names[pair]))
        speaks = next((one for one in file.people if _pair(one) == pair), None)
        if speaks:
            share = self._spoken_by[speaks]
            return 0.0 if share >= 3 and share > 0.3 * len(self.files) else 0.75 * min(rare, self._log)
        share = self._opened_by[pair]
        return 0.4 * rare if pair in file.opening and share <= max(2, 0.05 * len(self.files)) else 0.0

    def _text(self, file: Clues, one: Known) -> Iterable[Part]:
        """Whether the title's own words are said: rarely by chance, mostly in the episode itself."""
        words = [(self._said_by[word], word) for word in one.title if word in self._said_by]
        weight = 0.0
        for count, word in sorted(words)[:5] if file.spoken >= 100 else ():
            rate = (count + 1) / (self._speaking + 6)
            weight += math.log(0.75 / rate) if word in file.says else math.log(0.35 / (1 - min(rate, 0.7)))
        yield Part("words of the title in the text", max(-1.8, min(2.5, 0.6 * weight)))

    def _date(self, file: Clues, one: Known, trust: float) -> Iterable[Part]:
        if not file.dates or not one.day:
            return
        day = min(file.dates, key=lambda each: abs((each - one.day).days) if one.day else 0)
        apart = abs((day - one.day).days)
        said = f"date {day.day} {day:%B} {day.year}"
        if apart <= 1:
            yield Part(said, trust * math.log(0.93 / self._share(self._days, one.day.toordinal(), 1)))
        elif apart <= 4:
            yield Part(said, trust * math.log(0.1 / self._share(self._days, one.day.toordinal(), 4)))
        else:
            yield Part("date", trust * (-1.2 if apart <= 45 else -3.5))

    def _length(self, file: Clues, one: Known) -> Iterable[Part]:
        length = one.duration_s
        if not length:
            return
        if file.ends_s is None:
            if file.spoken > _FASTEST * length + 300:
                yield Part("length", -2.5)
            return
        apart, near = abs(file.ends_s - length), _near(length)
        if apart <= near:
            yield Part("length", math.log(0.55 / self._share(self._lengths, length, near)))
        elif 0.9 * length - 60 <= file.ends_s <= 1.03 * length + 60:
            yield Part("length", math.log(0.35 / max(0.2, self._share(self._lengths, length, 0.1 * length))))
        elif 0.75 * length <= file.ends_s <= 1.1 * length + 60:
            yield Part("length", -1.1)
        else:
            yield Part("length", -3.5 if file.ends_s < 1.5 * length and file.ends_s > 0.4 * length else -5.0)

    def _share(self, values: Sequence[float], at: float, within: float) -> float:
        near = bisect_right(values, at + within) - bisect_left(values, at - within)
        return min(0.5, max(near, 1) / max(len(values), _FEWEST))

    # --- words ------------------------------------------------------------------------------------------------------

    def _own(self, title: Sequence[str]) -> list[str]:
        """The words that the show's name and common speech do not explain."""
        return [word for word in title if word not in self._shows_own and word not in COMMON]

    def _telling(self, file: Clues) -> set[str]:
        return {word for title in file.titles for word in self._own(title)}

    def _idf(self, word: str) -> float:
        if word in COMMON or word in self._shows_own:
            return 0.1
        return math.log(self.size / min(self.size, len(self._words.get(word, "1"))))

    def _unlike(self, word: str) -> float:
        if len(word) == 1:
            return 0.2
        return min(1.6, 0.3 + 0.35 * self._idf(word)) if word in self._words else 1.0

    def _spellings(self) -> dict[str, str]:
        """Words of files that are no episode's, with the episodes' word that they are a slip of."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        known = [word for word in self._words if len(word) >= 5]
        asked = {word for file in self.files for word in self._telling(file)} - self._words.keys()
        found = {}
        for word in sorted(one for one in asked if len(one) >= 5):
            best = process.extractOne(word, known, scorer=OSA.normalized_similarity, score_cutoff=_MISSPELT)
            if best:
                found[word] = best[0]
        return found


def _kinds(file: Clues, one: Known) -> Iterable[Part]:
    if file.kind != one.kind:
        yield Part(f"kind ({one.kind})", -1.5 if file.kind == "full" else -4.0)
    elif file.kind != "full":
        yield Part(one.kind, 1.0)
    if file.part is not None or one.part is not None:
        same = 1.5 if file.part == one.part else -1.5 if file.part is None or one.part is None else -6.0
        yield Part(f"part {one.part or file.part}", same)
    if one.repeat:
        yield Part("kind (a repeat)", -1.2)


def _shows_own(files: Sequence[Clues], show_words: Collection[str]) -> frozenset[str]:
    counts = Counter(word for file in files for word in {word for title in file.titles for word in title})
    often = {word for word, count in counts.items() if count >= 3 and count >= _SHOWS_OWN * len(files)}
    initials = "".join(word[0] for word in show_words if word not in COMMON)
    joined = "".join(show_words)
    return frozenset({*often, *show_words, *([initials, joined] if len(initials) > 1 else [])})


def _is_relative(known: Sequence[Known]) -> bool:
    """Whether each season counts from 1 again."""
    seasons: dict[int, set[int]] = defaultdict(set)
    for one in known:
        if one.season is not None:
            seasons[one.season].update(one.numbers)
    later = [numbers for season, numbers in seasons.items() if season > 1]
    return any(1 in numbers for numbers in later) or sum(map(len, seasons.values())) > len(
        set().union(*seasons.values())
    )


def _index(rows: Iterable[Iterable[Key]]) -> dict[Key, list[int]]:
    found: dict[Key, list[int]] = defaultdict(list)
    for at, row in enumerate(rows):
        for value in set(row):
            found[value].append(at)
    return dict(found)


def _pair(name: str) -> Bigram:
    from bot.rules.words import tokens

    words = [*tokens(name), "", ""]
    return words[0], words[1]


def _near(length: float) -> float:
    return max(_NEAR_S, _NEAR * length)
