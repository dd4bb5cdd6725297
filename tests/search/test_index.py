"""The index: what is written is found, by whom, and what a kill or damage leaves."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.domain import ShowId
from bot.errors import IndexBusy, PullquoteError
from bot.ports import IndexQuery, QuoteIndex
from storage.index import open_index, state
from tests.search.said import SHOW, episode, lines

KEEPER = lines("So I lit a fire on the rocks.", "We had no radio at all.", speaker="Bo")
GREETING = lines("Welcome to the harbour.", "Today we talk about languages.", speaker="Ann")


def fill(index: QuoteIndex, seen: int = 1) -> None:
    writer = index.writer()
    writer.replace(episode(1, KEEPER))
    writer.replace(episode(2, GREETING, ShowId("tower")))
    writer.commit(seen)
    writer.close()


def found(index: QuoteIndex, words: str, **only: object) -> list[str]:
    shows = only.pop("shows", frozenset({SHOW, ShowId("tower")}))
    query = IndexQuery(words, shows, **only)  # type: ignore[arg-type]
    return [one.text for one in index.candidates(query)]


def test_an_index_that_is_not_there_finds_nothing(index: QuoteIndex) -> None:
    assert index.seen() == 0
    assert found(index, "fire") == []
    assert index.rarity(["fire"])["fire"] > 0


def test_opening_an_index_makes_nothing(tmp_path: Path) -> None:
    open_index(tmp_path / "index").seen()
    assert not (tmp_path / "index").exists()


def test_what_is_committed_is_found(index: QuoteIndex) -> None:
    fill(index, 7)
    [one] = index.candidates(IndexQuery("fires on a rock", frozenset({SHOW})))
    assert (one.episode, one.first_line, one.last_line) == (episode(1, ()).id, 0, 1)
    assert "lit a fire on the rocks" in one.text
    assert index.seen() == 7


def test_nothing_is_seen_before_the_commit(index: QuoteIndex) -> None:
    writer = index.writer()
    writer.replace(episode(1, KEEPER))
    assert found(index, "fire") == []
    writer.close()
    assert index.seen() == 0
    assert found(index, "fire") == []


def test_readers_follow_new_commits(index: QuoteIndex, tmp_path: Path) -> None:
    fill(index)
    other = open_index(tmp_path / "index")
    assert len(found(other, "fire")) == 1
    writer = index.writer()
    writer.replace(episode(1, lines("The lamp went out.")))
    writer.commit(2)
    assert found(other, "fire") == []
    assert len(found(other, "lamp")) == 1
    assert other.seen() == 2
    writer.close()


def test_replacing_twice_is_as_once(index: QuoteIndex) -> None:
    fill(index)
    fill(index)
    assert len(found(index, "fire")) == 1


def test_a_removed_episode_is_gone(index: QuoteIndex) -> None:
    fill(index)
    writer = index.writer()
    writer.remove(episode(1, ()).id)
    writer.commit(2)
    writer.close()
    assert found(index, "fire") == []
    assert len(found(index, "harbour")) == 1


def test_a_cleared_index_is_seen_whole_until_the_new_one_is_committed(index: QuoteIndex) -> None:
    fill(index, 9)
    writer = index.writer()
    writer.clear()
    writer.replace(episode(3, lines("The lamp went out.")))
    assert len(found(index, "fire")) == 1
    assert index.seen() == 9
    writer.commit(3)
    writer.close()
    assert found(index, "fire") == []
    assert len(found(index, "lamp")) == 1
    assert index.seen() == 3


def test_a_rebuild_that_is_given_up_changes_nothing(index: QuoteIndex) -> None:
    fill(index, 9)
    writer = index.writer()
    writer.clear()
    writer.close()
    assert len(found(index, "fire")) == 1
    assert index.seen() == 9


def test_old_files_are_swept(index: QuoteIndex, tmp_path: Path) -> None:
    for seen in (1, 2, 3):
        writer = index.writer()
        writer.clear()
        writer.replace(episode(1, KEEPER))
        writer.commit(seen)
        writer.close()
    assert len(list((tmp_path / "index").glob("passages-*"))) == 1
    assert len(found(index, "fire")) == 1


def test_only_one_writes(index: QuoteIndex, tmp_path: Path) -> None:
    writer = index.writer()
    with pytest.raises(IndexBusy):
        open_index(tmp_path / "index").writer()
    writer.close()
    open_index(tmp_path / "index").writer().close()


def test_filters_narrow(index: QuoteIndex) -> None:
    fill(index)
    words = "fire harbour languages radio"
    assert len(found(index, words)) == 2
    assert len(found(index, words, shows=frozenset({SHOW}))) == 1
    assert found(index, words, shows=frozenset({ShowId("other")})) == []
    assert found(index, words, shows=frozenset()) == []
    assert len(found(index, words, episode=episode(2, ()).id)) == 1
    assert len(found(index, words, speakers=frozenset({"ann"}))) == 1
    assert found(index, words, speakers=frozenset({"Cy"})) == []


@pytest.mark.parametrize("typed", ["langauge", "lnaguages", "wellcome", "harbor", "rocsk"])
def test_a_misspelt_word_is_found(index: QuoteIndex, typed: str) -> None:
    fill(index)
    assert len(found(index, typed)) == 1


def test_a_word_is_found_without_its_apostrophe_or_accent(index: QuoteIndex) -> None:
    writer = index.writer()
    writer.replace(episode(1, lines("Don’t call Clément.")))
    writer.commit(1)
    writer.close()
    assert len(found(index, "dont")) == len(found(index, "CLEMENT")) == 1


def test_rare_words_are_rarer(index: QuoteIndex) -> None:
    writer = index.writer()
    for number in range(9):
        writer.replace(episode(number, lines("We had a lamp." if number else "We had no lamp but a lantern.")))
    writer.commit(1)
    writer.close()
    rare = index.rarity(["lamp", "lantern", "submarine"])
    assert 0 <= rare["lamp"] < rare["lantern"] < rare["submarine"]


HOSTILE = ["", " ", "the", "🎉", "\u202e", "\x00", "\ud800", "+a -b", 'text:"x"~2', "AND OR NOT", ".*(", "x" * 10_000]


@pytest.mark.parametrize("words", [*HOSTILE, "the " * 2_500, "é" * 5_000, "* ? ^ [ ] { } \\ / ||"])
def test_nothing_that_is_typed_breaks_a_search(index: QuoteIndex, words: str) -> None:
    fill(index)
    found(index, words)
    index.rarity(words.split())


def test_an_index_of_another_version_is_none_and_is_built_anew(index: QuoteIndex, tmp_path: Path) -> None:
    fill(index, 5)
    path = tmp_path / "index" / "state.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"version": state.VERSION + 1}))
    assert index.seen() == 0
    assert found(index, "fire") == []
    fill(index, 6)
    assert index.seen() == 6
    assert len(found(index, "fire")) == 1


def test_a_kill_between_commit_and_state_is_made_good_by_applying_again(index: QuoteIndex, tmp_path: Path) -> None:
    fill(index, 5)
    known = state.read(tmp_path / "index")
    assert known is not None
    state.write(tmp_path / "index", state.State(known.folder, 4))
    assert index.seen() == 4
    fill(index, 5)
    assert len(found(index, "fire")) == 1


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '{"folder": "../x", "seen": 1, "version": 1}', "[" * 100_000])
def test_a_state_that_cannot_be_read_is_no_index(index: QuoteIndex, tmp_path: Path, body: str) -> None:
    fill(index)
    (tmp_path / "index" / "state.json").write_text(body)
    assert index.seen() == 0
    assert found(index, "fire") == []
    fill(index, 3)
    assert index.seen() == 3


@pytest.mark.parametrize("ending", ["meta.json", ".term", ".idx", ".store", ".fast"])
def test_a_damaged_index_gives_one_clear_error_and_can_be_built_anew(
    index: QuoteIndex, tmp_path: Path, ending: str
) -> None:
    fill(index, 5)
    for path in (tmp_path / "index").rglob(f"*{ending}"):
        path.write_bytes(path.read_bytes()[:10])
    other = open_index(tmp_path / "index")
    with pytest.raises(PullquoteError, match="index rebuild"):
        found(other, "fire")
    assert other.seen() == 0
    writer = other.writer()
    writer.clear()
    writer.replace(episode(1, KEEPER))
    writer.commit(6)
    writer.close()
    assert len(found(other, "fire")) == 1


def test_a_folder_that_cannot_be_written_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "index").write_text("a file")
    with pytest.raises(PullquoteError):
        open_index(tmp_path / "index").writer()
