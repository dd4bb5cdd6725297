"""The command line as people and scripts meet it: the real program in a process of its own, over small own files."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.program import Run, do, first_quote, is_one_clear_line, pullquote

KITES = """WEBVTT

00:00:01.000 --> 00:00:05.000
<v Ann Lee>A kite is only a wing that somebody forgot to let go of.

00:00:06.000 --> 00:00:10.000
<v Bo Ray>Paper tears in the rain, so I build mine from old umbrellas.

00:00:31.000 --> 00:00:35.000
<v Ann Lee>Never fly a copper string anywhere near a thunderstorm.

00:00:36.000 --> 00:00:40.000
<v Bo Ray>My uncle did that twice and the second time he stopped talking about kites.
"""
CHAPTERS = {
    "version": "1.2.0",
    "title": "All About Kites",
    "chapters": [
        {"startTime": 0, "title": "Wings", "url": "https://example.com/wings"},
        {"startTime": 30, "title": "Thunder"},
    ],
}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("inputs") / "kite-talk"
    folder.mkdir()
    (folder / "kites-1.vtt").write_text(KITES, "utf-8")
    (folder / "kites-1.json").write_text(json.dumps(CHAPTERS), "utf-8")
    (folder / "broken.vtt").write_bytes(b"\x00\x01\x02\xff" * 40)
    return folder


@pytest.fixture(scope="module")
def imported(files: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Run]:
    """The data folder after one import, and what that import printed. Tests that change it take a copy."""
    data = tmp_path_factory.mktemp("kites") / "data"
    return data, pullquote(data, "import", files, "--json")


@pytest.fixture(scope="module")
def data(imported: tuple[Path, Run]) -> Path:
    return imported[0]


# --- import ------------------------------------------------------------------------------------------------


def test_an_import_reports_in_the_shape_of_the_contract(imported: tuple[Path, Run]) -> None:
    _, run = imported
    report = run.json
    assert run.code == 0
    assert {"show", "episodes", "problems", "seconds"} <= report.keys()
    assert report["show"] == "kite-talk"
    [episode] = report["episodes"]
    contract = {"episode", "title", "outcome", "turns", "lines", "chapters", "highlights", "speakers"}
    assert contract <= episode.keys()
    assert (episode["episode"], episode["title"], episode["outcome"]) == ("kites-1", "All About Kites", "new")
    assert (episode["turns"], episode["chapters"]) == (4, 2)
    assert episode["speakers"] == {"Ann Lee": 2, "Bo Ray": 2}
    [problem] = report["problems"]
    assert problem.keys() == {"file", "line", "reason"}
    assert problem["file"].endswith("broken.vtt")
    assert problem["reason"]


def test_an_import_of_which_nothing_lands_fails_and_lists_why(files: Path, tmp_path: Path) -> None:
    run = pullquote(
        tmp_path / "data", "import", files / "broken.vtt", tmp_path / "nowhere.vtt", "--show", "x", "--json"
    )
    assert run.code == 1
    assert run.json["episodes"] == []
    assert [Path(one["file"]).name for one in run.json["problems"]] == ["nowhere.vtt", "broken.vtt"]


def test_a_dry_run_shows_lines_and_stores_nothing(files: Path, tmp_path: Path) -> None:
    run = pullquote(tmp_path / "data", "import", files, "--dry-run")
    assert run.code == 0
    assert "| A kite is only a wing" in run.out
    assert "nothing was stored" in run.out
    doctor = pullquote(tmp_path / "data", "doctor", "--json").json
    assert {"state": "note", "check": "content"}.items() <= next(x for x in doctor if x["check"] == "content").items()


def test_a_show_without_a_letter_to_name_it_by_is_bad_usage(files: Path, tmp_path: Path) -> None:
    run = pullquote(tmp_path / "data", "import", files, "--show", "///")
    assert run.code == 2
    assert is_one_clear_line(run)


# --- do ----------------------------------------------------------------------------------------------------


def test_do_prints_the_reply_and_its_outcome(data: Path) -> None:
    run = pullquote(data, "do", "/quote wing that somebody forgot to let go", "--json")
    assert run.code == 0
    assert run.json["outcome"] == "found"
    assert first_quote(run.json)["text"] == "A kite is only a wing that somebody forgot to let go of."
    assert first_quote(run.json)["speaker"] == "Ann Lee"
    assert first_quote(run.json)["moment"] == "0:01"


def test_nothing_fits_is_an_answer_and_bad_usage_is_not(data: Path) -> None:
    nothing = pullquote(data, "do", "/quote purple submarines negotiate quarterly taxes", "--json")
    assert (nothing.code, nothing.json["outcome"]) == (0, "nothing_fits")
    usage = pullquote(data, "do", "/pullquote fix", "--json")
    assert (usage.code, usage.json["outcome"]) == (2, "usage")


# --- search and eval -----------------------------------------------------------------------------------------


def test_search_answers_with_hits_of_the_contract(data: Path) -> None:
    run = pullquote(data, "search", "copper string in a thunderstorm", "--json", "--limit", "2")
    answer = run.json
    assert run.code == 0
    assert answer.keys() == {"query", "elapsed_ms", "hits"}
    hit = answer["hits"][0]
    place, moment = ("show", "episode", "title", "speaker"), ("start_s", "end_s", "exact", "url", "also")
    assert hit.keys() == {*place, *moment, "text", "score", "confidence"}
    assert (hit["show"], hit["episode"], hit["speaker"]) == ("kite-talk", "kites-1", "Ann Lee")
    assert (hit["start_s"], hit["exact"], hit["url"], hit["also"]) == (31.0, True, None, [])
    assert 0 <= hit["score"] <= 1
    assert hit["confidence"] in ("exact", "close", "unsure")


def test_a_batch_answers_each_line_in_its_order_as_json_lines(data: Path, tmp_path: Path) -> None:
    queries = ["old umbrellas", "zzz qqq", "", "my uncle did that twice", "old umbrellas"]
    (tmp_path / "batch.txt").write_text("\ufeff" + "\n".join(queries) + "\n", "utf-8")
    run = pullquote(data, "search", "--batch", tmp_path / "batch.txt", "--json")
    answers = [json.loads(row) for row in run.out.splitlines()]
    assert run.code == 0
    assert [one["query"] for one in answers] == queries
    assert [bool(one["hits"]) for one in answers] == [True, False, False, True, True]
    assert answers[3]["hits"][0]["speaker"] == "Bo Ray"


def test_search_wants_a_query_or_a_batch_and_not_both(data: Path, tmp_path: Path) -> None:
    neither = pullquote(data, "search", "--json")
    missing = pullquote(data, "search", "--batch", tmp_path / "nowhere.txt")
    assert (neither.code, missing.code) == (2, 2)
    assert is_one_clear_line(neither)
    assert is_one_clear_line(missing)


def test_eval_measures_every_kind_of_query(data: Path, tmp_path: Path) -> None:
    moment = {
        "ep": "kite-talk/kites-1",
        "i": 2,
        "also": [],
        "verbatim": "Never fly a copper string anywhere near a thunderstorm.",
        "queries": {"fragment": "copper string anywhere near", "typo": "never fly a coper strng"},
    }
    (tmp_path / "eval.jsonl").write_text(json.dumps(moment) + "\n", "utf-8")
    run = pullquote(data, "eval", tmp_path / "eval.jsonl", "--json")
    assert run.code == 0
    assert run.json.keys() == {"fragment", "typo"}
    assert run.json["fragment"].keys() == {"n", "r1", "r3", "r10", "mrr", "p50_ms", "p99_ms"}
    assert run.json["fragment"]["r1"] == 1.0


# --- chapters and summary --------------------------------------------------------------------------------------


def test_chapters_are_listed_with_times_links_and_source(data: Path) -> None:
    run = pullquote(data, "chapters", "kites-1", "--json")
    assert run.code == 0
    assert {name: run.json[name] for name in ("show", "episode", "title")} == {
        "show": "kite-talk",
        "episode": "kites-1",
        "title": "All About Kites",
    }
    wings, thunder = run.json["chapters"]
    assert wings == {
        "n": 1, "start_s": 0.0, "end_s": 30.0, "title": "Wings", "url": "https://example.com/wings", "source": "json",
    }  # fmt: skip
    assert (thunder["n"], thunder["start_s"], thunder["title"]) == (2, 30.0, "Thunder")


def test_a_summary_has_lines_and_shares_of_speakers(data: Path) -> None:
    run = pullquote(data, "summary", "latest", "--chapter", "2", "--json")
    [thunder] = run.json["chapters"]
    assert thunder["title"] == "Thunder"
    assert set(thunder["speakers"]) == {"Ann Lee", "Bo Ray"}
    assert sum(thunder["speakers"].values()) == pytest.approx(1, abs=0.01)
    said = {cue for cue in KITES.splitlines() if cue.startswith("<v ")}
    for line in thunder["lines"]:
        assert line.keys() == {"speaker", "start_s", "text"}
        assert f"<v {line['speaker']}>{line['text']}" in said


def test_an_episode_or_chapter_that_is_not_there_fails_in_one_clear_line(data: Path) -> None:
    for words in (("chapters", "nope"), ("summary", "kites-1", "--chapter", "9")):
        run = pullquote(data, *words)
        assert run.code == 1
        assert is_one_clear_line(run)


# --- the program as a whole ------------------------------------------------------------------------------------


def test_bad_usage_is_told_without_a_traceback(tmp_path: Path) -> None:
    run = pullquote(tmp_path / "data", "frobnicate")
    assert run.code == 2
    assert "Traceback" not in run.err
    assert not (tmp_path / "data").exists()


def test_a_wrong_setting_is_one_clear_line_and_help_still_works(tmp_path: Path) -> None:
    run = pullquote(tmp_path / "data", "doctor", HTTP_PORT="many")
    assert run.code == 1
    assert is_one_clear_line(run)
    assert "PULLQUOTE_HTTP_PORT" in run.err
    assert pullquote(tmp_path / "data", "--help", HTTP_PORT="many").code == 0


def test_a_damaged_database_is_one_clear_line_and_is_left_as_it_was(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "pullquote.db").write_bytes(b"this is no database at all, " * 400)
    before = (data / "pullquote.db").read_bytes()
    run = pullquote(data, "do", "/shows")
    assert run.code == 1
    assert is_one_clear_line(run)
    assert (data / "pullquote.db").read_bytes() == before
    assert pullquote(data, "doctor").code == 1


def test_run_without_tokens_answers_over_the_sample_show_until_the_input_ends(tmp_path: Path) -> None:
    run = pullquote(tmp_path / "data", "run", stdin="/shows\n/quote the wind has opinions\n")
    assert run.code == 0
    assert "One Screw Left Over" in run.out
    assert "Ike Bramblewood" in run.out
    assert run.err == ""
    assert (tmp_path / "data" / "sample" / "pullquote.db").is_file()


def test_run_with_an_empty_input_ends_well(tmp_path: Path) -> None:
    run = pullquote(tmp_path / "data", "run")
    assert (run.code, run.err) == (0, "")


def test_the_sample_gives_way_to_a_real_show(data: Path) -> None:
    run = pullquote(data, "console", stdin="/shows\n")
    assert "One Screw Left Over" not in run.out
    assert "Kite Talk" in run.out


def test_a_token_set_before_its_surface_exists_gives_exactly_one_clear_line(data: Path) -> None:
    secret = "not-a-real-token-0123456789"
    run = pullquote(data, "run", SLACK_BOT_TOKEN=secret)
    assert run.code == 0
    assert is_one_clear_line(run)
    assert "PULLQUOTE_SLACK_BOT_TOKEN" in run.err
    assert secret not in run.out + run.err


def test_the_index_can_be_lost_and_made_again(data: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(data, tmp_path / "data"))
    shutil.rmtree(copy / "index")
    rebuilt = pullquote(copy, "index", "rebuild")
    assert rebuilt.code == 0
    assert "1 transcript" in rebuilt.out
    assert do(copy, "/quote old umbrellas")["outcome"] == "found"


def test_doctor_says_that_all_is_well(data: Path) -> None:
    run = pullquote(data, "doctor", "--json")
    assert run.code == 0
    assert {one["check"] for one in run.json} >= {"data folder", "tokens", "database", "content", "search index"}
    assert all(one.keys() == {"state", "check", "found"} for one in run.json)
    assert not [one for one in run.json if one["state"] == "bad"]
