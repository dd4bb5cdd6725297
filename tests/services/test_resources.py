"""Transcripts, chapters and audio tags: the best is used, kept when a later fetch fails, replaced when it changes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.domain import Chapter, Episode
from bot.feed_memory import Resource
from bot.feed_ports import Fetched, Request
from bot.services.politeness import Hosts
from bot.services.resources import IMPORTED, Resources
from tests import feeds_made as made
from tests.fake_web import FakeWeb, Page
from tests.services.feed_room import BASE, OPERATOR, Room, room
from tests.storage.build import episode_import

SAID = (
    ("Ann Lee", "A kettle sings before the water is warm."),
    ("Bo Ray", "Seven sailors never trusted their kettle."),
    ("Ann Lee", "The lid belongs to another pot entirely."),
)
OTHER = (*SAID, ("Bo Ray", "This sentence was added when they corrected it."))
KEY = "kettle-number-1"


@pytest.fixture
async def here() -> AsyncIterator[Room]:
    async with room() as made_room:
        yield made_room


async def one_item(here: Room, links: str) -> None:
    """A show of one episode with these links."""
    await here.add(made.feed(BASE, [made.Item(1, "Kettle number 1", links)]))


def put(here: Room, name: str, body: str | bytes, type: str = "", language: str = "") -> str:
    """A transcript on the web, and the element that links to it."""
    here.web.pages[f"{BASE}/{name}"] = Page(body.encode() if isinstance(body, str) else body, etag=f'"{name}"')
    return made.transcript(f"{BASE}/{name}", type, language)


async def resource(here: Room, name: str) -> Resource:
    state = await here.state()
    return next(one for one in await here.storage.resources(state.show) if one.url == f"{BASE}/{name}")


async def states(here: Room) -> dict[str, str]:
    state = await here.state()
    return {one.url.removeprefix(f"{BASE}/"): one.state for one in await here.storage.resources(state.show)}


async def the_episode(here: Room) -> Episode:
    return next(one for one in await here.episodes() if one.key == KEY)


async def chapters(here: Room) -> list[Chapter]:
    return await here.storage.chapters(OPERATOR, (await the_episode(here)).id)


# --- transcripts --------------------------------------------------------------------------------------------


async def test_the_best_form_is_fetched_and_the_others_are_left(here: Room) -> None:
    links = put(here, "a.html", made.html_transcript(*SAID), "text/html")
    links += put(here, "a.srt", made.srt(*SAID), "application/x-subrip")
    links += put(here, "a.json", made.json_transcript(*SAID), "application/json")
    await one_item(here, links)
    landed = await here.resources.fetch()
    assert landed.transcripts == 1
    assert await here.said(KEY) == [said for _, said in SAID]
    assert {k: v for k, v in (await states(here)).items() if k.startswith("a.")} == {
        "a.html": "spare", "a.srt": "spare", "a.json": "used",
    }  # fmt: skip
    assert [url for url in here.web.urls() if "/a." in url] == [f"{BASE}/a.json"]


@pytest.mark.parametrize(
    ("body", "why"),
    [
        pytest.param(
            "<html><head><title>404</title></head><body><h1>Not found</h1></body></html>", "", id="error-page"
        ),
        pytest.param(made.chapters_json((0, "Hello"), (5, "Spouts")), "chapters", id="chapters"),
        pytest.param("", "empty", id="empty"),
        pytest.param(b"\x00\x01\x02\xff" * 50, "", id="bytes"),
        pytest.param(made.vtt(*[("Ann", "Thank you for watching.")] * 60), "", id="loop"),
    ],
)
async def test_what_is_no_transcript_is_empty_with_its_reason_and_the_next_is_taken(
    here: Room, body: str | bytes, why: str
) -> None:
    links = put(here, "a.json", body, "application/json") + put(here, "a.vtt", made.vtt(*SAID), "text/vtt")
    await one_item(here, links)
    await here.resources.fetch()
    bad = await resource(here, "a.json")
    assert bad.state == "empty"
    assert bad.error
    assert why in bad.error
    assert (await states(here))["a.vtt"] == "used"
    assert await here.said(KEY) == [said for _, said in SAID]


async def test_a_translation_is_kept_apart_and_never_quoted(here: Room) -> None:
    links = put(here, "de.json", made.json_transcript(("Ann", "Ein Kessel singt.")), "application/json", "de")
    links += put(here, "en.srt", made.srt(*SAID), "application/x-subrip", "en-GB")
    await one_item(here, links)
    await here.resources.fetch()
    assert (await states(here))["de.json"] == "translation"
    assert await here.said(KEY) == [said for _, said in SAID]
    assert f"{BASE}/de.json" not in here.web.urls()


async def test_a_changed_transcript_replaces_the_lines(here: Room) -> None:
    await one_item(here, put(here, "a.vtt", made.vtt(*SAID), "text/vtt"))
    await here.resources.fetch()
    here.clock.pass_hours(8 * 24)
    here.web.pages[f"{BASE}/a.vtt"] = Page(made.vtt(*OTHER).encode(), etag='"new"')
    landed = await here.resources.fetch()
    assert landed.transcripts == 1
    assert [one.etag for one in here.web.asked if one.url.endswith("a.vtt")] == [None, '"a.vtt"']
    assert await here.said(KEY) == [said for _, said in OTHER]


async def test_an_unchanged_transcript_is_asked_for_with_its_validator_and_stays(here: Room) -> None:
    await one_item(here, put(here, "a.vtt", made.vtt(*SAID), "text/vtt"))
    await here.resources.fetch()
    change = await here.storage.last_change()
    assert (await here.resources.fetch()).episodes == 0  # not due
    here.clock.pass_hours(8 * 24)
    await here.resources.fetch()
    assert [one.etag for one in here.web.asked if one.url.endswith("a.vtt")] == [None, '"a.vtt"']
    assert await here.storage.last_change() == change
    assert (await resource(here, "a.vtt")).state == "used"


@pytest.mark.parametrize("fault", ["missing", "failed", "garbage", "stump", "page"])
async def test_lines_stay_when_a_later_fetch_fails_or_is_worse(here: Room, fault: str) -> None:
    many = [("Ann Lee" if n % 2 else "Bo Ray", f"Sentence {n} tells of kettle {n} and a sailor.") for n in range(60)]
    await one_item(here, put(here, "a.vtt", made.vtt(*many), "text/vtt"))
    await here.resources.fetch()
    here.clock.pass_hours(8 * 24)
    url = f"{BASE}/a.vtt"
    if fault in ("missing", "failed"):
        here.web.fail(url, "missing" if fault == "missing" else "failed", 404)
    else:
        bodies = {"garbage": b"\x00\xff" * 99, "stump": made.vtt(*many[:3]).encode(), "page": b"<html>Sorry</html>"}
        here.web.pages[url] = Page(bodies[fault], etag='"bad"')
    await here.resources.fetch()
    after = await resource(here, "a.vtt")
    assert after.state == "used"
    assert after.error
    assert after.next_at
    assert after.next_at > here.clock.now()
    assert len(await here.said(KEY)) == 60


async def test_a_flaky_transcript_lands_when_it_answers(here: Room) -> None:
    links = put(here, "a.vtt", made.vtt(*SAID), "text/vtt")
    page = here.web.pages.pop(f"{BASE}/a.vtt")
    await one_item(here, links)
    assert (await here.resources.fetch()).failed >= 1
    failed = await resource(here, "a.vtt")
    assert (failed.state, failed.failures) == ("failed", 1)
    here.web.pages[f"{BASE}/a.vtt"] = page
    assert (await here.resources.fetch()).transcripts == 0  # it waits first
    here.clock.pass_hours(2)
    assert (await here.resources.fetch()).transcripts == 1


async def test_a_better_form_that_comes_later_takes_over(here: Room) -> None:
    first = put(here, "a.srt", made.srt(*SAID), "application/x-subrip")
    await one_item(here, first)
    await here.resources.fetch()
    better = put(here, "a.json", made.json_transcript(*OTHER), "application/json")
    await here.poll(made.feed(BASE, [made.Item(1, "Kettle number 1", first + better)]))
    await here.resources.fetch()
    assert await here.said(KEY) == [said for _, said in OTHER]
    assert (await states(here))["a.srt"] == "spare"


async def test_a_transcript_from_files_is_not_replaced_by_the_feeds(here: Room) -> None:
    show = await here.add(made.feed(BASE, []))
    from bot.domain import DEFAULT_COMMUNITY

    imported = episode_import(KEY, (("Ann", "These words were corrected by hand."),), title="Kettle number 1", number=1)
    await here.storage.save_episode(DEFAULT_COMMUNITY, show.id, imported)
    links = put(here, "a.vtt", made.vtt(*SAID), "text/vtt")
    await here.poll(made.feed(BASE, [made.Item(1, "Kettle number 1", links)]))
    assert len(await here.episodes()) == 1
    await here.resources.fetch()
    assert await here.said(KEY) == ["These words were corrected by hand."]
    assert (await resource(here, "a.vtt")).error == IMPORTED


async def test_the_newest_episodes_come_first(here: Room) -> None:
    rows = []
    for n in range(1, 7):
        rows.append(made.Item(n, f"Kettle number {n}", put(here, f"{n}.vtt", made.vtt(*SAID), "text/vtt")))
    await here.add(made.feed(BASE, rows))
    await here.resources.fetch(at_once=1)
    assert [url for url in here.web.urls() if url.endswith(".vtt")] == [f"{BASE}/{n}.vtt" for n in range(6, 0, -1)]


async def test_a_host_that_is_busy_is_left_alone(here: Room) -> None:
    rows = [made.Item(n, f"Kettle number {n}", put(here, f"{n}.vtt", made.vtt(*SAID), "text/vtt")) for n in range(1, 7)]
    await here.add(made.feed(BASE, rows))
    for n in range(1, 7):
        here.web.fail(f"{BASE}/{n}.vtt", "busy", 429)
    await here.resources.fetch(at_once=1)
    assert len([url for url in here.web.urls() if url.endswith(".vtt")]) == 1
    assert (await here.resources.fetch()).episodes == 0


# --- chapters -----------------------------------------------------------------------------------------------


async def test_the_publishers_chapters_win_over_the_audios_and_are_followed(here: Room) -> None:
    here.web.put(f"{BASE}/c.json", made.chapters_json((0, "Hello"), (30, "Spouts")))
    here.web.put(f"{BASE}/audio/1.mp3", made.mp3((0, "From the tags")))
    await one_item(here, made.chapters_link(f"{BASE}/c.json"))
    await here.resources.fetch()
    assert [(one.title, one.source) for one in await chapters(here)] == [("Hello", "json"), ("Spouts", "json")]
    here.clock.pass_hours(8 * 24)
    here.web.put(f"{BASE}/c.json", made.chapters_json((0, "Hello"), (31, "Spouts and lids")))
    await here.resources.fetch()
    assert [one.title for one in await chapters(here)] == ["Hello", "Spouts and lids"]
    here.clock.pass_hours(8 * 24)
    here.web.put(f"{BASE}/c.json", '{"chapters": []}')
    await here.resources.fetch()
    assert [one.title for one in await chapters(here)] == ["Hello", "Spouts and lids"]


async def test_chapters_in_the_audio_are_read_from_its_head_alone(here: Room) -> None:
    audio = made.mp3((0, "Start"), (60, "Spouts"), padding=9_000_000)
    here.web.put(f"{BASE}/audio/1.mp3", audio)
    await one_item(here, "")
    await here.resources.fetch()
    assert [(one.title, one.source) for one in await chapters(here)] == [("Start", "audio"), ("Spouts", "audio")]
    spans = [one.span for one in here.web.asked if one.url.endswith(".mp3")]
    assert all(spans)
    assert sum(last - first + 1 for first, last in filter(None, spans)) <= 4 * 2**20
    here.clock.pass_hours(1000)
    asked = len(here.web.asked)
    await here.resources.fetch()
    assert len(here.web.asked) == asked  # an audio file is looked at once


async def test_audio_without_chapters_is_settled(here: Room) -> None:
    here.web.put(f"{BASE}/audio/1.mp3", b"\xff\xfb\x90\x00" + bytes(1000))
    await one_item(here, "")
    await here.resources.fetch()
    assert (await resource(here, "audio/1.mp3")).state == "empty"
    assert await here.storage.due_resources(here.clock.now(), 10) == []


# --- stopping -----------------------------------------------------------------------------------------------


class Stuck(FakeWeb):
    """A web on which one address never answers."""

    stuck = ""

    async def fetch(self, request: Request) -> Fetched:
        if request.url == self.stuck:
            await asyncio.Event().wait()
        return await super().fetch(request)


async def test_a_stop_keeps_what_landed_and_the_next_run_goes_on(here: Room) -> None:
    rows = [made.Item(n, f"Kettle number {n}", put(here, f"{n}.vtt", made.vtt(*SAID), "text/vtt")) for n in range(1, 5)]
    await here.add(made.feed(BASE, rows))
    web = Stuck()
    web.pages, web.stuck = here.web.pages, f"{BASE}/2.vtt"
    stuck = Resources(here.storage, web, here.resources._offload, here.clock)
    work = asyncio.create_task(stuck.fetch(at_once=1))
    async with asyncio.timeout(30):
        while len([url for url in web.urls() if url.endswith(".vtt")]) < 2:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work
    assert {one.key for one in await here.episodes() if one.lines} >= {"kettle-number-4"}
    await here.resources.fetch(hosts=Hosts(4, 2))
    assert all(one.lines for one in await here.episodes())
