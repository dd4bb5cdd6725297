"""Real feeds against every fact that is known of them, and every hostile feed in time and memory limits."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest

from bot.errors import UnknownFormat
from bot.feeds import Feed, FeedItem
from bot.formats.feed import parse_feed
from tests.formats.differences import FEEDS

ROOT = Path(__file__).resolve().parents[2]
URL = "https://example.org/feeds/feed.xml"
Facts = Mapping[str, Any]

#: What ``upstream_expect`` of feedparser's files says, in our words; those about feedparser's own flags are left out.
EXPECTED: dict[str, Callable[[Feed], bool]] = {
    "feed['itunes_block'] == 1": lambda feed: feed.blocked,
    "feed['itunes_block'] == 0": lambda feed: not feed.blocked,
    "entries[0]['itunes_block'] == 1": lambda feed: all_items(feed)[0].blocked,
    "entries[0]['itunes_block'] == 0": lambda feed: not all_items(feed)[0].blocked,
    "feed['tags'][0]['scheme'] == 'http://www.itunes.com/'": lambda feed: bool(feed.categories),
    "entries[0]['tags'][0]['scheme'] == 'http://www.itunes.com/'": lambda feed: bool(all_items(feed)[0].categories),
    "feed['itunes_explicit'] == 1": lambda feed: feed.explicit is True,
    "feed['itunes_explicit'] is False": lambda feed: feed.explicit is False,
    "entries[0]['itunes_explicit'] == 1": lambda feed: all_items(feed)[0].explicit is True,
    "entries[0]['itunes_explicit'] is False": lambda feed: all_items(feed)[0].explicit is False,
    "feed['image']['href'] == 'http://example.com/logo.jpg'": lambda feed: feed.image == "http://example.com/logo.jpg",
    "feed['image']['href'] == 'http://a.b/i.png'": lambda feed: feed.image == "http://a.b/i.png",
    "entries[0]['image']['href'] == 'http://example.com/logo.jpg'": lambda feed: (
        all_items(feed)[0].image == "http://example.com/logo.jpg"
    ),
    "entries[0]['image']['href'] == 'http://a.b/i.png'": lambda feed: all_items(feed)[0].image == "http://a.b/i.png",
    "len(feed['tags']) == 1": lambda feed: len({*feed.keywords, *feed.categories}) == 1,
    "feed['publisher_detail']['name'] == 'Mark Pilgrim'": lambda feed: feed.owner == "Mark Pilgrim",
    "entries[0]['subtitle'] == 'Example subtitle'": lambda feed: all_items(feed)[0].summary == "Example subtitle",
    "entries[0]['psc_chapters']['chapters'][0]['title'] == 'Welcome' and entries[0]['psc_chapters']['chapters'][1]"
    "['start_parsed'] == datetime.timedelta(0, 187, 250000)": lambda feed: (
        [(c.start_s, c.title) for c in feed.items[0].chapters[:2]] == [(0, "Welcome"), (187.25, "Introducing Podlove")]
    ),
    "entries[0]['psc_chapters']['chapters'][0]['title'] == 'Livekalender' and entries[0]['psc_chapters']['chapters'][0]"
    "['start_parsed'] == datetime.timedelta(0, 12)": lambda feed: (
        (feed.items[0].chapters[0].start_s, feed.items[0].chapters[0].title) == (12, "Livekalender")
    ),
    "entries[0].psc_chapters.chapters": lambda feed: len(all_items(feed)[0].chapters) == 1,
}
#: About feedparser's own flags, or about places, which we do not keep.
_NOT_OURS = ("bozo", "1", "entries[0].get('where') == {}")


def all_items(feed: Feed) -> tuple[FeedItem, ...]:
    return feed.items + feed.unnamed


#: Tags that an item has where we found something of their kind, since nothing else says it.
_ALWAYS = frozenset(("psc:chapters", "podcast:person", "podcast:transcript", "podcast:chapters", "podcast:soundbite"))


def skipped(item: FeedItem, what: str) -> int:
    """How many tags were reported instead of kept, since they say nothing."""
    return sum(problem.reason.startswith(what) for problem in item.problems)


def counted(feed: Feed) -> dict[str, int]:
    items = all_items(feed)
    return {
        "psc:chapters": sum(bool(item.chapters) for item in items),
        "podcast:person": sum(len(item.credits) + skipped(item, "a person") for item in items),
        "podcast:transcript": sum(len(item.transcripts) for item in items),
        "podcast:chapters": sum(len(item.chapters_links) for item in items),
        "podcast:soundbite": sum(len(item.soundbites) for item in items),
        "descr_with_3+_timestamps": sum(len(item.note_chapters) >= 3 for item in items),
        "content:encoded": sum(bool(item.notes) for item in items),
        "podcast:season": sum(item.season is not None for item in items),
        "podcast:episode": sum(item.number is not None for item in items),
        "podcast:alternateEnclosure": sum(len(item.alternates) for item in items),
        "missing_guid": sum(not item.guid for item in items),
        "no_enclosure": sum(not item.enclosures for item in items),
        "multi_enclosure": sum(len(item.enclosures) > 1 for item in items),
    }


def differences(feed: Feed, facts: Facts) -> Iterator[tuple[str, object, object]]:
    """(fact, ours, theirs) for each that differs."""
    items, ours = all_items(feed), counted(feed)
    pairs: list[tuple[str, object, object]] = [
        ("n_items", len(items), facts["n_items"]),
        ("feed_title", feed.title, " ".join((facts["feed_title"] or "").split())),
        *((f"counts.{name}", ours[name], count) for name, count in facts["counts"].items() if name in ours),
        *((f"counts.{name}", ours[name], 0) for name in sorted(_ALWAYS - set(facts["counts"]))),
    ]  # fmt: skip
    if first := facts.get("first"):
        pairs += _first(feed.items[0] if feed.items else items[0], first)
    if upstream := facts.get("upstream_expected"):
        pairs += _upstream(feed, upstream)
    said = facts.get("upstream_expect", "1").removeprefix("not bozo and ")
    if not said.startswith(_NOT_OURS):
        pairs.append(("upstream_expect", EXPECTED[said](feed), True))
    return (pair for pair in pairs if pair[1] != pair[2])


def _first(item: FeedItem, facts: Facts) -> Iterator[tuple[str, object, object]]:
    enclosure = facts["enclosure"]
    yield "first.guid", item.guid, facts["guid"]
    yield "first.title", item.title, facts["title"] or ""
    empty = skipped(item, "an enclosure without an address")
    yield "first.n_enclosures", len(item.enclosures) + empty, facts["n_enclosures"]
    if enclosure or not empty:  # else the first is one that was skipped and reported
        ours = item.enclosures[0].url if item.enclosures else None
        yield "first.enclosure", ours, urljoin(URL, enclosure.strip()) if enclosure else None
    published = item.published or item.updated
    if facts["pubDate_utc"]:
        yield "first.pubDate_utc", published, datetime.fromisoformat(facts["pubDate_utc"])
    else:
        yield "first.pubDate", published is not None, facts["pubDate"] is not None


def _upstream(feed: Feed, facts: Facts) -> Iterator[tuple[str, object, object]]:
    """podcastparser keeps only items with media, and names the feed by its file where it has no title."""
    first = facts["first"]
    if first is None:
        return
    item = next(one for one in feed.items if one.title == first["title"])
    yield "upstream.total_time", int(item.duration_s or 0), first["total_time"]
    yield "upstream.number", item.number, first["number"]
    if first["published"]:
        published = item.published or item.updated
        yield "upstream.published", published and published.timestamp(), first["published"]
    chapters = [(one["start"], one["title"], one.get("href"), one.get("image")) for one in first["chapters"] or ()]
    yield "upstream.chapters", [(int(c.start_s), c.title, c.url, c.image) for c in item.chapters], chapters
    transcript, linked = first["transcript_url"], first["chapters_json_url"]
    yield "upstream.transcript_url", item.transcripts[0].url if item.transcripts else None, transcript
    yield "upstream.chapters_json_url", item.chapters_links[0].url if item.chapters_links else None, linked


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def test_every_real_feed_says_what_is_known_of_it(shared: Path) -> None:
    found: dict[tuple[str, str], tuple[object, object]] = {}
    walked = 0
    for row in rows(shared / "inputs" / "manifest.tsv"):
        if row["kind"] != "feeds":
            continue
        facts, name = json.loads(row["facts"]), Path(row["path"]).name
        data = (shared / "inputs" / row["path"]).read_bytes()
        walked += 1
        if facts["root"] not in ("rss", "feed", "RDF"):
            with pytest.raises(UnknownFormat):
                parse_feed(data, URL)
            continue
        feed = parse_feed(data, URL)
        assert feed.cut == (name == "feedparser__tests-illformed-aaa_illformed.xml"), name
        found.update({(name, fact): (ours, theirs) for fact, ours, theirs in differences(feed, facts)})
    assert walked > 100
    assert {key: value for key, value in found.items() if key not in FEEDS} == {}
    assert set(FEEDS) - set(found) == set(), "no longer different"


# --- hostile ----------------------------------------------------------------------------------------------------

#: What a process may grow by, interpreter and libraries included.
LIMIT_MB = 400
#: ``ru_maxrss`` begins with the parent's size, the high-water mark of Linux does not.
_PEAK = """
import json, resource, sys
def peak():
    try:
        return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
"""
_CHILD = (
    _PEAK
    + """
from bot.errors import UnknownFormat
from bot.formats.feed import parse_feed
parse_feed(b"<rss><channel/></rss>")
limit = int(sys.argv[2]) * 10**6
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
before = peak()
told = {}
for path in sys.argv[3:]:
    cpu = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    try:
        feed = parse_feed(open(path, "rb").read(), sys.argv[1])
        items = [
            [i.title, [e.url for e in i.enclosures], [t.url for t in i.transcripts], len(i.chapters), str(i.problems)]
            for i in feed.items
        ]
        texts = [i.summary + i.notes for i in feed.items]
        told[path] = {"items": items, "problems": str(feed.problems), "summaries": texts}
    except UnknownFormat as err:
        told[path] = {"refused": str(err)}
    told[path]["cpu"] = resource.getrusage(resource.RUSAGE_SELF).ru_utime - cpu
print(json.dumps({"told": told, "grown_kb": peak() - before}))
"""
)


def test_every_hostile_feed_ends_as_it_should(shared: Path) -> None:
    folder = shared / "inputs" / "hostile"
    cases = [row for row in rows(folder / "expected.tsv") if row["kind"] in ("feed", "feed-sequence")]
    paths = [str(folder / row["file"]) for row in cases]
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, URL, str(LIMIT_MB + 200), *paths],
        capture_output=True, text=True, timeout=60, check=False, cwd=ROOT, env={"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    answer = json.loads(done.stdout)
    assert answer["grown_kb"] * 1024 <= 100e6
    wrong = [
        f"{row['file']}: {why}"
        for row, path in zip(cases, paths, strict=True)
        for why in misses(row, answer["told"][path])
    ]
    assert wrong == []
    assert len(cases) > 60


def misses(row: Mapping[str, str], told: Facts) -> Iterator[str]:
    """What an answer has other than expected, one line each."""
    checks = json.loads(row["checks_json"])
    items = told.get("items", [])
    if told["cpu"] > checks.get("max_s", 5):
        yield f"took {told['cpu']:.1f} s"
    if row["expected_outcome"].startswith(("reject;", '"not a feed"')) or row["expected_outcome"] == "reject":
        if "refused" not in told:
            yield "was not refused"
    elif row["expected_outcome"] == "rejected poll" and items:
        yield "had items"
    if "items" in checks and len(items) != checks["items"]:
        yield f"{len(items)} items"
    if "items_any" in checks and len(items) not in checks["items_any"]:
        yield f"{len(items)} items"
    if "title" in checks and items[0][0] != checks["title"]:
        yield f"title {items[0][0]!r}"
    if "chapters" in checks and items[0][3] != checks["chapters"]:
        yield f"{items[0][3]} chapters"
    yield from _told_addresses(checks, told, items)


def _told_addresses(checks: Facts, told: Facts, items: list[Any]) -> Iterator[str]:
    """A secret stands nowhere but in the enclosure; an address that is not http is gone."""
    shown = json.dumps([told.get("problems"), told.get("summaries"), [[item[0], item[4]] for item in items]])
    if (secret := checks.get("must_not_contain")) and secret in shown:
        yield "says what it must not"
    if url := checks.get("url"):
        kept = items[0][1] if checks["where"] == "enclosure" else items[0][2]
        if any(not one.startswith(("http://", "https://")) for one in kept):
            yield f"kept {kept}"
        if url.startswith(("javascript:", "file:")) and kept:
            yield f"kept {kept}"
        if url.startswith("//") and kept != ["https:" + url]:
            yield f"kept {kept}"


_GROWN = (
    _PEAK
    + """
from bot.formats.feed import parse_feed
parse_feed(b"<rss><channel/></rss>")
before = peak()
for path in sys.argv[1:]:
    [item, *_] = parse_feed(open(path, "rb").read()).items
    assert item.title == "T", path
print((peak() - before) * 1024)
"""
)


def test_the_largest_feed_that_is_fetched_takes_little_memory(tmp_path: Path) -> None:
    """25 MiB, the limit of a fetch, in shapes that cost parsers most; the bytes themselves are counted too."""
    size = 25 * 2**20
    shapes = {
        "text": "<description>" + "x" * size,
        "cdata": "<description><![CDATA[" + "<p>1:00 x</p>" * (size // 13) + "]]>",
        "elements": "<a/>" * (size // 4),
        "brackets": "<" * size,
        "references": "<description>" + "&nbsp;" * (size // 6),
        "items": "</item>" + "<item><guid>1</guid></item>" * (size // 27) + "<item>",
        "outside": "</item>" + "<a/>" * (size // 4) + "<item>",
        "attributes": "<x " + " ".join(f"a{n}='1'" for n in range(size // 14)) + "/>",
    }
    paths = []
    for name, shape in shapes.items():
        paths.append(tmp_path / name)
        paths[-1].write_text(f"<rss><channel><item><title>T</title>{shape}</item></channel></rss>", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", _GROWN, *map(str, paths)],
        capture_output=True, text=True, timeout=100, check=False, cwd=ROOT, env={"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout) <= 150e6
