"""``pullquote``: every command of the command line, declared. What they do is in the other modules of this room."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.program import Open, Program
from bot.errors import PullquoteError, UsageError

app = typer.Typer(
    name="pullquote",
    help="Find the line you half remember, verbatim, in the podcasts of your community.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
index_app = typer.Typer(help="The search index, which can always be made again.", rich_markup_mode=None)
app.add_typer(index_app, name="index")
show_app = typer.Typer(help="Shows and their feeds.", rich_markup_mode=None, no_args_is_help=True)
app.add_typer(show_app, name="show")
episode_app = typer.Typer(help="Correct which files are which episode.", rich_markup_mode=None, no_args_is_help=True)
app.add_typer(episode_app, name="episode")

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
ShowOption = Annotated[str | None, typer.Option("--show", help="Only this show, by its slug.")]


class _Run:
    """One run of the command line: how to open the program, and whether errors show their traceback."""

    open: Open
    debug = False


def run(open: Open) -> None:
    """Run the command line on ``sys.argv`` and exit."""
    _Run.open = staticmethod(open)
    app()


def _do(work: Callable[[Program], Awaitable[int]]) -> None:
    """Open the program, do the work, exit with its code; an error is one clear line."""
    _do_opened(lambda: _awaited(work))


def _do_opened(work: Callable[[], Coroutine[object, object, int]]) -> None:
    """As ``_do``, for work that opens the program itself."""
    _tolerant_output()
    try:
        code = asyncio.run(work())
    except (PullquoteError, BrokenPipeError, KeyboardInterrupt) as err:
        if _Run.debug:
            raise
        code = _code(err)
    except Exception as err:
        if _Run.debug:
            raise
        print(f"pullquote: {type(err).__name__}: {err} (a fault of ours; --debug shows where)", file=sys.stderr)  # noqa: T201
        code = 1
    raise typer.Exit(code)


async def _awaited(work: Callable[[Program], Awaitable[int]]) -> int:
    return await work(_Run.open())


def _code(err: BaseException) -> int:
    if isinstance(err, KeyboardInterrupt):
        print("\nStopped. What was finished is kept.", file=sys.stderr)  # noqa: T201
        return 130
    if isinstance(err, PullquoteError):
        print(f"pullquote: {err}", file=sys.stderr)  # noqa: T201
    return 2 if isinstance(err, UsageError) else 1


def _tolerant_output() -> None:
    """A terminal that cannot show a letter shows a question mark, and no answer is lost."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


@app.callback(invoke_without_command=True)
def options(
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks of errors.")] = False,
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False,
) -> None:
    _Run.debug = debug
    if version:
        from importlib.metadata import version as version_of

        typer.echo(version_of("pullquote"))
        raise typer.Exit


@app.command("run")
def run_bot(
    no_console: Annotated[
        bool, typer.Option("--no-console", help="For servers: read no commands, and run until told to end.")
    ] = False,
) -> None:
    """Run the bot: connect what has a token, poll feeds and post, and open the console."""
    from bot.cli.asking import run_bot

    _do(lambda program: run_bot(program, not no_console))


@app.command()
def console() -> None:
    """Ask on this terminal, with the words of chat; from a pipe, line by line."""
    from bot.cli.asking import console

    _do(console)


@app.command()
def do(
    line: Annotated[str, typer.Argument(help="One command, as in chat: /quote fire ready aim.")],
    as_json: Json = False,
) -> None:
    """Give one command and print its reply."""
    from bot.cli.asking import do

    _do(lambda program: do(program, line, as_json))


@app.command("import")
def import_(
    paths: Annotated[list[Path], typer.Argument(help="Files, folders or a zip.")],
    show: Annotated[str | None, typer.Option("--show", help="Put everything into this show.")] = None,
    title: Annotated[str | None, typer.Option("--title", help="The show's title.")] = None,
    map: Annotated[Path | None, typer.Option("--map", help="CSV: file,episode; - leaves a file out.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would land; store nothing.")] = False,
    unsure: Annotated[Path | None, typer.Option("--unsure", help="Write the unsure files here, for --map.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Take the best guess where it is unsure.")] = False,
    as_json: Json = False,
) -> None:
    """Import transcripts, episode pages, chapters, show notes and feeds."""
    from bot.cli.importing import import_paths

    _do(lambda program: import_paths(program, paths, show, title, map, dry_run, as_json, unsure, yes))


@app.command()
def search(
    query: Annotated[str | None, typer.Argument(help="The words you remember.")] = None,
    batch: Annotated[Path | None, typer.Option("--batch", help="A file with one query a line.")] = None,
    show: ShowOption = None,
    episode: Annotated[str | None, typer.Option("--episode", help="Only this episode.")] = None,
    speaker: Annotated[str | None, typer.Option("--speaker", help="Only this speaker.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=100, help="At most this many hits.")] = 10,
    as_json: Json = False,
) -> None:
    """Search the transcripts and list the hits, best first."""
    from bot.cli.searching import search

    _do(lambda program: search(program, query, batch, show, episode, speaker, limit, as_json))


@app.command()
def chapters(
    episode: Annotated[str, typer.Argument(help="Key, show/key, number, latest, or a part of the title.")],
    show: ShowOption = None,
    as_json: Json = False,
) -> None:
    """List an episode's chapters."""
    from bot.cli.episodes import chapters

    _do(lambda program: chapters(program, episode, show, as_json))


@app.command()
def summary(
    episode: Annotated[str, typer.Argument(help="Key, show/key, number, latest, or a part of the title.")],
    chapter: Annotated[int | None, typer.Option("--chapter", min=1, help="Only this chapter.")] = None,
    show: ShowOption = None,
    as_json: Json = False,
) -> None:
    """Print each chapter's key lines and who speaks how much."""
    from bot.cli.episodes import summary

    _do(lambda program: summary(program, episode, chapter, show, as_json))


@app.command("eval")
def evaluate(
    file: Annotated[Path, typer.Argument(help="Queries with their right answers, JSON Lines.")],
    show: ShowOption = None,
    as_json: Json = False,
) -> None:
    """Measure how often search finds the right line."""
    from bot.cli.searching import evaluate

    _do(lambda program: evaluate(program, file, show, as_json))


@show_app.command("add")
def show_add(
    url: Annotated[str, typer.Argument(help="The feed's address, or a page that names it.")],
    show: Annotated[str | None, typer.Option("--show", help="Join this show, imported from files.")] = None,
    title: Annotated[str | None, typer.Option("--title", help="The show's title here.")] = None,
    private: Annotated[bool, typer.Option("--private", help="Show it only in chosen places.")] = False,
    separate: Annotated[bool, typer.Option("--separate", help="A show of its own, whatever its title.")] = False,
    later: Annotated[bool, typer.Option("--later", help="Leave transcripts and chapters to `run`.")] = False,
    as_json: Json = False,
) -> None:
    """Add a podcast by its feed, with all transcripts and chapters that it offers."""
    from bot.cli.shows import add
    from bot.services.shows import Wish

    wish = Wish(url, show, separate, title, private)
    _do(lambda program: add(program, wish, later, as_json))


@show_app.command("list")
def show_list(as_json: Json = False) -> None:
    """List the shows with the health of their feeds."""
    from bot.cli.shows import list_shows

    _do(lambda program: list_shows(program, as_json))


@show_app.command("set")
def show_set(
    show: Annotated[str, typer.Argument(help="The show's slug or title.")],
    feed: Annotated[str | None, typer.Option("--feed", help="The feed's new address.")] = None,
    title: Annotated[str | None, typer.Option("--title", help="Its title.")] = None,
    language: Annotated[str | None, typer.Option("--language", help="The language that is spoken.")] = None,
    offset: Annotated[float | None, typer.Option("--offset", help="Seconds of ads before 0:00.")] = None,
    link: Annotated[str | None, typer.Option("--link", help="A link with {seconds} or {stamp}; or none.")] = None,
    youtube: Annotated[str | None, typer.Option("--youtube", help="Its YouTube channel; or none.")] = None,
    private: Annotated[bool | None, typer.Option("--private/--public", help="Only in its places.")] = None,
    places: Annotated[str | None, typer.Option("--places", help="here, none, or a list.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Look at a stopped feed again.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Take a feed that shares no episode.")] = False,
) -> None:
    """Change a show, or print what is set."""
    from bot.cli.shows import ask

    options = {"show": show, "feed": feed, "title": title, "language": language, "offset": offset, "link": link}
    options |= {"youtube": youtube, "private": private, "places": places, "resume": resume or None, "yes": yes or None}
    _do(lambda program: ask(program, "show set", options))


@show_app.command("remove")
def show_remove(
    show: Annotated[str, typer.Argument(help="The show's slug or title.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do it without asking.")] = False,
) -> None:
    """Take a show off the shelf; nothing is deleted."""
    from bot.cli.shows import ask

    _do(lambda program: ask(program, "show remove", {"show": show, "yes": yes}))


@show_app.command("import")
def show_import(
    file: Annotated[Path, typer.Argument(help="An OPML file.")],
    as_json: Json = False,
) -> None:
    """Add every feed of an OPML list; failures are listed and the rest still lands."""
    from bot.cli.shows import import_list

    _do(lambda program: import_list(program, file, as_json))


@show_app.command("export")
def show_export(
    file: Annotated[Path | None, typer.Argument(help="Where to write it; none = print it.")] = None,
    private: Annotated[bool, typer.Option("--private", help="Private feeds too: their addresses are secrets.")] = False,
) -> None:
    """Write the feeds as an OPML list."""
    from bot.cli.shows import export_list

    _do(lambda program: export_list(program, file, private))


@app.command()
def poll(
    shows: Annotated[list[str] | None, typer.Argument(help="Only these shows; none = all.")] = None,
    due: Annotated[bool, typer.Option("--due", help="Only feeds whose time has come.")] = False,
    as_json: Json = False,
) -> None:
    """Look at feeds now, and say what is new."""
    from bot.cli.shows import poll

    _do(lambda program: poll(program, shows or [], due, as_json))


@episode_app.command("join")
def episode_join(
    kept: Annotated[str, typer.Argument(help="The episode that stays: key, show/key, number or title.")],
    other: Annotated[str, typer.Argument(help="The one that becomes a part of it.")],
    show: ShowOption = None,
) -> None:
    """Make two episodes one; undo takes it back."""
    from bot.cli.shows import ask

    _do(lambda program: ask(program, "join", {"other": other, "into": kept, "show": show}))


@episode_app.command("split")
def episode_split(
    episode: Annotated[str, typer.Argument(help="Key, show/key, number, latest, or a part of the title.")],
    show: ShowOption = None,
) -> None:
    """Take the transcript out of an episode that it does not belong to; undo takes it back."""
    from bot.cli.shows import ask

    _do(lambda program: ask(program, "split", {"episode": episode, "show": show}))


@index_app.command("rebuild")
def rebuild() -> None:
    """Make the search index again from what is stored."""
    from bot.cli.importing import rebuild_index

    _do(rebuild_index)


@app.command()
def doctor(
    platform: Annotated[str, typer.Argument(help="discord: ask it too, and look at every place.")] = "",
    as_json: Json = False,
) -> None:
    """Check settings, database and index, and say what to do."""
    from bot.cli.doctor import doctor

    _do(lambda program: doctor(program, platform, as_json))


@app.command()
def setup(platform: Annotated[str, typer.Argument(help="discord")]) -> None:
    """Connect a platform, question by question, up to a test post."""
    from bot.cli.setup import setup

    _do_opened(lambda: setup(platform, _Run.open))
