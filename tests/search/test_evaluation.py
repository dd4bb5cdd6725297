"""Evaluation: what counts as right, and the figures over the developer set's form."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain import Also, Hit
from bot.errors import UsageError
from bot.ports import QuoteIndex, Storage
from bot.services.evaluation import Moment, evaluate, is_right, moments, rank_of_right, source_paragraphs
from bot.services.quotes import Ask, Quotes
from tests.search.stock import add
from tests.storage.build import MEMBER

ROW = {
    "ep": "harbour/one",
    "i": 3,
    "also": [1],
    "verbatim": "lit a fire on the rocks",
    "queries": {"fragment": "fire on the rocks", "gist": "something about soup"},
}
SOURCE = (
    "Ann: Hello.",
    "Bo: I once kept a lighthouse for nine winters.",
    "Ann: And?",
    "Bo: So I lit a fire on the rocks.",
)


async def hit_for(storage: Storage, index: QuoteIndex, words: str) -> Hit:
    await add(storage, index)
    return (await Quotes(storage, index).find(MEMBER, Ask(words))).hits[0]


def paragraph(episode: str, place: int) -> str | None:
    return SOURCE[place] if episode == "harbour/one" else None


def moment(**changed: object) -> Moment:
    [one] = moments(json.dumps(ROW | changed).encode(), paragraph)
    return one


async def test_a_hit_is_right_when_half_of_its_trigrams_stand_in_the_paragraph(
    storage: Storage, index: QuoteIndex
) -> None:
    right = await hit_for(storage, index, "lit a fire on the rocks")
    assert is_right(right, moment())
    assert is_right(right, moment(i=1, also=[3]))
    assert not is_right(right, moment(i=0, also=[]))
    assert not is_right(right, moment(ep="harbour/two", verbatim=right.text))
    assert rank_of_right([right], moment()) == 1
    assert rank_of_right([], moment()) == 0


async def test_a_hit_is_right_by_the_episodes_that_it_names_too(storage: Storage, index: QuoteIndex) -> None:
    hit = await hit_for(storage, index, "lit a fire on the rocks")
    elsewhere = replace(hit, episode=replace(hit.episode, key="two"), also=(Also(hit.episode, None),))
    assert is_right(elsewhere, moment())
    assert not is_right(replace(elsewhere, also=()), moment())


async def test_every_kind_has_its_figures(storage: Storage, index: QuoteIndex) -> None:
    await add(storage, index)
    data = "\n\n".join([json.dumps(ROW), json.dumps(ROW)]).encode()
    figures = await evaluate(Quotes(storage, index), MEMBER, data, paragraphs=paragraph)
    assert (figures["fragment"].n, figures["fragment"].r1, figures["fragment"].mrr) == (2, 1.0, 1.0)
    assert figures["gist"].r10 == 0
    assert 0 < figures["fragment"].p50_ms <= figures["fragment"].p99_ms


@pytest.mark.parametrize("row", ["{", "[]", "1", '{"ep": "x"}', '{"ep": "x", "i": "y", "verbatim": "", "queries": {}}'])
def test_a_row_that_cannot_be_read_is_named(row: str) -> None:
    with pytest.raises(UsageError, match="line 2"):
        list(moments(f"{json.dumps(ROW)}\n{row}".encode(), paragraph))


def test_paragraphs_are_counted_as_the_developer_set_counts_them(shared: Path) -> None:
    rows = [json.loads(row) for row in (shared / "bench/quotes_dev.jsonl").read_text("utf-8").splitlines()]
    for row in rows[:30]:
        text = (shared / "corpus/changelog" / f"{row['ep']}.md").read_text("utf-8")
        start = " ".join(row["verbatim"].split()[:4])
        assert start in source_paragraphs(text)[row["i"]].replace("\\", ""), row["ep"]
