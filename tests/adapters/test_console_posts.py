"""The console as a platform: posts last, are read back whole and in order, and are shown as they come."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput
from rich.console import Console

from adapters.console import posts as module
from adapters.console import run_console
from adapters.console.post_text import post_text
from adapters.console.posts import FILE, ConsoleMessenger
from adapters.console.render import rich_post
from bot import texts_posts
from bot.alert_ports import Found, Messenger, Page, Refused, Sent
from bot.commands.registry import Registry, load
from bot.domain import Place
from bot.posts import Fact, Link, Moment, Post, Thread
from bot.reply import Action, QuoteBlock
from bot.rules.alert_keys import post_args
from tests.adapters.test_console_stream import REGISTRY, context

ROOT = Path(__file__).resolve().parents[2]
HALL = Place("console", "local", "hall")
YARD = Place("console", "local", "yard")


def post(n: int = 1, **more: object) -> Post:
    key = f"{n:a>24}".replace("0", "z")[-24:]
    actions = (Action("Chapters", "post", post_args(key, "new", "chapters")),)
    made = Post(f"Harbour Tales: Lamps {n}", key, title=f"Lamps {n}", actions=actions)
    return replace(made, **more)  # type: ignore[arg-type]


async def sent(messenger: ConsoleMessenger, place: Place = HALL, made: Post | None = None) -> Sent:
    outcome = await messenger.send(place, made or post())
    assert isinstance(outcome, Sent)
    return outcome


async def pages(messenger: ConsoleMessenger, place: Place = HALL) -> list[Page]:
    found: list[Page] = []
    before = ""
    while True:
        page = await messenger.history(place, before)
        assert isinstance(page, Page)
        found.append(page)
        if not page.before:
            return found
        before = page.before


def records(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / FILE).read_text().splitlines() if line]


def size(folder: Path) -> int:
    return sum(one.stat().st_size for one in folder.iterdir())


class Heard(StringIO):
    """What was shown, for whoever waits for it."""

    def __init__(self) -> None:
        super().__init__()
        self._more = asyncio.Event()

    def write(self, text: str) -> int:
        self._more.set()
        return super().write(text)

    async def says(self, text: str) -> None:
        while text not in self.getvalue():
            self._more.clear()
            await asyncio.wait_for(self._more.wait(), 30)


async def test_it_is_a_messenger(tmp_path: Path) -> None:
    messenger: Messenger = ConsoleMessenger(tmp_path)
    assert messenger.platform == "console"
    assert (await messenger.check(HALL)).missing == ()


async def test_a_post_is_read_back_by_another_process(tmp_path: Path) -> None:
    done = await sent(ConsoleMessenger(tmp_path / "data"))
    [page] = await pages(ConsoleMessenger(tmp_path / "data"))
    assert page.posts == (Found(done.message, post().key, "new", done.at),)
    assert (await pages(ConsoleMessenger(tmp_path / "data"), YARD))[0].posts == ()


async def test_history_comes_newest_first_page_by_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAGE", 3)
    messenger = ConsoleMessenger(tmp_path)
    order = [(await sent(messenger, HALL if n % 4 else YARD, post(n))).message for n in range(1, 11)]
    read = await pages(messenger)
    ids = [one.message for page in read for one in page.posts]
    assert ids == [order[n - 1] for n in range(10, 0, -1) if n % 4]
    assert [len(page.posts) for page in read] == [3, 3, 2]
    assert all(page.back_to == page.posts[-1].at for page in read[:-1])
    assert read[-1].back_to.year == 1970


async def test_nothing_was_ever_posted(tmp_path: Path) -> None:
    [page] = await pages(ConsoleMessenger(tmp_path / "none"))
    assert (page.posts, page.before) == ((), "")


async def test_edits_threads_and_publishing_stand_behind_the_post(tmp_path: Path) -> None:
    messenger = ConsoleMessenger(tmp_path)
    done = await sent(messenger)
    opened = await messenger.open_thread(HALL, done.message, Thread("Lamps"))
    assert isinstance(opened, Sent)
    assert opened.thread == done.message
    for outcome in (
        await messenger.edit(HALL, done.message, opened.thread, post(text="Corrected", title="Corrected")),
        await messenger.publish(HALL, done.message),
    ):
        assert isinstance(outcome, Sent)
    assert [one["do"] for one in records(tmp_path)] == ["post", "thread", "edit", "publish"]
    assert records(tmp_path)[2]["text"] == "Corrected"
    [page] = await pages(messenger)
    assert [one.thread for one in page.posts] == [done.message]


async def test_a_forum_post_is_its_own_thread(tmp_path: Path) -> None:
    done = await sent(ConsoleMessenger(tmp_path), made=post(thread=Thread("Lamps", forum=True)))
    assert done.thread == done.message


async def test_what_is_not_there_can_be_neither_edited_nor_published(tmp_path: Path) -> None:
    messenger = ConsoleMessenger(tmp_path)
    done = await sent(messenger)
    for outcome in (
        await messenger.edit(HALL, "nothing", "", post()),
        await messenger.publish(YARD, done.message),
        await messenger.open_thread(HALL, "nothing", Thread("x")),
    ):
        assert isinstance(outcome, Refused)
        assert outcome.why == "deleted"


# --- the file -------------------------------------------------------------------------------------------------------


async def test_a_line_that_a_crash_tore_is_skipped_and_spoils_no_other(tmp_path: Path) -> None:
    messenger = ConsoleMessenger(tmp_path)
    await sent(messenger, made=post(1))
    whole = (tmp_path / FILE).read_bytes()
    for cut in (*range(1, len(whole), 17), len(whole) - 2):
        (tmp_path / FILE).write_bytes(whole + whole[:cut])
        after = await sent(messenger, made=post(2))
        [page] = await pages(messenger)
        keys = [one.key for one in page.posts]
        assert keys[0] == post(2).key
        assert page.posts[0].message == after.message
        assert keys[-1] == post(1).key


async def test_what_is_no_record_is_skipped(tmp_path: Path) -> None:
    messenger = ConsoleMessenger(tmp_path)
    done = await sent(messenger)
    with (tmp_path / FILE).open("ab") as file:
        file.write(b'\n[1]\n"x"\n\xff\xfe\n{"do":"post","place":"console/local/hall"}\n{"do":"post","message":3,')
    [page] = await pages(messenger)
    assert [one.message for one in page.posts] == [done.message]


async def test_a_disk_that_cannot_be_written_refuses(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    outcome = await ConsoleMessenger(tmp_path / "file").send(HALL, post())
    assert isinstance(outcome, Refused)
    assert (outcome.why, outcome.everywhere) == ("down", True)


async def test_a_full_disk_refuses_and_what_it_took_is_no_post(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    messenger = ConsoleMessenger(tmp_path)
    first = await sent(messenger)
    write = os.write
    with monkeypatch.context() as full:
        full.setattr(os, "write", lambda file, raw: write(file, raw[: len(raw) // 2]))
        outcome = await messenger.send(HALL, post(2))
    assert isinstance(outcome, Refused)
    third = await sent(messenger, made=post(3))
    [page] = await pages(messenger)
    assert [one.message for one in page.posts] == [third.message, first.message]


async def test_the_file_stays_bounded_and_the_newest_posts_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LARGEST", 4_000)
    messenger = ConsoleMessenger(tmp_path)
    ids = [(await sent(messenger, made=post(n % 9 + 1, summary="x" * 300))).message for n in range(100)]
    assert size(tmp_path) < 4 * 4_000
    [page] = await pages(messenger)
    kept = [one.message for one in page.posts]
    assert len(kept) >= 8
    assert kept == ids[: -len(kept) - 1 : -1]


def test_several_processes_may_post_at_once(tmp_path: Path) -> None:
    code = (
        "import asyncio, sys; from pathlib import Path\n"
        "from adapters.console.posts import ConsoleMessenger\n"
        "from bot.domain import Place\nfrom bot.posts import Post\n"
        "async def main():\n"
        "    m = ConsoleMessenger(Path(sys.argv[1]))\n"
        "    for n in range(40):\n"
        "        await m.send(Place('console', 'local', 'hall'), Post(f'{sys.argv[2]} {n} ' + 'x' * 3000))\n"
        "asyncio.run(main())\n"
    )
    running = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path), str(n)], cwd=ROOT) for n in range(3)]
    assert [one.wait(60) for one in running] == [0, 0, 0]
    said = [str(one["text"]).split()[:2] for one in records(tmp_path)]
    assert sorted(said) == sorted([str(p), str(n)] for p in range(3) for n in range(40))
    for process in range(3):
        assert [int(n) for p, n in said if p == str(process)] == list(range(40))


async def test_watchers_hear_of_each_post(tmp_path: Path) -> None:
    messenger = ConsoleMessenger(tmp_path)
    heard: list[tuple[Place, Found]] = []
    messenger.watch(lambda place, found: heard.append((place, found)))
    done = await sent(messenger)
    assert heard == [(HALL, Found(done.message, post().key, "new", done.at))]


# --- how it is shown ------------------------------------------------------------------------------------------------


async def test_a_post_that_cannot_be_shown_is_posted_all_the_same(tmp_path: Path) -> None:
    def broken(post: Post, edited: bool) -> None:
        raise BrokenPipeError

    await sent(ConsoleMessenger(tmp_path, broken))
    assert len(records(tmp_path)) == 1


async def test_a_pipe_shows_posts_as_they_come_between_whole_answers(tmp_path: Path) -> None:
    messenger, out = ConsoleMessenger(tmp_path), Heard()
    read, write = os.pipe()
    with os.fdopen(read, "r") as stdin, os.fdopen(write, "w") as keys:
        console = asyncio.create_task(run_console(REGISTRY, context, stdin=stdin, stdout=out, messenger=messenger))
        keys.write("count 3\n")
        keys.flush()
        await out.says("[2] Stop")
        await sent(messenger)
        keys.write("2\n")
        keys.close()
        await asyncio.wait_for(console, 30)
    shown = out.getvalue()
    assert shown.index("[2] Stop") < shown.index(texts_posts.NEW_POST) < shown.index("stopped")
    await sent(messenger)
    assert out.getvalue() == shown


async def test_a_terminal_shows_a_post_above_what_is_being_typed(tmp_path: Path) -> None:
    from adapters.console.terminal import Terminal

    messenger, out = ConsoleMessenger(tmp_path), Heard()
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        terminal = Terminal(REGISTRY, context, out)
        messenger.show = terminal.post
        typing = asyncio.create_task(terminal.read())
        keys.send_text("count ")
        await asyncio.sleep(0.05)
        await sent(messenger)
        await out.says("Harbour Tales: Lamps 1")
        assert not typing.done()
        keys.send_text("5\r")
        assert await asyncio.wait_for(typing, 30) == "count 5"


HOSTILE = "Lamps\x1b[31m\u202e [bold]x[/bold]"


def rendered(made: Post) -> str:
    out = StringIO()
    Console(file=out, width=100, highlight=False, markup=False, emoji=False).print(
        rich_post(load(), made, edited=False)
    )
    return out.getvalue()


def whole() -> Post:
    return post(
        text=HOSTILE,
        url="https://harbour.example/1",
        mark=HOSTILE,
        summary=HOSTILE,
        facts=(Fact("Length", HOSTILE),),
        chapters=(Moment("0:07", HOSTILE, "https://harbour.example/1#t=7"), Moment("0:09", "b", "javascript:x")),
        more_chapters=4,
        highlight=QuoteBlock(HOSTILE, HOSTILE, "", "", "0:24"),
        note=HOSTILE,
        links=(Link("Page", "https://harbour.example/1"),),
    )


def test_nothing_that_a_feed_says_reaches_the_terminal_as_control() -> None:
    for shown in (rendered(whole()), post_text(load(), whole(), edited=True)):
        assert "\x1b[31m" not in shown
        assert "\u202e" not in shown
        assert "[bold]x[/bold]" in shown
    assert "… and 4 more" in rendered(whole())


def test_each_button_names_the_line_that_presses_it() -> None:
    from bot.commands.grammar import parse_line
    from bot.domain import Role

    shown = post_text(load(), post(), edited=False).splitlines()
    assert shown[0] == texts_posts.NEW_POST
    assert shown[-1].startswith("Chapters: /post ")
    command, raw = parse_line(shown[-1].partition(": ")[2], load(), Role.member)
    assert (command.name, raw) == ("post", post_args(post().key, "new", "chapters"))


def test_a_button_of_a_command_that_is_gone_is_left_out() -> None:
    assert post_text(Registry([]), post(), edited=False).splitlines()[-1] == "Harbour Tales: Lamps 1"
