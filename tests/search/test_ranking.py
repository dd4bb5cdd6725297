"""Ranking: order, confidence, repeats."""

from __future__ import annotations

from bot.domain import Candidate, EpisodeId
from bot.rules.names import meant
from bot.rules.ranking import Ranked, confidence, distinct, fits, grouped, shortlist
from tests.search.said import align, lines

EP, OTHER = EpisodeId("a" * 12), EpisodeId("b" * 12)


def ranked(episode: EpisodeId, first: int, text: str, score: float) -> Ranked:
    aligned = align(text, text)
    assert aligned is not None
    return Ranked(episode, tuple(lines(text, first=first)), text, aligned, score)


def candidate(text: str, score: float) -> Candidate:
    return Candidate(EP, 0, 0, score, text)


def test_word_order_lifts_a_candidate_over_the_index_score() -> None:
    order = shortlist("ready aim fire", [candidate("fire and aim and get ready", 10), candidate("ready aim fire", 9)])
    assert [one.text for one, _ in order] == ["ready aim fire", "fire and aim and get ready"]


def test_a_shortlist_keeps_the_best() -> None:
    assert len(shortlist("fire", [candidate("fire", 1.0)] * 100, keep=7)) == 7
    assert shortlist("fire", []) == []


def test_overlapping_spans_are_one_hit() -> None:
    kept = distinct(
        [ranked(EP, 3, "lit a fire", 0.5), ranked(EP, 3, "lit a fire", 0.9), ranked(EP, 4, "no radio", 0.4)]
    )
    assert [(one.lines[0].n, one.score) for one in kept] == [(3, 0.9), (4, 0.4)]


def test_the_same_passage_elsewhere_is_named_by_the_best_hit() -> None:
    text = "This show is brought to you by the harbour bank."
    hits = grouped([ranked(EP, 1, text, 0.9), ranked(OTHER, 8, text.lower(), 0.8), ranked(OTHER, 9, "Else.", 0.1)], 10)
    assert [hit.best.text for hit in hits] == [text, "Else."]
    assert [one.episode for one in hits[0].also] == [OTHER]


def test_repeats_beyond_the_limit_are_still_named() -> None:
    one, other = ranked(EP, 1, "We had no radio at all.", 0.9), ranked(OTHER, 1, "We had no radio at all.", 0.2)
    [hit] = grouped([one, ranked(EP, 5, "The lamp went out.", 0.5), other], 1)
    assert hit.also == (other,)


def test_confidence_names_how_sure() -> None:
    exact = align("lit a fire on the rocks", "So I lit a fire on the rocks.")
    close = align("lit a big fire on rocks", "So I lit a fire on the rocks.")
    unsure = align("they built a bonfire out of fire wood", "So I lit a fire on the rocks.")
    assert exact is not None
    assert close is not None
    assert unsure is not None
    assert [confidence(one) for one in (exact, close, unsure)] == ["exact", "close", "unsure"]
    assert [fits(one) for one in (exact, close, unsure)] == [True, True, False]


def test_a_person_is_meant_by_first_name_full_name_alias_or_slip() -> None:
    names = ["Shawn Wang", "Raza Habib", "Chris Benson", "Chris Coyier"]
    assert meant("raza", names) == ["Raza Habib"]
    assert meant("Shawn Wang", names) == ["Shawn Wang"]
    assert meant("shwan wang", names) == ["Shawn Wang"]
    assert meant("swyx", names, [("Swyx", "Shawn Wang")]) == ["Shawn Wang"]
    assert meant("chris", names) == ["Chris Benson", "Chris Coyier"]
    assert meant("nobody", names) == []
    assert meant("🎉", names) == []
