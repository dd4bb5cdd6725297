"""``show …`` and ``poll`` as scripts meet them: the real program, fetcher and parsers against a host on loopback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests import feeds_made as made
from tests.cli.program import ROOT, Run, first_quote, is_one_clear_line, pullquote
from tests.feed_host import FeedHost, feed_host

FORMS = {
    "vtt": (made.vtt, "text/vtt"),
    "json": (made.json_transcript, "application/json"),
    "srt": (made.srt, "application/x-subrip"),
    "html": (made.html_transcript, "text/html"),
}
SHOW = "the-tin-kettle"


def said(n: int) -> tuple[tuple[str, str], ...]:
    return (
        ("Ann Lee", f"Episode {n} begins with a kettle that sings in the morning."),
        ("Bo Ray", f"I bought lamp {n} at a market in the rain."),
        ("Ann Lee", "My grandmother owned seven and named each after a sailor."),
    )


def items(host: FeedHost, count: int = 12) -> list[made.Item]:
    """Transcripts in four forms, chapters as JSON for the oldest three, in the audio of the newest two."""
    rows = []
    for n in range(1, count + 1):
        form = list(FORMS)[n % 4]
        write, type = FORMS[form]
        host.put(f"/t/{n}.{form}", write(*said(n)), type)
        links = made.transcript(host.url(f"/t/{n}.{form}"), type)
        if n <= 3:
            host.put(f"/c/{n}.json", made.chapters_json((0, "Hello"), (5, f"Lamps {n}")))
            links += made.chapters_link(host.url(f"/c/{n}.json"))
        if n >= 11:
            host.put(f"/audio/{n}.mp3", made.mp3((0, "Start"), (60, f"Spouts {n}")))
        rows.append(made.Item(n, f"Kettle number {n}", links))
    return rows


@pytest.fixture
def host() -> Iterator[FeedHost]:
    with feed_host() as made_host:
        yield made_host


def call(data: Path, host: FeedHost, *words: str | Path) -> Run:
    return pullquote(data, *words, ALLOW_HOSTS=host.allow)


def test_a_feed_becomes_answers(host: FeedHost, tmp_path: Path) -> None:
    data = tmp_path / "data"
    host.put("/feed.xml", made.feed(host.url(""), items(host)), "application/rss+xml")
    added = call(data, host, "show", "add", host.url("/feed.xml"))
    assert added.code == 0, added.err
    assert "12 episodes, 12 with transcripts, 3 with chapters, latest “Kettle number 12”" in added.out
    assert "Fetched: 12 transcripts, chapters of 5 episodes" in added.out
    [agent] = host.agents
    assert agent.startswith("Pullquote/")
    assert "(+http" in agent

    quote = call(data, host, "do", "/quote I bought lamp 7 at a market", "--json").json
    assert first_quote(quote)["text"] == "I bought lamp 7 at a market in the rain."
    assert first_quote(quote)["speaker"] == "Bo Ray"
    assert first_quote(quote)["moment"] == "0:05"
    audio = call(data, host, "chapters", "12", "--json").json
    assert [(one["title"], one["source"]) for one in audio["chapters"]] == [("Start", "audio"), ("Spouts 12", "audio")]
    published = call(data, host, "chapters", "2", "--json").json
    assert [(one["title"], one["source"]) for one in published["chapters"]] == [("Hello", "json"), ("Lamps 2", "json")]
    assert call(data, host, "do", "/chapter spouts", "--json").json["outcome"] == "found"

    asked = len(host.asked)
    again = call(data, host, "show", "add", host.url("/feed.xml"), "--json").json
    assert (again["outcome"], again["episodes"], again["fetched"]["transcripts"]) == ("same", 12, 0)
    assert len(host.asked) == asked


def test_adding_tells_what_is_missing_and_whom_nobody_knows(host: FeedHost, tmp_path: Path) -> None:
    data = tmp_path / "data"
    host.put(
        "/t/2.vtt", made.vtt(*(("Speaker 1", f"The wind has {n} opinions of its own.") for n in range(7))), "text/vtt"
    )
    rows = [made.Item(n, f"Kettle number {n}", made.transcript(host.url(f"/t/{n}.vtt"), "text/vtt")) for n in (1, 2)]
    host.put("/feed.xml", made.feed(host.url(""), rows), "application/rss+xml")
    out = call(data, host, "show", "add", host.url("/feed.xml")).out
    assert "Kettle number 1: its transcript could not be had. The server has nothing at this address (404)" in out
    assert f"Who is “Speaker 1” in {SHOW}/kettle-number-2?" in out
    assert [n for n in range(7) if f"The wind has {n} opinions" in out] == [0, 3, 6]
    name = f'speakers name label:"Speaker 1" name:"…" episode:{SHOW}/kettle-number-2'
    assert name in out
    assert call(data, host, "do", f"/pullquote {name.replace('…', 'Flo Tide')}").code == 0
    assert "Speaker 1" not in call(data, host, "do", "/pullquote speakers list").out
    assert "— Flo Tide" in call(data, host, "do", "/quote the wind has 3 opinions").out


def test_what_is_added_beside_the_sample_lands_in_the_real_database(host: FeedHost, tmp_path: Path) -> None:
    data = tmp_path / "data"
    host.put("/feed.xml", made.feed(host.url(""), items(host, 2)), "application/rss+xml")
    lines = f"/shows\n/pullquote show add {host.url('/feed.xml')}\n/shows\n"
    run = pullquote(data, "console", stdin=lines, ALLOW_HOSTS=host.allow)
    assert run.out.count("One Screw Left Over") == 2  # the list before, and its choice; not in the list after
    assert "The Tin Kettle" in run.out.partition("From now on your own shows answer here")[2]
    [row] = call(data, host, "show", "list", "--json").json
    assert (row["show"], row["episodes"]) == (SHOW, 2)


def test_a_poll_reports_in_the_shape_of_the_contract(host: FeedHost, tmp_path: Path) -> None:
    data = tmp_path / "data"
    rows = items(host, 3)
    host.put("/feed.xml", made.feed(host.url(""), rows), "application/rss+xml")
    call(data, host, "show", "add", host.url("/feed.xml"), "--later")
    [quiet] = call(data, host, "poll", "--json").json
    assert (quiet["show"], quiet["status"], quiet["new"], quiet["changed"], quiet["skipped"]) == (
        SHOW, "unchanged", 0, 0, [],
    )  # fmt: skip
    assert host.statuses("/feed.xml") == [200, 304]
    fresh = [replace(rows[0], title="Kettle number 1, mended"), *rows[1:], made.Item(4, "Kettle number 4")]
    doubled = made.Item(5, "Kettle number 4", guid="other", audio=f"{host.url('')}/audio/4.mp3", published=made.START)
    host.put("/feed.xml", made.feed(host.url(""), [*fresh, doubled]), "application/rss+xml")
    [report] = call(data, host, "poll", SHOW, "--json").json
    assert (report["status"], report["changed"]) == ("ok", 1)
    assert report["new"] + len(report["skipped"]) == 2
    assert all(one.keys() == {"title", "reason"} for one in report["skipped"])
    assert {one["outcome"] for one in report["episodes"]} == {"new", "changed"}
    [after] = call(data, host, "poll", "--json").json
    assert (after["new"], after["changed"]) == (0, 0)
    assert call(data, host, "poll", "--due", "--json").json == []
    missing = call(data, host, "poll", "nothing-here")
    assert missing.code == 1
    assert is_one_clear_line(missing)


def test_a_feed_that_moves_and_one_that_is_gone(host: FeedHost, tmp_path: Path) -> None:
    data = tmp_path / "data"
    rows = items(host, 3)
    host.put("/feed.xml", made.feed(host.url(""), rows), "application/rss+xml")
    call(data, host, "show", "add", host.url("/feed.xml"), "--later")
    host.put("/new.xml", made.feed(host.url(""), rows), "application/rss+xml")
    host.fail("/feed.xml", 301, Location="/new.xml")
    feeds = []
    for n in range(3):
        told = call(data, host, "poll").out
        assert ("its address is now" in told) == (n == 2)
        [row] = call(data, host, "show", "list", "--json").json
        feeds.append(row["feed"])
    assert feeds == [host.url("/feed.xml"), host.url("/feed.xml"), host.url("/new.xml")]
    assert row["episodes"] == 3
    host.fail("/new.xml", 410)
    gone = call(data, host, "poll", "--json")
    assert (gone.code, gone.json[0]["status"]) == (1, "stopped")
    [row] = call(data, host, "show", "list", "--json").json
    assert row["stopped"]
    assert call(data, host, "poll", "--json").json == []  # it is asked no more


def test_a_killed_run_is_taken_up_where_it_stopped(host: FeedHost, tmp_path: Path) -> None:
    data = tmp_path / "data"
    host.put("/feed.xml", made.feed(host.url(""), items(host)), "application/rss+xml")
    host.answers["/t/4.vtt"].gate = threading.Event()  # it never answers until the run is dead
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PULLQUOTE_")},
        "PULLQUOTE_DATA_DIR": str(data),
        "PULLQUOTE_ALLOW_HOSTS": host.allow,
        "PYTHONPATH": str(ROOT),
    }
    run = subprocess.Popen(
        [sys.executable, "-m", "bot", "show", "add", host.url("/feed.xml")],
        env=environment, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        until = time.monotonic() + 30
        while sum(path.startswith("/t/") for path, _ in list(host.asked)) < 11 and time.monotonic() < until:
            time.sleep(0.02)
        time.sleep(0.3)
    finally:
        run.send_signal(signal.SIGKILL)
        run.communicate()
    host.answers["/t/4.vtt"].gate.set()
    host.answers["/t/4.vtt"].gate = None
    landed = call(data, host, "show", "list", "--json").json[0]["transcripts"]
    assert landed >= 8
    before = len(host.asked)
    again = call(data, host, "show", "add", host.url("/feed.xml"))
    assert again.code == 0
    assert call(data, host, "show", "list", "--json").json[0]["transcripts"] == 12
    refetched = [path for path, _ in host.asked[before:] if path.startswith("/t/")]
    assert len(refetched) == 12 - landed
    assert first_quote(call(data, host, "do", "/quote I bought lamp 4 at a market", "--json").json)["moment"] == "0:05"


def test_a_private_address_is_not_fetched_unless_it_was_opened(host: FeedHost, tmp_path: Path) -> None:
    host.put("/feed.xml", made.feed(host.url(""), items(host, 1)))
    refused = pullquote(tmp_path / "data", "show", "add", host.url("/feed.xml"))
    assert refused.code == 1
    assert is_one_clear_line(refused)
    assert "may not be fetched" in refused.err
    assert host.asked == []


def test_lists_of_feeds_go_in_and_out(host: FeedHost, tmp_path: Path) -> None:
    data = tmp_path / "data"
    for n in (1, 2):
        host.put(f"/{n}.xml", made.feed(host.url(""), [made.Item(n, f"One {n}")], title=f"Show {n}"))
    secret = f"http://ann:s3cret-word@127.0.0.1:{host.port}/3.xml"
    host.put("/3.xml", made.feed(host.url(""), [made.Item(3, "Hush")], title="Quiet Show"))
    urls = [host.url("/1.xml"), host.url("/2.xml"), host.url("/nowhere.xml"), secret]
    rows = "".join(f'<outline text="Entry &amp; co" type="rss" xmlUrl="{url}"/>' for url in urls)
    (tmp_path / "in.opml").write_text(f'<opml version="1.0"><body><outline text="News">{rows}</outline></body></opml>')
    report = call(data, host, "show", "import", tmp_path / "in.opml", "--json")
    assert report.code == 0
    assert sorted(report.json["added"]) == ["quiet-show", "show-1", "show-2"]
    assert len(report.json["failures"]) == 1
    assert "404" in report.json["failures"][0]
    assert "s3cret" not in report.out + report.err
    out = call(data, host, "show", "export", tmp_path / "out.opml")
    assert "1 private one left out" in out.err
    written = (tmp_path / "out.opml").read_text("utf-8")
    assert host.url("/1.xml") in written
    assert "s3cret" not in written
    assert "s3cret" in call(data, host, "show", "export", "--private").out
    again = call(data, host, "show", "import", tmp_path / "out.opml", "--json").json
    assert (again["added"], sorted(again["same"])) == ([], ["show-1", "show-2"])
    for words in (("show", "list"), ("show", "list", "--json"), ("poll",), ("poll", "--json"), ("shows",)):
        run = call(data, host, *words)
        assert "s3cret" not in run.out + run.err, words


def test_show_set_and_remove_speak_as_chat_does(host: FeedHost, tmp_path: Path) -> None:
    data = tmp_path / "data"
    host.put("/feed.xml", made.feed(host.url(""), items(host, 2)))
    call(data, host, "show", "add", host.url("/feed.xml"), "--later")
    changed = call(data, host, "show", "set", SHOW, "--title", "Tin & Steam", "--language", "de")
    assert "title: Tin & Steam (was The Tin Kettle)" in changed.out
    assert "language  de" in call(data, host, "show", "set", SHOW).out
    wrong = call(data, host, "show", "set", SHOW, "--offset", "99999")
    assert wrong.code == 2
    assert is_one_clear_line(wrong)
    asked = call(data, host, "show", "remove", SHOW)
    assert (asked.code, len(call(data, host, "show", "list", "--json").json)) == (1, 1)
    assert call(data, host, "show", "remove", SHOW, "--yes").code == 0
    assert call(data, host, "show", "list", "--json").json == []
