"""The first issue's own list, over the real seed: each test is one thing that a new user was promised."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from bot.rules.stamps import parse_stamp
from tests.cli.program import Run, do, first_quote, pullquote

READY_AIM = "/quote fire ready aim approach instead of ready aim fire"
LINE_17 = "We should adopt like a fire ready aim approach instead of a ready aim fire approach."
WITHHOLD = (
    "/pullquote withhold adopt like a fire ready aim approach instead of a ready aim fire approach"  # spoken at 0:17
)


@pytest.fixture(scope="module")
def seeded(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Run]:
    data = tmp_path_factory.mktemp("seed") / "data"
    return data, pullquote(data, "import", *seed(shared), "--show", "high-agency", "--json")


@pytest.fixture
def copied(seeded: tuple[Path, Run], tmp_path: Path) -> Path:
    """A copy of the imported seed that a test may change."""
    return Path(shutil.copytree(seeded[0], tmp_path / "data"))


def seed(shared: Path) -> list[Path]:
    return sorted((shared / "seed").glob("*.txt"))


def test_the_seed_lands_whole(seeded: tuple[Path, Run]) -> None:
    _, run = seeded
    [episode] = run.json["episodes"]
    assert (run.code, run.json["problems"]) == (0, [])
    assert episode["title"] == "What is an AI Engineer?"
    assert (episode["chapters"], episode["highlights"], episode["turns"]) == (9, 4, 198)
    assert episode["speakers"] == {"Shawn Wang": 135, "Raza Habib": 63}


def test_a_misremembered_line_is_found_verbatim_with_how_sure_it_is(seeded: tuple[Path, Run]) -> None:
    reply = do(seeded[0], READY_AIM)
    assert first_quote(reply) == {
        "text": LINE_17,
        "speaker": "Shawn Wang",
        "show": "High Agency",
        "episode": "What is an AI Engineer?",
        "moment": "0:17",
        "url": None,
    }
    assert "close" in reply["text"]


@pytest.mark.parametrize(
    ("words", "near_s"),
    [
        pytest.param("cost of 70 mmlu goes down five to ten x every year", 2530, id="the-transcript-not-the-page"),
        pytest.param("gradient descent is performed in the marketplace of the user", 1690, id="over-two-turns"),
    ],
)
def test_a_half_remembered_line_of_the_seed_is_found(seeded: tuple[Path, Run], words: str, near_s: int) -> None:
    reply = do(seeded[0], f"/quote {words}")
    assert reply["outcome"] == "found"
    start_s = parse_stamp(first_quote(reply)["moment"].removeprefix("≈ "))
    # The sentence around the words begins up to a quarter of a minute before them.
    assert start_s == pytest.approx(near_s, abs=15)


@pytest.mark.parametrize(
    ("asked", "title"),
    [
        pytest.param("3", "Chapter 3: Skills and characteristics of AI Engineers", id="by-number"),
        pytest.param("12:15", "Chapter 4: Team composition for AI products", id="by-time"),
        pytest.param("team composition", "Chapter 4: Team composition for AI products", id="by-topic"),
    ],
)
def test_a_chapter_of_the_seed_is_named(seeded: tuple[Path, Run], asked: str, title: str) -> None:
    assert do(seeded[0], f"/chapter {asked}")["title"].startswith(title)


def test_words_that_nobody_said_fit_nothing(seeded: tuple[Path, Run]) -> None:
    reply = do(seeded[0], "/quote colourless green ideas sleep furiously")
    assert reply["outcome"] == "nothing_fits"
    assert reply["text"].startswith("Nothing")


def test_withholding_shows_the_line_and_asks_first(copied: Path) -> None:
    asked = do(copied, WITHHOLD)
    assert first_quote(asked)["text"] == LINE_17
    assert asked["outcome"] != "done"
    assert first_quote(do(copied, READY_AIM))["text"] == LINE_17


def test_a_withheld_line_stays_hidden_through_import_and_rebuild_until_it_is_undone(copied: Path, shared: Path) -> None:
    assert do(copied, f"{WITHHOLD} yes:true")["outcome"] == "done"
    assert_hidden(copied)
    again = pullquote(copied, "import", *seed(shared), "--show", "high-agency", "--json").json
    assert [one["outcome"] for one in again["episodes"]] == ["same"]
    assert pullquote(copied, "index", "rebuild").code == 0
    assert_hidden(copied)
    assert do(copied, "/pullquote undo")["outcome"] == "done"
    assert first_quote(do(copied, READY_AIM))["text"] == LINE_17


def assert_hidden(data: Path) -> None:
    """The line at 0:17 is shown by no way there is; the one near 27:50 answers in its place."""
    reply = do(data, READY_AIM)
    assert first_quote(reply)["moment"] == "≈ 27:50"
    script = "/chapter 1\n/quote 0:17\n/quote We should adopt like a fire ready aim approach\n" + "/quote\n" * 12
    shown = [
        json.dumps(reply),
        pullquote(data, "search", LINE_17.lower(), "--json").out,
        pullquote(data, "summary", "latest", "--json").out,
        pullquote(data, "console", stdin=script).out,
    ]
    for out in shown:
        assert LINE_17 not in " ".join(out.split())


def test_a_fixed_line_is_shown_as_fixed_through_import_and_rebuild(copied: Path, shared: Path) -> None:
    right = "We should adopt a fire, ready, aim approach instead of ready, aim, fire."
    line = WITHHOLD.replace("withhold", "fix", 1)
    assert do(copied, f'{line} text:"{right}" yes:true')["outcome"] == "done"
    before = do(copied, READY_AIM)
    assert first_quote(before)["text"] == right
    assert "Corrected here by a moderator" in before["plain"]
    pullquote(copied, "import", *seed(shared), "--show", "high-agency")
    assert pullquote(copied, "index", "rebuild").code == 0
    after = do(copied, READY_AIM)
    assert (first_quote(after)["text"], after["plain"]) == (right, before["plain"])
