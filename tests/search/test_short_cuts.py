"""What is left out to be quick, and that it leaves out nothing that would have been shown."""

from __future__ import annotations

import random

import pytest
import tantivy
from rapidfuzz import fuzz

from bot.domain import Candidate, EpisodeId
from bot.rules.alignment import Alignment, Text
from bot.rules.pieces import fold
from bot.rules.ranking import shortlist
from bot.services.search import QUICK, QUICK_ANSWERS, Prepared, enough
from storage.index.reader import FEWEST, WORTH, _worth_reading
from storage.index.terms import Vocabulary, query_terms
from tests.search.said import align

EP = EpisodeId("a" * 12)
WORDS = [
    "lamp",
    "reef",
    "fog",
    "winter",
    "boat",
    "keeper",
    "fire",
    "rocks",
    "storm",
    "radio",
    "harbour",
    "glass",
    "lens",
    "oil",
    "bread",
    "kite",
]


def said(chance: random.Random, most: int) -> str:
    return " ".join(chance.choices(WORDS, k=chance.randint(1, most)))


@pytest.mark.parametrize("seed", range(5))
def test_the_shortlist_is_what_comparing_every_letter_gives(seed: int) -> None:
    chance = random.Random(seed)
    asked = said(chance, 6)
    scores = sorted((chance.uniform(3, 30) for _ in range(400)), reverse=True)
    candidates = [Candidate(EP, n, n, score, said(chance, 40)) for n, score in enumerate(scores)]
    whole = [
        (0.6 * fuzz.partial_ratio(fold(asked), one.text) / 100 + 0.4 * one.score / scores[0], n)
        for n, one in enumerate(candidates)
    ]
    expected = [(n, score) for score, n in sorted(whole, reverse=True)[:60]]
    found = [(one.first_line, score) for one, score in shortlist(asked, candidates)]
    assert found == expected


def test_a_passage_far_below_the_best_is_not_read_unless_there_are_few() -> None:
    address = tantivy.DocAddress(0, 0)
    found = [(20.0 - n * 0.05, address) for n in range(390)]
    kept = _worth_reading(found)
    assert kept[-1][0] >= 20.0 * WORTH > found[len(kept)][0]
    assert len(_worth_reading([(20.0, address), *[(1.0, address)] * 300])) == FEWEST
    assert _worth_reading([]) == []


def test_words_that_nearly_every_passage_has_are_searched_for_only_where_little_else_is_asked() -> None:
    counts = {"the": 900, "and": 800, "lighthous": 5, "keeper": 9, "lamp": 20, "reef": 7, "oil": 5}
    nothing = Vocabulary([])

    def terms(words: str) -> set[str]:
        return {*query_terms(words, lambda word: counts.get(word, 0), lambda: nothing, 1000)}

    assert terms("the lighthouse and the keeper lamp reef") == {"lighthous", "keeper", "lamp", "reef"}
    assert terms("the lamp and oil") == {"the", "lamp", "and", "oil"}


@pytest.mark.parametrize("typed", ["ligthouse", "ilghthouse", "ighthouse", "lighthouze", "pighthouse", "llighthouse"])
def test_a_slip_is_found_in_the_first_letters_too(typed: str) -> None:
    vocabulary = Vocabulary([("lighthouse", 40), ("warehouse", 3), ("playhouse", 9)])
    assert vocabulary.spellings(typed)[0][0] == "lighthouse"
    assert vocabulary.spellings(typed) == vocabulary.spellings(typed)


def test_a_short_answer_looks_at_fewer_passages_first_and_at_all_when_it_is_not_sure() -> None:
    short = tuple((Candidate(EP, n, n, 1.0, "lamp"), 1.0) for n in range(60))
    prepared = Prepared(Alignment("lamp", lambda words: dict.fromkeys(words, 1.0)), short)
    first, whole = prepared.steps(QUICK_ANSWERS)
    assert (len(first.short), whole) == (QUICK, prepared)
    assert prepared.steps(QUICK_ANSWERS + 1) == [prepared]
    assert not enough([], 1)


def test_borders_move_what_stands_behind_them() -> None:
    text = Text.of(["Don't", "stop.", "—", "Light-houses", "burn"], frozenset({0, 3, 9}))
    assert text.pieces == ("do", "not", "stop", "light", "houses", "burn")
    assert text.owner == (0, 0, 1, 3, 3, 4)
    assert text.places == (3, 4, 5, 9, 10, 11)


def test_joined_and_parted_words_are_still_one() -> None:
    for asked, there in (("hot dog stand", "a hotdog stand"), ("hotdog stand", "a hot dog stand")):
        found = align(asked, there)
        assert found is not None
        assert found.score > 0.9
