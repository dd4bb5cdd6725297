"""A feed whose every address leads inside: ``show add``, ``poll`` and what is fetched by itself touch none of them."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import quoteattr

from tests.cli.program import pullquote
from tests.feed_host import Answer, FeedHost, feed_host
from tests.feeds_made import Item, chapters_link, feed, transcript

#: Every way to write this machine, and neighbours of it.
INSIDE = (
    "127.0.0.1", "localhost", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0", "0.0.0.0", "[::1]",
    "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]", "[::]", "１２７.0.0.1", "127。0。0。1", "127.0.0.1.",
    "127%2e0%2e0%2e1", "localhost.", "LOCALHOST", "[0:0:0:0:0:0:0:1]", "user:pass@127.0.0.1", "①②⑦.0.0.1",
)  # fmt: skip


@dataclass
class Canary:
    """A port of this machine that is not opened; ``touched`` are connections to it."""

    port: int
    touched: list[str] = field(default_factory=list)

    def urls(self, path: str) -> list[str]:
        return [f"http://{host}:{self.port}{path}" for host in INSIDE]


@contextmanager
def canary() -> Iterator[Canary]:
    """Listens on the loopback of both families."""
    heard = [socket.create_server(("127.0.0.1", 0))]
    found = Canary(heard[0].getsockname()[1])
    if socket.has_ipv6:
        with suppress(OSError):  # no IPv6 here
            heard.append(socket.create_server(("::1", found.port), family=socket.AF_INET6))

    def listen(server: socket.socket) -> None:
        while True:
            try:
                connection, where = server.accept()
            except OSError:
                return
            found.touched.append(str(where))
            connection.close()

    for server in heard:
        threading.Thread(target=listen, args=(server,), daemon=True).start()
    try:
        yield found
    finally:
        for server in heard:
            server.close()


def hostile(host: FeedHost, bird: Canary) -> str:
    """Transcripts, chapters, audio, pictures, people, pages, hubs, next pages and moves: all lead inside."""
    items = []
    for n, url in enumerate(bird.urls("/x"), 1):
        host.answers[f"/to/{n}"] = Answer(code=302, headers={"Location": url.encode().decode("latin-1")})
        links = (
            transcript(f"{url}.vtt", "text/vtt")
            + transcript(host.url(f"/to/{n}"), "application/json")
            + chapters_link(f"{url}.json")
            + f"<podcast:person href={quoteattr(url)} img={quoteattr(url)}>Ann</podcast:person>"
            + f"<itunes:image href={quoteattr(url)}/>"
            + f"<podcast:alternateEnclosure type='audio/mpeg'><podcast:source uri={quoteattr(url)}/>"
            + "</podcast:alternateEnclosure>"
        )
        items.append(Item(n, f"Kettle {n}", links, audio=f"{url}.mp3"))
    inside = bird.urls("/feed")[0]
    extra = (
        f"<itunes:new-feed-url>{inside}</itunes:new-feed-url><atom:link rel='next' href={quoteattr(inside)}/>"
        f"<atom:link rel='hub' href={quoteattr(inside)}/><atom:link rel='self' href={quoteattr(inside)}/>"
        f"<itunes:image href={quoteattr(inside)}/>"
    )
    return feed(host.url(""), items, extra=extra)


def test_nothing_that_a_feed_names_reaches_inside(tmp_path: Path) -> None:
    with feed_host() as host, canary() as bird:
        host.put("/feed.xml", hostile(host, bird))
        added = pullquote(tmp_path / "d", "show", "add", host.url("/feed.xml"), "--json", ALLOW_HOSTS=host.allow)
        assert added.code == 0, added.err
        assert host.statuses("/to/1") == [302]  # the background work did look
        host.put("/feed.xml", hostile(host, bird).replace("Kettle 1<", "Kettle one<"))
        polled = pullquote(tmp_path / "d", "poll", "--json", ALLOW_HOSTS=host.allow)
        assert [one["status"] for one in polled.json] == ["ok"]
        assert bird.touched == []


def test_no_address_inside_can_be_added(tmp_path: Path) -> None:
    with feed_host() as host, canary() as bird:
        rows = "".join(f"<outline type='rss' text='x' xmlUrl={quoteattr(url)}/>" for url in bird.urls("/feed"))
        for n, url in enumerate(bird.urls("/feed")):
            page = f"<html><head><link rel='alternate' type='application/rss+xml' href={quoteattr(url)}></head></html>"
            host.put(f"/page/{n}", page, "text/html")
            rows += f"<outline type='rss' text='x' xmlUrl={quoteattr(host.url(f'/page/{n}'))}/>"
        opml = tmp_path / "list.opml"
        opml.write_text(f"<opml version='2.0'><body>{rows}</body></opml>", encoding="utf-8")
        run = pullquote(tmp_path / "d", "show", "import", opml, "--json", ALLOW_HOSTS=host.allow)
        assert run.json["added"] == [], run.out
        assert len(run.json["failures"]) == 2 * len(INSIDE)
        assert bird.touched == []
