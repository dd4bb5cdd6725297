"""Which files are one episode, and which stored one they are."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain import Episode, EpisodeId, Parsed, ShowId, Turn
from bot.rules.identity import Group, Piece, group_pieces, key_of, number_of

SAID = (Turn("A kite is a wing."),)
MAY = datetime(2024, 5, 1, tzinfo=UTC)


def transcript(stem: str, format: str = "srt", **parts: object) -> Piece:
    parsed = replace(Parsed(format, turns=SAID), **parts)  # type: ignore[arg-type]
    return Piece(f"{stem}.{format}", stem, parsed)


def notes(stem: str, **parts: object) -> Piece:
    return Piece(f"{stem}.md", stem, replace(Parsed("notes"), **parts))  # type: ignore[arg-type]


def item(**parts: object) -> Piece:
    return Piece("feed.xml", None, replace(Parsed("feed"), **parts))  # type: ignore[arg-type]


def stored(key: str, **parts: object) -> Episode:
    episode = Episode(EpisodeId(f"id-{key}"), ShowId("s"), "s", "S", key, f"Stored {key}", lines=1)
    return replace(episode, **parts)  # type: ignore[arg-type]


def files(group: Group) -> set[str]:
    return {piece.file for piece in group.pieces}


def test_a_page_with_the_transcript_names_the_episode_by_its_title() -> None:
    assert key_of(transcript("000_fd52", "page", title="What is an AI Engineer?")) == "what-is-an-ai-engineer"


def test_any_other_transcript_names_the_episode_by_its_stem() -> None:
    assert key_of(transcript("Syntax58", title="Advice for Starters")) == "Syntax58"


def test_a_feed_item_names_the_episode_by_its_title_else_its_guid() -> None:
    assert key_of(item(title="Old Kites", guid="g/1")) == "old-kites"
    assert key_of(item(guid="Tag:G/1")) == "tag-g-1"
    assert key_of(item()) == "episode"


def test_a_number_is_read_from_the_file_else_from_either_end_of_its_stem() -> None:
    assert number_of(notes("x12", number=3)) == 3
    assert number_of(transcript("Syntax58")) == 58
    assert number_of(notes("058 - Advice")) == 58
    assert number_of(notes("ep 7 - Kites")) == 7
    assert number_of(notes("kites")) is None


def test_a_transcript_and_the_notes_of_its_number_are_one_episode() -> None:
    [group] = group_pieces([notes("058 - Advice"), transcript("Syntax58")], [])
    assert (group.key, group.reason, group.confidence) == ("Syntax58", "same number 58", 0.8)
    assert len(group.pieces) == 2


def test_two_transcripts_of_one_number_stay_two_episodes() -> None:
    groups = group_pieces([transcript("talk-58"), transcript("bonus-58")], [])
    assert [group.key for group in groups] == ["talk-58", "bonus-58"]


def test_a_number_that_two_notes_claim_joins_neither() -> None:
    groups = group_pieces([transcript("Syntax58"), notes("058 - Advice"), notes("058 - Errata")], [])
    assert len(groups) == 3


def test_files_of_one_stem_are_one_episode() -> None:
    [group] = group_pieces([transcript("kites", "vtt"), notes("kites"), transcript("kites")], [])
    assert files(group) == {"kites.vtt", "kites.md", "kites.srt"}
    assert group.confidence == 1.0


def test_a_feed_item_finds_the_transcript_by_title() -> None:
    [group] = group_pieces([item(title="All about Kites", guid="g1"), transcript("k", title="All About Kites")], [])
    assert (group.key, group.reason, group.confidence) == ("k", "same title", 0.9)


def test_one_title_years_apart_is_two_episodes() -> None:
    first = item(title="Best of", guid="a", published=MAY)
    later = item(title="Best of", guid="b", published=MAY + timedelta(days=365))
    # The slug of a feed's title is its key too, so only the guids could tell: here stored dates do.
    old = stored("x1", title="Best of", published=MAY)
    groups = group_pieces([replace(later, key=None)], [old])
    assert groups[0].existing is None
    assert group_pieces([first], [old])[0].existing == old


def test_a_guid_finds_the_stored_episode_whatever_else_changed() -> None:
    old = stored("kites", guid="g1", number=4)
    [group] = group_pieces([item(title="A New Name", guid="g1", number=9)], [old])
    assert (group.existing, group.key, group.reason) == (old, "kites", "same guid")


def test_the_same_file_again_finds_its_stored_episode_by_key() -> None:
    old = stored("Syntax58")
    [group] = group_pieces([transcript("Syntax58")], [old])
    assert group.existing == old
    assert group.reason == "same key Syntax58"


def test_another_transcript_never_joins_a_transcribed_episode_by_number_alone() -> None:
    [group] = group_pieces([transcript("bonus-58")], [stored("Syntax58", number=58)])
    assert (group.existing, group.key) == (None, "bonus-58")


def test_notes_join_a_stored_episode_by_its_number() -> None:
    old = stored("Syntax58", number=58)
    [group] = group_pieces([notes("058 - Advice")], [old])
    assert (group.existing, group.confidence) == (old, 0.8)


def test_a_map_says_which_episode_a_file_is_and_no_guess_overrules_it() -> None:
    mapped = replace(transcript("part-58"), key="the-long-one")
    groups = group_pieces([mapped, transcript("Syntax58")], [stored("old", number=58)])
    assert [group.key for group in groups] == ["the-long-one", "Syntax58"]
    assert groups[0].existing is None


def test_a_taken_key_gets_a_number_of_its_own() -> None:
    groups = group_pieces([item(guid="!!", number=1), item(guid="??", number=2)], [])
    assert len({group.key for group in groups}) == len(groups)


_WORDS = st.sampled_from(["kites", "Syntax58", "058 - Advice", "old kites", "7", "ep 7", "KITES", "é", "!"])
_PARSED = st.builds(
    Parsed,
    st.sampled_from(["page", "srt", "notes", "feed", "json-chapters"]),
    title=st.none() | _WORDS,
    number=st.none() | st.integers(0, 60),
    guid=st.none() | st.sampled_from(["g1", "g2", ""]),
    published=st.none() | st.sampled_from([MAY, MAY + timedelta(days=400)]),
    turns=st.sampled_from([(), SAID]),
)
_PIECES = st.lists(st.builds(Piece, _WORDS, st.none() | _WORDS, _PARSED, st.none() | st.just("mapped")), max_size=12)
_STORED = st.lists(
    st.builds(
        stored,
        _WORDS,
        title=_WORDS,
        number=st.none() | st.integers(0, 60),
        guid=st.none() | st.sampled_from(["g1", "g2"]),
        published=st.none() | st.just(MAY),
        lines=st.integers(0, 1),
    ),
    max_size=4,
    unique_by=(lambda one: one.key, lambda one: one.guid or one.key),
)


@given(_PIECES, _STORED)
def test_every_piece_is_in_exactly_one_group_and_no_two_groups_share_a_key(
    pieces: list[Piece], episodes: list[Episode]
) -> None:
    groups = group_pieces(pieces, episodes)
    placed = [piece for group in groups for piece in group.pieces]
    assert sorted(map(id, placed)) == sorted(map(id, pieces))
    keys = [group.key for group in groups]
    assert len(set(keys)) == len(keys)
    assert all(keys)


@given(_PIECES, _STORED)
def test_a_stored_episode_keeps_its_key_and_a_new_one_never_takes_it(
    pieces: list[Piece], episodes: list[Episode]
) -> None:
    taken = {episode.key for episode in episodes}
    for group in group_pieces(pieces, episodes):
        assert 0 < group.confidence <= 1
        assert group.key == group.existing.key if group.existing else group.key not in taken
