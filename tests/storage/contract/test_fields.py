"""Every field that an episode, a show and a line may have comes back as it was stored, and None changes none of it."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import DEFAULT_COMMUNITY, Chapter, CommunityId, Edition, Episode, EpisodeImport, Highlight
from bot.ports import Storage
from storage.rows import line_rows
from tests.storage.build import MEMBER, OPERATOR, lines_of, shelved, show, transcript

OURS = DEFAULT_COMMUNITY
NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
FULL = EpisodeImport(
    "one",
    "One",
    number=0,
    season=2,
    guid="g",
    published=NOON,
    duration_s=12.3456789,
    summary="Short.",
    people=("Ann", "Bo"),
    editions=(
        Edition("youtube", "https://y.example/1", -12.25, premiere=True, exact=False),
        Edition("audio", "https://a.example/1"),
    ),
    chapters=(
        Chapter(1, 1 / 3, 2.5, "Start", "https://e.example/", "json", "https://e.example/1.png"),
        Chapter(2, 1.0, None, "Picture", hidden=True),
    ),
    highlights=(Highlight("Quote", 0.1 + 0.2, 1, 2, 5.5), Highlight("", 1.0, end_s=2.0)),
    transcript=transcript(),
    kind="trailer",
    explicit=False,
    image="https://e.example/i.png",
    withdrawn=NOON,
)


async def test_everything_of_an_import_comes_back(storage: Storage) -> None:
    home = await shelved(storage)
    saved = await storage.save_episode(OURS, home.id, FULL)
    [one] = await storage.episodes(MEMBER)
    assert await storage.episode(MEMBER, saved.episode) == one
    for field in fields(EpisodeImport):
        if field.name in {each.name for each in fields(Episode)}:
            assert getattr(one, field.name) == getattr(FULL, field.name), field.name
    assert one.explicit is False
    assert await storage.chapters(MEMBER, one.id, hidden=True) == list(FULL.chapters or ())
    assert await storage.highlights(MEMBER, one.id) == list(FULL.highlights or ())
    assert (await storage.save_episode(OURS, home.id, FULL)).outcome == "same"


async def test_an_import_that_says_only_its_title_changes_nothing_else(storage: Storage) -> None:
    home = await shelved(storage)
    saved = await storage.save_episode(OURS, home.id, FULL)
    before = await storage.episode(MEMBER, saved.episode)
    assert before is not None
    assert (await storage.save_episode(OURS, home.id, EpisodeImport("one", "One"))).outcome == "same"
    assert (await storage.save_episode(OURS, home.id, EpisodeImport("one", "Uno"))).outcome == "changed"
    assert await storage.episode(MEMBER, saved.episode) == replace(before, title="Uno")
    assert len(await storage.chapters(MEMBER, saved.episode, hidden=True)) == 2
    assert await storage.highlights(MEMBER, saved.episode) == list(FULL.highlights or ())
    assert len(await storage.lines(MEMBER, saved.episode)) == 8


async def test_a_transcript_that_arrives_later_leaves_the_facts(storage: Storage) -> None:
    home = await shelved(storage)
    saved = await storage.save_episode(OURS, home.id, replace(FULL, transcript=None, highlights=()))
    before = await storage.episode(MEMBER, saved.episode)
    assert before is not None
    later = await storage.save_episode(OURS, home.id, EpisodeImport("one", "One", transcript=transcript()))
    assert later.outcome == "changed"
    assert await storage.episode(MEMBER, saved.episode) == replace(before, lines=8)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("kind", "bonus", id="kind"),
        pytest.param("explicit", True, id="explicit"),
        pytest.param("image", "https://e.example/other.png", id="image"),
        pytest.param("number", 9, id="number"),
        pytest.param("summary", "", id="a summary taken away"),
        pytest.param("people", (), id="people taken away"),
        pytest.param("editions", (Edition("audio", "https://a.example/1", exact=False),), id="an edition's exactness"),
    ],
)
async def test_one_part_changes_alone(storage: Storage, name: str, value: object) -> None:
    home = await shelved(storage)
    saved = await storage.save_episode(OURS, home.id, FULL)
    before = await storage.episode(MEMBER, saved.episode)
    assert before is not None
    change = replace(EpisodeImport("one", "One"), **{name: value})  # type: ignore[arg-type]
    assert (await storage.save_episode(OURS, home.id, change)).outcome == "changed"
    after = await storage.episode(MEMBER, saved.episode)
    assert after == replace(before, **{name: value})  # type: ignore[arg-type]


async def test_withdrawn_is_set_and_cleared_only_when_said(storage: Storage) -> None:
    home = await shelved(storage)
    for said, withdrawn, outcome in (
        (None, None, "new"),
        (NOON, NOON, "changed"),
        (None, NOON, "same"),
        (False, None, "changed"),
        (False, None, "same"),
    ):
        saved = await storage.save_episode(OURS, home.id, EpisodeImport("one", "One", withdrawn=said))  # type: ignore[arg-type]
        one = await storage.episode(MEMBER, saved.episode)
        assert one is not None
        assert (one.withdrawn, saved.outcome) == (withdrawn, outcome)


async def test_hidden_chapters_are_told_only_when_asked_for_and_last(storage: Storage) -> None:
    home = await shelved(storage)
    listed = (Chapter(1, 0.0, 5.0, "Start"), Chapter(2, 9.0, None, "End"))
    hidden = (Chapter(3, 1.0, 2.0, "Picture", hidden=True),)
    saved = await storage.save_episode(OURS, home.id, EpisodeImport("one", "One", chapters=hidden + listed))
    assert await storage.chapters(MEMBER, saved.episode) == list(listed)
    assert await storage.chapters(MEMBER, saved.episode, hidden=True) == [*listed, *hidden]


async def test_garbled_lines_come_back_and_may_change_without_their_words(storage: Storage) -> None:
    home = await shelved(storage)
    said = transcript()
    marked = replace(said, lines=tuple(replace(line, garbled=line.n in (2, 3)) for line in said.lines))
    saved = await storage.save_episode(OURS, home.id, EpisodeImport("one", "One", transcript=marked))
    assert await storage.lines(MEMBER, saved.episode) == list(marked.lines)
    assert (await storage.save_episode(OURS, home.id, EpisodeImport("one", "One", transcript=marked))).outcome == "same"
    again = await storage.save_episode(OURS, home.id, EpisodeImport("one", "One", transcript=said))
    assert again.outcome == "changed"
    assert await storage.lines(MEMBER, saved.episode) == list(said.lines)


@given(st.booleans(), st.booleans())
def test_a_garbled_line_takes_one_bit_beside_exact(exact: bool, garbled: bool) -> None:
    line = replace(lines_of()[0], exact=exact, garbled=garbled)
    [row] = line_rows(1, replace(transcript(), lines=(line,)), {line.speaker: 0})
    assert row[6] in (0, 1, 2, 3)
    assert (row[6] in (1, 3), row[6] in (2, 3)) == (exact, garbled)


async def test_a_show_comes_back_with_what_is_its_own_and_what_is_the_shelfs(storage: Storage) -> None:
    ours = replace(
        show(),
        author="Ann",
        summary="Sea.",
        image="https://e.example/i.png",
        offset_s=12.5,
        link_template="{url}",
    )
    assert await storage.put_show(OURS, ours) == ours
    assert await storage.shows(OPERATOR) == [ours]
    await storage.shelve(CommunityId("other"), ours.id, "theirs")
    [theirs] = await storage.shows(replace(OPERATOR, community=CommunityId("other")))
    assert theirs == replace(ours, slug="theirs", offset_s=0.0, link_template=None)
    await storage.put_show(OURS, replace(ours, author="", summary="", image=None, offset_s=0.0, link_template=None))
    assert await storage.shows(OPERATOR) == [replace(ours, offset_s=0.0, link_template=None)], "no fact, no change"
