"""Quotes: half-remembered words in, verbatim visible lines out, over a real storage and a real index."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from bot.domain import (
    DEFAULT_COMMUNITY,
    Alias,
    CommunityId,
    Edition,
    EpisodeId,
    Fix,
    Level,
    Place,
    Viewer,
    Withhold,
)
from bot.errors import NotFound
from bot.ports import LineRange, QuoteIndex, Storage
from bot.services.quotes import Ask, Found, Quotes
from tests.search.said import episode, lines
from tests.search.stock import add
from tests.storage.build import MEMBER, TURNS, Turns, episode_import, stored


def said(found: Found) -> list[str]:
    return [hit.text for hit in found.hits]


async def test_half_remembered_words_find_the_whole_line(quotes: Quotes, storage: Storage, index: QuoteIndex) -> None:
    one = await add(storage, index)
    found = await quotes.find(MEMBER, Ask("i lit fire on the rock and waved a latern"))
    hit = found.hits[0]
    assert found.fits
    assert hit.text == "So I lit a fire on the rocks and waved a lantern until dawn."
    assert (hit.episode.id, hit.speaker, hit.confidence) == (one, "Bo", "close")
    assert hit.start_s is not None
    assert hit.url == f"https://harbour.example/one#t={int(hit.start_s)}"


async def test_words_as_said_are_exact(quotes: Quotes, storage: Storage, index: QuoteIndex) -> None:
    await add(storage, index)
    found = await quotes.find(MEMBER, Ask("kept a lighthouse for nine winters"))
    assert (found.hits[0].confidence, said(found)[0]) == ("exact", "I once kept a lighthouse for nine winters.")


async def test_what_nobody_said_does_not_fit(quotes: Quotes, storage: Storage, index: QuoteIndex) -> None:
    await add(storage, index)
    found = await quotes.find(MEMBER, Ask("colourless green ideas sleep furiously on a lamp"))
    assert not found.fits


async def test_a_quote_runs_over_two_turns_of_one_speaker(quotes: Quotes, storage: Storage, index: QuoteIndex) -> None:
    turns: Turns = (("Bo", "It is the gradient descent."), ("Bo", "is performed in the marketplace."), ("Ann", "Yes."))
    await add(storage, index, turns=turns)
    found = await quotes.find(MEMBER, Ask("gradient descent is performed in the marketplace"))
    assert said(found)[0] == "It is the gradient descent. is performed in the marketplace."
    assert len(found.hits[0].lines) == 2


async def test_a_quote_over_the_border_of_two_passages_is_found_whole(
    quotes: Quotes, storage: Storage, index: QuoteIndex
) -> None:
    filler = " ".join(["Sand and salt and wind again."] * 18)
    long = (
        f"{filler} {'The keeper counted ships ' * 12}until the violet signal. {'It burned over water ' * 12}all night."
    )
    await add(storage, index, turns=(("Bo", f"{long} {filler}"),))
    found = await quotes.find(MEMBER, Ask("ships until the violet signal it burned over water"))
    assert "violet signal. It burned over water" in said(found)[0]


async def test_filters_narrow(quotes: Quotes, storage: Storage, index: QuoteIndex) -> None:
    one = await add(storage, index)
    two = await add(storage, index, "two", (("Cy", "I lit a fire on the roof."),), slug="tower")
    words = "lit a fire on the"

    async def where(**only: object) -> set[EpisodeId]:
        found = await quotes.find(MEMBER, Ask(words, **only))  # type: ignore[arg-type]
        return {hit.episode.id for hit in found.hits if "fire" in hit.text}

    assert await where() == {one, two}
    assert await where(show="tower") == {two}
    assert await where(episode=one) == {one}
    assert await where(speaker="bo") == {one}
    assert await where(speaker="Ann") == set()
    with pytest.raises(NotFound, match="Cyrus"):
        await where(speaker="Cyrus")
    with pytest.raises(NotFound):
        await where(show="nowhere")


async def test_a_speaker_is_found_by_the_name_that_the_community_gave(
    quotes: Quotes, storage: Storage, index: QuoteIndex
) -> None:
    one = await add(storage, index)
    show = (await storage.shows(MEMBER))[0].id
    await storage.put(DEFAULT_COMMUNITY, Alias("a" * 12, show, "Bo", "Bodil Hansen", None), "test")
    for name in ("Bodil Hansen", "bodil", "hanson", "Bo"):
        found = await quotes.find(MEMBER, Ask("lit a fire", speaker=name))
        assert [(hit.episode.id, hit.speaker) for hit in found.hits[:1]] == [(one, "Bodil Hansen")]


async def test_another_community_finds_nothing(quotes: Quotes, storage: Storage, index: QuoteIndex) -> None:
    await add(storage, index)
    found = await quotes.find(Viewer(CommunityId("other")), Ask("lit a fire on the rocks"))
    assert found == Found((), False)


async def test_a_withheld_line_is_not_found(quotes: Quotes, storage: Storage, index: QuoteIndex) -> None:
    await add(storage, index)
    hit = (await quotes.find(MEMBER, Ask("lit a fire on the rocks"))).hits[0]
    anchor = await storage.anchor(MEMBER, LineRange(hit.episode.id, hit.lines[0].n, hit.lines[0].n))
    assert anchor is not None
    await storage.put(DEFAULT_COMMUNITY, Withhold("w" * 12, Level.hidden, anchor), "test")
    found = await quotes.find(MEMBER, Ask("lit a fire on the rocks and waved a lantern"))
    assert not found.fits
    assert not any("lantern" in text for text in said(found))
    assert await quotes.by_anchor(MEMBER, anchor) is None


async def test_a_fixed_line_is_found_by_its_new_words_alone(
    quotes: Quotes, storage: Storage, index: QuoteIndex
) -> None:
    await add(storage, index)
    hit = (await quotes.find(MEMBER, Ask("lit a fire on the rocks"))).hits[0]
    anchor = await storage.anchor(MEMBER, LineRange(hit.episode.id, hit.lines[0].n, hit.lines[0].n))
    assert anchor is not None
    await storage.put(DEFAULT_COMMUNITY, Fix("f" * 12, anchor, "text", "So I blew a trumpet at the cliffs."), "test")
    found = await quotes.find(MEMBER, Ask("blew the trumpet at cliffs"))
    assert found.fits
    assert said(found)[0] == "So I blew a trumpet at the cliffs."
    assert found.hits[0].lines[0].fixed
    old = await quotes.find(MEMBER, Ask("lit a fire on the rocks and waved a lantern"))
    assert not old.fits
    only = await quotes.find(MEMBER, Ask("blew the trumpet at cliffs", show="harbour", speaker="bo"))
    assert said(only)[0] == "So I blew a trumpet at the cliffs."


async def test_a_stale_index_shows_nothing_that_is_not_stored(
    quotes: Quotes, storage: Storage, index: QuoteIndex
) -> None:
    await add(storage, index)
    await stored(storage, episode_import("one", (("Ann", "Only this is left."),)))
    found = await quotes.find(MEMBER, Ask("lit a fire on the rocks and waved a lantern"))
    assert set(said(found)) <= {"Only this is left."}
    assert not found.fits


async def test_an_index_of_episodes_that_are_not_stored_shows_nothing(
    quotes: Quotes, storage: Storage, index: QuoteIndex
) -> None:
    await add(storage, index)
    [show] = await storage.shows(MEMBER)
    writer = index.writer()
    writer.replace(episode(77, lines("A ghost ship came by.", "It was the ghost ship."), show.id))
    writer.commit(1)
    writer.close()
    assert (await quotes.find(MEMBER, Ask("ghost ship"))).hits == ()


async def test_the_same_passage_elsewhere_is_named_once(quotes: Quotes, storage: Storage, index: QuoteIndex) -> None:
    await add(storage, index)
    two = await add(storage, index, "two", TURNS, slug="tower")
    found = await quotes.find(MEMBER, Ask("lit a fire on the rocks"))
    assert said(found).count("So I lit a fire on the rocks and waved a lantern until dawn.") == 1
    episodes = {found.hits[0].episode.id, *(one.episode.id for one in found.hits[0].also)}
    assert two in episodes
    assert len(episodes) == 2


async def test_the_line_at_a_moment(quotes: Quotes, storage: Storage, index: QuoteIndex) -> None:
    one = await storage.episode(MEMBER, await add(storage, index))
    assert one is not None
    stored_lines = await storage.lines(MEMBER, one.id)
    third = stored_lines[2].start_s
    assert third is not None
    hit, early = await quotes.at(MEMBER, one, third + 0.2), await quotes.at(MEMBER, one, -5.0)
    assert hit is not None
    assert early is not None
    assert (hit.text, early.text) == (stored_lines[2].text, stored_lines[0].text)
    assert (await quotes.at(MEMBER, one, 1e6)) is None


async def test_a_quote_is_found_again_by_its_anchor_with_its_neighbours(
    quotes: Quotes, storage: Storage, index: QuoteIndex
) -> None:
    await add(storage, index)
    hit = (await quotes.find(MEMBER, Ask("lit a fire on the rocks"))).hits[0]
    anchor = await storage.anchor(MEMBER, LineRange(hit.episode.id, hit.lines[0].n, hit.lines[0].n))
    assert anchor is not None
    again = await quotes.by_anchor(MEMBER, anchor)
    assert again is not None
    assert (again.text, again.start_s, again.url) == (hit.text, hit.start_s, hit.url)
    around = await quotes.around(MEMBER, again, 1, 5)
    assert [line.n for line in around] == [hit.lines[0].n - 1, hit.lines[0].n]


async def test_quotes_of_a_private_show_link_the_page_and_never_the_enclosure(
    quotes: Quotes, storage: Storage, index: QuoteIndex
) -> None:
    one = await add(storage, index)
    [show] = await storage.shows(MEMBER)
    place = Place("discord", "guild", "patrons")
    await storage.put_show(DEFAULT_COMMUNITY, replace(show, private=True, places=(place,)))
    inside, ask = replace(MEMBER, place=place), Ask("lit a fire on the rocks")
    enclosure, page = Edition("audio", "https://cdn.test/secret/1.mp3"), Edition("page", "https://harbour.example/one")
    for editions, start in (((enclosure,), None), ((enclosure, page), "https://harbour.example/one#t=")):
        # Straight into storage: an import through the service would have read the page and kept it.
        await storage.save_episode(DEFAULT_COMMUNITY, show.id, episode_import(editions=editions))
        hit = (await quotes.find(inside, ask)).hits[0]
        assert hit.episode.id == one
        assert (hit.url or "").startswith(start) if start else hit.url is None
        assert "secret" not in repr(hit)
        assert "secret" not in repr(await quotes.at(inside, hit.episode, 3.0))
    assert (await quotes.find(MEMBER, ask)).hits == ()


HOSTILE = {
    "empty": "",
    "blank": " \n\t ",
    "stop words": "the and of to it",
    "emoji": "🎉🎉",
    "right to left": "\u202ekcor\u202d fire",
    "syntax": '+fire -"lamp" (x) *~2 : AND OR NOT',
    "regex": ".*[a-z]+(",
    "nul": "fire\x00lamp",
    "half a character": "fire \ud800",
    "long word": "a" * 10_000,
    "many words": "fire lamp rocks " * 700,
    "many stop words": "the of and to a in is it you that " * 300,
    "quotes": "'" * 10_000,
}


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE.keys())
async def test_nothing_that_is_typed_breaks_or_stalls(
    quotes: Quotes, storage: Storage, index: QuoteIndex, words: str
) -> None:
    await add(storage, index)
    began = time.perf_counter()
    found = await quotes.find(MEMBER, Ask(words))
    assert time.perf_counter() - began < 30  # a guard against a stall, not a timing
    assert all(len(hit.text) <= 500 for hit in found.hits)


async def test_a_limit_is_kept(quotes: Quotes, storage: Storage, index: QuoteIndex) -> None:
    await add(storage, index)
    assert len((await quotes.find(MEMBER, Ask("the lamp the fire a lighthouse", limit=2))).hits) == 2
    assert (await quotes.find(MEMBER, Ask("fire", limit=0))).hits == ()
